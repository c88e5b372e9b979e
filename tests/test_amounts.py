"""The amounts of Chinese text are read as a reader would."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveybase.amounts import amounts, chinese
from surveybase.model import Precision

EXACT, ABOUT, AT_LEAST, AT_MOST = Precision.EXACT, Precision.ABOUT, Precision.AT_LEAST, Precision.AT_MOST


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("全社区共有4552户", "4552", EXACT),
        ("合计4,552户", "4552", EXACT),
        ("１２５４８人", "12548", EXACT),
        ("四千五百五十二户", "4552", EXACT),
        ("一万二千五百四十八人", "12548", EXACT),
        ("三千零五户", "3005", EXACT),
        ("三千五户", "3500", EXACT),
        ("一百零五", "105", EXACT),
        ("十二栋", "12", EXACT),
        ("二〇一二年", "2012", EXACT),
        ("两家", "2", EXACT),
        ("年纯收入0.4万元", "4000", EXACT),
        ("1.5万元", "15000", EXACT),
        ("1万5千元", "15000", EXACT),
        ("两百万元", "2000000", EXACT),
        ("三点五公里", "3.5", EXACT),
        ("总户数10", "10", EXACT),
        ("托运部有40余家", "40", AT_LEAST),
        ("四十多家", "40", AT_LEAST),
        ("十几个", "10", AT_LEAST),
        ("几十个", "10", AT_LEAST),
        ("4千多万元", "4000", AT_LEAST),
        ("3名以上", "3", AT_LEAST),
        ("至少2名", "2", AT_LEAST),
        ("10000余份", "10000", AT_LEAST),
        ("不足100人", "100", AT_MOST),
        ("不到10人", "10", AT_MOST),
        ("不超过8000元", "8000", AT_MOST),
        ("不少于5人", "5", AT_LEAST),
        ("最多8000元", "8000", AT_MOST),
        ("200元以内", "200", AT_MOST),
        ("约0.8平方公里", "0.8", ABOUT),
        ("6000元左右", "6000", ABOUT),
        ("近百分之五", "5", ABOUT),
    ],
)
def test_an_amount_has_its_value_and_precision(text: str, value: str, precision: Precision) -> None:
    [amount] = amounts(text)
    assert Decimal(value) in amount.readings
    assert amount.precision is precision


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        *(("占18.4%", "18.4"), ("占１８．４％", "18.4"), ("百分之十八点四", "18.4"), ("5‰", "0.5")),
        *(
            ("一半的人", "50"),
            ("半数", "50"),
            ("七成", "70"),
            ("三成半", "35"),
            ("四分之一", "25"),
            ("百分百", "100"),
        ),
    ],
)
def test_a_share_is_given_in_percent(text: str, percent: str) -> None:
    [amount] = amounts(text)
    assert amount.is_percent
    assert amount.readings == (Decimal(percent),)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        *(("4000至8000元", 4000, 8000), ("800-1000元", 800, 1000), ("一到八级", 1, 8), ("3至5万元", 30000, 50000)),
        ("百分之五至百分之六", 5, 6),
    ],
)
def test_a_range_has_two_ends(text: str, low: int, high: int) -> None:
    found = list(amounts(text))
    values = [value for amount in found for value in (*amount.readings, *amount.high)]
    assert Decimal(low) in values
    assert Decimal(high) in values


@pytest.mark.parametrize("text", ["千家万户的百姓", "亿万群众", "", "没有数字"])
def test_words_that_are_no_number_are_no_amount(text: str) -> None:
    assert list(amounts(text)) == []


def spoken(value: int) -> str:
    """The number in Chinese words, written another way than it is read."""
    words, zero = "", False
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        if value >= scale:
            words += spoken(value // scale) + name
            value %= scale
            zero = 0 < value < scale // 10
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // scale % 10
        if digit:
            words += ("零" if zero else "") + "零一二三四五六七八九"[digit] + name
            zero = False
        elif words and value % scale:
            zero = True
    return words


@given(st.integers(min_value=1, max_value=99_999_999))
def test_every_number_in_words_is_read(value: int) -> None:
    assert chinese(spoken(value)) == value


@given(st.text(alphabet="0123456789,.万千百十亿一二三零〇两点余多至到-%‰成半分之约 元人", max_size=60))
def test_any_text_is_read_without_an_error_and_amounts_do_not_overlap(text: str) -> None:
    found = list(amounts(text))
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(text[amount.start : amount.end] for amount in found)
