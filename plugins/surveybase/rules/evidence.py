"""Every quote stands in its report, in one place."""

from __future__ import annotations

from collections.abc import Iterator

from surveybase.diagnostics import Diagnostic
from surveybase.model import Survey
from surveybase.reading.documents import Key
from surveybase.reading.subject import Subject


def quotes_stand(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: community."""
    for community in subject.base.communities.values():
        document = subject.documents.communities[community.id]
        for survey in community.surveys:
            places = subject.bodies[survey.report.id].places
            for anchor, quote, path in _quoted(survey):
                count = places.get(anchor, 0)
                if count == 1:
                    continue
                code, message, remedy = _finding(survey.report.id, count)
                yield Diagnostic(
                    document.location(path),
                    code,
                    message,
                    remedy,
                    field=".".join(map(str, path)),
                    value=quote,
                )


def _finding(report: str, count: int) -> tuple[str, str, str]:
    where = f"docs/reports/{report}.md"
    if count == 0:
        return (
            "evidence-missing",
            f"引文不在 {where} 的同一段里",
            "从正文复制原句，一字不差；引文不能跨段，不带 Markdown 记号",
        )
    return "evidence-ambiguous", f"引文在 {where} 里有 {count} 处", "把引文写长一些，让它只出现一次"


def _quoted(survey: Survey) -> Iterator[tuple[str, str, tuple[Key, ...]]]:
    """Anchor, quote and where the quote is written."""
    root: tuple[Key, ...] = ("reports", survey.report.id)
    for id, observation in survey.observations.items():
        if observation.quote:
            yield observation.anchor, observation.quote, (*root, "observations", id, "quote")
    for problem in survey.problems:
        yield problem.anchor, problem.quote, (*root, "problems", problem.key, "quote")
    for item in survey.countermeasures:
        path = (*root, "countermeasures", item.key)
        yield item.anchor, item.quote, (*path, "quote")
        if item.outcome:
            yield item.outcome_anchor, item.outcome.quote, (*path, "outcome", "quote")
