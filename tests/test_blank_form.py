"""The survey form on paper: it asks for all that the schema and the catalogue know, with nothing cut off."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pypdfium2
import pytest
from browsing import NARROW, Visit
from own_data import own_subject
from pages import folded
from surveybase.views.blank import ASKED, NOT_ASKED, blank_view

A4 = (595, 842)  # points
MARGIN = 35  # points; a little less than the margin of the pages


@pytest.fixture(scope="module")
def indicators() -> list[str]:
    return [item.label for item in own_subject()[0].base.indicators.values() if not item.ratio]


def test_every_field_of_the_schema_is_asked_for_or_left_out_on_purpose() -> None:
    assert ASKED.keys() == NOT_ASKED.keys()
    for record in ASKED:
        assert sorted((*ASKED[record], *NOT_ASKED[record])) == sorted(record.model_fields), record.__name__


def test_every_indicator_is_asked_for_but_what_is_worked_out(indicators: list[str]) -> None:
    view = blank_view(own_subject()[0].base)
    assert sorted(item.label for group in view.groups for item in group.indicators) == sorted(indicators)
    assert view.indicators == len(indicators)
    assert view.ticks == ("准确", "约", "至少", "至多")
    assert any(item.is_sensitive for group in view.groups for item in group.indicators)


@pytest.fixture
def printed(visit: Visit) -> Iterator[pypdfium2.PdfDocument]:
    """The form as a reader prints it who has chosen the dark colours."""
    page = visit("contribute/blank/", scheme="dark")
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    yield document
    document.close()


def test_the_form_prints_on_a4_as_text_with_nothing_cut_off(
    printed: pypdfium2.PdfDocument, indicators: list[str]
) -> None:
    assert 8 <= len(printed) <= 20
    texts = []
    for page in printed:
        assert tuple(map(round, page.get_size())) == A4
        words = page.get_textpage()
        assert words.count_rects() > 0, "a page without text"
        texts.append(folded(unicodedata.normalize("NFKC", words.get_text_bounded())))
        for left, bottom, right, top in map(words.get_rect, range(words.count_rects())):
            assert left >= MARGIN
            assert right <= A4[0] - MARGIN
            assert bottom >= 0
            assert top <= A4[1] - MARGIN
    whole = "".join(texts)
    assert [label for label in indicators if folded(unicodedata.normalize("NFKC", label)) not in whole] == []
    for words_of_form in ("先征得同意", "不记个人", "敏感", "针对问题1的对策1", "社会力量", "未调查"):
        assert words_of_form in whole
    assert "搜索问题和对策" not in whole  # nothing of the site around it


def test_paper_is_white_whatever_the_screen(printed: pypdfium2.PdfDocument) -> None:
    for page in printed:
        grey = page.render(scale=0.5).to_pil().convert("L")
        counts = grey.histogram()
        assert grey.getpixel((2, 2)) == 255
        assert sum(counts[200:]) > 0.85 * sum(counts)


def test_no_row_is_divided_between_two_pages(visit: Visit) -> None:
    page = visit("contribute/blank/")
    page.emulate_media(media="print")
    kept = "(element) => getComputedStyle(element).breakInside"
    for row in (page.locator(".sb-form tbody tr").first, page.locator(".sb-case").first):
        assert row.evaluate(kept) == "avoid"
    assert page.locator(".md-header").is_hidden()


def test_on_a_phone_each_indicator_is_a_block_with_what_to_write(visit: Visit) -> None:
    page = visit("contribute/blank/", width=NARROW)
    row = page.locator(".sb-form tbody tr").first
    tops = row.locator("th, td").evaluate_all("(cells) => cells.map((cell) => cell.getBoundingClientRect().top)")
    assert tops == sorted(set(tops))
    assert row.get_by_text("准确").is_visible()


def test_only_the_form_loads_its_style(visit: Visit) -> None:
    style = 'link[href$="blank.css"]'
    assert visit("contribute/blank/").locator(style).count() == 1
    assert visit("contribute/").locator(style).count() == 0
