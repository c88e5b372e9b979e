"""All that was read, together: the base, the documents it came from and the marked bodies of the reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from surveybase.diagnostics import Diagnostic, Location, Position
from surveybase.model import KnowledgeBase, Survey
from surveybase.reading.body import Body
from surveybase.reading.documents import Document
from surveybase.reading.isolation import Converted, Failure, Task, convert_all
from surveybase.reading.knowledge import Documents, assemble
from surveybase.reading.limits import faults_of_size
from surveybase.reading.marking import Quote
from surveybase.reading.markup import html_in
from surveybase.reading.pages import PageText, UnreadPage, page_text, read_page
from surveybase.reading.passages import Passage
from surveybase.reading.sources import HOME, Sources

NO_SOURCES = Sources(None, (), (), (), frozenset())


@dataclass(frozen=True)
class MarkedBody:
    """A report's body with its quotes marked; ``places`` counts where each quote stands, by anchor."""

    body: Body
    places: Mapping[str, int] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What the rules judge and the views show.

    ``texts`` are the pages written as a whole, by their file below docs, without the home page; ``pages`` are the
    files of the pages that are made, by name.
    """

    base: KnowledgeBase
    documents: Documents
    bodies: Mapping[str, MarkedBody]
    home: Body
    files: frozenset[str]
    home_page: PageText | None = None
    texts: Mapping[str, PageText] = field(default_factory=dict)
    sources: Sources = NO_SOURCES
    pages: frozenset[str] = frozenset()

    @property
    def all_texts(self) -> tuple[PageText, ...]:
        """The home page, where there is one, and the others."""
        return (*([self.home_page] if self.home_page else []), *self.texts.values())


def read_subject(sources: Sources) -> tuple[Subject, list[Diagnostic]]:
    """Everything the sources hold, with what was wrong with their shape and their references."""
    base, documents, diagnostics = assemble(sources)
    home = [sources.home] if sources.home else []
    unread: dict[str, UnreadPage] = {}
    for source in [*home, *sources.pages]:
        page, findings = read_page(source)
        diagnostics += findings
        if page:
            unread[sources.below_docs(source.path)] = page
    texts = {f"reports/{id}.md": document for id, document in documents.reports.items()}
    texts |= {file: page.document for file, page in unread.items()}
    quoted = {f"reports/{id}.md": tuple(quotes(survey)) for id, survey in base.surveys.items()}
    # In the texts of files with broken front matter, too: all that is wrong is named in one run.
    diagnostics += [found for source in [*home, *sources.pages, *sources.reports] for found in html_in(source)]
    bodies, findings = _converted(texts, quoted)
    diagnostics += findings
    pages = {file: page_text(file, page, bodies[file].body) for file, page in unread.items()}
    index = pages.pop(HOME, None)
    return (
        Subject(
            base,
            documents,
            {id: bodies[f"reports/{id}.md"] for id in base.reports},
            index.body if index else EMPTY.body,
            sources.files,
            index,
            pages,
            sources,
        ),
        diagnostics,
    )


EMPTY = MarkedBody(Body(Element("div")))


def _converted(
    texts: Mapping[str, Document], quoted: Mapping[str, tuple[Quote, ...]]
) -> tuple[dict[str, MarkedBody], list[Diagnostic]]:
    """The bodies by file; of a text that is refused or cannot be converted the body is empty."""
    findings: list[Diagnostic] = []
    bodies = dict.fromkeys(texts, EMPTY)
    accepted: list[str] = []
    for file, document in texts.items():
        faults = list(faults_of_size(document.body, document.path, document.body_line))
        findings += faults
        if not faults:
            accepted.append(file)
    outcomes = convert_all([Task(texts[file].body, quoted.get(file, ())) for file in accepted])
    for file, outcome in zip(accepted, outcomes, strict=True):
        if isinstance(outcome, Converted):
            bodies[file] = MarkedBody(outcome.body, outcome.places, outcome.passages)
        else:
            findings.append(_not_converted(texts[file], outcome))
    return bodies, findings


def _not_converted(document: Document, failure: Failure) -> Diagnostic:
    return Diagnostic(
        Location(document.path, Position(document.body_line)),
        "markdown-failed",
        failure.reason,
        "看正文里有没有很长的一串记号（*、_、[、`、> 等），删去或改短",
    )


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
