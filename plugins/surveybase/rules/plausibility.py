"""Values that are hardly right: beyond what the catalogue expects, or far from the community's earlier report."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from surveybase.diagnostics import Diagnostic
from surveybase.model import Indicator, Observation, Survey
from surveybase.numerals import number
from surveybase.reading.subject import Subject

JUMP = 10
# Below this a factor of ten is no more than a few cases more or less.
SMALLEST_COMPARED = 10
COUNTED_UNITS = frozenset("户人名个家栋所条处座辆部台份次件")
FIRST_YEAR, LAST_YEAR = 1840, 2100
CHECK = "与来源核对；确实如此，在文件末尾的 exceptions 里登记并说明理由"


def values_are_plausible(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: community. Values lie within the range of their indicator; what is counted is whole."""
    for survey in subject.base.surveys.values():
        for observation in survey.observations.values():
            quantity = observation.quantity
            ends = (quantity.value, quantity.high) if quantity else ()
            for value in (end for end in ends if end is not None):
                if doubt := _doubt(value, observation.indicator):
                    yield _finding(subject, survey, observation, "value-implausible", doubt)
                    break


def _doubt(value: Decimal, indicator: Indicator) -> str | None:
    low, high = indicator.range or _usual_range(indicator)
    if (low is not None and value < low) or (high is not None and value > high):
        shown = f"{number(low) if low is not None else ''}–{number(high) if high is not None else ''}"
        return f"“{indicator.label}”一般在 {shown}{indicator.unit}"
    if indicator.unit in COUNTED_UNITS and indicator.ratio is None and value % 1:
        return f"“{indicator.label}”是数出来的，不会有小数"
    return None


def _usual_range(indicator: Indicator) -> tuple[Decimal | None, Decimal | None]:
    if indicator.is_date:
        return Decimal(FIRST_YEAR), Decimal(LAST_YEAR)
    if indicator.unit in COUNTED_UNITS:
        return Decimal(0), None
    if indicator.unit == "%" and indicator.ratio:  # the share of a part in its whole
        return Decimal(0), Decimal(100)
    return None, None


def values_do_not_jump(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: community. A value is not ten times, nor a tenth of, that of the community's survey before it."""
    for community in subject.base.communities.values():
        for index, survey in enumerate(community.surveys):
            for id, observation in survey.observations.items():
                before_it = community.surveys[index + 1 :]
                earlier = next((older.observations[id] for older in before_it if id in older.observations), None)
                if earlier and _jumps(observation, earlier):
                    before, now = _value(earlier), _value(observation)
                    yield _finding(
                        subject,
                        survey,
                        observation,
                        "value-jump",
                        f"上一次调查（{earlier.report}）是 {number(before)}{earlier.indicator.unit}，"
                        f"这一次是 {number(now)}{earlier.indicator.unit}",
                    )


def _jumps(observation: Observation, earlier: Observation) -> bool:
    if observation.indicator.is_date or not (observation.quantity and earlier.quantity):
        return False
    low, high = sorted((_value(earlier), _value(observation)))
    return low > 0 and high >= SMALLEST_COMPARED and high >= JUMP * low


def _value(observation: Observation) -> Decimal:
    return observation.quantity.value if observation.quantity else Decimal(0)


def _finding(subject: Subject, survey: Survey, observation: Observation, code: str, message: str) -> Diagnostic:
    path = ("reports", survey.report.id, "observations", observation.indicator.id)
    document = subject.documents.communities[survey.report.community]
    written = "value" if document.text_at((*path, "value")) else "range"
    value = document.text_at((*path, written)) or "、".join(document.text_at((*path, "range", i)) for i in (0, 1))
    return Diagnostic(document.location((*path, written)), code, message, CHECK, field=".".join(path), value=value)
