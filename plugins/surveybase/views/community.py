"""The page of one community."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveybase.digests import digest
from surveybase.model import Community, KnowledgeBase, Observation, Survey
from surveybase.numerals import number
from surveybase.views.cases import (
    CountermeasureCase,
    Link,
    ProblemCase,
    countermeasure_case,
    place_on_community_page,
    problem_case,
)
from surveybase.views.figures import Figure, Target, observed
from surveybase.views.measures import Formula, Measure, Standard, formula_anchor, measure, mentioned, standards_for
from surveybase.views.peers import Peers, Place, Strip
from surveybase.views.similar import SimilarCommunity
from surveybase.views.words import LEVELS, UNKNOWN_DATE, place_name, setting_name


@dataclass(frozen=True, slots=True)
class Input:
    """One part of a formula, with the sentence it comes from."""

    label: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class FormulaView:
    """``of / per``, and behind it the factor in words, empty for 1."""

    of: Input
    per: Input
    times: str


@dataclass(frozen=True, slots=True)
class EarlierValue:
    """What another report says of the same indicator."""

    report: Link
    date: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of the community."""

    anchor: str
    label: str
    definition: Target
    figure: Figure
    date: str
    per_base: Figure | None
    per_base_label: str
    formula: FormulaView | None
    strip: Strip | None
    standards: tuple[Standard, ...]
    earlier: tuple[EarlierValue, ...]


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    label: str
    rows: tuple[Row, ...]

    @property
    def is_compared(self) -> bool:
        """Whether any row has peers or official values to be shown beside it."""
        return any(row.strip or row.standards for row in self.rows)


@dataclass(frozen=True, slots=True)
class ProblemEntry:
    anchor: str
    case: ProblemCase


@dataclass(frozen=True, slots=True)
class CountermeasureEntry:
    anchor: str
    case: CountermeasureCase


@dataclass(frozen=True, slots=True)
class ReportEntry:
    link: Link
    surveyed: str
    figures: int
    problems: int
    countermeasures: int


@dataclass(frozen=True, slots=True)
class CommunityView:
    id: str
    name: str
    level: str
    place: str
    code: str
    setting: str
    reports: tuple[ReportEntry, ...]
    groups: tuple[Group, ...]
    missing: tuple[Link, ...]
    problems: tuple[ProblemEntry, ...]
    countermeasures: tuple[CountermeasureEntry, ...]
    similar: tuple[SimilarCommunity, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that the page of a community shows of other communities; ``places`` are by indicator."""

    places: Mapping[str, Place]
    similar: tuple[SimilarCommunity, ...]

    @property
    def key(self) -> str:
        """Stands for all of it, beside the community's own values."""
        return digest(
            repr([(id, place.scale.key, place.rank) for id, place in self.places.items()]), repr(self.similar)
        )


def surroundings(community: Community, peers: Peers) -> Surroundings:
    return Surroundings(peers.places(community), peers.neighbours.similar(community))


def community_view(community: Community, around: Surroundings, base: KnowledgeBase) -> CommunityView:
    """The page, from the community, the catalogues and what is known of the others."""
    measures = (measure(community, indicator) for indicator in mentioned(community, base.indicators.values()))
    shown = {item.indicator.id: item for item in measures if _is_known(community, item)}
    groups = (
        Group(
            group,
            label,
            tuple(_row(community, item, around, base) for item in shown.values() if item.indicator.group == group),
        )
        for group, label in base.groups.items()
    )
    return CommunityView(
        id=community.id,
        name=community.name,
        level=LEVELS[community.level],
        place=place_name(community.place),
        code=community.place.code or "",
        setting=setting_name(community.place),
        reports=tuple(report_entry(survey) for survey in community.surveys),
        groups=tuple(group for group in groups if group.rows),
        missing=tuple(
            Link(indicator.label, Target("codebook", anchor=formula_anchor(indicator)))
            for id, indicator in base.indicators.items()
            if id not in shown
        ),
        problems=tuple(
            ProblemEntry(place_on_community_page(problem).anchor, problem_case(problem, base))
            for problem in community.problems
        ),
        countermeasures=tuple(
            CountermeasureEntry(place_on_community_page(item).anchor, countermeasure_case(item, base))
            for item in community.countermeasures
        ),
        similar=around.similar,
    )


def _is_known(community: Community, item: Measure) -> bool:
    """Whether a report says something of the indicator, be it that the number is withheld."""
    return not item.figure.is_gap or community.latest(item.indicator.id) is not None


def _row(community: Community, item: Measure, around: Surroundings, base: KnowledgeBase) -> Row:
    indicator = item.indicator
    place = around.places.get(indicator.id)
    return Row(
        anchor=formula_anchor(indicator),
        label=indicator.label,
        definition=Target("codebook", anchor=formula_anchor(indicator)),
        figure=item.figure,
        date=(item.survey.report.surveyed if item.survey else None) or UNKNOWN_DATE,
        per_base=item.per_base,
        per_base_label=indicator.base.label if indicator.base else "",
        formula=_formula(item.formula) if item.formula else None,
        strip=place.strip() if place else None,
        standards=standards_for(community, item, base),
        earlier=tuple(
            EarlierValue(_report_link(survey), survey.report.surveyed or UNKNOWN_DATE, observed(observation))
            for survey in community.surveys
            if survey is not item.survey and (observation := survey.observations.get(indicator.id))
        ),
    )


def _formula(formula: Formula) -> FormulaView:
    of, per = (Input(item.indicator.label, observed(item)) for item in (formula.of, formula.per))
    return FormulaView(of, per, number(formula.times) if formula.times != 1 else "")


def _report_link(survey: Survey) -> Link:
    return Link(survey.report.title, Target("report", survey.report.id))


def report_entry(survey: Survey) -> ReportEntry:
    return ReportEntry(
        link=_report_link(survey),
        surveyed=survey.report.surveyed or UNKNOWN_DATE,
        figures=sum(_is_value(item) for item in survey.observations.values()),
        problems=len(survey.problems),
        countermeasures=len(survey.countermeasures),
    )


def _is_value(observation: Observation) -> bool:
    return observation.quantity is not None


def value_count(base: KnowledgeBase) -> int:
    """How many figures the base holds."""
    return sum(_is_value(item) for survey in base.surveys.values() for item in survey.observations.values())
