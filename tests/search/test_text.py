"""Text to terms: what a search compares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveybase.chinese import pinyin_key, syllables
from surveybase.search.text import normal, terms, values


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("路燈問題", "路灯问题"),
        ("ＡＢＣ　１２", "abc 12"),
        ("12,548人", "12548人"),
        ("3,4", "3,4"),  # a list, not a number
        ("社區幹部", "社区干部"),
    ],
)
def test_what_is_the_same_is_compared_as_the_same(written: str, compared: str) -> None:
    assert normal(written) == compared


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("路灯不亮", ["路灯", "灯不", "不亮", "$亮"]),
        ("路灯，亮化", ["路灯", "$灯", "亮化", "$化"]),
        ("桥", ["$桥"]),
        ("wifi", ["wifi"]),
        ("97栋", ["97", "7栋", "$栋"]),
        ("4552户", ["4552", "45", "55", "52", "2户", "$户"]),
        ("共40家", ["$共", "共4", "40", "0家", "$家"]),
        ("0.8平方", ["0.8", "0.", ".8", "8平", "平方", "$方"]),
        ("road-blocked", ["road", "blocked"]),
        ("，。", []),
    ],
)
def test_terms(text: str, found: list[str]) -> None:
    assert terms(normal(text)) == found


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1万5千", ["15000"]),
        ("1.5万", ["15000"]),
        ("一万五千", ["15000"]),
        ("一万五", ["15000"]),
        ("1万5", ["15000"]),
        ("两千三百", ["2300"]),
        ("十八", ["18"]),
        ("一万零五", ["10005"]),
        ("0.4万", ["4000"]),
        ("3亿", ["300000000"]),
        ("4552", []),
        ("三", []),
        ("千", []),
        ("一二三", []),
    ],
)
def test_numbers_in_words_have_a_value(written: str, value: list[str]) -> None:
    assert list(values(written)) == value


@given(st.text())
def test_any_text_has_terms_and_normal_text_stays(text: str) -> None:
    once = normal(text)
    assert normal(once) == once or not once.isascii()
    assert all(term for term in terms(once))


@given(st.text(alphabet="路灯不亮社区123", min_size=2, max_size=12), st.data())
def test_every_pair_of_a_stretch_is_a_term(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    pair = text[start : start + 2]
    number_of_two = pair.isdigit() and len(pair) == 2
    assert pair in terms(text) or number_of_two


def test_readings_have_no_tones() -> None:
    assert syllables("路")[0] == "lu"
    assert "lv" in syllables("绿")
    assert {"xing", "hang"} <= set(syllables("行"))
    assert syllables("a") == ()


def test_words_sort_as_in_a_dictionary() -> None:
    assert sorted(["噪音", "道路", "CPI", "安全"], key=pinyin_key) == ["安全", "CPI", "道路", "噪音"]
