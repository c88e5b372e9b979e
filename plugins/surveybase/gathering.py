"""All that was contributed, read and judged; for a preview, without the files that are wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from surveybase.check import examine, examine_sources
from surveybase.diagnostics import Diagnostic, errors, in_order
from surveybase.reading.source import Source
from surveybase.reading.sources import Sources, read_sources
from surveybase.reading.subject import Subject
from surveybase.rules.exceptions import masked


@dataclass(frozen=True)
class Gathered:
    """``findings`` are those of all files, ``left_out`` the files that ``subject`` is without."""

    subject: Subject
    findings: tuple[Diagnostic, ...]
    left_out: tuple[str, ...] = ()

    @property
    def errors(self) -> list[Diagnostic]:
        return errors(self.findings)


def gather(project: Path, docs: Path, data: Path) -> Gathered:
    """Everything, with every finding; whoever publishes it must look at the errors first."""
    subject, findings = examine(project, docs, data)
    return Gathered(subject, tuple(findings))


def gather_preview(project: Path, docs: Path, data: Path) -> Gathered | None:
    """Everything but the files with errors, and those that do not hold together without them.

    None when a catalogue is wrong: nothing holds together without it.
    """
    sources, unread = read_sources(project, docs, data)
    subject, findings = examine_sources(sources)
    all_findings = tuple(in_order([*map(masked, unread), *findings]))
    left_out: set[str] = set()
    faulty = {finding.location.path for finding in errors([*unread, *findings])}
    while faulty - left_out:
        if faulty & {source.path for source in sources.catalogues}:
            return None
        left_out |= faulty
        sources = _without(sources, faulty)
        subject, findings = examine_sources(sources)
        faulty = {finding.location.path for finding in errors(findings)}
    return Gathered(subject, all_findings, tuple(sorted(left_out)))


def _without(sources: Sources, paths: set[str]) -> Sources:
    def rest(kind: tuple[Source, ...]) -> tuple[Source, ...]:
        return tuple(source for source in kind if source.path not in paths)

    docs = {sources.below_docs(path) for path in paths}
    return replace(
        sources,
        home=None if sources.home and sources.home.path in paths else sources.home,
        reports=rest(sources.reports),
        communities=rest(sources.communities),
        files=frozenset(sources.files - docs),
        pages=rest(sources.pages),
    )
