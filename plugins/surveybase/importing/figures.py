"""The figures of a report matched to indicators: candidates for a person to confirm.

An amount is matched by its unit and by the words around it: those of its clause count in full, those of its
sentence and of the headings above it less. Each amount goes to one indicator and each indicator takes one amount,
the surest pair first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from surveybase.amounts import MEASURES, Amount, amounts, conversions
from surveybase.importing.statements import Kind, kind_of
from surveybase.importing.stretches import Cell, Stretch
from surveybase.importing.wording import Lexicon, essence, nearness, zone
from surveybase.model import Indicator, Quantity
from surveybase.rules.figures import units_of

# What the words of a place count: beside the amount, in its clause, before and behind it in its sentence, above it.
NEAR, CLAUSE, SENTENCE, LATER, HEADING = 1.0, 0.85, 0.7, 0.5, 0.35
BESIDE = 7  # characters
WIDEST = 150
# The share of a label that must be found; less where few indicators have the unit, more where no unit is written.
ENOUGH, ENOUGH_OF_FEW, ENOUGH_WITHOUT_UNIT = 0.62, 0.45, 0.8
FEW = 3
SURE = 30.0  # the score of an amount that stands in the label itself: 三险
PLAN = re.compile("建议|计划|要求|目标|拟")
UNLIKELY = 0.5  # that a plan is among the facts, or a fact among the plans
OTHER_PERIOD = 0.7  # for a monthly figure and a yearly indicator

NUMERALS = "0-9一二两三四五六七八九十"
CLAUSE_END = re.compile(rf"[，。；：、！？,;:!?（）()]|(?<=[^\W\d_])[和及与](?=[{NUMERALS}])")
SENTENCE_END = re.compile(r"[。！？!?；;]")
YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")
PER_MANY = re.compile("每[百千万]")  # of so many, so many
PERIOD = re.compile(r"每个?([年月日])|([年月日])均")
SOME_MORE = "余多来几 "
NO_COUNT = re.compile(rf"一个|[{NUMERALS}]+(?:周岁|岁)")  # a turn of phrase, an age
BARE = re.compile(r"[户人名个家位、，,和共计约有 ]{0,4}")
WHOLE = re.compile(r"(?:社区|村里?|辖区内?)[现共]*有$")  # 社区有2386户: all there are
ORDINAL = ("第", "之", "“")  # the second, thirds, names of campaigns


@dataclass(frozen=True, slots=True)
class Mention:
    """An amount in its stretch. ``start`` and ``end`` bound its clause; ``unit`` is what stands behind it."""

    stretch: Stretch
    amount: Amount
    unit: str
    start: int
    end: int
    nearness: Mapping[str, float]
    near: str

    @property
    def is_year(self) -> bool:
        return bool(YEAR.fullmatch(self.amount.text)) and self.unit.startswith("年")

    @property
    def is_percent(self) -> bool:
        return self.amount.is_percent or self.unit.startswith("%")

    @property
    def is_rate(self) -> bool:
        return bool(PER_MANY.search(self.near))

    def as_figure(self, indicator: Indicator, score: float) -> Figure:
        quantity = _quantity(self, indicator)
        return Figure(indicator, quantity, self.stretch, self.start, self.end, score, self.amount)


@dataclass(frozen=True, slots=True)
class Figure:
    """What may be an observation; the clause that says so is that from ``start`` to ``end`` of the stretch."""

    indicator: Indicator
    quantity: Quantity
    stretch: Stretch
    start: int
    end: int
    score: float
    amount: Amount | None = None


class FigureMatcher:
    """Finds the figures of the indicators of a catalogue."""

    def __init__(self, indicators: Mapping[str, Indicator]) -> None:
        self._indicators = indicators
        self._units = {id: tuple(_units(item)) for id, item in indicators.items()}
        self._lexicon = Lexicon({id: _forms(item) for id, item in indicators.items()})
        self._named: dict[str, list[Indicator]] = defaultdict(list)
        for item in indicators.values():
            for word in (item.label, *item.alt):
                self._named[word].append(item)
        self._said = _any_of(word for word in self._named if re.match(f"[{NUMERALS}]", word))
        self._nothing = _nothing(word for word in self._named if len(word) >= SHORTEST_OF_NOTHING)

    def figures(self, stretches: Iterable[Stretch]) -> list[Figure]:
        """The candidates, in the order of the indicators."""
        found = [item for stretch in stretches for item in self._in(stretch)]
        found.sort(key=lambda item: -item.score)
        taken: set[object] = set()
        chosen: dict[str, Figure] = {}
        for item in found:
            place = (id(item.stretch), item.amount.start if item.amount else -item.start)
            if place in taken:
                continue
            if item.indicator.id not in chosen:
                chosen[item.indicator.id] = item
                taken.add(place)
            elif item.quantity == chosen[item.indicator.id].quantity:
                taken.add(place)  # the same figure, said again
        return [chosen[id] for id in self._indicators if id in chosen]

    def _in(self, stretch: Stretch) -> Iterator[Figure]:
        for mention in mentions(stretch):
            yield from self._of(mention)
        for pattern in self._nothing:
            for match in pattern.finditer(stretch.text):
                start, end = _around(CLAUSE_END, stretch.text, match.start(), match.end())
                for indicator in self._named[match["word"]]:
                    yield Figure(indicator, Quantity(Decimal(0)), stretch, start, end, len(match[0]))

    def _of(self, mention: Mention) -> Iterator[Figure]:
        if match := self._said.match(mention.stretch.text, mention.amount.start):
            for indicator in self._named[match[0]]:
                yield replace(mention.as_figure(indicator, SURE), start=match.start(), end=match.end())
        fitting = [item for item in self._indicators.values() if self._counts(mention, item)]
        enough = ENOUGH if len(fitting) > FEW else ENOUGH_OF_FEW
        is_planned = kind_of(mention.stretch.headings) is Kind.COUNTERMEASURE
        for indicator in fitting:
            fit = self._lexicon.fit(indicator.id, mention.nearness)
            share = fit.share * (1 if _same_period(mention, indicator) else OTHER_PERIOD)
            if share >= (enough if mention.unit or mention.is_percent else ENOUGH_WITHOUT_UNIT):
                is_plan = bool(PLAN.search(indicator.label))
                yield mention.as_figure(
                    indicator, share**3 * fit.weight * (1 if is_plan is is_planned else UNLIKELY)
                )

    def _counts(self, mention: Mention, indicator: Indicator) -> bool:
        """Whether an amount with such a unit may be a value of the indicator."""
        if indicator.is_date or mention.is_year:
            return indicator.is_date and mention.is_year
        if (indicator.unit == "%") is not mention.is_percent or (mention.is_rate and not indicator.ratio):
            return False
        return mention.is_percent or mention.unit.startswith(self._units[indicator.id]) or not mention.unit


# --- Amounts in their places ----------------------------------------------------------------------------


def mentions(stretch: Stretch) -> Iterator[Mention]:
    """The amounts of a stretch that count something."""
    text, found = stretch.text, amounts(stretch.text)
    carried = ""  # of 居民2386户、6120人 what stands before the first amount
    for i, amount in enumerate(found):
        if text.endswith(ORDINAL, 0, amount.start) or NO_COUNT.match(text, amount.start):
            continue
        cell = next((item for item in stretch.cells if item.start <= amount.start < item.end), None)
        start, end = _around(CLAUSE_END, text, amount.start, amount.end)
        if cell:
            start, end = max(start, cell.start), min(end, cell.end)
        # The words between two amounts belong to both.
        low = max(start, found[i - 1].end if i else 0)
        high = min(end, found[i + 1].start if i + 1 < len(found) else end)
        before = text[low : amount.start]
        if BARE.fullmatch(before) and BARE.fullmatch(text[amount.end : high]) and not cell:
            before = carried
        carried = before
        yield _mention(stretch, amount, cell, (start, high, end), before)


def _around(ends: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    """Where the clause or sentence around the words begins and ends, at most ``WIDEST`` away from them."""
    low, high = max(0, start - WIDEST), min(len(text), end + WIDEST)
    cuts = [match.span() for match in ends.finditer(text, low, high)]
    begin = max((last for _, last in cuts if last <= start), default=low)
    return begin, min((first for first, _ in cuts if first >= end), default=high)


def _mention(
    stretch: Stretch, amount: Amount, cell: Cell | None, bounds: tuple[int, int, int], before: str
) -> Mention:
    text, (start, high, end) = stretch.text, bounds
    behind = text[amount.end : high]
    left, right = before[-BESIDE:], behind[:BESIDE]
    near = [left + right, left + amount.text + right]
    if WHOLE.search(before) and BARE.fullmatch(behind):
        near.append("总" + behind[:1])
    if cell:
        near += [_row_head(stretch, cell), cell.head]
    first, last = _around(SENTENCE_END, text, amount.start, amount.end)
    zones = (
        zone(near, NEAR),
        zone([before, behind], CLAUSE),
        zone([stretch.lead, text[first:end]], SENTENCE),
        zone([text[end:last]], LATER),
        zone(stretch.headings, HEADING),
    )
    unit = behind.lstrip(SOME_MORE)
    if cell and not unit:
        unit = _unit_of_column(cell.head) or _unit_of_column(_row_head(stretch, cell))
    return Mention(stretch, amount, unit, start, end, nearness(zones), "|".join(near))


def _row_head(stretch: Stretch, cell: Cell) -> str:
    """The first other cell of the row, if there is one that states no amount."""
    texts = [text for item in stretch.cells if item is not cell and (text := stretch.text[item.start : item.end])]
    return next((text for text in texts if not amounts(text)), texts[0] if texts else "")


UNIT_OF_COLUMN = re.compile(r"[（(](?:单位[:：])?([^（）()]{1,6})[）)]$|([户人名个])数$")


def _unit_of_column(head: str) -> str:
    match = UNIT_OF_COLUMN.search(head)
    return (match[1] or match[2]) if match else ""


# --- Indicators -----------------------------------------------------------------------------------------

ASIDE = re.compile(r"（.*?）")
ASKING = re.compile(r"多少|有?几|什么")
COUNT = re.compile(r"(?:人数|户数|个数|数量|数|年份|时间)$")
SHORTEST = 2


def _forms(indicator: Indicator) -> tuple[str, ...]:
    """The label and its alternatives as text says them: without 数, without the number of another report."""
    numbers = re.compile(rf"[{NUMERALS}]+(?={'|'.join(map(re.escape, sorted(_units(indicator))))})")
    forms: list[str] = []
    for word in (ASIDE.sub("", indicator.label), *indicator.alt):
        plain = essence(ASKING.sub("", word))
        short = COUNT.sub("", plain)
        forms += [plain, numbers.sub("", plain), short if len(short) >= SHORTEST else plain.removesuffix("数")]
    return tuple(dict.fromkeys(form for form in forms if len(form) >= SHORTEST))


def _units(indicator: Indicator) -> frozenset[str]:
    """The words that count what the indicator counts."""
    units = {unit.partition("/")[0].lstrip("百千万亿") for unit in (indicator.unit, *indicator.also_units)}
    return frozenset(units | {word for measures in MEASURES if measures & units for word in measures})


def _same_period(mention: Mention, indicator: Indicator) -> bool:
    """Whether 每月 or 每年, where it is said, is that of the indicator; one without is taken by the year."""
    said = PERIOD.search(mention.near)
    return said is None or (said[1] or said[2]) == (indicator.unit.partition("/")[2] or "年")


def _quantity(mention: Mention, indicator: Indicator) -> Quantity:
    amount = mention.amount
    factor = next(conversions(mention.stretch.text, amount, units_of(indicator)))
    if amount.high:  # of 3至5万 the reading with the scale of the end
        return Quantity(amount.readings[-1] * factor, high=amount.high[-1] * factor)
    return Quantity(amount.readings[0] * factor, amount.precision)


# --- Figures of nothing ---------------------------------------------------------------------------------

SHORTEST_OF_NOTHING = 3  # 没有市场 may be said of goods


def _nothing(names: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """How a text says that there is none of what has one of the names, which are the group ``word``."""
    word = f"(?P<word>{_any_of(names).pattern})"
    none, happened = "(?:没有|尚无|从无|无|零)", "(?:发生|出现|设立|设置|建立)?过?"
    before = rf"{none}{happened}(?:任何|一[个家所起])?{word}(?![^\W_])"
    behind = rf"{word}(?:一直|从来|始终)?(?:没有|未){happened}(?![^\W_])"
    return re.compile(before), re.compile(behind)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """The longest of the words that stands in a place; no words stand nowhere."""
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) or "(?!)")
