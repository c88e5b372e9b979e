"""How large, long and deep a Markdown text may be, judged before it is converted.

The converter works by recursion and by patterns that look ahead: deep nesting exhausts the stack and one endless
line takes minutes. What is slow all the same is stopped by :mod:`surveybase.reading.isolation`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveybase.diagnostics import Diagnostic, Location, Position

LARGEST_TEXT = 200_000  # characters; the longest of the real surveys has 10,000
LONGEST_LINE = 10_000
DEEPEST_NESTING = 8  # quotes and lists within each other
DEEPEST_INDENT = 40
DEEPEST_BRACKETS = 20

NESTING = re.compile(r"(?:[ \t]*(?:>|[*+-][ \t]|[0-9]{1,9}[.)][ \t]))+")
MARKER = re.compile(r">|[*+-][ \t]|[0-9]{1,9}[.)][ \t]")
REMEDY = "拆成几份报告，或者写得简单一些"


def faults_of_size(markdown: str, path: str, first_line: int) -> Iterator[Diagnostic]:
    """What is too large, too long or too deep; ``first_line`` is that of the text in its file."""
    if len(markdown) > LARGEST_TEXT:
        where = Location(path, Position(first_line))
        yield Diagnostic(where, "markdown-limit", f"正文超过 {LARGEST_TEXT} 字", REMEDY, value=str(len(markdown)))
    for number, line in enumerate(markdown.split("\n"), first_line):
        if fault := _fault_of_line(line):
            column, message = fault
            yield Diagnostic(Location(path, Position(number, column)), "markdown-limit", message, REMEDY)


def _fault_of_line(line: str) -> tuple[int, str] | None:
    """Column and message."""
    if len(line) > LONGEST_LINE:
        return LONGEST_LINE + 1, f"一行超过 {LONGEST_LINE} 字"
    if (start := NESTING.match(line)) and len(MARKER.findall(start[0])) > DEEPEST_NESTING:
        return 1, f"引用和列表套了超过 {DEEPEST_NESTING} 层"
    indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip(" "))
    if indent > DEEPEST_INDENT and line.strip():
        return 1, f"缩进超过 {DEEPEST_INDENT} 格"
    depth = 0
    for column, character in enumerate(line, 1):
        depth += (character in "[(") - (character in "])" and depth > 0)
        if depth > DEEPEST_BRACKETS:
            return column, f"括号套了超过 {DEEPEST_BRACKETS} 层"
    return None
