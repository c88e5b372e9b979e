"""The comparison: communities × indicators, with values per base, medians and official values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from surveybase.model import Community, Indicator, KnowledgeBase, Level
from surveybase.views.cases import Link, community_link
from surveybase.views.figures import Figure, Target
from surveybase.views.measures import (
    Measure,
    Peers,
    formula_anchor,
    standard_document,
    standard_period,
    standard_text,
    standards_for,
)
from surveybase.views.words import DIRECTIONS, LEVELS, UNKNOWN_DATE, place_name


@dataclass(frozen=True, slots=True)
class Column:
    """One column: an indicator as given, or its value per base."""

    label: str
    unit: str
    definition: Target
    direction: str
    is_per_base: bool


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    id: str
    label: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class CompareCell:
    """``remark`` says why a value may not stand beside the others, ``verdict`` how it stands to today's standard.

    ``sort`` is the number to sort by, empty for a gap; it is only for machines.
    """

    figure: Figure
    sort: str
    remark: str
    verdict: str
    group: str


@dataclass(frozen=True, slots=True)
class CompareRow:
    community: Link
    place: str
    date: str
    cells: tuple[CompareCell, ...]


@dataclass(frozen=True, slots=True)
class SummaryCell:
    """A median or an official value; None where there is none."""

    figure: Figure | None
    group: str


@dataclass(frozen=True, slots=True)
class SummaryRow:
    label: str
    note: str
    cells: tuple[SummaryCell, ...]


@dataclass(frozen=True, slots=True)
class LevelTable:
    """The rows of one level: values of different levels are never mixed."""

    level: str
    rows: tuple[CompareRow, ...]
    median: SummaryRow | None


@dataclass(frozen=True, slots=True)
class CompareView:
    groups: tuple[ColumnGroup, ...]
    standards: tuple[SummaryRow, ...]
    levels: tuple[LevelTable, ...]
    communities: int
    indicators: int


def compare_view(peers: Peers) -> CompareView:
    """Only indicators that at least one community has a value for; the rest stands in the codebook."""
    base = peers.base
    shown = [indicator for indicator in base.indicators.values() if _has_value(indicator, peers)]
    by_group = {group: [item for item in shown if item.group == group] for group in base.groups}
    columns = [
        (item, per_base) for group in by_group.values() for item in group for per_base in _faces(item, peers)
    ]
    return CompareView(
        groups=tuple(
            ColumnGroup(
                group,
                base.groups[group],
                tuple(_column(item, per_base) for item, per_base in columns if item.group == group),
            )
            for group, items in by_group.items()
            if items
        ),
        standards=_standard_rows(columns, base),
        levels=tuple(_level_table(level, columns, peers) for level in LEVELS if _at(level, base)),
        communities=len(base.communities),
        indicators=len(shown),
    )


def _has_value(indicator: Indicator, peers: Peers) -> bool:
    return any(not measures[indicator.id].figure.is_gap for measures in peers.measures.values())


def _faces(indicator: Indicator, peers: Peers) -> tuple[bool, ...]:
    """Whether the indicator has a column as given only, or one per base as well."""
    has_per_base = any(measures[indicator.id].per_base for measures in peers.measures.values())
    return (False, True) if has_per_base else (False,)


def _column(indicator: Indicator, per_base: bool) -> Column:
    prefix = indicator.base.label if per_base and indicator.base else ""
    return Column(
        label=f"{prefix}{indicator.label}",
        unit=indicator.unit,
        definition=Target("codebook", anchor=formula_anchor(indicator)),
        direction=DIRECTIONS[indicator.direction],
        is_per_base=per_base,
    )


def _at(level: Level, base: KnowledgeBase) -> list[Community]:
    found = [community for community in base.communities.values() if community.level is level]
    return sorted(found, key=lambda community: (place_name(community.place), community.name))


def _level_table(level: Level, columns: list[tuple[Indicator, bool]], peers: Peers) -> LevelTable:
    communities = _at(level, peers.base)
    rows = tuple(_row(community, columns, peers) for community in communities)
    medians = tuple(
        SummaryCell(
            None
            if indicator.is_date
            else peers.median_figure(
                (_point(peers.measures[community.id][indicator.id], per_base) for community in communities),
                indicator,
            ),
            indicator.group,
        )
        for indicator, per_base in columns
    )
    has_median = any(cell.figure for cell in medians)
    note = "只计准确值和约数；区间、“至少”“至多”不计入"
    return LevelTable(LEVELS[level], rows, SummaryRow("中位数", note, medians) if has_median else None)


def _point(item: Measure, per_base: bool) -> Decimal | None:
    return (item.per_base.point if item.per_base else None) if per_base else item.point


def _row(community: Community, columns: list[tuple[Indicator, bool]], peers: Peers) -> CompareRow:
    measures = peers.measures[community.id]
    return CompareRow(
        community=community_link(community.id, peers.base),
        place=place_name(community.place),
        date=community.surveys[0].report.surveyed or UNKNOWN_DATE if community.surveys else UNKNOWN_DATE,
        cells=tuple(
            _cell(community, measures[indicator.id], per_base, peers.base) for indicator, per_base in columns
        ),
    )


def _cell(community: Community, item: Measure, per_base: bool, base: KnowledgeBase) -> CompareCell:
    figure = item.figure
    if per_base:
        figure = item.per_base or _no_base(item)
    verdicts = (
        []
        if per_base
        else [value.verdict for value in standards_for(community, item, base) if "现行" in value.when]
    )
    return CompareCell(
        figure=figure,
        sort="" if figure.point is None else f"{figure.point:f}",
        remark=_remark(item) if not per_base else "",
        verdict=verdicts[0] if verdicts else "",
        group=item.indicator.group,
    )


def _no_base(item: Measure) -> Figure:
    """Why there is no value per base: the figure itself is a gap, or what to divide by is unknown."""
    return item.figure if item.figure.is_gap else Figure("缺基数", is_gap=True, note="没有可以相除的基数，不能折算")


def _remark(item: Measure) -> str:
    if item.figure.is_gap or item.figure.is_computed or item.point is not None:
        return ""
    return "不可比：原文给的是范围或界限，不计入中位数"


def _standard_rows(columns: list[tuple[Indicator, bool]], base: KnowledgeBase) -> tuple[SummaryRow, ...]:
    """One row for the official values of today, one for those no longer in force."""
    rows = []
    for label, current in (("现行标准", True), ("过去的标准", False)):
        cells = tuple(
            SummaryCell(None if per_base else _standard_figure(indicator, base, current=current), indicator.group)
            for indicator, per_base in columns
        )
        if any(cell.figure for cell in cells):
            rows.append(SummaryRow(label, "适用范围和出处见指标页", cells))
    return tuple(rows)


def _standard_figure(indicator: Indicator, base: KnowledgeBase, *, current: bool) -> Figure | None:
    values = [
        value
        for value in base.reference_values.values()
        if value.indicator == indicator.id and value.in_force(None) is current
    ]
    if not values:
        return None
    return Figure(
        "；".join(standard_text(value, indicator) for value in values),
        evidence=Target("codebook", anchor=formula_anchor(indicator)),
        note="；".join(f"{standard_document(value)}，{standard_period(value)}" for value in values),
    )
