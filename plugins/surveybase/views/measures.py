"""What is known of an indicator: given or computed values, and official values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from surveybase.model import (
    Community,
    Indicator,
    KnowledgeBase,
    Observation,
    Precision,
    Quantity,
    ReferenceValue,
    Setting,
    Survey,
)
from surveybase.numerals import number
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
    match _newest(community, indicator):
        case survey, Observation() as observation:
            return _given(community, survey, observation)
        case survey, Formula() as formula:
            if figure := formula.figure(indicator, community):
                return Measure(indicator, figure, survey, figure.point, formula=formula)
    for survey in community.surveys:
        if gap := survey.observations.get(indicator.id):
            return Measure(indicator, observed(gap), survey)
    return Measure(indicator, NOT_GIVEN)


def _newest(community: Community, indicator: Indicator) -> tuple[Survey, Observation | Formula] | None:
    """The newest survey that has a value, and what the value is from."""
    for survey in community.surveys:
        observation = survey.observations.get(indicator.id)
        if observation and observation.quantity:
            return survey, observation
        if (formula := _ratio(survey, indicator)) and formula.value() is not None:
            return survey, formula
    return None


def _given(community: Community, survey: Survey, observation: Observation) -> Measure:
    indicator = observation.indicator
    formula = _per_base(survey, observation)
    per_base = formula.figure(indicator, community) if formula else None
    return Measure(
        indicator,
        observed(observation),
        survey,
        observation.quantity.point if observation.quantity else None,
        per_base,
        formula if per_base else None,
    )


def _per_base(survey: Survey, observation: Observation) -> Formula | None:
    base = observation.indicator.base
    divisor = survey.observations.get(base.id) if base else None
    return Formula(observation, divisor, base.times) if base and divisor else None


def _ratio(survey: Survey, indicator: Indicator) -> Formula | None:
    ratio = indicator.ratio
    of = survey.observations.get(ratio.of) if ratio else None
    per = survey.observations.get(ratio.per) if ratio else None
    return Formula(of, per, ratio.times) if ratio and of and per else None


def mentioned(community: Community, indicators: Iterable[Indicator]) -> Iterator[Indicator]:
    """Those of which ``measure`` may find more than that nothing is given: few of many."""
    observed = {id for survey in community.surveys for id in survey.observations}
    for indicator in indicators:
        if indicator.id in observed or (indicator.ratio and indicator.ratio.of in observed):
            yield indicator


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a measure may stand beside others, without all that is shown with it; it has a figure in any case."""

    indicator: Indicator
    survey: Survey
    point: Decimal | None
    normalised: Formula | None = None

    @property
    def per_base(self) -> Decimal | None:
        return self.normalised.value() if self.normalised else None


def standings(community: Community, base: KnowledgeBase) -> Iterator[Standing]:
    """Of every indicator that the community has a figure for, those that are given first."""
    known = {id: item.indicator for survey in community.surveys for id, item in survey.observations.items()}
    known |= {item.id: item for item in base.ratios if item.ratio and item.ratio.of in known}
    for indicator in known.values():
        match _newest(community, indicator):
            case survey, Observation(quantity=Quantity() as quantity) as observation:
                yield Standing(indicator, survey, quantity.point, _per_base(survey, observation))
            case survey, Formula() as formula:
                yield Standing(indicator, survey, formula.value())


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
        if value.indicator != item.indicator.id or not applies(value, community):
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


def applies(value: ReferenceValue, community: Community) -> bool:
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
