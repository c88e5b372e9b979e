"""Reports, communities, pages and catalogues refer to each other both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from surveybase.diagnostics import Diagnostic, Location, Position
from surveybase.reading.body import SCHEMES, Body, linked_file, links, pictures, split_address
from surveybase.reading.documents import Document, Fields, Items, Node, Scalar
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


def catalogues_are_used(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: base. What no report has a use for yet is pointed out: it may be a slip, or stand there for later.

    Whether a file that cannot be read has a use for it is not known; then nothing is said.
    """
    base, documents, sources = subject.base, subject.documents, subject.sources
    read = len(documents.reports) + len(documents.communities)
    if read < len(sources.reports) + len(sources.communities) or len(base.surveys) < len(base.reports):
        return
    used = {word for document in documents.communities.values() for word in _words(document.root)}
    used |= {word for document in documents.catalogues.values() for word in _values(document.root)}
    for concepts in (base.problem_types, base.countermeasure_types):
        used |= {broader for id in used & concepts.keys() if (broader := concepts[id].broader)}
    ratios = {id for id, indicator in base.indicators.items() if indicator.ratio}
    unused: tuple[tuple[str, tuple[str, ...], Iterable[str]], ...] = (
        ("indicators", ("indicators",), [id for id in base.indicators if id not in ratios]),
        ("indicators", ("groups",), base.groups),
        ("problems", (), base.problem_types),
        ("countermeasures", (), base.countermeasure_types),
        ("standards", ("vocabularies",), base.vocabularies),
    )
    for catalogue, path, ids in unused:
        for id in ids:
            if id not in used:
                yield Diagnostic(
                    documents.catalogues[catalogue].location((*path, id), key=True),
                    "catalogue-unused",
                    "还没有一份报告用到它",
                    "编号写错了就改正；留待以后用的不用管",
                    field=".".join((*path, id)),
                    value=id,
                )


def _words(node: Node) -> Iterator[str]:
    """Every key and every leaf below the node."""
    if isinstance(node, Fields):
        yield from node.keys
    if isinstance(node, Scalar):
        yield node.text
    for child in _children(node):
        yield from _words(child)


def _values(node: Node) -> Iterator[str]:
    """Every leaf below the node."""
    if isinstance(node, Scalar):
        yield node.text
    for child in _children(node):
        yield from _values(child)


def _children(node: Node) -> Iterable[Node]:
    if isinstance(node, Fields):
        return node.values.values()
    return node.items if isinstance(node, Items) else ()


def links_lead_somewhere(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. Links inside the site lead to a page that exists."""
    for id, marked in subject.bodies.items():
        document = subject.documents.reports[id]
        for address in links(marked.body):
            file = linked_file(f"reports/{id}.md", address)
            if file is not None and file not in subject.files | subject.pages:
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
