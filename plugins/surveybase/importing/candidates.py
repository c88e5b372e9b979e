"""What a report may say, as data for a person to confirm: the entry of a survey in a community file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from surveybase.importing.figures import Figure, FigureMatcher
from surveybase.importing.quoting import quote_of
from surveybase.importing.statements import Kind, Statement, TypeMatcher, statements
from surveybase.importing.stretches import stretches
from surveybase.importing.wording import Grams, weights, zone
from surveybase.model import Actor, Concept, Concepts, KnowledgeBase, Precision, Status
from surveybase.reading.body import Body
from surveybase.reading.documents import Value
from surveybase.reading.marking import counter
from surveybase.rules.figures import is_stated
from surveybase.rules.privacy import LARGEST_HIDDEN

Entry = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Entries of a survey under their keys; ``others`` are the further types that a sentence may be of, by key.

    ``groups`` are the groups of the indicators, ``withheld`` those whose figure is too small to be published.
    """

    observations: dict[str, Entry]
    problems: dict[str, Entry]
    countermeasures: dict[str, Entry]
    groups: dict[str, str]
    withheld: frozenset[str]
    others: dict[str, tuple[Concept, ...]]

    @property
    def is_empty(self) -> bool:
        return not (self.observations or self.problems or self.countermeasures)


def candidates(body: Body, base: KnowledgeBase) -> Candidates:
    """The candidates of a report's body; every quote stands in it once."""
    count = counter(body)

    def stands_once(words: str) -> bool:
        return count(words) == 1

    parts = list(stretches(body))
    observations: dict[str, Entry] = {}
    groups, withheld = {}, set()
    for figure in FigureMatcher(base.indicators).figures(parts):
        id = figure.indicator.id
        entry = _observation(figure, stands_once)
        if entry:
            observations[id] = entry
            groups[id] = base.groups[figure.indicator.group]
            if "status" in entry:
                withheld.add(id)
    found: dict[Kind, dict[str, Entry]] = {kind: {} for kind in Kind}
    others: dict[str, tuple[Concept, ...]] = {}
    matchers = TypeMatcher(base.problem_types), TypeMatcher(base.countermeasure_types)
    for statement in statements(parts, *matchers):
        if quote := quote_of(statement.stretch, statement.start, statement.end, stands_once):
            entries = found[statement.kind]
            key = _key(statement.types[0].id, entries)
            entries[key] = _entry(statement, quote)
            others[key] = statement.types[1:]
    _address(found[Kind.COUNTERMEASURE], found[Kind.PROBLEM], base)
    return Candidates(
        observations, found[Kind.PROBLEM], found[Kind.COUNTERMEASURE], groups, frozenset(withheld), others
    )


# --- Figures --------------------------------------------------------------------------------------------

IN_MYRIADS = re.compile(r"[0-9.]+万")


def _observation(figure: Figure, stands_once: Callable[[str], bool]) -> Entry | None:
    quantity, indicator = figure.quantity, figure.indicator
    ends = (quantity.value, quantity.high or quantity.value)
    if indicator.sensitive and any(0 < end <= LARGEST_HIDDEN for end in ends):
        return {"status": "withheld"}

    def holds(words: str) -> bool:
        return stands_once(words) and is_stated(quantity, words, indicator)

    quote = quote_of(figure.stretch, figure.start, figure.end, holds)
    if quote is None:
        return None
    entry: Entry = {}
    scaled = f"万{indicator.unit}"
    if quantity.high is not None:
        entry["range"] = [quantity.value, quantity.high]
    elif scaled in indicator.also_units and figure.amount and IN_MYRIADS.fullmatch(figure.amount.text):
        entry |= {"value": quantity.value / indicator.also_units[scaled], "unit": scaled}
    else:
        entry["value"] = quantity.value
    if quantity.precision is not Precision.EXACT:
        entry["precision"] = str(quantity.precision)
    return entry | {"quote": quote}


# --- Problems and countermeasures -----------------------------------------------------------------------

LONGEST_TITLE, SHORTEST_TITLE = 30, 8  # characters
ENOUGH_IN_COMMON = 10.0  # of which nine in ten are right in our own reports
NUMBER = re.compile(
    r"(?:[（(]?[0-9一二三四五六七八九十]{1,3}[)）、.．]|[一二三四五六七八九十]+是|其[一二三四五六])\s*"
)
WHO = {
    Actor.HIGHER: r"国家|中央|省[委政里级]|全省|上级",
    Actor.CITY: r"市委|市政府|全市|市[里级]|市、区",
    Actor.DISTRICT: r"[区县]委|[区县]政府|全[区县]|[区县][里级]|政府部门|有关部门|财政",
    Actor.SUBDISTRICT: r"街道|办事处|乡镇|镇[里政党]",
    Actor.COMMUNITY: r"社区|居委会|党支部|网格员",
    Actor.SOCIETY: r"社会力量|社会组织|企业|物业|志愿者|开发商|驻区单位|居民自己|业主",
}


def _entry(statement: Statement, quote: str) -> Entry:
    entry: Entry = {"type": statement.types[0].id, "title": _title(statement.text), "quote": quote}
    if statement.kind is Kind.COUNTERMEASURE:
        who: list[Value] = [str(actor) for actor, words in WHO.items() if re.search(words, statement.text)]
        entry |= {"addresses": [], "who": who, "status": str(Status.PROPOSED)}
    return entry


def _title(sentence: str) -> str:
    """The first clauses of the sentence that fit into a line and say something."""
    text = NUMBER.sub("", sentence, count=1) if NUMBER.match(sentence) else sentence
    ends = [match.start() for match in re.finditer(r"[，。；：！？,;:!?]|$", text)]
    end = max((end for end in ends if SHORTEST_TITLE <= end <= LONGEST_TITLE), default=0)
    return (
        text[:end]
        if end
        else text[:LONGEST_TITLE].rstrip("，。；：、") + ("…" if len(text) > LONGEST_TITLE else "")
    )


def _address(countermeasures: Mapping[str, Entry], problems: Mapping[str, Entry], base: KnowledgeBase) -> None:
    """Point each countermeasure to the problem that has the most words with it, if there is one with enough."""
    words = {key: _pairs(entry, base.problem_types) for key, entry in problems.items()}
    weight = weights(words.values())
    for entry in countermeasures.values():
        own = _pairs(entry, base.countermeasure_types)
        scores = {key: sum(weight[gram] for gram in own & others) for key, others in words.items()}
        best = max(scores, key=lambda key: scores[key], default="")
        if best and scores[best] >= ENOUGH_IN_COMMON:
            entry["addresses"] = [best]


def _pairs(entry: Entry, types: Concepts) -> Grams:
    texts = (str(entry["quote"]), types[str(entry["type"])].label)
    return frozenset(gram for gram in zone(texts, 1)[0] if len(gram) > 1)


def _key(type: str, taken: Iterable[str]) -> str:
    """The type, with a number from the second one on."""
    return next(key for key in _keys(type) if key not in taken)


def _keys(type: str) -> Iterator[str]:
    yield type
    number = 2
    while True:
        yield f"{type[:50]}-{number}"
        number += 1
