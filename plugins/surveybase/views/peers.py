"""How a value stands among those of the other communities of its level, and the picture of it.

The picture of a large level is drawn from rounded shares of all its values, so that one edited figure does not
change the page of every other community.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from statistics import median
from typing import TypeAlias

from surveybase.digests import digest
from surveybase.model import Community, Direction, Indicator, KnowledgeBase, Level, Quantity, ReferenceValue
from surveybase.numerals import number, rounded
from surveybase.views.figures import Figure, with_unit
from surveybase.views.measures import applies, bounds, standings
from surveybase.views.similar import Neighbours
from surveybase.views.words import LEVELS

FEWEST_FOR_MEDIAN = 2
MOST_TICKS = 24  # peers that are drawn one by one
QUANTILES = 20
HIGHEST_SHARE = Decimal("0.95")  # what lies above is beyond the end of the axis
MARGIN = Decimal("1.08")
STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Strip:
    """A value among its peers on a line; positions are percentages of the line, from 0 to ``end``."""

    end: str
    own: str
    peers: tuple[str, ...]
    median: str | None
    band: tuple[str, str] | None
    summary: str


@dataclass(frozen=True, slots=True)
class Scale:
    """What the strips of one level, indicator and official value share; ``band`` is the official value's place.

    ``ticks`` are those of all values, one by one where there are few of them. The rank of a value stands between
    ``rank_text`` and ``peers_text``. ``key`` stands for the rest.
    """

    end: Decimal
    unit: str
    ticks: tuple[str, ...] = ()
    is_large: bool = False
    median: str | None = None
    band: tuple[str, str] | None = None
    end_text: str = ""
    rank_text: str = ""
    peers_text: str = ""
    key: str = ""

    def position(self, value: Decimal) -> str:
        return f"{min(max(float(value / self.end), 0), 1) * 100:.2f}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a community's own value stands among those of others: all that its strip is drawn from."""

    scale: Scale
    own: Decimal
    rank: str

    def strip(self) -> Strip:
        scale, own = self.scale, self.scale.position(self.own)
        peers = list(scale.ticks)
        if not scale.is_large:
            peers.remove(own)
        summary = f"{scale.rank_text}{self.rank}{scale.peers_text}"
        if self.own > scale.end:
            summary += f"；标尺到{with_unit(scale.end_text, scale.unit)}为止"
        return Strip(scale.end_text, own, tuple(peers), scale.median, scale.band, summary)


@dataclass(frozen=True, slots=True)
class Ranks:
    """What to be beyond, ascending, and whether lower is better: all values where they are few, and where there are
    many, what to be beyond for one more percent of the others."""

    steps: Sequence[Decimal]
    is_lower: bool
    is_large: bool

    def rank(self, own: Decimal) -> str:
        """The whole percentage of the others that it is beyond; among few the place, one for equal values."""
        below, above = bisect_left(self.steps, own), len(self.steps) - bisect_right(self.steps, own)
        worse, better = (above, below) if self.is_lower else (below, above)
        if self.is_large:
            return str(worse)
        return str(1 + better) if len(self.steps) >= FEWEST_FOR_MEDIAN else ""


# An indicator as given, or (True) its value per base.
Face: TypeAlias = tuple[str, bool]
LevelFace: TypeAlias = tuple[Level, Face]


class Peers:
    """The values of a base by level, worked out once and shared by every page."""

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base
        self._scales: dict[tuple[Level, str, str], tuple[Scale, Ranks] | None] = {}
        self._medians: dict[tuple[Level, str], Figure | None] = {}

    @cached_property
    def neighbours(self) -> Neighbours:
        return Neighbours(self.base)

    @cached_property
    def by_level(self) -> Mapping[Level, Sequence[Community]]:
        """The communities of each level that has any, by place, then by name."""
        found: dict[Level, list[Community]] = {level: [] for level in LEVELS}
        for community in sorted(self.base.communities.values(), key=_place_and_name):
            found[community.level].append(community)
        return {level: communities for level, communities in found.items() if communities}

    @cached_property
    def counts(self) -> Mapping[LevelFace, int]:
        """How many communities have a figure, be it one that may not stand beside others."""
        return self._gathered[0]

    @cached_property
    def values(self) -> Mapping[LevelFace, Sequence[Decimal]]:
        """The values that may stand beside each other, ascending."""
        return self._gathered[1]

    @cached_property
    def dates(self) -> Mapping[Level, Set[str | None]]:
        """When the surveys were that the figures are from; None is not known."""
        return self._gathered[2]

    @cached_property
    def _gathered(
        self,
    ) -> tuple[
        dict[tuple[Level, Face], int], dict[tuple[Level, Face], list[Decimal]], dict[Level, set[str | None]]
    ]:
        counts: dict[LevelFace, int] = defaultdict(int)
        values: dict[LevelFace, list[Decimal]] = defaultdict(list)
        dates: dict[Level, set[str | None]] = defaultdict(set)
        for community in self.base.communities.values():
            level = community.level
            for standing in standings(community, self.base):
                dates[level].add(standing.survey.report.surveyed)
                given, per_base = (level, (standing.indicator.id, False)), (level, (standing.indicator.id, True))
                counts[given] += 1
                if standing.point is not None:
                    values[given].append(standing.point)
                if (normalised := standing.per_base) is not None:
                    counts[per_base] += 1
                    values[per_base].append(normalised)
        for found in values.values():
            found.sort()
        return dict(counts), dict(values), dict(dates)

    @cached_property
    def _standards(self) -> Mapping[str, Sequence[ReferenceValue]]:
        """The official values of today, by indicator."""
        found: dict[str, list[ReferenceValue]] = defaultdict(list)
        for value in self.base.reference_values.values():
            if value.in_force(None):
                found[value.indicator].append(value)
        return found

    def places(self, community: Community) -> dict[str, Place]:
        """By indicator, where each value stands that is beside at least one peer or an official value."""
        made = (
            (item.indicator.id, self._place(community, item.indicator, item.point))
            for item in standings(community, self.base)
            if item.point is not None and not item.indicator.is_date
        )
        return {id: place for id, place in made if place}

    def _place(self, community: Community, indicator: Indicator, own: Decimal) -> Place | None:
        standard = next(
            (value for value in self._standards.get(indicator.id, ()) if applies(value, community)), None
        )
        key = community.level, indicator.id, standard.id if standard else ""
        if key not in self._scales:
            self._scales[key] = self._scale(community.level, indicator, standard)
        shared = self._scales[key]
        return Place(shared[0], own, shared[1].rank(own)) if shared else None

    def _median(self, level: Level, indicator: Indicator) -> Figure | None:
        key = level, indicator.id
        if key not in self._medians:
            values = self.values[level, (indicator.id, False)]
            figure = median_figure(values, indicator)
            if figure and figure.point is not None and _is_large(values):
                coarse = significant(figure.point, 3)
                figure = Figure(number(coarse), indicator.unit, coarse, is_computed=True)
            self._medians[key] = figure
        return self._medians[key]

    def _scale(
        self, level: Level, indicator: Indicator, standard: ReferenceValue | None
    ) -> tuple[Scale, Ranks] | None:
        """None where there is nothing to stand beside, or no value is above 0."""
        values = self.values[level, (indicator.id, False)]
        if len(values) < FEWEST_FOR_MEDIAN and standard is None:
            return None
        middle = self._median(level, indicator)
        scale = _scale(values, indicator, middle, standard.quantity if standard else None)
        if scale is None:
            return None
        ranks, texts = _ranks(values, indicator), _rank_texts(values, indicator, level)
        middle_text = f"，中位数{with_unit(middle.text, middle.unit)}" if middle else ""
        scale = replace(scale, rank_text=texts[0], peers_text=texts[1] + middle_text)
        return replace(scale, key=digest(repr(scale))), ranks


def _place_and_name(community: Community) -> tuple[object, ...]:
    """Places within each other stand together; what is not known comes last."""
    place = community.place
    parts = ((part is None, part or "") for part in (place.province, place.city, place.district))
    return (*parts, community.name, community.id)


def median_figure(values: Sequence[Decimal], indicator: Indicator) -> Figure | None:
    """The median of the values there are, when there are at least two."""
    if len(values) < FEWEST_FOR_MEDIAN:
        return None
    value = median(values)
    return Figure(number(rounded(value)), indicator.unit, value, is_computed=True, note=f"{len(values)}个可比的值")


def _is_large(values: Sequence[Decimal]) -> bool:
    return len(values) > MOST_TICKS + 1  # the community itself is among them


def _scale(
    values: Sequence[Decimal], indicator: Indicator, middle: Figure | None, standard: Quantity | None
) -> Scale | None:
    """None where no value is above 0."""
    low, high = bounds(standard) if standard else (None, None)
    official = [value for value in (low, high) if value is not None]
    largest = max([*values[-1:], *official])
    if largest <= 0:
        return None
    end = largest * MARGIN
    if _is_large(values):
        usual = max([values[int(len(values) * HIGHEST_SHARE)], *official])
        end = round_end(usual if usual > 0 else largest)
    scale = Scale(end, indicator.unit, is_large=_is_large(values), end_text=number(rounded(end)))
    band = None
    if standard:
        start, stop = scale.position(low or Decimal(0)), scale.position(high if high is not None else end)
        band = (start, f"{Decimal(stop) - Decimal(start):.2f}")
    return replace(
        scale,
        ticks=_quantiles(values, scale) if scale.is_large else tuple(map(scale.position, values)),
        median=scale.position(middle.point) if middle and middle.point is not None else None,
        band=band,
    )


def _quantiles(values: Sequence[Decimal], scale: Scale) -> tuple[str, ...]:
    """Some evenly spread among the values, to whole percents of the axis."""
    picked = (values[(2 * i + 1) * len(values) // (2 * QUANTILES)] for i in range(QUANTILES))
    return tuple(dict.fromkeys(str(round(Decimal(scale.position(value)))) for value in picked))


def _ranks(values: Sequence[Decimal], indicator: Indicator) -> Ranks:
    is_lower = indicator.direction is Direction.LOWER
    if not _is_large(values):
        return Ranks(values, is_lower, is_large=False)
    others = len(values) - 1
    numbers = (-(-percent * others // 100) for percent in range(1, 101))
    beaten = (
        [values[-number] for number in numbers][::-1] if is_lower else [values[number - 1] for number in numbers]
    )
    return Ranks(beaten, is_lower, is_large=True)


def _rank_texts(values: Sequence[Decimal], indicator: Indicator, level: Level) -> tuple[str, str]:
    """What stands before and behind the rank of a value."""
    is_lower = indicator.direction is Direction.LOWER
    if _is_large(values):
        count = number(significant(Decimal(len(values)), 2))
        return "低于" if is_lower else "高于", f"%的{LEVELS[level]}（约{count}个可比的值）"
    if len(values) < FEWEST_FOR_MEDIAN:
        return "同层级中只有这里有可比的值", ""
    return f"{len(values)}个可比的值中{'从低到高' if is_lower else '从高到低'}第", ""


def round_end(value: Decimal) -> Decimal:
    """The first of 1, 2, 5, 10, 20, 50 … (or 0.5, 0.2 …) that is not below the value, which is above 0."""
    size = Decimal(1).scaleb(value.adjusted())
    return next(step * size for step in STEPS if step * size >= value)


def significant(value: Decimal, digits: int) -> Decimal:
    """The value to so many significant digits."""
    if not value:
        return value
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), rounding=ROUND_HALF_UP)
