"""The words of a report that state something, long enough to stand in it only once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from surveybase.importing.stretches import Stretch

LONGEST = 1_000  # characters
CUT = re.compile(r"[，。；：、！？,;:!?]")
EDGES = " ，。；：、,;:"


def quote_of(stretch: Stretch, start: int, end: int, holds: Callable[[str], bool]) -> str | None:
    """The words from ``start`` to ``end``, with as many clauses around as it takes; None when nothing holds."""
    for low, high in _wider(stretch, start, end):
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
    cuts = [match.end() for match in CUT.finditer(text)]
    yield from ((begin, end) for begin in reversed([0, *(cut for cut in cuts if cut < start)]))
    yield from ((0, later) for later in (*(cut for cut in cuts if cut > end), len(text)))
