"""Every figure stands in its quote, as exactly as it is recorded; the other figures of a report are pointed out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate, islice
from xml.etree.ElementTree import Element

from surveybase.amounts import Amount, amounts, conversions, in_unit
from surveybase.diagnostics import Diagnostic
from surveybase.model import Indicator, Precision, Quantity, Survey
from surveybase.reading.documents import Document, Key
from surveybase.reading.marking import BLOCKS
from surveybase.reading.places import Places
from surveybase.reading.subject import Subject

PRECISION_LABELS = {
    Precision.EXACT: "准确",
    Precision.ABOUT: "约",
    Precision.AT_LEAST: "至少",
    Precision.AT_MOST: "至多",
}
PERCENT = "%"
# A quote without a digit may state that there is none.
NOTHING = re.compile(r"没有|[未无零]|从不|不存在|不曾")
# A quote that names only some states a lower bound.
NAMED_ONLY = re.compile(r"例如|比如|等|其中")


def figures_stand_in_quotes(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: community. The value of each observation, and how many a problem touches, is stated by the quote.

    How many a problem touches may also be an observation of the same report, with a quote of its own.
    """
    for survey in subject.base.surveys.values():
        document = subject.documents.communities[survey.report.community]
        root: tuple[Key, ...] = ("reports", survey.report.id)
        for id, observation in survey.observations.items():
            if observation.quantity and observation.quote:
                path = (*root, "observations", id)
                yield from _judge(
                    observation.quantity, observation.quote, units_of(observation.indicator), path, document
                )
        for problem in survey.problems:
            if problem.affected:
                path = (*root, "problems", problem.key, "affected")
                quantity, unit = problem.affected
                if _is_observed(quantity, unit, survey):
                    continue
                yield from _judge(quantity, problem.quote, {unit: Decimal(1)}, path, document)


def _is_observed(quantity: Quantity, unit: str, survey: Survey) -> bool:
    return any(item.quantity == quantity and item.indicator.unit == unit for item in survey.observations.values())


def units_of(indicator: Indicator) -> dict[str, Decimal]:
    """What one of each unit is in the unit of the indicator."""
    return {**indicator.also_units, indicator.unit: Decimal(1)}


def _judge(
    quantity: Quantity, quote: str, units: dict[str, Decimal], path: tuple[Key, ...], document: Document
) -> Iterator[Diagnostic]:
    found = in_unit(quote, list(amounts(quote)), units)
    stating = [amount for amount in found if _states(amount, quantity, quote, units)]
    value = document.text_at((*path, "value"))
    where = document.location((*path, "value" if value else "range"))
    field = ".".join(map(str, path))
    if not stating:
        if _ends_apart(found, quantity, quote, units) or (quantity.value == 0 and _says_none(quote)):
            return
        listed = "、".join(amount.text for amount in found)
        said = f"引文里的数是 {listed}" if listed else "引文里没有数"
        yield Diagnostic(
            where,
            "evidence-figure",
            f"引文“{quote}”没有说出这个数：{said}",
            "与报告核对，改正数值或单位；或换成说出这个数的那一句",
            field=field,
            value=value or "、".join(document.text_at((*path, "range", i)) for i in (0, 1)),
        )
    elif not _agrees(stating, quantity, quote):
        said_precision = stating[0].precision
        yield Diagnostic(
            where,
            "evidence-precision",
            f"引文“{quote}”说的是“{PRECISION_LABELS[said_precision]}”，"
            f"记的是“{PRECISION_LABELS[quantity.precision]}”",
            _precision_remedy(said_precision),
            field=field,
            value=value,
        )


def is_stated(quantity: Quantity, quote: str, indicator: Indicator) -> bool:
    """Whether the quote says the quantity, as exactly as it is given."""
    units = units_of(indicator)
    found = in_unit(quote, list(amounts(quote)), units)
    stating = [amount for amount in found if _states(amount, quantity, quote, units)]
    if stating:
        return _agrees(stating, quantity, quote)
    return quantity.value == 0 and _says_none(quote)


def _says_none(quote: str) -> bool:
    return bool(NOTHING.search(quote)) and not any(character.isdecimal() for character in quote)


def _precision_remedy(precision: Precision) -> str:
    if precision is Precision.EXACT:
        return "引文里没有“约”“余”“以上”这样的字：删去 precision，或把这些字抄进引文"
    return f"写上 precision: {precision}"


def _states(amount: Amount, quantity: Quantity, quote: str, units: dict[str, Decimal]) -> bool:
    if amount.is_percent and PERCENT not in units:
        return False
    for factor in conversions(quote, amount, units):
        if quantity.value in {reading * factor for reading in amount.readings}:
            high = {reading * factor for reading in amount.high}
            return quantity.high in high if quantity.high is not None or high else True
    return False


def _ends_apart(found: list[Amount], quantity: Quantity, quote: str, units: dict[str, Decimal]) -> bool:
    """Whether the two ends of a range are stated as two amounts: 最少4000元，最多8000元."""
    if quantity.high is None:
        return False
    ends = (Quantity(quantity.value), Quantity(quantity.high))
    return all(any(_states(amount, end, quote, units) for amount in found) for end in ends)


def _agrees(stating: list[Amount], quantity: Quantity, quote: str) -> bool:
    if quantity.high is not None or any(amount.precision is quantity.precision for amount in stating):
        return True
    return quantity.precision is Precision.AT_LEAST and bool(NAMED_ONLY.search(quote))


# --- The report's own figures ---------------------------------------------------------------------------

# Measure words of things that are counted; years, dates, ordinals and names of campaigns are not figures.
COUNTED = re.compile(
    r"[余多几]?(?:[%‰]|[万亿]?(?:户|人|名|个|家|栋|幢|所|条|处|座|辆|部|台|份|次|件|元|平方|公里|米|亩|公顷|吨|岁|盏|张))"
)
NEAR = 16  # characters around an amount that are looked at
MOST_HINTS = 100  # of one report: more would not be read
ORDINAL = ("第", "之", "“")


def reports_are_covered(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. A figure of a report that no observation covers is pointed out."""
    for id, survey in subject.base.surveys.items():
        document = subject.documents.reports[id]
        places = Places(document)
        blocks = (element for element in subject.bodies[id].body.root.iter() if element.tag in BLOCKS)
        found = (finding for block in blocks for finding in _uncovered(block, survey, document, places))
        yield from islice(found, MOST_HINTS)


def _uncovered(block: Element, survey: Survey, document: Document, places: Places) -> Iterator[Diagnostic]:
    runs = list(_runs(block, frozenset()))
    text = "".join(words for words, _ in runs)
    begins = list(accumulate((len(words) for words, _ in runs), initial=0))
    touching = {problem.anchor for problem in survey.problems if problem.affected}
    for amount in amounts(text):
        before, after = text[max(0, amount.start - NEAR) : amount.start], text[amount.end : amount.end + NEAR]
        if not (amount.is_percent or COUNTED.match(after)) or before.endswith(ORDINAL):
            continue
        if amount.text[0] not in "0123456789０１２３４５６７８９" and len(amount.text) < 3:
            continue  # 一个, 两家, 十五: too often a turn of phrase
        # Covered by the quote of a figure, or of a problem with a record of how many it touches.
        _, marks = runs[bisect_right(begins, amount.start) - 1]
        if any(mark.startswith("o-") or mark in touching for mark in marks):
            continue
        yield Diagnostic(
            places.find(before, amount.text, after),
            "evidence-uncovered",
            "报告里的这个数还没有录入",
            f"在 data/communities/{survey.report.community}.yml 的 observations 里加上它；不是指标就不用管",
            value=amount.text,  # without the words around it, which may be private
        )


def _runs(element: Element, marks: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The block's own text in runs, each with the anchors of the marks around it; inner blocks end a run."""
    if element.text:
        yield element.text, marks
    for child in element:
        if child.tag in BLOCKS:
            yield "\n", frozenset()
        else:
            anchor = child.get("id") or child.get("data-of") if child.tag == "mark" else None
            yield from _runs(child, marks | {anchor} if anchor else marks)
        if child.tail:
            yield child.tail, marks
