"""What can be mended in a file without asking anyone: one function for each kind of finding, giving an edit.

A fix says what is surely meant. Whether it may be made is decided in :mod:`surveybase.authoring.mending`, which
looks at all findings before and after.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from surveybase.authoring.canonical import STEP, Shape
from surveybase.authoring.comments import Path
from surveybase.authoring.formatting import CATALOGUE_MODELS, Form
from surveybase.authoring.scalars import AS_VALUE, scalar
from surveybase.diagnostics import Diagnostic, Position
from surveybase.reading.checking import EXPLANATIONS, fields_at, json_schema
from surveybase.reading.documents import (
    DECIMAL,
    FULL_WIDTH_COMMA,
    FULL_WIDTH_QUOTES,
    INTEGER,
    Document,
    Fields,
    Items,
    Key,
    Node,
    Scalar,
)
from surveybase.reading.schema import CommunityFile, ReportFile

# No text needs these; joiners and marks of direction may be meant.
ZERO_WIDTH = frozenset("\u200b\u2060\ufeff\u00ad")
PLAIN_WORD = re.compile(r"[A-Za-z0-9_.-]+")
THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
SIGN_OF_LISTS = re.compile(r"[][{}\"':#,，、；;和与]")
QUOTED = re.compile(r"\"([^\"\\]*)\"|'([^']*)'")
LIKENESS = 0.8  # of a misspelt field
TAKEN_FOR = {"state": "status"}  # another word for a field, which is less like it


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters ``start`` to ``end`` of a line, counted from 0, give way to ``text``."""

    line: int
    start: int
    end: int
    text: str

    def touches(self, other: Edit) -> bool:
        return self.line == other.line and self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands: its file, the line as it is and the column, counted from 0."""

    form: Form
    document: Document | None
    finding: Diagnostic
    line: str
    column: int

    @property
    def rest(self) -> str:
        return self.line[self.column :]

    def replace(self, old: str, new: str) -> Edit:
        """The edit that puts ``new`` in the place of ``old``, which begins where the finding stands."""
        return Edit(self.finding.location.position.line, self.column, self.column + len(old), new)


def edit_for(form: Form, document: Document | None, finding: Diagnostic) -> Edit | None:
    """The edit that mends the finding; None when nothing can be done without its author."""
    position = finding.location.position
    lines = form.source.text.split("\n")
    fix = FIXES.get(finding.code)
    if fix is None or position.line > len(lines):
        return None
    return fix(Place(form, document, finding, lines[position.line - 1], position.column - 1))


def _tab(place: Place) -> Edit:
    line = place.finding.location.position.line
    indent = place.line[: len(place.line) - len(place.line.lstrip(" \t"))]
    above = place.form.source.text.split("\n")[: line - 1]
    step = next((spaces[0] for row in above if (spaces := re.match(r" +(?=[^\s#-])", row))), STEP)
    return Edit(line, 0, len(indent), indent.replace("\t", step))


def _full_width(place: Place) -> Edit | None:
    if place.rest.startswith("："):
        return place.replace("：", ":" if place.rest[1:2] in ("", " ") else ": ")
    quoted = FULL_WIDTH_QUOTES.match(place.rest)
    if quoted and PLAIN_WORD.fullmatch(quoted[0][1:-1]) and _is_code(place):
        return place.replace(quoted[0], quoted[0][1:-1])
    words = [word.strip() for word in FULL_WIDTH_COMMA.split(place.finding.value)]
    if place.rest.startswith(place.finding.value) and all(map(PLAIN_WORD.fullmatch, words)):
        return place.replace(place.finding.value, ", ".join(words))
    return None


def _is_code(place: Place) -> bool:
    """Whether a choice, an id or a number is wanted here: quotation marks can be no part of it."""
    path = _path_of(place.document.root, place.finding.location.position) if place.document else None
    shape = Shape.of(place.form.model)
    for step in path or ():
        shape = shape.child(step)
    if shape.schema.get("type") == "array":
        shape = shape.child(0)
    return shape.is_number or bool({"enum", "pattern"} & set(shape.schema))


def _ambiguous(place: Place) -> Edit | None:
    word = place.finding.value
    return place.replace(word, f'"{word}"') if place.rest.startswith(word) else None


def _type(place: Place) -> Edit | None:
    found = place.finding.value
    written = QUOTED.match(place.rest)
    if place.finding.message == EXPLANATIONS["number"][1]:
        plain = unicodedata.normalize("NFKC", found).strip()
        plain = plain.replace(",", "") if THOUSANDS.fullmatch(plain) else plain
        old = written[0] if written else found
        is_number = INTEGER.fullmatch(plain) or DECIMAL.fullmatch(plain)
        return place.replace(old, plain) if is_number and place.rest.startswith(old) else None
    if place.finding.message == EXPLANATIONS["list_type"][1] and place.rest.startswith(found):
        return place.replace(found, f"[{found}]") if found and not SIGN_OF_LISTS.search(found) else None
    is_text_wanted = place.finding.message == EXPLANATIONS["string_type"][1]
    is_number = INTEGER.fullmatch(found) or DECIMAL.fullmatch(found)
    if is_text_wanted and is_number and place.rest.startswith(found):
        return place.replace(found, scalar(found, AS_VALUE))
    return None


def _unknown_field(place: Place) -> Edit | None:
    path = _path_of(place.document.root, place.finding.location.position) if place.document else None
    if not path or place.document is None:
        return None
    name = str(path[-1])
    record = place.document.at(path[:-1])
    written = record.values if isinstance(record, Fields) else {}
    free = {field: title for field, title in fields_at(place.form.model, path[:-1]).items() if field not in written}
    if re.fullmatch("[0-9]{3}", name) and (digits := re.search(r"[0-9]{1,3},$", place.line[: place.column])):
        # A comma within a number of a record in braces has made a field of its last digits.
        return Edit(place.finding.location.position.line, digits.end() - 1, digits.end(), "")
    like = [field for field, title in free.items() if name == title or _is_misspelt(name.casefold(), field)]
    return place.replace(name, like[0]) if len(like) == 1 and place.rest.startswith(name) else None


def _is_misspelt(name: str, field: str) -> bool:
    """Whether the name is surely meant to be the field; one that is a field elsewhere says what it says."""
    is_like = SequenceMatcher(None, name, field).ratio() >= LIKENESS and name not in _all_fields()
    return is_like or TAKEN_FOR.get(name) == field


@cache
def _all_fields() -> frozenset[str]:
    """The names of the fields of every record of every file."""
    wholes = [json_schema(model) for model in (CommunityFile, ReportFile, *CATALOGUE_MODELS.values())]
    records = [record for whole in wholes for record in (whole, *whole.get("$defs", {}).values())]
    return frozenset(name for record in records for name in record.get("properties", {}))


def _path_of(node: Node, position: Position) -> Path | None:
    """The path of the key or the scalar that stands at the position."""
    if isinstance(node, Fields) and (here := [key for key, place in node.keys.items() if place == position]):
        return (here[0],)
    for step, child in _children(node):
        if isinstance(child, Scalar) and child.position == position:
            return (step,)
        if path := _path_of(child, position):
            return (step, *path)
    return None


def _children(node: Node) -> Iterable[tuple[Key, Node]]:
    if isinstance(node, Fields):
        return node.values.items()
    return enumerate(node.items) if isinstance(node, Items) else ()


def _invisible(place: Place) -> Edit | None:
    run = re.match(f"[{''.join(ZERO_WIDTH)}]+", place.rest)
    return place.replace(run[0], "") if run else None


FIXES: Mapping[str, Callable[[Place], Edit | None]] = {
    "yaml-tab": _tab,
    "yaml-full-width": _full_width,
    "yaml-ambiguous": _ambiguous,
    "field-type": _type,
    "field-unknown": _unknown_field,
    "text-invisible": _invisible,
}
