"""The list of problem types, the page of one, and what both share with the countermeasure types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveybase.model import Concept, Concepts, Countermeasure, KnowledgeBase, Problem, Status, ancestry, broadest
from surveybase.views.cases import (
    CountermeasureCase,
    Link,
    ProblemCase,
    Tallies,
    Tally,
    actors,
    countermeasure_case,
    countermeasure_link,
    problem_case,
    problem_link,
    tallied,
)
from surveybase.views.lists import MOST_BRIEF, MOST_CASES, MOST_TALLIES, Rest, in_kin, rest_of_cases
from surveybase.views.words import STATUSES


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
    """A countermeasure type that was turned to, with the fate of its cases, of which some are shown."""

    link: Link
    count: int
    fates: tuple[tuple[str, int], ...]
    who: tuple[str, ...]
    cases: tuple[CountermeasureCase, ...]


@dataclass(frozen=True, slots=True)
class TriedGroup:
    """The countermeasure types below one broadest type; ``others`` are less frequent and only counted."""

    anchor: str
    link: Link
    count: int
    types: tuple[TriedType, ...]
    others: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class ProblemTypeView:
    """``count`` cases, of which the first are shown; ``untouched`` of them have no countermeasure."""

    card: ConceptCard
    count: int
    cases: tuple[ProblemCase, ...]
    rest: Rest | None
    communities: int
    tried: tuple[TriedGroup, ...]
    tried_types: int
    together: Tallies
    untouched: tuple[ProblemCase, ...]
    more_untouched: int
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
    by_type = in_kin(base.problems_by_type.get(concept.id, ()), concept, base.problem_types)
    problems = [problem for found in by_type.values() for problem in found]
    counts = {id: len(items) for id, items in base.problems_by_type.items()}
    tried = [base.countermeasures_for.get((problem.report, problem.key), ()) for problem in problems]
    untouched = [problem for problem, items in zip(problems, tried, strict=True) if not items]
    items = list({(item.report, item.key): item for items in tried for item in items}.values())
    return ProblemTypeView(
        card=concept_card(concept, base.problem_types, counts, kind="problem"),
        count=len(problems),
        cases=tuple(problem_case(problem, base) for problem in problems[:MOST_CASES]),
        rest=rest_of_cases("problem", by_type),
        communities=len({problem.community for problem in problems}),
        tried=_tried(items, base),
        tried_types=len({item.type.id for item in items}),
        together=_together(concept, problems, base),
        untouched=tuple(problem_case(problem, base) for problem in untouched[:MOST_CASES]),
        more_untouched=max(0, len(untouched) - MOST_CASES),
        uncompleted=sum(all(item.status is not Status.DONE for item in items) for items in tried),
    )


def _tried(items: list[Countermeasure], base: KnowledgeBase) -> tuple[TriedGroup, ...]:
    """The countermeasures by broadest type, then by type, the most frequent first."""
    by_type: dict[str, list[Countermeasure]] = {}
    for item in items:
        by_type.setdefault(item.type.id, []).append(item)
    ordered = sorted(by_type.values(), key=lambda found: (-len(found), found[0].type.label))
    groups: dict[str, list[list[Countermeasure]]] = {}
    for found in ordered:
        groups.setdefault(broadest(found[0].type, base.countermeasure_types).id, []).append(found)
    shown = {found[0].type.id for found in ordered[:MOST_TALLIES]}
    return tuple(
        TriedGroup(
            tried_anchor(top),
            countermeasure_link(base.countermeasure_types[top]),
            sum(map(len, types)),
            tuple(_tried_type(found, base) for found in types if found[0].type.id in shown),
            tuple(
                Tally(countermeasure_link(found[0].type), len(found))
                for found in types
                if found[0].type.id not in shown
            ),
        )
        for top, types in sorted(groups.items(), key=lambda pair: -sum(map(len, pair[1])))
    )


def tried_anchor(type: str) -> str:
    """The anchor of the countermeasures of a broadest type on the page of a problem type."""
    return f"t-{type}"


def _tried_type(items: list[Countermeasure], base: KnowledgeBase) -> TriedType:
    return TriedType(
        link=countermeasure_link(items[0].type),
        count=len(items),
        fates=fates(items),
        who=actors(actor for item in items for actor in item.who),
        cases=tuple(countermeasure_case(item, base) for item in items[:MOST_BRIEF]),
    )


def fates(items: list[Countermeasure]) -> tuple[tuple[str, int], ...]:
    """How many of the countermeasures stand at each status, statuses without any left out."""
    counts = Counter(item.status for item in items)
    return tuple((label, counts[status]) for status, label in STATUSES.items() if counts[status])


def _together(concept: Concept, problems: list[Problem], base: KnowledgeBase) -> Tallies:
    """Problem types that stand in the same reports, counted by report; the type's own kin left out."""
    kin = {item.id for item in base.problem_types.values() if concept in ancestry(item, base.problem_types)}
    kin |= {item.id for item in ancestry(concept, base.problem_types)}
    links = {id: problem_link(item) for id, item in base.problem_types.items() if id not in kin}
    reports = {problem.report for problem in problems}
    return together(links, ({problem.type.id for problem in base.surveys[report].problems} for report in reports))


def together(links: Mapping[str, Link], groups: Iterable[set[str]]) -> Tallies:
    """The types with a link, counted by the groups of ids that they are in."""
    return tallied((links[id] for group in groups for id in group & links.keys()), MOST_TALLIES)
