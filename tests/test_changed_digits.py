"""In the five surveys no digit of a figure can be changed in the data without a finding: it is not in the quote.

Where the sources allow a sum or a ratio, test_arithmetic.py changes data and report together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from own_data import own_subject
from surveybase.model import Observation, Survey
from surveybase.reading.subject import Subject
from surveybase.rules.figures import figures_stand_in_quotes


@pytest.fixture(scope="module")
def subject() -> Subject:
    return own_subject()[0]


def changed_digits(value: Decimal) -> Iterator[Decimal]:
    """The value with each digit replaced by each other."""
    text = f"{value:f}"
    for i, character in enumerate(text):
        if character.isdigit():
            yield from (Decimal(text[:i] + other + text[i + 1 :]) for other in "0123456789" if other != character)


def with_value(subject: Subject, survey: Survey, observation: Observation, value: Decimal) -> Subject:
    assert observation.quantity
    changed = replace(observation, quantity=replace(observation.quantity, value=value))
    observations = {**survey.observations, observation.indicator.id: changed}
    community = subject.base.communities[survey.report.community]
    surveys = tuple(
        replace(item, observations=observations) if item is survey else item for item in community.surveys
    )
    communities = {**subject.base.communities, community.id: replace(community, surveys=surveys)}
    return replace(subject, base=replace(subject.base, communities=communities))


def unnoticed(subject: Subject, report: str, id: str) -> list[str]:
    """The changes of one figure that leave no finding."""
    survey = subject.base.surveys[report]
    observation = survey.observations[id]
    assert observation.quantity
    return [
        f"{report} {id}: {observation.quantity.value} → {value}"
        for value in changed_digits(observation.quantity.value)
        if not list(figures_stand_in_quotes(with_value(subject, survey, observation, value)))
    ]


def test_a_digit_changed_in_the_data_alone_is_not_in_the_quote(subject: Subject) -> None:
    assert not list(figures_stand_in_quotes(subject))
    given = [
        (report, id)
        for report, survey in subject.base.surveys.items()
        for id, observation in survey.observations.items()
        if observation.quantity
    ]
    assert len(given) > 100
    assert [missed for report, id in given for missed in unnoticed(subject, report, id)] == []
