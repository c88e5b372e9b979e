"""The browser half of search over an index in a folder: the same terms as in Python, and every way of asking."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from conftest import Serve
from playwright.sync_api import Browser, Page
from projects import ROOT
from surveybase.addresses import address
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import read_subject
from surveybase.search import catalogue_of, index, index_files, prepared
from surveybase.search.records import Lexicon
from surveybase.search.text import normal, terms

ASSETS = "assets/surveybase/"
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of nothing but the search scripts and the index of the project's own reports."""
    return written(tmp_path_factory.mktemp("engine"))


def written(site: Path) -> Path:
    sources, _ = read_sources(ROOT, ROOT / "docs", ROOT / "data")
    subject, _ = read_subject(sources)
    passages = {id: marked.passages for id, marked in subject.bodies.items()}
    found = prepared(subject.base, passages, Lexicon(subject.base), address)
    made = index_files(catalogue_of(subject.base, address), lambda: found, address)
    content = {f"search/{path}": gzip.compress(data) for path, data in made.items()}
    scripts = (item for item in files("surveybase").joinpath("assets").iterdir() if item.name.startswith("search"))
    for name, data in (content | {script.name: script.read_bytes() for script in scripts}).items():
        path = site / ASSETS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (site / "index.html").write_text("<!doctype html><meta charset=utf-8><title>·</title>", encoding="utf-8")
    return site


@contextmanager
def opened(browser: Browser, serve: Serve, folder: Path) -> Iterator[Page]:
    with serve(folder) as root:
        context = browser.new_context()
        page = context.new_page()
        page.goto(root)
        yield page
        context.close()


@pytest.fixture
def page(browser: Browser, serve: Serve, folder: Path) -> Iterator[Page]:
    with opened(browser, serve, folder) as page:
        yield page


def asking(page: Page) -> Ask:
    def asked(query: str, **options: Any) -> Any:
        return page.evaluate(
            "async ([script, query, options]) => (await import(script)).search(query, options)",
            [f"/{ASSETS}search.js", query, options],
        )

    return asked


@pytest.fixture
def ask(page: Page) -> Ask:
    return asking(page)


TEXTS = [
    "路燈問題",
    "全社区共有4552户，合计12548人（0.8平方公里）",
    "１万５千元、1.5万元、一万五千，5.3%",
    "12,548 人；3,4",
    "wifi6 与4G，A-b_c",
    "𠮷野家〇々",
    "",
    "。。",
    "一万零五、千、3亿",
]


def test_both_halves_make_the_same_terms(page: Page) -> None:
    found = page.evaluate(
        """async ([script, files, texts]) => {
            const { normal, terms } = await import(script);
            const simplified = await (await import(files)).traditional();
            return texts.map((text) => terms(normal(text, simplified)));
        }""",
        [f"/{ASSETS}search-text.js", f"/{ASSETS}search-files.js", TEXTS],
    )
    assert found == [terms(normal(text)) for text in TEXTS]


def test_results_have_all_that_was_promised(ask: Ask) -> None:
    found = ask("托运部")
    assert found["total"] >= len(found["results"]) > 0
    for result in found["results"]:
        assert {"id", "kind", "url", "title", "excerpt", "highlights", "community", "score"} <= result.keys()
        assert all(0 <= start < end <= len(result["excerpt"]) for start, end in result["highlights"])
    marked = [result["excerpt"][start:end] for result in found["results"] for start, end in result["highlights"]]
    assert "托运部" in marked


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("路灯", "路灯"),
        ("路燈問題", "路灯"),
        ("ludeng", "路灯"),
        ("tuoyun bu", "托运部"),
        ("排屋管网", "排污管网"),
        ("单独帐户", "单独账户"),
        ("准人制度", "准入制度"),
        ("4552户", "4552户"),
        ("1万5千元", "1.5万元"),
        ("条专块统", "条专块统"),
        ("请问小区的路灯怎么办？", "路灯"),
        ("水", "水"),
        ("“权随责走”", "权随责走"),
    ],
)
def test_every_way_of_asking_finds_it_first(ask: Ask, query: str, words: str) -> None:
    first = ask(query)["results"][0]
    assert words in first["title"] + first["excerpt"]


def test_an_exact_id_comes_first(ask: Ask) -> None:
    assert ask("shayibak-street")["results"][0]["id"] == "community:shayibak-street"
    assert ask("residents-committee-burden")["results"][0]["id"] == "report:residents-committee-burden"


def test_quotation_marks_force_the_phrase(ask: Ask) -> None:
    assert ask("办事社区")["total"] > 0
    assert ask("“办事社区”")["results"] == []
    assert all("综治专干" in result["excerpt"] + result["title"] for result in ask("「综治专干」")["results"])


def test_synonyms_are_named(ask: Ask) -> None:
    found = ask("路灯不亮")
    assert {"亮化", "照明"} & set(found["also"])
    assert ask("ludeng")["guesses"][0] == "路灯"


def test_kinds_and_facets_narrow_and_count(ask: Ask) -> None:
    assert {result["kind"] for result in ask("经费", kinds=["countermeasure"])["results"]} == {"countermeasure"}
    everything = ask("经费", facets={})
    counts = everything["facets"]["who"]
    one = ask("经费", facets={"who": ["district"]})
    both = ask("经费", facets={"who": ["district", "society"]})
    narrow = ask("经费", facets={"who": ["district"], "status": ["done"]})
    assert one["total"] == counts["district"]
    assert max(counts["district"], counts.get("society", 0)) <= both["total"] <= everything["total"]
    assert narrow["total"] <= one["total"]
    assert one["facets"]["who"] == counts  # a facet's own choice does not change its counts


def test_facets_in_parts_are_the_same(
    ask: Ask, browser: Browser, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "NUMBERS_IN_COLUMNS", 37)
    parted = written(tmp_path)
    assert len(list((parted / ASSETS / "search" / "c").iterdir())) > 5
    with opened(browser, serve, parted) as page:
        asked = asking(page)
        for chosen in ({}, {"who": ["district"]}, {"year": [""]}):
            found, whole = asked("社区", facets=chosen), ask("社区", facets=chosen)
            assert (found["total"], found["facets"]) == (whole["total"], whole["facets"])
            assert whole["total"]


def test_nothing_found_gives_the_nearest_concepts(ask: Ask, page: Page) -> None:
    assert ask("火星飞船")["results"] == []
    near = page.evaluate(
        "async (script) => (await import(script)).nearestConcepts('晚上没灯')", f"/{ASSETS}search.js"
    )
    assert any("路灯" in concept["label"] for concept in near)
    assert page.evaluate("async (script) => (await import(script)).nearestConcepts('Ω')", f"/{ASSETS}search.js")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "？？",
        "\x00",
        "<img src=x onerror=alert(1)>",
        "((((",
        "[.*+",
        "\\",
        "“",
        "吗",
        "𠮷",
        "a" * 5000,
        "路" * 500,
    ],
)
def test_no_query_breaks_it(ask: Ask, query: str) -> None:
    assert isinstance(ask(query)["results"], list)


def test_a_part_that_fails_is_asked_for_again(ask: Ask, page: Page) -> None:
    page.route("**/s/*.bin", lambda route: route.abort())
    failed = page.evaluate(
        "async (script) => (await import(script)).search('拥堵').then(() => '', (error) => error.constructor.name)",
        f"/{ASSETS}search.js",
    )
    assert failed == "PartMissing"
    page.unroute("**/s/*.bin")
    assert ask("拥堵")["results"]


def test_only_what_is_needed_is_fetched(ask: Ask, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition(f"/{ASSETS}")[2]))
    ask("托运部")
    assert "search/meta.bin" in asked
    seldom = ("search/guess-", "search/traditional-", "search/concepts-unused-", "search/c/", "search-guess.js")
    assert not [path for path in asked if path.startswith(seldom)]
    ask("托運部", facets={})
    for start in ("search/traditional-", "search/c/"):
        assert any(path.startswith(start) for path in asked)


def test_it_is_published_for_whoever_embeds_it(page: Page) -> None:
    page.evaluate("(script) => import(script)", f"/{ASSETS}search.js")
    assert page.evaluate("typeof window.surveybase.search") == "function"
    assert json.loads(json.dumps(page.evaluate("window.surveybase.search('路灯')")))["results"]
