"""The page of one report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveybase.model import KnowledgeBase, Report, Survey
from surveybase.reading.body import Body
from surveybase.reading.credits import NO_CREDIT, Credit
from surveybase.views.cases import (
    CountermeasureCase,
    Link,
    ProblemCase,
    community_link,
    countermeasure_case,
    place_on_community_page,
    problem_case,
)
from surveybase.views.credits import contributors
from surveybase.views.figures import Figure, Target, observed, with_unit
from surveybase.views.measures import formula_anchor
from surveybase.views.words import LEVELS, UNKNOWN_DATE, place_name


@dataclass(frozen=True, slots=True)
class MarkLabel:
    """What a marked sentence is evidence of: ``kind`` is figure, problem, countermeasure or outcome."""

    kind: str
    text: str
    target: Target


@dataclass(frozen=True, slots=True)
class NamedFigure:
    label: str
    figure: Figure
    target: Target


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything the report page shows; ``labels`` are by the anchor of the mark."""

    id: str
    title: str
    community: Link | None
    level: str
    place: str
    surveyed: str
    published: str
    authors: tuple[str, ...]
    contributors: tuple[str, ...]
    reviewers: tuple[str, ...]
    source: tuple[str, ...]
    source_url: str
    licence: str
    citation: str
    figures: tuple[NamedFigure, ...]
    problems: tuple[ProblemCase, ...]
    countermeasures: tuple[CountermeasureCase, ...]
    body: Body
    labels: Mapping[str, MarkLabel]


def report_view(report: Report, body: Body, base: KnowledgeBase, credit: Credit = NO_CREDIT) -> ReportView:
    survey = base.surveys.get(report.id)
    community = base.communities.get(report.community)
    return ReportView(
        id=report.id,
        title=report.title,
        community=community_link(community.id, base) if community else None,
        level=LEVELS[community.level] if community else "",
        place=place_name(community.place) if community else "",
        surveyed=report.surveyed or UNKNOWN_DATE,
        published=report.published or UNKNOWN_DATE,
        authors=report.authors,
        contributors=contributors(credit),
        reviewers=credit.reviewers,
        source=source_words(report),
        source_url=report.source.url or "",
        licence=report.licence,
        citation=citation(report),
        figures=_figures(survey) if survey else (),
        problems=tuple(problem_case(problem, base) for problem in survey.problems) if survey else (),
        countermeasures=tuple(countermeasure_case(item, base) for item in survey.countermeasures) if survey else (),
        body=body,
        labels=_labels(survey) if survey else {},
    )


def source_words(report: Report) -> tuple[str, ...]:
    source = report.source
    return tuple(part for part in (f"《{source.title}》", source.section, source.publisher) if part)


def citation(report: Report) -> str:
    """How to cite the report, after GB/T 7714: authors, title, what it is part of, date."""
    date = f"，{report.surveyed}" if report.surveyed else ""
    return f"{'，'.join(report.authors)}. {report.title}[EB/OL]. 社区调研知识库{date}. "


def _figures(survey: Survey) -> tuple[NamedFigure, ...]:
    return tuple(
        NamedFigure(
            item.indicator.label,
            observed(item),
            Target("community", survey.report.community, formula_anchor(item.indicator)),
        )
        for item in survey.observations.values()
    )


def _labels(survey: Survey) -> dict[str, MarkLabel]:
    community = survey.report.community
    labels: dict[str, MarkLabel] = {}
    for observation in survey.observations.values():
        figure = observed(observation)
        words = f"{observation.indicator.label}：{with_unit(figure.text, figure.unit)}"
        target = Target("community", community, formula_anchor(observation.indicator))
        labels[observation.anchor] = MarkLabel("figure", words, target)
    for problem in survey.problems:
        target = place_on_community_page(problem)
        labels[problem.anchor] = MarkLabel("problem", f"问题：{problem.title}", target)
    for item in survey.countermeasures:
        target = place_on_community_page(item)
        labels[item.anchor] = MarkLabel("countermeasure", f"对策：{item.title}", target)
        if item.outcome:
            labels[item.outcome_anchor] = MarkLabel("outcome", f"结果：{item.outcome.text}", target)
    return labels
