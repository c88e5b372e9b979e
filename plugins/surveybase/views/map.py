"""Problem types × countermeasure types: how often each was turned to each, gaps included."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from surveybase.model import Concept, Concepts, KnowledgeBase, ancestry, broadest
from surveybase.views.cases import Link, countermeasure_link, problem_link
from surveybase.views.figures import Target
from surveybase.views.problem_types import tried_anchor


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
class MapView:
    """``rows`` are broader types, each followed by its narrower types that have cases."""

    columns: tuple[Link, ...]
    rows: tuple[MapRow, ...]
    filled: int
    empty: int


def map_view(base: KnowledgeBase) -> MapView:
    """Columns are the broadest countermeasure types."""
    columns = _top(base.countermeasure_types)
    counts: Counter[tuple[str, str]] = Counter()
    for item in base.countermeasures:
        column = broadest(item.type, base.countermeasure_types).id
        kin = {concept.id for problem in item.addresses for concept in ancestry(problem.type, base.problem_types)}
        counts.update((row, column) for row in kin)
    rows = _rows(base)
    most = max(counts.values(), default=0)
    cells = [counts[row.id, column.id] for row in rows for column in columns]
    return MapView(
        columns=tuple(countermeasure_link(concept) for concept in columns),
        rows=tuple(
            MapRow(
                problem_link(row),
                len(base.problems_by_type.get(row.id, ())),
                row.broader is not None,
                tuple(_cell(row.id, column.id, counts[row.id, column.id], most) for column in columns),
            )
            for row in rows
        ),
        filled=sum(map(bool, cells)),
        empty=cells.count(0),
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
    return Cell(count, shade, Target("problem_type", row, tried_anchor(column)) if count else None)
