"""The communities most like one, each with the reasons in words.

Of the communities with the same problem, only those nearest in size are looked at, so that the cost does not grow
with their number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from surveybase.model import Community, KnowledgeBase, Setting
from surveybase.views.cases import Link, community_link
from surveybase.views.words import SETTINGS

MOST_SHOWN = 5
MOST_LOOKED_AT = 12  # for each problem type
SIZE_INDICATORS = ("residents", "households")
NEAR_SIZE = Decimal(2)  # up to twice or half as large counts as about as large


@dataclass(frozen=True, slots=True)
class SimilarCommunity:
    link: Link
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Profile:
    """What makes one community like another; ``sizes`` are in the order of the size indicators."""

    types: frozenset[str]
    setting: Setting | None
    sizes: tuple[Decimal | None, ...]


# Communities with the same measure of size stand together, by size; those without any stand last.
_Order = tuple[int, Decimal, str]


class Neighbours:
    """All communities of a base by level and problem type, in the order of their size."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._profiles = {id: _profile(community) for id, community in base.communities.items()}
        self._by_type: dict[tuple[str, str], list[_Order]] = defaultdict(list)
        for id, profile in self._profiles.items():
            for type in profile.types:
                self._by_type[base.communities[id].level, type].append(_order(id, profile))
        for found in self._by_type.values():
            found.sort()

    def similar(self, community: Community) -> tuple[SimilarCommunity, ...]:
        """At most five of the same level that share a problem type, by the number of reasons, then by id."""
        scored = [(self._likeness(community, id), id) for id in self._candidates(community)]
        scored.sort(key=lambda pair: (-_count(pair[0]), pair[1]))
        return tuple(
            SimilarCommunity(community_link(id, self._base), self._reasons(likeness))
            for likeness, id in scored[:MOST_SHOWN]
        )

    def _candidates(self, community: Community) -> set[str]:
        profile = self._profiles[community.id]
        own = _order(community.id, profile)
        found: set[str] = set()
        for type in profile.types:
            bucket = self._by_type[community.level, type]
            start = max(0, bisect_left(bucket, own) - MOST_LOOKED_AT // 2)
            found.update(id for _, _, id in bucket[start : start + MOST_LOOKED_AT + 1])
        return found - {community.id}

    def _likeness(self, community: Community, id: str) -> _Likeness:
        own, other = self._profiles[community.id], self._profiles[id]
        return (
            own.types & other.types,
            own.setting if own.setting == other.setting else None,
            next(
                (
                    indicator
                    for indicator, mine, size in zip(SIZE_INDICATORS, own.sizes, other.sizes, strict=True)
                    if mine and size and max(mine, size) <= NEAR_SIZE * min(mine, size)
                ),
                None,
            ),
        )

    def _reasons(self, likeness: _Likeness) -> tuple[str, ...]:
        types, setting, size = likeness
        reasons = [f"都有“{self._base.problem_types[type].label}”问题" for type in sorted(types)]
        reasons += [f"同在{SETTINGS[setting]}"] if setting else []
        reasons += [f"{self._base.indicators[size].label}相近"] if size else []
        return tuple(reasons)


# Shared problem types, the shared setting, and the indicator by which both are about as large.
_Likeness = tuple[frozenset[str], Setting | None, str | None]


def _count(likeness: _Likeness) -> int:
    types, setting, size = likeness
    return len(types) + bool(setting) + bool(size)


def _profile(community: Community) -> _Profile:
    def size(indicator: str) -> Decimal | None:
        observation = community.latest(indicator)
        return observation.quantity.point if observation and observation.quantity else None

    return _Profile(
        frozenset(problem.type.id for problem in community.problems),
        community.place.setting,
        tuple(size(indicator) for indicator in SIZE_INDICATORS),
    )


def _order(id: str, profile: _Profile) -> _Order:
    for i, size in enumerate(profile.sizes):
        if size is not None:
            return i, size, id
    return len(profile.sizes), Decimal(0), id
