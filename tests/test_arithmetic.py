"""The sums and ratios that the surveys allow: they hold, and no digit of them changes without a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from own_data import own_sources, own_subject
from surveybase.model import Survey
from surveybase.reading.catalogues import read_catalogues
from surveybase.reading.knowledge import assemble
from surveybase.reading.sources import Source, Sources
from surveybase.reading.subject import Subject
from surveybase.rules.arithmetic import parts_add_up, ratios_agree


@dataclass(frozen=True)
class Identity:
    """A sum or a ratio: how it reads, and the indicators of its numbers in that order."""

    report: str
    words: str
    indicators: tuple[str, ...]

    @property
    def numbers(self) -> list[Decimal]:
        return [Decimal(found) for found in re.findall(r"[0-9.]+", self.words)]


def identity(report: str, words: str, indicators: str) -> Identity:
    return Identity(report, words, tuple(indicators.split()))


SUMS = [
    identity("shayibak-freight", "4552 = 3676 + 876", "households resident_households floating_households"),
    identity(
        "shayibak-freight",
        "4552 = 3535 + 880 + 116 + 21",
        "households trusted_households basic_households key_households controlled_households",
    ),
    identity("shayibak-freight", "12548 = 10354 + 2194", "residents permanent_residents floating_residents"),
    identity(
        "shayibak-freight", "22 = 5 + 15 + 2", "compounds merchant_compounds unit_compounds unmanaged_compounds"
    ),
    identity(
        "shayibak-freight",
        "14 = 3 + 5 + 3 + 1 + 1 + 1",
        "organisations public_institutions state_controlled_firms private_firms collective_firms"
        " government_agencies military_units",
    ),
    identity(
        "shayibak-freight",
        "38 = 7 + 2 + 10 + 3 + 1 + 15",
        "staff state_cadres committee_members community_workers labour_assistants joint_defence_members"
        " patrol_members",
    ),
    identity(
        "residents-committee-burden",
        "50 = 35 + 10 + 5",
        "respondents respondents_government respondents_residents respondents_unsure",
    ),
    identity(
        "county-town-new-compounds",
        "5 = 1 + 1 + 3",
        "appointed_cadres secretaries family_planning_officers other_cadres",
    ),
]
# Quotient, dividend, divisor.
RATIOS = [
    identity("shayibak-freight", "18.4 of 7 and 38", "state_cadre_share state_cadres staff"),
    identity("shayibak-freight", "111 of 4552 and 41", "households_per_warden households household_wardens"),
]
IDENTITIES = [*SUMS, *RATIOS]


def survey_of(identity: Identity) -> Survey:
    return own_subject()[0].base.surveys[identity.report]


def name(identity: Identity) -> str:
    return identity.words


@pytest.mark.parametrize("identity", IDENTITIES, ids=name)
def test_the_data_has_the_numbers_of_the_identity(identity: Identity) -> None:
    quantities = [survey_of(identity).observations[id].quantity for id in identity.indicators]
    assert [quantity and quantity.point for quantity in quantities] == identity.numbers


@pytest.mark.parametrize("identity", SUMS, ids=name)
def test_the_catalogue_declares_the_sum(identity: Identity) -> None:
    total, *parts = identity.indicators
    assert tuple(sorted(parts)) in {tuple(sorted(ids)) for ids in own_subject()[0].base.indicators[total].parts}


@pytest.mark.parametrize("identity", RATIOS, ids=name)
def test_the_catalogue_declares_the_ratio(identity: Identity) -> None:
    quotient, of, per = identity.indicators
    ratio = own_subject()[0].base.indicators[quotient].ratio
    assert ratio and (ratio.of, ratio.per) == (of, per)


NUMBERS = sorted({(identity.report, id) for identity in IDENTITIES for id in identity.indicators})


def broken_copies(report: str, indicator: str) -> Iterator[tuple[str, Sources]]:
    """The sources of one report with one digit of one number changed, for each digit in turn."""
    subject, sources = own_subject()[0], own_sources()[0]
    community = subject.base.reports[report].community
    document = subject.documents.communities[community]
    path = ("reports", report, "observations", indicator, "value")
    written, place = document.text_at(path), document.location(path)
    source = next(item for item in sources.communities if item.path == place.path)
    lines = source.text.split("\n")
    line, start = lines[place.position.line - 1], place.position.column - 1
    assert line[start:].startswith(written)
    for i, digit in enumerate(written):
        if digit.isdigit():
            other = "8" if digit == "9" else str(int(digit) + 1)
            changed = written[:i] + other + written[i + 1 :]
            mended = [*lines]
            mended[place.position.line - 1] = line[:start] + changed + line[start + len(written) :]
            yield changed, only(sources, report, Source(source.path, "\n".join(mended)))


def only(sources: Sources, report: str, community: Source) -> Sources:
    """What the arithmetic of one report needs."""
    return replace(
        sources,
        reports=tuple(item for item in sources.reports if item.path.endswith(f"/{report}.md")),
        communities=(community,),
        catalogues=tuple(item for item in sources.catalogues if item.path.endswith("/indicators.yml")),
    )


def arithmetic_findings(sources: Sources) -> set[str]:
    """The indicators whose sum or ratio does not hold."""
    base, documents, _ = assemble(sources, read_catalogues(sources.catalogues)[0])
    subject = Subject(base, documents, {})
    return {finding.field.rpartition(".")[2] for rule in (parts_add_up, ratios_agree) for finding in rule(subject)}


@pytest.mark.parametrize(("report", "indicator"), NUMBERS)
def test_no_digit_changes_without_a_finding(report: str, indicator: str) -> None:
    concerned = {found.indicators[0] for found in IDENTITIES if indicator in found.indicators}
    copies = list(broken_copies(report, indicator))
    assert copies
    for changed, sources in copies:
        assert arithmetic_findings(sources) & concerned, f"{indicator}: {changed}"


@pytest.mark.parametrize("report", sorted({report for report, _ in NUMBERS}))
def test_without_a_change_there_is_no_finding(report: str) -> None:
    community = own_subject()[0].base.reports[report].community
    sources = own_sources()[0]
    source = next(item for item in sources.communities if item.path.endswith(f"/{community}.yml"))
    assert not arithmetic_findings(only(sources, report, source))
