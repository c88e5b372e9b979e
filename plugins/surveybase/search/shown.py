"""What the index shows of its records: their texts in blocks, and their facets in columns."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

TEXTS_IN_BLOCK = 16

# A record as the index needs it: kind, what is shown of it, its facets, and its terms with the impact of each.
Prepared = tuple[str, tuple[Any, ...], tuple[Any, ...], tuple[Any, ...], str, bytes]


class Shown:
    """What is shown of the records, and what they can be filtered by; numbers without a record have nothing."""

    def __init__(self, size: int) -> None:
        self._unfinished: dict[str, tuple[int, list[Any]]] = {}
        self._texts = [b""] * -(-size // TEXTS_IN_BLOCK)
        self._items, self._places = _Column(size), _Column(size)

    def noted(self, number: int, record: Prepared) -> Prepared:
        """The same record. Those of one kind come in the order of their numbers."""
        kind, shown, item, place, *_ = record
        block = number // TEXTS_IN_BLOCK
        if kind not in self._unfinished or self._unfinished[kind][0] != block:
            self._finish(kind)
            self._unfinished[kind] = block, [()] * min(TEXTS_IN_BLOCK, self._items.size - block * TEXTS_IN_BLOCK)
        self._unfinished[kind][1][number % TEXTS_IN_BLOCK] = shown
        self._items.put(number, item)
        self._places.put(number, place)
        return record

    def texts(self) -> list[bytes]:
        """The texts of each block of numbers."""
        for kind in list(self._unfinished):
            self._finish(kind)
        return self._texts

    def columns(self, numbers: int) -> Iterator[dict[str, Any]]:
        """For each part of so many numbers two tables of distinct rows, with pairs of a row and how many numbers
        on end have it.

        ``items``: problem types, countermeasure types, who, status. ``places``: region, setting, year. They are
        apart, as the one changes from record to record and the other from report to report.
        """
        for start in range(0, self._items.size, numbers):
            part = slice(start, start + numbers)
            items, item_runs = self._items.runs(part)
            places, place_runs = self._places.runs(part)
            yield {"items": items, "itemRuns": item_runs, "places": places, "placeRuns": place_runs}

    def _finish(self, kind: str) -> None:
        if kind in self._unfinished:
            block, rows = self._unfinished.pop(kind)
            self._texts[block] = _texts(rows)


class _Column:
    """A value for each number, ``()`` until it is put; equal values are kept once."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._distinct: dict[tuple[Any, ...], int] = {(): 0}
        self._rows = array("I", bytes(4 * size))

    def put(self, number: int, value: tuple[Any, ...]) -> None:
        self._rows[number] = self._distinct.setdefault(value, len(self._distinct))

    def runs(self, part: slice) -> tuple[list[tuple[Any, ...]], list[int]]:
        """Of a part of the numbers the distinct values, and pairs of a place among them and a count."""
        values = list(self._distinct)
        found: dict[int, int] = {}
        runs: list[int] = []
        for row, same in groupby(self._rows[part]):
            runs += [found.setdefault(row, len(found)), sum(1 for _ in same)]
        return [values[row] for row in found], runs


def _texts(rows: Sequence[Sequence[Any]]) -> bytes:
    """Pages and communities once, then per record: id, page, anchor, community, title, text, is part."""
    pages: dict[str, int] = {}
    communities: dict[tuple[str, str], int] = {}
    written: list[Any] = []
    for shown in rows:
        if not shown:
            written.append(0)
            continue
        id, page, anchor, community, title, text, is_part = shown
        page, community = pages.setdefault(page, len(pages)), communities.setdefault(community, len(communities))
        written.append([id, page, anchor, community, title, text, is_part])
    return as_json({"pages": list(pages), "communities": [list(pair) for pair in communities], "records": written})


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
