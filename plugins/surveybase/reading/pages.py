"""Pages written as a whole: the home page and those below about, contribute and reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from surveybase.diagnostics import Diagnostic, Position
from surveybase.reading.body import Body
from surveybase.reading.checking import check
from surveybase.reading.documents import FENCE, Document, Fields, read_report
from surveybase.reading.schema import Record, Text
from surveybase.reading.source import Source


class PageFile(Record):
    """The front matter of any other page, which need not have one."""

    title: Annotated[Text, StringConstraints(max_length=120)] | None = Field(
        None, title="标题", description="页面的标题；不写就用正文的一级标题"
    )
    description: Annotated[Text, StringConstraints(max_length=200)] | None = Field(
        None, title="说明", description="一句话，给搜索引擎和读屏软件"
    )


@dataclass(frozen=True)
class PageText:
    """One such page: ``title`` is what its front matter says, or its first heading, or the name of its file."""

    file: str
    title: str
    description: str
    document: Document
    body: Body


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """A page before its text is converted."""

    document: Document
    entry: PageFile


def read_page(source: Source) -> tuple[UnreadPage | None, list[Diagnostic]]:
    """The page with its front matter checked; None when that fails."""
    if source.text.partition("\n")[0].rstrip() != FENCE:
        return UnreadPage(Document(source.path, Fields(Position(), {}, {}), source.text), PageFile()), []
    document, findings = read_report(source)
    if document is None:
        return None, findings
    entry, wrong = check(PageFile, document)
    return (UnreadPage(document, entry) if entry else None), [*findings, *wrong]


def page_text(file: str, unread: UnreadPage, body: Body) -> PageText:
    """The page ``file``, relative to docs, with its converted text."""
    first = next((heading.title for heading in body.headings if heading.level == 1), "")
    name = file.removesuffix(".md").removesuffix("/index").rpartition("/")[2]
    return PageText(
        file, unread.entry.title or first or name, unread.entry.description or "", unread.document, body
    )
