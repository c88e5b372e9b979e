"""What can be found of the project's own reports."""

from __future__ import annotations

from collections import Counter

import pytest
from projects import ROOT
from surveybase.addresses import address
from surveybase.reading.passages import divide
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import Subject, read_subject
from surveybase.search.records import Kind, Lexicon, Record, community_records, concept_records


@pytest.fixture(scope="module")
def subject() -> Subject:
    sources, _ = read_sources(ROOT, ROOT / "docs", ROOT / "data")
    return read_subject(sources)[0]


@pytest.fixture(scope="module")
def found(subject: Subject) -> list[Record]:
    passages = {id: divide(marked.body) for id, marked in subject.bodies.items()}
    return [*community_records(subject.base, passages, Lexicon(subject.base)), *concept_records(subject.base)]


def test_every_problem_countermeasure_and_community_is_there_once(subject: Subject, found: list[Record]) -> None:
    base = subject.base
    counts = Counter(record.kind for record in found)
    assert counts[Kind.PROBLEM] == len(base.problems)
    assert counts[Kind.COUNTERMEASURE] == len(base.countermeasures)
    assert counts[Kind.COMMUNITY] == len(base.communities)
    assert len({record.id for record in found}) == len(found)


def test_every_word_of_every_report_can_be_found(subject: Subject, found: list[Record]) -> None:
    texts = {id: "".join(record.text for record in found if record.target.id == id) for id in subject.bodies}
    for id, marked in subject.bodies.items():
        for passage in divide(marked.body):
            assert passage.text in texts[id]


def test_every_target_has_an_address(found: list[Record]) -> None:
    assert all(address(record.target) for record in found)


def test_a_problem_carries_its_type_and_what_is_broader(subject: Subject, found: list[Record]) -> None:
    by_id = {record.id: record for record in found}
    for problem in subject.base.problems:
        record = by_id[f"problem:{problem.report}/{problem.key}"]
        tokens = dict(record.concepts)
        assert f"p:{problem.type.id}" in tokens
        assert problem.type.broader is None or f"p:{problem.type.broader}" in tokens
        assert problem.quote in record.text or record.text in problem.quote


def test_a_passage_does_not_repeat_what_a_problem_says(subject: Subject, found: list[Record]) -> None:
    quotes = {problem.quote for problem in subject.base.problems}
    assert not [record.text for record in found if record.kind is Kind.PASSAGE and record.text in quotes]
