"""The automatic numbers of a Word file, written out: 一、, （一）, 1.2 stand in no paragraph, only in its settings.

What the settings mean is said in ISO/IEC 29500-1, 17.9.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from surveybase.importing.elements import attribute_of, child_of, every, name_of, styles_by_id, value_of, with_bases

BULLETS = frozenset({"bullet", "none"})
MOST_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    is_legal: bool


@dataclass(slots=True)
class _Numbering:
    """Levels by abstract numbering; ``abstract`` and ``restarts`` by number; ``of_style`` by style."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    of_style: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def next(self, number: str, depth: int) -> str | None:
        """The words of the next paragraph with this numbering; None for a bullet or none at all."""
        abstract = self.abstract.get(number, "")
        levels = self.levels.get(abstract, {})
        level = levels.get(depth)
        if level is None or level.form in BULLETS:
            return None
        counts = self.counts.setdefault(abstract, [None] * MOST_LEVELS)
        if number not in self.begun:
            self.begun.add(number)
            for at in self.restarts.get(number, {}):
                counts[at] = None
        own = counts[depth]
        first = self.restarts.get(number, {}).get(depth, level.start)
        counts[depth] = first if own is None else own + 1
        counts[depth + 1 :] = [None] * (MOST_LEVELS - depth - 1)

        def counted(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            other = levels.get(at, level)
            value = counts[at]
            return _written(other.start if value is None else value, "decimal" if level.is_legal else other.form)

        return re.sub(r"%([1-9])", counted, level.text)


def write_numbers(document: Element, numbering: Element | None, styles: Element | None) -> None:
    """Put its number before the words of each numbered paragraph; bullets are left as they are."""
    if numbering is None:
        return
    known = _read(numbering, styles)
    for paragraph in every(document, "p"):
        settings = child_of(paragraph, "pPr")
        place = _place(settings, known)
        words = known.next(*place) if place else None
        if words is not None:
            _switch_off(paragraph, settings)
            _prepend(paragraph, words if words.endswith(tuple("、）)．.：")) else f"{words} ")


# --- Reading --------------------------------------------------------------------------------------------


def _read(numbering: Element, styles: Element | None) -> _Numbering:
    known = _Numbering()
    for item in every(numbering, "abstractNum"):
        levels = {_integer(attribute_of(level, "ilvl")): _level(level) for level in every(item, "lvl")}
        known.levels[attribute_of(item, "abstractNumId")] = levels
    for item in every(numbering, "num"):
        number = attribute_of(item, "numId")
        known.abstract[number] = value_of(item, "abstractNumId")
        known.restarts[number] = {
            _integer(attribute_of(override, "ilvl")): _integer(start)
            for override in every(item, "lvlOverride")
            if (start := value_of(override, "startOverride"))
        }
    by_id = styles_by_id(styles)
    for id in by_id:
        if place := _place_of_style(id, by_id):
            known.of_style[id] = place
    return known


def _level(level: Element) -> _Level:
    text = child_of(level, "lvlText")
    is_legal = child_of(level, "isLgl") is not None
    start, form = _integer(value_of(level, "start") or "1"), value_of(level, "numFmt") or "decimal"
    return _Level(start, form, attribute_of(text, "val") if text is not None else "", is_legal)


def _place_of_style(id: str, styles: dict[str, Element]) -> tuple[str, int] | None:
    """The numbering of a style, or of the nearest one that it is based on."""
    for style in with_bases(id, styles):
        settings = child_of(style, "pPr")
        if settings is not None and (numbered := child_of(settings, "numPr")) is not None:
            return value_of(numbered, "numId"), _depth(numbered)
    return None


def _place(settings: Element | None, known: _Numbering) -> tuple[str, int] | None:
    """Number and level of a paragraph: its own, or those of its style."""
    if settings is None:
        return None
    numbered = child_of(settings, "numPr")
    if numbered is not None and (number := value_of(numbered, "numId")):
        return number, _depth(numbered)
    return known.of_style.get(value_of(settings, "pStyle"))


def _depth(numbered: Element) -> int:
    return min(_integer(value_of(numbered, "ilvl") or "0"), MOST_LEVELS - 1)


# --- Writing --------------------------------------------------------------------------------------------


def _switch_off(paragraph: Element, settings: Element | None) -> None:
    """Tell who reads the paragraph later that it has no number: there is no numbering 0."""
    namespace = paragraph.tag.rpartition("}")[0] + "}"
    if settings is None:
        return
    for numbered in [child for child in settings if name_of(child) == "numPr"]:
        settings.remove(numbered)
    numbered = SubElement(settings, f"{namespace}numPr")
    for name in ("ilvl", "numId"):
        SubElement(numbered, f"{namespace}{name}", {f"{namespace}val": "0"})


def _prepend(paragraph: Element, words: str) -> None:
    namespace = paragraph.tag.rpartition("}")[0] + "}"
    run = Element(f"{namespace}r")
    first = next((child for child in paragraph if name_of(child) == "r"), None)
    if first is not None and (look := child_of(first, "rPr")) is not None:
        run.append(look)  # as bold as the words it stands before
    SubElement(run, f"{namespace}t").text = words
    paragraph.insert(1 if name_of(paragraph[0]) == "pPr" else 0, run)


def _written(value: int, form: str) -> str:
    return FORMS.get(form, str)(value)


DIGITS = "〇一二三四五六七八九"


def in_chinese(value: int) -> str:
    """1 to 99 in words, others digit by digit."""
    if not 0 < value < 100:
        return "".join(DIGITS[int(digit)] for digit in str(value))
    tens, ones = divmod(value, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def _roman(value: int) -> str:
    written = ""
    for number, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        times, value = divmod(min(value, 3999), number)
        written += letters * times
    return written


def _letter(value: int) -> str:
    """a to z, then aa, bb."""
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 % 20 + 1)


def _enclosed(value: int) -> str:
    return chr(ord("①") + value - 1) if 0 < value <= 20 else str(value)


FORMS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand"), in_chinese
    ),
    "ideographDigital": lambda value: "".join(DIGITS[int(digit)] for digit in str(abs(value))),
    "japaneseDigitalTenThousand": in_chinese,
    "decimalZero": lambda value: f"{value:02}",
    "decimalEnclosedCircle": _enclosed,
    "decimalEnclosedCircleChinese": _enclosed,
    "decimalEnclosedParen": lambda value: f"({value})",
    "lowerLetter": _letter,
    "upperLetter": lambda value: _letter(value).upper(),
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperRoman": _roman,
}


def _integer(text: str) -> int:
    return int(text) if re.fullmatch(r"-?[0-9]{1,6}", text) else 0
