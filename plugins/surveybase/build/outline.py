"""The outputs of the site without what makes them: enough to publish it again when nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache, partial
from typing import Any

from surveybase.build.pickling import NO_BASE, dumps, loads
from surveybase.diagnostics import Diagnostic
from surveybase.site import FileOutput, FolderOutput, Output, PageOutput

KINDS = {kind.__name__: kind for kind in (PageOutput, FileOutput, FolderOutput)}
MAKERS = {"PageOutput": "render", "FileOutput": "content", "FolderOutput": "content"}


def outline(findings: Iterable[Diagnostic], outputs: Iterable[Output]) -> bytes:
    """Findings and outputs."""
    return dumps((tuple(findings), [_facts(output) for output in outputs]), NO_BASE)


def from_outline(
    content: bytes, plan: Callable[[], Sequence[Output]]
) -> tuple[tuple[Diagnostic, ...], list[Output]]:
    """The same again. An output that must be made after all is made by the one at its place in ``plan``."""
    findings, found = loads(content, NO_BASE)
    return findings, [_output(kind, facts, key, place, plan) for place, (kind, facts, key) in enumerate(found)]


def _facts(output: Output) -> tuple[str, dict[str, Any], str]:
    kind = type(output).__name__
    return kind, {name: getattr(output, name) for name in _names(kind)}, output.key()


@cache
def _names(kind: str) -> tuple[str, ...]:
    """Of the fields that are not functions."""
    return tuple(field.name for field in fields(KINDS[kind]) if field.name not in {MAKERS[kind], "key"})


def _output(kind: str, facts: dict[str, Any], key: str, place: int, plan: Callable[[], Sequence[Output]]) -> Output:
    def make() -> Any:
        return getattr(plan()[place], MAKERS[kind])()

    made: dict[str, Any] = {MAKERS[kind]: make, "key": partial(str, key)}
    return KINDS[kind](**facts, **made)
