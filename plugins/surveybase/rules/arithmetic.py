"""Figures of one report agree with each other: parts add up, ratios come out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from surveybase.diagnostics import Diagnostic
from surveybase.model import Observation, Precision, Survey
from surveybase.numerals import number
from surveybase.reading.subject import Subject


def parts_add_up(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: community. Exact parts make their exact total when all are known, and are never more than it."""
    for survey in subject.base.surveys.values():
        for total in survey.observations.values():
            whole = _exact(total)
            if whole is None:
                continue
            for ids in total.indicator.parts:
                parts = [_exact(survey.observations.get(id)) for id in ids]
                known = [part for part in parts if part is not None]
                total_of_parts = sum(known, Decimal(0))
                if total_of_parts > whole or (len(known) == len(parts) and total_of_parts != whole):
                    labels = " + ".join(
                        f"{subject.base.indicators[id].label}{number(part)}"
                        for id, part in zip(ids, parts, strict=True)
                        if part is not None
                    )
                    yield _finding(
                        subject,
                        survey,
                        total,
                        "arithmetic-parts",
                        f"分项之和与总数不符：{labels} = {number(total_of_parts)}",
                    )


def ratios_agree(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: community. A ratio agrees when it is the quotient rounded to the digits it is given with."""
    for survey in subject.base.surveys.values():
        for observation in survey.observations.values():
            ratio, given = observation.indicator.ratio, _exact(observation)
            if ratio is None or given is None:
                continue
            of, per = _exact(survey.observations.get(ratio.of)), _exact(survey.observations.get(ratio.per))
            if of is None or not per:
                continue
            value = of / per * ratio.times
            if abs(value - given) > _half_unit(observation, given):
                labels = subject.base.indicators
                yield _finding(
                    subject,
                    survey,
                    observation,
                    "arithmetic-ratio",
                    f"与算出来的不符：{labels[ratio.of].label}{number(of)} ÷ {labels[ratio.per].label}{number(per)}"
                    f" × {number(ratio.times)} = {value:.2f}",
                )


def _exact(observation: Observation | None) -> Decimal | None:
    quantity = observation.quantity if observation else None
    if quantity is None or quantity.high is not None or quantity.precision is not Precision.EXACT:
        return None
    return quantity.value


def _half_unit(observation: Observation, given: Decimal) -> Decimal:
    """Half a unit of the last digit that the value is written with, be it in another unit."""
    written = observation.written[0].value if observation.written else given
    exponent = written.as_tuple().exponent
    half = Decimal("0.5").scaleb(exponent if isinstance(exponent, int) else 0)
    return half * (given / written if written else 1)


def _finding(subject: Subject, survey: Survey, observation: Observation, code: str, message: str) -> Diagnostic:
    path = ("reports", survey.report.id, "observations", observation.indicator.id)
    document = subject.documents.communities[survey.report.community]
    value = document.text_at((*path, "value"))
    return Diagnostic(
        document.location((*path, "value")),
        code,
        message,
        "与原文核对，改正写错的数",
        field=".".join(path),
        value=value,
    )
