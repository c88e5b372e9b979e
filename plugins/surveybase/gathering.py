"""All that was contributed, read and judged, and the outputs planned from it; for a preview, without the files that
are wrong. What reads, judges and plans is most of the program, and is loaded only when something has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from surveybase.build.memory import Memory
from surveybase.build.outline import from_outline, outline
from surveybase.build.pickling import NO_BASE, dumps, loads
from surveybase.build.program import code_key
from surveybase.diagnostics import Diagnostic, errors
from surveybase.digests import digest
from surveybase.hosting import Publication
from surveybase.outputs import Output
from surveybase.reading.credits import NO_CREDITS, Credits, history_of, read_credits
from surveybase.reading.source import Source
from surveybase.reading.sources import Sources, read_sources

if TYPE_CHECKING:
    from surveybase.build.compiling import Compilation, Compile

OUTLINE, CREDITS = "outline", "credits"  # the kinds of these entries of the memory


@dataclass(frozen=True)
class Gathered:
    """``findings`` are those of all files, ``left_out`` the files that ``outputs`` are without; ``files`` are those
    below docs that were accepted. ``prepare`` is to be called before any output is made. ``remember`` keeps all of
    this for the next build; it asks each output for its key, so it is called when what takes longer has begun."""

    outputs: Sequence[Output]
    files: frozenset[str]
    findings: tuple[Diagnostic, ...]
    left_out: tuple[str, ...] = ()
    prepare: Callable[[], object] = lambda: None
    remember: Callable[[], object] = lambda: None

    @property
    def errors(self) -> list[Diagnostic]:
        return errors(self.findings)


def gather(
    project: Path,
    docs: Path,
    data: Path,
    publication: Publication,
    memory: Memory,
    compiler: Callable[[], Compile],
    *,
    may_leave_out: bool = False,
) -> Gathered:
    """Everything, with every finding; whoever publishes it must look at the errors first.

    Where files may be left out, it is without those that have errors, and those that do not hold together without
    them; a wrong catalogue cannot be left out, as nothing holds together without it. What is without errors is
    remembered as a whole.
    """
    sources, unread = read_sources(project, docs, data)
    credited = _credits(project, memory)
    key = _key(sources, unread, publication, credited)
    credits: Callable[[], Credits] = cache(lambda: loads(credited, NO_BASE))

    def examined(sources: Sources, unread: Iterable[Diagnostic]) -> tuple[Compilation, list[Diagnostic]]:
        from surveybase.check import examine_sources  # noqa: PLC0415

        return examine_sources(replace(sources, credits=credits()), unread, publication, memory, compiler())

    def planned(compilation: Compilation) -> list[Output]:
        from surveybase.build.contents import contents_of  # noqa: PLC0415
        from surveybase.site import plan  # noqa: PLC0415

        return list(plan(contents_of(compilation, credits()), publication))

    if content := memory.get(key, OUTLINE):
        again = cache(lambda: planned(examined(sources, unread)[0]))
        whole, outputs = from_outline(content, again)
        return Gathered(outputs, sources.files, whole, prepare=again)
    compilation, findings = examined(sources, unread)
    whole = tuple(findings)
    left_out: set[str] = set()
    faulty = _faulty(findings)
    while may_leave_out and faulty - left_out:
        if faulty & {source.path for source in sources.catalogues}:
            left_out.clear()
            break
        left_out |= faulty
        sources = _without(sources, faulty)
        compilation, findings = examined(sources, ())
        faulty = _faulty(findings)
    if faulty:  # nothing holds together that could be planned
        return Gathered((), sources.files, whole)
    outputs = planned(compilation)

    def remember() -> None:
        if not errors(whole):
            memory.put(key, OUTLINE, outline(whole, outputs))

    return Gathered(outputs, sources.files, whole, tuple(sorted(left_out)), remember=remember)


def _key(sources: Sources, unread: Sequence[Diagnostic], publication: Publication, credited: bytes) -> str:
    """Stands for all that outputs and findings come from."""
    home = (sources.home,) if sources.home else ()
    texts = (*home, *sources.pages, *sources.reports, *sources.communities, *sources.catalogues)
    named = (part for source in texts for part in (source.path, source.text))
    return digest(code_key(), repr(publication), repr(unread), credited, *sorted(sources.files), *named)


def _credits(project: Path, memory: Memory) -> bytes:
    """Who had a part in what; the history is read again only when it goes on, or somebody takes another name."""
    history = history_of(project)
    if history is None:
        return dumps(NO_CREDITS, NO_BASE)
    key = digest(code_key(), history.key)
    content = memory.get(key, CREDITS)
    if content is None:
        from surveybase.rules.private import is_no_name  # noqa: PLC0415

        content = dumps(read_credits(history, is_no_name), NO_BASE)
        memory.put(key, CREDITS, content)
    return content


def _faulty(findings: list[Diagnostic]) -> set[str]:
    return {finding.location.path for finding in errors(findings)}


def _without(sources: Sources, paths: set[str]) -> Sources:
    def rest(kind: tuple[Source, ...]) -> tuple[Source, ...]:
        return tuple(source for source in kind if source.path not in paths)

    docs = {sources.below_docs(path) for path in paths}
    return replace(
        sources,
        home=None if sources.home and sources.home.path in paths else sources.home,
        reports=rest(sources.reports),
        communities=rest(sources.communities),
        files=frozenset(sources.files - docs),
        pages=rest(sources.pages),
    )
