"""In the five surveys no digit of a figure can be changed without a finding: neither in the data alone, nor, where
the sources allow a sum or a ratio, in data and report together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from surveybase.check import examine
from surveybase.diagnostics import Diagnostic
from surveybase.model import Observation, Survey
from surveybase.reading.subject import Subject
from surveybase.rules.arithmetic import parts_add_up, ratios_agree
from surveybase.rules.figures import figures_stand_in_quotes

ROOT = Path(__file__).parent.parent

# The identities that the sources allow: a total with its parts, a ratio with its terms.
SHAYIBAK = "shayibak-freight"
IDENTITIES = [
    (SHAYIBAK, "households", "resident_households floating_households"),
    (SHAYIBAK, "residents", "permanent_residents floating_residents"),
    (SHAYIBAK, "households", "trusted_households basic_households key_households controlled_households"),
    (SHAYIBAK, "compounds", "merchant_compounds unit_compounds unmanaged_compounds"),
    (
        SHAYIBAK,
        "organisations",
        "public_institutions state_controlled_firms private_firms collective_firms government_agencies "
        "military_units",
    ),
    (
        SHAYIBAK,
        "staff",
        "state_cadres committee_members community_workers labour_assistants joint_defence_members patrol_members",
    ),
    (SHAYIBAK, "state_cadre_share", "state_cadres staff"),
    (SHAYIBAK, "households_per_warden", "households household_wardens"),
    (
        "residents-committee-burden",
        "respondents",
        "respondents_government respondents_residents respondents_unsure",
    ),
]


@pytest.fixture(scope="module")
def subject() -> Subject:
    return examine(ROOT, ROOT / "docs", ROOT / "data")[0]


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


def unnoticed(
    subject: Subject,
    report: str,
    ids: list[str],
    *rules: Callable[[Subject], Iterator[Diagnostic]],
) -> list[str]:
    survey = subject.base.surveys[report]
    missed = []
    for id in ids:
        quantity = survey.observations[id].quantity
        assert quantity
        for value in changed_digits(quantity.value):
            changed = with_value(subject, survey, survey.observations[id], value)
            if not any(finding for rule in rules for finding in rule(changed)):
                missed.append(f"{id}: {quantity.value} → {value}")
    return missed


@pytest.mark.parametrize(("report", "whole", "others"), IDENTITIES)
def test_a_digit_changed_in_data_and_report_breaks_the_identity(
    subject: Subject, report: str, whole: str, others: str
) -> None:
    assert not [*parts_add_up(subject), *ratios_agree(subject)]
    assert unnoticed(subject, report, [whole, *others.split()], parts_add_up, ratios_agree) == []


def test_a_digit_changed_in_the_data_alone_is_not_in_the_quote(subject: Subject) -> None:
    assert not list(figures_stand_in_quotes(subject))
    for report, survey in subject.base.surveys.items():
        given = [id for id, observation in survey.observations.items() if observation.quantity]
        assert given or not survey.observations
        assert unnoticed(subject, report, given, figures_stand_in_quotes) == []
