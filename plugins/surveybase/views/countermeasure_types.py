"""The list of countermeasure types and the page of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from surveybase.model import Concept, KnowledgeBase, Problem
from surveybase.views.cases import (
    CountermeasureCase,
    Link,
    Tallies,
    countermeasure_case,
    countermeasure_link,
    problem_evidence,
    problem_link,
)
from surveybase.views.lists import MOST_BRIEF, MOST_CASES, MOST_TALLIES, Rest, in_kin, rest_of_cases
from surveybase.views.problem_types import ConceptCard, TypesView, concept_card, fates, together, types_view
from surveybase.views.words import ACTORS


@dataclass(frozen=True, slots=True)
class AddressedType:
    """A problem type that the countermeasure was turned to ``count`` times, some of them with their communities."""

    link: Link
    count: int
    communities: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CountermeasureTypeView:
    """``count`` cases, of which the first are shown, and of those with a written outcome the first of all."""

    card: ConceptCard
    count: int
    cases: tuple[CountermeasureCase, ...]
    rest: Rest | None
    communities: int
    addressed: tuple[AddressedType, ...]
    more_addressed: int
    fates: tuple[tuple[str, int], ...]
    who: tuple[tuple[str, int], ...]
    outcomes: tuple[CountermeasureCase, ...]
    more_outcomes: int
    together: Tallies


def countermeasure_types_view(base: KnowledgeBase) -> TypesView:
    counts = {id: len(cases) for id, cases in base.countermeasures_by_type.items()}
    return types_view("countermeasure", base.countermeasure_types, counts, len(base.countermeasures))


def countermeasure_type_view(concept: Concept, base: KnowledgeBase) -> CountermeasureTypeView:
    by_type = in_kin(base.countermeasures_by_type.get(concept.id, ()), concept, base.countermeasure_types)
    items = [item for found in by_type.values() for item in found]
    counts = {id: len(found) for id, found in base.countermeasures_by_type.items()}
    problems = {(problem.report, problem.key): problem for item in items for problem in item.addresses}
    who = Counter(actor for item in items for actor in item.who)
    outcomes = [item for item in items if item.outcome]
    addressed = _by_type(problems.values())
    return CountermeasureTypeView(
        card=concept_card(concept, base.countermeasure_types, counts, kind="countermeasure"),
        count=len(items),
        cases=tuple(countermeasure_case(item, base) for item in items[:MOST_CASES]),
        rest=rest_of_cases("countermeasure", by_type),
        communities=len({item.community for item in items}),
        addressed=tuple(_addressed(found, base) for found in addressed[:MOST_TALLIES]),
        more_addressed=max(0, len(addressed) - MOST_TALLIES),
        fates=fates(items),
        who=tuple((label, who[actor]) for actor, label in ACTORS.items() if who[actor]),
        outcomes=tuple(countermeasure_case(item, base) for item in outcomes[:MOST_CASES]),
        more_outcomes=max(0, len(outcomes) - MOST_CASES),
        together=_together(concept, list(problems), base),
    )


def _by_type(problems: Iterable[Problem]) -> list[list[Problem]]:
    """The problems of each type, the most frequent type first."""
    by_type: dict[str, list[Problem]] = {}
    for problem in problems:
        by_type.setdefault(problem.type.id, []).append(problem)
    return sorted(by_type.values(), key=lambda found: (-len(found), found[0].type.label))


def _addressed(found: list[Problem], base: KnowledgeBase) -> AddressedType:
    return AddressedType(
        problem_link(found[0].type),
        len(found),
        tuple(
            Link(base.communities[problem.community].name, problem_evidence(problem))
            for problem in found[:MOST_BRIEF]
        ),
    )


def _together(concept: Concept, problems: list[tuple[str, str]], base: KnowledgeBase) -> Tallies:
    """Other countermeasure types turned to the same problems."""
    links = {
        id: countermeasure_link(item)
        for id, item in base.countermeasure_types.items()
        if concept.id not in {item.id, item.broader}
    }
    return together(links, ({item.type.id for item in base.countermeasures_for.get(key, ())} for key in problems))
