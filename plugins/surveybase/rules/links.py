"""Links of all pages lead to files and places that exist and harm nobody; every picture is described."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from surveybase.diagnostics import Diagnostic
from surveybase.reading.body import SCHEMES, links, pictures, split_address
from surveybase.reading.subject import Subject
from surveybase.rules.texts import line_of, texts_of
from surveybase.rules.whole import Whole

TOP = "top"  # of every page, as HTML has it


def links_lead_somewhere(whole: Whole) -> Iterator[Diagnostic]:
    """Scope: base. Links inside the site lead to a page that exists."""
    for link in whole.links:
        if link.file not in whole.known:
            yield Diagnostic(
                link.location,
                "link-broken",
                "站内链接指向不存在的文件",
                "写相对本文件的路径，如 ../about/index.md",
                value=unquote(link.written),
            )


def anchors_exist(whole: Whole) -> Iterator[Diagnostic]:
    """Scope: base. A link to a place in a report leads to one of its headings or quotes."""
    for link in whole.links:
        places = whole.anchors(link.file) if link.anchor and link.anchor.lower() != TOP else None
        if places is not None and unquote(link.anchor) not in places:
            yield Diagnostic(
                link.location,
                "anchor-broken",
                f"{link.file} 里没有这个位置",
                "打开那一页，点标题旁的链接，复制 # 后面的部分；或只链接到页面",
                value=unquote(link.written),
            )


def links_are_harmless(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. A link runs nothing, and a page asks nothing of a third party: its pictures are local."""
    for _, document, body in texts_of(subject):
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


def images_are_described(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. Who cannot see a picture reads what it shows."""
    for _, document, body in texts_of(subject):
        for picture in body.root.iter("img"):
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
