"""The engines that ``make bench-search`` measures, ours and Material's, and the server of their files."""

from __future__ import annotations

import gzip
import html
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Page
from surveybase.addresses import address
from surveybase.build.writing import gzipped
from surveybase.reading.passages import Passage, divide
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import Subject, read_subject
from surveybase.search.index import build, prepare
from surveybase.search.records import Lexicon, Record, community_records, concept_records, entries

from bench.generate import PROJECT
from bench.judged import ANY, Hit

ASSETS = "assets/surveybase"
COMPRESSED = {".html", ".js", ".css", ".json", ".svg", ".xml"}


# --- Serving -------------------------------------------------------------------------------------------


class Handler(SimpleHTTPRequestHandler):
    """Files as an ordinary host sends them: text gzipped, the rest as it is, over connections that stay open.

    Counts the bytes of the bodies below the addresses that the measured engine has its files at.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer on a connection kept open waits 40 ms
    counted: tuple[str, ...] = ()
    sent = 0

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = _body(path)
        self.send_response(200)
        if path.suffix in COMPRESSED:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.path.startswith(Handler.counted):
            Handler.sent += len(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@cache
def _body(path: Path) -> bytes:
    """As sent. Kept, as a host compresses a file once: this shall not count as time of the search."""
    body = path.read_bytes()
    return gzip.compress(body, 6) if path.suffix in COMPRESSED else body


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
    """The index of a project, its processor time taken from the marked bodies to the files."""
    sources, _ = read_sources(folder, folder / "docs", folder / "data")
    subject, _ = read_subject(sources)
    begun = time.process_time()
    passages = {id: divide(marked.body) for id, marked in subject.bodies.items()}
    lexicon = Lexicon(subject.base)
    found = [*community_records(subject.base, passages, lexicon), *concept_records(subject.base)]
    prepared = prepare(found, address)
    built = build(lambda: prepared, entries(subject.base), address)
    content = {path: gzipped(data) for path, data in built.items()}
    return Indexed(subject, passages, found, content, time.process_time() - begun)


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

# Where `make bench-search` puts what Material needs for Chinese.
PACKAGES = PROJECT / ".venv" / "bench"

# What Material's plugin does with each page and at the end is timed, as for ours without the rendering of Markdown
# and with the reading of its tables (jieba's dictionary) when first wanted.
BUILDER = """
import sys, time, json
import jieba
jieba.setLogLevel(60)
from material.plugins.search.plugin import SearchPlugin
spent = [0.0]
def timed(name):
    plain = getattr(SearchPlugin, name)
    def method(self, *args, **kwargs):
        begun = time.process_time()
        try:
            return plain(self, *args, **kwargs)
        finally:
            spent[0] += time.process_time() - begun
    setattr(SearchPlugin, name, method)
timed("on_page_context")
timed("on_post_build")
from mkdocs.commands.build import build
from mkdocs.config import load_config
build(load_config(sys.argv[1], site_dir=sys.argv[2]))
print(json.dumps(spent[0]))
"""

REPORTS_ALONE = """
site_name: 社区调研报告
docs_dir: docs/reports
theme: {name: material, language: zh, font: false}
plugins: [search]
"""


class Scope(StrEnum):
    """What Material's search is given."""

    SITE = "whole-site"  # every page that our plugin makes
    REPORTS = "reports-alone"  # their Markdown and nothing else, without our plugin


def build_material(folder: Path, site: Path, scope: Scope) -> float:
    """Build a project with Material's search (lunr, jieba); the seconds of processor time that its plugin took."""
    config = folder / f"mkdocs-{scope}.yml"
    own = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    beside = own.replace("\nplugins:\n", "\nplugins:\n  - search\n")
    config.write_text(beside if scope is Scope.SITE else REPORTS_ALONE, encoding="utf-8")
    shutil.rmtree(site, ignore_errors=True)
    built = subprocess.run(
        [sys.executable, "-c", BUILDER, str(config), str(site)],
        check=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(PACKAGES)},
        stdout=subprocess.PIPE,
        text=True,
    )
    return float(built.stdout.splitlines()[-1])


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
        first, _, _ = next(iter(self._texts)).partition("#")  # the reports alone have no page at the root
        self._page.goto(root + first)

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
