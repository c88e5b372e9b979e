"""The one way in which YAML is written here: the same data and comments give the same bytes, whoever wrote them.

Fields stand in the order of the schema, entries under keys of one's own in the order they were given. A record or
a list that the schema holds to be short stands on one line, however long it is: one edit changes one line. A number
keeps its digits as written (``27.30``); a text is quoted only where it would be read as something else. A comment
moves with the entry that it is about.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from surveybase.authoring.comments import NO_COMMENTS, Comments, Lines, Path
from surveybase.authoring.scalars import (
    AS_ITEM,
    AS_KEY,
    AS_KEY_IN_BRACES,
    AS_VALUE,
    IN_BRACES,
    IN_BRACKETS,
    Place,
    literal,
    scalar,
)
from surveybase.diagnostics import Position
from surveybase.reading.checking import child, json_schema, resolve
from surveybase.reading.documents import Fields, Items, Key, Node, Scalar, Value

LONGEST_WORD = 100  # characters; items that may be longer have a line each
STEP = "  "
NOWHERE = Position()


@dataclass(frozen=True, slots=True)
class Shape:
    """What the schema says of the place where a node stands; nothing of places it does not know."""

    schema: Mapping[str, Any]
    whole: Mapping[str, Any]

    @classmethod
    def of(cls, model: type[BaseModel]) -> Shape:
        whole = json_schema(model)
        return cls(resolve(whole, whole), whole)

    def child(self, step: Key) -> Shape:
        return Shape(resolve(child(dict(self.schema), step), dict(self.whole)), self.whole)

    def in_order(self, keys: Sequence[str]) -> list[str]:
        """The known fields in the order of the schema, then all others in their own."""
        known = self.schema.get("properties", {})
        return [*(key for key in known if key in keys), *(key for key in keys if key not in known)]

    def fields(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The known fields of a record, each with its title, its description and whatever else is said of it."""
        return iter(self.schema.get("properties", {}).items())

    @property
    def required(self) -> frozenset[str]:
        return frozenset(self.schema.get("required", ()))

    @property
    def is_record(self) -> bool:
        return "properties" in self.schema

    @property
    def entry(self) -> Shape | None:
        """What stands under the keys of one's own of a mapping; None where there are none."""
        has_keys = "patternProperties" in self.schema or isinstance(self.schema.get("additionalProperties"), dict)
        return self.child("") if has_keys else None

    @property
    def has_parts(self) -> bool:
        """Whether it is a record, a mapping or a list."""
        return self.schema.get("type") in ("object", "array")

    @property
    def on_one_line(self) -> bool:
        """Whether a mapping that stands here is short: a record declared to be, or numbers by name."""
        return bool(self.schema.get("x-one-line")) or (self.entry is not None and self.entry.is_number)

    @property
    def is_number(self) -> bool:
        return self.schema.get("type") == "number"

    @property
    def is_word(self) -> bool:
        return bool(self.schema.get("maxLength", 0) <= LONGEST_WORD)


def canonical(root: Node, model: type[BaseModel], comments: Comments = NO_COMMENTS) -> str:
    """The text of the tree ``root``, written as the ``model`` of its file has it, ended by a line feed."""
    printer = _Printer(comments)
    printer.above((), "")
    printer.block(root, Shape.of(model), (), "")
    lines = printer.lines
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return "".join(f"{line}\n" for line in lines)


def tree(value: Value) -> Node:
    """Ordinary values as a tree that can be written."""
    if isinstance(value, dict):
        return Fields(NOWHERE, dict.fromkeys(value, NOWHERE), {key: tree(item) for key, item in value.items()})
    if isinstance(value, list):
        return Items(NOWHERE, tuple(tree(item) for item in value))
    if value is None:
        return Scalar(NOWHERE, "", None)
    if isinstance(value, bool):
        return Scalar(NOWHERE, json.dumps(value), value)
    return Scalar(NOWHERE, f"{value:f}" if isinstance(value, Decimal) else str(value), value)


class _Printer:
    def __init__(self, comments: Comments) -> None:
        self.lines: list[str] = []
        self._comments = comments
        self._commented: defaultdict[Path, list[Path]] = defaultdict(list)  # by path, those at it or below
        for path in dict.fromkeys([*comments.above, *comments.beside, *comments.below]):
            for length in range(len(path) + 1):
                self._commented[path[:length]].append(path)

    def above(self, path: Path, indent: str) -> None:
        self._own(self._comments.above.get(path, ()), indent)

    def block(self, node: Node, shape: Shape, path: Path, indent: str) -> None:
        """The node with a line for each of its entries."""
        if isinstance(node, Fields) and node.values:
            for key in shape.in_order([*node.values]):
                lead = f"{scalar(key, AS_KEY)}:"
                self._entry(lead, node.values[key], shape.child(key), (*path, key), indent)
        elif isinstance(node, Items) and node.items:
            for i, item in enumerate(node.items):
                self._item(item, shape.child(i), (*path, i), indent)
        else:
            self.lines.append(indent + _inline(node, shape, AS_VALUE))
        self._own(self._comments.below.get(path, ()), indent)

    def _entry(self, lead: str, node: Node, shape: Shape, path: Path, indent: str) -> None:
        if _is_on_one_line(node, shape):
            text = _inline(node, shape, AS_ITEM if lead == "-" else AS_VALUE)
            remark = self._gathered(path, indent, is_empty=not text)
            self.lines.append(f"{indent}{lead} {text}".rstrip(" ") + remark)
            if not text:
                self._own(self._comments.below.get(path, ()), indent + STEP)
            return
        self.above(path, indent)
        beside = self._comments.beside.get(path, "")
        remark = f"  {beside}" if beside else ""
        if isinstance(node, Scalar):
            header, *rows = literal(node.text)
            self.lines.append(f"{indent}{lead} {header}{remark}")
            self.lines += [f"{indent}{STEP}{row}" if row else "" for row in rows]
        else:
            self.lines.append(f"{indent}{lead}{remark}")
            self.block(node, shape, path, indent + STEP)

    def _item(self, node: Node, shape: Shape, path: Path, indent: str) -> None:
        if isinstance(node, Scalar) or _is_on_one_line(node, shape):
            self._entry("-", node, shape, path, indent)
            return
        self.above(path, indent)
        if beside := self._comments.beside.get(path):
            self._own((beside,), indent)
        start = len(self.lines)
        self.block(node, shape, path, indent + STEP)
        rows = self.lines[start:]
        first = next(i for i, row in enumerate(rows) if row and not row.lstrip(" ").startswith("#"))
        # What is about the first field of an item stands above the dash.
        rows[:first] = [row[len(STEP) :] for row in rows[:first]]
        rows[first] = f"{indent}- {rows[first][len(indent + STEP) :]}"
        self.lines[start:] = rows

    def _own(self, lines: Lines, indent: str) -> None:
        for line in lines:
            if line or self.lines[-1:] != [""]:
                self.lines.append(indent + line if line else "")

    def _gathered(self, path: Path, indent: str, *, is_empty: bool) -> str:
        """Writes what is said above or within a short entry above it; the one remark that may stand beside it.

        What is said below an empty one stays there.
        """
        if path not in self._commented:
            return ""
        self.above(path, indent)
        places = self._commented[path]
        for own in (self._comments.above, self._comments.below):
            for place in places:
                if place != path or (own is self._comments.below and not is_empty):
                    self._own(tuple(filter(None, own.get(place, ()))), indent)
        beside = [self._comments.beside[place] for place in places if place in self._comments.beside]
        if len(beside) > 1:
            self._own(tuple(beside), indent)
        return f"  {beside[0]}" if len(beside) == 1 else ""


def _is_on_one_line(node: Node, shape: Shape) -> bool:
    if isinstance(node, Scalar):
        return not literal(node.text)
    if isinstance(node, Items):
        return all(isinstance(item, Scalar) and shape.child(0).is_word for item in node.items)
    if not node.values:
        return True
    return shape.on_one_line and all(
        isinstance(child, Scalar) or (isinstance(child, Items) and _is_on_one_line(child, shape.child(key)))
        for key, child in node.values.items()
    )


def _inline(node: Node, shape: Shape, place: Place) -> str:
    if isinstance(node, Fields):
        inner = [
            f"{scalar(key, AS_KEY_IN_BRACES)}: {_inline(node.values[key], shape.child(key), IN_BRACES)}"
            for key in shape.in_order([*node.values])
        ]
        return f"{{{', '.join(inner)}}}"
    if isinstance(node, Items):
        return f"[{', '.join(_inline(item, shape.child(0), IN_BRACKETS) for item in node.items)}]"
    if isinstance(node.value, str):
        return scalar(node.text, place)
    return node.text or ("" if place in (AS_VALUE, AS_ITEM) else "null")
