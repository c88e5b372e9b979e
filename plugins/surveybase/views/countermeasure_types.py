"""The list of countermeasure types and the page of one."""

from __future__ import annotations

from dataclasses import dataclass

from surveybase.model import Concept, KnowledgeBase, Problem
from surveybase.views.cases import (
    CountermeasureCase,
    Link,
    Tally,
    countermeasure_case,
    countermeasure_link,
    problem_evidence,
    problem_link,
)
from surveybase.views.problem_types import ConceptCard, TypesView, concept_card, fates, together, types_view
from surveybase.views.words import ACTORS


@dataclass(frozen=True, slots=True)
class AddressedType:
    """A problem type that the countermeasure was turned to."""

    link: Link
    count: int
    communities: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CountermeasureTypeView:
    card: ConceptCard
    cases: tuple[CountermeasureCase, ...]
    communities: int
    addressed: tuple[AddressedType, ...]
    fates: tuple[tuple[str, int], ...]
    who: tuple[tuple[str, int], ...]
    outcomes: tuple[CountermeasureCase, ...]
    together: tuple[Tally, ...]


def countermeasure_types_view(base: KnowledgeBase) -> TypesView:
    counts = {id: len(cases) for id, cases in base.countermeasures_by_type.items()}
    return types_view("countermeasure", base.countermeasure_types, counts, len(base.countermeasures))


def countermeasure_type_view(concept: Concept, base: KnowledgeBase) -> CountermeasureTypeView:
    items = base.countermeasures_by_type.get(concept.id, ())
    cases = tuple(countermeasure_case(item, base) for item in items)
    counts = {id: len(found) for id, found in base.countermeasures_by_type.items()}
    problems = {(problem.report, problem.key): problem for item in items for problem in item.addresses}
    turned_to = [{item.type.id for item in base.countermeasures_for.get(key, ())} for key in problems]
    who = ((label, sum(actor in item.who for item in items)) for actor, label in ACTORS.items())
    return CountermeasureTypeView(
        card=concept_card(concept, base.countermeasure_types, counts, kind="countermeasure"),
        cases=cases,
        communities=len({item.community for item in items}),
        addressed=_addressed(list(problems.values()), base),
        fates=fates(list(items)),
        who=tuple((label, count) for label, count in who if count),
        outcomes=tuple(case for case in cases if case.outcome),
        together=together(concept, base.countermeasure_types, turned_to, countermeasure_link),
    )


def _addressed(problems: list[Problem], base: KnowledgeBase) -> tuple[AddressedType, ...]:
    by_type: dict[str, list[Problem]] = {}
    for problem in problems:
        by_type.setdefault(problem.type.id, []).append(problem)
    ordered = sorted(by_type.values(), key=lambda found: (-len(found), found[0].type.label))
    return tuple(
        AddressedType(
            problem_link(found[0].type),
            len(found),
            tuple(Link(base.communities[problem.community].name, problem_evidence(problem)) for problem in found),
        )
        for found in ordered
    )
