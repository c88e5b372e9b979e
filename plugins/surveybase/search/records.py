"""What can be found: one record for every problem, countermeasure, passage, community and concept.

A passage that says no more than the quotes of problems or countermeasures has no record of its own: their
records hold its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from operator import add

from surveybase.model import (
    Community,
    Concept,
    Concepts,
    Countermeasure,
    KnowledgeBase,
    Problem,
    Report,
    Survey,
    ancestry,
)
from surveybase.reading.passages import Passage
from surveybase.search.text import UNIVERSAL_HEADINGS, normal
from surveybase.views.figures import Target, observed, with_unit
from surveybase.views.words import LEVELS, place_name, setting_name


class Kind(StrEnum):
    """The kinds of record, in the order of the groups on the search page."""

    PROBLEM = "problem"
    COUNTERMEASURE = "countermeasure"
    PASSAGE = "passage"
    COMMUNITY = "community"
    CONCEPT = "concept"


# How strongly a record carries a concept: by its type, as the problem that it addresses, by a word in it, by the
# broader concept of these.
BY_TYPE, BY_ADDRESS, BY_WORD, BY_BROADER = 8, 7, 5, 3


@dataclass(frozen=True, slots=True)
class Facets:
    """What a record can be filtered by, as values of the model: ids of concepts, codes, names, years."""

    problem_types: tuple[str, ...] = ()
    countermeasure_types: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    region: str = ""
    setting: str = ""
    year: str = ""

    @property
    def item(self) -> tuple[tuple[str, ...], ...]:
        """The part that is the record's own."""
        return self.problem_types, self.countermeasure_types, self.who, self.status

    @property
    def place(self) -> tuple[str, str, str]:
        """The part that all records of a report share."""
        return self.region, self.setting, self.year


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that can be found.

    ``title`` and ``text`` are shown and searched, ``heading`` is shown above a passage; ``words`` are searched
    only. ``ids`` find the record exactly. ``concepts`` are tokens (``p:ID``, ``c:ID``, ``i:ID``) with the
    strength of each. ``is_part``: the target holds other words too, so a link needs the words themselves.
    """

    id: str
    kind: Kind
    target: Target
    title: str
    text: str
    heading: str = ""
    words: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    community: str = ""
    community_name: str = ""
    concepts: tuple[tuple[str, int], ...] = ()
    facets: Facets = field(default_factory=Facets)
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A concept as a query is compared with: its token, all its words, and where it leads."""

    token: str
    label: str
    alt: tuple[str, ...]
    broader: str
    target: Target
    definition: str
    related: tuple[str, ...] = ()


def community_records(
    base: KnowledgeBase, passages: Mapping[str, tuple[Passage, ...]], lexicon: Lexicon
) -> Iterator[Record]:
    """The records of communities and their reports; ``passages`` are those of the reports, by id."""
    writer = _Writer(base, lexicon)
    for community in base.communities.values():
        for survey in community.surveys:
            yield from writer.survey(community, survey, passages.get(survey.report.id, ()))
        yield writer.community(community)


def concept_records(base: KnowledgeBase) -> Iterator[Record]:
    """The records of the catalogues."""
    return _Writer(base, Lexicon(base)).concepts()


# The pages of concepts, by the letter of their tokens: kind and anchor of the target.
CONCEPT_PAGES = {"p": ("problem_type", ""), "c": ("countermeasure_type", ""), "i": ("codebook", "i-{}")}


def entries(base: KnowledgeBase) -> list[Entry]:
    """The concepts that a query is compared with."""
    found = [_entry("p", "problem_type", concept) for concept in base.problem_types.values()]
    found += [_entry("c", "countermeasure_type", concept) for concept in base.countermeasure_types.values()]
    found += [
        Entry(
            f"i:{indicator.id}",
            indicator.label,
            indicator.alt,
            "",
            Target("codebook", anchor=f"i-{indicator.id}"),
            indicator.definition,
        )
        for indicator in base.indicators.values()
    ]
    return found


def _entry(scheme: str, kind: str, concept: Concept) -> Entry:
    broader = f"{scheme}:{concept.broader}" if concept.broader else ""
    return Entry(
        f"{scheme}:{concept.id}",
        concept.label,
        concept.alt,
        broader,
        Target(kind, concept.id),
        concept.definition,
        tuple(f"{scheme}:{id}" for id in concept.related),
    )


class Lexicon:
    """Finds the labels and synonyms of concepts in normal text; ``broader`` are the tokens above each token."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._words: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for scheme, concepts in (("p", base.problem_types), ("c", base.countermeasure_types)):
            for concept in concepts.values():
                for word in dict.fromkeys(normal(word) for word in (concept.label, *concept.alt)):
                    if len(word) > 1:
                        self._words[word[:2]].append((word, f"{scheme}:{concept.id}"))
        self.broader = {
            f"{scheme}:{id}": [f"{scheme}:{broader.id}" for broader in ancestry(concept, concepts)]
            for scheme, concepts in (("p", base.problem_types), ("c", base.countermeasure_types))
            for id, concept in concepts.items()
        }

    def tokens(self, text: str) -> Iterator[str]:
        """The concepts whose words stand in the text, more than once where several do, in no order."""
        for start in set(filter(self._words.__contains__, map(add, text, text[1:]))):
            for word, token in self._words[start]:
                if word in text:
                    yield token


class _Writer:
    def __init__(self, base: KnowledgeBase, lexicon: Lexicon) -> None:
        self._base = base
        self._lexicon = lexicon

    def _heading(self, passage: Passage | None) -> str:
        return passage.heading if passage and passage.heading not in UNIVERSAL_HEADINGS else ""

    def survey(self, community: Community, survey: Survey, passages: tuple[Passage, ...]) -> Iterator[Record]:
        """The records of one report. ``passages`` may be empty: quotes then stand for them."""
        place = _place_facets(community, survey.report)
        by_mark = {mark: passage for passage in reversed(passages) for mark in passage.marks}
        for problem in survey.problems:
            yield self._problem(community, problem, by_mark.get(problem.anchor), place)
        for item in survey.countermeasures:
            yield self._countermeasure(community, item, by_mark.get(item.anchor), place)
        yield self._title(community, survey.report, place)
        spoken_for = {problem.anchor for problem in survey.problems}
        spoken_for |= {item.anchor for item in survey.countermeasures}
        for i, passage in enumerate(passages):
            if spoken_for.isdisjoint(passage.whole):
                yield self._passage(community, survey, passage, i, place)

    def _problem(self, community: Community, problem: Problem, passage: Passage | None, place: Facets) -> Record:
        tried = self._base.countermeasures_for.get((problem.report, problem.key), ())
        text = passage.text if passage else problem.quote
        return Record(
            id=f"problem:{problem.report}/{problem.key}",
            kind=Kind.PROBLEM,
            target=Target("report", problem.report, problem.anchor),
            title=problem.title,
            text=text,
            ids=(problem.key, problem.anchor),
            community=community.id,
            community_name=community.name,
            heading=(heading := self._heading(passage)),
            concepts=self._carried(f"{heading} {problem.title} {text}", [("p", problem.type)]),
            facets=_facets(
                place,
                problem_types=_ids([problem.type], self._base.problem_types),
                countermeasure_types=_ids([item.type for item in tried], self._base.countermeasure_types),
            ),
        )

    def _countermeasure(
        self, community: Community, item: Countermeasure, passage: Passage | None, place: Facets
    ) -> Record:
        text = passage.text if passage else item.quote
        if item.outcome and item.outcome.quote not in text:
            text += item.outcome.quote
        return Record(
            id=f"countermeasure:{item.report}/{item.key}",
            kind=Kind.COUNTERMEASURE,
            target=Target("report", item.report, item.anchor),
            title=item.title,
            text=text,
            ids=(item.key, item.anchor),
            community=community.id,
            community_name=community.name,
            heading=(heading := self._heading(passage)),
            concepts=self._carried(
                f"{heading} {item.title} {text}",
                [("c", item.type)],
                addressed=[f"p:{problem.type.id}" for problem in item.addresses],
            ),
            facets=_facets(
                place,
                problem_types=_ids([problem.type for problem in item.addresses], self._base.problem_types),
                countermeasure_types=_ids([item.type], self._base.countermeasure_types),
                who=tuple(item.who),
                status=(item.status.value,),
            ),
        )

    def _title(self, community: Community, report: Report, place: Facets) -> Record:
        return Record(
            id=f"report:{report.id}",
            kind=Kind.PASSAGE,
            target=Target("report", report.id),
            title=report.title,
            text="",
            ids=(report.id,),
            community=community.id,
            community_name=community.name,
            concepts=self._carried(report.title, []),
            facets=place,
        )

    def _passage(
        self, community: Community, survey: Survey, passage: Passage, number: int, place: Facets
    ) -> Record:
        own = [mark for mark in passage.marks if mark.startswith("o-")]
        about = [f"i:{mark[2:]}" for mark in own]
        heading = self._heading(passage)
        carried = self._carried(f"{heading} {passage.text}", [], about=about)
        problem_types = [token[2:] for token, _ in carried if token.startswith("p:")]
        countermeasure_types = [token[2:] for token, _ in carried if token.startswith("c:")]
        return Record(
            id=f"passage:{survey.report.id}/{number}",
            kind=Kind.PASSAGE,
            target=Target("report", survey.report.id, passage.anchor),
            title=heading,
            text=passage.text,
            ids=(passage.anchor,),
            community=community.id,
            community_name=community.name,
            concepts=carried,
            facets=_facets(
                place,
                problem_types=tuple(problem_types),
                countermeasure_types=tuple(countermeasure_types),
            ),
            is_part=passage.is_part,
        )

    def community(self, community: Community) -> Record:
        figures = [
            f"{observation.indicator.label}{with_unit(observed(observation).text, observation.indicator.unit)}"
            for id in ("residents", "households", "area")
            if (observation := community.latest(id)) and observation.quantity
        ]
        place = [place_name(community.place), LEVELS[community.level], setting_name(community.place)]
        newest = community.surveys[0].report if community.surveys else None
        return Record(
            id=f"community:{community.id}",
            kind=Kind.COMMUNITY,
            target=Target("community", community.id),
            title=community.name,
            text="，".join([*place, *figures]),
            words=(community.place.code,) if community.place.code else (),
            ids=(community.id,),
            community=community.id,
            community_name=community.name,
            facets=_place_facets(community, newest),
        )

    def concepts(self) -> Iterator[Record]:
        for entry in entries(self._base):
            scheme, _, id = entry.token.partition(":")
            yield Record(
                id=f"concept:{entry.token}",
                kind=Kind.CONCEPT,
                target=entry.target,
                title=entry.label,
                text=entry.definition,
                words=entry.alt,
                ids=(id,),
                concepts=((entry.token, BY_TYPE),),
                facets=Facets(
                    problem_types=(id,) if scheme == "p" else (),
                    countermeasure_types=(id,) if scheme == "c" else (),
                ),
            )

    def _carried(
        self,
        text: str,
        types: Iterable[tuple[str, Concept]],
        addressed: Iterable[str] = (),
        about: Iterable[str] = (),
    ) -> tuple[tuple[str, int], ...]:
        """Tokens of the types, of all whose words stand in the text, and of what is broader than either."""
        strength = dict.fromkeys(about, BY_WORD) | dict.fromkeys(addressed, BY_ADDRESS)
        for scheme, concept in types:
            strength[f"{scheme}:{concept.id}"] = BY_TYPE
        for token in self._lexicon.tokens(normal(text)):
            strength[token] = max(strength.get(token, 0), BY_WORD) + (1 if token in strength else 0)
        for token in list(strength):
            for broader in self._lexicon.broader.get(token, ()):
                strength.setdefault(broader, BY_BROADER)
        return tuple(sorted(strength.items()))


def _place_facets(community: Community, report: Report | None) -> Facets:
    date = (report.surveyed or report.published or "") if report else ""
    return Facets(
        region=community.place.province or "",
        setting=community.place.setting.value if community.place.setting else "",
        year=date[:4],
    )


def _facets(
    place: Facets,
    *,
    problem_types: tuple[str, ...] = (),
    countermeasure_types: tuple[str, ...] = (),
    who: tuple[str, ...] = (),
    status: tuple[str, ...] = (),
) -> Facets:
    return Facets(problem_types, countermeasure_types, who, status, place.region, place.setting, place.year)


def _ids(concepts: Iterable[Concept], scheme: Concepts) -> tuple[str, ...]:
    """The concepts and all that is broader, each once."""
    return tuple(dict.fromkeys(found.id for concept in concepts for found in ancestry(concept, scheme)))
