"""The passages of a body: what a search leads to, each with an anchor that lasts.

A passage is a paragraph, a list item or a table row, long ones cut between sentences. The anchor of a block is
made from its words, so that it stays when other blocks come and go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from xml.etree.ElementTree import Element

from surveybase.reading.body import HEADINGS, Body

LONGEST = 80  # characters: about two lines of a result
FEW = 14  # words that only lead in
SENTENCE = re.compile(r"[^。！？!?]+(?:[。！？!?]+[”’」』）)]*|$)")
CONTAINERS = frozenset({"ul", "ol", "blockquote", "table", "thead", "tbody", "div"})
BLOCKS = CONTAINERS | {"p", "li", "pre", "tr", "td", "th", "hr", *HEADINGS}


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one block: ``marks`` are the anchors of the evidence in them, ``whole`` those that fill them.

    ``anchor`` is that of the block; ``is_part`` says that the block holds other words besides. ``heading`` is
    the nearest heading above, for a table row with the words of the table's head.
    """

    anchor: str
    text: str
    heading: str
    marks: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    is_part: bool = False


def divide(body: Body) -> tuple[Passage, ...]:
    """The passages of a body in order, marks already made. Gives every block without an id its anchor."""
    taken = {anchor for element in body.root.iter() if (anchor := element.get("id"))}
    found: list[Passage] = []
    for element, heading in _blocks(body.root):
        text, spans = _content(element)
        if not text:
            continue
        if not (anchor := element.get("id")):
            anchor = _unused(text, taken)
            element.set("id", anchor)
        found += _cut(anchor, text, heading, spans)
    return tuple(found)


def _blocks(root: Element) -> Iterator[tuple[Element, str]]:
    """Every block with words of its own, and its heading."""
    heading, head = "", ""
    for element in root.iter():
        if element.tag in HEADINGS:
            heading = _words(element)
        elif element.tag == "table":
            head = " ".join(_words(cell) for cell in element.iter("th"))
        elif element.tag == "tr" and element.find("td") is not None:
            yield element, f"{heading} {head}".strip()
        elif element.tag in {"p", "li", "pre"}:
            yield element, heading


def _words(element: Element) -> str:
    return "".join("".join(element.itertext()).split())


def _content(element: Element) -> tuple[str, list[tuple[int, int, str]]]:
    """The own words of a block, and where in them each mark begins and ends; cells are joined by a space."""
    parts: list[str] = []
    spans: dict[str, tuple[int, int]] = {}

    def size() -> int:
        return sum(map(len, parts))

    def visit(parent: Element) -> None:
        _add(parts, parent.text)
        for child in parent:
            if child.tag in {"td", "th"}:
                if size():
                    parts.append(" ")
                visit(child)
            elif child.tag == "mark":
                begin = size()
                visit(child)
                anchor = child.get("id") or child.get("data-of") or ""
                spans[anchor] = (spans[anchor][0] if anchor in spans else begin, size())
            elif child.tag not in BLOCKS:
                visit(child)
            _add(parts, child.tail if child.tag not in {"td", "th"} else None)

    visit(element)
    return "".join(parts), [(begin, end, anchor) for anchor, (begin, end) in spans.items()]


def _add(parts: list[str], text: str | None) -> None:
    if text:
        parts.append("".join(text.split()))


def _cut(anchor: str, text: str, heading: str, spans: list[tuple[int, int, str]]) -> Iterator[Passage]:
    """The block as one passage, or cut between sentences where it is long or a mark fills a sentence of it."""
    cuts = _cuts(text, spans)
    for begin, end in pairwise(cuts):
        inside = [span for span in spans if span[0] < end and span[1] > begin]
        yield Passage(
            anchor,
            text[begin:end],
            heading,
            tuple(mark for _, _, mark in inside),
            tuple(mark for low, high, mark in inside if _fills(text, low, high, begin, end)),
            is_part=len(cuts) > 2,
        )


def _cuts(text: str, spans: list[tuple[int, int, str]]) -> list[int]:
    ends = [match.end() for match in SENTENCE.finditer(text)] or [len(text)]
    ends[-1] = len(text)
    # A mark that crosses the end of a sentence keeps both together.
    ends = [end for end in ends if not any(low < end < high for low, high, _ in spans)]
    cuts = [0]
    for end, following in pairwise(ends):
        begin = cuts[-1]
        is_apart = following - begin > LONGEST or _is_filled(text, spans, end, following)
        # A few words that lead in stay with what they lead to.
        if _is_filled(text, spans, begin, end) or (is_apart and end - begin > FEW):
            cuts.append(end)
    return [*cuts, len(text)]


def _is_filled(text: str, spans: list[tuple[int, int, str]], begin: int, end: int) -> bool:
    return any(_fills(text, low, high, begin, end) for low, high, mark in spans if mark[:2] in {"p-", "c-"})


def _fills(text: str, low: int, high: int, begin: int, end: int) -> bool:
    """Whether no more than a few words are left of a passage without the mark."""
    rest = text[begin : max(low, begin)] + text[min(high, end) : end]
    return low < end and high > begin and sum(map(str.isalnum, rest)) <= FEW


def _unused(text: str, taken: set[str]) -> str:
    base = "t-" + blake2b(text.encode(), digest_size=4).hexdigest()
    anchor, number = base, 1
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    taken.add(anchor)
    return anchor
