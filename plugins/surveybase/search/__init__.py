"""The search index: records of what can be found, and the files that a reader's browser searches in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from surveybase.model import KnowledgeBase
from surveybase.reading.passages import Passage
from surveybase.search.index import build, prepare
from surveybase.search.records import Entry, Lexicon, community_records, concept_records, entries
from surveybase.search.shown import Prepared
from surveybase.views.figures import Target


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the index needs of the catalogues: the records of concepts, and the concepts themselves."""

    concepts: list[Prepared]
    entries: list[Entry]


def catalogue_of(base: KnowledgeBase, address: Callable[[Target], str]) -> Catalogue:
    return Catalogue(prepare(concept_records(base), address), entries(base))


def index_files(
    catalogue: Catalogue, found: Callable[[], Iterable[Prepared]], address: Callable[[Target], str]
) -> dict[str, bytes]:
    """The files of the index by path below its folder, before gzip; ``found`` gives the records of the communities
    in order, and is asked twice."""
    return build(lambda: chain(found(), catalogue.concepts), catalogue.entries, address)


def prepared(
    base: KnowledgeBase,
    passages: Mapping[str, tuple[Passage, ...]],
    lexicon: Lexicon,
    address: Callable[[Target], str],
) -> list[Prepared]:
    """The records of the communities of ``base`` for the index; ``passages`` are those of the reports, by id."""
    return prepare(community_records(base, passages, lexicon), address)
