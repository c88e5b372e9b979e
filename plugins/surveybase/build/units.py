"""The unit of work: files that make sense only together, and what they come to.

A unit is a community with its reports, or one page written as a whole. What it comes to depends on nothing but its
files, the catalogues, the code and where the site is published, so it can be made anywhere, in any order, and be
remembered under a key of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from surveybase.build.memory import ANCHORS, PAGES, RECORDS
from surveybase.build.program import code_key
from surveybase.diagnostics import Diagnostic
from surveybase.digests import digest
from surveybase.hosting import Publication
from surveybase.model import Community, Report
from surveybase.reading.catalogues import Catalogues
from surveybase.reading.credits import NO_CREDITS, Credits
from surveybase.reading.sources import Source, Sources
from surveybase.rules.whole import InternalLink


@dataclass(frozen=True, slots=True)
class Unit:
    """Sources that are compiled together; catalogues are not among them."""

    sources: Sources

    @property
    def files(self) -> tuple[Source, ...]:
        found = self.sources
        return (*found.communities, *found.reports, *((found.home,) if found.home else ()), *found.pages)

    @property
    def ids(self) -> Iterator[str]:
        """The names of its files, which others may refer to."""
        return (PurePosixPath(source.path).stem for source in self.files)


@dataclass(frozen=True, eq=False)
class Setting:
    """What every unit is compiled with. ``key`` stands for all of it, and for the code.

    Without a ``publication`` units are only checked.
    """

    catalogues: Catalogues
    publication: Publication | None
    key: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The kinds of parts that each unit comes to."""
        return (ANCHORS, *FOR_READERS) if self.publication else (ANCHORS,)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a unit comes to, as far as others need it.

    ``cases`` stands for all its data but the figures; ``pages`` are its pages written as a whole, by their files
    below docs; ``named`` are the ids of files that its data refer to; ``used``, ``links`` and ``is_complete`` are
    for the rules about everything together.
    """

    communities: tuple[Community, ...]
    reports: tuple[Report, ...]
    cases: str
    pages: tuple[str, ...]
    findings: tuple[Diagnostic, ...]
    named: tuple[str, ...]
    used: tuple[str, ...]
    links: tuple[InternalLink, ...]
    is_complete: bool

    @property
    def is_converted(self) -> bool:
        """Whether no text had to be given up."""
        return all(finding.code != "markdown-failed" for finding in self.findings)


# What else a unit comes to, by kind: it is not kept in memory, as it is wanted once or not at all.
Parts = Mapping[str, bytes]
FOR_READERS = (PAGES, RECORDS)


@dataclass(frozen=True, slots=True)
class Order:
    """A unit to be compiled; the texts of the files ``refused`` are not converted, for the reason by their path."""

    unit: Unit
    refused: Mapping[str, str] = field(default_factory=dict)


# --- Which files belong together ------------------------------------------------------------------------

FRONT_MATTER = re.compile(r"---\s*\n(.*?\n)---\s*\n", re.DOTALL)
COMMUNITY = re.compile(r"""(?:^|[{,])\s*["']?community["']?\s*:\s*["']?([a-z][a-z0-9-]*)""", re.MULTILINE)


def units_of(sources: Sources) -> list[Unit]:
    """Every file but the catalogues in exactly one unit, in the order of the communities, then of the others.

    A report's community is looked for without reading its data; where that goes wrong, :func:`joined` puts the
    files together.
    """
    by_community: dict[str, list[Source]] = {}
    for source in sources.reports:
        by_community.setdefault(_community(source) or f"/{source.path}", []).append(source)
    empty = replace(
        sources,
        home=None,
        reports=(),
        communities=(),
        catalogues=(),
        pages=(),
        files=frozenset(),
        credits=NO_CREDITS,
    )
    units = []
    for community in sources.communities:
        reports = by_community.pop(PurePosixPath(community.path).stem, [])
        units.append(Unit(replace(empty, communities=(community,), reports=tuple(reports))))
    units += [Unit(replace(empty, reports=tuple(reports))) for reports in by_community.values()]
    units += [Unit(replace(empty, home=sources.home))] if sources.home else []
    units += [Unit(replace(empty, pages=(page,))) for page in sources.pages]
    return [_credited(unit, sources.credits) for unit in units] if sources.credits.by_file else units


def _credited(unit: Unit, credits: Credits) -> Unit:
    """The unit with the credits for its files."""
    return Unit(replace(unit.sources, credits=credits.only(source.path for source in unit.files)))


def _community(source: Source) -> str | None:
    front = FRONT_MATTER.match(source.text)
    found = COMMUNITY.search(front[1]) if front else None
    return found[1] if found else None


def joined(units: Sequence[Unit], named: Mapping[int, tuple[str, ...]]) -> list[tuple[list[int], Unit]]:
    """The units that refer to each other as one, with the numbers of those it is made of.

    ``named`` gives, by number, what the units refer to that are to be joined with whatever they name. The ids of
    all other reports go with each, so that a slip can be told from what exists.
    """
    owners: dict[str, list[int]] = {}
    for number, unit in enumerate(units):
        for id in unit.ids:
            owners.setdefault(id, []).append(number)
    reports = {PurePosixPath(source.path).stem for unit in units for source in unit.sources.reports}
    groups: dict[int, set[int]] = {}
    for number, ids in sorted(named.items()):
        group = {number, *(other for id in ids for other in owners.get(id, ()))}
        for other in list(group):
            group |= groups.get(other, set())
        groups.update(dict.fromkeys(group, group))
    distinct = {min(group): sorted(group) for group in groups.values()}
    return [(numbers, _together([units[i] for i in numbers], reports)) for _, numbers in sorted(distinct.items())]


def _together(units: Sequence[Unit], reports: set[str]) -> Unit:
    first = units[0].sources
    own = tuple(source for unit in units for source in unit.sources.reports)
    return Unit(
        replace(
            first,
            home=next((unit.sources.home for unit in units if unit.sources.home), None),
            reports=own,
            communities=tuple(source for unit in units for source in unit.sources.communities),
            pages=tuple(source for unit in units for source in unit.sources.pages),
            other_reports=frozenset(reports - {PurePosixPath(source.path).stem for source in own}),
            credits=Credits({path: one for unit in units for path, one in unit.sources.credits.by_file.items()}),
        )
    )


# --- Keys -----------------------------------------------------------------------------------------------


def key_of(unit: Unit, setting: Setting) -> str:
    """What the outcome of a unit is remembered under."""
    named = (part for source in unit.files for part in (source.path, source.text))
    credits = repr(sorted(unit.sources.credits.by_file.items())) if setting.publication else ""
    return digest(setting.key, credits, *sorted(unit.sources.other_reports), *named)


def setting_of(catalogues: Catalogues, sources: Iterable[Source], publication: Publication | None) -> Setting:
    """``catalogues`` as read from ``sources``, with a key for all that units depend on besides their files."""
    texts = (part for source in sources for part in (source.path, source.text))
    return Setting(catalogues, publication, digest(code_key(), repr(publication), *texts))
