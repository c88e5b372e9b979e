"""All that was read, together: the base, the documents it came from and the marked bodies of the reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from surveybase.diagnostics import Diagnostic
from surveybase.model import KnowledgeBase, Survey
from surveybase.reading.body import Body, convert
from surveybase.reading.knowledge import Documents, assemble
from surveybase.reading.marking import Quote, mark
from surveybase.reading.passages import Passage, divide
from surveybase.reading.sources import Sources

NO_SOURCES = Sources(None, (), (), (), frozenset())


@dataclass(frozen=True)
class MarkedBody:
    """A report's body with its quotes marked; ``places`` counts where each quote stands, by anchor."""

    body: Body
    places: Mapping[str, int] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What the rules judge and the views show. ``pages`` are the files of the pages that are made, by name."""

    base: KnowledgeBase
    documents: Documents
    bodies: Mapping[str, MarkedBody]
    home: Body
    files: frozenset[str]
    sources: Sources = NO_SOURCES
    pages: frozenset[str] = frozenset()


def read_subject(sources: Sources) -> tuple[Subject, list[Diagnostic]]:
    """Everything the sources hold, with what was wrong with their shape and their references."""
    base, documents, diagnostics = assemble(sources)
    bodies = {id: _marked(report.body, base.surveys.get(id)) for id, report in base.reports.items()}
    home = convert(sources.home.text if sources.home else "")
    return Subject(base, documents, bodies, home, sources.files, sources), diagnostics


def _marked(markdown: str, survey: Survey | None) -> MarkedBody:
    body = convert(markdown)
    places = mark(body, list(quotes(survey))) if survey else {}
    return MarkedBody(body, places, divide(body))


def quotes(survey: Survey) -> Iterator[Quote]:
    """Every quote of a survey with the anchor of its mark."""
    for observation in survey.observations.values():
        if observation.quote:
            yield Quote(observation.anchor, observation.quote)
    for problem in survey.problems:
        yield Quote(problem.anchor, problem.quote)
    for item in survey.countermeasures:
        yield Quote(item.anchor, item.quote)
        if item.outcome:
            yield Quote(item.outcome_anchor, item.outcome.quote)
