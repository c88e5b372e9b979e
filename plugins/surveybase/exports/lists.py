"""What does not fit on a list's page, in parts of bounded size: a column for each field of its entries.

A link is its text and its address below the root of the site.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from surveybase.addresses import address
from surveybase.model import Community, Concepts, Countermeasure, KnowledgeBase, Level, Problem, broadest
from surveybase.views import communities, compare, lists
from surveybase.views.cases import CountermeasureCase, Link, community_link, countermeasure_case, problem_case
from surveybase.views.communities import community_entry
from surveybase.views.figures import NOT_GIVEN
from surveybase.views.measures import Measure, measure, mentioned
from surveybase.views.peers import Face, Peers
from surveybase.views.words import place_name

Case = TypeVar("Case", Problem, Countermeasure)
Entry = TypeVar("Entry", Community, Problem, Countermeasure)


@dataclass(frozen=True, slots=True)
class Part:
    """A published part of a list: its id below the lists, and how it is made.

    Beside the catalogues it is made from the communities of ``entries``, in this order, and from ``form``.
    """

    id: str
    content: Callable[[], bytes]
    entries: Sequence[Community | Problem | Countermeasure]
    form: str = ""

    @property
    def is_of_cases(self) -> bool:
        """Whether its entries are problems or countermeasures."""
        return not isinstance(self.entries[0], Community)

    def names(self) -> list[tuple[str, ...]]:
        """Of each entry the community, and for a case its report and key."""
        return [
            (entry.id,) if isinstance(entry, Community) else (entry.community, entry.report, entry.key)
            for entry in self.entries
        ]


def list_parts(peers: Peers) -> Iterator[Part]:
    """The parts of all lists that do not fit on their pages."""
    base = peers.base
    for type, problems in _long(base.problems_by_type, base.problem_types):
        id = lists.case_list("problem", type)
        yield from _parts(id, lists.CASES_PER_PART, problems, partial(_problems, base))
    for type, items in _long(base.countermeasures_by_type, base.countermeasure_types):
        id = lists.case_list("countermeasure", type)
        yield from _parts(id, lists.CASES_PER_PART, items, partial(_countermeasures, base))
    yield from _community_parts(peers)
    yield from _compare_parts(peers)


def _long(by_type: Mapping[str, Sequence[Case]], concepts: Concepts) -> Iterator[tuple[str, Sequence[Case]]]:
    """The cases of each own type, where the page of the type or of a broader one leaves some out."""
    for id, cases in by_type.items():
        if len(by_type[broadest(concepts[id], concepts).id]) > lists.MOST_CASES:
            yield id, [case for case in cases if case.type.id == id]


def _parts(
    id: str,
    size: int,
    entries: Sequence[Entry],
    columns: Callable[[Sequence[Entry]], dict[str, Any]],
    form: str = "",
) -> Iterator[Part]:
    for start in range(0, len(entries), size):
        part = entries[start : start + size]
        yield Part(f"{id}/{start // size}", partial(_made, columns, part), part, form)


def _made(columns: Callable[[Sequence[Entry]], dict[str, Any]], entries: Sequence[Entry]) -> bytes:
    return json.dumps(columns(entries), ensure_ascii=False, separators=(",", ":")).encode()


def _turned(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows with the same fields as columns."""
    found = list(rows)
    return {name: [row[name] for row in found] for name in found[0]}


def _link(link: Link) -> list[str]:
    return [link.text, address(link.target)]


# --- Cases ----------------------------------------------------------------------------------------------


def _problems(base: KnowledgeBase, problems: Sequence[Problem]) -> dict[str, Any]:
    cases = (problem_case(problem, base) for problem in problems)
    return _turned(
        {
            "title": case.title,
            "evidence": address(case.evidence),
            "community": _link(case.community),
            "type": _link(case.type),
            "affected": [case.affected.text, case.affected.unit] if case.affected else None,
            "date": case.date,
            "quote": case.quote,
            "countermeasures": [
                {
                    "title": item.title,
                    "evidence": address(item.evidence),
                    "type": _link(item.type),
                    "who": item.who,
                    "status": [item.status_key, item.status],
                    "outcome": _outcome(item),
                }
                for item in case.countermeasures
            ],
        }
        for case in cases
    )


def _countermeasures(base: KnowledgeBase, items: Sequence[Countermeasure]) -> dict[str, Any]:
    cases = (countermeasure_case(item, base) for item in items)
    return _turned(
        {
            "title": case.title,
            "evidence": address(case.evidence),
            "community": _link(case.community),
            "type": _link(case.type),
            "who": case.who,
            "status": [case.status_key, case.status],
            "date": case.date,
            "quote": case.quote,
            "outcome": _outcome(case),
            "addresses": [_link(link) for link in case.addresses],
        }
        for case in cases
    )


def _outcome(case: CountermeasureCase) -> list[str] | None:
    """Text, date and where it stands."""
    outcome = case.outcome
    return [outcome.text, outcome.date, address(outcome.evidence)] if outcome else None


# --- Communities ----------------------------------------------------------------------------------------


def _community_parts(peers: Peers) -> Iterator[Part]:
    if all(len(found) <= communities.MOST_COMMUNITIES for found in peers.by_level.values()):
        return
    for level, found in peers.by_level.items():
        yield from _parts(communities.name_list(level), communities.NAMES_PER_PART, found, partial(_names, peers))
        if len(found) > communities.MOST_COMMUNITIES:
            id = communities.community_list(level)
            yield from _parts(id, communities.PER_PART, found, partial(_communities, peers))


def _names(peers: Peers, found: Sequence[Community]) -> dict[str, Any]:
    return _turned(
        {"link": _link(community_link(item.id, peers.base)), "place": place_name(item.place)} for item in found
    )


def _communities(peers: Peers, found: Sequence[Community]) -> dict[str, Any]:
    entries = (community_entry(community, peers) for community in found)
    return _turned(
        {
            "link": _link(entry.link),
            "place": entry.place,
            "setting": entry.setting,
            "figures": entry.figures,
            "problems": entry.problems,
            "countermeasures": entry.countermeasures,
            "types": [_link(link) for link in entry.problem_types],
            "reports": [[*_link(report.link), report.surveyed] for report in entry.reports],
        }
        for entry in entries
    )


# --- The comparison -------------------------------------------------------------------------------------


def _compare_parts(peers: Peers) -> Iterator[Part]:
    """Of each table that is not shown whole: its rows, and for each group of columns its head and its cells."""
    for level, columns in compare.columns_of(peers).items():
        found, id = peers.by_level[level], compare.table_list(level)
        if compare.MAIN not in columns and len(found) <= compare.MOST_ROWS:
            continue
        yield from _parts(f"{id}/rows", compare.PER_PART, found, partial(_rows, peers.base))
        for group, faces in columns.items():
            form = repr(faces)
            if group != compare.MAIN:
                head = partial(_head, peers, level, group, faces)
                yield Part(f"{id}/{group}/head", partial(_made, head, found), found, form)
            yield from _parts(f"{id}/{group}", compare.PER_PART, found, partial(_cells, peers.base, faces), form)


def _rows(base: KnowledgeBase, found: Sequence[Community]) -> dict[str, Any]:
    rows = (compare.compare_head(community, base) for community in found)
    return _turned(
        {"community": _link(row.community), "place": row.place, "date": row.date, "remark": row.remark}
        for row in rows
    )


def _head(peers: Peers, level: Level, group: str, faces: Sequence[Face], _: Sequence[Community]) -> dict[str, Any]:
    """The columns, and of each summary row its cells: nothing, or text, unit, address and note."""
    shown = compare.column_group(group, faces, peers.base)
    return {
        "label": shown.label,
        "columns": _turned(
            {
                "label": column.label,
                "unit": column.unit,
                "definition": address(column.definition),
                "direction": column.direction,
                "is_per_base": column.is_per_base,
            }
            for column in shown.columns
        ),
        "summaries": [
            [
                cell and [cell.text, cell.unit, cell.evidence and address(cell.evidence), cell.note]
                for cell in row.cells
            ]
            for row in compare.summaries(level, faces, peers)
        ],
    }


def _cells(base: KnowledgeBase, faces: Sequence[Face], found: Sequence[Community]) -> dict[str, Any]:
    """By column, which rows have something to show, and what."""
    indicators = {id: base.indicators[id] for id, _ in faces}
    measures: dict[str, dict[int, Measure]] = {id: {} for id in indicators}
    for i, community in enumerate(found):
        for indicator in mentioned(community, indicators.values()):
            measures[indicator.id][i] = measure(community, indicator)
    return {"columns": [_column(base, measures[id], per_base, found) for id, per_base in faces]}


def _column(
    base: KnowledgeBase, measures: Mapping[int, Measure], per_base: bool, found: Sequence[Community]
) -> dict[str, Any]:
    cells = {i: compare.compare_cell(found[i], item, per_base, base) for i, item in measures.items()}
    filled = {i: _cell(cell) for i, cell in cells.items() if cell.figure != NOT_GIVEN}
    return {"rows": list(filled), "cells": list(filled.values())}


def _cell(cell: compare.CompareCell) -> list[str]:
    """Its kind, text, address, number to sort by, remark and verdict; empty ones at the end are left out."""
    figure = cell.figure
    kind = "gap" if figure.is_gap else "computed" if figure.is_computed else "given"
    where = address(figure.evidence) if figure.evidence else ""
    values = [
        kind,
        figure.text,
        where,
        cell.sort,
        cell.remark or (figure.note if figure.is_gap else ""),
        cell.verdict,
    ]
    while not values[-1]:
        values.pop()
    return values
