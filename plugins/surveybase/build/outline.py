"""What is remembered of outputs: their contents, and all of them without what makes them, which is enough to
publish the site again when nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache, partial
from typing import Any

from surveybase.build.memory import Memory
from surveybase.build.pickling import NO_BASE, dumps, loads
from surveybase.build.program import code_key
from surveybase.diagnostics import Diagnostic
from surveybase.digests import digest
from surveybase.outputs import FileOutput, FolderOutput, Output, PageOutput
from surveybase.render import Rendered

CONTENT = "content"  # the kind of these entries of the memory

KINDS = {kind.__name__: kind for kind in (PageOutput, FileOutput, FolderOutput)}
MAKERS = {"PageOutput": ("render",), "FileOutput": ("content",), "FolderOutput": ("content", "order")}


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
    return tuple(field.name for field in fields(KINDS[kind]) if field.name not in {*MAKERS[kind], "key"})


def _output(kind: str, facts: dict[str, Any], key: str, place: int, plan: Callable[[], Sequence[Output]]) -> Output:
    def make(name: str) -> Any:
        return getattr(plan()[place], name)()

    made: dict[str, Any] = {name: partial(make, name) for name in MAKERS[kind]} | {"key": partial(str, key)}
    return KINDS[kind](**facts, **made)


def remembered_content(output: PageOutput, memory: Memory | None) -> Rendered:
    """The content of a page, made only when there is none in the memory for all that it is made from."""
    key = digest(code_key(), output.file, output.key()) if memory else ""
    content = memory.get(key, CONTENT) if memory else None
    if content is not None:
        rendered = loads(content, NO_BASE)
        assert isinstance(rendered, Rendered)
        return rendered
    rendered = output.render()
    if memory:
        memory.put(key, CONTENT, dumps(rendered, NO_BASE))
    return rendered
