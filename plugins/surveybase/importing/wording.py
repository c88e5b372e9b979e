"""How well words of a text fit the labels of a catalogue.

A label and its alternatives are its forms. A form fits by the share of its characters and of its pairs of
neighbouring characters that stand in the text, each weighed by how few entries of the catalogue know it: 社区 tells
nothing apart, 托运 nearly everything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from surveybase.search.text import normal

# Words that connect and tell nothing.
EMPTY_WORDS = re.compile(r"[的了是有在所这那其中现着里与和及]|\W")
ALL_OF_IT = re.compile(r"全部|全体|共有|共计|合计|总计|一共|总共|共")


def essence(text: str) -> str:
    """The text as forms are compared: normal characters, no empty words, one word for a total."""
    return EMPTY_WORDS.sub("", ALL_OF_IT.sub("总", normal(text)))


def grams(text: str) -> frozenset[str]:
    """The characters and the pairs of neighbours."""
    return frozenset(text) | frozenset(text[i : i + 2] for i in range(len(text) - 1))


@dataclass(frozen=True, slots=True)
class Fit:
    """``share`` of the form's weight that the text has, and that ``weight``."""

    share: float
    weight: float
    form: str


class Lexicon:
    """The forms of the entries of a catalogue; rarity is counted among these entries."""

    def __init__(self, forms: Mapping[str, Sequence[str]]) -> None:
        self._forms = {id: {form: grams(form) for form in items if form} for id, items in forms.items()}
        known = Counter(gram for items in self._forms.values() for gram in frozenset().union(*items.values()))
        self._weights = {gram: log(1 + len(forms) / count) for gram, count in known.items()}

    def fit(self, id: str, zones: Iterable[tuple[frozenset[str], float]]) -> Fit:
        """The form of the entry that fits best; each zone of the text counts with its factor."""
        nearness: dict[str, float] = {}
        for found, factor in zones:
            for gram in found:
                nearness[gram] = max(nearness.get(gram, 0.0), factor)
        return max((self._fit(form, parts, nearness) for form, parts in self._forms[id].items()), key=_rank)

    def _fit(self, form: str, parts: frozenset[str], nearness: Mapping[str, float]) -> Fit:
        whole = sum(self._weights[gram] for gram in parts)
        found = sum(self._weights[gram] * nearness.get(gram, 0.0) for gram in parts)
        return Fit(found / whole, found, form)


def _rank(fit: Fit) -> tuple[float, float]:
    return fit.share * fit.share * fit.weight, fit.share
