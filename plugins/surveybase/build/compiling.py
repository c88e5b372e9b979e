"""Everything that was contributed, compiled unit by unit: only what has changed, on all cores."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from surveybase.addresses import made_pages, source_file
from surveybase.build.memory import ANCHORS, Memory
from surveybase.build.pickling import NO_BASE, dumps, loads
from surveybase.build.program import code_key
from surveybase.build.progress import Say, on_stderr, progress
from surveybase.build.rubbish import many_objects
from surveybase.build.units import Compiled, Setting, Unit, joined, key_of, setting_of, units_of
from surveybase.build.workers import Outcome, compile_all
from surveybase.diagnostics import Diagnostic
from surveybase.digests import digest
from surveybase.hosting import Publication
from surveybase.model import KnowledgeBase
from surveybase.reading.catalogues import Catalogues, read_catalogues
from surveybase.reading.source import Source
from surveybase.reading.sources import Sources
from surveybase.reading.subject import NO_SOURCES, Subject
from surveybase.rules import judge, judge_whole
from surveybase.rules.exceptions import masked
from surveybase.rules.whole import Whole

UNIT, CATALOGUES = "unit", "catalogues"  # the kinds of these entries of the memory; others are those of the parts

# Findings that may be due to a file in another unit.
OF_REFERENCES = frozenset({"reference-unknown", "reference-mismatch"})

Compile = Callable[[Sequence[Unit], Setting], Iterator[tuple[int, Outcome]]]


def telling(compiler: Compile, say: Say) -> Compile:
    """The same compiler, which says how far it has come."""

    def told(units: Sequence[Unit], setting: Setting) -> Iterator[tuple[int, Outcome]]:
        with progress("读报告和数据", len(units), "份", say) as advance:
            for number, outcome in compiler(units, setting):
                advance(1)
                yield number, outcome

    return told


def compile_with(
    workers: int | None = None, say: Say = on_stderr, first: subprocess.Popen[bytes] | None = None
) -> Compile:
    """On this machine, with so many processes, or as many as there are cores; ``say`` tells how far it has come.

    ``first`` is one of the processes that was started before, and ends with the first call.
    """

    def compiler(units: Sequence[Unit], setting: Setting) -> Iterator[tuple[int, Outcome]]:
        nonlocal first
        started, first = first, None
        return compile_all(units, setting, workers, started=started)

    return telling(compiler, say)


def compile_sources(
    sources: Sources, publication: Publication | None, memory: Memory, compiler: Compile
) -> tuple[Compilation, list[Diagnostic]]:
    """Every unit, and every finding about the sources. Without a publication they are only checked."""
    catalogues, of_catalogues = _catalogues(sources.catalogues, memory)
    setting = setting_of(catalogues, sources.catalogues, publication)
    work = _Work(setting, memory, compiler)
    with many_objects():
        compilation = Compilation(setting, work.all(units_of(sources)), memory)
    of_units = (finding for item in compilation.done for finding in item.compiled.findings)
    findings = [*of_catalogues, *of_units, *judge_whole(_whole(compilation, sources.files))]
    return compilation, list(dict.fromkeys(findings))


def _catalogues(sources: tuple[Source, ...], memory: Memory) -> tuple[Catalogues, list[Diagnostic]]:
    """The catalogues, and every finding about them alone. They are long, and most builds find them as they were."""
    key = digest(code_key(), *(part for source in sources for part in (source.path, source.text)))
    found: tuple[Catalogues, list[Diagnostic]]
    if content := memory.get(key, CATALOGUES):
        found = loads(content, NO_BASE)
        return found
    catalogues, unresolved = read_catalogues(sources)
    subject = Subject(catalogues.base, catalogues.documents, {}, sources=replace(NO_SOURCES, catalogues=sources))
    found = catalogues, [*map(masked, unresolved), *judge(subject)]
    memory.put(key, CATALOGUES, dumps(found, NO_BASE))
    return found


@dataclass(frozen=True, slots=True)
class Done:
    """A unit with its key and what it came to; the parts are in the memory, or can be made again by the work."""

    unit: Unit
    key: str
    compiled: Compiled
    work: _Work

    def part(self, kind: str) -> bytes:
        return self.work.part(self, kind)


@dataclass(frozen=True)
class Compilation:
    """Everything that was contributed, unit by unit."""

    setting: Setting
    done: list[Done]
    memory: Memory

    @cached_property
    def base(self) -> KnowledgeBase:
        """Everything together."""
        communities = {item.id: item for one in self.done for item in one.compiled.communities}
        reports = {item.id: item for one in self.done for item in one.compiled.reports}
        return replace(
            self.setting.catalogues.base,
            communities=dict(sorted(communities.items())),
            reports=dict(sorted(reports.items())),
        )

    @cached_property
    def writers(self) -> dict[str, Done]:
        """The unit of each report, by its id."""
        return {report.id: one for one in self.done for report in one.compiled.reports}


class _Work:
    """Units on their way: out of the memory, or compiled and put there."""

    def __init__(self, setting: Setting, memory: Memory, compiler: Compile) -> None:
        self._setting = setting
        self._memory = memory
        self._compiler = compiler

    def all(self, units: Sequence[Unit]) -> list[Done]:
        """Every unit, those whose data refer to others that they cannot see together with those."""
        done = self._done(units)
        doubtful = {
            number: item.compiled.named
            for number, item in enumerate(done)
            if any(finding.code in OF_REFERENCES for finding in item.compiled.findings)
        }
        if not doubtful:
            return done
        groups = joined(units, doubtful)
        among_others = {number for numbers, _ in groups for number in numbers}
        rest = [item for number, item in enumerate(done) if number not in among_others]
        return rest + self._done([unit for _, unit in groups])

    def _done(self, units: Sequence[Unit]) -> list[Done]:
        keys = [key_of(unit, self._setting) for unit in units]
        found = [self._remembered(key) for key in keys]
        missing = [number for number, compiled in enumerate(found) if compiled is None]
        for place, outcome in self._compiler([units[number] for number in missing], self._setting):
            found[missing[place]] = self._keep(keys[missing[place]], outcome)
        return [
            Done(unit, key, compiled, self)
            for unit, key, compiled in zip(units, keys, found, strict=True)
            if compiled is not None
        ]

    def _remembered(self, key: str) -> Compiled | None:
        if not all(self._memory.has(key, kind) for kind in self._setting.parts):
            return None
        content = self._memory.get(key, UNIT)
        if content is None:
            return None
        for kind in self._setting.parts:
            self._memory.use(key, kind)
        return self._loaded(content)

    def _loaded(self, content: bytes) -> Compiled:
        compiled = loads(content, self._setting.catalogues.base)
        assert isinstance(compiled, Compiled)
        return compiled

    def _keep(self, key: str, outcome: Outcome) -> Compiled:
        content, parts = outcome
        compiled = self._loaded(content)
        # A text may have been refused because the machine was busy or asleep: it is tried again by the next build.
        keep = self._memory.put if compiled.is_converted else self._memory.hold
        for kind, part in parts.items():
            keep(key, kind, part)
        keep(key, UNIT, content)
        return compiled

    def part(self, done: Done, kind: str) -> bytes:
        """A part of a unit, made again when it was lost meanwhile."""
        content = self._memory.get(done.key, kind)
        if content is None:
            ((_, outcome),) = self._compiler([done.unit], self._setting)
            self._keep(done.key, outcome)
            return outcome[1][kind]
        return content


def _whole(compilation: Compilation, files: frozenset[str]) -> Whole:
    base, done = compilation.base, compilation.done

    def anchors(file: str) -> frozenset[str] | None:
        id = file.removeprefix("reports/").removesuffix(".md")
        if id not in base.reports or file != f"reports/{id}.md":
            return None
        return frozenset(json.loads(compilation.writers[id].part(ANCHORS))[file])

    return Whole(
        base=base,
        catalogues=compilation.setting.catalogues.documents.catalogues,
        used=frozenset().union(*(item.compiled.used for item in done)),
        is_complete=all(item.compiled.is_complete for item in done),
        links=tuple(link for item in done for link in item.compiled.links),
        known=files | {source_file(target) for target in made_pages(base)},
        anchors=anchors,
    )
