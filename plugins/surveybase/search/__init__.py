"""The search index: records of what can be found, and the files that a reader's browser searches in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from surveybase.model import KnowledgeBase
from surveybase.reading.passages import Passage
from surveybase.search.index import Prepared, build, prepare
from surveybase.search.records import Lexicon, community_records, concept_records, entries
from surveybase.views.figures import Target


def index_files(
    base: KnowledgeBase, found: Iterable[Prepared], address: Callable[[Target], str]
) -> dict[str, bytes]:
    """The files of the index by path below its folder, before gzip; ``found`` are the records of the communities in
    order."""
    return build([*found, *prepare(concept_records(base), address)], entries(base), address)


def prepared(
    base: KnowledgeBase,
    passages: Mapping[str, tuple[Passage, ...]],
    lexicon: Lexicon,
    address: Callable[[Target], str],
) -> list[Prepared]:
    """The records of the communities of ``base`` for the index; ``passages`` are those of the reports, by id."""
    return prepare(community_records(base, passages, lexicon), address)
