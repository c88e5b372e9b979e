"""A body as the stretches of text that figures and sentences are looked for in.

A stretch is what a quote may lie in: the own words of one block, or the cells of a table row, joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from surveybase.reading.body import HEADINGS, Body
from surveybase.reading.marking import BLOCKS

WITHOUT_WORDS = frozenset({"ul", "ol", "table", "thead", "tbody", "tr", "div", "pre", "hr", "blockquote"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row: where its text begins and ends in the stretch, and the head of its column."""

    start: int
    end: int
    head: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """``headings`` are those above, outermost first; ``lead`` ends in a colon and introduces a list or table."""

    text: str
    headings: tuple[str, ...]
    lead: str = ""
    cells: tuple[Cell, ...] = ()


def stretches(body: Body) -> Iterator[Stretch]:
    """Every stretch in the order of the body; headings are not among them."""
    headings: list[tuple[int, str]] = []
    lead = ""
    columns: tuple[str, ...] = ()
    for element in body.root.iter():
        if element.tag in HEADINGS:
            level = int(element.tag[1])
            headings = [item for item in headings if item[0] < level]
            headings.append((level, own_words(element)))
            lead = ""
            continue
        titles = tuple(title for _, title in headings)
        if element.tag == "table":
            columns = tuple(own_words(cell) for cell in element.iter("th"))
        elif element.tag == "tr":
            if element.find("td") is not None:
                yield _row([own_words(cell) for cell in element], columns, titles, lead)
        elif element.tag not in {*WITHOUT_WORDS, "td", "th"} and element.tag in BLOCKS:
            text = own_words(element)
            if text:
                yield Stretch(text, titles, lead if element.tag == "li" else "")
            if element.tag == "p":
                lead = text if text.endswith(("：", ":")) else ""


def _row(cells: list[str], columns: tuple[str, ...], headings: tuple[str, ...], lead: str) -> Stretch:
    text, placed = "", []
    for i, cell in enumerate(cells):
        text += " " if text and cell else ""
        placed.append(Cell(len(text), len(text) + len(cell), columns[i] if i < len(columns) else ""))
        text += cell
    return Stretch(text, headings, lead, tuple(placed))


def own_words(element: Element) -> str:
    """The words of a block without those of the blocks inside it."""
    return " ".join("".join(_words(element)).split())


def _words(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in BLOCKS:
            yield from _words(child)
        yield child.tail or ""
