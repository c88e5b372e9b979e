"""The words of a report that state something, long enough to stand in it only once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from surveybase.importing.stretches import Stretch

LONGEST = 1_000  # characters
MOST_TRIED = 30
CUT = re.compile(r"[，。；：、！？,;:!?]")
EDGES = " ，。；：、,;:"


def quote_of(stretch: Stretch, start: int, end: int, holds: Callable[[str], bool]) -> str | None:
    """The words from ``start`` to ``end``, with as many clauses around as it takes; None when nothing holds."""
    for low, high in islice(_wider(stretch, start, end), MOST_TRIED):
        words = stretch.text[low:high].strip(" ")
        if len(words) <= LONGEST and holds(words):
            return words
    return None


def _wider(stretch: Stretch, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The place itself, then from the clause before it, then to the clause behind it, then all of the stretch."""
    text = stretch.text
    while start < end and text[start] in EDGES:
        start += 1
    while end > start and text[end - 1] in " ，、：,:":
        end -= 1
    yield start, end
    if stretch.cells:
        begins = [cell.start for cell in stretch.cells if cell.start < start]
        ends = [cell.end for cell in stretch.cells if cell.end > end]
        yield from ((begin, end) for begin in reversed(begins))
        yield from ((0, later) for later in ends)
        return
    low, high = max(0, start - LONGEST), min(len(text), end + LONGEST)
    cuts = [match.end() for match in CUT.finditer(text, low, high)]
    before = [low, *(cut for cut in cuts if cut < start)]
    yield from ((begin, end) for begin in reversed(before))
    yield from ((before[0], later) for later in (*(cut for cut in cuts if cut > end), high))
