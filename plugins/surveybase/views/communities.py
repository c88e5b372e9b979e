"""The list of all communities."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from surveybase.model import Community, KnowledgeBase
from surveybase.views.cases import Link, community_link, problem_link, tallied
from surveybase.views.community import ReportEntry, report_entry
from surveybase.views.words import LEVELS, place_name, setting_name

MOST_PROBLEM_TYPES = 4


@dataclass(frozen=True, slots=True)
class CommunityEntry:
    link: Link
    place: str
    setting: str
    reports: tuple[ReportEntry, ...]
    figures: int
    problems: int
    countermeasures: int
    problem_types: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class LevelGroup:
    level: str
    communities: tuple[CommunityEntry, ...]


@dataclass(frozen=True, slots=True)
class CommunitiesView:
    count: int
    groups: tuple[LevelGroup, ...]


def communities_view(base: KnowledgeBase) -> CommunitiesView:
    groups: dict[str, list[CommunityEntry]] = defaultdict(list)
    for community in sorted(base.communities.values(), key=lambda item: (place_name(item.place), item.name)):
        groups[community.level].append(_entry(community, base))
    return CommunitiesView(
        len(base.communities),
        tuple(LevelGroup(LEVELS[level], tuple(groups[level])) for level in LEVELS if level in groups),
    )


def _entry(community: Community, base: KnowledgeBase) -> CommunityEntry:
    reports = tuple(report_entry(survey) for survey in community.surveys)
    return CommunityEntry(
        link=community_link(community.id, base),
        place=place_name(community.place),
        setting=setting_name(community.place),
        reports=reports,
        figures=sum(report.figures for report in reports),
        problems=sum(report.problems for report in reports),
        countermeasures=sum(report.countermeasures for report in reports),
        problem_types=tuple(
            tally.link for tally in tallied(problem_link(problem.type) for problem in community.problems)
        )[:MOST_PROBLEM_TYPES],
    )
