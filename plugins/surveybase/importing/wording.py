"""How well the words of a text fit the words of a catalogue.

The label of an entry and its alternatives are its forms. A form fits by the share of its characters and of its
pairs of neighbouring characters that stand in the text, each weighed by how few entries of the catalogue know it:
社区 tells nothing apart, 托运 nearly everything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log
from typing import TypeAlias

from surveybase.search.text import normal

# Words that connect and tell nothing.
EMPTY_WORDS = re.compile(r"其中|现有|现在|[的了这那着与和及]|[^\w|]")
VERBS = re.compile("(?<![国没])有")  # 社区有党员: what stands before and behind is not one word
ALL_OF_IT = re.compile(r"全部|全体|共有|共计|合计|总计|一共|总共|共")
NUMERAL = re.compile(r"[0-9一二两三四五六七八九十]")

Grams: TypeAlias = frozenset[str]
Zone: TypeAlias = tuple[Grams, float]  # the words of one place, and what they count there


def essence(text: str) -> str:
    """The text as it is compared: normal characters, no empty words, one word for a total, a stroke for a verb."""
    return EMPTY_WORDS.sub("", VERBS.sub("|", ALL_OF_IT.sub("总", normal(text))))


def grams(text: str) -> Grams:
    """The characters and the pairs of neighbours."""
    pairs = (text[i : i + 2] for i in range(len(text) - 1))
    return frozenset(gram for gram in (*text, *pairs) if "|" not in gram)


def zone(texts: Iterable[str], factor: float) -> Zone:
    """Texts that count with a factor; no pair reaches from one to the next."""
    return Grams().union(*(grams(essence(text)) for text in texts)), factor


def nearness(zones: Iterable[Zone]) -> dict[str, float]:
    """What each gram counts: in several zones, as in the one where it counts most."""
    counts: dict[str, float] = {}
    for found, factor in sorted(zones, key=lambda item: item[1]):
        counts.update(dict.fromkeys(found, factor))
    return counts


def weights(entries: Iterable[Grams]) -> Mapping[str, float]:
    """What each gram tells: the more, the fewer entries have it."""
    known = [*entries]
    return {gram: log(1 + len(known) / count) for gram, count in Counter(chain.from_iterable(known)).items()}


@dataclass(frozen=True, slots=True)
class Fit:
    """``share`` of the form's weight that the text has, and that ``weight``."""

    share: float
    weight: float


class Lexicon:
    """The forms of the entries of a catalogue; rarity is counted among these entries."""

    def __init__(self, forms: Mapping[str, Sequence[str]]) -> None:
        self._forms = {id: [grams(form) for form in items if form] for id, items in forms.items()}
        self._weights = weights(Grams().union(*items) for items in self._forms.values())

    def fit(self, id: str, nearness: Mapping[str, float]) -> Fit:
        """How well the best form of the entry fits a text whose grams count as much as ``nearness`` says."""
        fits = (self._fit(form, nearness) for form in self._forms[id])
        return max(fits, key=lambda fit: (fit.share**3 * fit.weight, fit.share), default=Fit(0.0, 0.0))

    def _fit(self, form: Grams, nearness: Mapping[str, float]) -> Fit:
        # 三大市场 is no 大市场, and November is not October.
        if any(nearness.get(gram) != 1 for gram in form if NUMERAL.search(gram)):
            return Fit(0.0, 0.0)
        whole = sum(self._weights[gram] for gram in form)
        found = sum(self._weights[gram] * nearness.get(gram, 0.0) for gram in form)
        return Fit(found / whole, found)
