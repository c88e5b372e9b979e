"""Where the time of a cold build goes, by part of the work."""

from __future__ import annotations

import pstats
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from surveybase.check import CACHE

from bench.processes import environment

# Self time of each function counts for the first of these that its file's path holds.
PARTS = (
    *(f"surveybase/{part}" for part in ("reading", "rules", "views", "search", "exports", "build", "templates")),
    *("surveybase", "markdown", "jinja2", "yaml", "nh3", "pydantic", "opencc", "pypinyin", "material", "mkdocs"),
)
LEAST = 0.005  # of the whole; what is less is shown together


def profile(folder: Path) -> Iterator[str]:
    """A table as Markdown. All runs in one process, since a profiler sees no other; the times are longer than without."""
    shutil.rmtree(folder / CACHE, ignore_errors=True)
    file = folder / "build.prof"
    command = [sys.executable, "-m", "cProfile", "-o", str(file), "-m", "mkdocs", "build", "--quiet"]
    config = ["-f", str(folder / "mkdocs.yml"), "-d", str(folder / "site")]
    subprocess.run([*command, *config], check=True, env=environment(), stdout=subprocess.DEVNULL)
    spent = by_part(pstats.Stats(str(file)))
    whole = sum(spent.values())
    yield "| part | s | share |"
    yield "|---|---|---|"
    for part, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        if seconds >= LEAST * whole:
            yield f"| {part} | {seconds:.2f} | {seconds / whole:.0%} |"
    rest = sum(seconds for seconds in spent.values() if seconds < LEAST * whole)
    yield f"| less than {LEAST:.1%} each | {rest:.2f} | {rest / whole:.0%} |"
