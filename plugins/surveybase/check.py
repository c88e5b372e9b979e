"""Everything that is wrong with a project: the one examination behind the build and the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from surveybase.diagnostics import Diagnostic, in_order
from surveybase.reading.sources import Sources, read_sources
from surveybase.reading.subject import Subject, read_subject
from surveybase.rules import judge
from surveybase.rules.exceptions import masked
from surveybase.site import planned_files


def examine(project: Path, docs: Path, data: Path) -> tuple[Subject, list[Diagnostic]]:
    """All that was contributed, and every finding in order; private numbers are masked in the findings."""
    sources, unread = read_sources(project, docs, data)
    subject, findings = examine_sources(sources)
    return subject, in_order([*map(masked, unread), *findings])


def examine_sources(sources: Sources) -> tuple[Subject, list[Diagnostic]]:
    """All that the sources hold, and every finding about it."""
    subject, unresolved = read_subject(sources)
    subject = replace(subject, pages=planned_files(subject))
    return subject, [*map(masked, unresolved), *judge(subject)]
