"""A number as a reader sees it: words, unit, precision, and the sentence it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from surveybase.model import Indicator, Observation, Quantity
from surveybase.numerals import number, rounded
from surveybase.views.words import GAPS, PRECISIONS


@dataclass(frozen=True, slots=True)
class Target:
    """Something a page links to: a kind of page, the id of its subject and an anchor within it."""

    kind: str
    id: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or gap in words. ``evidence`` leads to its sentence, or for a computed one to its formula.

    ``point`` is the value to sort by and to draw, None for a gap; ``note`` is a remark to show beside it.
    """

    text: str
    unit: str = ""
    point: Decimal | None = None
    is_gap: bool = False
    is_computed: bool = False
    evidence: Target | None = None
    quote: str = ""
    note: str = ""


def quantity_text(quantity: Quantity) -> str:
    if quantity.high is not None:
        return f"{number(quantity.value)}–{number(quantity.high)}"
    return PRECISIONS[quantity.precision] + number(quantity.value)


def with_unit(text: str, unit: str) -> str:
    return f"{text}{unit}"


def evidence_of(observation: Observation) -> Target | None:
    return Target("report", observation.report, observation.anchor) if observation.quote else None


def observed(observation: Observation) -> Figure:
    """The figure of one observation."""
    evidence, quote = evidence_of(observation), observation.quote or ""
    if observation.quantity is None:
        gap = GAPS[observation.gap] if observation.gap else GAPS_UNSAID
        return Figure(gap, is_gap=True, evidence=evidence, quote=quote)
    note = ""
    if observation.written:
        quantity, unit = observation.written
        note = f"原文为{with_unit(quantity_text(quantity), unit)}"
    return Figure(
        text=quantity_text(observation.quantity),
        unit=observation.indicator.unit,
        point=observation.quantity.value,
        evidence=evidence,
        quote=quote,
        note=note,
    )


GAPS_UNSAID = "未调查"
NOT_GIVEN = Figure(GAPS_UNSAID, is_gap=True)


def computed(value: Decimal, indicator: Indicator, evidence: Target, formula: str) -> Figure:
    """A figure worked out from others; ``formula`` says how."""
    return Figure(
        text=number(rounded(value)),
        unit=indicator.unit,
        point=value,
        is_computed=True,
        evidence=evidence,
        note=formula,
    )
