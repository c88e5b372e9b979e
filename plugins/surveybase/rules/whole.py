"""What the rules about everything together look at: little of each file, so that there may be very many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from surveybase.diagnostics import Location
from surveybase.model import KnowledgeBase
from surveybase.reading.body import linked_file, links, split_address
from surveybase.reading.documents import Document, Fields, Items, Node, Scalar
from surveybase.reading.subject import Subject
from surveybase.rules.texts import line_of, texts_of


@dataclass(frozen=True, slots=True)
class InternalLink:
    """A link to ``file`` below docs as ``written`` on a page, with the anchor it names, if any."""

    location: Location
    file: str
    anchor: str
    written: str


@dataclass(frozen=True)
class Whole:
    """The base with its catalogues, and of the other files what leads from one to another.

    ``used`` are the entries of catalogues that some file names; it says nothing unless ``is_complete``, that is,
    unless every file could be read. ``known`` are all files that a link can lead to; ``anchors`` gives the places
    in a report, and None for any other file.
    """

    base: KnowledgeBase
    catalogues: Mapping[str, Document]
    used: frozenset[str]
    is_complete: bool
    links: tuple[InternalLink, ...]
    known: frozenset[str]
    anchors: Callable[[str], frozenset[str] | None]


def is_complete(subject: Subject) -> bool:
    """Whether nothing has dropped out."""
    documents, sources = subject.documents, subject.sources
    read = len(documents.reports) + len(documents.communities)
    all_read = read == len(sources.reports) + len(sources.communities)
    return all_read and len(subject.base.surveys) == len(subject.base.reports)


def used_entries(subject: Subject) -> frozenset[str]:
    """The ids of catalogue entries that the communities name."""
    base = subject.base
    named = {
        word for document in subject.documents.communities.values() for word in words(document.root, keys=True)
    }
    entries = (base.indicators, base.groups, base.problem_types, base.countermeasure_types, base.vocabularies)
    return frozenset(id for ids in entries for id in named & ids.keys())


def words(node: Node, *, keys: bool) -> Iterator[str]:
    """Every leaf below the node, and every key if they are asked for."""
    if isinstance(node, Fields):
        yield from node.keys if keys else ()
        children: Iterable[Node] = node.values.values()
    else:
        children = node.items if isinstance(node, Items) else ()
    if isinstance(node, Scalar):
        yield node.text
    for child in children:
        yield from words(child, keys=keys)


def internal_links(subject: Subject) -> Iterator[InternalLink]:
    """Every link that stays below docs, those within one page among them."""
    for file, document, body in texts_of(subject):
        for written in links(body):
            parts = split_address(written)
            target = linked_file(file, written)
            anchor = parts.fragment if parts and not (parts.scheme or parts.netloc) else ""
            if target or anchor:
                yield InternalLink(line_of(written, document), target or file, anchor, written)


def anchors(subject: Subject) -> dict[str, frozenset[str]]:
    """By file, the places in each report that a link can name."""
    return {
        f"reports/{id}.md": frozenset(place for element in marked.body.root.iter() if (place := element.get("id")))
        for id, marked in subject.bodies.items()
    }
