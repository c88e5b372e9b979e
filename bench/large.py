"""Build 100,000 communities once from nothing and once after one edit: ``make bench-large``.

    python -m bench.large [--count 100000] [--work .cache/bench/large]

Prints each figure beside its limit; bench/README.md says how they are measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.edits import Edit
from bench.first_view import first_views
from bench.generate import PROJECT, project
from bench.processes import Run
from bench.scale import OURS, Side, say

MINUTES, MEMORY, FILE, VIEW = 60.0, 8e9, 2e6, 500e3  # the limits; bytes but for the first


def measure(count: int, work: Path) -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure and its limit, each as soon as it is known."""
    say(f"{count} communities: writing the project")
    project(count, work)
    side, edit = Side(OURS, work / "mkdocs.yml"), Edit.of(work)
    cold = side.build(cold=True)
    yield from _told("cold full build", cold)
    edit.make()
    yield from _told("one report edited", side.build())
    sizes = {file: file.stat().st_size for file in side.site.rglob("*") if file.is_file()}
    largest = max(sizes, key=lambda file: sizes[file])
    yield "site", f"{sum(sizes.values()) / 1e9:.2f} GB in {len(sizes):,} files", ""
    yield "largest file", *_within(sizes[largest], FILE, 1e6, f"MB, {largest.relative_to(side.site).as_posix()}")
    for kind, loaded in first_views(side.site).items():
        yield f"first view: {kind}", *_within(loaded, VIEW, 1e3, "KB")


def _told(name: str, run: Run) -> Iterator[tuple[str, str, str]]:
    yield name, *_within(run.wall / 60, MINUTES, 1, "min")
    yield f"{name}: peak memory", *_within(run.peak, MEMORY, 1e9, "GB")


def _within(found: float, most: float, each: float, unit: str) -> tuple[str, str]:
    """The figure and the limit, with a mark when it is broken."""
    return f"{found / each:.2f} {unit}", f"≤ {most / each:g}{'' if found <= most else ' BROKEN'}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Build a very large project.")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--work", type=Path, default=PROJECT / ".cache" / "bench" / "large")
    given: Any = parser.parse_args()
    print("| measure | found | limit |\n|---|---|---|")
    for cells in measure(given.count, given.work):
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
