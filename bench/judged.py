"""Judged queries: which texts answer them, on the five surveys and on projects recombined from them.

An answer is a sentence of one of the five reports, named by a few of its words; several words for one answer are
alternatives (our reports say in two sentences what a source said in one). Words after ``§`` name a heading whose
passages all answer. On a generated project every sentence made from an answering one answers too, unless the query
names a place or number that was changed in it; and for queries that ask for words as written (exact, across words,
number) every generated passage with these words.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from surveybase.search.text import values

from bench.generate import ESTATE_NAMES, OTHER_NAMES, ROAD_NAMES

QUERIES = Path(__file__).resolve().parent / "queries"
FIRST = 10  # results that count
ANY = "*"  # a hit on a page that is no report's: it may hold the words of any


@dataclass(frozen=True)
class Answer:
    """The report of the answer, and the words of which one must stand in a text."""

    report: str
    any: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    text: str
    kind: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Hit:
    """One result: the report or community it is from, and everything that a reader finds there."""

    report: str
    text: str
    heading: str = ""

    @cached_property
    def folded(self) -> str:
        return _folded(self.text)

    @cached_property
    def folded_heading(self) -> str:
        return _folded(self.heading)


def queries() -> list[Query]:
    found = []
    for name in ("dev", "own"):
        for entry in json.loads((QUERIES / f"{name}.json").read_text(encoding="utf-8")):
            answers = tuple(Answer(answer["report"], tuple(answer["any"])) for answer in entry["answers"])
            found.append(Query(entry["query"], entry["kind"], answers))
    return found


LITERAL = frozenset({"exact", "cross", "number"})


@dataclass(frozen=True)
class Score:
    """``recall``: of all answers, or of ten where there are more; ``rank``: 1 ÷ the first answer's rank;
    ``senses``: of the different answers to the query, whichever report gives them."""

    recall: float
    rank: float
    senses: float


@dataclass(frozen=True)
class Expected:
    """Words to look for in a report; ``sense`` is the answer that they are or were made from."""

    number: int
    sense: int
    words: str


class Judge:
    """Judges results on one project.

    ``communities`` maps the id of a community to its reports, ``passages`` a report to its passages.
    """

    def __init__(
        self, project: Path, communities: Mapping[str, Sequence[str]], passages: Mapping[str, Sequence[str]]
    ) -> None:
        path = project / "origins.json"
        origins = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self._communities = communities
        self._passages = {report: passages[report] for report in origins}
        self._by_origin: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for report, sentences in origins.items():
            for sentence, origin, text in sentences:
                self._by_origin[origin, text].append((report, sentence))

    def expected(self, query: Query) -> Mapping[str, list[Expected]]:
        """By report; several for one number where one of them is enough."""
        found: dict[str, list[Expected]] = defaultdict(list)
        for sense, answer in enumerate(query.answers):
            for words in answer.any:
                found[answer.report].append(Expected(sense, sense, words))
        number = len(query.answers)
        for (origin, text), sentences in self._by_origin.items():
            answers = [i for i, one in enumerate(query.answers) if one.report == origin and _stand(one.any, text)]
            if not answers:
                continue
            kept = _kept(text, query.text)
            for report, sentence in sentences:
                if all(word in sentence for word in kept):
                    found[report].append(Expected(number, answers[0], sentence))
                    number += 1
        if query.kind in LITERAL:
            self._add_literal(query, found, number)
        return found

    def _add_literal(self, query: Query, found: dict[str, list[Expected]], number: int) -> None:
        for report, passages in self._passages.items():
            for passage in passages:
                if query.text in passage and not any(one.words in passage for one in found.get(report, ())):
                    found[report].append(Expected(number, -1, passage))
                    number += 1

    def score(self, query: Query, hits: Sequence[Hit]) -> Score:
        expected = self.expected(query)
        numbers = {one.number for some in expected.values() for one in some}
        found: set[int] = set()
        senses: set[int] = set()
        rank = 0
        for position, hit in enumerate(hits[:FIRST], 1):
            reports = expected if hit.report == ANY else [hit.report, *self._communities.get(hit.report, ())]
            right = [one for report in reports for one in expected.get(report, ()) if _in(one.words, hit)]
            if right and not rank:
                rank = position
            found |= {one.number for one in right}
            senses |= {one.sense for one in right if one.sense >= 0}
        return Score(
            min(1.0, len(found) / min(FIRST, len(numbers))),
            1 / rank if rank else 0.0,
            min(1.0, len(senses) / min(FIRST, len(query.answers))),
        )


def _stand(words: Iterable[str], text: str) -> bool:
    folded = _folded(text)
    return any(_folded(one.lstrip("§")) in folded for one in words)


def _in(words: str, hit: Hit) -> bool:
    if words.startswith("§"):
        return _folded(words[1:]) in hit.folded_heading
    return _folded(words) in hit.folded


@cache
def _folded(text: str) -> str:
    return "".join(text.split())


def _kept(text: str, query: str) -> list[str]:
    """The names and numbers of a sentence that the query asks for, which a generated one may have changed."""
    names = [
        name
        for name in (*ESTATE_NAMES, *ROAD_NAMES, *OTHER_NAMES)
        if name in text and (name in query or query in name)
    ]
    asked = set(re.findall(r"[0-9]+(?:\.[0-9]+)?", query)) | set(values(query))
    return names + [number for number in re.findall(r"[0-9]+(?:\.[0-9]+)?", text) if number in asked]


def substrings(texts: Sequence[str], count: int = 500, seed: int = 1) -> list[str]:
    """Random stretches of 2 to 6 characters, letters, digits and 汉字 only, of random texts."""
    rng = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        text = rng.choice(texts)
        length = rng.randint(2, 6)
        if len(text) <= length:
            continue
        start = rng.randrange(len(text) - length)
        part = text[start : start + length]
        if part.isalnum() and not part.isascii():
            found.append(part)
    return found
