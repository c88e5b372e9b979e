"""The comments and blank lines of a YAML text, each with the entry of the data that it is about.

The reader does without them; whoever writes a file anew must not lose one, and must move it with its entry.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from surveybase.reading.documents import OTHER_LINE_ENDS, Fields, Items, Key, Node, Scalar

Path: TypeAlias = tuple[Key, ...]
Lines: TypeAlias = tuple[str, ...]  # comments with their ``#``; an empty one is a blank line


@dataclass(frozen=True, slots=True)
class Comments:
    """By path: the lines above an entry, the words at the end of its line, the lines below the last of its entries.

    What stands above ``()`` is about the whole file.
    """

    above: Mapping[Path, Lines] = field(default_factory=dict)
    beside: Mapping[Path, str] = field(default_factory=dict)
    below: Mapping[Path, Lines] = field(default_factory=dict)


NO_COMMENTS = Comments()
DIRECTIVE = re.compile(r"#\s*(yaml-language-server:|SPDX-)")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key or an item with the place it begins; lines and columns are counted from 0."""

    path: Path
    line: int
    column: int
    is_empty: bool  # nothing stands behind it


def comments_of(text: str, root: Node, first_line: int = 1) -> Comments:
    """The comments of the text that ``root`` was read from, where the text begins at ``first_line``."""
    return _Attachment(text.translate(OTHER_LINE_ENDS), root, first_line).comments()


class _Attachment:
    def __init__(self, text: str, root: Node, first_line: int) -> None:
        self._text = text
        self._rows = text.split("\n")
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._first_line = first_line
        self._entries = list(self._block_entries(root, ()))
        self._columns = {entry.path: entry.column for entry in self._entries}
        self._last_of_row = {entry.line: entry for entry in self._entries}
        self._above: dict[Path, Lines] = {}
        self._beside: dict[Path, str] = {}
        self._below: defaultdict[Path, Lines] = defaultdict(tuple)

    def comments(self) -> Comments:
        remarks, covered = self._remarks()
        own = {row: remark for row, remark in remarks.items() if not self._attach_beside(row, *remark)}
        blank = {i for i, row in enumerate(self._rows) if not row.strip() and i not in covered}
        begins = {entry.line: entry for entry in reversed(self._entries)}  # the first entry of each row
        run: list[int] = []
        last: _Entry | None = None
        for row in range(len(self._rows)):
            if row in own or row in blank:
                run.append(row)
                continue
            if row in begins:
                self._attach_run([(own.get(i) or (0, "")) for i in run], last, begins[row])
                last = self._last_of_row[row]
                run = []
            elif last:  # within its value
                words = tuple(own[i][1] for i in run if i in own)
                self._above[last.path] = (*self._above.get(last.path, ()), *words)
                run = []
        self._attach_run([(own.get(i) or (0, "")) for i in run], last, None)
        return Comments(self._above, self._beside, dict(self._below))

    def _block_entries(self, node: Node, path: Path) -> Iterator[_Entry]:
        """Every entry that begins a line of its own or could, in their order; none within brackets or braces."""
        row = node.position.line - self._first_line
        if isinstance(node, Fields | Items) and self._rows[row][node.position.column - 1] in "[{":
            return
        if isinstance(node, Fields):
            for key, child in node.values.items():
                position = node.keys[key]
                yield _Entry((*path, key), position.line - self._first_line, position.column - 1, _is_empty(child))
                yield from self._block_entries(child, (*path, key))
        elif isinstance(node, Items):
            for i, child in enumerate(node.items):
                row, column = child.position.line - self._first_line, child.position.column - 1
                before = self._rows[row][:column].rstrip()
                dash = len(before) - 1 if before.endswith("-") else max(column - 2, 0)
                yield _Entry((*path, i), row, dash, _is_empty(child))
                yield from self._block_entries(child, (*path, i))

    def _remarks(self) -> tuple[dict[int, tuple[int, str]], set[int]]:
        """Column and words of the comment on each row that has one, and the rows that lie within a scalar.

        Between two tokens stands nothing but white space and comments.
        """
        found: dict[int, tuple[int, str]] = {}
        covered: set[int] = set()
        end = 0
        for token in yaml.scan(self._text, Loader=yaml.CSafeLoader):
            start = token.start_mark.index
            self._look(end, start, found)
            if isinstance(token, yaml.ScalarToken):
                if token.style in ("|", ">"):
                    self._look(start + 1, self._text.find("\n", start), found)
                rows = self._text[start : token.end_mark.index].rstrip().count("\n")
                covered |= set(range(token.start_mark.line + 1, token.start_mark.line + rows + 1))
            end = max(end, token.end_mark.index)
        self._look(end, len(self._text), found)
        return found, covered

    def _look(self, start: int, end: int, found: dict[int, tuple[int, str]]) -> None:
        for match in re.finditer("#[^\n]*", self._text[start:end] if end > start else ""):
            at = start + match.start()
            row = bisect_right(self._starts, at) - 1
            found[row] = (at - self._starts[row], match[0].rstrip())

    def _attach_beside(self, row: int, column: int, words: str) -> bool:
        """Whether the comment stands behind an entry."""
        before = bisect_right(self._entries, row, key=lambda entry: entry.line)
        if not before or not self._rows[row][:column].strip(" -?:"):
            return False
        entry = self._entries[before - 1]
        earlier = self._beside.get(entry.path)
        self._beside[entry.path] = f"{earlier} {words}" if earlier else words
        return True

    def _attach_run(self, run: list[tuple[int, str]], last: _Entry | None, following: _Entry | None) -> None:
        """Comments and blank lines between two entries: they are about the second where it is not indented less."""
        deep = self._deep(run, last, following)
        for path, words in deep:
            self._below[path] = (*self._below[path], *words)
        rest = _folded(words for _, words in run[sum(len(words) for _, words in deep) :])
        if following is None:
            if last is None:
                self._above[()] = tuple(filter(None, rest))
            return
        if last is None:
            head = len(rest) - rest[::-1].index("") if "" in rest else _directives(rest)
            if head:
                self._above[()] = rest[:head]
                rest = rest[head:]
        if rest:
            self._above[following.path] = rest

    def _deep(
        self, run: list[tuple[int, str]], last: _Entry | None, following: _Entry | None
    ) -> list[tuple[Path, Lines]]:
        """The lines of the run's beginning that close a collection, each group with the path of the collection."""
        if last is None:
            return []
        found: list[tuple[Path, Lines]] = []
        pending: Lines = ()
        for column, words in run:
            if not words:
                pending = (*pending, words)
                continue
            if following and column <= following.column:
                break
            home = self._home(column, last)
            if following and following.path[: len(home)] == home:
                break
            found.append((home, (*pending, words)))
            pending = ()
        return found

    def _home(self, column: int, last: _Entry) -> Path:
        """The collection that a line at ``column`` below the entry ``last`` stands in, which may be empty yet."""
        if last.is_empty and column > last.column:
            return last.path
        path = last.path
        while len(path) > 1 and self._columns[path] > column:
            path = path[:-1]
        return path[:-1]


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.text and node.value is None


def _directives(lines: Lines) -> int:
    """How many of the first lines are for programs, which look for them at the beginning of the file."""
    return next((i for i, line in enumerate(lines) if not DIRECTIVE.match(line)), len(lines))


def _folded(lines: Iterator[str]) -> Lines:
    """Without a second blank line after a first."""
    found: list[str] = []
    for line in lines:
        if line or found[-1:] != [""]:
            found.append(line)
    return tuple(found)
