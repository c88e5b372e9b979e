"""Problems and countermeasures as they are listed on many pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from surveybase.model import Actor, Concept, Countermeasure, KnowledgeBase, Problem, Status
from surveybase.views.figures import Figure, Target, quantity_text
from surveybase.views.words import ACTORS, STATUSES, UNKNOWN_DATE


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    target: Target


@dataclass(frozen=True, slots=True)
class OutcomeCase:
    text: str
    date: str
    evidence: Target


@dataclass(frozen=True, slots=True)
class CountermeasureCase:
    """A countermeasure in one community, with what came of it."""

    title: str
    type: Link
    community: Link
    who: tuple[str, ...]
    status: str
    status_key: str
    evidence: Target
    quote: str
    outcome: OutcomeCase | None
    addresses: tuple[Link, ...]
    date: str


@dataclass(frozen=True, slots=True)
class ProblemCase:
    """A problem in one community, with what was proposed or done about it."""

    title: str
    type: Link
    community: Link
    evidence: Target
    quote: str
    affected: Figure | None
    countermeasures: tuple[CountermeasureCase, ...]
    has_completed: bool
    date: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something stands in the cases."""

    link: Link
    count: int


def problem_link(concept: Concept) -> Link:
    return Link(concept.label, Target("problem_type", concept.id))


def countermeasure_link(concept: Concept) -> Link:
    return Link(concept.label, Target("countermeasure_type", concept.id))


def community_link(id: str, base: KnowledgeBase) -> Link:
    return Link(base.communities[id].name, Target("community", id))


def report_date(report: str, base: KnowledgeBase) -> str:
    return base.reports[report].surveyed or UNKNOWN_DATE


def problem_evidence(problem: Problem) -> Target:
    return Target("report", problem.report, problem.anchor)


def place_on_community_page(item: Problem | Countermeasure) -> Target:
    """Where the page of its community shows it, among those of other reports that may have the same key."""
    return Target("community", item.community, f"{item.report}_{item.anchor}")


def problem_case(problem: Problem, base: KnowledgeBase) -> ProblemCase:
    tried = base.countermeasures_for.get((problem.report, problem.key), ())
    affected = None
    if problem.affected:
        quantity, unit = problem.affected
        affected = Figure(
            quantity_text(quantity),
            unit,
            quantity.value,
            evidence=problem_evidence(problem),
            quote=problem.quote,
        )
    return ProblemCase(
        title=problem.title,
        type=problem_link(problem.type),
        community=community_link(problem.community, base),
        evidence=problem_evidence(problem),
        quote=problem.quote,
        affected=affected,
        countermeasures=tuple(countermeasure_case(item, base) for item in tried),
        has_completed=any(item.status is Status.DONE for item in tried),
        date=report_date(problem.report, base),
    )


def countermeasure_case(item: Countermeasure, base: KnowledgeBase) -> CountermeasureCase:
    outcome = None
    if item.outcome:
        evidence = Target("report", item.report, item.outcome_anchor)
        outcome = OutcomeCase(item.outcome.text, item.outcome.date or "", evidence)
    return CountermeasureCase(
        title=item.title,
        type=countermeasure_link(item.type),
        community=community_link(item.community, base),
        who=actors(item.who),
        status=STATUSES[item.status],
        status_key=item.status.value,
        evidence=Target("report", item.report, item.anchor),
        quote=item.quote,
        outcome=outcome,
        addresses=tuple(Link(problem.title, problem_evidence(problem)) for problem in item.addresses),
        date=report_date(item.report, base),
    )


def actors(who: Iterable[Actor]) -> tuple[str, ...]:
    present = set(who)
    return tuple(label for actor, label in ACTORS.items() if actor in present)


@dataclass(frozen=True, slots=True)
class Tallies:
    """The most frequent, and how many others there are."""

    most: tuple[Tally, ...]
    others: int = 0


def tallied(links: Iterable[Link], most: int) -> Tallies:
    """Each link with its count, the most frequent first, then by its words."""
    counts = Counter(links)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].text))
    return Tallies(tuple(Tally(link, count) for link, count in ordered[:most]), max(0, len(ordered) - most))
