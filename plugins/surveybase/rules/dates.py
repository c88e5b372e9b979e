"""Dates follow each other as what they date does."""

from __future__ import annotations

from collections.abc import Iterator

from surveybase.diagnostics import Diagnostic
from surveybase.reading.documents import Document, Key
from surveybase.reading.subject import Subject
from surveybase.rules.whole import Whole


def dates_are_in_order(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. Published after surveyed, an outcome not after the report."""
    for id, report in subject.base.reports.items():
        document = subject.documents.reports[id]
        yield from _judge(report.surveyed, report.published, "调查日期", document, ("published",))
    for survey in subject.base.surveys.values():
        document = subject.documents.communities[survey.report.community]
        for item in survey.countermeasures:
            path: tuple[Key, ...] = ("reports", survey.report.id, "countermeasures", item.key, "outcome", "date")
            if item.outcome:
                # What came of something may be told in a survey made later, never in one published before.
                yield from _judge(item.outcome.date, survey.report.published, "", document, path)


def standards_are_in_order(whole: Whole) -> Iterator[Diagnostic]:
    """Scope: base. An official value goes out of force after it came in force."""
    for id, value in whole.base.reference_values.items():
        path = ("reference_values", id, "in_force_to")
        yield from _judge(value.in_force_from, value.in_force_to, "施行日期", whole.catalogues["standards"], path)


def _judge(
    earlier: str | None, later: str | None, name: str, document: Document, path: tuple[Key, ...]
) -> Iterator[Diagnostic]:
    """Partial dates are compared as far as both are known."""
    if earlier is None or later is None:
        return
    length = min(len(earlier), len(later))
    if later[:length] < earlier[:length]:
        yield Diagnostic(
            document.location(path),
            "date-order",
            f"早于{name} {earlier}" if name else f"晚于报告的发表日期 {later}",
            "核对两个日期，改正写错的一个",
            field=".".join(map(str, path)),
            value=document.text_at(path),
        )
