"""What a unit comes to for readers: the pages that show it alone, and what the search finds in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath

from surveybase.addresses import address, source_file
from surveybase.build.memory import PAGES, RECORDS
from surveybase.build.pickling import NO_BASE, dumps
from surveybase.build.units import Parts, Setting
from surveybase.hosting import Publication
from surveybase.model import Report
from surveybase.own_pages import TextPage, report_page, text_page
from surveybase.reading.sources import Sources
from surveybase.reading.subject import Subject
from surveybase.render import Rendered
from surveybase.search import prepared
from surveybase.search.records import Lexicon
from surveybase.views.figures import Target


def parts_for_readers(subject: Subject, setting: Setting, publication: Publication) -> Parts:
    """The pages of reports and those written as a whole, by their files below docs; and the prepared records."""
    base = subject.base
    pages: dict[str, Rendered | TextPage] = {page.file: text_page(page) for page in subject.pages}
    for report in base.reports.values():
        body = subject.bodies[report.id].body
        credit = subject.sources.credits.of(*_paths(report, subject.sources))
        pages[source_file(Target("report", report.id))] = report_page(report, body, base, publication, credit)
    passages = {id: marked.passages for id, marked in subject.bodies.items()}
    records = prepared(base, passages, _lexicon(setting), address)
    return {PAGES: dumps(pages, base), RECORDS: dumps(records, NO_BASE)}


def _paths(report: Report, sources: Sources) -> Iterator[str]:
    """Of the report, and of the data of its community."""
    for id, found in ((report.id, sources.reports), (report.community, sources.communities)):
        yield from (source.path for source in found if PurePosixPath(source.path).stem == id)


@lru_cache(maxsize=1)
def _lexicon(setting: Setting) -> Lexicon:
    return Lexicon(setting.catalogues.base)
