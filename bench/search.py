"""Measure search against Material's on the same site, in headless Chromium: ``make bench-search``.

    python -m bench.search [--sizes 5 1000 5000] [--work .cache/bench]

Prints the table of the requirement, recall by kind of query, and what every figure was measured on. Projects and
sites are made in the work folder and used again; ``--fresh`` makes them anew. The largest size has no site, only an
index: what a reader fetches does not depend on the pages.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from playwright.sync_api import Page, sync_playwright
from surveybase.addresses import address
from surveybase.reading.passages import Passage, divide
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import Subject, read_subject
from surveybase.search.index import build
from surveybase.search.records import Record, entries, records

from bench.generate import PROJECT, project
from bench.judged import ANY, Hit, Judge, Query, Score, queries, substrings

ASSETS = "assets/surveybase"
COMPRESSED = {".html", ".js", ".css", ".json", ".svg", ".xml"}


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


# --- Serving -------------------------------------------------------------------------------------------


class Handler(SimpleHTTPRequestHandler):
    """Files as an ordinary host sends them: text gzipped, the rest as it is.

    Counts the bytes of the bodies below the addresses that the measured engine has its files at.
    """

    counted: tuple[str, ...] = ()

    sent = 0

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        if path.suffix in COMPRESSED:
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.path.startswith(Handler.counted):
            Handler.sent += len(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


# --- Ours ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Indexed:
    """A project read and indexed."""

    subject: Subject
    passages: dict[str, tuple[Passage, ...]]
    records: list[Record]
    files: dict[str, bytes]
    seconds: float


def indexed(folder: Path) -> Indexed:
    """The index of a project, timed from the marked bodies to the files."""
    sources, _ = read_sources(folder, folder / "docs", folder / "data")
    subject, _ = read_subject(sources)
    begun = time.perf_counter()
    passages = {id: divide(marked.body) for id, marked in subject.bodies.items()}
    found = records(subject.base, passages)
    content = build(found, entries(subject.base), address)
    return Indexed(subject, passages, found, content, time.perf_counter() - begun)


def write_ours(index: Indexed, site: Path) -> None:
    """The index and the browser half below ``site``, with a page to load them from."""
    shutil.rmtree(site, ignore_errors=True)
    target = site / ASSETS
    target.mkdir(parents=True)
    for script in files("surveybase").joinpath("assets").iterdir():
        if script.name.startswith("search"):
            (target / script.name).write_bytes(script.read_bytes())
    for path, content in index.files.items():
        file = target / "search" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (site / "index.html").write_text("<!doctype html><meta charset=utf-8><title>·</title>", encoding="utf-8")


class Ours:
    """Our search in a page."""

    FILES = (f"/{ASSETS}/search",)

    def __init__(self, page: Page, index: Indexed) -> None:
        self._page = page
        self._records = {record.id: record for record in index.records}

    def open(self, root: str) -> None:
        self._page.goto(root)

    def close(self) -> None:
        self._page.context.close()

    def ask(self, query: str) -> tuple[list[Hit], float]:
        """The first ten results and how many milliseconds they took."""
        found = self._page.evaluate(
            """async ([query, script]) => {
                const begun = performance.now();
                const { search } = await import(script);
                const { results } = await search(query, { limit: 10 });
                return { ids: results.map(({ id }) => id), ms: performance.now() - begun };
            }""",
            [query, f"/{ASSETS}/search.js"],
        )
        return [self._hit(id) for id in found["ids"]], found["ms"]

    def _hit(self, id: str) -> Hit:
        record = self._records[id]
        report = record.target.id if record.target.kind == "report" else record.community
        # A title is ours, not the report's: only what the report says counts as an answer.
        own = record.title if not record.text or record.kind == "community" else ""
        return Hit(report, f"{own}\n{record.text}", f"{record.title}\n{record.heading}")


# --- Material ------------------------------------------------------------------------------------------

BUILDER = """
import sys, time, json, os
import jieba
jieba.setLogLevel(60)
jieba.initialize()
from material.plugins.search.plugin import SearchPlugin
spent = [0.0]
def timed(name):
    plain = getattr(SearchPlugin, name)
    def method(self, *args, **kwargs):
        begun = time.perf_counter()
        try:
            return plain(self, *args, **kwargs)
        finally:
            spent[0] += time.perf_counter() - begun
    setattr(SearchPlugin, name, method)
timed("on_page_context")
timed("on_post_build")
from mkdocs.commands.build import build
from mkdocs.config import load_config
config = load_config(sys.argv[1], site_dir=sys.argv[2])
build(config)
path = os.path.join(sys.argv[2], "search-plugin.json")
with open(path, "w") as file:
    json.dump({"seconds": spent[0]}, file)
"""


def build_material(folder: Path, site: Path) -> None:
    """The site of a project with Material's search (lunr, jieba) beside our plugin."""
    text = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    if "- search" not in text:
        text = text.replace("plugins:\n", "plugins:\n  - search\n")
    config = folder / "mkdocs-material.yml"
    config.write_text(text, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-c", BUILDER, str(config), str(site)],
        check=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )


# Counts what Material's page asks its worker and what the worker answers (its messages of type 2 and 3), so that a
# slow answer is waited for and never taken for the answer to another query.
COUNTING = """
    window.__asked = window.__answered = 0;
    const Plain = window.Worker;
    window.Worker = class extends Plain {
        constructor(...given) {
            super(...given);
            this.addEventListener("message", ({ data }) => { if (data?.type === 3) window.__answered += 1; });
        }
        postMessage(message, ...given) {
            if (message?.type === 2) window.__asked += 1;
            super.postMessage(message, ...given);
        }
    };
"""
LONGEST_WAIT = 180_000  # milliseconds, for Material to make its index and answer


class Material:
    """Material's search box in a page."""

    FILES = ("/search/search_index", "/assets/javascripts/workers/search")

    def __init__(self, page: Page, site: Path) -> None:
        self._page = page
        entries = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
        self._texts = {entry["location"]: entry for entry in entries}
        self._root = ""

    def open(self, root: str) -> None:
        self._root = root
        self._page.add_init_script(COUNTING)
        self._page.goto(root)

    def close(self) -> None:
        self._page.context.close()

    def ask(self, query: str) -> tuple[list[Hit], float]:
        """The first ten pages that its box lists, each with all its sections listed, and the milliseconds."""
        found = self._page.evaluate(
            """async ([query, most]) => {
                const box = document.querySelector("[data-md-component=search-query]");
                const toggle = document.querySelector("[data-md-toggle=search]");
                if (!toggle.checked) { toggle.click(); box.focus(); }
                const list = document.querySelector(".md-search-result__list");
                const pause = (ms) => new Promise((done) => setTimeout(done, ms));
                const before = window.__asked, begun = performance.now();
                box.value = query;
                box.dispatchEvent(new Event("keyup"));
                box.dispatchEvent(new Event("input"));
                while (window.__asked === before || window.__answered < window.__asked) {
                    if (performance.now() - begun > most) throw new Error(`no answer: ${query}`);
                    await pause(2);
                }
                const ms = performance.now() - begun;
                await new Promise(requestAnimationFrame);
                await pause(100);
                const items = [...list.querySelectorAll("li.md-search-result__item")].slice(0, 10);
                const links = (item) => [...item.querySelectorAll("a.md-search-result__link")];
                return { items: items.map((item) => links(item).map((link) => link.href)), ms };
            }""",
            [query, LONGEST_WAIT],
        )
        return [self._hit(links) for links in found["items"]], found["ms"]

    def _hit(self, links: Sequence[str]) -> Hit:
        """One page: the texts of all its sections listed. Any page with an answer counts, not reports only."""
        entries = [self._entry(link) for link in links]
        titles = "\n".join(_plain(entry["title"]) for entry in entries)
        texts = "\n".join(_plain(entry["text"]) for entry in entries)
        return Hit(ANY, f"{titles}\n{texts}", titles)

    def _entry(self, link: str) -> dict[str, str]:
        address, mark, anchor = unquote(link).removeprefix(self._root).partition("#")
        entry: dict[str, str] = self._texts[address.partition("?")[0] + mark + anchor]
        return entry


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text.replace("\u200b", "")))


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
    for query in asked:
        hits, _ = engine.ask(query.text)
        measured.scores[query.kind].append(judge.score(query, hits))
    found = 0
    for part in parts:
        hits, _ = engine.ask(part)
        found += any(part in f"{hit.text}\n{hit.heading}".replace(" ", "") for hit in hits)
    measured.substrings = found / len(parts) if parts else 0.0
    engine.close()
    return measured


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
    measured.seconds = json.loads((site / "search-plugin.json").read_text())["seconds"]
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


def table(ours: dict[int, Measured], material: dict[int, Measured]) -> Iterator[str]:
    small, middle, large = sorted(ours)

    def both(pick: Callable[[Measured], float], form: str) -> tuple[str, str]:
        mine = " / ".join(format(pick(ours[size]), form) for size in (small, middle))
        other = " / ".join(
            format(pick(material[size]), form) if size in material else "–" for size in (small, middle)
        )
        return mine, other

    rows: list[tuple[str, str, str, str, str]] = []
    rows.append((f"recall@10, {small} / {middle}", *both(Measured.recall, ".3f"), "0.93 / 0.80", "0.97 / 0.90"))
    rows.append((f"different answers among ten, {small} / {middle}", *both(Measured.senses, ".3f"), "", ""))
    rows.append((f"MRR, {small} / {middle}", *both(Measured.mrr, ".3f"), "0.85 / 0.78", "0.92 / 0.88"))
    rows.append((f"substrings, {small} / {middle}", *both(lambda one: one.substrings, ".3f"), "0.99", "1.00"))
    for which, place, unit, reach, aim in (
        ("first", 0, "KB", "110 / 250 / 350", "60 / 150 / 200"),
        ("first", 1, "ms", "", ""),
        ("later", 0, "KB", f"120 at {large}", "60"),
        ("later", 1, "ms", f"100 at {large}", "50"),
    ):
        mine, other = (_medians(engines, sorted(ours), which, place) for engines in (ours, material))
        rows.append((f"{which} query, median {unit}", mine, other, reach, aim))
    if middle in material:
        size = ours[middle].size / material[middle].size
        spent = ours[middle].seconds / material[middle].seconds
        rows.append(
            (
                f"index on disk at {middle} ÷ Material's",
                f"{size:.3f}",
                f"{material[middle].size / 1e6:.1f} MB",
                "0.4",
                "0.25",
            )
        )
        rows.append(
            (f"build at {middle} ÷ Material's", f"{spent:.3f}", f"{material[middle].seconds:.1f} s", "0.8", "0.4")
        )
    rows.append(("index, MB", " / ".join(f"{ours[size].size / 1e6:.2f}" for size in sorted(ours)), "", "", ""))
    rows.append(("index, s", " / ".join(f"{ours[size].seconds:.2f}" for size in sorted(ours)), "", "", ""))
    yield "| | ours | Material | to reach | aim |"
    yield "|---|---|---|---|---|"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""
    yield "| kind | queries | recall@10 | MRR |"
    yield "|---|---|---|---|"
    for kind in ours[small].scores:
        picks: tuple[Callable[[Score], float], ...] = (lambda score: score.recall, lambda score: score.rank)
        recall, rank = [
            " / ".join(f"{ours[size].mean(pick, kind):.2f}" for size in (small, middle)) for pick in picks
        ]
        yield f"| {kind} | {len(ours[small].scores[kind])} | {recall} | {rank} |"


def _medians(engines: dict[int, Measured], sizes: Sequence[int], which: str, place: int) -> str:
    """Of bytes (place 0) in KB, or of milliseconds (1)."""
    shown = []
    for size in sizes:
        if size not in engines:
            shown.append("–")
            continue
        spent = engines[size].first if which == "first" else engines[size].later
        shown.append(f"{statistics.median(one[place] for one in spent) / (1 if place else 1000):.0f}")
    return " / ".join(shown)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure search against Material's.")
    parser.add_argument("--sizes", type=int, nargs=3, default=[5, 1000, 5000])
    parser.add_argument("--work", type=Path, default=PROJECT / ".cache" / "bench")
    parser.add_argument("--source", type=Path, default=PROJECT)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--without-material", action="store_true")
    parser.add_argument("--substrings", type=int, default=500)
    given: Any = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    projects = folders(given.sizes, given.work, given.source, given.fresh)
    asked = queries()
    ours: dict[int, Measured] = {}
    material: dict[int, Measured] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox"])

        def page() -> Page:
            return browser.new_context().new_page()

        for size, folder in projects.items():
            parts = _parts(given.substrings)
            ours[size], index = ours_on(folder, given.work / f"ours-{size}", page, asked, parts)
            print(f"{size}: {len(index.records)} records", file=sys.stderr)
            if given.without_material or size == max(given.sizes):
                continue
            site = given.work / f"material-{size}"
            if given.fresh or not (site / "search-plugin.json").exists():
                build_material(folder, site)
            material[size] = material_on(folder, site, page, index, asked, parts(index))
        browser.close()
    print("\n".join(table(ours, material)))


if __name__ == "__main__":
    main()
