"""The comparison: communities × indicators, with values per base, medians and official values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from surveybase.model import Community, Indicator, KnowledgeBase, Level
from surveybase.views.cases import Link, community_link
from surveybase.views.figures import Figure, Target
from surveybase.views.measures import (
    Measure,
    formula_anchor,
    measure,
    standard_document,
    standard_period,
    standard_text,
    standards_for,
)
from surveybase.views.peers import Face, Peers, median_figure
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
    """Columns that are shown together."""

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


@dataclass(frozen=True, slots=True)
class CompareRow:
    """``remark`` says why the whole row may not stand beside the others."""

    community: Link
    place: str
    date: str
    remark: str
    cells: tuple[CompareCell, ...]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """Medians or official values; None where there is none."""

    label: str
    note: str
    cells: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class LevelTable:
    """The table of one level: values of different levels are never mixed.

    It has the indicators that at least one of its communities has a value for; the rest stands in the codebook.
    What is too much for a page, further rows and the groups of columns ``more``, is published in parts.
    """

    id: str
    level: str
    groups: tuple[ColumnGroup, ...]
    rows: tuple[CompareRow, ...]
    summaries: tuple[SummaryRow, ...]
    more: tuple[str, ...]
    count: int

    @property
    def is_whole(self) -> bool:
        return not self.more and len(self.rows) == self.count


@dataclass(frozen=True, slots=True)
class CompareView:
    """``groups`` are those of the columns that are shown, ``more`` those that are not."""

    levels: tuple[LevelTable, ...]
    groups: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...]
    communities: int
    per_part: int


MOST_CELLS_WHOLE = 1100  # tables that are shown whole have many gaps
MOST_CELLS = 500
MOST_ROWS = 30
OTHER_ROWS = 4  # a head and summaries
FEWEST_COLUMNS = 3
PER_PART = 80
MAIN = "main"

# The columns of a table, by group.
Columns: TypeAlias = Mapping[str, Sequence[Face]]


def compare_view(peers: Peers) -> CompareView:
    """One table for each level that has communities."""
    tables = tuple(_level_table(level, columns, peers) for level, columns in columns_of(peers).items())
    labels = {MAIN: "主要指标", **peers.base.groups}
    shown = {group.id for table in tables for group in table.groups}
    more = {id for table in tables for id in table.more}
    return CompareView(
        tables,
        tuple((id, label) for id, label in labels.items() if id in shown),
        tuple((id, label) for id, label in labels.items() if id in more),
        len(peers.base.communities),
        PER_PART,
    )


def columns_of(peers: Peers) -> Mapping[Level, Columns]:
    """All columns of every level; where they are too many for a page, the main ones are a group of their own."""
    faces = {level: _faces(level, peers) for level in peers.by_level}
    cells = {level: len(found) * (len(peers.by_level[level]) + OTHER_ROWS) for level, found in faces.items()}
    if sum(cells.values()) <= MOST_CELLS_WHOLE:
        return {level: _by_group(found, peers) for level, found in faces.items()}
    columns, left = {}, MOST_CELLS
    for place, level in enumerate(
        sorted(cells, key=lambda level: cells[level])
    ):  # the small leave room to the large
        height = min(len(peers.by_level[level]), MOST_ROWS) + OTHER_ROWS
        width = min(len(faces[level]), max(FEWEST_COLUMNS, left // (len(cells) - place) // height))
        columns[level] = _with_main(level, faces[level], width, peers)
        left -= width * height
    return {level: columns[level] for level in faces}


def _with_main(level: Level, faces: list[Face], width: int, peers: Peers) -> Columns:
    """So many columns, those with the most figures, and then the others."""
    most = sorted(faces, key=lambda face: -peers.counts[level, face])[:width]
    return {
        MAIN: [face for face in faces if face in most],
        **_by_group([face for face in faces if face not in most], peers),
    }


def _by_group(faces: list[Face], peers: Peers) -> Columns:
    grouped = groupby(faces, key=lambda face: peers.base.indicators[face[0]].group)
    return {group: list(found) for group, found in grouped}


def _faces(level: Level, peers: Peers) -> list[Face]:
    """Each indicator with a figure, followed by its value per base, in the order of the groups."""
    order = {group: place for place, group in enumerate(peers.base.groups)}
    indicators = sorted(peers.base.indicators.values(), key=lambda indicator: order[indicator.group])
    faces = [(indicator.id, per_base) for indicator in indicators for per_base in (False, True)]
    return [face for face in faces if (level, face) in peers.counts]


def _level_table(level: Level, columns: Columns, peers: Peers) -> LevelTable:
    groups = [id for id in columns if id == MAIN] or list(columns)
    faces = [face for id in groups for face in columns[id]]
    more = tuple(id for id in columns if id not in groups)
    communities = peers.by_level[level]
    return LevelTable(
        id=table_list(level),
        level=LEVELS[level],
        groups=tuple(column_group(id, columns[id], peers.base) for id in groups),
        rows=tuple(_row(community, faces, peers.base) for community in communities[:MOST_ROWS]),
        summaries=tuple(row for row in summaries(level, faces, peers) if more or any(row.cells)),
        more=more,
        count=len(communities),
    )


def table_list(level: Level) -> str:
    return f"compare/{level}"


def column_group(id: str, faces: Sequence[Face], base: KnowledgeBase) -> ColumnGroup:
    label = "主要指标" if id == MAIN else base.groups[id]
    return ColumnGroup(id, label, tuple(_column(base.indicators[face[0]], face[1]) for face in faces))


def summaries(level: Level, faces: Sequence[Face], peers: Peers) -> tuple[SummaryRow, ...]:
    """The medians of all communities of the level, today's official values and past ones, in this order."""
    return (_median_row(level, faces, peers), *_standard_rows(level, faces, peers.base))


def _date(community: Community) -> str | None:
    return community.surveys[0].report.surveyed if community.surveys else None


def _median_row(level: Level, faces: Sequence[Face], peers: Peers) -> SummaryRow:
    def cell(face: Face) -> Figure | None:
        indicator = peers.base.indicators[face[0]]
        return None if indicator.is_date else median_figure(peers.values.get((level, face), ()), indicator)

    years = {date[:4] if date else None for date in peers.dates.get(level, ())}
    mixed = "；调查年份不同或不详，仅供参考" if len(years) > 1 or None in years else ""
    return SummaryRow("中位数", f"只计准确值和约数{mixed}", tuple(map(cell, faces)))


def _row(community: Community, faces: Sequence[Face], base: KnowledgeBase) -> CompareRow:
    measures = {id: measure(community, base.indicators[id]) for id in dict(faces)}
    cells = tuple(compare_cell(community, measures[id], per_base, base) for id, per_base in faces)
    return compare_head(community, base, cells)


def compare_head(community: Community, base: KnowledgeBase, cells: tuple[CompareCell, ...] = ()) -> CompareRow:
    date = _date(community)
    return CompareRow(
        community=community_link(community.id, base),
        place=place_name(community.place),
        date=date or UNKNOWN_DATE,
        remark="" if date else "年份不详，与别的年份不可直接比较",
        cells=cells,
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


def compare_cell(community: Community, item: Measure, per_base: bool, base: KnowledgeBase) -> CompareCell:
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


def _standard_rows(level: Level, faces: Sequence[Face], base: KnowledgeBase) -> list[SummaryRow]:
    """One row for the official values of today, one for those no longer in force."""
    return [
        SummaryRow(
            label,
            "适用范围和出处见指标页",
            tuple(
                None if per_base else _standard_figure(base.indicators[id], level, base, current=current)
                for id, per_base in faces
            ),
        )
        for label, current in (("现行标准", True), ("过去的标准", False))
    ]


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
