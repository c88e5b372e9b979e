"""Reports, communities, pages and catalogues refer to each other both ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from surveybase.diagnostics import Diagnostic, Location, Position
from surveybase.reading.body import linked_file, links, pictures, split_address
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


def catalogues_are_used(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: base. What no report has a use for yet is pointed out: it may be a slip, or stand there for later."""
    base = subject.base
    indicators = {id for survey in base.surveys.values() for id in survey.observations}
    indicators |= {value.indicator for value in base.reference_values.values()}
    for indicator in base.indicators.values():
        if indicator.ratio:
            indicators |= {indicator.id, indicator.ratio.of, indicator.ratio.per}
    matched = {
        match.vocabulary.id
        for concepts in (base.problem_types, base.countermeasure_types)
        for concept in concepts.values()
        for match in concept.close_match
    }
    groups = {indicator.group for indicator in base.indicators.values()}
    unused: tuple[tuple[str, tuple[str, ...], list[str]], ...] = (
        ("indicators", ("indicators",), [id for id in base.indicators if id not in indicators]),
        ("indicators", ("groups",), [id for id in base.groups if id not in groups]),
        ("problems", (), [id for id in base.problem_types if not base.problems_by_type.get(id)]),
        (
            "countermeasures",
            (),
            [id for id in base.countermeasure_types if not base.countermeasures_by_type.get(id)],
        ),
        ("standards", ("vocabularies",), [id for id in base.vocabularies if id not in matched]),
    )
    for catalogue, path, ids in unused:
        for id in ids:
            yield Diagnostic(
                subject.documents.catalogues[catalogue].location((*path, id), key=True),
                "catalogue-unused",
                "还没有一份报告用到它",
                "编号写错了就改正；留待以后用的不用管",
                field=".".join((*path, id)),
                value=id,
            )


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


SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})


def links_are_harmless(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. A link runs nothing, and a page asks nothing of a third party: its pictures are local."""
    for id, marked in subject.bodies.items():
        document = subject.documents.reports[id]
        shown = set(pictures(marked.body))
        for address in links(marked.body):
            parts = split_address(address)
            if parts is None or parts.scheme not in SCHEMES:
                message, remedy = "不能用这样的网址", "写 http、https、mailto 或 tel 开头的网址，或相对本文件的路径"
            elif address in shown and (parts.scheme or parts.netloc):
                message, remedy = "图片不能取自别的网站", "把图片存在 docs/reports/ 下，写相对本文件的路径"
            else:
                continue
            yield Diagnostic(line_of(address, document), "link-unsafe", message, remedy, value=unquote(address))


def line_of(address: str, document: Document) -> Location:
    """The line of the body that holds the address: Markdown's tree does not keep it."""
    for written in (f"({address})", address):  # in brackets it is not the beginning of another address
        for number, line in enumerate(document.body.split("\n"), document.body_line):
            column = line.find(written)
            if column >= 0:
                return Location(document.path, Position(number, column + written.index(address) + 1))
    return Location(document.path, Position(document.body_line))
