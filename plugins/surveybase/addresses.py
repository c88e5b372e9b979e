"""The address of every page and file: the only place that knows them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from surveybase.diagnostics import CODES
from surveybase.model import KnowledgeBase
from surveybase.views.figures import Target

Href = Callable[[Target], str]

ADDRESSES = {
    "home": "",
    "communities": "communities/",
    "community": "communities/{id}/",
    "community_json": "communities/{id}.json",
    "community_source": "communities/{id}.yml",
    "report": "reports/{id}/",
    "report_json": "reports/{id}.json",
    "report_source": "reports/{id}.md",
    "compare": "compare/",
    "problems": "problems/",
    "problem_type": "problems/{id}/",
    "countermeasures": "countermeasures/",
    "countermeasure_type": "countermeasures/{id}/",
    "map": "map/",
    "codebook": "codebook/",
    "search": "search/",
    "about": "about/",
    "about_page": "about/{id}/",
    "contribute": "contribute/",
    "form": "contribute/form/",
    "form_data": "contribute/form/data.json",
    "form_ids": "contribute/form/ids.json",
    "form_ids_part": "contribute/form/ids/{id}.json",
    "blank": "contribute/blank/",
    "credits": "contribute/credits/",
    "codes": "reference/",
    "code": "reference/{id}/",
    "list": "lists/{id}.json",
    "asset": "assets/surveybase/{id}",
}


def address(target: Target) -> str:
    """The address below the root of the site, with its anchor."""
    path = ADDRESSES[target.kind].format(id=target.id)
    return f"{path}#{target.anchor}" if target.anchor else path


def source_file(target: Target) -> str:
    """The Markdown file, real or not, that MkDocs makes the page from."""
    path = ADDRESSES[target.kind].format(id=target.id)
    return f"{path}index.md" if not target.id else f"{path.rstrip('/')}.md"


def made_pages(base: KnowledgeBase) -> Iterator[Target]:
    """Every page that is made, besides those that contributors write as a whole."""
    for kind in ("home", "communities", "compare", "problems", "countermeasures", "map", "codebook", "search"):
        yield Target(kind)
    yield from (Target("report", id) for id in base.reports)
    yield from (Target("community", id) for id in base.communities)
    yield from (Target("problem_type", id) for id in base.problem_types)
    yield from (Target("countermeasure_type", id) for id in base.countermeasure_types)
    yield Target("codes")
    yield from (Target("code", code) for code in CODES)
    yield from (Target(kind) for kind in ("contribute", "form", "blank", "credits"))


def address_of_file(file: str) -> str:
    """The address of a file below docs: a Markdown file becomes a folder."""
    stem, extension = posixpath.splitext(file)
    if extension != ".md":
        return file
    folder, name = posixpath.split(stem)
    if name in {"index", "README"}:
        return f"{folder}/" if folder else ""
    return f"{stem}/"


def relative(address: str, page: str) -> str:
    """``address`` as written on the page at the address ``page``."""
    path, mark, anchor = address.partition("#")
    if path == page and anchor:
        return f"#{anchor}"
    shared = 0  # how much of both are the same folders
    while (end := page.find("/", shared) + 1) and path.startswith(page[shared:end], shared):
        shared = end
    found = "../" * page.count("/", shared) + path[shared:]
    return f"{found or './'}{mark}{anchor}"


def href_from(page: str) -> Href:
    """Links as written on the page at the address ``page``."""
    return lambda target: relative(address(target), page)
