"""Files that were read, together: a base, the documents it came from and the marked bodies of its reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.etree.ElementTree import Element

from surveybase.diagnostics import Diagnostic, Location, Position
from surveybase.model import KnowledgeBase, Survey
from surveybase.reading.body import Body, convert
from surveybase.reading.catalogues import Catalogues, Documents, read_catalogues
from surveybase.reading.documents import Document
from surveybase.reading.knowledge import assemble
from surveybase.reading.limits import faults_of_size
from surveybase.reading.marking import Quote, mark
from surveybase.reading.markup import html_in
from surveybase.reading.pages import PageText, UnreadPage, page_text, read_page
from surveybase.reading.passages import Passage, divide
from surveybase.reading.sources import HOME, Sources

NO_SOURCES = Sources(None, (), (), (), frozenset())
NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class MarkedBody:
    """A report's body with its quotes marked; ``places`` counts where each quote stands, by anchor."""

    body: Body
    places: Mapping[str, int] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What the rules about single files and communities judge, and what the pages of reports show.

    ``texts`` are the pages written as a whole, by their file below docs, without the home page.
    """

    base: KnowledgeBase
    documents: Documents
    bodies: Mapping[str, MarkedBody]
    home_page: PageText | None = None
    texts: Mapping[str, PageText] = field(default_factory=dict)
    sources: Sources = NO_SOURCES

    @property
    def pages(self) -> tuple[PageText, ...]:
        """The home page, where there is one, and the others."""
        return (*([self.home_page] if self.home_page else []), *self.texts.values())


def nothing(_: str) -> None:
    """For whoever does not ask which file it is."""


def read_subject(
    sources: Sources,
    catalogues: Catalogues | None = None,
    *,
    refused: Mapping[str, str] = NONE,
    converting: Callable[[str], None] = nothing,
) -> tuple[Subject, list[Diagnostic]]:
    """Everything the sources hold, with what was wrong with their shape and their references.

    The catalogues are read from the sources when they are not given. The texts of the files ``refused`` are not
    converted, for the reason given by their path; ``converting`` is told the path of each text before it is.
    """
    diagnostics: list[Diagnostic] = []
    if catalogues is None:
        catalogues, diagnostics = read_catalogues(sources.catalogues)
    base, documents, findings = assemble(sources, catalogues)
    diagnostics += findings
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
    bodies = {
        file: _converted(document, quoted.get(file, ()), refused, converting, diagnostics)
        for file, document in texts.items()
    }
    pages = {file: page_text(file, page, bodies[file].body) for file, page in unread.items()}
    index = pages.pop(HOME, None)
    return (
        Subject(
            base,
            documents,
            {id: bodies[f"reports/{id}.md"] for id in base.reports},
            index,
            pages,
            sources,
        ),
        diagnostics,
    )


EMPTY = MarkedBody(Body(Element("div")))


def _converted(
    document: Document,
    quotes: tuple[Quote, ...],
    refused: Mapping[str, str],
    converting: Callable[[str], None],
    diagnostics: list[Diagnostic],
) -> MarkedBody:
    """The document's text; empty, with a diagnostic more, when it is refused or cannot be converted."""
    if faults := list(faults_of_size(document.body, document.path, document.body_line)):
        diagnostics += faults
        return EMPTY
    converting(document.path)
    reason = refused.get(document.path) or ""
    if not reason:
        try:
            body = convert(document.body)
            if _is_deep(body.root):
                raise RecursionError
            places = mark(body, quotes)
            return MarkedBody(body, places, divide(body))
        except RecursionError:
            reason = "套得太深，转换不了"
        except MemoryError:
            reason = "转换时用尽了内存"
        except Exception as error:
            # Whatever the converter does with a text costs only that text.
            reason = f"转换出错：{type(error).__name__}"
    remedy = "看正文里有没有很长的一串记号（*、_、[、`、> 等），删去或改短"
    diagnostics.append(
        Diagnostic(Location(document.path, Position(document.body_line)), "markdown-failed", reason, remedy)
    )
    return EMPTY


DEEPEST = 100  # elements within each other; whoever walks a tree must come to its end


def _is_deep(root: Element) -> bool:
    layer, depth = [root], 0
    while layer and depth <= DEEPEST:
        layer, depth = [child for element in layer for child in element], depth + 1
    return bool(layer)


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
