"""Reports, communities, pages and catalogues refer to each other both ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from surveybase.diagnostics import Diagnostic, Location, Position
from surveybase.reading.body import SCHEMES, Body, linked_file, links, pictures, split_address
from surveybase.reading.documents import Document
from surveybase.reading.subject import Subject


def reports_have_data(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: base. Every report belongs to a community whose file lists it."""
    for id, report in subject.base.reports.items():
        document = subject.documents.reports[id]
        if any(PurePosixPath(path).stem == report.community for path in subject.documents.broken):
            continue
        if report.community not in subject.documents.communities:
            yield Diagnostic(
                document.location(("community",)),
                "reference-unknown",
                "没有这个社区",
                f"新建 data/communities/{report.community}.yml，或改成已有的编号",
                field="community",
                value=report.community,
            )
        elif id not in subject.base.surveys:
            yield Diagnostic(
                document.location(("community",)),
                "reference-unused",
                f"data/communities/{report.community}.yml 里没有这份报告的数据",
                f"在该文件的 reports 下加上 {id}",
                field="community",
                value=report.community,
            )


def links_lead_somewhere(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. Links inside the site lead to a page that exists."""
    known = subject.files | set(_made_pages(subject))
    for page, document, body in _texts(subject):
        for address in links(body):
            file = linked_file(page, address)
            if file is not None and file not in known:
                yield Diagnostic(
                    _line_of(address, document),
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
            yield Diagnostic(_line_of(address, document), "link-unsafe", message, remedy, value=unquote(address))


def _texts(subject: Subject) -> Iterator[tuple[str, Document, Body]]:
    """Every text that a contributor wrote, with its file below docs."""
    for id, marked in subject.bodies.items():
        yield f"reports/{id}.md", subject.documents.reports[id], marked.body
    for page in subject.all_pages:
        yield page.file, page.document, page.body


def _made_pages(subject: Subject) -> Iterator[str]:
    """The files that pages made from data stand for."""
    base = subject.base
    kinds = {
        "communities": base.communities,
        "problems": base.problem_types,
        "countermeasures": base.countermeasure_types,
    }
    for kind, ids in kinds.items():
        yield f"{kind}/index.md"
        yield from (f"{kind}/{id}.md" for id in ids)
    yield from (f"{kind}/index.md" for kind in ("compare", "map", "codebook", "search"))


def _line_of(address: str, document: Document) -> Location:
    """The line of the body that holds the address: Markdown's tree does not keep it."""
    for written in (f"({address})", address):  # in brackets it is not the beginning of another address
        for number, line in enumerate(document.body.split("\n"), document.body_line):
            column = line.find(written)
            if column >= 0:
                return Location(document.path, Position(number, column + written.index(address) + 1))
    return Location(document.path, Position(document.body_line))
