"""HTML in a Markdown text, found in the text itself so that it can be named with its line and column.

The converter shows HTML as the text it is; a contributor shall learn of it all the same, and the site shall not
rest on one layer alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveybase.diagnostics import Diagnostic, Location, Position

# The beginning of a tag, a comment, a declaration or an instruction; not the address <https://…>.
TAG = re.compile(r"<(?!https?://[^\s<>]*>)(?=[A-Za-z/!?])[^\s<>]{0,30}>?")
CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
FENCE = re.compile(r"(`{3,}|~{3,})")


def html_in(markdown: str, path: str, first_line: int) -> Iterator[Diagnostic]:
    """One finding for each tag outside code; ``first_line`` is that of the text in its file."""
    for number, line in _lines_without_code(markdown, first_line):
        for tag in TAG.finditer(line):
            yield Diagnostic(
                Location(path, Position(number, tag.start() + 1)),
                "markdown-html",
                "不能用 HTML",
                "用 Markdown 的写法，或删去；小于号写成全角“＜”，举例的代码放在反引号里",
                value=tag[0],
            )


def _lines_without_code(markdown: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Each line with its number, code spans blanked out; lines between fences are left out."""
    fence = ""
    for number, line in enumerate(markdown.split("\n"), first_line):
        if fence:
            if line.rstrip() == fence:
                fence = ""
        elif opening := opened_fence(line):
            fence = opening
        else:
            yield number, CODE.sub(lambda span: " " * len(span[0]), line)
    # A fence that never ends is not one: what follows it was not looked at.
    if fence:
        yield from _lines_after_open_fence(markdown, first_line, fence)


def _lines_after_open_fence(markdown: str, first_line: int, fence: str) -> Iterator[tuple[int, str]]:
    lines = markdown.split("\n")
    last = max(i for i, line in enumerate(lines) if opened_fence(line) == fence)
    yield from enumerate(lines[last + 1 :], first_line + last + 1)


def opened_fence(line: str) -> str:
    """The fence that the line opens, empty when it opens none."""
    match = FENCE.match(line)
    return match[1] if match and "`" not in line[match.end() :] else ""
