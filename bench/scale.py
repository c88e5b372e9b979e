"""Measure our build beside stock Material with search and tags on the same reports, in one run: ``make bench``.

    python -m bench.scale [--sizes 1000 5000] [--only cold serve ...] [--json FILE] [--profile]

Prints a table as Markdown. Each measure runs both sides by turns and the other one first every other time; of the
runs at one size the median counts. How each is measured and how to read the ratios stands in bench/README.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surveybase.check import CACHE

from bench.edits import Edit
from bench.engines import PACKAGES
from bench.first_view import first_views
from bench.generate import PROJECT, project
from bench.processes import LONGEST_RELOAD, Run, build, serving, wait_for
from bench.profiling import profile
from bench.stock import write_stock

OURS, STOCK, NO_SEARCH = "ours", "stock", "without search"
BUILDS = ("cold", "edit", "nothing")
MEASURES = (*BUILDS, "serve", "views")
RUNS = {"large": 1, "small": 3}  # from 2,000 communities on, one run is long enough to be steady
LARGE = 2000


@dataclass(frozen=True)
class Side:
    """A project as one side builds it."""

    name: str
    config: Path

    @property
    def folder(self) -> Path:
        return self.config.parent

    @property
    def site(self) -> Path:
        return self.folder / f"site-{self.config.stem}"

    def build(self, *, cold: bool = False) -> Run:
        if cold:
            shutil.rmtree(self.folder / CACHE, ignore_errors=True)
            shutil.rmtree(self.site, ignore_errors=True)
        return build(self.config, self.site)


@dataclass
class Measured:
    """What was measured at one size; runs by measure and side, seconds of ``serve`` and bytes by kind by side."""

    runs: dict[str, dict[str, list[Run]]] = field(default_factory=dict)
    serve: dict[str, list[float]] = field(default_factory=dict)
    views: dict[str, dict[str, int]] = field(default_factory=dict)

    def median(self, measure: str, side: str, quantity: str) -> float | None:
        """Of ``wall``, ``processor`` or ``peak`` of a build, or of the seconds of ``serve``."""
        if measure == "serve":
            found: Sequence[float] = self.serve.get(side, [])
        else:
            found = [getattr(run, quantity) for run in self.runs.get(measure, {}).get(side, [])]
        return statistics.median(found) if found else None


# --- Measuring -----------------------------------------------------------------------------------------


def measure(size: int, work: Path, only: Sequence[str], source: Path = PROJECT) -> Measured:
    """Both sides at one size; the projects are written anew, so that no edit of an earlier run is left."""
    say(f"{size} communities: writing both projects")
    ours = Side(OURS, work / f"ours-{size}" / "mkdocs.yml")
    stock = Side(STOCK, work / f"stock-{size}" / "mkdocs.yml")
    project(size, ours.folder, source=source)
    write_stock(ours.folder, stock.folder)
    measured = Measured()
    edit = Edit.of(ours.folder, stock.folder)
    for count in range(RUNS["large" if size >= LARGE else "small"]):
        turn = [ours, stock] if count % 2 == 0 else [stock, ours]
        for kind in (kind for kind in BUILDS if kind in only):
            if kind == "edit":
                edit.make()
            for side in turn:
                _note(measured, kind, side.name, side.build(cold=kind == "cold"), size)
        if "cold" in only:
            bare = Side(NO_SEARCH, stock.folder / "mkdocs-no-search.yml")
            _note(measured, "cold", bare.name, bare.build(cold=True), size)
        for side in turn if "serve" in only and size < LARGE else ():
            seconds = _reload(side, edit)
            measured.serve.setdefault(side.name, []).append(seconds)
            say(f"{size}: serve, {side.name}: {seconds:.2f} s")
    for side in (ours, stock) if "views" in only else ():
        if not side.site.exists():
            side.build()
        measured.views[side.name] = first_views(side.site)
        say(f"{size}: first views, {side.name}: {measured.views[side.name]}")
    return measured


def _note(measured: Measured, kind: str, side: str, run: Run, size: int) -> None:
    measured.runs.setdefault(kind, {}).setdefault(side, []).append(run)
    say(f"{size}: {kind}, {side}: {run.wall:.2f} s, processor {run.processor:.2f} s, {run.peak / 1e6:.0f} MB")


def _reload(side: Side, edit: Edit) -> float:
    """Seconds from the edit until the served page says it."""
    with serving(side.config) as root:
        page = root + edit.address
        wait_for(page, edit.words, LONGEST_RELOAD)
        edit.make()
        return wait_for(page, edit.words, LONGEST_RELOAD)


def say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


# --- Telling -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One line of the table. A ratio is ours ÷ stock; the figures are in ``unit``."""

    name: str
    ours: float | None
    stock: float | None
    unit: str = "s"
    to_reach: str = ""
    aim: str = ""
    without_search: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.ours / self.stock if self.ours is not None and self.stock else None

    def text(self) -> str:
        figures = (_figure(value, self.unit) for value in (self.ours, self.stock, self.without_search))
        ratio = f"{self.ratio:.3f}" if self.ratio is not None else ""
        return f"| {' | '.join((self.name, *figures, ratio, self.to_reach, self.aim))} |"


def rows(results: Mapping[int, Measured]) -> Iterator[Row]:
    limits = {
        "cold": ("cold full build", "≤ 0.6", "0.35"),
        "edit": ("one report edited", "≤ 0.10", "0.05"),
        "nothing": ("nothing changed", "≤ 0.06", "0.03"),
        "serve": ("serve: one report edited", "≤ 0.2", "0.1"),
    }
    for size, one in results.items():
        for kind, (name, *wanted) in limits.items():
            ours, stock, bare = (one.median(kind, side, "wall") for side in (OURS, STOCK, NO_SEARCH))
            if ours is not None:
                yield Row(f"{name}, {size:,}", ours, stock, "s", *wanted, without_search=bare)
        sides = [one.median("cold", side, "processor") for side in (OURS, STOCK, NO_SEARCH)]
        if sides[0] is not None:
            yield Row(f"cold, processor time, {size:,}", *sides[:2], without_search=sides[2])
            peaks = [one.median("cold", side, "peak") for side in (OURS, STOCK, NO_SEARCH)]
            yield Row(f"peak memory, {size:,}", *peaks[:2], "MB", "≤ 1.0", "0.5", peaks[2])
    small, large = min(results), max(results)
    if large > small:
        yield Row(
            f"growth of cold time per community, {small:,} → {large:,}",
            *(_growth(results, small, large, side) for side in (OURS, STOCK)),
            "",
            "≤ 1.15 (ours)",
            "1.0",
            _growth(results, small, large, NO_SEARCH),
        )
    views = results[large].views
    for kind, size in views.get(OURS, {}).items():
        yield Row(f"first view: {kind}, {large:,}", size, views[STOCK].get(kind), "KB", "≤ 400 KB (ours)", "250 KB")


def _growth(results: Mapping[int, Measured], small: int, large: int, side: str) -> float | None:
    before, after = (results[size].median("cold", side, "wall") for size in (small, large))
    return (after / large) / (before / small) if before and after else None


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return (
        f"{value / {'MB': 1e6, 'KB': 1e3}[unit]:.0f} {unit}"
        if unit in {"MB", "KB"}
        else f"{value:.2f} {unit}".strip()
    )


def table(results: Mapping[int, Measured]) -> Iterator[str]:
    has_jieba = importlib.util.find_spec("jieba") is not None or (PACKAGES / "jieba").exists()
    yield f"Stock: Material with search ({'with' if has_jieba else 'without'} jieba) and tags."
    yield ""
    yield "| measure | ours | stock | stock without search | ratio | to reach | aim |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows(results):
        yield row.text()


def as_json(results: Mapping[int, Measured]) -> str:
    """Seconds and bytes."""
    return json.dumps([{**vars(row), "ratio": row.ratio} for row in rows(results)], ensure_ascii=False, indent=1)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure builds beside stock Material.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--work", type=Path, default=PROJECT / ".cache" / "bench" / "scale")
    parser.add_argument("--source", type=Path, default=PROJECT)
    parser.add_argument("--only", choices=MEASURES, nargs="+", default=MEASURES)
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    parser.add_argument(
        "--profile", action="store_true", help="where a cold build of the smallest size spends its time"
    )
    given: Any = parser.parse_args(arguments)
    if given.profile:
        project(min(given.sizes), given.work / "profile", source=given.source)
        print("\n".join(profile(given.work / "profile")))
        return
    results = {size: measure(size, given.work, given.only, given.source) for size in sorted(given.sizes)}
    print("\n".join(table(results)))
    if given.json:
        given.json.write_text(as_json(results) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
