"""Every indicator, official value and vocabulary with its definition and source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from surveybase.model import Community, Indicator, KnowledgeBase, Ratio, ReferenceValue
from surveybase.numerals import number
from surveybase.views.cases import Link
from surveybase.views.countermeasure_types import countermeasure_types_view
from surveybase.views.figures import Target
from surveybase.views.measures import formula_anchor, standard_document, standard_period, standard_text
from surveybase.views.problem_types import TypesView, problem_types_view
from surveybase.views.words import DIRECTIONS, LEVELS


@dataclass(frozen=True, slots=True)
class StandardEntry:
    text: str
    document: str
    period: str
    applies_to: str
    source: str


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    anchor: str
    id: str
    label: str
    alt: tuple[str, ...]
    unit: str
    also_units: tuple[str, ...]
    definition: str
    direction: str
    parts: tuple[tuple[Link, ...], ...]
    formula: str
    base: str
    is_sensitive: bool
    standards: tuple[StandardEntry, ...]
    communities: int


@dataclass(frozen=True, slots=True)
class IndicatorGroup:
    id: str
    label: str
    indicators: tuple[IndicatorEntry, ...]


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    id: str
    title: str
    document: str
    source: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodebookView:
    groups: tuple[IndicatorGroup, ...]
    problem_types: TypesView
    countermeasure_types: TypesView
    vocabularies: tuple[VocabularyEntry, ...]
    indicators: int
    standards: int


def codebook_view(base: KnowledgeBase) -> CodebookView:
    counts = Counter(id for community in base.communities.values() for id in _given(community))
    return CodebookView(
        groups=tuple(
            IndicatorGroup(
                group,
                label,
                tuple(
                    _entry(item, counts[item.id], base) for item in base.indicators.values() if item.group == group
                ),
            )
            for group, label in base.groups.items()
        ),
        vocabularies=tuple(
            VocabularyEntry(item.id, item.title, item.document or "", item.source, item.labels)
            for item in base.vocabularies.values()
        ),
        indicators=len(base.indicators),
        problem_types=problem_types_view(base),
        countermeasure_types=countermeasure_types_view(base),
        standards=len(base.reference_values),
    )


def _entry(indicator: Indicator, communities: int, base: KnowledgeBase) -> IndicatorEntry:
    return IndicatorEntry(
        anchor=formula_anchor(indicator),
        id=indicator.id,
        label=indicator.label,
        alt=indicator.alt,
        unit=indicator.unit,
        also_units=tuple(
            f"1{unit} = {number(size)}{indicator.unit}" for unit, size in indicator.also_units.items()
        ),
        definition=indicator.definition,
        direction=DIRECTIONS[indicator.direction],
        parts=tuple(tuple(_link(base.indicators[id]) for id in part) for part in indicator.parts),
        formula=_formula(indicator.ratio, base) if indicator.ratio else "",
        base=indicator.base.label if indicator.base else "",
        is_sensitive=indicator.sensitive,
        standards=tuple(
            _standard(value, indicator)
            for value in base.reference_values.values()
            if value.indicator == indicator.id
        ),
        communities=communities,
    )


def _given(community: Community) -> set[str]:
    """The indicators that a report of the community has a value of."""
    observations = (item for survey in community.surveys for item in survey.observations.values())
    return {item.indicator.id for item in observations if item.quantity}


def _link(indicator: Indicator) -> Link:
    return Link(indicator.label, Target("codebook", anchor=formula_anchor(indicator)))


def _formula(ratio: Ratio, base: KnowledgeBase) -> str:
    times = f" × {number(ratio.times)}" if ratio.times != 1 else ""
    return f"{base.indicators[ratio.of].label} ÷ {base.indicators[ratio.per].label}{times}"


def _standard(value: ReferenceValue, indicator: Indicator) -> StandardEntry:
    scope = [LEVELS[value.level]] if value.level else []
    if value.setting:
        scope.append("城镇" if value.setting == "urban" else "乡村")
    return StandardEntry(
        text=standard_text(value, indicator),
        document=standard_document(value),
        period=standard_period(value),
        applies_to="、".join(scope),
        source=value.source,
    )
