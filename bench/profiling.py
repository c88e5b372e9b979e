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

from surveybase.check import CACHE

from bench.processes import environment

# The time of a function counts for the first of these that its file lies in.
PARTS = (
    *(f"surveybase/{part}" for part in ("reading", "rules", "views", "search", "exports", "build")),
    *("surveybase", "markdown", "jinja2", "yaml", "nh3", "pydantic", "opencc", "pypinyin", "material", "mkdocs"),
)


# Units are compiled and pages written in this process, since a profiler sees no other.
BUILDER = """
import cProfile, sys
import surveybase.build.writing as writing
import surveybase.plugin as plugin
from surveybase.build.pickling import dumps
from surveybase.build.compile_unit import compile_unit
from surveybase.build.units import Order
def compile_with(workers=None, say=print):
    def compiler(units, setting):
        for number, unit in enumerate(units):
            compiled, parts = compile_unit(Order(unit), setting, lambda path: None)
            yield number, (dumps(compiled, setting.catalogues.base), parts)
    return compiler
plugin.compile_with = compile_with
writing.FEWEST_TO_SHARE = sys.maxsize
from mkdocs.commands.build import build
from mkdocs.config import load_config
with cProfile.Profile() as profiler:
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


def by_part(file: Path) -> dict[str, float]:
    """Seconds by part; what C functions take counts for the Python function that calls them."""
    spent: dict[str, float] = defaultdict(float)
    entries: Any = vars(pstats.Stats(str(file)))["stats"]
    for (path, _, name), (_, _, own, _, callers) in entries.items():
        if path != "~" or not callers:
            spent[_part(path if path != "~" else name)] += own
        for (caller, _, _), (_, _, seconds, _) in callers.items() if path == "~" else ():
            spent[_part(caller)] += seconds
    return spent


def _part(path: str) -> str:
    return next((part for part in PARTS if f"/{part}/" in path or f"/{part}." in path), "the rest")
