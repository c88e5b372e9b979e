"""The problems and countermeasures that a report states, matched to the types of the catalogues.

Which of the two a sentence states is said by the headings above it; in a text without such headings by its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from surveybase.importing.stretches import Stretch
from surveybase.importing.wording import Grams, essence, grams, weights
from surveybase.model import Concept, Concepts


class Kind(Enum):
    PROBLEM = "problem"
    COUNTERMEASURE = "countermeasure"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a stretch with the types that it may be of, the likeliest first."""

    kind: Kind
    stretch: Stretch
    start: int
    end: int
    types: tuple[Concept, ...]

    @property
    def text(self) -> str:
        return self.stretch.text[self.start : self.end]


# --- Types ----------------------------------------------------------------------------------------------

PARTLY, BY_DEFINITION = 0.8, 0.3
BROAD = 0.7  # a narrower type says more
MOST_TYPES = 3


class TypeMatcher:
    """Finds the types of a catalogue that a sentence may be of."""

    def __init__(self, concepts: Concepts) -> None:
        self._concepts = concepts
        self._forms = {
            id: {form: grams(form) for word in (item.label, *item.alt) if (form := essence(word))}
            for id, item in concepts.items()
        }
        self._definitions = {
            id: frozenset(gram for gram in grams(essence(item.definition)) if len(gram) > 1)
            for id, item in concepts.items()
        }
        self._broad = {item.broader for item in concepts.values()}
        self._weights = weights(
            Grams().union(self._definitions[id], *forms.values()) for id, forms in self._forms.items()
        )
        self._most = max(self._weights.values(), default=0.0)

    def types(self, sentence: str, least: float) -> tuple[Concept, ...]:
        """Those with at least that score, the best first."""
        text = essence(sentence)
        parts = grams(text)
        scores = {id: self._score(id, text, parts) for id in self._concepts}
        best = sorted((id for id in scores if scores[id] >= least), key=lambda id: -scores[id])
        return tuple(self._concepts[id] for id in best[:MOST_TYPES])

    def _score(self, id: str, text: str, parts: Grams) -> float:
        """What of the forms stands in the text as a whole, what of the best other one, what of the definition."""
        whole: set[str] = set()
        partly = 0.0
        for form, own in self._forms[id].items():
            if form in text:
                whole |= own
            elif common := self.weight(own & parts):
                partly = max(partly, (common / self.weight(own)) ** 3 * common)
        definition = self.weight(self._definitions[id] & parts)
        score = self.weight(whole) + PARTLY * partly + BY_DEFINITION * definition
        return score * BROAD if id in self._broad else score

    def weight(self, found: Iterable[str]) -> float:
        """What the grams tell together; those that no type knows tell as much as the rarest."""
        return sum(self._weights.get(gram, self._most) for gram in found)


# --- Sentences ------------------------------------------------------------------------------------------

OF_PROBLEMS = re.compile(r"问题|困难|不足|难点|短板|矛盾|困境|隐患|制约")
OF_COUNTERMEASURES = re.compile(r"对策|建议|措施|办法|举措|打算|出路|方法|工作思路|下一步")
SAYS_PROBLEM = re.compile(
    r"不足|不够|不便|不畅|不高|不强|不到位|不完善|不合理|缺[乏少]|没有|难以|困难|较差|太[少低窄差]|偏[低少]|滞后|薄弱|隐患|矛盾|严重|亟[待需]|有待"
)
SAYS_COUNTERMEASURE = re.compile(
    r"建议|应当?|必须|要[^求]|加强|加大|完善|建立|健全|推[进动]|落实|提高|争取|引导|鼓励|可以考虑|有必要"
)
SENTENCE = re.compile(r"[^。！？!?]+(?:[。！？!?]+[”’」』）)]*|$)")
PART = re.compile(r"[^。！？!?；;]+(?:[。！？!?；;]+[”’」』）)]*|$)")
LONG = 100  # characters
LEADING_IN = ("：", ":")
FEW = 8  # characters of a sentence that only leads in
LEADS = 10  # the same at the beginning of a paragraph
LEAST = 9.0


def statements(
    stretches: Iterable[Stretch], problems: TypeMatcher, countermeasures: TypeMatcher
) -> Iterator[Statement]:
    matchers = {Kind.PROBLEM: problems, Kind.COUNTERMEASURE: countermeasures}
    items = [item for item in stretches if not item.cells]
    is_divided = any(kind_of(item.headings) for item in items)
    for stretch in items:
        of_section = kind_of(stretch.headings)
        if is_divided and of_section is None:
            continue
        for start, end in sentences(stretch.text):
            sentence = stretch.text[start:end]
            kind = of_section or kind_of_words(sentence)
            if kind and (types := matchers[kind].types(sentence, LEAST)):
                yield Statement(kind, stretch, start, end, types)


def kind_of(headings: Iterable[str]) -> Kind | None:
    """What a section states, by the outermost heading that says it; the last word of a heading decides."""
    titles = [*headings]
    for heading in titles:
        found = [(match.end(), Kind.PROBLEM) for match in OF_PROBLEMS.finditer(heading)]
        found += [(match.end(), Kind.COUNTERMEASURE) for match in OF_COUNTERMEASURES.finditer(heading)]
        if found:
            return max(found, key=lambda item: item[0])[1]
    # A heading may state the problem or the countermeasure itself, an inner one more than those around it.
    return next((kind for heading in reversed(titles) if (kind := kind_of_words(heading))), None)


def kind_of_words(sentence: str) -> Kind | None:
    """What a sentence states by itself; one that wants to end a want states a countermeasure."""
    if SAYS_COUNTERMEASURE.search(SAYS_PROBLEM.sub("", sentence)):
        return Kind.COUNTERMEASURE
    return Kind.PROBLEM if SAYS_PROBLEM.search(sentence) else None


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences begin and end; long ones are cut at semicolons, and one that only leads in is none.

    A few words stay with what they lead to.
    """
    begin = 0
    for start, end in _parts(text):
        words = len(essence(text[begin:end]))
        if words >= (FEW if begin else LEADS) or end == len(text):
            if words and not text[start:end].endswith(LEADING_IN):
                yield begin, end
            begin = end


def _parts(text: str) -> Iterator[tuple[int, int]]:
    for match in SENTENCE.finditer(text):
        pattern = PART if len(match[0]) > LONG else SENTENCE
        yield from (part.span() for part in pattern.finditer(text, *match.span()))
