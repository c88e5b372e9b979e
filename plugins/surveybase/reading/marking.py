"""Find quotes in a body and mark them, each with its permanent anchor.

A quote is compared without white space, so that a line break in the Markdown does not matter. It must stand
within one block: a paragraph, a list item, a heading, a table cell or, cells joined, a table row. Inside a block it
may cross bold, links and other marks: marks are made the outermost elements of the block and whatever they cut is
divided. Where two quotes overlap without one holding the other, the second is marked in several pieces, of which
only the first carries the anchor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree.ElementTree import Element, SubElement

from surveybase.reading.body import HEADINGS, Body

BLOCKS = frozenset(
    {
        *HEADINGS,
        "p",
        "li",
        "ul",
        "ol",
        "blockquote",
        "pre",
        "hr",
        "table",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
        "div",
    }
)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words to be marked, with the anchor the mark shall have."""

    anchor: str
    text: str


def mark(body: Body, quotes: Sequence[Quote]) -> dict[str, int]:
    """Mark every quote that stands exactly once; the count of places of each quote by its anchor.

    A mark is ``<mark id="ANCHOR">``, its further pieces ``<mark data-of="ANCHOR">``. ``body`` is changed.
    """
    blocks, rows = _blocks(body)
    found: dict[str, int] = {}
    for quote in quotes:
        text = _folded(quote.text)
        places = [place for block in blocks for place in block.find(text)]
        spans = [[place] for place in places] or [place for row in rows for place in _find_in_row(row, text)]
        found[quote.anchor] = len(spans)
        if len(spans) == 1:
            for block, start, end in spans[0]:
                block.spans.append((start, end, quote.anchor))
    marked: set[str] = set()
    for block in blocks:
        if block.spans:
            block.rebuild(marked)
    return found


def once(body: Body) -> Callable[[str], bool]:
    """Whether a quote stands in the body in one place, as :func:`mark` looks for it; ``body`` is not changed."""
    blocks, rows = _blocks(body)
    in_blocks = "\n".join(block.text for block in blocks)
    in_rows = "\n".join("".join(cell.text for cell in row) for row in rows)

    def stands_once(quote: str) -> bool:
        text = _folded(quote)
        whole = in_blocks if text in in_blocks else in_rows
        place = whole.find(text) if text else -1
        return place >= 0 and whole.find(text, place + 1) < 0

    return stands_once


def _folded(text: str) -> str:
    return "".join(text.split())


Chain: TypeAlias = tuple[Element | str, ...]


@dataclass(slots=True)
class _Piece:
    """A run of text, or an element that holds none, with the inline elements around it, outermost first."""

    around: tuple[Element, ...]
    text: str = ""
    element: Element | None = None


class _Block:
    """One block and its own inline content; blocks inside it are pieces that no quote enters or crosses."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.spans: list[tuple[int, int, str]] = []
        self.pieces = list(_pieces(element, ()))
        self.text = "".join(
            "\0" if piece.element is not None and piece.element.tag in BLOCKS else _folded(piece.text)
            for piece in self.pieces
        )

    def find(self, text: str) -> Iterator[tuple[_Block, int, int]]:
        start = self.text.find(text) if text else -1
        while start >= 0:
            yield self, start, start + len(text)
            start = self.text.find(text, start + 1)

    def rebuild(self, marked: set[str]) -> None:
        """Put the block's content together again, marks outermost."""
        # The outer of two nested quotes begins earlier or ends later.
        spans = sorted(self.spans, key=lambda span: (span[0], -span[1], span[2]))
        chains = list(self._chains(spans))
        for child in list(self.element):
            self.element.remove(child)
        self.element.text = None
        open_chain: list[tuple[Element | str, Element]] = []
        for around, piece in chains:
            depth = 0
            while depth < min(len(open_chain), len(around)) and _same(open_chain[depth][0], around[depth]):
                depth += 1
            del open_chain[depth:]
            for step in around[depth:]:
                parent = open_chain[-1][1] if open_chain else self.element
                open_chain.append((step, _opened(parent, step, marked)))
            parent = open_chain[-1][1] if open_chain else self.element
            if piece.element is not None:
                piece.element.tail = None  # it is a piece of its own
                parent.append(piece.element)
            else:
                _append_text(parent, piece.text)

    def _chains(self, spans: Sequence[tuple[int, int, str]]) -> Iterator[tuple[Chain, _Piece]]:
        """Each piece, cut where a mark begins or ends, with all that shall stand around it."""
        cuts = {position for start, end, _ in spans for position in (start, end)}
        position = 0
        for piece in self.pieces:
            if piece.element is not None:
                is_block = piece.element.tag in BLOCKS
                inside = () if is_block else self._open_at(spans, position, within=True)
                yield (*inside, *piece.around), piece
                position += 1 if is_block else 0
                continue
            for text in _cut(piece.text, position, cuts):
                inside = self._open_at(spans, position, within=not _folded(text))
                yield (*inside, *piece.around), _Piece(piece.around, text)
                position += len(_folded(text))

    def _open_at(self, spans: Sequence[tuple[int, int, str]], position: int, *, within: bool) -> tuple[str, ...]:
        """Anchors of the marks around ``position``; with ``within`` only those that began before it."""
        return tuple(
            anchor
            for start, end, anchor in spans
            if (start < position if within else start <= position) and position < end
        )


def _same(left: Element | str, right: Element | str) -> bool:
    return left is right if isinstance(left, Element) else left == right


def _pieces(parent: Element, around: tuple[Element, ...]) -> Iterator[_Piece]:
    if parent.text:
        yield _Piece(around, parent.text)
    for child in list(parent):
        if child.tag in BLOCKS or (not child.text and not len(child)):
            yield _Piece(around, element=child)
        else:
            yield from _pieces(child, (*around, child))
        if child.tail:
            yield _Piece(around, child.tail)


def _cut(text: str, position: int, cuts: set[int]) -> Iterator[str]:
    """The text in runs that begin at the cuts; ``position`` is that of its first visible character."""
    begin = 0
    for i, character in enumerate(text):
        if not character.isspace():
            if position in cuts and i > begin:
                yield text[begin:i]
                begin = i
            position += 1
    if begin < len(text):
        yield text[begin:]


def _opened(parent: Element, step: Element | str, marked: set[str]) -> Element:
    """A new element for one step of a chain: a copy of an inline element, or a mark."""
    if isinstance(step, Element):
        return SubElement(parent, step.tag, dict(step.attrib))
    opened = SubElement(parent, "mark", {"data-of": step} if step in marked else {"id": step})
    marked.add(step)
    return opened


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _blocks(body: Body) -> tuple[list[_Block], list[list[_Block]]]:
    """Every block, and the rows of tables with their cells."""
    blocks = [_Block(element) for element in body.root.iter() if element.tag in BLOCKS]
    block_of = {block.element: block for block in blocks}
    rows = [[block_of[cell] for cell in row if cell in block_of] for row in body.root.iter("tr")]
    return blocks, rows


def _find_in_row(cells: Sequence[_Block], text: str) -> list[list[tuple[_Block, int, int]]]:
    """Places of the text in a row whose cells are joined, each as its parts within the cells."""
    joined = "".join(cell.text for cell in cells)
    places = []
    start = joined.find(text) if text else -1
    while start >= 0:
        parts, offset = [], 0
        for cell in cells:
            low, high = max(start, offset), min(start + len(text), offset + len(cell.text))
            if low < high:
                parts.append((cell, low - offset, high - offset))
            offset += len(cell.text)
        places.append(parts)
        start = joined.find(text, start + 1)
    return places
