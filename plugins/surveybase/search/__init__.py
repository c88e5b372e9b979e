"""The search index: records of what can be found, and the files that a reader's browser searches in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from surveybase.model import KnowledgeBase
from surveybase.reading.passages import Passage
from surveybase.search.index import build
from surveybase.search.records import entries, records
from surveybase.views.figures import Target


def index_files(
    base: KnowledgeBase, passages: Mapping[str, tuple[Passage, ...]], address: Callable[[Target], str]
) -> dict[str, bytes]:
    """The files of the index by path below its folder; ``passages`` are those of the reports, by id."""
    return build(records(base, passages), entries(base), address)
