"""Values of this program as bytes, between its processes and on disk.

Entries of catalogues are written as their ids: there is one object for each, however many communities name it, and
one string for each id. Only
records and enumerations of this program and a few plain classes are ever made from bytes.
"""

from __future__ import annotations

import io
import pickle
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from surveybase.model import Concept, Indicator, KnowledgeBase

NO_BASE = KnowledgeBase()  # for what names no entry of a catalogue
OTHER_CLASSES = frozenset({("decimal", "Decimal")})


def dumps(value: object, base: KnowledgeBase) -> bytes:
    """The value, without the catalogue entries of ``base``."""
    stream = io.BytesIO()
    _Pickler(stream, base).dump(value)
    return stream.getvalue()


def loads(content: bytes, base: KnowledgeBase) -> Any:
    """The value again, with the catalogue entries of ``base``."""
    return _Unpickler(io.BytesIO(content), base).load()


class _Entries:
    """The entries of the catalogues of ``base`` in order, and their numbers by their ids and by what they are."""

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base
        self.all: list[Indicator | Concept] = [
            *base.indicators.values(),
            *base.problem_types.values(),
            *base.countermeasure_types.values(),
        ]
        self.by_id = {entry.id: number for number, entry in enumerate(self.all)}
        self.by_identity = {id(entry): number for number, entry in enumerate(self.all)}


_none = _latest = _Entries(NO_BASE)


def _entries(base: KnowledgeBase) -> _Entries:
    """Worked out once for thousands of values in turn. (They are not kept by the base, which is sent to others.)"""
    global _latest  # noqa: PLW0603
    if base is NO_BASE:
        return _none
    if base is not _latest.base:
        _latest = _Entries(base)
    return _latest


class _Pickler(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, base: KnowledgeBase) -> None:
        super().__init__(stream, protocol=pickle.HIGHEST_PROTOCOL)
        self._entries = _entries(base)

    def persistent_id(self, value: object) -> int | None:
        """The number of an entry, or of its id below zero. A pair would hold the id, and so come here again."""
        if type(value) is str:  # and no enumeration
            number = self._entries.by_id.get(value)
            return None if number is None else ~number
        return self._entries.by_identity.get(id(value)) if isinstance(value, Indicator | Concept) else None

    def reducer_override(self, value: Any) -> Any:
        # Called with its fields, a dataclass is there again in half the time that its own way takes.
        names = _field_names(value.__class__)
        return (type(value), tuple(getattr(value, name) for name in names)) if names else NotImplemented


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def _is_record(found: object) -> bool:
    return isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum))


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, base: KnowledgeBase) -> None:
        super().__init__(stream)
        self._entries = _entries(base).all

    def persistent_load(self, number: int) -> object:
        return self._entries[number] if number >= 0 else self._entries[~number].id

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in OTHER_CLASSES or (module.startswith("surveybase.") and "." not in name):
            found = super().find_class(module, name)
            # What a module of ours merely imports may do anything when it is called.
            if (module, name) in OTHER_CLASSES or (_is_record(found) and found.__module__ == module):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is none of ours")
