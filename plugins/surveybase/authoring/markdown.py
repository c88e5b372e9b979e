"""The one way in which the text of a report is laid out: what a reader does not see is always the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from surveybase.reading.body import convert
from surveybase.reading.limits import faults_of_size
from surveybase.reading.markup import opened_fence

HEADING = re.compile(r"(#{1,6})(?!#)[ \t]*(.*?)$")
BULLET = re.compile(r"^( *)[*+](?= +[^\s*+])")
INDENTED = re.compile(r"(?: {4}|\t)")
LINE_BREAK = "  "  # at the end of a line within a paragraph


def tidied(markdown: str) -> str:
    """The text with one blank line between its parts, around headings too, with ``-`` before the items of lists and
    nothing behind its lines; as it is where a reader would then see something else, or where it cannot be read."""
    if next(faults_of_size(markdown, "", 1), None):
        return markdown
    tidy = "\n".join(_spaced(_rows(markdown.split("\n")))) + "\n" if markdown.strip() else ""
    try:
        return tidy if _seen(convert(tidy).root) == _seen(convert(markdown).root) else markdown
    except Exception:  # whatever the converter does with a text, it stays as it is
        return markdown


def _rows(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is code, which stays as it is."""
    fence = ""
    for i, line in enumerate(lines):
        if fence:
            yield line, True
            fence = "" if line.rstrip() == fence else fence
        elif (opening := opened_fence(line)) and any(later.rstrip() == opening for later in lines[i + 1 :]):
            fence = opening
            yield line.rstrip(), True
        elif INDENTED.match(line):
            yield line, True
        else:
            following = lines[i + 1].strip() if i + 1 < len(lines) else ""
            is_paragraph = all(part and not HEADING.match(part) for part in (line.strip(), following))
            line_break = LINE_BREAK if is_paragraph and line.endswith(LINE_BREAK) else ""
            yield BULLET.sub(r"\1-", _heading(line.rstrip())) + line_break, False


def _heading(line: str) -> str:
    match = HEADING.match(line)
    return f"{match[1]} {match[2].strip()}" if match and match[2].strip() else line


def _spaced(rows: Iterator[tuple[str, bool]]) -> list[str]:
    written: list[str] = []
    was_heading = False
    for line, is_code in rows:
        is_heading = not is_code and bool(HEADING.match(line))
        is_blank = not line.strip() and not is_code
        if written and written[-1] and not is_blank and (is_heading or was_heading):
            written.append("")
        if not (is_blank and (not written or not written[-1])):
            written.append("" if is_blank else line)
        was_heading = is_heading
    while not written[-1].strip():
        written.pop()
    return written


def _seen(element: Element, *, in_code: bool = False) -> object:
    """What a reader sees of the element: blanks count once, but in code."""
    in_code = in_code or element.tag == "code"
    return (
        element.tag,
        sorted(element.attrib.items()),
        _folded(element.text, in_code),
        [(_seen(child, in_code=in_code), _folded(child.tail, in_code)) for child in element],
    )


def _folded(text: str | None, in_code: bool) -> str:
    return (text or "") if in_code else re.sub(r"\s+", " ", text or "").strip(" \n")
