"""What a reader opens stays small however many communities there are, and nothing of a list is lost by it."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from compiling import contents_of
from projects import ROOT, SMALL, write
from surveybase.exports.lists import list_parts
from surveybase.hosting import Publication
from surveybase.model import Community, Countermeasure, Direction, KnowledgeBase, Level, Problem
from surveybase.outputs import PageOutput
from surveybase.reading.sources import read_sources
from surveybase.site import Contents, plan
from surveybase.views.communities import communities_view
from surveybase.views.community import Surroundings, surroundings
from surveybase.views.countermeasure_types import CountermeasureTypeView, countermeasure_type_view
from surveybase.views.lists import Rest
from surveybase.views.measures import standings
from surveybase.views.peers import Peers, round_end
from surveybase.views.problem_types import ProblemTypeView, problem_type_view

from bench.generate import project

COUNT = 300
LARGEST_PAGE = 150_000  # bytes of content
LARGEST_PART = 100_000
PUBLICATION = Publication("x")


def read(folder: Path) -> Contents:
    sources, _ = read_sources(folder, folder / "docs", folder / "data")
    return contents_of(sources, PUBLICATION)[0]


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    folder = tmp_path_factory.mktemp("lists") / "project"
    project(COUNT, folder, source=ROOT)
    return read(folder)


@pytest.fixture(scope="module")
def base(contents: Contents) -> KnowledgeBase:
    return contents.base


@pytest.fixture(scope="module")
def peers(base: KnowledgeBase) -> Peers:
    return Peers(base)


@pytest.fixture(scope="module")
def parts(peers: Peers) -> Mapping[str, dict[str, Any]]:
    return {part.id: json.loads(part.content()) for part in list_parts(peers)}


# --- Size -----------------------------------------------------------------------------------------------


def test_no_page_and_no_part_of_a_list_grows_without_bound(contents: Contents) -> None:
    large = []
    for output in plan(contents, PUBLICATION):
        if isinstance(output, PageOutput):
            size, limit = len(output.render().html.encode()), LARGEST_PAGE
        elif output.uri.startswith("lists/"):
            size, limit = len(output.content()), LARGEST_PART
        else:
            continue
        large += [(output, size)] if size > limit else []
    assert large == []


def test_a_small_site_has_no_parts(tmp_path: Path) -> None:
    small = read(write(tmp_path, SMALL))
    assert small.base.communities
    assert list(list_parts(Peers(small.base))) == []


def test_only_lists_that_a_page_leaves_off_have_parts(
    base: KnowledgeBase, peers: Peers, parts: Mapping[str, dict[str, Any]]
) -> None:
    rests = [problem_type_view(concept, base).rest for concept in base.problem_types.values()]
    rests += [countermeasure_type_view(concept, base).rest for concept in base.countermeasure_types.values()]
    communities = communities_view(peers)
    rests += [communities.names, *(group.rest for group in communities.groups)]
    wanted = {stretch.id for rest in rests if rest for stretch in rest.stretches}
    assert {id.rpartition("/")[0] for id in parts if not id.startswith("compare/")} == wanted


# --- Nothing is lost ------------------------------------------------------------------------------------


def entries(rest: Rest, parts: Mapping[str, dict[str, Any]], field: str) -> Iterator[Any]:
    for id, start, end in rest.stretches:
        for place in range(start, end):
            yield parts[f"{id}/{place // rest.per_part}"][field][place % rest.per_part]


def test_the_first_cases_and_the_parts_are_all_cases_once(
    base: KnowledgeBase, parts: Mapping[str, dict[str, Any]]
) -> None:
    views: list[tuple[ProblemTypeView | CountermeasureTypeView, Sequence[Problem | Countermeasure]]] = [
        *((problem_type_view(base.problem_types[id], base), found) for id, found in base.problems_by_type.items()),
        *(
            (countermeasure_type_view(base.countermeasure_types[id], base), found)
            for id, found in base.countermeasures_by_type.items()
        ),
    ]
    long = 0
    for view, items in views:
        assert view.count == len(items)
        if view.rest:
            listed = list(entries(view.rest, parts, "evidence"))
            assert listed[: view.rest.shown] == [
                f"reports/{c.evidence.id}/#{c.evidence.anchor}" for c in view.cases
            ]
            assert sorted(listed) == sorted(f"reports/{item.report}/#{item.anchor}" for item in items)
            long += 1
        else:
            assert len(view.cases) == len(items)
    assert long > 20


def test_the_regions_divide_the_list_of_their_level(
    base: KnowledgeBase, peers: Peers, parts: Mapping[str, dict[str, Any]]
) -> None:
    view = communities_view(peers)
    assert view.names and {link[1] for link in entries(view.names, parts, "link")} == {
        f"communities/{id}/" for id in base.communities
    }
    group = next(group for group in view.groups if group.rest)
    assert group.rest
    places = list(entries(group.rest, parts, "place"))
    at = 0
    for province in group.provinces:
        assert province.region.start == at
        at = province.region.end
        for region in (province.region, *province.cities):
            # A place that is not known has no name of its own in the list.
            assert all(region.name in place for place in places[region.start : region.end])
    assert at == group.count == len(places)


def test_a_part_says_what_it_is_made_from(base: KnowledgeBase, peers: Peers) -> None:
    """After an edit and a report less, only parts that say so have another content."""

    def made(base: KnowledgeBase) -> dict[str, tuple[object, bytes]]:
        found: dict[str, tuple[object, bytes]] = {}
        for part in list_parts(Peers(base)):
            sources = {name[0]: repr(base.communities[name[0]]) for name in part.names()}
            found[part.id] = ((part.names(), part.form, sources), part.content())
        return found

    id, other = [id for id, item in base.communities.items() if item.level is Level.COMMUNITY and item.surveys][:2]
    before = made(base)
    communities = {**base.communities, id: edited(base.communities[id], "households", Decimal(2))}
    after_edit = made(replace(base, communities=communities))
    del communities[other]
    after_loss = made(replace(base, communities=communities))
    for after, most in ((after_edit, 0.25), (after_loss, 1.0)):
        same = [part for part in before if part in after and before[part][0] == after[part][0]]
        assert len(same) >= (1 - most) * len(before)
        assert [part for part in same if before[part][1] != after[part][1]] == []
        assert any(before[part][1] != after[part][1] for part in before if part in after)


# --- The strips -----------------------------------------------------------------------------------------


def test_a_place_among_many_is_a_whole_percent_of_the_others(base: KnowledgeBase, peers: Peers) -> None:
    large = {key: values for key, values in peers.values.items() if len(values) > 25 and not key[1][1]}
    seen = {Direction.LOWER: 0, Direction.HIGHER: 0, Direction.NEITHER: 0}
    for community in base.communities.values():
        places = peers.places(community)
        for item in standings(community, base):
            values = large.get((community.level, (item.indicator.id, False)))
            if values is None or item.point is None or item.indicator.id not in places:
                continue
            lower = item.indicator.direction is Direction.LOWER
            beaten = sum(value > item.point if lower else value < item.point for value in values)
            word = "低于" if lower else "高于"
            strip = places[item.indicator.id].strip()
            assert strip.summary.startswith(f"{word}{beaten * 100 // (len(values) - 1)}%的")
            assert ("标尺到" in strip.summary) == (item.point > Decimal(strip.end.replace(",", "")))
            assert len(strip.peers) <= 20 and all(tick.isdigit() and int(tick) <= 100 for tick in strip.peers)
            seen[item.indicator.direction] += 1
    assert all(seen.values()), seen


@pytest.mark.parametrize(
    ("value", "end"), [("1", "1"), ("1.01", "2"), ("2.5", "5"), ("51", "100"), ("0.03", "0.05"), ("999", "1000")]
)
def test_the_axis_ends_at_a_round_number(value: str, end: str) -> None:
    assert round_end(Decimal(value)) == Decimal(end)


def all_surroundings(base: KnowledgeBase) -> dict[str, Surroundings]:
    peers = Peers(base)
    return {id: surroundings(community, peers) for id, community in base.communities.items()}


def edited(community: Community, indicator: str, factor: Decimal) -> Community:
    first, *others = community.surveys
    observation = first.observations[indicator]
    assert observation.quantity
    changed = {indicator: replace(observation, quantity=observation.quantity.scaled(factor))}
    return replace(community, surveys=(replace(first, observations={**first.observations, **changed}), *others))


def test_an_edited_figure_changes_few_other_pages(base: KnowledgeBase) -> None:
    before = all_surroundings(base)
    id = next(
        id for id, item in base.communities.items() if item.level is Level.COMMUNITY and item.latest("households")
    )
    changed = replace(
        base,
        communities={**base.communities, id: edited(base.communities[id], "households", Decimal("1.1"))},
    )
    after = all_surroundings(changed)
    assert before[id] != after[id]
    assert sum(before[other] != after[other] for other in before if other != id) <= COUNT * 0.05


def test_the_surroundings_have_a_stable_form(base: KnowledgeBase, peers: Peers) -> None:
    again = all_surroundings(base)
    for id, around in again.items():
        assert repr(surroundings(base.communities[id], peers)) == repr(around)
        assert pickle.loads(pickle.dumps(around)) == around


def test_similar_communities_share_a_problem_type_and_the_level(base: KnowledgeBase, peers: Peers) -> None:
    for community in base.communities.values():
        types = {problem.type.id for problem in community.problems}
        found = peers.neighbours.similar(community)
        assert len(found) == 5 or community.level is not Level.COMMUNITY
        for item in found:
            other = base.communities[item.link.target.id]
            shared = types & {problem.type.id for problem in other.problems}
            assert other.level is community.level and other is not community
            assert [f"都有“{base.problem_types[type].label}”问题" for type in sorted(shared)] == list(
                item.reasons[: len(shared)]
            )
