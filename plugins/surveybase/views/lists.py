"""Lists of which a page shows only the beginning; the rest is published in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from surveybase.model import Concept, Concepts, Countermeasure, Problem

MOST_CASES = 36  # shown at first
CASES_PER_PART = 40
MOST_TALLIES = 20
MOST_BRIEF = 10  # where a list only gives examples

T = TypeVar("T", Problem, Countermeasure)


class Stretch(NamedTuple):
    """The entries ``start`` to ``end`` of the published list ``id``."""

    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rest:
    """What comes after the first entries of a page: stretches of lists of one kind, in order.

    The ``shown`` first of all ``total`` entries stand on the page; ``per_part`` is how many a published part has.
    """

    kind: str
    stretches: tuple[Stretch, ...]
    shown: int
    total: int
    per_part: int


def in_kin(items: Sequence[T], concept: Concept, concepts: Concepts) -> Mapping[str, Sequence[T]]:
    """The items by their types: the concept's own first, then in the order of the catalogue."""
    found: dict[str, list[T]] = {concept.id: []}
    found |= {id: [] for id in concepts if id != concept.id}
    for item in items:
        found[item.type.id].append(item)
    return {id: cases for id, cases in found.items() if cases}


def rest_of_cases(kind: str, by_type: Mapping[str, Sequence[T]]) -> Rest | None:
    """The cases beyond the first; each stands in the list of its own type only."""
    total = sum(map(len, by_type.values()))
    if total <= MOST_CASES:
        return None
    stretches = tuple(Stretch(case_list(kind, id), 0, len(cases)) for id, cases in by_type.items())
    return Rest(kind, stretches, MOST_CASES, total, CASES_PER_PART)


def case_list(kind: str, type: str) -> str:
    """The id of the list of the cases of one type, those of narrower types left out."""
    return f"{kind}/{type}"
