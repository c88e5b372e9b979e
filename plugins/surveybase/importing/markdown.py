"""Blocks as the Markdown of a report, in which every character of theirs is only text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from surveybase.importing.content import Block, Heading, Item, Paragraph, Picture, Table

SPECIAL = re.compile(r"[\\`*_\[\]|]")
# What makes a list, a heading or a quotation of a line, or of the line above.
LEADING = re.compile(r"(?:[#>+-]|(?P<number>[0-9]+)(?=[.)]))")
HASHES = re.compile(r"#(?=#*$)")  # a heading may end in them
ESCAPED_HASH = r"\\#"
INDENT = "    "


def markdown(blocks: Iterable[Block], names: Iterable[str]) -> str:
    """The text; ``names`` are the addresses of the pictures, in order."""
    addresses = iter(names)
    written: list[str] = []
    last: Block | None = None
    for block in blocks:
        if written and not _continues(block, last):
            written.append("")
        written += _lines(block, addresses, last)
        last = block
    return "\n".join(written) + "\n" if written else ""


def _continues(block: Block, last: Block | None) -> bool:
    """Whether both are entries of one list."""
    if not isinstance(block, Item) or not isinstance(last, Item):
        return False
    return block.depth > 0 or block.is_numbered is last.is_numbered


def _lines(block: Block, addresses: Iterator[str], last: Block | None) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"{'#' * level} {HASHES.sub(ESCAPED_HASH, escaped(text))}"
        case Paragraph(text):
            yield leading(escaped(text))
        case Item(text, depth, is_numbered):
            around = min(depth, last.depth + 1) if isinstance(last, Item) else 0
            yield f"{INDENT * around}{'1.' if is_numbered else '-'} {leading(escaped(text))}"
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
