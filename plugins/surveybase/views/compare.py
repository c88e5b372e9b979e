"""The comparison: communities × indicators, with values per base, medians and official values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

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
    """``remark`` says why the whole row may not stand beside the others."""

    community: Link
    place: str
    date: str
    remark: str
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
    """The table of one level: values of different levels are never mixed.

    It has the indicators that at least one of its communities has a value for; the rest stands in the codebook.
    """

    level: str
    groups: tuple[ColumnGroup, ...]
    rows: tuple[CompareRow, ...]
    summaries: tuple[SummaryRow, ...]


@dataclass(frozen=True, slots=True)
class CompareView:
    levels: tuple[LevelTable, ...]
    groups: tuple[tuple[str, str], ...]
    communities: int


Face: TypeAlias = tuple[Indicator, bool]  # an indicator as given, or (True) its value per base


def compare_view(peers: Peers) -> CompareView:
    """One table for each level that has communities."""
    base = peers.base
    levels = tuple(_level_table(level, found, peers) for level in LEVELS if (found := _at(level, base)))
    shown = {group.id for table in levels for group in table.groups}
    return CompareView(
        levels, tuple((id, label) for id, label in base.groups.items() if id in shown), len(base.communities)
    )


def _at(level: Level, base: KnowledgeBase) -> list[Community]:
    found = [community for community in base.communities.values() if community.level is level]
    return sorted(found, key=lambda community: (place_name(community.place), community.name))


def _level_table(level: Level, communities: list[Community], peers: Peers) -> LevelTable:
    faces = _faces(communities, peers)
    measures = (peers.measures[community.id][indicator.id] for community in communities for indicator, _ in faces)
    dates = {item.survey.report.surveyed for item in measures if item.survey}
    return LevelTable(
        level=LEVELS[level],
        groups=tuple(
            ColumnGroup(id, label, columns)
            for id, label in peers.base.groups.items()
            if (columns := tuple(_column(*face) for face in faces if face[0].group == id))
        ),
        rows=tuple(_row(community, faces, peers) for community in communities),
        summaries=(*_median_row(communities, faces, dates, peers), *_standard_rows(level, faces, peers.base)),
    )


def _faces(communities: list[Community], peers: Peers) -> list[Face]:
    """The columns in the order of the groups: each indicator with a value, followed by its value per base."""
    faces: list[Face] = []
    for group in peers.base.groups:
        for indicator in peers.base.indicators.values():
            measures = [peers.measures[community.id][indicator.id] for community in communities]
            if indicator.group != group or all(item.figure.is_gap for item in measures):
                continue
            faces.append((indicator, False))
            if any(item.per_base for item in measures):
                faces.append((indicator, True))
    return faces


def _date(community: Community) -> str | None:
    return community.surveys[0].report.surveyed if community.surveys else None


def _median_row(
    communities: list[Community], faces: list[Face], dates: set[str | None], peers: Peers
) -> list[SummaryRow]:
    def cell(indicator: Indicator, per_base: bool) -> SummaryCell:
        points = (_point(peers.measures[community.id][indicator.id], per_base) for community in communities)
        figure = None if indicator.is_date else peers.median_figure(points, indicator)
        return SummaryCell(figure, indicator.group)

    cells = tuple(cell(*face) for face in faces)
    if not any(item.figure for item in cells):
        return []
    years = {date[:4] if date else None for date in dates}
    mixed = "；调查年份不同或不详，仅供参考" if len(years) > 1 or None in years else ""
    return [SummaryRow("中位数", f"只计准确值和约数{mixed}", cells)]


def _point(item: Measure, per_base: bool) -> Decimal | None:
    return (item.per_base.point if item.per_base else None) if per_base else item.point


def _row(community: Community, faces: list[Face], peers: Peers) -> CompareRow:
    measures = peers.measures[community.id]
    date = _date(community)
    return CompareRow(
        community=community_link(community.id, peers.base),
        place=place_name(community.place),
        date=date or UNKNOWN_DATE,
        remark="" if date else "年份不详，与别的年份不可直接比较",
        cells=tuple(_cell(community, measures[face[0].id], face[1], peers.base) for face in faces),
    )


def _column(indicator: Indicator, per_base: bool) -> Column:
    prefix = indicator.base.label if per_base and indicator.base else ""
    return Column(
        label=f"{prefix}{indicator.label}",
        unit=indicator.unit,
        definition=Target("codebook", anchor=formula_anchor(indicator)),
        direction=DIRECTIONS[indicator.direction],
        is_per_base=per_base,
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
        remark="" if per_base and not item.per_base else _remark(community, item),
        verdict=verdicts[0] if verdicts else "",
        group=item.indicator.group,
    )


def _no_base(item: Measure) -> Figure:
    """Why there is no value per base: the figure itself is a gap or a bound, or what to divide by is unknown."""
    if item.figure.is_gap:
        return item.figure
    if item.point is None:
        return Figure("不可比", is_gap=True, note="原文给的是范围或界限，不能折算")
    return Figure("缺基数", is_gap=True, note="没有可以相除的基数，不能折算")


def _remark(community: Community, item: Measure) -> str:
    """Why the value may not stand beside the others, empty where it may."""
    if item.figure.is_gap or item.survey is None:
        return ""
    if item.survey is not community.surveys[0]:
        return f"不可比：取自较早的报告（{item.survey.report.surveyed or UNKNOWN_DATE}）"
    if item.point is None and not item.figure.is_computed:
        return "不可比：原文给的是范围或界限，不计入中位数"
    return ""


def _standard_rows(level: Level, faces: list[Face], base: KnowledgeBase) -> list[SummaryRow]:
    """One row for the official values of today, one for those no longer in force."""
    rows = []
    for label, current in (("现行标准", True), ("过去的标准", False)):
        cells = tuple(
            SummaryCell(
                None if per_base else _standard_figure(indicator, level, base, current=current), indicator.group
            )
            for indicator, per_base in faces
        )
        if any(cell.figure for cell in cells):
            rows.append(SummaryRow(label, "适用范围和出处见指标页", cells))
    return rows


def _standard_figure(indicator: Indicator, level: Level, base: KnowledgeBase, *, current: bool) -> Figure | None:
    values = [
        value
        for value in base.reference_values.values()
        if value.indicator == indicator.id and value.level in {None, level} and value.in_force(None) is current
    ]
    if not values:
        return None
    return Figure(
        "；".join(standard_text(value, indicator) for value in values),
        evidence=Target("codebook", anchor=formula_anchor(indicator)),
        note="；".join(f"{standard_document(value)}，{standard_period(value)}" for value in values),
    )
