"""The amounts that Chinese text states: 4552, 4,552, 四千五百五十二, 0.4万, 40余, 18.4%, 百分之五, 一半, 1至8.

Nothing is decided here about what an amount counts. Where words can be read in two ways (3至5万), both readings
are kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from surveybase.model import Precision

# Full-width forms to ordinary ones, one character for one, so that places in the text stay the same.
HALF_WIDTH = str.maketrans("０１２３４５６７８９．％，～－", "0123456789.%,~-")

DIGITS = {**{character: i for i, character in enumerate("〇一二三四五六七八九")}, "零": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
SCALES = {**TENS, **MYRIADS}

# Lengths are bounded: text may be hostile, and no number of a survey is longer.
CHINESE = r"[〇零一二两三四五六七八九十百千万亿]{1,24}"
ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,9}(?![0-9])|[0-9]{1,30})(?:\.[0-9]{1,30})?"
# 1.5万, 3千, 1万5千, 4千多万: the word for "and some" may stand inside.
SCALED = rf"(?:{ARABIC}[余多]?[百千万亿]{{1,3}}){{1,4}}(?:{ARABIC})?"
NUMERAL = rf"(?:{SCALED}|{ARABIC}|{CHINESE}(?:点[〇零一二三四五六七八九]{{1,9}})?)"
AMOUNT = re.compile(
    rf"(?P<hundred>百分百)"
    rf"|百分之(?P<percent>{NUMERAL})"
    rf"|(?P<per>{CHINESE})分之(?P<share>{CHINESE})"
    rf"|(?P<tenths>[一二两三四五六七八九1-9])成(?P<half_tenth>半?)"
    rf"|(?P<half>一半|半数|过半)"
    rf"|(?P<low>{NUMERAL})(?P<low_sign>[%‰]?)[^\W\d_]{{0,2}}(?:至|到|[-~—–]{{1,2}})"
    rf"(?P<high>{NUMERAL})(?P<high_sign>[%‰]?)"
    rf"|(?P<number>{NUMERAL})(?P<sign>[%‰]?)"
)

# Words beside an amount that say how exactly it is known; the longer of two words is tried first.
AT_LEAST = ("至少", "不少于", "不低于", "不小于", "不下", "超过", "突破", "高于", "多于", "大于", "逾", "超")
AT_MOST = ("至多", "最多", "不超过", "不多于", "不高于", "不到", "不足", "不满", "低于", "少于", "小于")
ABOUT = ("约", "大约", "大概", "将近", "接近", "近")
BEFORE = {Precision.AT_LEAST: AT_LEAST, Precision.AT_MOST: AT_MOST, Precision.ABOUT: ABOUT}
NOT_ABOUT = ("最近", "附近", "靠近", "邻近", "节约", "签约")
SOME = ("几", "数")  # 几十, 数百
BARE_SCALES = ("百", "千", "万", "亿")
BARE_BEHIND = ("近", "上", *SOME)  # 近百, 上千
NAMES = ("姓", "货", "科", "事", "般", "家万户")  # 百姓, 百货, 千家万户
AFTER = {
    Precision.AT_LEAST: ("余", "多", "来", "几", "以上", "有余"),
    Precision.AT_MOST: ("以下", "以内", "之内"),
    Precision.ABOUT: ("左右", "上下", "许"),
}
# What stands between a number and a word after it: 4000元左右, 3名以上, 0.8平方公里左右.
UNIT = re.compile(r"[^\W\d_]{0,4}?")


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount; ``readings`` are the values it may stand for, ``high`` those of the end of a range.

    A share is given in percent, with ``is_percent``.
    """

    start: int
    end: int
    text: str
    readings: tuple[Decimal, ...]
    high: tuple[Decimal, ...]
    is_percent: bool
    precision: Precision


@lru_cache(maxsize=2048)  # several rules look at the same sentences
def amounts(text: str) -> tuple[Amount, ...]:
    """Every amount of the text, in order."""
    return tuple(_amounts(text.translate(HALF_WIDTH)))


def _amounts(plain: str) -> Iterator[Amount]:
    for match in AMOUNT.finditer(plain):
        readings, high, is_percent = _values(match)
        if _is_bare_scale(plain, match):
            readings = (Decimal(SCALES[match[0]]),)
        if readings:
            precision = _precision(plain, match)
            yield Amount(match.start(), match.end(), match[0], readings, high, is_percent, precision)


def _is_bare_scale(plain: str, match: re.Match[str]) -> bool:
    """近百, 上千: a scale by itself is a number behind some words; 附近百姓 has none."""
    before = plain[max(0, match.start() - 4) : match.start()]
    return (
        match[0] in BARE_SCALES
        and before.endswith(BARE_BEHIND)
        and not before.endswith(NOT_ABOUT)
        and not plain.startswith(NAMES, match.end())
    )


Readings: TypeAlias = tuple[Decimal, ...]


def _values(match: re.Match[str]) -> tuple[Readings, Readings, bool]:
    """Readings of an amount, of the end of its range, and whether it is a share in percent."""
    found = match.groupdict()
    if found["low"]:
        return _range(found)
    if found["number"]:
        factor = Decimal("0.1") if found["sign"] == "‰" else Decimal(1)
        return tuple(value * factor for value in _readings(found["number"])), (), bool(found["sign"])
    return _share(found), (), True


def _share(found: dict[str, str | Any]) -> Readings:
    """A share in words: 百分百, 百分之五, 三分之二, 七成半, 一半."""
    if found["percent"]:
        return _readings(found["percent"])
    if found["share"]:
        whole, part = chinese(found["per"]), chinese(found["share"])
        return (part / whole * 100,) if whole and part is not None else ()
    if found["tenths"]:
        tenths = DIGITS.get(found["tenths"]) or int(found["tenths"])
        return (Decimal(tenths * 10 + (5 if found["half_tenth"] else 0)),)
    return (Decimal(100 if found["hundred"] else 50),)


def _range(found: dict[str, str | Any]) -> tuple[Readings, Readings, bool]:
    low_text, high_text = found["low"] or "", found["high"] or ""
    low, high = _readings(low_text), _readings(high_text)
    scale = SCALES.get(high_text[-1]) if high_text[-1] in SCALES else None
    if scale and low_text[-1] not in SCALES:
        low += tuple(value * scale for value in low)
    return low, high, bool(found["low_sign"] or found["high_sign"])


def _readings(text: str) -> tuple[Decimal, ...]:
    if text[0] in DIGITS or text[0] in SCALES:
        value = chinese(text)
        return () if value is None else (value,)
    return (_arabic(text),)


def _arabic(text: str) -> Decimal:
    """A number in digits, with scales: 1万5千 is 15000."""
    total = Decimal(0)
    for digits, scales in re.findall(rf"({ARABIC})[余多]?([百千万亿]*)", text):
        value = Decimal(digits.replace(",", ""))
        for scale in scales:
            value *= SCALES[scale]
        total += value
    return total


def chinese(text: str) -> Decimal | None:
    """A number in Chinese words, or digit by digit (二〇一二); None for words that are no number (百姓)."""
    whole, _, fraction = text.partition("点")
    if not any(character in DIGITS for character in whole) and whole[:1] != "十":
        return None
    if all(character in DIGITS for character in whole):
        value = Decimal("".join(str(DIGITS[character]) for character in whole))
    else:
        value = Decimal(_composed(whole))
    if fraction:
        value += Decimal("0." + "".join(str(DIGITS[character]) for character in fraction))
    return value


def _composed(text: str) -> int:
    total = section = digit = 0
    last = 1
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
            last = 10 if character in "零〇" else last
        elif character in TENS:
            last = TENS[character]
            section += (digit or 1) * last
            digit = 0
        else:
            last = MYRIADS[character]
            total = (total + section + digit) * last
            section = digit = 0
    # 三千五 is 3500, 三千零五 is 3005
    short = digit * last // 10 if last > 10 else digit
    return total + section + short


def _precision(text: str, match: re.Match[str]) -> Precision:
    before = text[max(0, match.start() - 4) : match.start()].rstrip()
    after = text[match.end() : match.end() + 8]
    if SOME_MORE.search(match[0]):
        return Precision.AT_LEAST
    if match[0][0] in SCALES and before.endswith((*SOME, "上") if match[0] in BARE_SCALES else SOME):
        return Precision.AT_LEAST
    # The longest word decides: 不超过 ends in 超过.
    said = [
        (len(word), precision) for precision, words in BEFORE.items() for word in words if before.endswith(word)
    ]
    if said and not before.endswith(NOT_ABOUT):
        return max(said)[1]
    return next((precision for precision, pattern in BEHIND.items() if pattern.match(after)), Precision.EXACT)


SOME_MORE = re.compile(r"[0-9][余多][百千万亿]")


def _behind(words: Iterable[str]) -> re.Pattern[str]:
    """The words behind an amount: those of one character at once, the others after its unit."""
    direct = "|".join(word for word in words if len(word) == 1)
    behind = "|".join(word for word in words if len(word) > 1)
    at_once = rf"(?:{direct})(?!数)|" if direct else ""
    return re.compile(rf"{at_once}{UNIT.pattern}(?:{behind})")


BEHIND = {precision: _behind(words) for precision, words in AFTER.items()}


# Measure words that stand for each other beside a number.
MEASURES = (frozenset("人名位口"), frozenset("个家所处条栋幢座项种件次份"))


def in_unit(text: str, found: list[Amount], units: Collection[str]) -> list[Amount]:
    """The amounts with one of the units, or a like measure word, behind them; all when there is none such."""
    words = {*units, *(word for measures in MEASURES if measures & set(units) for word in measures)}
    counted = [item for item in found if text[item.end :].lstrip("余多来几 ").startswith(tuple(words))]
    return counted or found


def conversions(text: str, amount: Amount, units: dict[str, Decimal]) -> Iterator[Decimal]:
    """What to multiply the amount with to have it in the unit of its indicator: by the unit written behind it."""
    behind = text[amount.end :].lstrip("余多来几 个")
    written = [unit for unit in units if unit.lstrip("百千万亿") == unit and behind.startswith(unit)]
    yield units[max(written, key=len)] if written else Decimal(1)
