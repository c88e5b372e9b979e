"""The sums that a report itself states: equations, totals of tables, of lists and in sentences, shares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from xml.etree.ElementTree import Element

from surveybase.amounts import HALF_WIDTH, Amount, amounts
from surveybase.diagnostics import Diagnostic
from surveybase.model import Precision
from surveybase.numerals import number
from surveybase.reading.marking import BLOCKS
from surveybase.reading.places import Places
from surveybase.reading.subject import Subject

NUMBER = r"[0-9]{1,30}(?:,[0-9]{3}){0,9}(?:\.[0-9]{1,30})?"
UNIT = r"[\u4e00-\u9fff]{0,3}"
SUM = re.compile(rf"(?<![0-9.,]){NUMBER}{UNIT}(?:\s?[+＋]\s?{NUMBER}{UNIT}){{1,30}}\s?[=＝]\s?{NUMBER}")
# 商户5个，单位15个，无人管理2个: the words between a total and its parts.
DIVIDED = re.compile(r"(?:：|:|，?(?:其中)?(?:分为|包括|由|即|分别[是为]))")
SHARE = re.compile(
    rf"(?P<part>{NUMBER})(?P<unit>[户人名个家栋所])，?占[^，。；0-9]{{0,6}}(?P<whole>{NUMBER})(?P=unit)的?"
    rf"(?:百分之)?(?P<percent>{NUMBER})"
)
UNITS = frozenset("户人名个家栋所条处元")
# What may stand between the total of a list and its colon. 22个： counts what the items do, 22个小区： may not.
SPEAKING = frozenset("户人名栋所")
LEADING = {
    True: re.compile(r"[^，。；：:]{0,12}，?(?:其中|分为|包括|分别[是为]|有|即)?[：:]\s*"),
    False: re.compile(r"，?(?:其中|分为|包括|分别[是为]|有|即)?[：:]\s*"),
}
TOTALS = ("合计", "总计", "共计", "总数", "小计")

Wrong = tuple[str, str, str]  # what comes before, the words, what comes after


def sums_in_the_text_come_out(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document."""
    for id, marked in subject.bodies.items():
        document = subject.documents.reports[id]
        places = Places(document)
        for element in marked.body.root.iter():
            if element.tag == "table":
                found = list(_wrong_totals(element))
            elif element.tag in BLOCKS and not any(child.tag in BLOCKS for child in element):
                found = list(_wrong_sentences("".join(element.itertext())))
            else:
                found = [wrong for pair in pairwise(element) for wrong in _wrong_list(*pair)]
            for (before, words, after), said in found:
                yield Diagnostic(
                    places.find(before, words, after),
                    "arithmetic-text",
                    f"正文里的数合不上：{said}",
                    "与来源核对，改正写错的数；来源就是这样写的，在开头的 exceptions 里登记并说明理由",
                    value=words,
                )


def _wrong_sentences(text: str) -> Iterator[tuple[Wrong, str]]:
    plain = text.translate(HALF_WIDTH)
    for match in SUM.finditer(plain):
        *parts, total = [Decimal(found.replace(",", "")) for found in re.findall(NUMBER, match[0])]
        if sum(parts) != total:
            yield _wrong(text, match.start(), match.end()), f"加起来是 {number(sum(parts, Decimal(0)))}"
    for match in SHARE.finditer(plain):
        part, whole, percent = (Decimal(match[name].replace(",", "")) for name in ("part", "whole", "percent"))
        exponent = percent.as_tuple().exponent
        half_unit = Decimal("0.5").scaleb(exponent if isinstance(exponent, int) else 0)
        if whole and abs(part / whole * 100 - percent) > half_unit:
            yield _wrong(text, match.start(), match.end()), f"{part} ÷ {whole} = {part / whole * 100:.1f}%"
    start = 0
    for sentence in re.split(r"(?<=[。！？\n])", text):
        yield from _wrong_division(text, start, sentence)
        start += len(sentence)


def _wrong_division(text: str, start: int, sentence: str) -> Iterator[tuple[Wrong, str]]:
    """A sentence that gives a total, then one amount of the same unit in each of its further clauses."""
    found = [item for item in amounts(sentence) if item.precision is Precision.EXACT and not item.is_percent]
    if len(found) < 3:
        return
    total, *parts = found
    unit = _unit(sentence, total)
    between = sentence[total.end + len(unit) : parts[0].start]
    clauses = re.split(r"[，、；]", sentence[total.end + len(unit) :].lstrip("：:"))
    same_unit = unit and all(_unit(sentence, part) == unit for part in parts)
    if not (same_unit and DIVIDED.match(between) and len(clauses) == len(parts)):
        return
    value = sum((part.readings[0] for part in parts), Decimal(0))
    if value != total.readings[0]:
        words = sentence[total.start : parts[-1].end]
        before, after = text[: start + total.start], text[start + parts[-1].end :]
        yield (before, words, after), f"{'、'.join(part.text for part in parts)} 加起来是 {number(value)}"


def _wrong_list(lead: Element, items: Element) -> Iterator[tuple[Wrong, str]]:
    """A paragraph that ends with a total, then a list with one amount of the same unit at the end of each item."""
    if lead.tag != "p" or items.tag not in {"ul", "ol"}:
        return
    text = "".join(lead.itertext())
    sentence = re.split(r"(?<=[。！？\n])", text)[-1]
    start = len(text) - len(sentence)
    found = [item for item in amounts(sentence) if not item.is_percent]
    if len(found) != 1 or found[0].precision is not Precision.EXACT:
        return
    [total] = found
    unit = _unit(sentence, total)
    parts = [_last("".join(item.itertext()), unit) for item in items]
    known = [part for part in parts if part is not None]
    following = sentence[total.end + len(unit) :]
    if not (unit and LEADING[unit in SPEAKING].fullmatch(following) and len(known) == len(parts) > 1):
        return
    value = sum((part.readings[0] for part in known), Decimal(0))
    if value != total.readings[0]:
        said = f"下面各项 {'、'.join(part.text for part in known)} 加起来是 {number(value)}"
        yield _wrong(text, start + total.start, start + total.end + len(unit)), said


def _last(item: str, unit: str) -> Amount | None:
    """The only amount of the item, exact and of this unit, with nothing behind it."""
    found = list(amounts(item))
    if len(found) != 1 or found[0].precision is not Precision.EXACT or found[0].is_percent:
        return None
    is_at_end = re.fullmatch(rf"{unit}[。；，、;,\s]*", item[found[0].end :])
    return found[0] if unit and is_at_end else None


def _unit(text: str, amount: Amount) -> str:
    following = text[amount.end : amount.end + 1]
    return following if following in UNITS else ""


def _wrong_totals(table: Element) -> Iterator[tuple[Wrong, str]]:
    """Columns of a table whose last row is a total."""
    rows = [["".join(cell.itertext()).strip() for cell in row] for row in table.iter("tr")]
    if len(rows) < 4 or not rows[-1] or not rows[-1][0].startswith(TOTALS):
        return
    for column in range(1, len(rows[-1])):
        values = [_alone(row[column]) if column < len(row) else None for row in rows[1:]]
        *parts, total = values
        known = [part for part in parts if part is not None]
        if total is not None and len(known) == len(parts) and sum(known) != total:
            last = rows[-1]
            said = f"“{last[0]}”一行的第 {column + 1} 列加起来是 {number(sum(known, Decimal(0)))}"
            yield ("".join(last[:column]), last[column], "".join(last[column + 1 :])), said


def _alone(cell: str) -> Decimal | None:
    """The value of a cell that holds one exact amount and nothing else but its unit."""
    found = list(amounts(cell))
    if len(found) != 1 or found[0].precision is not Precision.EXACT or found[0].start > 0 or found[0].high:
        return None
    return found[0].readings[0] if len(cell) - found[0].end <= 3 else None


def _wrong(text: str, start: int, end: int) -> Wrong:
    return text[:start], text[start:end], text[end:]
