"""The project's own files, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from surveybase.diagnostics import Diagnostic
from surveybase.reading.sources import Sources, read_sources
from surveybase.reading.subject import Subject, read_subject

PROJECT = Path(__file__).parents[1]


@cache
def own_sources() -> tuple[Sources, list[Diagnostic]]:
    return read_sources(PROJECT, PROJECT / "docs", PROJECT / "data")


@cache
def own_subject() -> tuple[Subject, list[Diagnostic]]:
    return read_subject(own_sources()[0])
