"""Records to the files of the index.

``meta.bin`` is the one file with a fixed name; the name of every other one ends with a tag of its content, so
that it never changes. Every file is published as gzip, whatever the host does:

``meta.bin``       JSON: the tags of the others, except those of ``t/``, and what is needed for every query
``concepts-TAG``   JSON: labels and synonyms of the concepts that records carry
``concepts-unused-TAG``  the same of the others, wanted when little is found
``s/N-TAG``        a shard: the terms from one boundary to the next, each with its postings
``f/N-B-TAG``      block B of the postings of a frequent term, those of the greatest impact first
``t/N-TAG``        JSON: what is shown of 16 records
``d/N-TAG``        the tags of 512 files of ``t/``
``traditional-TAG``, ``guess-TAG``   JSON: tables for Traditional text, pinyin and typing errors
``c/N-TAG``        JSON: columns of the facets of some 100,000s of numbers
``labels-TAG``     JSON: the words for the values of the facets

Postings are groups of one impact each, the greatest first: impact (one byte), count, then the records as
differences, numbers being LEB128. The impact is the saturated frequency of BM25 in quarters, for a fixed mean
length, so that a record's part does not depend on other records; the browser multiplies with the rarity.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from hashlib import blake2b
from itertools import groupby
from typing import Any, TypeVar

from surveybase.chinese import simplified_characters, syllables
from surveybase.search.records import CONCEPT_PAGES, Entry, Kind, Record
from surveybase.search.shown import TEXTS_IN_BLOCK, Prepared, Shown, as_json
from surveybase.search.text import (
    ALL_HAN,
    HOW_WORDS,
    QUESTION_WORDS,
    UNIVERSAL_HEADINGS,
    han,
    normal,
    terms,
)
from surveybase.views.figures import Target
from surveybase.views.words import ACTORS, SETTINGS, STATUSES

VERSION = 1
SHARD_BYTES = 6_000
BLOCK_BYTES = 4_000
FREQUENT_BYTES = 6_000
NUMBERS_IN_COLUMNS = 1 << 18  # about 300 KB

SATURATION, LENGTH_SHARE, MEAN_TERMS = 1.2, 0.4, 45  # k1, b and the mean length of BM25
GREATEST_IMPACT = 15
TITLE_WEIGHT = 2
HEADED = (Kind.PASSAGE, Kind.COMMUNITY, Kind.CONCEPT)

Postings = dict[str, "array[int]"]
_Value = TypeVar("_Value", bound=StrEnum)


# A community's records of a kind begin at a multiple of this, so that one more or less seldom moves those of
# others: what an edit does not touch keeps its bytes.
STEPS = {Kind.PROBLEM.value: 4, Kind.COUNTERMEASURE.value: 4, Kind.PASSAGE.value: TEXTS_IN_BLOCK}

COMMUNITY = 3  # the place of a record's community in what is shown of it


def prepare(records: Iterable[Record], address: Callable[[Target], str]) -> list[Prepared]:
    """What the index needs of each record. It does not depend on other records."""
    return [_prepared(record, address) for record in records]


def _prepared(record: Record, address: Callable[[Target], str]) -> Prepared:
    impacts = _impacts(record)
    shown = (
        record.id,
        address(Target(record.target.kind, record.target.id)),
        record.target.anchor,
        (record.community, record.community_name),
        record.title,
        record.text,
        int(record.is_part),
    )
    facets = record.facets
    return record.kind.value, shown, facets.item, facets.place, "\n".join(impacts), bytes(impacts.values())


def build(
    found: Callable[[], Iterable[Prepared]], entries: Sequence[Entry], address: Callable[[Target], str]
) -> dict[str, bytes]:
    """The files of the index by path, before gzip.

    ``found`` gives the records, those of a community together. It is asked twice, so that they are never all in
    memory: first their numbers are given out, then what they say is taken up one by one.
    """
    numbers, starts, size = _numbers(found())
    shown = Shown(size)
    postings = _postings(zip(numbers, map(shown.noted, numbers, found()), strict=True))
    shards, frequent = _divided(postings)
    characters = "".join(han("".join(term for term in postings if term[0] not in "@#$")))
    used, unused = _concepts(entries, postings)
    files = _Files()
    text_tags = [files.add(f"t/{i}", content) for i, content in enumerate(shown.texts())]
    directories = [text_tags[i : i + TAGS_IN_BLOCK] for i in range(0, len(text_tags), TAGS_IN_BLOCK)]
    columns = shown.columns(NUMBERS_IN_COLUMNS)
    meta = {
        "version": VERSION,
        "records": len(numbers),
        "numbers": size,
        "kinds": starts,
        "shards": [first for first, _ in shards],
        "shardTags": "".join(files.add(f"s/{i}", content) for i, (_, content) in enumerate(shards)),
        "frequent": [
            [term, blocks.count, [files.add(f"f/{i}-{j}", block) for j, block in enumerate(blocks.content)]]
            for i, (term, blocks) in enumerate(frequent.items())
        ],
        "textTags": [files.add(f"d/{i}", "".join(tags).encode()) for i, tags in enumerate(directories)],
        "numbersInColumns": NUMBERS_IN_COLUMNS,
        "columnTags": [files.add(f"c/{i}", as_json(part)) for i, part in enumerate(columns)],
        "tables": {
            "concepts": files.add("concepts", as_json(used)),
            "concepts-unused": files.add("concepts-unused", as_json(unused)),
            "traditional": files.add("traditional", as_json(_traditional(characters))),
            "guess": files.add("guess", as_json(_guess(characters, postings))),
            "labels": files.add("labels", as_json(_labels(entries))),
        },
        "characters": characters,
        "pages": {scheme: address(Target(kind, "{}", anchor)) for scheme, (kind, anchor) in CONCEPT_PAGES.items()},
        "questionWords": QUESTION_WORDS,
        "howWords": HOW_WORDS,
    }
    return {"meta.bin": as_json(meta), **files.content}


class _Files:
    """Files named by their content: one that has not changed keeps its name."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}

    def add(self, path: str, content: bytes) -> str:
        """The tag that follows the path in the file's name."""
        tag = blake2b(content, digest_size=3).hexdigest()
        self.content[f"{path}-{tag}.bin"] = content
        return tag


TAGS_IN_BLOCK = 512


def _numbers(found: Iterable[Prepared]) -> tuple[array[int], dict[str, int], int]:
    """The number of each record in turn, the first number of each kind, and how many numbers there are."""
    counts = {kind.value: 0 for kind in Kind}
    within: list[tuple[str, int]] = []
    for _, community in groupby(found, key=lambda record: record[1][COMMUNITY]):
        for record in community:
            within.append((record[0], counts[record[0]]))
            counts[record[0]] += 1
        for kind, step in STEPS.items():
            counts[kind] += -counts[kind] % step
    starts = {}
    size = 0
    for kind, count in counts.items():
        size += -size % TEXTS_IN_BLOCK
        starts[kind] = size
        size += count
    return array("I", (starts[kind] + number for kind, number in within)), starts, size


# --- Postings ------------------------------------------------------------------------------------------


def _postings(records: Iterable[tuple[int, Prepared]]) -> Postings:
    """By term: record × 16 + impact, in the order in which the records come."""
    postings: Postings = defaultdict(partial(array, "I"))
    for number, record in records:
        place = number << 4
        if record[4]:
            for term, impact in zip(record[4].split("\n"), record[5], strict=True):
                postings[term].append(place | impact)
    return postings


def _impacts(record: Record) -> dict[str, int]:
    """The terms of one record, each with its impact."""
    found = terms(normal(record.text))
    length = len(found)
    if record.title not in UNIVERSAL_HEADINGS:
        # The title of a problem or countermeasure says its sentence again; a heading says what its passages do not.
        found += _terms_of_words(record.title) * (TITLE_WEIGHT if record.kind in HEADED and record.text else 1)
    for words in (*record.words, record.heading):
        found += _terms_of_words(words)
    once = _impact(1, length)
    impacts = {term: once if n == 1 else _impact(n, length) for term, n in Counter(found).items()}
    # A text may hold any number of words of one concept.
    impacts |= {f"@{token}": min(GREATEST_IMPACT, strength) for token, strength in record.concepts}
    impacts |= {f"#{id}": GREATEST_IMPACT for id in record.ids}
    return impacts


# Headings are the same in many passages.
@lru_cache(maxsize=1 << 12)
def _terms_of_words(words: str) -> tuple[str, ...]:
    return tuple(terms(normal(words)))


@lru_cache(maxsize=1 << 12)
def _impact(frequency: int, length: int) -> int:
    """The saturated frequency in quarters; 1 for a single term in a text of the mean length would be 4."""
    share = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length / MEAN_TERMS)
    return min(GREATEST_IMPACT, max(1, round(4 * frequency * (SATURATION + 1) / (frequency + share))))


@dataclass(frozen=True, slots=True)
class _Blocks:
    """The postings of a frequent term, and in how many records it stands."""

    count: int
    content: list[bytes]


def _divided(postings: Postings) -> tuple[list[tuple[str, bytes]], dict[str, _Blocks]]:
    """The shards with the first term of each, and the frequent terms."""
    shards: list[tuple[str, bytes]] = []
    frequent: dict[str, _Blocks] = {}
    shard: list[tuple[str, bytes]] = []
    size = 0
    # The browser compares strings by UTF-16 units.
    for term in sorted(postings, key=lambda term: term.encode("utf-16-be")):
        found = sorted(postings[term])
        if len(found) > FREQUENT_BYTES:
            frequent[term] = _Blocks(len(found), list(_blocks(found)))
            continue
        encoded = _encoded(found)
        shard.append((term, encoded))
        size += len(encoded) + len(term) + 4
        if size >= SHARD_BYTES:
            shards.append((shard[0][0], _shard(shard)))
            shard, size = [], 0
    if shard:
        shards.append((shard[0][0], _shard(shard)))
    return shards, frequent


def _shard(entries: Sequence[tuple[str, bytes]]) -> bytes:
    """Count; then of each term the length shared with the one before, the length of the rest, the rest in UTF-8,
    the length of its postings; then all postings."""
    head = bytearray(_varint(len(entries)))
    before = b""
    for term, encoded in entries:
        name = term.encode()
        shared = 0
        while shared < min(len(name), len(before)) and name[shared] == before[shared]:
            shared += 1
        head += _varint(shared) + _varint(len(name) - shared) + name[shared:] + _varint(len(encoded))
        before = name
    return bytes(head) + b"".join(encoded for _, encoded in entries)


def _encoded(found: Sequence[int]) -> bytes:
    if len(found) == 1:  # as most are
        return bytes((found[0] & 15, 1)) + _varint(found[0] >> 4)
    return b"".join(_group(impact, numbers) for impact, numbers in _by_impact(found))


def _by_impact(found: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    groups: dict[int, list[int]] = {}
    for posting in found:
        if (impact := posting & 15) in groups:
            groups[impact].append(posting >> 4)
        else:
            groups[impact] = [posting >> 4]
    return ((impact, groups[impact]) for impact in sorted(groups, reverse=True))


def _group(impact: int, numbers: Sequence[int]) -> bytes:
    group = bytearray((impact,))
    group += _varint(len(numbers))
    before = 0
    for number in numbers:
        step = number - before
        before = number
        if step < 128:
            group.append(step)
        elif step < 1 << 14:  # written out, as hundreds of thousands are
            group.append(step & 127 | 128)
            group.append(step >> 7)
        else:
            group += _varint(step)
    return bytes(group)


def _blocks(found: Sequence[int]) -> Iterator[bytes]:
    for impact, numbers in _blocked(_by_impact(found)):
        yield b"".join(_group(impact, part) for impact, part in zip(impact, numbers, strict=True))


def _blocked(groups: Iterable[tuple[int, list[int]]]) -> Iterator[tuple[list[int], list[list[int]]]]:
    """Groups cut into blocks of about ``BLOCK_BYTES`` postings."""
    impacts: list[int] = []
    parts: list[list[int]] = []
    room = BLOCK_BYTES
    for impact, numbers in groups:
        start = 0
        while start < len(numbers):
            part = numbers[start : start + room]
            impacts.append(impact)
            parts.append(part)
            start += len(part)
            room -= len(part)
            if not room:
                yield impacts, parts
                impacts, parts, room = [], [], BLOCK_BYTES
    if parts:
        yield impacts, parts


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


# --- What is shown -------------------------------------------------------------------------------------


def _concepts(entries: Sequence[Entry], postings: Postings) -> tuple[list[list[Any]], list[list[Any]]]:
    """Token, label, synonyms, broader token and number of records of the concepts that records carry; the others
    with their related tokens, which then stand for them."""
    used, unused = [], []
    for entry in entries:
        row = [entry.token, entry.label, entry.alt, entry.broader, count := _count(entry, postings)]
        if count:
            used.append(row)
        else:
            unused.append([*row, entry.related])
    return used, unused


def _count(entry: Entry, postings: Postings) -> int:
    # The concept's own record carries it too.
    return max(0, len(postings.get(f"@{entry.token}", ())) - 1)


# --- Side tables ---------------------------------------------------------------------------------------


def _traditional(characters: str) -> list[str]:
    """Traditional characters and, in the same order, the Simplified ones that the index has."""
    known = set(characters)
    pairs = [(chr(code), other) for code, other in simplified_characters().items() if other in known]
    return ["".join(one for one, _ in pairs), "".join(other for _, other in pairs)]


MANY, SOME = 64, 8


def _guess(characters: str, postings: Postings) -> dict[str, dict[str, str]]:
    """``pinyin``: the characters of each syllable. ``after``: what follows each character in the index, the
    frequent ones first, those that follow many, some and few times set apart by a bar."""
    pinyin: dict[str, list[str]] = defaultdict(list)
    for character in characters:
        for syllable in syllables(character):
            pinyin[syllable].append(character)
    after: dict[str, list[list[str]]] = defaultdict(lambda: [[], [], []])
    pairs = [(-len(found), term) for term, found in postings.items() if len(term) == 2 and ALL_HAN.fullmatch(term)]
    for negative, pair in sorted(pairs):
        after[pair[0]][0 if -negative >= MANY else 1 if -negative >= SOME else 2].append(pair[1])
    return {
        "pinyin": {syllable: "".join(found) for syllable, found in sorted(pinyin.items())},
        "after": {first: "|".join(map("".join, classes)) for first, classes in sorted(after.items())},
    }


def _labels(entries: Sequence[Entry]) -> dict[str, dict[str, str]]:
    """The words for the values of each facet that has other ones; the order is the order shown."""
    types = {"problem_type": "p:", "countermeasure_type": "c:"}
    concepts = {
        facet: {entry.token[2:]: entry.label for entry in entries if entry.token.startswith(scheme)}
        for facet, scheme in types.items()
    }
    return concepts | {"who": _plain(ACTORS), "status": _plain(STATUSES), "setting": _plain(SETTINGS)}


def _plain(words: Mapping[_Value, str]) -> dict[str, str]:
    return {value.value: label for value, label in words.items()}
