"""What an import has guessed or left open is settled by a person before it is published."""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveybase.diagnostics import Diagnostic, Location, Position
from surveybase.reading.subject import Subject

MARK = re.compile(r"(?:^|\s)(#\s*(待确认|待填))(?=\W|$)")
REMEDIES = {
    "待确认": ("这里是导入时猜的，还没有人确认", "与原文核对，对的删去这个记号，不对的改正或删去整条"),
    "待填": ("这里是导入时空着的，还没有人填", "填好，再删去这个记号"),
}


def marks_are_gone(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. No comment in data or front matter says that something is to be confirmed or filled in."""
    bodies = {document.path: document.body_line for document in subject.documents.reports.values()}
    fronts = [(source, bodies.get(source.path, 1) - 1) for source in subject.sources.reports]
    for source, end in (*fronts, *((source, None) for source in subject.sources.communities)):
        for i, line in enumerate(source.text.split("\n")[:end], 1):
            for mark in MARK.finditer(line):
                message, remedy = REMEDIES[mark[2]]
                where = Location(source.path, Position(i, mark.start(1) + 1))
                yield Diagnostic(where, "draft-unconfirmed", message, remedy, value=mark[1])
