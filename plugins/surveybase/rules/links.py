"""Links of all pages lead to files and places that exist; every picture is described."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from surveybase.diagnostics import Diagnostic, Location, Position
from surveybase.reading.body import SCHEMES, Body, linked_file, links, pictures, split_address
from surveybase.reading.documents import Document
from surveybase.reading.subject import Subject

TOP = "top"  # of every page, as HTML has it


def links_lead_somewhere(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. Links inside the site lead to a page or a file that exists."""
    known = subject.files | subject.pages
    for name, document, body in _texts(subject):
        for address in links(body):
            file = linked_file(name, address)
            if file is not None and file not in known:
                yield Diagnostic(
                    line_of(address, document),
                    "link-broken",
                    "站内链接指向不存在的文件",
                    "写相对本文件的路径，如 ../about/index.md",
                    value=unquote(address),
                )


def links_are_harmless(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. A link runs nothing, and a page asks nothing of a third party: its pictures are local."""
    for _, document, body in _texts(subject):
        shown = set(pictures(body))
        for address in links(body):
            parts = split_address(address)
            if parts is None or parts.scheme not in {"", *SCHEMES}:
                message, remedy = "不能用这样的网址", "写 http、https、mailto 或 tel 开头的网址，或相对本文件的路径"
            elif address in shown and (parts.scheme or parts.netloc):
                message, remedy = "图片不能取自别的网站", "把图片存在 docs/reports/ 下，写相对本文件的路径"
            else:
                continue
            yield Diagnostic(line_of(address, document), "link-unsafe", message, remedy, value=unquote(address))


def anchors_exist(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. A link to a place in a report leads to one of its headings or quotes."""
    anchors = {f"reports/{id}.md": set(_anchors(marked.body)) for id, marked in subject.bodies.items()}
    for id, marked in subject.bodies.items():
        document = subject.documents.reports[id]
        for address in links(marked.body):
            if wrong := _wrong_anchor(f"reports/{id}.md", address, anchors):
                yield Diagnostic(
                    line_of(address, document),
                    "anchor-broken",
                    f"{wrong} 里没有这个位置",
                    "打开那一页，点标题旁的链接，复制 # 后面的部分；或只链接到页面",
                    value=unquote(address),
                )


def _wrong_anchor(page: str, address: str, anchors: Mapping[str, set[str]]) -> str | None:
    """The file that lacks the place the address names; only reports are known this well."""
    parts = split_address(address)
    if parts is None or parts.scheme or parts.netloc or not parts.fragment:
        return None
    file = linked_file(page, address) or page
    if parts.fragment.lower() == TOP:
        return None
    return file if file in anchors and unquote(parts.fragment) not in anchors[file] else None


def _anchors(body: Body) -> Iterator[str]:
    return (id for element in body.root.iter() if (id := element.get("id")))


def images_are_described(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. Who cannot see a picture reads what it shows."""
    for id, marked in subject.bodies.items():
        document = subject.documents.reports[id]
        for picture in marked.body.root.iter("img"):
            if not (picture.get("alt") or "").strip():
                yield Diagnostic(
                    line_of(_source(picture), document),
                    "image-description",
                    "图片没有文字说明",
                    "在方括号里写图上是什么：![幼儿园门口堵满货车](照片.jpg)",
                    value=_source(picture),
                )


def _source(picture: Element) -> str:
    return picture.get("src") or ""


def _texts(subject: Subject) -> Iterator[tuple[str, Document, Body]]:
    """Every text that a contributor wrote, with its file below docs."""
    for id, marked in subject.bodies.items():
        yield f"reports/{id}.md", subject.documents.reports[id], marked.body
    for page in subject.all_texts:
        yield page.file, page.document, page.body


def line_of(address: str, document: Document) -> Location:
    """The line of the body that holds the address: Markdown's tree does not keep it."""
    for written in (f"({address})", address):  # in brackets it is not the beginning of another address
        for number, line in enumerate(document.body.split("\n"), document.body_line):
            column = line.find(written)
            if column >= 0:
                return Location(document.path, Position(number, column + written.index(address) + 1))
    return Location(document.path, Position(document.body_line))
