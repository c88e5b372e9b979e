"""Text to search terms. The browser does the same with the same tables (assets/search-text.js).

A chunk is an unbroken stretch of letters, digits and 汉字. Its terms are

- for a run of 汉字 every two neighbours (``路灯``), and its last character alone as ``$灯``, so that a search for
  one character finds it wherever it stands;
- for a word or number the whole of it, and for three digits or more every two neighbours;
- where one joins the other the two characters on both sides (``2户``);
- the value of a number written with 万, 千 …, in plain digits (``1万5千`` and ``1.5万``: ``15000``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from operator import add

from surveybase.chinese import simplified_characters

HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"

# Any letter or digit of any script, and the point inside a number.
CHUNK = re.compile(r"(?:[^\W_]|(?<=[0-9])\.(?=[0-9]))+")
PIECE = re.compile(rf"(?P<han>[{HAN}]+)|(?P<number>[0-9]+(?:\.[0-9]+)?)|[^{HAN}0-9]+")
ALL_HAN = re.compile(rf"[{HAN}]+")
GROUPED = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
NUMERAL = re.compile(r"[0-9零〇一二两三四五六七八九十百千万亿][0-9.零〇一二两三四五六七八九十百千万亿]+")

FEWEST_DIGITS_CUT = 3

# Dropped from a query: they ask, and name nothing. Longer ones come first. Shipped to the browser.
# fmt: off
QUESTION_WORDS = (
    "应该怎么办", "应该怎样", "应该如何", "该怎么办", "怎么解决", "如何解决", "怎样解决", "怎么处理",
    "如何处理", "有什么办法", "有什么解决办法", "解决办法", "怎么办", "怎么样", "怎么", "怎样", "咋办", "咋样",
    "咋", "如何", "请问", "想问", "想知道", "我想", "为什么", "为何", "为啥", "什么样", "什么", "啥", "哪里",
    "哪儿", "哪些", "哪个", "哪家", "谁来管", "谁来", "归谁管", "能不能", "可不可以", "可以吗", "是不是",
    "有没有办法", "是否", "能否", "应当", "应该", "到底", "究竟", "有哪些", "关于", "告诉我", "帮我", "查一下",
    "吗", "呢", "吧", "呀", "啊", "么",
)
# fmt: on

# A query with one of these looks for countermeasures.
HOW_WORDS = ("怎么办", "怎么", "怎样", "如何", "咋", "办法", "解决", "应该", "哪里")

# Headings of parts that every report has: they tell no passage from another.
UNIVERSAL_HEADINGS = frozenset(
    {"基本情况", "基本状况", "问题", "主要问题", "存在的问题", "对策", "对策与建议", "建议"}
)

UNITS = {"十": 10, "百": 100, "千": 1000}
GREAT_UNITS = {"万": 10_000, "亿": 100_000_000}
DIGITS = {character: i for i, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def normal(text: str) -> str:
    """The text as it is compared: NFKC, lower case, Simplified, digits without separators."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(simplified_characters())
    return GROUPED.sub(lambda found: found.group().replace(",", ""), folded) if "," in folded else folded


def terms(text: str) -> list[str]:
    """The terms of a normal text, as often as they stand in it."""
    found: list[str] = []
    for chunk in CHUNK.findall(text):
        if ALL_HAN.fullmatch(chunk):
            found += map(add, chunk, chunk[1:])
            found.append("$" + chunk[-1])
        else:
            found += _mixed_terms(chunk)
    return found


@lru_cache(maxsize=1 << 14)
def _mixed_terms(chunk: str) -> tuple[str, ...]:
    """Kept, as years and the like stand in every text."""
    return tuple(_terms_of_pieces(chunk))


def _terms_of_pieces(chunk: str) -> Iterator[str]:
    last = ""
    for match in PIECE.finditer(chunk):
        piece = match.group()
        if last:
            yield last + piece[0]
        if match.lastgroup == "han":
            yield from map(add, piece, piece[1:])
            yield "$" + piece[-1]
        else:
            yield piece
            if match.lastgroup == "number" and len(piece) >= FEWEST_DIGITS_CUT:
                yield from map(add, piece, piece[1:])
        last = piece[-1]
    yield from values(chunk)


def values(text: str) -> Iterator[str]:
    """The numbers written with 十, 百, 千, 万 or 亿 in a normal text, in plain digits."""
    for match in NUMERAL.finditer(text):
        numeral = match.group()
        # Digits alone, by far the most, have no unit.
        if not numeral.isascii() and (value := _value(numeral)) is not None:
            yield plain_number(value)


def plain_number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _value(numeral: str) -> float | None:
    """What a numeral with at least one unit stands for; None when it is not one number."""
    total = section = 0.0
    number: float | None = None
    unit = 0
    for part in re.findall(r"[0-9]+(?:\.[0-9]+)?|.", numeral):
        if part in UNITS:
            unit = UNITS[part]
            section += (1 if number is None else number) * unit
            number = None
        elif part in GREAT_UNITS:
            unit = GREAT_UNITS[part]
            total += (section + (number or 0) or 1) * unit
            section, number = 0.0, None
        elif part == "." or (number and part not in DIGITS) or (number and DIGITS[part]):
            return None
        else:
            number = float(DIGITS[part]) if part in DIGITS else float(part)
            if part in {"零", "〇"}:
                unit = 0 if not unit else 10  # 一万零五: the last digit is a plain one
    if not unit:
        return None
    # 一万五: a last digit without a unit counts the next lower one.
    shorthand = number is not None and unit > 10 and float(number).is_integer() and number < 10
    return total + section + (number or 0) * (unit / 10 if shorthand else 1)


def han(text: str) -> Iterator[str]:
    """The distinct 汉字 of a normal text, sorted."""
    return iter(sorted({character for run in ALL_HAN.findall(text) for character in run}))
