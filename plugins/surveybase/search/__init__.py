"""The search index: records of what can be found, and the files that a reader's browser searches in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from surveybase.model import KnowledgeBase
from surveybase.reading.passages import Passage
from surveybase.search.index import Prepared, build, prepare
from surveybase.search.records import Lexicon, community_records, concept_records, entries
from surveybase.views.figures import Target


def index_files(
    base: KnowledgeBase, found: Callable[[], Iterable[Prepared]], address: Callable[[Target], str]
) -> dict[str, bytes]:
    """The files of the index by path below its folder, before gzip; ``found`` gives the records of the communities
    in order, and is asked twice."""
    concepts = prepare(concept_records(base), address)
    return build(lambda: chain(found(), concepts), entries(base), address)


def prepared(
    base: KnowledgeBase,
    passages: Mapping[str, tuple[Passage, ...]],
    lexicon: Lexicon,
    address: Callable[[Target], str],
) -> list[Prepared]:
    """The records of the communities of ``base`` for the index; ``passages`` are those of the reports, by id."""
    return prepare(community_records(base, passages, lexicon), address)
