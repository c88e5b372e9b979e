"""All that was contributed, read and judged; for a preview, without the files that are wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from surveybase.build.compiling import Compile
from surveybase.build.contents import contents_of
from surveybase.build.memory import Memory
from surveybase.check import examine_sources
from surveybase.diagnostics import Diagnostic, errors
from surveybase.hosting import Publication
from surveybase.reading.source import Source
from surveybase.reading.sources import Sources, read_sources
from surveybase.site import Contents


@dataclass(frozen=True)
class Gathered:
    """``findings`` are those of all files, ``left_out`` the files that ``contents`` is without; ``files`` are those
    below docs that were accepted."""

    contents: Contents
    files: frozenset[str]
    findings: tuple[Diagnostic, ...]
    left_out: tuple[str, ...] = ()

    @property
    def errors(self) -> list[Diagnostic]:
        return errors(self.findings)


def gather(
    project: Path,
    docs: Path,
    data: Path,
    publication: Publication,
    memory: Memory,
    compiler: Compile,
    *,
    may_leave_out: bool = False,
) -> Gathered:
    """Everything, with every finding; whoever publishes it must look at the errors first.

    Where files may be left out, it is without those that have errors, and those that do not hold together without
    them; a wrong catalogue cannot be left out, as nothing holds together without it.
    """
    sources, unread = read_sources(project, docs, data)
    compilation, findings = examine_sources(sources, unread, publication, memory, compiler)
    whole = tuple(findings)
    left_out: set[str] = set()
    faulty = _faulty(findings)
    while may_leave_out and faulty - left_out:
        if faulty & {source.path for source in sources.catalogues}:
            left_out.clear()
            break
        left_out |= faulty
        sources = _without(sources, faulty)
        compilation, findings = examine_sources(sources, (), publication, memory, compiler)
        faulty = _faulty(findings)
    return Gathered(contents_of(compilation), sources.files, whole, tuple(sorted(left_out)))


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
