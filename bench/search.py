"""Measure search against Material's on the same reports, in headless Chromium: ``make bench-search``.

    python -m bench.search [--sizes 5 1000 5000] [--work .cache/bench]

Prints the table of the requirement and recall by kind of query; every figure is measured in this run. Material's
search is measured twice, on the whole site that our plugin makes and on the Markdown of the reports alone. The
projects are made in the work folder and used again; ``--fresh`` makes them anew. The largest size has no site, only
our index: what a reader fetches does not depend on the pages.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from surveybase.reading.subject import Subject

from bench.engines import Handler, Indexed, Material, Ours, Scope, build_material, indexed, served, write_ours
from bench.generate import PROJECT, project
from bench.judged import Judge, Query, Score, queries, substrings


@dataclass
class Measured:
    """Figures of one engine on one project."""

    scores: dict[str, list[Score]] = field(default_factory=lambda: defaultdict(list))
    substrings: float = 0.0
    first: list[tuple[int, float]] = field(default_factory=list)  # bytes, ms
    later: list[tuple[int, float]] = field(default_factory=list)
    size: int = 0
    seconds: float = 0.0

    def mean(self, pick: Callable[[Score], float], kind: str | None = None) -> float:
        return statistics.fmean(
            pick(score) for name, scores in self.scores.items() for score in scores if kind in {None, name}
        )

    def recall(self) -> float:
        return self.mean(lambda score: score.recall)

    def mrr(self) -> float:
        return self.mean(lambda score: score.rank)

    def senses(self) -> float:
        return self.mean(lambda score: score.senses)


# --- Measuring -----------------------------------------------------------------------------------------


def measure(
    new: Callable[[], Ours | Material],
    root: str,
    judge: Judge,
    asked: Sequence[Query],
    parts: Sequence[str],
    samples: int,
) -> Measured:
    """Scores of all queries asked in one page; bytes and times of samples in browsers that have kept nothing."""
    measured = Measured()
    step = max(2, len(asked) // samples)
    for first, later in zip(asked[::step], asked[1::step], strict=False):
        engine = new()
        Handler.counted = engine.FILES
        # Material fetches its index when a page opens: that is part of the first query.
        before = Handler.sent
        engine.open(root)
        _, milliseconds = _spent(engine, first.text)
        measured.first.append((Handler.sent - before, milliseconds))
        measured.later.append(_spent(engine, later.text))
        engine.close()
    engine = new()
    engine.open(root)
    for i, query in enumerate(asked):
        _say(f"query {i + 1} of {len(asked)}")
        hits, _ = engine.ask(query.text)
        measured.scores[query.kind].append(judge.score(query, hits))
    found = 0
    for i, part in enumerate(parts):
        _say(f"substring {i + 1} of {len(parts)}")
        hits, _ = engine.ask(part)
        found += any(part in f"{hit.text}\n{hit.heading}".replace(" ", "") for hit in hits)
    measured.substrings = found / len(parts) if parts else 0.0
    engine.close()
    return measured


def _say(progress: str) -> None:
    if sys.stderr.isatty():
        print(f"\r  {progress}\033[K", end="\r", file=sys.stderr, flush=True)


def _spent(engine: Ours | Material, query: str) -> tuple[int, float]:
    before = Handler.sent
    _, milliseconds = engine.ask(query)
    return Handler.sent - before, milliseconds


SAMPLES, MATERIAL_SAMPLES = 50, 3  # Material's first query takes seconds


def ours_on(
    folder: Path,
    site: Path,
    page: Callable[[], Page],
    asked: Sequence[Query],
    parts: Callable[[Indexed], Sequence[str]],
) -> tuple[Measured, Indexed]:
    index = indexed(folder)
    write_ours(index, site)
    judge = _judge(folder, index)
    with served(site) as root:
        measured = measure(lambda: Ours(page(), index), root, judge, asked, parts(index), SAMPLES)
    measured.size = sum(map(len, index.files.values()))
    measured.seconds = index.seconds
    return measured, index


def material_on(
    folder: Path, site: Path, page: Callable[[], Page], index: Indexed, asked: Sequence[Query], parts: Sequence[str]
) -> Measured:
    judge = _judge(folder, index)
    with served(site) as root:
        measured = measure(lambda: Material(page(), site), root, judge, asked, parts, MATERIAL_SAMPLES)
    measured.size = (site / "search" / "search_index.json").stat().st_size
    return measured


def _reports_by_community(subject: Subject) -> dict[str, list[str]]:
    return {item.id: [survey.report.id for survey in item.surveys] for item in subject.base.communities.values()}


def _judge(folder: Path, index: Indexed) -> Judge:
    passages = {id: [one.text for one in found] for id, found in index.passages.items()}
    return Judge(folder, _reports_by_community(index.subject), passages)


def _parts(count: int) -> Callable[[Indexed], Sequence[str]]:
    return lambda index: substrings([one.text for passages in index.passages.values() for one in passages], count)


def folders(sizes: Sequence[int], work: Path, source: Path, fresh: bool) -> dict[int, Path]:
    """The project of each size, made where it is not there yet."""
    found = {}
    for size in sizes:
        found[size] = work / f"project-{size}"
        if fresh or not (found[size] / "origins.json").exists():
            project(size, found[size], source=source)
    return found


# --- The table -----------------------------------------------------------------------------------------


Engines = Mapping[int, Measured]
NOT_MEASURED = "–"


def table(ours: Engines, material: Mapping[Scope, Engines]) -> Iterator[str]:
    small, middle, large = sorted(ours)
    sizes = (small, middle, large)
    columns = [ours, *material.values()]

    def row(name: str, pick: Callable[[Measured], float], form: str, *limits: str) -> str:
        shown = [
            " / ".join(format(pick(one[size]), form) if size in one else NOT_MEASURED for size in sizes)
            for one in columns
        ]
        return _row(name, *shown, *limits)

    def ratio(name: str, pick: Callable[[Measured], float], *limits: str) -> str:
        shown = [
            " / ".join(
                f"{pick(ours[size]) / pick(one[size]):.3f}" if size in one else NOT_MEASURED for size in sizes
            )
            for one in material.values()
        ]
        return _row(name, "", *shown, *limits)

    yield _row(
        " / ".join(map(str, sizes)), "ours", *(f"Material, {scope}" for scope in material), "to reach", "aim"
    )
    yield "|---" * (3 + len(columns)) + "|"
    yield row("recall@10", Measured.recall, ".3f", "0.93 / 0.80", "0.97 / 0.90")
    yield row("different answers among ten", Measured.senses, ".3f", "", "")
    yield row("MRR", Measured.mrr, ".3f", "0.85 / 0.78", "0.92 / 0.88")
    yield row("substrings", lambda one: one.substrings, ".3f", "0.99", "1.00")
    yield row(
        "first query, median KB",
        lambda one: _median(one.first, 0) / 1e3,
        ".0f",
        "110 / 250 / 350",
        "60 / 150 / 200",
    )
    yield row("first query, median ms", lambda one: _median(one.first, 1), ".0f", "", "")
    yield row("later query, median KB", lambda one: _median(one.later, 0) / 1e3, ".0f", f"120 at {large}", "60")
    yield row("later query, median ms", lambda one: _median(one.later, 1), ".0f", f"100 at {large}", "50")
    yield row("index, MB on disk", lambda one: one.size / 1e6, ".2f", "", "")
    yield row("index, s to build", lambda one: one.seconds, ".2f", "", "")
    yield ratio("index on disk, ours ÷ Material's", lambda one: one.size, f"0.4 at {middle}", "0.25")
    yield ratio("build, ours ÷ Material's", lambda one: one.seconds, f"0.8 at {middle}", "0.4")
    yield ""
    yield _row("kind", "queries", "recall@10", "MRR")
    yield "|---|---|---|---|"
    for kind, scores in ours[small].scores.items():
        picks: tuple[Callable[[Score], float], ...] = (lambda score: score.recall, lambda score: score.rank)
        means = [" / ".join(f"{ours[size].mean(pick, kind):.2f}" for size in sizes) for pick in picks]
        yield _row(kind, str(len(scores)), *means)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _median(spent: Sequence[tuple[int, float]], place: int) -> float:
    """Of bytes (place 0) or of milliseconds (1)."""
    return statistics.median(one[place] for one in spent)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure search against Material's.")
    parser.add_argument("--sizes", type=int, nargs=3, default=[5, 1000, 5000])
    parser.add_argument("--work", type=Path, default=PROJECT / ".cache" / "bench")
    parser.add_argument("--source", type=Path, default=PROJECT)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--material", type=Scope, nargs="*", default=list(Scope), help="the scopes to measure")
    parser.add_argument("--substrings", type=int, default=500)
    given: Any = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    projects = folders(given.sizes, given.work, given.source, given.fresh)
    asked = queries()
    ours: dict[int, Measured] = {}
    material: dict[Scope, dict[int, Measured]] = {scope: {} for scope in given.material}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox"])

        def page() -> Page:
            return browser.new_context().new_page()

        for size, folder in projects.items():
            print(f"{size}: ours", file=sys.stderr)
            parts = _parts(given.substrings)
            ours[size], index = ours_on(folder, given.work / f"ours-{size}", page, asked, parts)
            for scope, measured in material.items() if size < max(given.sizes) else ():
                print(f"{size}: Material, {scope}", file=sys.stderr)
                site = given.work / f"material-{size}-{scope}"
                seconds = build_material(folder, site, scope)
                measured[size] = material_on(folder, site, page, index, asked, parts(index))
                measured[size].seconds = seconds
        browser.close()
    print("\n".join(table(ours, material)))


if __name__ == "__main__":
    main()
