"""One report or community as JSON, at its page's address."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from surveybase.model import (
    Community,
    Countermeasure,
    KnowledgeBase,
    Observation,
    Problem,
    Quantity,
    Report,
    Survey,
)


def report_json(report: Report, base: KnowledgeBase) -> bytes:
    """The report's metadata and what it says as data."""
    survey = base.surveys.get(report.id)
    return _encoded(_report(report) | (_survey(survey) if survey else {}))


def community_json(community: Community) -> bytes:
    """The community with all its reports."""
    place = community.place
    return _encoded(
        {
            "id": community.id,
            "name": community.name,
            "level": community.level,
            "place": {
                "province": place.province,
                "city": place.city,
                "district": place.district,
                "code": place.code,
                "setting": place.setting,
            },
            "reports": [_report(survey.report) | _survey(survey) for survey in community.surveys],
        }
    )


def _encoded(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()


def _report(report: Report) -> dict[str, Any]:
    source = report.source
    return {
        "id": report.id,
        "title": report.title,
        "community": report.community,
        "surveyed": report.surveyed,
        "published": report.published,
        "authors": list(report.authors),
        "source": {
            "title": source.title,
            "publisher": source.publisher,
            "section": source.section,
            "url": source.url,
        },
        "licence": report.licence,
    }


def _survey(survey: Survey) -> dict[str, Any]:
    return {
        "observations": [_observation(item) for item in survey.observations.values()],
        "problems": [_problem(problem) for problem in survey.problems],
        "countermeasures": [_countermeasure(item) for item in survey.countermeasures],
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _quantity(quantity: Quantity | None) -> dict[str, Any]:
    """A value with its precision, or a range; both null for a gap."""
    if quantity is None:
        return {"value": None, "range": None, "precision": None}
    if quantity.high is not None:
        return {"value": None, "range": [_number(quantity.value), _number(quantity.high)], "precision": None}
    return {"value": _number(quantity.value), "range": None, "precision": quantity.precision}


def _observation(item: Observation) -> dict[str, Any]:
    return {
        "indicator": item.indicator.id,
        "label": item.indicator.label,
        **_quantity(item.quantity),
        "unit": item.indicator.unit,
        "status": item.gap or "given",
        "quote": item.quote,
        "anchor": item.anchor,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    affected = problem.affected
    return {
        "id": problem.key,
        "type": problem.type.id,
        "title": problem.title,
        "affected": {**_quantity(affected[0]), "unit": affected[1]} if affected else None,
        "quote": problem.quote,
        "anchor": problem.anchor,
    }


def _countermeasure(item: Countermeasure) -> dict[str, Any]:
    outcome = item.outcome
    return {
        "id": item.key,
        "type": item.type.id,
        "title": item.title,
        "addresses": [problem.key for problem in item.addresses],
        "who": list(item.who),
        "status": item.status,
        "quote": item.quote,
        "anchor": item.anchor,
        "outcome": {
            "text": outcome.text,
            "date": outcome.date,
            "quote": outcome.quote,
            "anchor": item.outcome_anchor,
        }
        if outcome
        else None,
    }
