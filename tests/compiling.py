"""Units compiled in the process of the test: as a build does, without the time that a process takes to start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from surveybase.build import contents as built
from surveybase.build.compile_unit import compile_unit
from surveybase.build.compiling import compile_sources
from surveybase.build.memory import Memory
from surveybase.build.pickling import dumps
from surveybase.build.units import Order, Setting, Unit
from surveybase.build.workers import Outcome
from surveybase.diagnostics import Diagnostic
from surveybase.hosting import Publication
from surveybase.reading.sources import Sources
from surveybase.site import Contents

NOWHERE = Path("/dev/null/none")  # a memory that cannot be written keeps things until the process ends


def compile_here(units: Sequence[Unit], setting: Setting) -> Iterator[tuple[int, Outcome]]:
    for number, unit in enumerate(units):
        compiled, parts = compile_unit(Order(unit), setting)
        yield number, (dumps(compiled, setting.catalogues.base), parts)


def contents_of(sources: Sources, publication: Publication) -> tuple[Contents, list[Diagnostic]]:
    """What the site is made from, and every finding."""
    compilation, findings = compile_sources(sources, publication, Memory(NOWHERE), compile_here)
    return built.contents_of(compilation), findings
