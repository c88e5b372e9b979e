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

    ``ticks`` are those of all values, one by one where there are few of them. ``beaten`` is what to be beyond for
    one more percent of the others, where there are many. The texts come behind the place of the value.
    """

    end: Decimal
    ticks: tuple[str, ...] = ()
    beaten: tuple[Decimal, ...] = ()
    median: str | None = None
    band: tuple[str, str] | None = None
    end_text: str = ""
    count_text: str = ""
    median_text: str = ""

    def position(self, value: Decimal) -> str:
        return f"{min(max(float(value / self.end), 0), 1) * 100:.2f}"


# An indicator as given, or (True) its value per base.
Face: TypeAlias = tuple[str, bool]
LevelFace: TypeAlias = tuple[Level, Face]


class Peers:
    """The values of a base by level, worked out once and shared by every page."""

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base
        self._scales: dict[tuple[Level, str, str], Scale | None] = {}
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

    def strips(self, community: Community) -> dict[str, Strip]:
        """By indicator, the picture of each value that stands beside at least one peer or an official value."""
        made = (
            (item.indicator.id, self._strip(community, item.indicator, item.point))
            for item in standings(community, self.base)
            if item.point is not None and not item.indicator.is_date
        )
        return {id: strip for id, strip in made if strip}

    def _strip(self, community: Community, indicator: Indicator, own: Decimal) -> Strip | None:
        values = self.values[community.level, (indicator.id, False)]
        standard = next(
            (value for value in self._standards.get(indicator.id, ()) if applies(value, community)), None
        )
        if len(values) < FEWEST_FOR_MEDIAN and standard is None:
            return None
        scale = self._scale(community.level, indicator, values, standard)
        if scale is None:
            return None
        if scale.beaten:
            ticks, summary = scale.ticks, _share(own, scale.beaten, indicator) + scale.count_text
        else:
            place = bisect_left(values, own)
            ticks, summary = scale.ticks[:place] + scale.ticks[place + 1 :], _rank(own, values, indicator)
        summary += scale.median_text
        if own > scale.end:
            summary += f"；标尺到{with_unit(scale.end_text, indicator.unit)}为止"
        return Strip(scale.end_text, scale.position(own), ticks, scale.median, scale.band, summary)

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
        self, level: Level, indicator: Indicator, values: Sequence[Decimal], standard: ReferenceValue | None
    ) -> Scale | None:
        key = level, indicator.id, standard.id if standard else ""
        if key not in self._scales:
            middle = self._median(level, indicator)
            scale = _scale(values, indicator, middle, standard.quantity if standard else None)
            count = number(significant(Decimal(len(values)), 2))
            text = f"的{LEVELS[level]}（约{count}个可比的值）"
            self._scales[key] = scale and replace(scale, count_text=text)
        return self._scales[key]


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
    scale = Scale(end, end_text=number(rounded(end)))
    band = None
    if standard:
        start, stop = scale.position(low or Decimal(0)), scale.position(high if high is not None else end)
        band = (start, f"{Decimal(stop) - Decimal(start):.2f}")
    return replace(
        scale,
        ticks=_quantiles(values, scale) if _is_large(values) else tuple(map(scale.position, values)),
        beaten=_beaten(values, indicator) if _is_large(values) else (),
        median=scale.position(middle.point) if middle and middle.point is not None else None,
        band=band,
        median_text=f"，中位数{with_unit(middle.text, middle.unit)}" if middle else "",
    )


def _quantiles(values: Sequence[Decimal], scale: Scale) -> tuple[str, ...]:
    """Some evenly spread among the values, to whole percents of the axis."""
    picked = (values[(2 * i + 1) * len(values) // (2 * QUANTILES)] for i in range(QUANTILES))
    return tuple(dict.fromkeys(str(round(Decimal(scale.position(value)))) for value in picked))


def _beaten(values: Sequence[Decimal], indicator: Indicator) -> tuple[Decimal, ...]:
    """Ascending, for each whole percent of the others, the value that has to be beaten to have beaten so many."""
    others = len(values) - 1
    ranks = (-(-percent * others // 100) for percent in range(1, 101))
    if indicator.direction is Direction.LOWER:
        return tuple(values[-rank] for rank in ranks)[::-1]
    return tuple(values[rank - 1] for rank in ranks)


def round_end(value: Decimal) -> Decimal:
    """The first of 1, 2, 5, 10, 20, 50 … (or 0.5, 0.2 …) that is not below the value, which is above 0."""
    size = Decimal(1).scaleb(value.adjusted())
    return next(step * size for step in STEPS if step * size >= value)


def significant(value: Decimal, digits: int) -> Decimal:
    """The value to so many significant digits."""
    if not value:
        return value
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), rounding=ROUND_HALF_UP)


def _rank(own: Decimal, values: Sequence[Decimal], indicator: Indicator) -> str:
    if len(values) < FEWEST_FOR_MEDIAN:
        return "同层级中只有这里有可比的值"
    higher = indicator.direction is not Direction.LOWER
    order = "从高到低" if higher else "从低到高"
    better = len(values) - bisect_right(values, own) if higher else bisect_left(values, own)
    return f"{len(values)}个可比的值中{order}第{1 + better}"  # equal values, equal place


def _share(own: Decimal, beaten: Sequence[Decimal], indicator: Indicator) -> str:
    """The whole percentage of the others that lie below, or above where lower is better."""
    if indicator.direction is Direction.LOWER:
        return f"低于{len(beaten) - bisect_right(beaten, own)}%"
    return f"高于{bisect_left(beaten, own)}%"
