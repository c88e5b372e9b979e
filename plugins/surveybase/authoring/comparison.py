"""What a change says differently: the data and texts of two states of the project, entry by entry.

The files are compared as they are written, so that an entry that does not hold together is seen all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from pydantic import BaseModel

from surveybase.authoring.canonical import Shape
from surveybase.authoring.comments import Path
from surveybase.authoring.formatting import CATALOGUE_MODELS
from surveybase.diagnostics import Diagnostic
from surveybase.model import Indicator, KnowledgeBase
from surveybase.reading import schema
from surveybase.reading.catalogues import Documents
from surveybase.reading.checking import fields_at
from surveybase.reading.documents import Document, Fields, Items, Node, Scalar, plain
from surveybase.views.words import WORDS_OF

FACTOR = 2  # a number that moves by more is called out
# What is new or gone is told entry by entry in these, and in the file and each report that it speaks of.
COLLECTIONS = frozenset({"reports", "observations", "problems", "countermeasures", "indicators"})
NAMES = ("title", "label", "name")


class State(StrEnum):
    """What became of a file."""

    NEW = "new"
    REMOVED = "removed"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    MENDED = "mended"  # it could not be read before


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is said differently; None where it was not, or is no longer said.

    ``factor`` is by how much a number has moved, where that is more than :data:`FACTOR`, and 0 where it was or has
    become nothing.
    """

    what: str
    before: str | None
    after: str | None
    factor: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What one file says differently."""

    title: str
    path: str
    state: State
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states: its documents, what they hold, and all findings about them."""

    base: KnowledgeBase
    documents: Documents
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The files that differ, by kind and path; the findings that have come and those that have gone."""

    groups: tuple[Group, ...]
    come: tuple[Diagnostic, ...]
    gone: tuple[Diagnostic, ...]


def compare(before: Side, after: Side) -> Comparison:
    comparer = _Comparer(before, after)
    return Comparison(
        tuple(comparer.groups()),
        tuple(_more(after.findings, before.findings)),
        tuple(_more(before.findings, after.findings)),
    )


def _more(these: Iterable[Diagnostic], than: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings that there are more of here, wherever they stand."""

    def same(item: Diagnostic) -> tuple[str, ...]:
        return (item.location.path, item.code, item.field, item.value)

    others = Counter(map(same, than))
    for item in these:
        if others[same(item)] > 0:
            others[same(item)] -= 1
        else:
            yield item


class _Comparer:
    def __init__(self, before: Side, after: Side) -> None:
        self._before, self._after = before, after

    def groups(self) -> Iterator[Group]:
        before, after = self._before.documents, self._after.documents
        for id in sorted({*before.communities, *after.communities}):
            documents = before.communities.get(id), after.communities.get(id)
            yield from self._group(schema.CommunityFile, *documents)
        for id in sorted({*before.reports, *after.reports}):
            documents = before.reports.get(id), after.reports.get(id)
            yield from self._group(schema.ReportFile, *documents)
        for id, model in CATALOGUE_MODELS.items():
            documents = before.catalogues.get(id), after.catalogues.get(id)
            yield from self._group(model, *documents)

    def _group(self, model: type[BaseModel], old: Document | None, new: Document | None) -> Iterator[Group]:
        document = new or old
        if document is None:
            return
        path = document.path
        file = _File(old, new, model, (self._after.base, self._before.base))
        if new is None and path in self._after.documents.broken:
            yield Group(file.title or path, path, State.UNREADABLE, ())
        elif rows := [*file.rows((), Shape.of(model)), *file.texts()]:
            state = State.NEW if old is None else State.REMOVED if new is None else State.CHANGED
            if old is None and path in self._before.documents.broken:
                state = State.MENDED
            yield Group(file.title or path, path, state, tuple(rows))


class _File:
    """One file before and after."""

    def __init__(
        self,
        old: Document | None,
        new: Document | None,
        model: type[BaseModel],
        bases: tuple[KnowledgeBase, KnowledgeBase],
    ) -> None:
        self._old, self._new, self._model, self._bases = old, new, model, bases

    @property
    def title(self) -> str:
        return self._name(())

    def rows(self, path: Path, shape: Shape) -> Iterator[Row]:
        """What differs at ``path`` or below: one row for an entry that is new or gone, else for each field."""
        old, new = (document.at(path) if document else None for document in (self._old, self._new))
        if old and new and plain(old) == plain(new):
            return
        is_open = all(isinstance(node, Fields) for node in (old, new) if node)
        if path[-2:-1] == ("observations",) and is_open:
            yield from self._figure(path, old, new)
        elif is_open and ((old and new) or not path or {*path[-2:-1]} & {"reports"} or path[-1] in COLLECTIONS):
            keys = [key for node in (new, old) if isinstance(node, Fields) for key in node.values]
            for key in dict.fromkeys(keys):
                yield from self.rows((*path, key), shape.child(key))
        else:
            said = [self._said(node, path, shape) if node else None for node in (old, new)]
            if said[0] != said[1]:
                yield Row(self._what(path), said[0], said[1])

    def texts(self) -> Iterator[Row]:
        """The paragraphs of a report that differ; of one that is new or gone, how long it is."""
        if not (self._old and self._new):
            said = [
                f"{len(side.body.split())} 段，{len(side.body)} 字" if side and side.body.strip() else None
                for side in (self._old, self._new)
            ]
            if any(said):
                yield Row("正文", said[0], said[1])
            return
        old, new = (re.split(r"\n\s*\n", side.body.strip()) if side else [] for side in (self._old, self._new))
        for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind != "equal":
                for before, after in zip_longest(filter(None, old[a:b]), filter(None, new[c:d])):
                    yield Row("正文", before, after)

    def _figure(self, path: Path, old: Node | None, new: Node | None) -> Iterator[Row]:
        """The rows of one figure: its number, in which several fields have their part, and its quote."""
        indicator = self._indicator(str(path[-1]))
        what = self._what(path)
        said = [self._number(node, indicator) if isinstance(node, Fields) else None for node in (old, new)]
        quotes = [_text(node, "quote") if isinstance(node, Fields) else None for node in (old, new)]
        if not (old and new):
            whole = [f"{a}（{b}）" if a and b else a for a, b in zip(said, quotes, strict=True)]
            yield Row(what, whole[0], whole[1])
            return
        if said[0] != said[1]:
            is_amount = not (indicator and indicator.is_date)
            yield Row(what, said[0], said[1], _factor(old, new, indicator) if is_amount else None)
        if quotes[0] != quotes[1]:
            yield Row(f"{what} · 引文", quotes[0], quotes[1])

    # --- In words

    def _what(self, path: Path) -> str:
        """The names of the steps to an entry, as a reader knows them."""
        names: list[str] = []
        reports = [document.at(("reports",)) for document in (self._old, self._new) if document]
        is_one = len({key for node in reports if isinstance(node, Fields) for key in node.values}) < 2
        for i, step in enumerate(path):
            above = path[:i]
            titles = fields_at(self._model, above)
            if step == "reports" or (above == ("reports",) and is_one):
                continue
            if isinstance(step, int):
                names.append(f"第{step + 1}项")
            elif step in titles:
                names.append(titles[step])
            elif above and above[-1] in ("observations", "indicators", "bases"):
                indicator = self._indicator(step)
                names.append(indicator.label if indicator else self._name(path[: i + 1]) or step)
            else:
                names.append(self._name(path[: i + 1]) or step)
        return " · ".join(names)

    def _name(self, path: Path) -> str:
        """The title, label or name of what stands at ``path``, now or before."""
        nodes = [document.at(path) for document in (self._new, self._old) if document]
        return next(
            (text for node in nodes for key in NAMES if isinstance(node, Fields) and (text := _text(node, key))), ""
        )

    def _indicator(self, id: str) -> Indicator | None:
        return next((base.indicators[id] for base in self._bases if id in base.indicators), None)

    def _said(self, node: Node, path: Path, shape: Shape) -> str:
        if isinstance(node, Scalar):
            return self._word(node.text, path, shape)
        if isinstance(node, Items):
            return "、".join(self._said(item, (*path, i), shape.child(i)) for i, item in enumerate(node.items))
        if {"value", "range"} & set(node.values):
            number = self._number(node, None)
            return f"{number}（{quote}）" if (quote := _text(node, "quote")) else number
        titles = fields_at(self._model, path)
        return "；".join(
            f"{titles.get(key, key)}：{self._said(node.values[key], (*path, key), shape.child(key))}"
            for key in shape.in_order([*node.values])
        )

    def _word(self, text: str, path: Path, shape: Shape) -> str:
        words = WORDS_OF.get(str(shape.schema.get("title")), {}) if "enum" in shape.schema else {}
        if path[-1] == "type" and len(path) > 2:
            schemes = [
                base.problem_types if path[-3] == "problems" else base.countermeasure_types for base in self._bases
            ]
            concept = next((scheme[text] for scheme in schemes if text in scheme), None)
            return f"{concept.label}（{text}）" if concept else text
        if "addresses" in path:
            return self._name((*path[:2], "problems", text)) or text
        return words.get(text, text)

    def _number(self, node: Fields, indicator: Indicator | None) -> str:
        """The number in words; its digits as they are written."""
        gap, precision, unit = (_text(node, key) for key in ("status", "precision", "unit"))
        if gap:
            return WORDS_OF["Gap"].get(gap, gap)
        ends = node.values.get("range")
        if isinstance(ends, Items):
            number = "–".join(item.text for item in ends.items if isinstance(item, Scalar))
        else:
            number = _text(node, "value") or ""
        before = "" if precision in (None, "exact") else WORDS_OF["Precision"].get(precision, precision)
        return f"{before}{number}{unit or (indicator.unit if indicator else '')}"


def _text(node: Fields, key: str) -> str | None:
    child = node.values.get(key)
    return child.text if isinstance(child, Scalar) else None


def _factor(old: Node | None, new: Node | None, indicator: Indicator | None) -> Decimal | None:
    """By how much the number has moved, when that is much."""
    found = [
        abs(b / a) if a and b else Decimal(0)
        for a, b in zip(_amounts(old, indicator), _amounts(new, indicator), strict=False)
        if a != b
    ]
    far = [max(factor, 1 / factor) if factor else factor for factor in found]
    much = [factor for factor in far if not factor or factor > FACTOR]
    return max(much, default=None)


def _amounts(node: Node | None, indicator: Indicator | None) -> list[Decimal]:
    """The one or two ends of a number, in the unit of its indicator."""
    value = plain(node) if isinstance(node, Fields) else {}
    assert isinstance(value, dict)
    ends = value.get("range")
    unit = value.get("unit")
    scale = indicator.also_units.get(str(unit), Decimal(1)) if indicator and unit else Decimal(1)
    numbers = ends if isinstance(ends, list) else [value.get("value")] * 2
    return [
        Decimal(item) * scale for item in numbers if isinstance(item, int | Decimal) and not isinstance(item, bool)
    ]
