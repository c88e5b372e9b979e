"""The search index: records of what can be found, and the files that a reader's browser searches in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from surveybase.model import KnowledgeBase
from surveybase.reading.passages import Passage
from surveybase.search.index import build
from surveybase.search.records import Record, all_records, community_records, entries
from surveybase.views.figures import Target


def index_files(base: KnowledgeBase, found: Iterable[Record], address: Callable[[Target], str]) -> dict[str, bytes]:
    """The files of the index by path below its folder; ``found`` are the records of all communities."""
    return build(all_records(base, found), entries(base), address)


def unit_records(base: KnowledgeBase, passages: Mapping[str, tuple[Passage, ...]]) -> list[Record]:
    """The records of the communities of ``base``; ``passages`` are those of the reports, by id."""
    return list(community_records(base, passages))
