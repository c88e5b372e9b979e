"""HTML, a saved page or what a Word file was converted to, as blocks.

Only what is on the list passes the sanitiser: the rest of this module sees well-formed elements and no script.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import TypeAlias
from xml.etree.ElementTree import Element, SubElement

import nh3

from surveybase.importing.content import Block, Heading, Item, Paragraph, Picture, Table, Unreadable
from surveybase.reading.body import HEADINGS

PASSED = {
    *HEADINGS,
    *("p", "div", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "section", "article", "main", "center"),
    *("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "strong", "b", "img"),
}
DROPPED = {
    *("script", "style", "title", "noscript", "template", "iframe", "object", "svg", "math"),
    *("nav", "header", "footer", "aside", "select", "button", "textarea"),
}
ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"src", "alt"}}
VOID = frozenset({"br", "hr", "img"})
BOLD = frozenset({"strong", "b"})
INLINE = BOLD | {"br", "img"}
DEEPEST = 100  # elements within each other
MOST_SPANNED = 100  # rows or columns that one cell covers
MOST_CELLS = 50_000  # of one table, those covered with them

# The picture of an address with its description; None when there is none.
Pictures: TypeAlias = Callable[[str, str], Picture | None]


def blocks_of(html: str, pictures: Pictures) -> Iterator[Block]:
    """The blocks of the document, in order; ``pictures`` knows those that it may show."""
    clean = nh3.clean(
        html,
        tags=PASSED,
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        url_schemes={"data", "picture"},
        link_rel=None,
    )
    builder = _Builder()
    builder.feed(clean)
    builder.close()
    yield from _Walk(pictures).blocks(builder.root)


class _Builder(HTMLParser):
    """Well-formed HTML as a tree; what is nested too deep is put beside instead."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("div")
        self._open = [self.root]
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in VOID:
            SubElement(self._open[-1], tag, attributes)
            return
        self._depth += 1
        if self._depth < DEEPEST:
            self._open.append(SubElement(self._open[-1], tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self._depth:
            return
        if self._depth < DEEPEST:
            self._open.pop()
        self._depth -= 1

    def handle_data(self, data: str) -> None:
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


class _Walk:
    """The way through a tree: words are gathered until a block ends."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._words: list[tuple[str, bool]] = []

    def blocks(self, element: Element, depth: int = -1, is_numbered: bool = False) -> Iterator[Block]:
        """The blocks inside an element; ``depth`` counts the lists around it."""
        tag = element.tag
        if tag == "table":
            yield from self._flush()
            yield from self._table(element)
        elif tag in {"ul", "ol"}:
            yield from self._flush()
            for child in element:
                yield from self.blocks(child, depth + 1, tag == "ol")
        elif tag in HEADINGS:
            yield from self._flush()
            if text := folded("".join(element.itertext())):
                yield Heading(int(tag[1]), text)
            yield from self._only_pictures(element)
        elif tag == "li":
            yield from self._flush()
            yield from self._item(element, max(depth, 0), is_numbered)
        else:
            yield from self._flush()
            yield from self._inside(element, False, depth)
            yield from self._flush()

    def _inside(self, element: Element, is_bold: bool, depth: int) -> Iterator[Block]:
        self._add(element.text, is_bold)
        for child in element:
            if child.tag == "br":
                yield from self._flush()
            elif child.tag == "img":
                if picture := self._picture(child):
                    yield from self._flush()
                    yield picture
            elif child.tag in BOLD:
                yield from self._inside(child, True, depth)
            else:
                yield from self.blocks(child, depth)
            self._add(child.tail, is_bold)

    def _item(self, element: Element, depth: int, is_numbered: bool) -> Iterator[Block]:
        """A list entry: the first words are the entry, whatever blocks follow stand behind it."""
        is_first = True
        for block in self._content(element, depth):
            if is_first and isinstance(block, Paragraph):
                yield Item(block.text, depth, is_numbered)
            elif isinstance(block, Paragraph):
                yield Item(block.text, depth + 1)
            else:
                yield block
            is_first = is_first and isinstance(block, Picture)

    def _content(self, element: Element, depth: int) -> Iterator[Block]:
        yield from self._inside(element, False, depth)
        yield from self._flush()

    def _add(self, text: str | None, is_bold: bool) -> None:
        if text:
            self._words.append((text, is_bold))

    def _flush(self) -> Iterator[Block]:
        text = folded("".join(words for words, _ in self._words))
        is_bold = all(bold for words, bold in self._words if words.strip())
        self._words.clear()
        if text:
            yield Paragraph(text, is_bold)

    def _picture(self, element: Element) -> Picture | None:
        return self._pictures(element.get("src", ""), folded(element.get("alt", "")))

    def _only_pictures(self, element: Element) -> Iterator[Block]:
        yield from (picture for image in element.iter("img") if (picture := self._picture(image)))

    def _table(self, table: Element) -> Iterator[Block]:
        caption = next((child for child in table if child.tag == "caption"), None)
        if caption is not None and (title := folded("".join(caption.itertext()))):
            yield Paragraph(title)
        rows = _grid([[(_words_of(cell), *_spans(cell)) for cell in row] for row in _rows(table)])
        if len(rows) == 1 or max(map(len, rows), default=0) == 1:
            # A frame around text, or a line: nothing is told by rows and columns.
            yield from (Paragraph(text) for row in rows for text in row if text)
        elif rows:
            yield Table(rows)
        yield from self._only_pictures(table)


def folded(text: str) -> str:
    """The text with white space, ideographic blanks with it, as single blanks, and none at the ends."""
    return " ".join(text.split())


# --- Tables ---------------------------------------------------------------------------------------------

Spanning: TypeAlias = tuple[str, int, int]  # the words of a cell, and how many columns and rows it covers


def _rows(table: Element) -> Iterator[list[Element]]:
    for part in table:
        if part.tag == "tr":
            yield [cell for cell in part if cell.tag in {"td", "th"}]
        elif part.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows(part)


def _words_of(cell: Element) -> str:
    """The words of a cell in one line; a table inside it is read row by row."""
    parts: list[str] = []

    def visit(element: Element) -> None:
        if element.tag not in INLINE and parts and parts[-1] != "\n":
            parts.append("\n")
        parts.append(element.text or "")
        for child in element:
            if child.tag == "br":
                parts.append("\n")
            visit(child)
            if child.tag not in INLINE:
                parts.append("\n")
            parts.append(child.tail or "")

    visit(cell)
    lines = [line for part in "".join(parts).split("\n") if (line := folded(part))]
    return "；".join(lines) if any(len(line) > LONG_LINE for line in lines) else " ".join(lines)


LONG_LINE = 12  # lines of a few words are broken for the width of the column


def _spans(cell: Element) -> tuple[int, int]:
    return _span(cell.get("colspan")), _span(cell.get("rowspan"))


def _span(value: str | None) -> int:
    return min(max(int(value), 1), MOST_SPANNED) if value and re.fullmatch("[0-9]{1,4}", value) else 1


def _grid(rows: list[list[Spanning]]) -> tuple[tuple[str, ...], ...]:
    """Each cell in its column. What a merged cell covers says its words again, but never a figure twice."""
    taken: dict[tuple[int, int], str] = {}
    for i, row in enumerate(rows):
        column = 0
        for text, columns, depth in row:
            while (i, column) in taken:
                column += 1
            covered = "" if any(character.isdecimal() for character in text) else text
            for place in ((i + down, column + right) for down in range(depth) for right in range(columns)):
                taken.setdefault(place, covered)
            taken[i, column] = text
            if len(taken) > MOST_CELLS:
                raise Unreadable("有一张表格太大，不读；请拆成几张，或者只留要紧的部分")
    width = max((column for _, column in taken), default=-1) + 1
    filled = (tuple(taken.get((i, column), "") for column in range(width)) for i in range(len(rows)))
    return tuple(row for row in filled if any(row))
