"""The form in Chromium: from a page of the site, or from nothing, to two files in their form."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from browsing import COMMUNITY, SURVEY, Visit, visits
from conftest import Serve
from forms import DATA, EDIT, FORM, REPORT, WIDTHS, downloaded, entry, fill
from playwright.sync_api import Browser, expect
from projects import ROOT, SMALL, build, write
from surveybase.check import examine
from surveybase.cli import main


def in_form(project: Path, files: dict[str, str]) -> None:
    """The files are what ``surveybase fmt`` writes."""
    write(project, files)
    assert main(["fmt", "--check", *(str(project / name) for name in files)]) == 0


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The repository's own data in a project of the test."""
    shutil.copytree(ROOT / "docs" / "images", tmp_path / "docs" / "images")
    names = ["mkdocs.yml", *(str(path.relative_to(ROOT)) for path in (ROOT / "data").rglob("*.yml"))]
    names += [str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")]
    return write(tmp_path, {name: (ROOT / name).read_text("utf-8") for name in names})


def codes(project: Path) -> set[str]:
    found = examine(project, project / "docs", project / "data")
    return {item.code for item in found if item.severity.value == "error"}


# --- Corrections ----------------------------------------------------------------------------------------


@WIDTHS
def test_a_correction_changes_one_line_of_the_file_and_nothing_else(visit: Visit, own: Path, width: int) -> None:
    page = visit(f"communities/{COMMUNITY}/", width=width)
    page.get_by_role("link", name="修改", exact=True).click()
    expect(page.locator(".sb-bar-title")).to_contain_text("修改：")
    box = entry(page, "observations", "households").locator(".sb-value-box")
    expect(box).to_have_value("4552户")
    box.fill("约4,553户")
    expect(page.locator(".sb-found")).to_have_text("还有 1 处要看")
    before = (ROOT / DATA).read_text("utf-8")
    files = downloaded(page)
    assert files[REPORT] == (ROOT / REPORT).read_text("utf-8")
    old = re.findall(r".*households: \{value: 4552.*\n", before)[0]
    assert files[DATA] == before.replace(old, old.replace("value: 4552", "value: 4553, precision: about"))
    in_form(own, files)
    assert "evidence-figure" in codes(own)


def test_nothing_typed_is_nothing_changed(visit: Visit) -> None:
    page = visit(EDIT)
    expect(page.locator(".sb-found")).to_have_text("检查通过，去提交")
    assert downloaded(page) == {name: (ROOT / name).read_text("utf-8") for name in (DATA, REPORT)}
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.includes('draft'))") == []
    page = visit(f"reports/{SURVEY}/")
    page.get_by_role("link", name="修改", exact=True).click()
    expect(page.locator(".sb-found")).to_have_text("检查通过，去提交")


def test_a_finding_stands_beside_its_field_and_leads_to_it(visit: Visit) -> None:
    page = visit(EDIT)
    problem = entry(
        page, "problems", page.locator("[data-part=problems] > details").first.get_attribute("data-key") or ""
    )
    quote = problem.get_by_label(re.compile("^引文"))
    quote.fill("报告里没有的话")
    shown = problem.locator(".sb-finding")
    expect(shown).to_contain_text(f"引文不在 {REPORT} 的同一段里")
    expect(quote).to_have_attribute("aria-invalid", "true")
    problem.locator("> summary").click()
    page.locator(".sb-checks-list button").first.click()
    expect(quote).to_be_focused()
    quote.fill("")
    expect(page.locator(".sb-checks-list li")).to_contain_text("还没有填")


def test_how_many_a_problem_touches_is_typed_as_one_says_it(visit: Visit) -> None:
    page = visit(EDIT)
    key = "narrow-lanes"
    problem = entry(page, "problems", key)
    problem.get_by_role("button", name="＋ 影响范围").click()
    box = entry(page, "problems", key).locator(".sb-value-box")
    box.fill("约4—5条道路")
    expect(problem.locator(".sb-read")).to_have_text("读作：4 到 5 条道路（范围）")
    box.fill("30多户")
    expect(problem.locator(".sb-read")).to_have_text("读作：30 户（至少）")
    assert "        affected: {value: 30, precision: at_least, unit: 户}\n" in downloaded(page)[DATA]
    problem.get_by_role("button", name="删去影响范围").click()
    page.get_by_role("dialog").get_by_role("button", name="删去", exact=True).click()
    assert downloaded(page)[DATA] == (ROOT / DATA).read_text("utf-8")


def test_a_list_that_was_not_there_is_begun_and_gone_again(visit: Visit) -> None:
    page = visit(EDIT)
    rare = page.locator(".sb-rare").nth(1)
    rare.locator("> summary").click()
    rare.get_by_role("button", name="添一项例外").click()
    rare.get_by_label("检查").select_option(index=1)
    rare.get_by_role("textbox", name=re.compile("^内容")).fill("某人")
    rare.get_by_role("textbox", name=re.compile("^理由")).fill("不是真名")
    assert re.search(
        r"\nexceptions:\n  - code: [a-z-]+\n    value: 某人\n    reason: 不是真名\n$", downloaded(page)[DATA]
    )
    rare.get_by_role("button", name="删去例外 1").click()
    page.get_by_role("dialog").get_by_role("button", name="删去", exact=True).click()
    assert downloaded(page)[DATA] == (ROOT / DATA).read_text("utf-8")


def test_unknown_fields_comments_and_digits_are_kept(browser: Browser, serve: Serve, tmp_path: Path) -> None:
    text = SMALL["data/communities/east.yml"]
    commented = (
        text.replace("      households: {", "      # 核对过\n      households: {").replace(
            "value: 2000", "value: 2000.0"
        )
        + "# 完\n"
    )
    project = write(tmp_path, {**SMALL, "data/communities/east.yml": commented})
    built = build(project)
    assert built.status == 0, built.output
    with serve(built.site) as root, visits(browser, root) as visit:
        page = visit(f"{FORM}?community=east")
        entry(page, "problems", "no-parking").get_by_label("标题必填").fill("车位：不够")
        files = downloaded(page)
        assert files["data/communities/east.yml"] == commented.replace(
            "      no-parking: {type: parking, title: 停车位不够, quote: 车没有地方停}\n",
            "      no-parking:\n        type: parking\n        title: 车位：不够\n        quote: 车没有地方停\n",
        )
        in_form(project, files)


# --- A new report ---------------------------------------------------------------------------------------


@WIDTHS
def test_a_new_report_is_two_files_in_their_form(visit: Visit, own: Path, width: int) -> None:
    page = visit(FORM, width=width)
    page.get_by_role("button", name="写一份新的报告").click()
    fill(page)
    expect(page.locator(".sb-checks-list li")).to_have_text([])
    expect(page.locator(".sb-found")).to_have_text("检查通过，去提交")
    files = downloaded(page)
    assert set(files) == {"docs/reports/east-lamps.md", "data/communities/east.yml"}
    assert 'residents: {value: 8421, precision: about, quote: "约8,421人"}' in files["data/communities/east.yml"]
    assert "surveyed: 2012\n" in files["docs/reports/east-lamps.md"]
    in_form(own, files)
    assert codes(own) == set()


def test_a_new_report_of_a_community_that_is_there(visit: Visit) -> None:
    page = visit(f"{FORM}?community={COMMUNITY}&new")
    expect(page.locator(".sb-part").nth(1).get_by_label(re.compile("^名称"))).to_have_value(re.compile("社区"))
    files = downloaded(page)
    assert files[DATA] == (ROOT / DATA).read_text("utf-8") + "  new-report: {}\n"


# --- Drafts ---------------------------------------------------------------------------------------------


def test_a_draft_outlives_reload_close_and_a_lost_connection(visit: Visit) -> None:
    page = visit(f"{FORM}?new")
    hostile = "<img src=x onerror=alert(1)> ]]> {{ 7*7 }} \u2028 '; DROP"
    page.locator(".sb-body").fill(f"## 基本情况\n\n{hostile}\n")
    title = page.locator(".sb-part").nth(0).get_by_label(re.compile("^标题"))
    title.fill(hostile)
    expect(page.locator(".sb-kept")).to_contain_text("草稿已存")
    page.context.set_offline(True)
    page.locator(".sb-part").nth(1).get_by_label(re.compile("^名称")).fill("断网时填的")
    downloaded(page)
    page.context.set_offline(False)
    page.reload()
    expect(title).to_have_value(hostile)
    expect(page.locator(".sb-part").nth(1).get_by_label(re.compile("^名称"))).to_have_value("断网时填的")
    expect(page.locator(".sb-body")).to_have_value(re.compile(re.escape("<img src=x onerror=alert(1)>")))
    page.locator("[data-mode]").click()
    page.locator("[data-mode]").click()
    assert page.locator("#sb-form img, #sb-form script").count() == 0
    other = page.context.new_page()
    page.close()
    other.goto(page.url.split("?")[0])
    other.get_by_role("button", name=hostile, exact=True).click()
    expect(other.locator(".sb-part").nth(0).get_by_label(re.compile("^标题"))).to_have_value(hostile)


def test_the_last_key_is_kept_when_the_page_is_left_at_once(visit: Visit) -> None:
    page = visit(f"{FORM}?new")
    page.locator(".sb-part").nth(0).get_by_label(re.compile("^标题")).fill("刚刚写的")
    page.goto(page.url.split("contribute")[0])
    page.go_back()
    expect(page.locator(".sb-part").nth(0).get_by_label(re.compile("^标题"))).to_have_value("刚刚写的")


def test_drafts_stand_beside_each_other_and_are_cleared_after_a_question(visit: Visit) -> None:
    page = visit(f"{FORM}?new")
    titles = page.locator(".sb-part").nth(0).get_by_label(re.compile("^标题"))
    for name in ("甲稿", "乙稿"):
        page.goto(page.url.split("?")[0] + "?new")
        titles.fill(name)
        expect(page.locator(".sb-kept")).to_contain_text("草稿已存")
    page.goto(page.url.split("?")[0])
    expect(page.locator(".sb-drafts li")).to_have_count(2)
    page.get_by_role("button", name="清除草稿：甲稿").click()
    page.get_by_role("dialog").get_by_role("button", name="不", exact=True).click()
    expect(page.locator(".sb-drafts li")).to_have_count(2)
    page.get_by_role("button", name="清除草稿：甲稿").click()
    page.get_by_role("dialog").get_by_role("button", name="清除", exact=True).click()
    expect(page.locator(".sb-drafts li")).to_have_count(1)
    expect(page.locator(".sb-drafts li")).to_contain_text("乙稿")


def test_a_correction_begun_before_is_offered_again(visit: Visit) -> None:
    page = visit(EDIT)
    entry(page, "observations", "households").locator(".sb-value-box").fill("4554户")
    expect(page.locator(".sb-kept")).to_contain_text("草稿已存")
    page.goto(page.url.split("?")[0] + f"?community={COMMUNITY}&report={SURVEY}")
    expect(page.get_by_role("heading", name="您有没写完的草稿")).to_be_visible()
    page.locator(".sb-drafts .sb-link").click()
    expect(entry(page, "observations", "households").locator(".sb-value-box")).to_have_value("4554户")


def test_what_cannot_be_kept_or_read_is_said_and_nothing_is_lost(visit: Visit) -> None:
    page = visit(f"{FORM}?new")
    page.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') } }"
    )
    title = page.locator(".sb-part").nth(0).get_by_label(re.compile("^标题"))
    title.fill("存不下")
    expect(page.locator(".sb-kept")).to_contain_text("先下载")
    assert "title: 存不下" in downloaded(page)["docs/reports/new-report.md"]
    page = visit(f"{FORM}?new")
    for name, text in {"bad": "{", "odd": '{"id": 1}'}.items():
        page.evaluate("([name, text]) => localStorage.setItem(`surveybase.draft./:${name}`, text)", [name, text])
    page.goto(page.url.split("?")[0])
    expect(page.get_by_role("button", name="写一份新的报告")).to_be_visible()
