"""The communities most like one, each with the reasons in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from surveybase.model import Community, KnowledgeBase
from surveybase.views.cases import Link, community_link
from surveybase.views.words import SETTINGS

MOST_SHOWN = 5
SIZE_INDICATORS = ("residents", "households")
NEAR_SIZE = Decimal(2)  # up to twice or half as large counts as about as large


@dataclass(frozen=True, slots=True)
class SimilarCommunity:
    link: Link
    reasons: tuple[str, ...]


def similar_communities(community: Community, base: KnowledgeBase) -> tuple[SimilarCommunity, ...]:
    """At most five of the same level that share a problem type, by the number of reasons, then by id."""
    shared = _shared_problem_types(community, base)
    scored = []
    for id, types in shared.items():
        other = base.communities[id]
        if other.level is not community.level:
            continue
        reasons = [f"都有“{base.problem_types[type].label}”问题" for type in types]
        if community.place.setting and community.place.setting == other.place.setting:
            reasons.append(f"同在{SETTINGS[community.place.setting]}")
        if size := _size_reason(community, other, base):
            reasons.append(size)
        scored.append((-len(reasons), id, tuple(reasons)))
    return tuple(
        SimilarCommunity(community_link(id, base), reasons) for _, id, reasons in sorted(scored)[:MOST_SHOWN]
    )


def _shared_problem_types(community: Community, base: KnowledgeBase) -> dict[str, list[str]]:
    """By id of another community: the narrowest problem types it has in common with this one."""
    shared: dict[str, list[str]] = {}
    own = Counter(problem.type.id for problem in community.problems)
    for type in sorted(own):
        others = {problem.community for problem in base.problems_by_type[type] if problem.type.id == type}
        for id in others - {community.id}:
            shared.setdefault(id, []).append(type)
    return shared


def _size_reason(community: Community, other: Community, base: KnowledgeBase) -> str | None:
    for id in SIZE_INDICATORS:
        own, theirs = community.latest(id), other.latest(id)
        if own and theirs and own.quantity and theirs.quantity:
            mine, size = own.quantity.point, theirs.quantity.point
            if mine and size and max(mine, size) <= NEAR_SIZE * min(mine, size):
                return f"{base.indicators[id].label}相近"
    return None
