"""Everything that is wrong with a project: the one examination behind the build and the command line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from surveybase.build.compiling import Compile, compile_sources, compile_with
from surveybase.build.memory import Memory
from surveybase.diagnostics import Diagnostic, in_order
from surveybase.reading.sources import Sources, read_sources
from surveybase.rules.exceptions import masked
from surveybase.site import Contents, Publication

CACHE = Path(".cache") / "surveybase"  # below the project
NOWHERE = Publication("")


def examine(project: Path, docs: Path, data: Path) -> tuple[Contents, list[Diagnostic]]:
    """All that was contributed, and every finding in order; private numbers are masked in the findings."""
    sources, unread = read_sources(project, docs, data)
    return examine_sources(sources, unread, NOWHERE, Memory(project / CACHE), compile_with())


def examine_sources(
    sources: Sources, unread: Iterable[Diagnostic], publication: Publication, memory: Memory, compiler: Compile
) -> tuple[Contents, list[Diagnostic]]:
    """The same for sources that were read, with what was found while reading them."""
    contents, findings = compile_sources(sources, publication, memory, compiler)
    return contents, in_order([*map(masked, unread), *findings])
