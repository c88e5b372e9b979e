"""Load files and find what they refer to, leaving a diagnostic for whatever is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from pydantic import BaseModel

from surveybase.diagnostics import Diagnostic, Location
from surveybase.reading.checking import SLUG_REMEDY, check, nearest
from surveybase.reading.documents import Document, Key
from surveybase.reading.listing import DEVICES
from surveybase.reading.schema import LONGEST_ID
from surveybase.reading.sources import Source

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)

# The catalogue that holds what is referred to; reports stand in a file of their own name.
HELD_IN = {
    "指标": "indicators",
    "折算基数": "indicators",
    "官方词表": "standards",
    "问题类型": "problems",
    "对策类型": "countermeasures",
}

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def id_fault(id: str) -> str:
    """Why no file can have this id, empty when one can."""
    if SLUG.fullmatch(id) and len(id) <= LONGEST_ID and id not in DEVICES:
        return ""
    return f"编号“{id}”不能用：{SLUG_REMEDY}，不超过 {LONGEST_ID} 个字符，也不能是 con、aux 这样的设备名"


def file_name(source: Source) -> str:
    """The name of the file, which is the id of what it holds."""
    return PurePosixPath(source.path).stem


class Resolver:
    """Collects what was wrong with files and references; ``broken`` are the paths of files that dropped out."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.broken: set[str] = set()

    def load(
        self,
        source: Source,
        reader: Callable[[Source], tuple[Document | None, list[Diagnostic]]],
        model: type[Model],
    ) -> tuple[Document, Model] | None:
        """The source as a document and as a checked file; None when either fails."""
        document, findings = reader(source)
        self.diagnostics += findings
        checked, findings = check(model, document) if document else (None, [])
        self.diagnostics += findings
        if document is None or checked is None:
            self.broken.add(source.path)
            return None
        return document, checked

    def identity(self, source: Source) -> str | None:
        name = file_name(source)
        if SLUG.fullmatch(name):
            return name
        self.diagnostics.append(
            Diagnostic(
                Location(source.path),
                "file-kind",
                "文件名不能做编号",
                f"文件名{SLUG_REMEDY}",
                value=name,
            )
        )
        return None

    def resolve(
        self,
        id: str,
        known: Mapping[str, T],
        what: str,
        document: Document,
        path: Sequence[Key],
        others: Iterable[str] = (),
    ) -> T | None:
        """The entity with this id, or a diagnostic that names the nearest one, be it among ``others``.

        Where the file that would hold it is itself broken, that is what is reported, not each reference to it.
        """
        if id in known:
            return known[id]
        if any(PurePosixPath(path).stem == HELD_IN.get(what, id) for path in self.broken):
            return None
        near = nearest(id, [*known, *others])
        self.diagnostics.append(
            Diagnostic(
                document.location(path, key=bool(path) and path[-1] == id),
                "reference-unknown",
                f"没有这个{what}",
                f"是不是 {near}？" if near else f"先在相应的目录文件里加上这个{what}，或改成已有的编号",
                field=".".join(map(str, path)),
                value=id,
            )
        )
        return None
