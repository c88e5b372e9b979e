"""The figures of a report matched to indicators: candidates for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from surveybase.amounts import MEASURES, MYRIADS, Amount, amounts, conversions
from surveybase.importing.stretches import Stretch
from surveybase.importing.wording import Fit, Lexicon, essence, grams
from surveybase.model import Indicator, Quantity

ENOUGH = 0.62
CORE, SENTENCE, HEADING = 1.0, 0.6, 0.35


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in its stretch, with the words around it; ``start`` and ``end`` bound its clause."""

    stretch: Stretch
    amount: Amount
    unit: str
    start: int
    end: int
    zones: tuple[tuple[frozenset[str], float], ...]
    core: str


CLAUSE = re.compile(r"[，。；：、！？,;:!?（）()]|(?<=[^\W\d_])[和及与](?=[0-9一二两三四五六七八九十])")
SENTENCE_END = re.compile(r"[。！？!?；;]")


def figures(items: Iterable[Stretch]) -> Iterator[Figure]:
    for stretch in items:
        found = amounts(stretch.text)
        cuts = [0, *(match.end() for match in CLAUSE.finditer(stretch.text)), len(stretch.text)]
        for i, amount in enumerate(found):
            yield _figure(stretch, amount, found, i, cuts)


def _figure(stretch: Stretch, amount: Amount, found: tuple[Amount, ...], i: int, cuts: list[int]) -> Figure:
    text = stretch.text
    cell = next((c for c in stretch.cells if c.start <= amount.start < c.end), None)
    low = max([cut for cut in cuts if cut <= amount.start])
    high = min([cut for cut in cuts if cut >= amount.end])
    if cell:
        low, high = max(low, cell.start), min(high, cell.end)
    left_from = max([low, *(item.end for item in found[:i] if item.end > low)])
    right_to = min([high, *(item.start for item in found[i + 1 :] if item.start < high)])
    behind = text[amount.end : right_to]
    before = text[left_from : amount.start]
    if cell:
        row_head = next((text[c.start : c.end] for c in stretch.cells if c.start != cell.start and not amounts(text[c.start:c.end])), "")
        core = row_head + cell.head + before + behind
        with_amount = row_head + cell.head + before + amount.text + behind
    else:
        core = before + behind
        with_amount = before + amount.text + behind
    first = max([match.end() for match in SENTENCE_END.finditer(text, 0, amount.start)], default=0)
    last = min([match.start() for match in SENTENCE_END.finditer(text, amount.end)], default=len(text))
    around = stretch.lead + text[first:last]
    zones = (
        (grams(essence(core)) | grams(essence(with_amount)), CORE),
        (grams(essence(around)), SENTENCE),
        (grams(essence("".join(stretch.headings))), HEADING),
    )
    return Figure(stretch, amount, behind.lstrip("余多来几 "), low, high, zones, core)


@dataclass(frozen=True, slots=True)
class Candidate:
    figure: Figure
    indicator: Indicator
    quantity: Quantity
    score: float
    fit: Fit


class Indicators:
    def __init__(self, indicators: Mapping[str, Indicator]) -> None:
        self.indicators = indicators
        self.lexicon = Lexicon({id: _forms(item) for id, item in indicators.items()})

    def candidates(self, found: Iterable[Figure]) -> list[Candidate]:
        scored = [item for figure in found for item in self._of(figure)]
        scored.sort(key=lambda item: (-item.score, item.figure.amount.start))
        taken: set[object] = set()
        chosen = []
        for item in scored:
            keys = {item.indicator.id, (id(item.figure.stretch), item.figure.amount.start)}
            if not keys & taken:
                taken |= keys
                chosen.append(item)
        return chosen

    def _of(self, figure: Figure) -> Iterator[Candidate]:
        for indicator in self.indicators.values():
            if not compatible(figure, indicator):
                continue
            fit = self.lexicon.fit(indicator.id, figure.zones)
            if fit.share >= ENOUGH:
                quantity = quantity_of(figure, indicator)
                yield Candidate(figure, indicator, quantity, fit.share * fit.share * fit.weight, fit)


def _forms(indicator: Indicator) -> tuple[str, ...]:
    words = (re.sub(r"（.*?）", "", indicator.label), *indicator.alt)
    forms: list[str] = []
    for word in words:
        plain = essence(re.sub(r"多少|有?几|什么", "", word))
        forms.append(plain)
        forms.append(re.sub(r"[0-9一二两三四五六七八九十]+", "", plain))
        short = re.sub(r"(?:人数|户数|个数|数量|数)$", "", plain)
        if len(short) > 1:
            forms.append(short)
        elif plain.endswith("数"):
            forms.append(plain[:-1])
    return tuple(dict.fromkeys(forms))


def compatible(figure: Figure, indicator: Indicator) -> bool:
    amount, units = figure.amount, _units(indicator)
    if indicator.is_date:
        return bool(re.fullmatch(r"(?:1[89]|20)[0-9]{2}", amount.text)) and figure.unit.startswith("年")
    if figure.unit.startswith("年") and re.fullmatch(r"(?:1[89]|20)[0-9]{2}", amount.text):
        return False
    if amount.is_percent or "%" in units:
        return amount.is_percent and "%" in units
    return figure.unit.startswith(tuple(units))


def _units(indicator: Indicator) -> frozenset[str]:
    units = {unit.partition("/")[0].lstrip("百千万亿") for unit in (indicator.unit, *indicator.also_units)}
    return frozenset(units | {word for measures in MEASURES if measures & units for word in measures})


def quantity_of(figure: Figure, indicator: Indicator) -> Quantity:
    amount = figure.amount
    units = {**indicator.also_units, indicator.unit: Decimal(1)}
    factor = next(iter(conversions(figure.stretch.text, amount, units)))
    if amount.high:
        return Quantity(amount.readings[-1] * factor, high=amount.high[-1] * factor)
    return Quantity(amount.readings[0] * factor, amount.precision)
