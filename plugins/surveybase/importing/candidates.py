"""What a report may say, as data for a person to confirm: the entry of a survey in a community file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

from surveybase.importing.figures import Figure, FigureMatcher
from surveybase.importing.quoting import quote_of
from surveybase.importing.statements import Kind, Statement, TypeMatcher, statements
from surveybase.importing.stretches import stretches
from surveybase.importing.wording import Grams, zone
from surveybase.model import Actor, Concept, Concepts, KnowledgeBase, Precision, Status
from surveybase.reading.body import Body
from surveybase.reading.documents import Value
from surveybase.reading.marking import once
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


class CandidateFinder:
    """Finds what reports may say, in the words of the catalogues of a base."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._figures = FigureMatcher(base.indicators)
        self._problems = TypeMatcher(base.problem_types)
        self._countermeasures = TypeMatcher(base.countermeasure_types)

    def candidates(self, body: Body) -> Candidates:
        """The candidates of a report's body; every quote stands in it once."""
        stands_once = once(body)
        parts = list(stretches(body))
        figures = self._figures.figures(parts)
        observations = {item.indicator.id: entry for item in figures if (entry := _observation(item, stands_once))}
        entries: dict[Kind, dict[str, Entry]] = {kind: {} for kind in Kind}
        others: dict[str, tuple[Concept, ...]] = {}
        for statement in statements(parts, self._problems, self._countermeasures):
            if quote := quote_of(statement.stretch, statement.start, statement.end, stands_once):
                key = _key(statement.types[0].id, entries[statement.kind])
                entries[statement.kind][key] = _entry(statement, quote)
                others[key] = statement.types[1:]
        self._address(entries[Kind.COUNTERMEASURE], entries[Kind.PROBLEM])
        return Candidates(
            observations,
            entries[Kind.PROBLEM],
            entries[Kind.COUNTERMEASURE],
            {id: self._base.groups[self._base.indicators[id].group] for id in observations},
            frozenset(id for id, entry in observations.items() if "status" in entry),
            others,
        )

    def _address(self, countermeasures: Mapping[str, Entry], problems: Mapping[str, Entry]) -> None:
        """Point each countermeasure to the problem whose words are most like its own, if they are enough so."""
        words = {key: _words(entry, self._base.problem_types) for key, entry in problems.items()}
        for entry in countermeasures.values():
            said, named = _words(entry, self._base.countermeasure_types)
            likeness = {
                key: self._likeness(said, others) + self._likeness(named, alike) / 2
                for key, (others, alike) in words.items()
            }
            best = max(likeness, key=lambda key: likeness[key], default="")
            if best and likeness[best] >= ALIKE:
                entry["addresses"] = [best]

    def _likeness(self, one: Grams, other: Grams) -> float:
        """From 0 for nothing in common to 1 for the same words."""
        weight = self._problems.weight
        whole = weight(one) * weight(other)
        return weight(one & other) / sqrt(whole) if whole else 0.0


def _words(entry: Entry, types: Concepts) -> tuple[Grams, Grams]:
    """The pairs of characters of the quote with the label of its type, and those of all names of the type."""
    type = types[str(entry["type"])]
    texts = ((str(entry["quote"]), type.label), (type.label, *type.alt))
    said, named = (frozenset(gram for gram in zone(words, 1)[0] if len(gram) > 1) for words in texts)
    return said, named


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
ALIKE = 0.15  # of which nine in ten are right in our own reports
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
    text = (NUMBER.sub("", sentence, count=1) if NUMBER.match(sentence) else sentence).rstrip("。；;！!？?")
    ends = [match.start() for match in re.finditer(r"[，。；：！？,;:!?]|$", text)]
    end = max((end for end in ends if SHORTEST_TITLE <= end <= LONGEST_TITLE), default=0)
    return (
        text[:end]
        if end
        else text[:LONGEST_TITLE].rstrip("，。；：、") + ("…" if len(text) > LONGEST_TITLE else "")
    )


def _key(type: str, taken: Iterable[str]) -> str:
    """The type, with a number from the second one on."""
    return next(key for key in _keys(type) if key not in taken)


def _keys(type: str) -> Iterator[str]:
    yield type
    number = 2
    while True:
        yield f"{type[:50]}-{number}"
        number += 1
