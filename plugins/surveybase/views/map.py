"""Problem types × countermeasure types: how often each was turned to each, gaps included."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from surveybase.model import Concept, Concepts, KnowledgeBase
from surveybase.views.cases import (
    CountermeasureCase,
    Link,
    countermeasure_case,
    countermeasure_link,
    problem_link,
)
from surveybase.views.figures import Target


@dataclass(frozen=True, slots=True)
class Cell:
    """One pairing; ``shade`` is 0 for none to 4 for the most frequent, ``target`` leads to its cases."""

    count: int
    shade: int
    target: Target | None


@dataclass(frozen=True, slots=True)
class MapRow:
    problem: Link
    problems: int
    is_narrower: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """The cases of one cell."""

    anchor: str
    problem: Link
    countermeasure: Link
    cases: tuple[CountermeasureCase, ...]


@dataclass(frozen=True, slots=True)
class MapView:
    """``rows`` are broader types, each followed by its narrower types that have cases."""

    columns: tuple[Link, ...]
    rows: tuple[MapRow, ...]
    pairings: tuple[Pairing, ...]
    filled: int
    empty: int


def map_view(base: KnowledgeBase) -> MapView:
    """Columns are the broadest countermeasure types."""
    columns = _top(base.countermeasure_types)
    cases: dict[tuple[str, str], list[CountermeasureCase]] = defaultdict(list)
    for item in base.countermeasures:
        shown = countermeasure_case(item, base)
        column = item.type.broader or item.type.id
        for row in {id for problem in item.addresses for id in (problem.type.id, problem.type.broader) if id}:
            cases[row, column].append(shown)
    rows = _rows(base)
    most = max((len(found) for found in cases.values()), default=0)
    return MapView(
        columns=tuple(countermeasure_link(concept) for concept in columns),
        rows=tuple(
            MapRow(
                problem_link(row),
                len(base.problems_by_type.get(row.id, ())),
                row.broader is not None,
                tuple(_cell(row.id, column.id, len(cases[row.id, column.id]), most) for column in columns),
            )
            for row in rows
        ),
        pairings=tuple(
            Pairing(
                _anchor(row.id, column.id),
                problem_link(row),
                countermeasure_link(column),
                tuple(cases[row.id, column.id]),
            )
            for row in rows
            for column in columns
            if cases[row.id, column.id]
        ),
        filled=sum(bool(cases[row.id, column.id]) for row in rows for column in columns),
        empty=sum(not cases[row.id, column.id] for row in rows for column in columns),
    )


def _top(concepts: Concepts) -> list[Concept]:
    return [concept for concept in concepts.values() if concept.broader is None]


def _rows(base: KnowledgeBase) -> list[Concept]:
    return [
        concept
        for top in _top(base.problem_types)
        for concept in (
            top,
            *(item for item in base.narrower(base.problem_types, top.id) if item.id in base.problems_by_type),
        )
    ]


SHADES = 4


def _cell(row: str, column: str, count: int, most: int) -> Cell:
    shade = -(-count * SHADES // most) if count else 0
    return Cell(count, shade, Target("map", anchor=_anchor(row, column)) if count else None)


def _anchor(row: str, column: str) -> str:
    return f"m-{row}_{column}"  # no id has this sign
