"""Where the time of a cold build goes, by part of the work."""

from __future__ import annotations

import pstats
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from surveybase.build.memory import CACHE

from bench.processes import environment

# The time of a function counts for the first of these that its file lies in.
PARTS = (
    *(f"surveybase/{part}" for part in ("reading", "rules", "views", "search", "exports", "build")),
    *("surveybase", "markdown", "jinja2", "yaml", "nh3", "pydantic", "opencc", "pypinyin", "material", "mkdocs"),
)

REST = "the rest"

# Units are compiled and pages written in this process, since a profiler sees no other.
BUILDER = """
import cProfile, sys, time
import surveybase.build.writing as writing
import surveybase.build.compiling as compiling
from surveybase.build.pickling import dumps
from surveybase.build.compile_unit import compile_unit
from surveybase.build.units import Order
def compile_with(*_):
    def compiler(units, setting):
        for number, unit in enumerate(units):
            compiled, parts = compile_unit(Order(unit), setting, lambda path: None)
            yield number, (dumps(compiled, setting.catalogues.base), parts)
    return compiler
compiling.compile_with = compile_with
writing.FEWEST_TO_SHARE = sys.maxsize
from mkdocs.commands.build import build
from mkdocs.config import load_config
with cProfile.Profile(time.process_time) as profiler:
    build(load_config(sys.argv[1], site_dir=sys.argv[2]))
profiler.dump_stats(sys.argv[3])
"""


def profile(folder: Path) -> Iterator[str]:
    """A table as Markdown: seconds on one core by part, each a good deal longer than without the profiler."""
    shutil.rmtree(folder / CACHE, ignore_errors=True)
    file = folder / "build.prof"
    given = [str(folder / "mkdocs.yml"), str(folder / "site"), str(file)]
    subprocess.run(
        [sys.executable, "-c", BUILDER, *given], check=True, env=environment(), stdout=subprocess.DEVNULL
    )
    spent = by_part(file)
    whole = sum(spent.values())
    yield "| part | s | share |"
    yield "|---|---|---|"
    for part, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        yield f"| {part} | {seconds:.2f} | {seconds / whole:.0%} |"


LEVELS = 20  # of calls between functions that are none of the parts


def by_part(file: Path) -> dict[str, float]:
    """Seconds by part; what other functions take counts for those that call them."""
    entries: Any = vars(pstats.Stats(str(file)))["stats"]
    spent: dict[Any, float] = {function: timing[2] for function, timing in entries.items()}
    for _ in range(LEVELS):
        found: dict[Any, float] = defaultdict(float)
        for function, seconds in spent.items():
            callers = entries[function][4]
            whole = sum(edge[3] for edge in callers.values())
            if _part(function[0]) != REST or not whole:
                found[function] += seconds
            else:
                for caller, edge in callers.items():
                    found[caller] += seconds * edge[3] / whole
        spent = found
    parts: dict[str, float] = defaultdict(float)
    for (path, _, _), seconds in spent.items():
        parts[_part(path)] += seconds
    return parts


def _part(path: str) -> str:
    return next((part for part in PARTS if f"/{part}/" in path or f"/{part}." in path), REST)
