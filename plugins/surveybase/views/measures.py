"""What is known of an indicator: given or computed values, peers, medians and official values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median

from surveybase.model import (
    Community,
    Direction,
    Indicator,
    KnowledgeBase,
    Observation,
    Precision,
    Quantity,
    ReferenceValue,
    Setting,
    Survey,
)
from surveybase.numerals import number, rounded
from surveybase.views.figures import (
    NOT_GIVEN,
    Figure,
    Target,
    computed,
    observed,
    quantity_text,
    with_unit,
)


@dataclass(frozen=True, slots=True)
class Formula:
    """``of / per × times``, worked out from two observations of one survey."""

    of: Observation
    per: Observation
    times: Decimal

    def value(self) -> Decimal | None:
        """None where either is a gap, a bound, a range or the divisor 0."""
        of = self.of.quantity.point if self.of.quantity else None
        per = self.per.quantity.point if self.per.quantity else None
        return of / per * self.times if of is not None and per else None

    def figure(self, indicator: Indicator, community: Community) -> Figure | None:
        """The result as a figure of ``indicator`` that leads to where the formula stands."""
        value = self.value()
        where = Target("community", community.id, formula_anchor(indicator))
        return computed(value, indicator, where, self.words()) if value is not None else None

    def words(self) -> str:
        def part(item: Observation) -> str:
            shown = observed(item)
            return f"{item.indicator.label}{with_unit(shown.text, shown.unit)}"

        times = f" × {number(self.times)}" if self.times != 1 else ""
        return f"{part(self.of)} ÷ {part(self.per)}{times}"


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator of one community: its figure, the survey it is from, and its value per base.

    ``point`` is a value that may stand beside others (exact or about); a bound or a range has none.
    ``formula`` says what a computed figure or a value per base was made from.
    """

    indicator: Indicator
    figure: Figure
    survey: Survey | None = None
    point: Decimal | None = None
    per_base: Figure | None = None
    formula: Formula | None = None


def formula_anchor(indicator: Indicator) -> str:
    """The anchor of an indicator's row on a community page."""
    return f"i-{indicator.id}"


def measure(community: Community, indicator: Indicator) -> Measure:
    """The newest value that a report gives, else one computed from the ratio's parts, else a gap."""
    gap: Measure | None = None
    for survey in community.surveys:
        observation = survey.observations.get(indicator.id)
        if observation and observation.quantity:
            return _given(community, survey, observation)
        if found := _from_ratio(community, survey, indicator):
            return found
        if observation and gap is None:
            gap = Measure(indicator, observed(observation), survey)
    return gap or Measure(indicator, NOT_GIVEN)


def _given(community: Community, survey: Survey, observation: Observation) -> Measure:
    indicator, base = observation.indicator, observation.indicator.base
    divisor = survey.observations.get(base.id) if base else None
    formula = Formula(observation, divisor, base.times) if base and divisor else None
    per_base = formula.figure(indicator, community) if formula else None
    return Measure(
        indicator,
        observed(observation),
        survey,
        observation.quantity.point if observation.quantity else None,
        per_base,
        formula if per_base else None,
    )


def _from_ratio(community: Community, survey: Survey, indicator: Indicator) -> Measure | None:
    ratio = indicator.ratio
    of = survey.observations.get(ratio.of) if ratio else None
    per = survey.observations.get(ratio.per) if ratio else None
    if not (ratio and of and per):
        return None
    formula = Formula(of, per, ratio.times)
    figure = formula.figure(indicator, community)
    return Measure(indicator, figure, survey, figure.point, formula=formula) if figure else None


# --- Peers ---------------------------------------------------------------------------------------------


class Peers:
    """All measures of a base, worked out once and shared by every page."""

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base

    @cached_property
    def measures(self) -> Mapping[str, Mapping[str, Measure]]:
        """By community, then by indicator."""
        return {
            community.id: {
                indicator.id: measure(community, indicator) for indicator in self.base.indicators.values()
            }
            for community in self.base.communities.values()
        }

    @cached_property
    def _points(self) -> Mapping[tuple[str, str], tuple[tuple[str, Decimal], ...]]:
        """By level and indicator: community and value, ascending."""
        found: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
        for id, measures in self.measures.items():
            level = self.base.communities[id].level
            for indicator, item in measures.items():
                if item.point is not None:
                    found.setdefault((level, indicator), []).append((id, item.point))
        return {key: tuple(sorted(points, key=lambda point: (point[1], point[0]))) for key, points in found.items()}

    def points(self, community: Community, indicator: Indicator) -> tuple[tuple[str, Decimal], ...]:
        """Values of the communities of the same level, the community itself among them."""
        return self._points.get((community.level, indicator.id), ())

    def median_figure(self, values: Iterable[Decimal | None], indicator: Indicator) -> Figure | None:
        """The median of the values there are, when there are at least two."""
        known = [value for value in values if value is not None]
        if len(known) < FEWEST_FOR_MEDIAN:
            return None
        value = median(known)
        return Figure(
            number(rounded(value)), indicator.unit, value, is_computed=True, note=f"{len(known)}个可比的值"
        )


FEWEST_FOR_MEDIAN = 2

# --- Official values -----------------------------------------------------------------------------------

URBAN = frozenset({Setting.CITY_CORE, Setting.CITY_FRINGE, Setting.TOWN_CORE, Setting.TOWN_FRINGE})


@dataclass(frozen=True, slots=True)
class Standard:
    """An official value as shown beside a figure; ``verdict`` is how the figure stands to it."""

    id: str
    text: str
    when: str
    document: str
    verdict: str
    source: str


def standard_text(value: ReferenceValue, indicator: Indicator) -> str:
    return with_unit(quantity_text(value.quantity), indicator.unit)


def standard_document(value: ReferenceValue) -> str:
    title = value.document if value.document.startswith("《") else f"《{value.document}》"
    return title + (value.number or "")


def standard_period(value: ReferenceValue) -> str:
    """When it holds, in words."""
    if value.in_force_to and value.in_force_from:
        return f"{value.in_force_from}至{value.in_force_to}施行"
    if value.in_force_to:
        return f"施行至{value.in_force_to}"
    return f"{value.in_force_from}起施行" if value.in_force_from else "现行"


def standards_for(community: Community, item: Measure, base: KnowledgeBase) -> tuple[Standard, ...]:
    """The official values for this figure: the one in force at the survey, and today's named as today's."""
    surveyed = item.survey.report.surveyed if item.survey else None
    found = []
    for value in base.reference_values.values():
        if value.indicator != item.indicator.id or not _applies(value, community):
            continue
        then, now = surveyed is not None and value.in_force(surveyed), value.in_force(None)
        if then or now or surveyed is None:
            found.append(
                Standard(
                    value.id,
                    standard_text(value, item.indicator),
                    _when(value, then=then, now=now, surveyed=surveyed),
                    standard_document(value),
                    _verdict(item, value.quantity),
                    value.source,
                )
            )
    return tuple(found)


def _applies(value: ReferenceValue, community: Community) -> bool:
    if value.level is not None and value.level != community.level:
        return False
    setting = community.place.setting
    return value.setting is None or setting is None or (value.setting == "urban") == (setting in URBAN)


def _when(value: ReferenceValue, *, then: bool, now: bool, surveyed: str | None) -> str:
    if then and value.in_force_from is None:  # it may be younger than the survey
        return f"{'现行' if now else standard_period(value) + '的'}标准（何时起施行不详）"
    if then and now:
        return "调查时的标准，现行"
    if then:
        return "调查时的标准"
    if now:
        return "现行标准" if surveyed is None else "现行标准（晚于调查）"
    return f"过去的标准（{standard_period(value)}）"


def _verdict(item: Measure, standard: Quantity) -> str:
    """How the value stands to the standard, empty where the two cannot be compared."""
    if item.point is None:
        return ""
    low, high = bounds(standard)
    if low is not None and item.point < low:
        return "低于标准"
    if high is not None and item.point > high:
        return "高于标准" if low is not None else "超过上限"
    return "在标准之内" if high is not None else "达到标准"


def bounds(quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and the highest value that satisfy an official quantity."""
    if quantity.high is not None:
        return quantity.value, quantity.high
    if quantity.precision is Precision.AT_MOST:
        return None, quantity.value
    return quantity.value, None


# --- The picture ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strip:
    """A value among its peers on a line; positions are percentages of the line, from 0 to ``end``."""

    end: str
    own: str
    peers: tuple[str, ...]
    median: str | None
    band: tuple[str, str] | None
    summary: str


def strip(community: Community, item: Measure, peers: Peers) -> Strip | None:
    """The picture of a value beside at least one peer or an official value, else None."""
    if item.point is None or item.indicator.is_date:
        return None
    points = peers.points(community, item.indicator)
    standard = next(
        (
            value.quantity
            for value in peers.base.reference_values.values()
            if value.indicator == item.indicator.id and _applies(value, community) and value.in_force(None)
        ),
        None,
    )
    if len(points) < FEWEST_FOR_MEDIAN and standard is None:
        return None
    low, high = bounds(standard) if standard else (None, None)
    largest = max([value for _, value in points] + [value for value in (low, high) if value is not None])
    if largest <= 0:
        return None
    end = largest * MARGIN

    def position(value: Decimal) -> str:
        return f"{max(value, Decimal(0)) / end * 100:.2f}"

    middle = peers.median_figure([value for _, value in points], item.indicator)
    band = None
    if standard:
        start, stop = position(low or Decimal(0)), position(high if high is not None else end)
        band = (start, f"{Decimal(stop) - Decimal(start):.2f}")
    return Strip(
        end=number(rounded(end)),
        own=position(item.point),
        peers=tuple(position(value) for id, value in points if id != community.id),
        median=position(middle.point) if middle and middle.point is not None else None,
        band=band,
        summary=_strip_summary(community, item, points, middle),
    )


MARGIN = Decimal("1.08")


def _strip_summary(
    community: Community, item: Measure, points: tuple[tuple[str, Decimal], ...], middle: Figure | None
) -> str:
    if len(points) < FEWEST_FOR_MEDIAN or middle is None:
        return "同层级中只有这里有可比的值"
    higher = item.indicator.direction is not Direction.LOWER
    own = dict(points)[community.id]
    order = "从高到低" if higher else "从低到高"
    place = 1 + sum(value > own if higher else value < own for _, value in points)  # equal values, equal place
    return f"{len(points)}个可比的值中{order}第{place}，中位数{with_unit(middle.text, middle.unit)}"
