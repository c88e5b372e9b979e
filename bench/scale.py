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

from surveybase.build.memory import CACHE

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
    for side in (ours, stock) if "cold" not in only else ():
        side.build()  # what the others start from
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
    """One line of the table: figures, in ``unit``, of ours, of stock and of stock without search."""

    name: str
    figures: tuple[float | None, ...]
    unit: str = "s"
    to_reach: str = ""
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours ÷ stock."""
        ours, stock, _ = self.figures
        return ours / stock if ours is not None and stock else None

    def text(self) -> str:
        ours, stock, bare = (_figure(value, self.unit) for value in self.figures)
        ratio = f"{self.ratio:.3f}" if self.ratio is not None else ""
        return f"| {' | '.join((self.name, ours, stock, ratio, bare, self.to_reach, self.aim))} |"

    def record(self) -> dict[str, object]:
        """Seconds and bytes."""
        ours, stock, bare = self.figures
        limits = {"to_reach": self.to_reach, "aim": self.aim}
        return {
            "measure": self.name,
            "ours": ours,
            "stock": stock,
            "ratio": self.ratio,
            "no_search": bare,
            **limits,
        }


LIMITS = {
    "cold": ("cold full build", "≤ 0.6", "0.35"),
    "edit": ("one report edited", "≤ 0.10", "0.05"),
    "nothing": ("nothing changed", "≤ 0.06", "0.03"),
    "serve": ("serve: one report edited", "≤ 0.2", "0.1"),
}


def rows(results: Mapping[int, Measured]) -> Iterator[Row]:
    """One for each measure, also for those that were not run."""

    def medians(size: int, kind: str, quantity: str) -> tuple[float | None, ...]:
        return tuple(results[size].median(kind, side, quantity) for side in (OURS, STOCK, NO_SEARCH))

    for size in results:
        for kind, (name, to_reach, aim) in LIMITS.items():
            yield Row(f"{name}, {size:,}", medians(size, kind, "wall"), "s", to_reach, aim)
        yield Row(f"cold full build: processor time, {size:,}", medians(size, "cold", "processor"))
        yield Row(f"cold full build: peak memory, {size:,}", medians(size, "cold", "peak"), "MB", "≤ 1.0", "0.5")
    small, large = min(results), max(results)
    if large > small:
        name = f"growth of cold time per community, {small:,} → {large:,}"
        growth = tuple(_growth(results, small, large, side) for side in (OURS, STOCK, NO_SEARCH))
        yield Row(name, growth, "", "ours ≤ 1.15", "1.0")
    views = results[large].views
    for kind, loaded in views.get(OURS, {}).items():
        figures = (loaded, views[STOCK].get(kind), None)
        yield Row(f"first view: {kind}, {large:,}", figures, "KB", "ours ≤ 400 KB", "250 KB")


def shown(results: Mapping[int, Measured]) -> list[Row]:
    return [row for row in rows(results) if row.figures[0] is not None]


def _growth(results: Mapping[int, Measured], small: int, large: int, side: str) -> float | None:
    before, after = (results[size].median("cold", side, "wall") for size in (small, large))
    return (after / large) / (before / small) if before and after else None


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    bytes_each = {"MB": 1e6, "KB": 1e3}
    return f"{value / bytes_each[unit]:.0f} {unit}" if unit in bytes_each else f"{value:.2f} {unit}".strip()


def table(results: Mapping[int, Measured]) -> Iterator[str]:
    has_jieba = importlib.util.find_spec("jieba") is not None or (PACKAGES / "jieba").exists()
    yield f"Stock: Material with search ({'with' if has_jieba else 'without'} jieba) and tags."
    yield ""
    yield "| measure | ours | stock | ratio | stock without search | to reach | aim |"
    yield "|---|---|---|---|---|---|---|"
    for row in shown(results):
        yield row.text()


def as_json(results: Mapping[int, Measured]) -> str:
    return json.dumps([row.record() for row in shown(results)], ensure_ascii=False, indent=1) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure builds beside stock Material.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--work", type=Path, default=PROJECT / ".cache" / "bench" / "scale")
    parser.add_argument("--source", type=Path, default=PROJECT)
    parser.add_argument("--only", choices=MEASURES, nargs="+", default=MEASURES)
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    parser.add_argument("--profile", action="store_true", help="where a cold build spends its time, instead")
    given: Any = parser.parse_args(arguments)
    if given.profile:
        project(min(given.sizes), given.work / "profile", source=given.source)
        print("\n".join(profile(given.work / "profile")))
        return
    results = {size: measure(size, given.work, given.only, given.source) for size in sorted(given.sizes)}
    print("\n".join(table(results)))
    if given.json:
        given.json.write_text(as_json(results), encoding="utf-8")


if __name__ == "__main__":
    main()
