"""The search page without JavaScript: the index of concepts, by pinyin and by problem type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sized
from dataclasses import dataclass, replace
from itertools import groupby

from surveybase.chinese import pinyin_key
from surveybase.model import Concept, Concepts, KnowledgeBase
from surveybase.views.figures import Target

OTHER = "#"


@dataclass(frozen=True, slots=True)
class IndexWord:
    """The label of a concept, its number of cases and, where it has any, its other words."""

    text: str
    target: Target
    count: int
    alt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    letter: str
    words: tuple[IndexWord, ...]


@dataclass(frozen=True, slots=True)
class TypeGroup:
    top: IndexWord
    narrower: tuple[IndexWord, ...]


@dataclass(frozen=True, slots=True)
class SearchView:
    letters: tuple[Letter, ...]
    types: tuple[TypeGroup, ...]


def search_view(base: KnowledgeBase) -> SearchView:
    problems = list(_words("problem_type", base.problem_types, base.problems_by_type))
    countermeasures = list(_words("countermeasure_type", base.countermeasure_types, base.countermeasures_by_type))
    return SearchView(
        letters=tuple(_letters([*problems, *countermeasures])),
        types=tuple(
            TypeGroup(
                _word("problem_type", concept, base.problems_by_type),
                tuple(
                    _word("problem_type", narrower, base.problems_by_type)
                    for narrower in base.narrower(base.problem_types, concept.id)
                ),
            )
            for concept in base.problem_types.values()
            if concept.broader is None
        ),
    )


def search_view_facts(base: KnowledgeBase) -> tuple[dict[str, int], dict[str, int]]:
    """All that the view shows besides the catalogues: the numbers of cases."""
    of_problems = {id: len(cases) for id, cases in base.problems_by_type.items()}
    of_countermeasures = {id: len(cases) for id, cases in base.countermeasures_by_type.items()}
    return of_problems, of_countermeasures


def _word(kind: str, concept: Concept, cases: Mapping[str, Sized]) -> IndexWord:
    return IndexWord(concept.label, Target(kind, concept.id), len(cases.get(concept.id, ())))


def _words(kind: str, concepts: Concepts, cases: Mapping[str, Sized]) -> Iterator[IndexWord]:
    """Every label, with the synonyms of concepts that have cases."""
    for concept in concepts.values():
        word = _word(kind, concept, cases)
        yield replace(word, alt=concept.alt) if word.count else word


def _letters(words: list[IndexWord]) -> Iterator[Letter]:
    keyed = sorted((pinyin_key(word.text), word.text, i) for i, word in enumerate(words))
    for letter, entries in groupby(keyed, key=lambda entry: _letter(entry[0])):
        yield Letter(letter, tuple(words[i] for _, _, i in entries))


def _letter(key: tuple[str, ...]) -> str:
    first = key[0][:1].upper() if key else ""
    return first if first.isascii() and first.isalpha() else OTHER
