"""Everything that is wrong with a project: the one examination behind the build and the command line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from surveybase.build.compiling import Compilation, Compile, compile_sources, compile_with
from surveybase.build.memory import CACHE, Memory
from surveybase.diagnostics import Diagnostic, in_order
from surveybase.hosting import Publication
from surveybase.reading.sources import Sources, read_sources
from surveybase.rules.exceptions import masked


def examine(project: Path, docs: Path, data: Path) -> list[Diagnostic]:
    """Every finding in order; private numbers are masked in the findings."""
    sources, unread = read_sources(project, docs, data)
    return examine_sources(sources, unread, None, Memory(project / CACHE), compile_with())[1]


def examine_sources(
    sources: Sources,
    unread: Iterable[Diagnostic],
    publication: Publication | None,
    memory: Memory,
    compiler: Compile,
) -> tuple[Compilation, list[Diagnostic]]:
    """The same for sources that were read, with what was found while reading them; and what they come to."""
    compilation, findings = compile_sources(sources, publication, memory, compiler)
    return compilation, in_order([*map(masked, unread), *findings])
