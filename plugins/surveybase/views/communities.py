"""The list of all communities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from surveybase.model import Community, Level
from surveybase.views.cases import Link, community_link, problem_link, tallied
from surveybase.views.community import ReportEntry, report_entry
from surveybase.views.lists import Rest, Stretch
from surveybase.views.peers import Peers
from surveybase.views.words import LEVELS, UNKNOWN_PLACE, place_name, setting_name

MOST_COMMUNITIES = 30  # of each level, shown at first
MOST_CITIES = 400  # of each level
MOST_PROBLEM_TYPES = 4
PER_PART = 100
NAMES_PER_PART = 800


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
class Region:
    """A province or city; its communities stand together in the list of their level, from ``start`` to ``end``."""

    name: str
    start: int
    end: int

    @property
    def count(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Province:
    region: Region
    cities: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class LevelGroup:
    """The communities of a level, by place: the first of them, and where there are more, how they are spread."""

    level: str
    count: int
    communities: tuple[CommunityEntry, ...]
    rest: Rest | None
    provinces: tuple[Province, ...]


@dataclass(frozen=True, slots=True)
class CommunitiesView:
    """``names`` is the list of all names, where not all communities stand on the page."""

    count: int
    groups: tuple[LevelGroup, ...]
    names: Rest | None


def communities_view(peers: Peers) -> CommunitiesView:
    groups = tuple(_group(level, found, peers) for level, found in peers.by_level.items())
    names = tuple(Stretch(name_list(level), 0, len(found)) for level, found in peers.by_level.items())
    count = len(peers.base.communities)
    return CommunitiesView(
        count,
        groups,
        Rest("name", names, 0, count, NAMES_PER_PART) if any(group.rest for group in groups) else None,
    )


def community_list(level: Level) -> str:
    return f"community/{level}"


def name_list(level: Level) -> str:
    return f"name/{level}"


def _group(level: Level, communities: Sequence[Community], peers: Peers) -> LevelGroup:
    count = len(communities)
    rest = None
    if count > MOST_COMMUNITIES:
        stretch = Stretch(community_list(level), 0, count)
        rest = Rest("community", (stretch,), MOST_COMMUNITIES, count, PER_PART)
    return LevelGroup(
        LEVELS[level],
        count,
        tuple(community_entry(community, peers) for community in communities[:MOST_COMMUNITIES]),
        rest,
        _provinces(communities) if rest else (),
    )


def _provinces(communities: Sequence[Community]) -> tuple[Province, ...]:
    """Provinces with their cities, as far as their number goes."""
    places = [(item.place.province or UNKNOWN_PLACE, item.place.city or "") for item in communities]
    provinces, start, left = [], 0, MOST_CITIES
    for name, found in groupby(places, key=lambda place: place[0]):
        counts = Counter(city for _, city in found)
        cities, at = [], start
        for city, count in counts.items():
            cities.append(Region(city, at, at + count))
            at += count
        provinces.append(Province(Region(name, start, at), tuple(city for city in cities[:left] if city.name)))
        start, left = at, max(0, left - len(cities))
    return tuple(provinces[:MOST_CITIES])


def community_entry(community: Community, peers: Peers) -> CommunityEntry:
    reports = tuple(report_entry(survey) for survey in community.surveys)
    types = tallied((problem_link(problem.type) for problem in community.problems), MOST_PROBLEM_TYPES)
    return CommunityEntry(
        link=community_link(community.id, peers.base),
        place=place_name(community.place),
        setting=setting_name(community.place),
        reports=reports,
        figures=sum(report.figures for report in reports),
        problems=sum(report.problems for report in reports),
        countermeasures=sum(report.countermeasures for report in reports),
        problem_types=tuple(tally.link for tally in types.most),
    )
