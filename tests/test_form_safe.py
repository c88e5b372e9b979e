"""The form loses nothing: two windows, full storage, names that are taken, a keyboard that keeps its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import normalize

import pytest
from browsing import Visit, visits
from conftest import Serve
from forms import FORM, WIDTHS, downloaded, entry, pane
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from projects import SMALL, build, config, write

DATA = "data/communities/east.yml"


@pytest.fixture(scope="module")
def small(browser: Browser, serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """Open a page of the small project, which has a report and a repository."""
    project = write(
        tmp_path_factory.mktemp("small"), {**SMALL, "mkdocs.yml": config(repo_url="https://github.com/a/b")}
    )
    built = build(project)
    assert built.status == 0, built.output

    with serve(built.site) as root, visits(browser, root) as visit:

        def opened(address: str, **given: Any) -> Page:
            page = visit(address, **given)
            expect(page.locator(":is(.sb-bar, .sb-main)").first).to_be_visible()
            return page

        yield opened


def title(page: Page) -> Locator:
    pane(page, "data")
    return page.locator(".sb-part").nth(0).get_by_label(re.compile("^标题"))


def named(page: Page, kind: str, id: str) -> None:
    pane(page, "data")
    box = page.get_by_label(kind)
    box.fill(id)
    box.press("Tab")


# --- Drafts ---------------------------------------------------------------------------------------------


@WIDTHS
def test_two_windows_at_one_draft_keep_both(small: Visit, width: int) -> None:
    page = small(f"{FORM}?new", width=width)
    title(page).fill("共同的")
    expect(page.locator(".sb-kept")).to_contain_text("草稿已存")
    other = page.context.new_page()
    other.goto(page.url)
    expect(title(other)).to_have_value("共同的")
    pane(page, "text")
    page.locator(".sb-body").fill("第一个窗口写的正文。")
    expect(other.locator(".sb-kept")).to_contain_text("另一个窗口也在写")
    title(other).fill("共同的，第二个窗口")
    expect(other.locator(".sb-kept")).to_contain_text("这里另存为一份了")
    assert other.url != page.url
    for window, body in ((page, "第一个窗口写的正文。"), (other, "## 基本情况")):
        window.reload()
        expect(window.locator(".sb-body")).to_have_value(re.compile(body))


def test_who_leaves_with_what_could_not_be_kept_is_asked(small: Visit) -> None:
    page = small(f"{FORM}?new")
    page.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') } }"
    )
    title(page).click()
    title(page).press_sequentially("存不下")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto(page.url.split("contribute")[0])
    assert asked == ["beforeunload"]


# --- Names ----------------------------------------------------------------------------------------------


@WIDTHS
def test_a_new_report_cannot_take_the_place_of_one_that_is_there(small: Visit, width: int) -> None:
    page = small(f"{FORM}?community=east&new", width=width)
    named(page, "报告编号", "east-2012")
    expect(page.get_by_label("报告编号")).to_have_attribute("aria-invalid", "true")
    pane(page, "end")
    taken = page.locator(".sb-checks-list li").filter(has_text="已经有编号为 east-2012 的报告")
    expect(taken.get_by_role("link")).to_have_attribute("href", "?community=east&report=east-2012")
    for name, kept in ((None, "new-report"), ("east-2024", "east-2024")):
        if name:
            named(page, "报告编号", name)
        data = downloaded(page)[DATA]
        assert "households: {value: 2000, quote: 全社区有2000户}" in data
        assert data.endswith(f"  {kept}: {{}}\n")


def test_a_new_community_cannot_either(small: Visit) -> None:
    page = small(f"{FORM}?new")
    named(page, "社区编号", "east")
    expect(page.locator(".sb-checks-list")).to_contain_text("已经有编号为 east 的社区")
    assert DATA not in downloaded(page)


def test_a_name_that_is_refused_stays_so_until_it_is_mended(small: Visit) -> None:
    page = small(f"{FORM}?new")
    named(page, "报告编号", "东社区 2012")
    expect(page.locator(".sb-checks-list")).to_contain_text("报告编号：写法不对")
    title(page).fill("别的")
    expect(page.locator(".sb-checks-list")).to_contain_text("报告编号：写法不对")
    expect(page.get_by_label("报告编号")).to_have_attribute("aria-invalid", "true")


def test_what_is_no_name_is_not_fetched(small: Visit) -> None:
    page = small(f"{FORM}?community=east&report=../reports/east-2012")
    expect(page.get_by_role("button", name="写一份新的报告")).to_be_visible()


# --- The keyboard's place -------------------------------------------------------------------------------


def test_a_press_after_a_name_is_heard_and_the_keyboard_keeps_its_place(small: Visit) -> None:
    page = small(f"{FORM}?new")
    page.get_by_label("报告编号").fill("east-lamps")
    page.get_by_role("button", name="添一项作者").click()
    box = page.get_by_role("textbox", name="作者 1")
    expect(box).to_be_focused()
    box.fill("居委会")
    named(page, "报告编号", "east-lights")
    expect(title(page)).to_be_focused()
    expect(box).to_have_value("居委会")
    page.get_by_role("button", name="删去作者 1").click()
    expect(page.get_by_role("button", name="添一项作者")).to_be_focused()


def test_a_record_that_is_begun_or_taken_away_keeps_the_keyboard(small: Visit) -> None:
    page = small(f"{FORM}?community=east")
    problem = entry(page, "problems", "no-parking")
    problem.get_by_role("button", name="＋ 影响范围").click()
    expect(problem.locator(".sb-value-box")).to_be_focused()
    problem.get_by_role("button", name="删去影响范围").click()
    expect(problem.get_by_role("button", name="＋ 影响范围")).to_be_focused()


# --- The steps ------------------------------------------------------------------------------------------


@WIDTHS
def test_the_steps_hold_what_is_written_now(small: Visit, width: int) -> None:
    page = small(f"{FORM}?new", width=width)
    pane(page, "end")
    page.get_by_role("button", name="提交到 GitHub").click()
    title(page).fill("新标题")
    pane(page, "end")
    link = page.get_by_role("link", name="打开已经填好的页面")
    expect(link).to_have_attribute("href", re.compile("%E6%96%B0%E6%A0%87%E9%A2%98"))


@WIDTHS
def test_where_nothing_may_be_copied_the_text_is_shown_below_its_step(small: Visit, width: int) -> None:
    page = small(f"{FORM}?community=east", width=width)
    entry(page, "problems", "no-parking").get_by_label("标题必填").fill("车位不够")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')) }")
    pane(page, "end")
    page.get_by_role("button", name="提交到 GitHub").click()
    page.get_by_role("button", name="复制新的内容").click()
    area = page.locator(".sb-steps textarea")
    expect(area).to_have_value(re.compile("title: 车位不够"))
    expect(area).to_be_focused()
    expect(page.get_by_role("link", name="编辑页")).to_be_visible()


# --- What others did, and what nobody may see -----------------------------------------------------------


def test_a_draft_says_that_the_file_has_changed_since(small: Visit) -> None:
    page = small(f"{FORM}?community=east")
    entry(page, "problems", "no-parking").get_by_label("标题必填").fill("车位不够")
    expect(page.locator(".sb-kept")).to_contain_text("草稿已存")
    page.reload()
    expect(page.locator(".sb-bar")).to_be_visible()
    expect(page.locator(".sb-stale")).to_have_count(0)
    newer = SMALL[DATA].replace("value: 2000", "value: 2200")
    page.route("**/communities/east.yml", lambda route: route.fulfill(body=newer))
    page.reload()
    expect(page.locator(".sb-stale")).to_contain_text(f"网站上的文件改过： {DATA}")
    expect(entry(page, "problems", "no-parking").get_by_label("标题必填")).to_have_value("车位不够")


PRIVATE = {
    "13812345678": "有手机号",
    "138 1234 5678": "有手机号",
    "１３８12345678": "有手机号",
    "11010519491231002X": "有身份证号",
    "zhang.san@example.com": "有电子邮箱",
}


@WIDTHS
def test_a_private_number_is_named_before_the_last_step(small: Visit, width: int) -> None:
    page = small(f"{FORM}?new", width=width)
    pane(page, "text")
    for words, message in PRIVATE.items():
        page.locator(".sb-body").fill(f"联系{words}。")
        shown = f"正文：{message}：{normalize('NFKC', words)}"
        expect(page.locator(".sb-checks-list li").filter(has_text=shown)).to_have_count(1)
    pane(page, "end")
    page.get_by_role("button", name="提交到 GitHub").click()
    expect(page.locator(".sb-steps [role=alert]")).to_contain_text("收不回来")
    pane(page, "text")
    page.locator(".sb-body").fill("辖区2012年有13812户，2010—2012年共1381234元。")
    expect(page.locator(".sb-checks-list li").filter(has_text="正文：")).to_have_count(0)
    expect(page.locator(".sb-steps [role=alert]")).to_have_count(0)
