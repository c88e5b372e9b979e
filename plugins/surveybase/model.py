"""The words of the project: what a knowledge base holds, with all references resolved.

Everything here is frozen and free of formats and paths. Identity comes from location: the id of a community or
report is the name of its file, the id of an observation, problem or countermeasure its key within a report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias, TypeVar


class Level(StrEnum):
    """What a survey covers."""

    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"
    DISTRICT = "district"
    CITY = "city"


class Setting(StrEnum):
    """城乡分类代码 (《统计上划分城乡的规定》, 国函〔2008〕60号)."""

    CITY_CORE = "111"
    CITY_FRINGE = "112"
    TOWN_CORE = "121"
    TOWN_FRINGE = "122"
    SPECIAL = "123"
    TOWNSHIP = "210"
    VILLAGE = "220"


class Precision(StrEnum):
    """How exactly a value is known."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Gap(StrEnum):
    """Why there is no value."""

    NOT_SURVEYED = "not_surveyed"
    NOT_APPLICABLE = "not_applicable"
    WITHHELD = "withheld"


class Actor(StrEnum):
    """Who can act."""

    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"
    DISTRICT = "district"
    CITY = "city"
    HIGHER = "higher"
    SOCIETY = "society"


class Status(StrEnum):
    """What became of a countermeasure."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    DONE = "done"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Which values of an indicator are the better ones."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the unit of its indicator: a value with a precision, or a range when ``high`` is given."""

    value: Decimal
    precision: Precision = Precision.EXACT
    high: Decimal | None = None

    @property
    def point(self) -> Decimal | None:
        """The value where it can stand for itself: not for a range or a bound."""
        comparable = self.high is None and self.precision in {Precision.EXACT, Precision.ABOUT}
        return self.value if comparable else None

    def scaled(self, factor: Decimal) -> Quantity:
        return Quantity(self.value * factor, self.precision, self.high * factor if self.high is not None else None)


# --- Catalogues ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Base:
    """What counts are normalised by: ``times`` per value of the indicator ``id``."""

    id: str
    label: str
    times: Decimal


@dataclass(frozen=True, slots=True)
class Ratio:
    """``of / per × times``; both are ids of indicators."""

    of: str
    per: str
    times: Decimal


@dataclass(frozen=True, slots=True)
class Indicator:
    """Something that can be measured. ``parts`` holds one tuple of ids for each way of dividing it.

    A year (``is_date``) is not an amount: it has no median, no bar and no rank. Values beyond ``range`` are
    doubted.
    """

    id: str
    label: str
    alt: tuple[str, ...]
    unit: str
    also_units: Mapping[str, Decimal]
    group: str
    definition: str
    direction: Direction
    parts: tuple[tuple[str, ...], ...]
    ratio: Ratio | None
    base: Base | None
    is_date: bool
    sensitive: bool
    range: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A close match in an official vocabulary."""

    vocabulary: Vocabulary
    label: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A problem type or countermeasure type (SKOS); ``broader`` and ``related`` are ids in the same scheme."""

    id: str
    label: str
    alt: tuple[str, ...]
    definition: str
    broader: str | None
    related: tuple[str, ...]
    close_match: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """An official vocabulary."""

    id: str
    title: str
    document: str | None
    source: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """An official value of an indicator, in its unit; dates are ISO 8601, possibly partial."""

    id: str
    indicator: str
    quantity: Quantity
    document: str
    number: str | None
    in_force_from: str | None
    in_force_to: str | None
    level: Level | None
    setting: str | None
    source: str

    def in_force(self, day: str | None) -> bool:
        """Whether it held on ``day``; with None, whether it holds today (has no end)."""
        if day is None:
            return self.in_force_to is None
        begun = self.in_force_from is None or self.in_force_from[: len(day)] <= day
        # Partial dates are compared as far as both go.
        return begun and (self.in_force_to is None or day[: len(self.in_force_to)] <= self.in_force_to[: len(day)])


# --- Reports and communities ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a report was first published."""

    title: str
    publisher: str | None
    section: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """A report's metadata."""

    id: str
    title: str
    community: str
    surveyed: str | None
    published: str | None
    authors: tuple[str, ...]
    source: Citation
    licence: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a community lies; None is not known."""

    province: str | None
    city: str | None
    district: str | None
    code: str | None
    setting: Setting | None


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure of one report, or a gap: exactly one of ``quantity`` and ``gap`` is given.

    ``written`` is the value and unit as the report has them, when that is not the unit of the indicator.
    """

    indicator: Indicator
    report: str
    quantity: Quantity | None
    gap: Gap | None
    written: tuple[Quantity, str] | None
    quote: str | None

    @property
    def anchor(self) -> str:
        return f"o-{self.indicator.id}"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem that a report states; ``key`` is unique within the report."""

    key: str
    community: str
    report: str
    type: Concept
    title: str
    quote: str
    affected: tuple[Quantity, str] | None

    @property
    def anchor(self) -> str:
        return f"p-{self.key}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a countermeasure."""

    text: str
    date: str | None
    quote: str


@dataclass(frozen=True, slots=True)
class Countermeasure:
    """A countermeasure that a report proposes or describes; ``key`` is unique within the report."""

    key: str
    community: str
    report: str
    type: Concept
    title: str
    addresses: tuple[Problem, ...]
    who: tuple[Actor, ...]
    status: Status
    quote: str
    outcome: Outcome | None

    @property
    def anchor(self) -> str:
        return f"c-{self.key}"

    @property
    def outcome_anchor(self) -> str:
        return f"c-{self.key}_outcome"  # no key has this sign


@dataclass(frozen=True, slots=True)
class Survey:
    """What one report says about its community."""

    report: Report
    observations: Mapping[str, Observation]
    problems: tuple[Problem, ...]
    countermeasures: tuple[Countermeasure, ...]


@dataclass(frozen=True, slots=True)
class Community:
    """One community with its surveys, the latest first."""

    id: str
    name: str
    level: Level
    place: Place
    surveys: tuple[Survey, ...]

    @property
    def problems(self) -> Iterator[Problem]:
        return (problem for survey in self.surveys for problem in survey.problems)

    @property
    def countermeasures(self) -> Iterator[Countermeasure]:
        return (item for survey in self.surveys for item in survey.countermeasures)

    def latest(self, indicator: str) -> Observation | None:
        """The newest observation of the indicator; a gap only where no survey has a value."""
        found = [survey.observations[indicator] for survey in self.surveys if indicator in survey.observations]
        return next((item for item in found if item.quantity), found[0] if found else None)


Concepts: TypeAlias = Mapping[str, Concept]


@dataclass(frozen=True)
class KnowledgeBase:
    """All of it; every mapping is in the order of its ids or of its catalogue."""

    communities: Mapping[str, Community] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    problem_types: Concepts = field(default_factory=dict)
    countermeasure_types: Concepts = field(default_factory=dict)
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)
    reference_values: Mapping[str, ReferenceValue] = field(default_factory=dict)

    @cached_property
    def surveys(self) -> Mapping[str, Survey]:
        """By id of the report."""
        return {survey.report.id: survey for item in self.communities.values() for survey in item.surveys}

    @cached_property
    def ratios(self) -> tuple[Indicator, ...]:
        """The indicators that can be computed from others."""
        return tuple(item for item in self.indicators.values() if item.ratio)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for item in self.communities.values() for problem in item.problems)

    @cached_property
    def countermeasures(self) -> tuple[Countermeasure, ...]:
        return tuple(found for item in self.communities.values() for found in item.countermeasures)

    @cached_property
    def problems_by_type(self) -> Mapping[str, tuple[Problem, ...]]:
        """Problems of each type, those of narrower types included."""
        return _by_type(self.problems, self.problem_types)

    @cached_property
    def countermeasures_by_type(self) -> Mapping[str, tuple[Countermeasure, ...]]:
        """Countermeasures of each type, those of narrower types included."""
        return _by_type(self.countermeasures, self.countermeasure_types)

    @cached_property
    def countermeasures_for(self) -> Mapping[tuple[str, str], tuple[Countermeasure, ...]]:
        """The countermeasures that address a problem, by its report and key."""
        found: dict[tuple[str, str], list[Countermeasure]] = defaultdict(list)
        for countermeasure in self.countermeasures:
            for problem in countermeasure.addresses:
                found[problem.report, problem.key].append(countermeasure)
        return {key: tuple(items) for key, items in found.items()}

    def narrower(self, concepts: Concepts, id: str) -> tuple[Concept, ...]:
        return tuple(concept for concept in concepts.values() if concept.broader == id)


def ancestry(concept: Concept, concepts: Concepts) -> Iterator[Concept]:
    """The concept and all that is broader, nearest first; a cycle ends it."""
    seen: set[str] = set()
    current: Concept | None = concept
    while current is not None and current.id not in seen:
        seen.add(current.id)
        yield current
        current = concepts.get(current.broader) if current.broader else None


def broadest(concept: Concept, concepts: Concepts) -> Concept:
    """The last of its ancestry, which may be itself."""
    return [*ancestry(concept, concepts)][-1]


T = TypeVar("T", Problem, Countermeasure)


def _by_type(items: tuple[T, ...], concepts: Concepts) -> Mapping[str, tuple[T, ...]]:
    found: dict[str, list[T]] = defaultdict(list)
    for item in items:
        for concept in ancestry(item.type, concepts):
            found[concept.id].append(item)
    return {id: tuple(cases) for id, cases in found.items()}
