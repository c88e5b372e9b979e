"""Everybody who had a part in the site, with what it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveybase.model import KnowledgeBase, Report
from surveybase.reading.credits import Credit, Credits
from surveybase.views.cases import Link
from surveybase.views.figures import Target

MOST_LINKS = 8  # to the reports of one name; the others are counted

# What else there is, by the beginning of the path; the first that fits.
OTHERS = {"data/communities/": "", "docs/reports/": "", "data/": "指标和类型目录", "docs/": "说明文字", "": "程序"}


@dataclass(frozen=True, slots=True)
class Share:
    """Reports that a name stands for: how many, and of which some are linked."""

    count: int
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class AuthorEntry:
    name: str
    reports: Share


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """``others`` are what else the person worked on, in words."""

    name: str
    contributed: Share
    reviewed: Share
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreditsView:
    authors: tuple[AuthorEntry, ...]
    people: tuple[PersonEntry, ...]
    has_unnamed: bool
    is_known: bool
    is_whole: bool


def contributors(credit: Credit) -> tuple[str, ...]:
    """The names, and how many have none."""
    rest = f"{'另有' if credit.contributors else ''}{credit.unnamed}位不具名者"
    return (*credit.contributors, *([rest] if credit.unnamed else ()))


def credits_view(base: KnowledgeBase, credits: Credits) -> CreditsView:
    written: dict[str, list[Report]] = {}
    contributed: dict[str, list[Report]] = {}
    reviewed: dict[str, list[Report]] = {}
    for report in base.reports.values():
        credit = credits.of(f"docs/reports/{report.id}.md", f"data/communities/{report.community}.yml")
        shares = ((written, report.authors), (contributed, credit.contributors), (reviewed, credit.reviewers))
        for found, names in shares:
            for name in dict.fromkeys(names):
                found.setdefault(name, []).append(report)
    others = _others(credits)
    people = (
        PersonEntry(name, _share(name, contributed), _share(name, reviewed), others.get(name, ()))
        for name in sorted({*contributed, *reviewed, *others})
    )
    return CreditsView(
        authors=tuple(
            AuthorEntry(name, _share(name, written))
            for name in sorted(written, key=lambda it: (-len(written[it]), it))
        ),
        people=tuple(sorted(people, key=lambda it: (-it.contributed.count - it.reviewed.count, it.name))),
        has_unnamed=any(credit.unnamed for credit in credits.by_file.values()),
        is_known=credits.is_known,
        is_whole=credits.is_whole,
    )


def _share(name: str, found: Mapping[str, list[Report]]) -> Share:
    reports = found.get(name, [])
    links = (Link(report.title, Target("report", report.id)) for report in reports[:MOST_LINKS])
    return Share(len(reports), tuple(links))


def _others(credits: Credits) -> dict[str, tuple[str, ...]]:
    """By name, the kinds of other files that the person had a part in, in the order of OTHERS."""
    found = {(name, kind) for name, kind in _parts(credits) if kind}
    return {
        name: tuple(kind for kind in dict.fromkeys(OTHERS.values()) if (name, kind) in found)
        for name in {name for name, _ in found}
    }


def _parts(credits: Credits) -> Iterator[tuple[str, str]]:
    for path, credit in credits.by_file.items():
        kind = next(kind for start, kind in OTHERS.items() if path.startswith(start))
        yield from ((name, kind) for name in (*credit.contributors, *credit.reviewers))
