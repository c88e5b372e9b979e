"""The generated projects of the benchmark obey every rule, and the judged queries fit the reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import ROOT
from surveybase.check import examine
from surveybase.diagnostics import Severity
from surveybase.reading.passages import divide
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import Subject, read_subject

from bench.generate import project
from bench.judged import Hit, Judge, queries


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated") / "project"
    project(25, folder, source=ROOT)
    return folder


def read(folder: Path) -> Subject:
    findings = examine(folder, folder / "docs", folder / "data")
    # Hints may be: a catalogue holds more than a few reports use.
    assert [item for item in findings if item.severity is not Severity.HINT] == []
    return read_subject(read_sources(folder, folder / "docs", folder / "data")[0])[0]


def test_a_generated_project_has_no_finding(generated: Path) -> None:
    subject = read(generated)
    assert len(subject.base.communities) == 25
    made = [survey for id, survey in subject.base.surveys.items() if id[-5:].isdigit()]
    assert len(made) == 20
    for survey in made:
        assert len(survey.problems) == len(survey.countermeasures) == 3
        assert len(survey.observations) >= 18


def test_the_same_seed_gives_the_same_files(generated: Path, tmp_path: Path) -> None:
    project(25, tmp_path / "again", source=ROOT)
    folders = (generated / name for name in ("docs", "data"))
    files = {path.relative_to(generated) for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert all((generated / path).read_bytes() == (tmp_path / "again" / path).read_bytes() for path in files)


def test_every_answer_stands_in_its_report() -> None:
    subject = read(ROOT)
    texts = {
        id: "\n".join(f"{passage.heading}\n{passage.text}" for passage in divide(marked.body))
        for id, marked in subject.bodies.items()
    }
    folded = {id: "".join(text.split()) for id, text in texts.items()}
    missing = [
        (query.text, words)
        for query in queries()
        for answer in query.answers
        for words in answer.any
        if "".join(words.lstrip("§").split()) not in folded[answer.report]
    ]
    assert missing == []


def test_there_are_enough_queries_of_every_kind() -> None:
    kinds = {query.kind for query in queries()}
    assert kinds == {"exact", "multi", "cross", "para", "natural", "typo", "trad", "pinyin", "number"}
    assert len(queries()) >= 244


def test_scores(tmp_path: Path) -> None:
    query = next(query for query in queries() if query.text == "下水道")
    answer = query.answers[0]
    scorer = Judge(tmp_path, {}, {})
    right, wrong = Hit(answer.report, f"前{answer.any[0]}后"), Hit("another", answer.any[0])
    assert scorer.score(query, [right]).rank == 1
    assert scorer.score(query, [wrong, right]).rank == 0.5
    assert scorer.score(query, [wrong]).recall == 0
