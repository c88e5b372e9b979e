"""Where words of a rendered report stand in its source: Markdown's tree does not keep it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from surveybase.diagnostics import Location, Position
from surveybase.reading.documents import Document

MARKS = frozenset("*_`|\\#>")


class Lines:
    """Line and column of the characters of a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]

    def position(self, offset: int, first_line: int = 1) -> Position:
        line = bisect_right(self._starts, offset) - 1
        return Position(first_line + line, offset - self._starts[line] + 1)


class Places:
    """The source of one report without white space and Markdown marks, with the place of each character."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def _offsets(self) -> list[int]:
        body = self._document.body
        counted = frozenset(filter(_counts, set(body)))
        return [i for i, character in enumerate(body) if character in counted]

    @cached_property
    def _text(self) -> str:
        return "".join(self._document.body[i] for i in self._offsets)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._document.body)

    def find(self, before: str, words: str, after: str) -> Location:
        """The place of ``words``, told from other places of the same words by what stands around them.

        The beginning of the body when the words stand nowhere.
        """
        words = _folded(words)
        before, after = _folded(before), _folded(after)
        for width in (12, 6, 3, 1, 0):
            left = before[-width:] if width else ""
            found = self._text.find(left + words + after[:width])
            if found >= 0:
                return self.at(self._offsets[found + len(left)])
        return self.at(0)

    def at(self, offset: int) -> Location:
        """The place of a character of the body."""
        return Location(self._document.path, self._lines.position(offset, self._document.body_line))


def _counts(character: str) -> bool:
    return not character.isspace() and character not in MARKS


def _folded(text: str) -> str:
    return "".join(character for character in text if _counts(character))
