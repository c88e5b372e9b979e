"""What the tests of the form do with it."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from browsing import COMMUNITY, NARROW, SURVEY, WIDE
from playwright.sync_api import Locator, Page, expect

FORM = "contribute/form/"
EDIT = f"{FORM}?community={COMMUNITY}&report={SURVEY}"
DATA = f"data/communities/{COMMUNITY}.yml"
REPORT = f"docs/reports/{SURVEY}.md"
WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW])


def pane(page: Page, name: str) -> None:
    """Look at a part: on a wide window all are there."""
    tab = page.locator(f".sb-tabs [data-pane={name}]")
    if tab.is_visible():
        tab.click()


def entry(page: Page, part: str, key: str) -> Locator:
    """An entry of the data, unfolded."""
    pane(page, "data")
    found = page.locator(f".sb-part[data-part={part}] > details[data-key='{key}']")
    if found.get_attribute("open") is None:
        found.locator("> summary").click()
    return found


def downloaded(page: Page) -> dict[str, str]:
    """The files of the archive, by their paths."""
    pane(page, "end")
    with page.expect_download() as download:
        page.locator("[data-zip]").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


BODY = """\
## 基本情况

全社区有约8,421人，住房3.2万平方米。

## 问题

- 晚上没有路灯，老人不敢出门。

## 对策

- 建议街道装上路灯。
"""


def select(page: Page, words: str) -> None:
    pane(page, "text")
    page.locator(".sb-body").evaluate(
        """(area, words) => {
            const at = area.value.indexOf(words);
            area.focus();
            area.setSelectionRange(at, at + words.length);
        }""",
        words,
    )
    expect(page.locator(".sb-chosen")).to_contain_text(words[:10])


def use(page: Page, part: str, words: str, search: str, choice: str) -> None:
    """Make the words a quote of what is found by the search."""
    select(page, words)
    page.locator(f"[data-use={part}]").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("searchbox").fill(search)
    dialog.get_by_role("button", name=re.compile(f"^{choice}")).first.click()
    expect(dialog).to_have_count(0)


def fill(page: Page) -> None:
    page.locator(".sb-body").fill(BODY)
    pane(page, "data")
    parts = page.locator(".sb-part")
    parts.nth(0).get_by_label("报告编号").fill("east-lamps")
    parts.nth(0).get_by_label("报告编号").press("Tab")
    parts.nth(0).get_by_label(re.compile("^标题")).fill("路灯：某社区调研 #1")
    parts.nth(0).get_by_label("调查日期").fill("2012")
    parts.nth(0).get_by_role("button", name="添一项作者").click()
    parts.nth(0).get_by_role("textbox", name="作者 1").fill("居委会")
    parts.nth(0).get_by_label(re.compile("^题名")).fill("资料")
    parts.nth(1).get_by_label("社区编号").fill("east")
    parts.nth(1).get_by_label("社区编号").press("Tab")
    parts.nth(1).get_by_label(re.compile("^名称")).fill("东社区")
    parts.nth(1).get_by_label(re.compile("^层级")).select_option(label="社区")
    parts.nth(1).get_by_label("城乡分类").select_option(label="城乡结合区")
    use(page, "observations", "约8,421人", "总人口", "总人数")
    use(page, "problems", "晚上没有路灯，老人不敢出门。", "路灯", "")
    use(page, "countermeasures", "建议街道装上路灯。", "路灯", "")
    pane(page, "data")
    page.locator("[data-part=countermeasures]").get_by_label("街道（乡镇）").check()
