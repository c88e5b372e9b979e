"""A survey form on paper: what the schema and the catalogue of indicators ask for, with room to write it down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from surveybase.model import Concept, Concepts, Indicator, KnowledgeBase
from surveybase.reading.schema import (
    CommunityFile,
    CountermeasureEntry,
    ObservationEntry,
    OutcomeEntry,
    PlaceEntry,
    ProblemEntry,
    Record,
    ReportFile,
    SourceEntry,
)
from surveybase.views.words import WORDS_OF

# What paper asks for, and what it does not: ids and codes are given later, exceptions and outlines are no answers,
# and what stands in a column or a block of its own is no line.
ASKED: Mapping[type[Record], tuple[str, ...]] = {
    CommunityFile: ("name", "level"),
    PlaceEntry: ("province", "city", "district", "setting"),
    ReportFile: ("title", "surveyed", "published", "authors"),
    SourceEntry: ("title", "publisher", "section", "url"),
    ObservationEntry: ("value", "precision", "status", "quote"),
    ProblemEntry: ("title", "affected", "quote"),
    CountermeasureEntry: ("title", "who", "status", "quote", "outcome"),
    OutcomeEntry: (),
}
NOT_ASKED: Mapping[type[Record], tuple[str, ...]] = {
    CommunityFile: ("place", "reports", "exceptions"),
    PlaceEntry: ("code",),
    ReportFile: ("community", "source", "licence", "exceptions"),
    SourceEntry: (),
    ObservationEntry: ("range", "unit"),
    ProblemEntry: ("type",),
    CountermeasureEntry: ("type", "addresses"),
    OutcomeEntry: ("text", "date", "quote"),
}
# Where paper has other words than the schema: in the field there is no report yet to quote from.
QUOTE = "谁说的，原话怎么说；或者哪份材料、第几页"
HINTS: Mapping[tuple[type[Record], str], str] = {
    (SourceEntry, "title"): "材料的题名；自己做的调查，写调查的名称",
    (SourceEntry, "publisher"): "发表材料或组织调查的机构",
    (ProblemEntry, "affected"): "影响多少户、多少人；有人说到才写",
    (ProblemEntry, "quote"): QUOTE,
    (CountermeasureEntry, "quote"): QUOTE,
    (CountermeasureEntry, "outcome"): "做了以后怎么样，什么时候，谁说的；还没有做就空着",
}
TITLES = {"quote": "原话"}
LONG = {"quote", "outcome"}
PROBLEMS = 4  # blocks of a problem with its countermeasures; whoever needs more prints the page again
COUNTERMEASURES = 2  # of each


@dataclass(frozen=True, slots=True)
class BlankField:
    """Something to be written, or one or more of some words to be ticked."""

    title: str
    hint: str
    choices: tuple[str, ...]
    is_required: bool
    is_long: bool  # wants room for some sentences


@dataclass(frozen=True, slots=True)
class BlankIndicator:
    label: str
    unit: str
    also_units: tuple[str, ...]
    definition: str
    is_sensitive: bool


@dataclass(frozen=True, slots=True)
class BlankGroup:
    id: str
    label: str
    indicators: tuple[BlankIndicator, ...]


@dataclass(frozen=True, slots=True)
class TypeLine:
    """A broadest type with its narrower ones."""

    label: str
    narrower: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlankView:
    community: tuple[BlankField, ...]
    report: tuple[BlankField, ...]
    source: tuple[BlankField, ...]
    ticks: tuple[str, ...]
    gaps: tuple[str, ...]
    groups: tuple[BlankGroup, ...]
    indicators: int
    problem: tuple[BlankField, ...]
    countermeasure: tuple[BlankField, ...]
    problems: range
    countermeasures: range
    problem_types: tuple[TypeLine, ...]
    countermeasure_types: tuple[TypeLine, ...]


def blank_view(base: KnowledgeBase) -> BlankView:
    groups = tuple(_groups(base))
    return BlankView(
        community=(*_fields(CommunityFile), *_fields(PlaceEntry)),
        report=_fields(ReportFile),
        source=_fields(SourceEntry),
        ticks=_field(ObservationEntry, "precision").choices,
        gaps=_field(ObservationEntry, "status").choices,
        groups=groups,
        indicators=sum(len(group.indicators) for group in groups),
        problem=_fields(ProblemEntry),
        countermeasure=_fields(CountermeasureEntry),
        problems=range(1, PROBLEMS + 1),
        countermeasures=range(1, COUNTERMEASURES + 1),
        problem_types=_types(base.problem_types),
        countermeasure_types=_types(base.countermeasure_types),
    )


def _fields(record: type[Record]) -> tuple[BlankField, ...]:
    return tuple(_field(record, name) for name in ASKED[record])


def _field(record: type[Record], name: str) -> BlankField:
    about = record.model_fields[name]
    choices = tuple(_choices(about.annotation))
    title = TITLES.get(name) or about.title or name
    hint = "" if choices else HINTS.get((record, name)) or about.description or ""
    return BlankField(title, hint, choices, about.is_required(), is_long=name in LONG)


def _choices(kind: Any) -> Iterator[str]:
    """The words for each value of a kind that has only some."""
    words = WORDS_OF.get(getattr(kind, "__name__", ""))
    if words:
        yield from (words[value] for value in kind)
    for part in get_args(kind):
        yield from _choices(part)


def _groups(base: KnowledgeBase) -> Iterator[BlankGroup]:
    asked = [item for item in base.indicators.values() if not item.ratio]  # a ratio is worked out, not asked for
    for id, label in base.groups.items():
        found = [item for item in asked if item.group == id]
        if found:
            yield BlankGroup(id, label, tuple(map(_indicator, found)))


def _indicator(item: Indicator) -> BlankIndicator:
    return BlankIndicator(item.label, item.unit, tuple(item.also_units), item.definition, item.sensitive)


def _types(concepts: Concepts) -> tuple[TypeLine, ...]:
    def below(broad: Concept) -> Sequence[str]:
        return [item.label for item in concepts.values() if item.broader == broad.id]

    return tuple(TypeLine(item.label, tuple(below(item))) for item in concepts.values() if item.broader is None)
