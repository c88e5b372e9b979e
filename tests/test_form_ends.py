"""Where the form ends, what leaves the browser on the way, and who can use it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import Scheme, Visit, visits
from conftest import Serve
from forms import EDIT, FORM, WIDTHS, downloaded, entry, fill, pane
from playwright.sync_api import Browser, Page, Request, expect
from projects import ROOT, SMALL, build, config, write
from surveybase.hosting import host_of
from test_browser_pages import violations

# --- What leaves the browser, and how -------------------------------------------------------------------


def test_nothing_is_sent_but_requests_for_files_of_the_site(visit: Visit, base: str) -> None:
    page = visit(FORM)
    seen: list[Request] = []

    def note(request: Request) -> None:
        seen.append(request)

    page.context.on("request", note)
    page.get_by_role("button", name="写一份新的报告").click()
    fill(page)
    downloaded(page)
    asked = [request for request in seen if not request.url.startswith("blob:")]
    assert asked
    assert {(request.method, request.post_data) for request in asked} == {("GET", None)}
    assert all(request.url.startswith(base) and "8421" not in request.url for request in asked)


def test_the_files_are_published_as_they_were_contributed(site: Path) -> None:
    for path in [*(ROOT / "data" / "communities").glob("*.yml"), *(ROOT / "docs" / "reports").glob("*.md")]:
        assert (site / path.parent.name / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://github.com/a/b", "github"),
        ("https://gitlab.example.org/a/b", "gitlab"),
        ("https://gitee.com/a/b", "gitee"),
        ("https://codeberg.org/a/b", "gitea"),
        ("https://code.example.org/gitlab/b", "github"),
    ],
)
def test_the_host_is_told_by_the_address_of_the_repository(address: str, host: str) -> None:
    assert host_of(address) == host


def test_no_other_page_loads_a_byte_of_the_form(site: Path) -> None:
    holders = [page for page in site.rglob("*.html") if "form.js" in page.read_text("utf-8")]
    assert holders == [site / "contribute" / "form" / "index.html"]


@pytest.fixture
def hosted(browser: Browser, serve: Serve, tmp_path: Path) -> Iterator[Callable[[str, str], Page]]:
    """Open the form of the small project with its repository at an address."""
    managers = []

    def opened(address: str, where: str) -> Page:
        built = build(write(tmp_path, {**SMALL, "mkdocs.yml": config(repo_url=address)}))
        assert built.status == 0, built.output
        server = serve(built.site)
        root = server.__enter__()
        opener = visits(browser, root)
        managers.extend([server, opener])
        return opener.__enter__()(where)

    yield opened
    for manager in reversed(managers):
        manager.__exit__(None, None, None)


def steps(page: Page) -> list[str]:
    page.get_by_role("button", name=re.compile("^提交到")).click()
    return [link.get_attribute("href") or "" for link in page.locator(".sb-steps a").all()]


def test_two_files_end_in_an_issue_or_on_one_branch_of_a_copy(hosted: Callable[[str, str], Page]) -> None:
    """No second page of the repository itself: for who may not write there it would begin a second branch."""
    page = hosted("https://github.com/a/b", f"{FORM}?new")
    issue, report = steps(page)
    assert issue == "https://github.com/a/b/issues/new?title=%E6%8A%95%E7%A8%BF%EF%BC%9Anew-report"
    new = "https://github.com/a/b/new/main/docs/reports?filename=new-report.md"
    assert report.startswith(f"{new}&value=---%0Atitle%3A%0A")
    second = page.locator(".sb-steps ol").nth(1).locator("> li").nth(1)
    expect(second).to_contain_text("到您自己的副本（Fork）里，选刚才那个分支")
    expect(second.get_by_role("button", name="复制内容")).to_be_visible()
    page.locator(".sb-body").fill("长" * 1000)
    assert steps(page)[1] == new


@pytest.mark.parametrize(
    ("address", "issue", "new"),
    [
        ("https://codeberg.org/a/b", "/issues/new?title=", "/_new/main/docs/reports?filename=new-report.md&value="),
        ("https://gitlab.com/a/b", "/-/issues/new", "/-/new/main/docs/reports"),
        ("https://gitee.com/a/b", "/issues/new", "/new/main/docs/reports"),
    ],
)
def test_where_the_pages_refuse_who_may_not_write_the_copy_comes_first(
    hosted: Callable[[str, str], Page], address: str, issue: str, new: str
) -> None:
    page = hosted(address, f"{FORM}?new")
    links = steps(page)
    assert links[0].startswith(address + issue)
    assert links[1] == address
    assert links[2].startswith(address + new)
    expect(page.locator(".sb-steps > p").last).to_contain_text("有写权限的")


def test_a_correction_of_one_file_leads_to_its_edit_page(hosted: Callable[[str, str], Page]) -> None:
    page = hosted("https://github.com/a/b", f"{FORM}?community=east")
    page.get_by_role("button", name="提交到 GitHub").click()
    expect(page.locator(".sb-steps")).to_contain_text("还没有改动")
    entry(page, "problems", "no-parking").get_by_label("标题必填").fill("车位不够")
    assert steps(page) == ["https://github.com/a/b/edit/main/data/communities/east.yml"]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制新的内容").click()
    expect(page.locator(".sb-said")).to_contain_text("已复制")
    assert "title: 车位不够" in page.evaluate("navigator.clipboard.readText()")


# --- Readers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@WIDTHS
def test_the_form_is_accessible_and_fits(visit: Visit, width: int, scheme: Scheme) -> None:
    page = visit(EDIT, width=width, scheme=scheme)
    for part in ("text", "data", "end"):
        pane(page, part)
        if part == "data":
            entry(page, "observations", "households").locator(".sb-value-box").fill("不知道")
            key = page.locator("[data-part=countermeasures] > details").first.get_attribute("data-key") or ""
            entry(page, "countermeasures", key)
            expect(page.locator(".sb-finding").first).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    pane(page, "data")
    page.locator("[data-add=problems]").click()
    assert violations(page) == []


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit(f"{FORM}?new")
    page.locator("[data-add=observations]").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("面积")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("3000平方米")
    expect(page.locator(".sb-read")).to_contain_text("3000 平方米")
    page.locator("[data-add=problems]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_without_javascript_the_page_says_what_else_one_can_do(visit: Visit) -> None:
    page = visit(FORM, script=False)
    expect(page.get_by_text("surveybase import")).to_be_visible()


def test_a_file_that_is_not_there_is_said_and_can_be_tried_again(
    browser: Browser, serve: Serve, site: Path
) -> None:
    with serve(site) as root:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{root}{FORM}?community=nowhere")
        expect(page.get_by_role("alert")).to_contain_text("没有打开")
        page.get_by_role("button", name="回到开头").click()
        expect(page.get_by_role("button", name="写一份新的报告")).to_be_visible()
        context.close()
