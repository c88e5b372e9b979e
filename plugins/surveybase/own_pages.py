"""The pages that show one unit alone: those of reports, and those written as a whole.

They are made where the unit is compiled, without the rest of the site.
"""

from __future__ import annotations

from dataclasses import dataclass

from surveybase.addresses import address, address_of_file, href_from, source_file
from surveybase.hosting import Publication
from surveybase.model import KnowledgeBase, Report
from surveybase.reading.body import Body
from surveybase.reading.credits import NO_CREDIT, Credit
from surveybase.reading.pages import PageText
from surveybase.render import Rendered, body_html, render
from surveybase.views.figures import Target
from surveybase.views.report import report_view


@dataclass(frozen=True, slots=True)
class TextPage:
    """A page that a contributor wrote as a whole: ``file`` is its file below docs."""

    file: str
    title: str
    description: str
    content: Rendered


def report_page(
    report: Report, body: Body, base: KnowledgeBase, publication: Publication, credit: Credit = NO_CREDIT
) -> Rendered:
    """The content of a report's page; of ``base`` only the report's community matters. ``body`` is changed."""
    target = Target("report", report.id)
    file = source_file(target)
    href = href_from(address(target))
    view = report_view(report, body, base, credit)
    return render(
        "report",
        view,
        href,
        body=body_html(view.body, view.labels, href, file, address(target)),
        permanent=_absolute(target, publication) if publication.url else "",
        repository=publication.repository,
        path=f"docs/{file}",
    )


def text_page(page: PageText) -> TextPage:
    """A page that a contributor wrote as a whole, with its links set; the tree of its body is changed."""
    here = address_of_file(page.file)
    html = body_html(page.body, {}, href_from(here), page.file, here)
    return TextPage(page.file, page.title, page.description, Rendered(str(html), page.body.headings))


def _absolute(target: Target, publication: Publication) -> str:
    return f"{publication.url.rstrip('/')}/{address(target)}"
