"""Long lists in Chromium: the rest comes in parts and looks as what the page began with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import NARROW, WIDE, Scheme, Visit
from conftest import Serve
from pages import parse, text
from playwright.sync_api import Browser, Page, expect
from projects import ROOT, build
from surveybase.addresses import href_from
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import read_subject
from surveybase.render import render
from surveybase.views import compare
from surveybase.views.peers import Peers
from test_browser_pages import violations

from bench.generate import project

COUNT = 120
LONG = "problems/workforce/"
MORE = ".sb-rest button"

# What a reader and a browser find in elements: tags, classes, where links lead, words.
FORM = """(cards) => cards.map((card) => [card, ...card.querySelectorAll("*")].map((one) =>
  [one.tagName, one.className, one.href ?? "", one.title, one.textContent.replace(/\\s+/g, "")].join("|"),
).join("\\n"))"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long") / "project"
    project(COUNT, folder, source=ROOT)
    built = build(folder)
    assert built.status == 0, built.output
    return folder


@pytest.fixture(scope="module")
def root(folder: Path, serve: Serve) -> Iterator[str]:
    """The address of a site of 120 communities."""
    with serve(folder / "site") as url:
        yield url


def unfold(page: Page, end: str = ".sb-rest") -> None:
    """Ask for more until there is no more."""
    button, status = page.locator(f"{end} button"), page.locator(f"{end} [role=status]")
    for _ in range(COUNT):
        if button.is_hidden():
            return
        said = status.inner_text()
        button.click()
        expect(status).not_to_have_text(said)
    pytest.fail("the list has no end")


def forms(page: Page, selector: str = "article.sb-card") -> list[str]:
    found: list[str] = page.locator(selector).evaluate_all(FORM)
    return found


@pytest.mark.parametrize("broad", [LONG, "countermeasures/workforce-building/"])
def test_the_rest_of_the_cases_looks_as_the_first(visit: Visit, root: str, broad: str) -> None:
    page = visit(broad, root=root)
    began = forms(page)
    count = int(page.locator(".sb-facts strong").first.inner_text())
    unfold(page)
    assert page.locator("article.sb-card").count() == count > len(began)
    made = forms(page)
    assert made[: len(began)] == began
    # The pages of narrower types show the same cases, made with the page.
    links = page.locator("#narrower + ul a").evaluate_all("(links) => links.map((link) => link.href)")
    compared = 0
    for link in links:
        shown = forms(visit(link.removeprefix(root), root=root))
        assert set(shown) <= set(made)
        compared += len(set(shown) & set(made[len(began) :]))
    assert compared > 10


def test_communities_of_a_region_and_all_of_them(visit: Visit, root: str) -> None:
    page = visit("communities/", root=root)
    section = page.locator("[data-level]").first
    began = forms(page, "[data-level] >> nth=0 >> article")
    page.locator(".sb-regions summary").click()
    section.get_by_role("button", name="全部").click()
    expect(section.locator("article")).to_have_count(20)
    assert forms(page, "[data-level] >> nth=0 >> article") == began[:20]
    region = section.locator("[data-region] button").nth(1)
    counted = int(region.locator(".sb-count").inner_text())
    words = region.evaluate("(button) => button.firstChild.textContent")
    region.click()
    expect(region).to_have_attribute("aria-pressed", "true")
    expect(section.locator("article")).to_have_count(min(20, counted))
    for place in section.locator("article > .sb-meta").all_inner_texts():
        assert words in place


def test_a_community_is_found_by_its_name(visit: Visit, root: str) -> None:
    page = visit("communities/", root=root)
    last = page.locator("[data-level]").last.locator("article a").first.inner_text()
    page.get_by_label("按名称找").fill(last)
    found = page.locator(".sb-found a")
    expect(found).to_have_count(1)
    expect(found).to_have_text(last)
    expect(page.locator("[data-found] [role=status]")).to_have_text("找到1个。")
    page.get_by_label("按名称找").fill("没有这样的名称")
    expect(page.locator("[data-found] [role=status]")).to_have_text("没有找到。")
    expect(found).to_have_count(0)


def whole_tables(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, dict[str, str]]]:
    """The words of the tables by row and column, as they would stand on a page of any length."""
    monkeypatch.setattr(compare, "MOST_ROWS", COUNT)
    monkeypatch.setattr(compare, "MOST_CELLS_WHOLE", 10**9)
    sources, _ = read_sources(folder, folder / "docs", folder / "data")
    view = compare.compare_view(Peers(read_subject(sources)[0].base))
    page = parse(f"<html>{render('compare', view, href_from('compare/')).html}</html>")
    tables = []
    for table in page.iter("table"):
        columns = [folded(text(cell)) for cell in table.findall("thead/tr")[1]]
        rows = [*table.findall("tbody/tr"), *table.findall("tfoot/tr")]
        tables.append(
            {
                folded(text(row[0])): dict(zip(columns, [folded(text(cell)) for cell in row[2:]], strict=True))
                for row in rows
            }
        )
    return tables


def folded(words: str) -> str:
    return "".join(words.split())


READ = """(tables) => tables.map((table) => {
  const fold = (cell) => cell.textContent.replace(/\\s+/g, "");
  const columns = [...table.tHead.rows[1].cells].map(fold);
  const rows = [...table.tBodies[0].rows, ...table.tFoot.rows];
  return rows.map((row) => [fold(row.cells[0]), columns.map((name, i) => [name, fold(row.cells[i + 2])])]);
})"""


def test_the_comparison_unfolds_to_all_rows_and_columns(
    visit: Visit, root: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit("compare/", root=root)
    boxes = page.locator("[data-groups] input:not(:checked)")
    end = "[data-rest-of='compare/community']"
    page.locator(f"{end} button").click()
    expect(page.locator(f"{end} [role=status]")).to_contain_text("已列出60个")
    while boxes.count():
        value = boxes.first.get_attribute("value")
        boxes.first.check()
        expect(page.locator(f".sb-compare thead [data-group={value}]").first).to_be_visible()
    unfold(page, end)
    shown: list[Any] = page.locator(".sb-compare").evaluate_all(READ)
    expected = whole_tables(folder, monkeypatch)
    for rows, table in zip(shown, expected, strict=True):
        unfolded = {name: dict(cells) for name, cells in rows}
        empty = {name for name, cells in unfolded.items() if set(cells.values()) == {"–"}}
        assert unfolded.keys() - empty == table.keys()
        assert {name: unfolded[name] for name in table} == table

    header = page.locator("thead th", has_text="总户数").first
    header.get_by_role("button").click()
    column = page.evaluate(
        "[...document.querySelector('.sb-compare').tHead.rows[1].cells].findIndex((cell) => cell.ariaSort) + 2"
    )
    sorted_values = page.locator(".sb-compare >> nth=0 >> tbody tr").evaluate_all(
        "(rows, column) => rows.map((row) => row.cells[column].dataset.value).filter(Boolean).map(Number)", column
    )
    assert sorted_values == sorted(sorted_values) and len(sorted_values) > 100


def test_a_part_that_does_not_come_can_be_asked_for_again(browser: Browser, root: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(root + LONG)
    count = page.locator("article.sb-card").count()
    page.route("**/lists/**", lambda route: route.abort())
    page.locator(MORE).click()
    expect(page.locator(".sb-rest [role=status]")).to_contain_text("没有取到")
    assert page.locator("article.sb-card").count() == count
    page.unroute("**/lists/**")
    page.locator(MORE).click()
    expect(page.locator("article.sb-card")).to_have_count(count + 20)
    page.route("**/lists/**", lambda route: route.abort())
    page.goto(root + "compare/")
    box = page.locator("[data-groups] input:not(:checked)").first
    box.click()
    expect(page.locator("[data-groups] [data-status]")).to_contain_text("没有取到")
    expect(box).not_to_be_checked()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_unfolded_lists_fit_the_window_and_are_accessible(
    visit: Visit, root: str, width: int, scheme: Scheme
) -> None:
    for address in (LONG, "communities/", "compare/"):
        page = visit(address, width=width, scheme=scheme, root=root)
        page.evaluate("document.querySelectorAll('.sb-regions').forEach((item) => { item.open = true })")
        status = page.locator(".sb-rest [role=status]").last
        said = status.inner_text()
        page.locator(f"{MORE}:visible").last.click()
        expect(status).not_to_have_text(said)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert violations(page) == []


def test_without_script_the_page_says_where_the_rest_is(visit: Visit, root: str, folder: Path) -> None:
    for address in (LONG, "countermeasures/workforce-building/", "communities/", "compare/"):
        page = visit(address, script=False, root=root)
        expect(page.locator(MORE)).to_have_count(0)
        link = page.locator(".sb-rest .sb-empty a:visible").first
        expect(link).to_be_visible()
        file = link.evaluate("(link) => link.href").removeprefix(root)
        assert (folder / "site" / file).is_file()
