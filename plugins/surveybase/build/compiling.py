"""Everything that was contributed, compiled unit by unit: only what has changed, on all cores."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from surveybase.addresses import address
from surveybase.build.memory import Memory
from surveybase.build.pickling import dumps, loads
from surveybase.build.progress import Say, on_stderr, progress
from surveybase.build.units import (
    ANCHORS,
    RECORDS,
    Compiled,
    Parts,
    Setting,
    Unit,
    code_key,
    joined,
    key_of,
    setting_of,
    units_of,
)
from surveybase.build.workers import Outcome, compile_all
from surveybase.diagnostics import Diagnostic
from surveybase.digests import digest
from surveybase.model import KnowledgeBase
from surveybase.reading.catalogues import Catalogues, read_catalogues
from surveybase.reading.sources import HOME, Sources
from surveybase.reading.subject import NO_SOURCES, Subject
from surveybase.render import Rendered
from surveybase.rules import judge, judge_whole
from surveybase.rules.exceptions import masked
from surveybase.rules.whole import Whole
from surveybase.search.index import Prepared
from surveybase.site import Contents, PageOutput, Publication, planned_files
from surveybase.views.figures import Target

# Kinds of entries of the memory.
UNIT, PARTS, CONTENT = "unit", "parts", "content"
NO_BASE = KnowledgeBase()

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


def compile_with(workers: int | None = None, say: Say = on_stderr) -> Compile:
    """On this machine, with so many processes, or as many as there are cores; ``say`` tells how far it has come."""
    return telling(partial(compile_all, workers=workers), say)


def compile_sources(
    sources: Sources, publication: Publication, memory: Memory, compiler: Compile
) -> tuple[Contents, list[Diagnostic]]:
    """What the site is made from, and every finding about the sources."""
    catalogues, unresolved = read_catalogues(sources.catalogues)
    setting = setting_of(catalogues, sources.catalogues, publication)
    work = _Work(setting, memory, compiler)
    with _many_objects():
        done = work.all(units_of(sources))
    contents = _contents(done, catalogues, setting, memory)
    subject = Subject(
        catalogues.base,
        catalogues.documents,
        {},
        sources=replace(NO_SOURCES, catalogues=sources.catalogues),
    )
    findings = [*map(masked, unresolved), *judge(subject)]
    findings += (finding for item in done for finding in item.compiled.findings)
    findings += judge_whole(_whole(done, contents, catalogues, sources.files))
    return contents, list(dict.fromkeys(findings))


@dataclass(frozen=True, slots=True)
class Done:
    """A unit with its key and what it came to; the parts are in the memory, or can be made again by ``parts``."""

    unit: Unit
    key: str
    compiled: Compiled
    work: _Work

    def part(self, name: str) -> bytes:
        return self.work.parts(self)[name]


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
        content = self._memory.get(key, UNIT) if self._memory.has(key, PARTS) else None
        return self._loaded(content) if content is not None else None

    def _loaded(self, content: bytes) -> Compiled:
        compiled = loads(content, self._setting.catalogues.base)
        assert isinstance(compiled, Compiled)
        return compiled

    def _keep(self, key: str, outcome: Outcome) -> Compiled:
        content, parts = outcome
        self._memory.put(key, PARTS, dumps(dict(parts), self._setting.catalogues.base))
        self._memory.put(key, UNIT, content)
        return self._loaded(content)

    def parts(self, done: Done) -> Parts:
        """The parts of a unit, made again when they were lost meanwhile."""
        content = self._memory.get(done.key, PARTS)
        if content is None:
            ((_, outcome),) = self._compiler([done.unit], self._setting)
            self._keep(done.key, outcome)
            return outcome[1]
        parts = loads(content, self._setting.catalogues.base)
        assert isinstance(parts, dict)
        return parts


@contextmanager
def _many_objects() -> Iterator[None]:
    """Without looking for rubbish again and again among objects that all stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _contents(done: Sequence[Done], catalogues: Catalogues, setting: Setting, memory: Memory) -> Contents:
    communities = {item.id: item for one in done for item in one.compiled.communities}
    reports = {item.id: item for one in done for item in one.compiled.reports}
    owners = {item.id: one for one in done for item in one.compiled.communities}
    writers = {item.id: one for one in done for item in one.compiled.reports}
    pages = {page.file: page for one in done for page in one.compiled.pages}
    base = replace(
        catalogues.base,
        communities=dict(sorted(communities.items())),
        reports=dict(sorted(reports.items())),
    )

    def loaded(one: Done, name: str) -> Any:
        return loads(one.part(name), catalogues.base)

    def records() -> Iterator[Prepared]:
        for one in {id(owners[community]): owners[community] for community in base.communities}.values():
            yield from loaded(one, RECORDS)

    def key(ids: Iterable[str]) -> str:
        return digest(setting.key, *(owners[id].key for id in ids))

    everything = cache(lambda: key(base.communities))

    def remembered(name: str, make: Callable[[], dict[str, str]]) -> dict[str, str]:
        content = memory.get(everything(), name)
        if content is None:
            content = json.dumps(make()).encode()
            memory.put(everything(), name, content)
        found = json.loads(content)
        assert isinstance(found, dict)
        return found

    return Contents(
        base=base,
        home_page=pages.pop(HOME, None),
        texts=dict(sorted(pages.items())),
        report=lambda id: loaded(writers[id], _address("report", id)),
        report_json=lambda id: writers[id].part(_address("report_json", id)),
        community_json=lambda id: owners[id].part(_address("community_json", id)),
        records=records,
        anchors=lambda id: frozenset(json.loads(writers[id].part(ANCHORS))[f"reports/{id}.md"]),
        key=key,
        everything=everything,
        remembered=remembered,
        report_key=lambda id: writers[id].key,
    )


def _address(kind: str, id: str) -> str:
    return address(Target(kind, id))


def _whole(done: Sequence[Done], contents: Contents, catalogues: Catalogues, files: frozenset[str]) -> Whole:
    def anchors(file: str) -> frozenset[str] | None:
        id = file.removeprefix("reports/").removesuffix(".md")
        return contents.anchors(id) if id in contents.base.reports and file == f"reports/{id}.md" else None

    return Whole(
        base=contents.base,
        catalogues=catalogues.documents.catalogues,
        used=frozenset().union(*(item.compiled.used for item in done)),
        is_complete=all(item.compiled.is_complete for item in done),
        links=tuple(link for item in done for link in item.compiled.links),
        known=files | planned_files(contents),
        anchors=anchors,
    )


def remembered_content(output: PageOutput, memory: Memory | None) -> Rendered:
    """The content of a page, made only when there is none in the memory for all that it is made from."""
    key = digest(code_key(), output.file, output.key()) if memory and output.key else ""
    content = memory.get(key, CONTENT) if memory and key else None
    if content is not None:
        rendered = loads(content, NO_BASE)
        assert isinstance(rendered, Rendered)
        return rendered
    rendered = output.render()
    if memory and key:
        memory.put(key, CONTENT, dumps(rendered, NO_BASE))
    return rendered
