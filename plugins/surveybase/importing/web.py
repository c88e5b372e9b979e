"""HTML, a saved page or what a Word file was converted to, as blocks.

Only what is on the list passes the sanitiser: the rest of this module sees well-formed elements and no script. Of
an element that is not on it the words stay, joined to those around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from typing import TypeAlias
from xml.etree.ElementTree import Element, SubElement

import nh3

from surveybase.importing.content import (
    HIDDEN,
    STRUCK_OUT,
    Block,
    Heading,
    Item,
    Paragraph,
    Picture,
    Table,
    Unreadable,
)
from surveybase.reading.body import HEADINGS

VOID = frozenset({"br", "hr", "img"})
BOLD = frozenset({"strong", "b"})
STRUCK = frozenset({"s", "strike", "del"})
INLINE = BOLD | STRUCK
INLINE |= {"a", "abbr", "big", "br", "cite", "code", "em", "font", "i", "img", "ins", "mark", "q", "small", "span"}
INLINE |= {"sub", "sup", "time", "u"}
PASSED = {
    *INLINE,
    *HEADINGS,
    *("p", "div", "hr", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "center", "address"),
    *("section", "article", "main", "header", "hgroup", "figure", "figcaption", "details", "summary", "dialog"),
    *("form", "fieldset", "legend", "label"),
    *("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"),
}
DROPPED = {
    *("script", "style", "title", "noscript", "template", "iframe", "object", "svg", "math"),
    *("nav", "footer", "aside", "select", "datalist", "button", "textarea"),
}
ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"src", "alt"}}
ATTRIBUTES |= {"*": {"hidden", "style"}}
OF_HIDDEN = re.compile(r"(?<![\w-])display\s*:\s*none", re.I)
OF_STRUCK = re.compile(r"line-through", re.I)
OF_RAISED = re.compile(r"(?<![\w-])vertical-align\s*:\s*super", re.I)
OF_LOWERED = re.compile(r"(?<![\w-])vertical-align\s*:\s*sub", re.I)
DEEPEST = 100  # elements within each other
MOST_SPANNED = 100  # rows or columns that one cell covers
MOST_CELLS = 50_000  # of one table, those covered with them

# The picture of an address with its description; None when there is none.
Pictures: TypeAlias = Callable[[str, str], Picture | None]


def blocks_of(html: str, pictures: Pictures, left_out: list[str]) -> Iterator[Block]:
    """The blocks of the document, in order; ``pictures`` knows those that it may show.

    What is left out that may be missed is added to ``left_out``, in Chinese.
    """
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
    left_out += builder.left_out()
    yield from _Walk(pictures).blocks(builder.root)


class _Builder(HTMLParser):
    """Well-formed HTML as a tree; what is nested too deep is put beside instead.

    What is hidden or struck out gets no place in the tree.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("div")
        # Each with its digits; elements nested too deep are that around them again.
        self._open: list[tuple[Element, Digits]] = [(self.root, {})]
        self._out: list[tuple[str, Element]] = []

    def left_out(self) -> Iterator[str]:
        yield from dict.fromkeys(said for said, element in self._out if "".join(element.itertext()).strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        parent, digits = self._open[-1]
        said = _unseen(tag, attributes)
        if said:
            element = Element(tag)
            self._out.append((said, element))
        else:
            is_deep = len(self._open) >= DEEPEST and tag not in VOID
            element = parent if is_deep else SubElement(parent, tag, attributes)
        if tag not in VOID:
            self._open.append((element, _digits(tag, attributes) or digits))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        parent, digits = self._open[-1]
        data = data.translate(digits)
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


def _unseen(tag: str, attributes: Mapping[str, str]) -> str:
    """Why nobody is to read the words of an element, in Chinese; empty when they are to be read."""
    style = attributes.get("style", "")
    if "hidden" in attributes or OF_HIDDEN.search(style):
        return HIDDEN
    return STRUCK_OUT if tag in STRUCK or OF_STRUCK.search(style) else ""


Digits: TypeAlias = Mapping[int, int]  # what they are written as

# So that 10⁴ does not become 104, nor a figure with the number of a note another figure.
PLAIN = "0123456789+-０１２３４５６７８９＋－"
RAISED = str.maketrans(PLAIN, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻" * 2)
LOWERED = str.maketrans(PLAIN, "₀₁₂₃₄₅₆₇₈₉₊₋" * 2)


def _digits(tag: str, attributes: Mapping[str, str]) -> Digits | None:
    """The digits of an element; None when they are those of the text around it."""
    style = attributes.get("style", "")
    if tag == "sup" or OF_RAISED.search(style):
        return RAISED
    return LOWERED if tag == "sub" or OF_LOWERED.search(style) else None


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
            if text := " ".join(_lines(element)):
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
            elif child.tag in INLINE:
                yield from self._inside(child, is_bold or child.tag in BOLD, depth)
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
        if caption is not None and (title := " ".join(_lines(caption))):
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
    lines = _lines(cell)
    return "；".join(lines) if any(len(line) > LONG_LINE for line in lines) else " ".join(lines)


LONG_LINE = 12  # lines of a few words are broken for the width of the column


def _lines(element: Element) -> list[str]:
    """The words of an element, a line for each block and break inside it."""
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

    visit(element)
    return [line for part in "".join(parts).split("\n") if (line := folded(part))]


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
