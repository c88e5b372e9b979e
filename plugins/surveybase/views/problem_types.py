"""The list of problem types, the page of one, and what both share with the countermeasure types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from surveybase.model import Concept, Concepts, Countermeasure, KnowledgeBase, Problem, ancestry
from surveybase.views.cases import (
    CountermeasureCase,
    Link,
    ProblemCase,
    Tally,
    countermeasure_case,
    countermeasure_link,
    problem_case,
    problem_link,
    tallied,
)
from surveybase.views.words import ACTORS, STATUSES


@dataclass(frozen=True, slots=True)
class OfficialCode:
    vocabulary: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class ConceptCard:
    """What a concept means and where it stands in its scheme."""

    id: str
    label: str
    alt: tuple[str, ...]
    definition: str
    broader: tuple[Link, ...]
    narrower: tuple[Tally, ...]
    related: tuple[Link, ...]
    official: tuple[OfficialCode, ...]


@dataclass(frozen=True, slots=True)
class TriedType:
    """A countermeasure type that was turned to, with the fate of its cases."""

    link: Link
    count: int
    fates: tuple[tuple[str, int], ...]
    who: tuple[str, ...]
    cases: tuple[CountermeasureCase, ...]


@dataclass(frozen=True, slots=True)
class ProblemTypeView:
    card: ConceptCard
    cases: tuple[ProblemCase, ...]
    communities: int
    tried: tuple[TriedType, ...]
    together: tuple[Tally, ...]
    untouched: tuple[ProblemCase, ...]
    uncompleted: int


@dataclass(frozen=True, slots=True)
class TypeEntry:
    link: Link
    definition: str
    alt: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class TypeGroup:
    entry: TypeEntry
    narrower: tuple[TypeEntry, ...]


@dataclass(frozen=True, slots=True)
class TypesView:
    """All types of one scheme by their broader type; ``used`` of ``count`` types have cases."""

    kind: str
    count: int
    used: int
    cases: int
    groups: tuple[TypeGroup, ...]


def problem_types_view(base: KnowledgeBase) -> TypesView:
    counts = {id: len(cases) for id, cases in base.problems_by_type.items()}
    return types_view("problem", base.problem_types, counts, len(base.problems))


def types_view(kind: str, concepts: Concepts, counts: dict[str, int], cases: int) -> TypesView:
    link = problem_link if kind == "problem" else countermeasure_link

    def entry(concept: Concept) -> TypeEntry:
        return TypeEntry(link(concept), concept.definition, concept.alt, counts.get(concept.id, 0))

    groups = tuple(
        TypeGroup(entry(top), tuple(entry(item) for item in concepts.values() if item.broader == top.id))
        for top in concepts.values()
        if top.broader is None
    )
    return TypesView(kind, len(concepts), len(counts), cases, groups)


def concept_card(concept: Concept, concepts: Concepts, counts: dict[str, int], *, kind: str) -> ConceptCard:
    link = problem_link if kind == "problem" else countermeasure_link
    above = list(ancestry(concept, concepts))[1:]
    return ConceptCard(
        id=concept.id,
        label=concept.label,
        alt=concept.alt,
        definition=concept.definition,
        broader=tuple(link(item) for item in reversed(above)),
        narrower=tuple(
            Tally(link(item), counts.get(item.id, 0)) for item in concepts.values() if item.broader == concept.id
        ),
        related=tuple(link(concepts[id]) for id in concept.related),
        official=tuple(
            OfficialCode(match.vocabulary.title, match.label, match.vocabulary.source)
            for match in concept.close_match
        ),
    )


def problem_type_view(concept: Concept, base: KnowledgeBase) -> ProblemTypeView:
    problems = base.problems_by_type.get(concept.id, ())
    cases = tuple(problem_case(problem, base) for problem in problems)
    counts = {id: len(items) for id, items in base.problems_by_type.items()}
    return ProblemTypeView(
        card=concept_card(concept, base.problem_types, counts, kind="problem"),
        cases=cases,
        communities=len({problem.community for problem in problems}),
        tried=_tried(problems, base),
        together=together(concept, base.problem_types, _found_together(problems, base), problem_link),
        untouched=tuple(case for case in cases if not case.countermeasures),
        uncompleted=sum(not case.has_completed for case in cases),
    )


def _found_together(problems: tuple[Problem, ...], base: KnowledgeBase) -> list[set[str]]:
    """The problem types of each report that has one of these problems."""
    reports = {problem.report for problem in problems}
    return [{problem.type.id for problem in base.surveys[report].problems} for report in sorted(reports)]


def _tried(problems: tuple[Problem, ...], base: KnowledgeBase) -> tuple[TriedType, ...]:
    """Countermeasure types tried on these problems, the most frequent first."""
    found: dict[str, dict[tuple[str, str], Countermeasure]] = {}
    for problem in problems:
        for item in base.countermeasures_for.get((problem.report, problem.key), ()):
            found.setdefault(item.type.id, {})[item.report, item.key] = item
    ordered = sorted(found.values(), key=lambda items: (-len(items), next(iter(items.values())).type.label))
    return tuple(_tried_type(list(items.values()), base) for items in ordered)


def _tried_type(items: list[Countermeasure], base: KnowledgeBase) -> TriedType:
    return TriedType(
        link=countermeasure_link(items[0].type),
        count=len(items),
        fates=fates(items),
        who=tuple(label for actor, label in ACTORS.items() if any(actor in item.who for item in items)),
        cases=tuple(countermeasure_case(item, base) for item in items),
    )


def fates(items: list[Countermeasure]) -> tuple[tuple[str, int], ...]:
    """How many of the countermeasures stand at each status, statuses without any left out."""
    counted = ((label, sum(item.status is status for item in items)) for status, label in STATUSES.items())
    return tuple((label, count) for label, count in counted if count)


def together(
    concept: Concept, concepts: Concepts, groups: Iterable[set[str]], link: Callable[[Concept], Link]
) -> tuple[Tally, ...]:
    """The other types in the groups, counted by group; the type's own kin is left out."""
    kin = {id for id, item in concepts.items() if concept in ancestry(item, concepts)}
    kin |= {item.id for item in ancestry(concept, concepts)}
    return tallied(link(concepts[id]) for group in groups for id in sorted(group - kin))
