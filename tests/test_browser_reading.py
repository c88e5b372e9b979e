"""What a reader does with the site, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from browsing import COMMUNITY, KINDS, NARROW, SURVEY, WIDE, Visit
from conftest import Serve
from pages import folded
from playwright.sync_api import Locator, Page, expect
from projects import ROOT, SMALL, Files, build, config, report, write

# --- Evidence -----------------------------------------------------------------------------------------

# The pieces of the mark after a jump to it: their words, their backgrounds, and whether the first is :target.
JUMP = """(anchor) => new Promise((done) => {
  addEventListener("hashchange", () => requestAnimationFrame(() => {
    const pieces = [...document.querySelectorAll(`mark[id="${anchor}"], mark[data-of="${anchor}"]`)];
    done({
      words: pieces.map((piece) => piece.textContent).join(""),
      backgrounds: pieces.map((piece) => getComputedStyle(piece).backgroundColor),
      isTarget: pieces[0]?.matches(":target") ?? false,
    });
  }), { once: true });
  location.hash = anchor;
})"""
BACKGROUND = "(element) => getComputedStyle(element).backgroundColor"


def observations() -> dict[str, Any]:
    community = yaml.safe_load((ROOT / f"data/communities/{COMMUNITY}.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = community["reports"][SURVEY]["observations"]
    return found


def test_every_number_of_the_second_survey_leads_to_the_highlighted_sentence_that_states_it(visit: Visit) -> None:
    quotes = {f"o-{id}": item["quote"] for id, item in observations().items() if "quote" in item}
    table_links = visit(KINDS["community"]).locator(".sb-figures-table :is(a.sb-figure, a.sb-gap)")
    links: list[str] = table_links.evaluate_all("(links) => links.map((link) => link.href)")
    led_to = {link.partition("#")[2] for link in links if f"/reports/{SURVEY}/#" in link}
    assert led_to == set(quotes)
    assert len(quotes) > 40

    page = visit(KINDS["report"])
    plain = page.locator("mark.sb-mark").first.evaluate(BACKGROUND)
    for anchor, quote in quotes.items():
        shown = page.evaluate(JUMP, anchor)
        assert folded(shown["words"]) == folded(quote)
        assert shown["isTarget"], anchor
        assert plain not in shown["backgrounds"], anchor


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_number_and_its_sentence_lead_to_each_other(visit: Visit, width: int) -> None:
    page = visit(KINDS["community"], width=width)
    page.locator("#i-households a.sb-figure").first.click()
    page.wait_for_url(f"**/reports/{SURVEY}/#o-households")
    mark = page.locator("#o-households")
    expect(mark).to_be_in_viewport(ratio=1)
    assert is_uncovered(mark)
    mark.locator(".sb-back--figure").last.click()
    page.wait_for_url(f"**/communities/{COMMUNITY}/#i-households")
    row = page.locator("#i-households")
    expect(row).to_be_in_viewport()
    assert row.evaluate("(row) => row.matches(':target') && getComputedStyle(row).outlineStyle") == "solid"
    assert is_uncovered(row.locator("a").first)


def is_uncovered(locator: Locator) -> bool:
    """Whether the place of the element shows the element and not, say, the header above it."""
    covered: bool = locator.evaluate(
        """(element) => {
          const { left, top, height } = element.getClientRects()[0];
          return !element.contains(document.elementFromPoint(left + 2, top + height / 2));
        }"""
    )
    return not covered


# --- The comparison -----------------------------------------------------------------------------------

NAMES = {"east": "东社区", "north": "北社区", "south": "南社区", "west": "西社区"}
FIGURES = {
    "east": "households: {value: 1000, quote: 共有1000户}",
    "north": "residents: {value: 5, quote: 只有5人}",
    "south": "households: {value: 12000, quote: 共有12000户}",
    "west": "households: {value: 900, precision: about, quote: 共有900户左右}",
}
BODIES = {"east": "共有1000户。", "north": "只有5人。", "south": "共有12000户。", "west": "共有900户左右。"}
COMPARISON: Files = {
    **{name: text for name, text in SMALL.items() if "east" not in name},
    "mkdocs.yml": config(repo_url="https://github.com/example/example"),
    **{f"docs/reports/{id}-2020.md": report(id, body, surveyed="2020") for id, body in BODIES.items()},
    **{
        f"data/communities/{id}.yml": f"name: {NAMES[id]}\nlevel: community\n"
        f"reports:\n  {id}-2020:\n    observations:\n      {figure}\n"
        for id, figure in FIGURES.items()
    },
}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[str]:
    """Four communities, three of them with a number of households, and a repository on GitHub."""
    built = build(write(tmp_path_factory.mktemp("comparison"), COMPARISON))
    assert built.status == 0, built.output
    with serve(built.site) as url:
        yield url


def names(page: Page) -> list[str]:
    return [name.strip() for name in page.locator(".sb-compare tbody th a").all_inner_texts()]


def test_the_comparison_sorts_by_number_both_ways_with_gaps_last(visit: Visit, comparison: str) -> None:
    page = visit("compare/", root=comparison)
    header = page.locator("thead th", has_text="总户数")
    button = header.get_by_role("button")
    button.click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    assert names(page) == ["西社区", "东社区", "南社区", "北社区"]
    button.press("Enter")
    expect(header).to_have_attribute("aria-sort", "descending")
    assert names(page) == ["南社区", "东社区", "西社区", "北社区"]


def test_the_comparison_sorts_words_by_their_reading(visit: Visit, comparison: str) -> None:
    page = visit("compare/", root=comparison)
    header = page.locator("thead th", has_text="社区").first
    header.get_by_role("button").click()
    assert names(page) == ["北社区", "东社区", "南社区", "西社区"]
    page.locator("thead th", has_text="总人数").get_by_role("button").click()
    assert names(page)[0] == "北社区"
    expect(header).not_to_have_attribute("aria-sort", re.compile(".*"))


def test_the_comparison_shows_the_chosen_groups_of_columns_in_every_table(visit: Visit) -> None:
    page = visit(KINDS["compare"])
    cells = {
        group: page.locator(f".sb-compare [data-group='{group}']")
        for group in page.locator("[data-groups] input").evaluate_all("(boxes) => boxes.map((box) => box.value)")
    }
    assert len(cells) > 2
    for group, found in cells.items():
        page.locator(f"[data-groups] input[value='{group}']").uncheck()
        assert found.evaluate_all("(cells) => cells.length > 0 && cells.every((cell) => !cell.offsetParent)")
    expect(page.locator(".sb-compare tbody th").first).to_be_visible()
    for group, found in cells.items():
        page.locator(f"[data-groups] input[value='{group}']").check()
        assert found.evaluate_all("(cells) => cells.every((cell) => cell.offsetParent)")


def test_a_site_with_a_repository_still_asks_no_other_host(visit: Visit, comparison: str) -> None:
    """The theme would fetch the number of stars; what was asked is looked at after every test."""
    page = visit("", root=comparison)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".md-header a[href='https://github.com/example/example']")).to_be_visible()


# --- The map ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["map", "home"])
def test_a_cell_of_the_map_opens_its_cases(visit: Visit, kind: str) -> None:
    page = visit(KINDS[kind])
    cell = page.locator(".sb-map td a").first
    count, anchor = cell.inner_text(), (cell.get_attribute("href") or "").partition("#")[2]
    cell.click()
    page.wait_for_url(f"**/problems/*/#{anchor}")
    group = page.locator(f"[id='{anchor}']")
    expect(group).to_be_in_viewport()
    expect(group.locator("h3 .sb-count")).to_have_text(count)
    expect(group.locator("li .sb-status")).to_have_count(int(count))


# --- Keyboard, no script, paper, colours --------------------------------------------------------------


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until an element that matches has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{most} tabs do not reach {selector}")


def test_the_keyboard_reaches_the_content_and_follows_its_links(visit: Visit) -> None:
    page = visit(KINDS["community"])
    tab_to(page, ".md-content a")
    assert page.evaluate("document.activeElement === document.querySelector('.md-content a')")
    tab_to(page, "#i-founded_year a.sb-figure")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#o-founded_year")


@pytest.mark.parametrize("kind", ["compare", "map", "home"])
def test_the_keyboard_scrolls_a_wide_table(visit: Visit, kind: str) -> None:
    page = visit(KINDS[kind], width=NARROW)
    tab_to(page, ".sb-scroll")
    page.keyboard.press("ArrowRight")
    # Not wait_for_function: it evaluates text in the page, which the page's policy forbids.
    scrolled = "new Promise((done) => { const look = () => document.activeElement.scrollLeft > 0 ? done(true) :"
    assert page.evaluate(
        scrolled + " requestAnimationFrame(look); setTimeout(() => done(false), 20000); look(); })"
    )


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_box_on_the_home_page_opens_the_search(visit: Visit, width: int) -> None:
    page = visit(KINDS["home"], width=width)
    page.locator("[data-open-search]").click()
    box = page.locator(".sb-search-box input")
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    page.keyboard.type("households")
    expect(box).to_have_value("households")


def test_without_script_the_tables_stand_and_the_evidence_is_highlighted(visit: Visit) -> None:
    page = visit(f"{KINDS['report']}#o-households", script=False)
    mark = page.locator("#o-households")
    expect(mark).to_be_in_viewport()
    assert mark.evaluate(BACKGROUND) != page.locator("#o-area").evaluate(BACKGROUND)
    page = visit(KINDS["compare"], script=False)
    expect(page.locator(".sb-compare tbody td a.sb-figure").first).to_be_visible()
    expect(page.locator("[data-groups]")).to_be_hidden()
    expect(page.locator(".sb-sort")).to_have_count(0)
    page = visit(KINDS["home"], script=False)
    expect(page.locator(".sb-map td a").first).to_be_visible()
    expect(page.locator("[data-open-search]")).to_be_hidden()
    page = visit(KINDS["map"], script=False)
    page.locator(".sb-map td a").first.click()
    expect(page.locator(".sb-tried-group:target li").first).to_be_visible()


@pytest.mark.parametrize("kind", ["report", "community", "compare"])
def test_on_paper_there_is_the_content_and_no_navigation(visit: Visit, kind: str) -> None:
    page = visit(KINDS[kind])
    page.emulate_media(media="print")
    for part in page.locator(
        ".md-header, .md-tabs, .md-sidebar, .md-footer, .sb-actions, .sb-sort, .sb-back"
    ).all():
        expect(part).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("a.sb-figure").last).to_be_visible()
    for folded_away in page.locator("details:not([open])").all():
        expect(folded_away.locator(":scope > :last-child")).to_be_visible()


def test_the_palette_is_switched_and_remembered(visit: Visit) -> None:
    page = visit(KINDS["home"])
    body = page.locator("body")
    light = body.evaluate(BACKGROUND)
    page.get_by_title("切换到深色").click()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    expect(body).not_to_have_css("background-color", light)
    page.reload()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    page.get_by_title("切换到浅色").click()
    expect(body).to_have_css("background-color", light)
