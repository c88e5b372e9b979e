"""Reports, communities, pages and catalogues refer to each other both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from surveybase.diagnostics import Diagnostic
from surveybase.reading.subject import Subject
from surveybase.rules.whole import Whole, words


def reports_have_data(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: community. Every report belongs to a community whose file lists it."""
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


def catalogues_are_used(whole: Whole) -> Iterator[Diagnostic]:
    """Scope: base. What no report has a use for yet is pointed out: it may be a slip, or stand there for later.

    Whether a file that cannot be read has a use for it is not known; then nothing is said.
    """
    if not whole.is_complete:
        return
    base = whole.base
    used = {word for document in whole.catalogues.values() for word in words(document.root, keys=False)}
    used |= whole.used
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
                    whole.catalogues[catalogue].location((*path, id), key=True),
                    "catalogue-unused",
                    "还没有一份报告用到它",
                    "编号写错了就改正；留待以后用的不用管",
                    field=".".join((*path, id)),
                    value=id,
                )
