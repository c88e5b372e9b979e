"""The search page and the header box, in Chromium, wide and on a phone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import NARROW, WIDE, Visit
from playwright.sync_api import Page, expect

RESULT = ".sb-result"
BOX = "#sb-search-page input[type=search]"


def open_search(visit: Visit, query: str, **more: int) -> Page:
    page = visit(f"search/?q={query}", **more)  # type: ignore[arg-type]
    page.wait_for_selector(f"{RESULT}, .sb-search-nothing")
    return page


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_results_stand_in_groups_and_lead_to_the_very_sentence(visit: Visit, width: int) -> None:
    page = open_search(visit, "路灯", width=width)
    expect(page.locator("[data-results] h2").first).to_contain_text("问题")
    expect(page.locator("[data-results] mark").first).to_have_text(re.compile("路灯|亮化"))
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.locator(f"{RESULT} a").first.click()
    page.wait_for_url("**/reports/**#*")
    target = page.evaluate("document.getElementById(decodeURIComponent(location.hash.slice(1)))?.textContent")
    assert "路灯" in target


def test_the_address_holds_the_state(visit: Visit) -> None:
    page = open_search(visit, "经费")
    said = page.locator("[data-status]").inner_text()
    page.locator("#sb-facet-who input").first.check()
    expect(page.locator("[data-status]")).not_to_have_text(said)
    assert "who=" in page.url
    narrowed = page.locator("[data-status]").inner_text()
    page.reload()
    expect(page.locator("[data-status]")).to_have_text(narrowed)
    expect(page.locator("#sb-facet-who input").first).to_be_checked()
    page.go_back()
    expect(page.locator("[data-status]")).to_have_text(said)


def test_nothing_found_is_not_an_empty_page(visit: Visit) -> None:
    page = open_search(visit, "火星移民飞船")
    expect(page.locator(".sb-search-nothing a").first).to_be_visible()


def test_a_failed_part_says_so_and_can_be_tried_again(visit: Visit) -> None:
    page = visit("search/")
    page.route("**/s/*.bin", lambda route: route.fulfill(status=200, body="broken"))
    page.locator(BOX).fill("拥堵")
    page.wait_for_selector("[role=alert]")
    expect(page.locator(BOX)).to_have_value("拥堵")
    page.unroute("**/s/*.bin")
    page.locator(".sb-retry").click()
    page.wait_for_selector(RESULT)


def test_the_newest_answer_wins(visit: Visit) -> None:
    page = visit("search/")
    page.wait_for_selector(BOX)
    shown = page.evaluate(
        """async () => {
            const script = "../assets/surveybase/search-ui.js";
            const { inOrder } = await import(new URL(script, document.baseURI));
            const shown = [];
            const ask = inOrder((answer) => shown.push(answer), () => shown.push("error"));
            const later = (value, ms) => () => new Promise((done) => setTimeout(() => done(value), ms));
            await Promise.all([ask(later("old", 60)), ask(later("new", 20))]);
            return shown;
        }"""
    )
    assert shown == ["new"]


def test_slash_opens_the_box_and_the_keyboard_goes_through_it(visit: Visit) -> None:
    page = visit("")
    page.keyboard.press("/")
    page.keyboard.type("tuoyunbu")
    page.wait_for_selector("[role=option]")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    chosen = box.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("tuoyunbu")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**#*")


def test_enter_without_a_choice_opens_the_page_and_the_query_is_remembered(visit: Visit) -> None:
    page = visit("")
    page.keyboard.press("/")
    page.keyboard.type("停车")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator(BOX)).to_have_value("停车")
    page.goto(page.url.partition("search/")[0])
    page.keyboard.press("/")
    expect(page.locator("[role=option]").first).to_have_text("停车")
    page.get_by_role("button", name="清除最近的搜索").click()
    assert page.evaluate("localStorage.length") == 0 or "停车" not in page.evaluate("JSON.stringify(localStorage)")


def test_no_query_becomes_markup(visit: Visit) -> None:
    page = visit("search/?q=%3Cimg%20src%3Dx%20onerror%3Ddocument.title%3D1%3E%E8%B7%AF%E7%81%AF")
    page.wait_for_selector(RESULT)
    assert page.locator("#sb-search-page img").count() == 0
    assert page.title() != "1"


def test_without_javascript_the_page_is_the_index_of_concepts(visit: Visit) -> None:
    page = visit("search/", script=False)
    expect(page.get_by_role("heading", name="按拼音查概念")).to_be_visible()
    expect(page.get_by_role("link", name="路灯照明").first).to_be_visible()
    expect(page.locator("noscript p")).to_be_visible()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("address", ["search/", "search/?q=经费&who=district"])
def test_the_page_is_accessible(visit: Visit, width: int, address: str) -> None:
    page = visit(address, width=width)
    page.wait_for_selector(f"{RESULT}, #by-pinyin")
    page.wait_for_timeout(500)
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []


def test_the_open_box_is_accessible(visit: Visit) -> None:
    page = visit("")
    page.keyboard.press("/")
    page.keyboard.type("路灯")
    page.wait_for_selector("[role=option]")
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run('.md-header', {resultTypes: ['violations']})")["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []
