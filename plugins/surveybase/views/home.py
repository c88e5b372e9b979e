"""The home page."""

from __future__ import annotations

from dataclasses import dataclass

from surveybase.model import KnowledgeBase, Report
from surveybase.views.cases import Link, Tally, community_link, countermeasure_link, problem_link
from surveybase.views.community import value_count
from surveybase.views.figures import Target
from surveybase.views.map import MapView, map_view
from surveybase.views.words import UNKNOWN_DATE

MOST_REPORTS = 10
MOST_TYPES = 10


@dataclass(frozen=True, slots=True)
class Count:
    label: str
    number: int
    target: Target


@dataclass(frozen=True, slots=True)
class ReportEntry:
    link: Link
    community: Link | None
    date: str


@dataclass(frozen=True, slots=True)
class HomeView:
    """``map`` holds only the rows of the broadest problem types."""

    counts: tuple[Count, ...]
    map: MapView
    problem_types: tuple[Tally, ...]
    countermeasure_types: tuple[Tally, ...]
    reports: tuple[ReportEntry, ...]


def home_view(base: KnowledgeBase) -> HomeView:
    whole = map_view(base)
    return HomeView(
        counts=(
            Count("个社区和地区", len(base.communities), Target("communities")),
            Count("份调研报告", len(base.reports), Target("communities")),
            Count("个有出处的数字", value_count(base), Target("compare")),
            Count("个问题", len(base.problems), Target("problems")),
            Count("条对策", len(base.countermeasures), Target("countermeasures")),
        ),
        map=MapView(
            whole.columns,
            tuple(row for row in whole.rows if not row.is_narrower),
            whole.filled,
            whole.empty,
        ),
        problem_types=_frequent(
            [
                Tally(problem_link(base.problem_types[id]), len(items))
                for id, items in base.problems_by_type.items()
                if base.problem_types[id].broader
            ]
        ),
        countermeasure_types=_frequent(
            [
                Tally(countermeasure_link(base.countermeasure_types[id]), len(items))
                for id, items in base.countermeasures_by_type.items()
                if base.countermeasure_types[id].broader
            ]
        ),
        reports=tuple(_report(report, base) for report in newest(base)[:MOST_REPORTS]),
    )


def newest(base: KnowledgeBase) -> list[Report]:
    """The latest survey first; those without a date last, by id."""
    dated = sorted((report for report in base.reports.values() if report.surveyed), key=lambda report: report.id)
    dated.sort(key=lambda report: report.surveyed or "", reverse=True)
    return dated + [report for report in base.reports.values() if not report.surveyed]


def _frequent(tallies: list[Tally]) -> tuple[Tally, ...]:
    return tuple(sorted(tallies, key=lambda tally: (-tally.count, tally.link.text))[:MOST_TYPES])


def _report(report: Report, base: KnowledgeBase) -> ReportEntry:
    community = community_link(report.community, base) if report.community in base.communities else None
    return ReportEntry(Link(report.title, Target("report", report.id)), community, report.surveyed or UNKNOWN_DATE)
