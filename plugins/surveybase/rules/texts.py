"""The texts that contributors wrote, and where in them something stands."""

from __future__ import annotations

from collections.abc import Iterator

from surveybase.diagnostics import Location, Position
from surveybase.reading.body import Body
from surveybase.reading.documents import Document
from surveybase.reading.subject import Subject


def texts_of(subject: Subject) -> Iterator[tuple[str, Document, Body]]:
    """Every text with its file below docs."""
    for id, marked in subject.bodies.items():
        yield f"reports/{id}.md", subject.documents.reports[id], marked.body
    for page in subject.pages:
        yield page.file, page.document, page.body


def line_of(address: str, document: Document) -> Location:
    """The line of the body that holds the address: Markdown's tree does not keep it."""
    for written in (f"({address})", address):  # in brackets it is not the beginning of another address
        for number, line in enumerate(document.body.split("\n"), document.body_line):
            column = line.find(written)
            if column >= 0:
                return Location(document.path, Position(number, column + written.index(address) + 1))
    return Location(document.path, Position(document.body_line))
