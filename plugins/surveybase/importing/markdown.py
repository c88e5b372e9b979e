"""Blocks as the Markdown of a report, in which every character of theirs is only text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from surveybase.importing.content import Block, Heading, Item, Paragraph, Picture, Table

SPECIAL = re.compile(r"[\\`*_\[\]|]")
# What makes a list, a heading or a quotation of a line, or of the line above.
LEADING = re.compile(r"(?:[#>+-]|~(?=~~)|(?P<number>[0-9]+)(?=[.)]))")
HASHES = re.compile(r"#(?=#*$)")  # a heading may end in them
ESCAPED_HASH = r"\\#"
INDENT = "    "


def markdown(blocks: Iterable[Block], names: Iterable[str]) -> str:
    """The text; ``names`` are the addresses of the pictures, in order."""
    addresses = iter(names)
    written: list[str] = []
    last: Block | None = None
    kinds: list[bool] = []  # of the lists around an entry, the outermost first, whether they are numbered
    for block in blocks:
        is_same_list = _continues(block, last)
        if written and not is_same_list:
            written.append("")
        if isinstance(block, Item):
            # An entry is at most one list deeper than the last, and a list has one kind of entries.
            kinds = kinds[: block.depth + 1] if is_same_list else []
            kinds += [block.is_numbered] if len(kinds) <= block.depth else []
            written.append(
                f"{INDENT * (len(kinds) - 1)}{'1.' if kinds[-1] else '-'} {leading(escaped(block.text))}"
            )
        else:
            written += _lines(block, addresses)
        last = block
    return "\n".join(written) + "\n" if written else ""


def _continues(block: Block, last: Block | None) -> bool:
    """Whether both are entries of one list."""
    if not isinstance(block, Item) or not isinstance(last, Item):
        return False
    return block.depth > 0 or block.is_numbered is last.is_numbered


def _lines(block: Heading | Paragraph | Table | Picture, addresses: Iterator[str]) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"{'#' * level} {HASHES.sub(ESCAPED_HASH, escaped(text))}"
        case Paragraph(text):
            yield leading(escaped(text))
        case Table(rows):
            head, *others = (f"| {' | '.join(map(escaped, row))} |" for row in rows)
            yield head
            yield f"|{' --- |' * len(rows[0])}"
            yield from others
        case Picture():
            yield f"![{escaped(block.description)}]({next(addresses)})"


def escaped(text: str) -> str:
    """The text with the marks of Markdown as themselves; a sign for less cannot be, and becomes its wide form."""
    return SPECIAL.sub(lambda mark: "\\" + mark[0], text).replace("<", "＜")


def leading(line: str) -> str:
    """A line whose beginning is no mark."""
    if match := LEADING.match(line):
        at = match.end("number") if match["number"] else 0
        return f"{line[:at]}\\{line[at:]}"
    return line
