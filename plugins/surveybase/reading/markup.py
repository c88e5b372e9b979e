"""HTML in a Markdown text, found in the text itself so that it can be named with its line and column.

The converter shows HTML as the text it is; a contributor shall learn of it all the same, and the site shall not
rest on one layer alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from surveybase.diagnostics import Diagnostic, Location, Position
from surveybase.reading.source import Source

FENCE_OF_FRONT_MATTER = "---"

# The beginning of a tag, a comment, a declaration or an instruction; not the address <https://…>.
TAG = re.compile(r"<(?!https?://[^\s<>]*>)(?=[A-Za-z/!?])[^\s<>]{0,30}>?")
CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
FENCE = re.compile(r"(`{3,}|~{3,})")


def html_in(source: Source) -> Iterator[Diagnostic]:
    """One finding for each tag of a Markdown file, outside its front matter and outside code."""
    lines = source.text.split("\n")
    is_front = lines[0].rstrip() == FENCE_OF_FRONT_MATTER
    closing = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE_OF_FRONT_MATTER), 0)
    begin = closing + 1 if is_front and closing else 0
    for number, line in _lines_without_code(lines[begin:], begin + 1):
        for tag in TAG.finditer(line):
            yield Diagnostic(
                Location(source.path, Position(number, tag.start() + 1)),
                "markdown-html",
                "不能用 HTML",
                "用 Markdown 的写法，或删去；小于号写成全角“＜”，举例的代码放在反引号里",
                value=tag[0],
            )


def _lines_without_code(lines: Sequence[str], first_line: int) -> Iterator[tuple[int, str]]:
    """Each line with its number, code spans blanked out; lines between fences are left out."""
    fence = ""
    for number, line in enumerate(lines, first_line):
        if fence:
            if line.rstrip() == fence:
                fence = ""
        elif opening := opened_fence(line):
            fence = opening
        else:
            yield number, CODE.sub(lambda span: " " * len(span[0]), line)
    if fence:  # one that never ends is none: what follows it was not looked at
        last = max(i for i, line in enumerate(lines) if opened_fence(line) == fence)
        yield from enumerate(lines[last + 1 :], first_line + last + 1)


def opened_fence(line: str) -> str:
    """The fence that the line opens, empty when it opens none."""
    match = FENCE.match(line)
    return match[1] if match and "`" not in line[match.end() :] else ""
