"""Measure what an import finds of the figures, problems and countermeasures of a report.

    python -m bench.importing [--sources FILE ...] [--misses]

Three kinds of text are imported, each through all of the import:

- our reports, written as a Word file with typed headings and as a text file, against our own data;
- reports made up for this measurement (``bench/imports``), whose wording nobody had in mind when the catalogues
  and the matching were made, against what a person reads in them;
- the sources of our reports, where a file with them is given: a part begins with a line that is the ``section`` of
  a report's source. Our reports are rewritten, so that only figures are compared, by indicator and value.

A figure is found when indicator, value and precision agree; a problem or countermeasure when a sentence with its
quote has its type as the first one.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from docx import Document
from surveybase.importing.candidates import CandidateFinder, Candidates
from surveybase.importing.documents import read_document
from surveybase.importing.markdown import markdown
from surveybase.importing.numbering import in_chinese
from surveybase.importing.stretches import own_words
from surveybase.model import Precision, Quantity, Survey
from surveybase.reading.body import HEADINGS, convert
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import Subject, read_subject

PROJECT = Path(__file__).resolve().parents[1]
MADE_UP = Path(__file__).resolve().parent / "imports"
FIGURES, PROBLEMS, COUNTERMEASURES = "figures", "problems", "countermeasures"


@dataclass(frozen=True)
class Expected:
    """What a text says: figures by indicator, types by words of the sentence; ``ignored`` count neither way."""

    figures: Mapping[str, Quantity]
    problems: Sequence[tuple[str, str]] = ()
    countermeasures: Sequence[tuple[str, str]] = ()
    ignored: frozenset[str] = frozenset()


@dataclass
class Score:
    """How many were right, how many were found and how many there are."""

    right: int = 0
    found: int = 0
    there: int = 0
    misses: list[str] = field(default_factory=list)

    def __iadd__(self, other: Score) -> Score:
        self.right += other.right
        self.found += other.found
        self.there += other.there
        self.misses += other.misses
        return self

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 1.0


Scores = dict[str, Score]


# --- Scoring --------------------------------------------------------------------------------------------


def imported(name: str, content: bytes) -> Candidates:
    document = read_document(name, content)
    return finder().candidates(convert(markdown(document.blocks, ())))


def score(found: Candidates, expected: Expected) -> Scores:
    scores = {FIGURES: _score_of_figures(found, expected)}
    if expected.problems or expected.countermeasures:
        scores[PROBLEMS] = _score_of_types(found.problems, expected.problems)
        scores[COUNTERMEASURES] = _score_of_types(found.countermeasures, expected.countermeasures)
    return scores


def _score_of_figures(found: Candidates, expected: Expected) -> Score:
    got = {id: _quantity(entry, id) for id, entry in found.observations.items() if id not in expected.ignored}
    right = [id for id, quantity in got.items() if expected.figures.get(id) == quantity]
    misses = [f"not there: {id} {quantity}" for id, quantity in got.items() if id not in right]
    misses += [f"not found: {id} {quantity}" for id, quantity in expected.figures.items() if id not in right]
    return Score(len(right), len(got), len(expected.figures), misses)


def _quantity(entry: Mapping[str, Any], id: str) -> Quantity:
    """The quantity of an entry in the unit of its indicator."""
    indicator = own_subject().base.indicators[id]
    factor = indicator.also_units[entry["unit"]] if "unit" in entry else Decimal(1)
    if "status" in entry:
        return Quantity(Decimal(-1))
    if "range" in entry:
        low, high = entry["range"]
        return Quantity(low * factor, high=high * factor)
    return Quantity(entry["value"] * factor, Precision(entry.get("precision", "exact")))


def _score_of_types(entries: Mapping[str, Mapping[str, Any]], expected: Iterable[tuple[str, str]]) -> Score:
    left = [(_bare(words), type) for words, type in expected]
    counted, right, misses = len(left), 0, []
    for entry in entries.values():
        quote = _bare(entry["quote"])
        pair = next((item for item in left if item[1] == entry["type"] and _overlap(item[0], quote)), None)
        if pair:
            left.remove(pair)
            right += 1
        else:
            misses.append(f"not there: {entry['type']} {entry['quote'][:40]}")
    misses += [f"not found: {type} {words[:40]}" for words, type in left]
    return Score(right, len(entries), counted, misses)


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


# --- The texts ------------------------------------------------------------------------------------------


@cache
def own_subject() -> Subject:
    sources, _ = read_sources(PROJECT, PROJECT / "docs", PROJECT / "data")
    return read_subject(sources)[0]


def _expected(survey: Survey) -> Expected:
    return Expected(
        {id: item.quantity for id, item in survey.observations.items() if item.quantity},
        [(item.quote, item.type.id) for item in survey.problems],
        [(item.quote, item.type.id) for item in survey.countermeasures],
        frozenset(id for id, item in survey.observations.items() if item.gap),
    )


@cache
def finder() -> CandidateFinder:
    return CandidateFinder(own_subject().base)


def own_reports(kind: str) -> Iterator[tuple[str, Scores]]:
    """Scores of our reports, each written as a file of the kind and imported again."""
    for id, survey in own_subject().base.surveys.items():
        lines = list(_lines(id))
        content = _as_word(lines) if kind == "docx" else _as_text(lines)
        yield id, score(imported(f"{id}.{kind}", content), _expected(survey))


Line = str | list[list[str]]  # a paragraph or a table


def _lines(id: str) -> Iterator[Line]:
    """The report as somebody would type it: headings with numbers, lists as paragraphs."""
    body = convert(own_subject().documents.reports[id].body)
    counts = [0, 0]
    for element in body.root.iter():
        if element.tag in HEADINGS:
            inner = int(element.tag[1]) > 2
            counts = [counts[0], counts[1] + 1] if inner else [counts[0] + 1, 0]
            number = f"（{in_chinese(counts[1])}）" if inner else f"{in_chinese(counts[0])}、"
            yield number + own_words(element)
        elif element.tag in {"p", "li"} and (text := own_words(element)):
            yield text
        elif element.tag == "table":
            yield [[own_words(cell) for cell in row if _is_cell(cell)] for row in element.iter("tr")]


def _is_cell(element: Element) -> bool:
    return element.tag in {"td", "th"}


def _as_word(lines: Iterable[Line]) -> bytes:
    document = Document()
    for line in lines:
        if isinstance(line, str):
            document.add_paragraph(line)
            continue
        table = document.add_table(rows=len(line), cols=len(line[0]))
        for row, texts in zip(table.rows, line, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _as_text(lines: Iterable[Line]) -> bytes:
    texts = (line if isinstance(line, str) else "\n".join(map("\t".join, line)) for line in lines)
    return "\n\n".join(texts).encode("gb18030")


def made_up() -> Iterator[tuple[str, Scores]]:
    """Scores of the reports that were made up for this."""
    for path in sorted(MADE_UP.glob("*.txt")):
        said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        expected = Expected(
            {id: _written(value) for id, value in said[FIGURES].items()},
            list(said[PROBLEMS].items()),
            list(said[COUNTERMEASURES].items()),
        )
        yield path.stem, score(imported(path.name, path.read_bytes()), expected)


def _written(value: float | str) -> Quantity:
    """A quantity as these files have it: 12 or ``about 12``."""
    precision, _, number = str(value).rpartition(" ")
    return Quantity(Decimal(number), Precision(precision or "exact"))


def given_sources(paths: Iterable[Path]) -> Iterator[tuple[str, Scores]]:
    """Scores of the parts of the files that are sources of our reports."""
    surveys = {survey.report.source.section: survey for survey in own_subject().base.surveys.values()}
    for path in paths:
        part: str | None = None
        texts: dict[str, list[str]] = {}
        for line in path.read_text(encoding="utf-8-sig").split("\n"):
            part = line.strip() if line.strip() in surveys else part
            if part:
                texts.setdefault(part, []).append(line)
        for section, lines in texts.items():
            survey = surveys[section]
            expected = _expected(survey)
            expected = Expected(expected.figures, ignored=expected.ignored)
            yield survey.report.id, score(imported("source.txt", "\n".join(lines[1:]).encode()), expected)


# --- The table ------------------------------------------------------------------------------------------


def total(scores: Iterable[Scores]) -> Scores:
    summed: Scores = {}
    for item in scores:
        for kind, one in item.items():
            summed.setdefault(kind, Score())
            summed[kind] += one
    return summed


def _print(title: str, measured: Sequence[tuple[str, Scores]], misses: bool) -> None:
    print(f"\n{title}\n")
    print("| text | what | right | found | there | precision | recall |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for name, scores in (*measured, ("all", total(scores for _, scores in measured))):
        for kind, one in scores.items():
            figures = f"{one.right} | {one.found} | {one.there} | {one.precision:.2f} | {one.recall:.2f}"
            print(f"| {name} | {kind} | {figures} |")
    if misses:
        for name, scores in measured:
            for kind, one in scores.items():
                print("\n".join(f"{name}, {kind}: {miss}" for miss in one.misses))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Precision and recall of imported figures and statements.")
    parser.add_argument(
        "--sources", nargs="*", type=Path, default=[], help="text files with the sources of our reports"
    )
    parser.add_argument("--misses", action="store_true", help="list what was not found or is not there")
    options = parser.parse_args(arguments)
    for kind in ("docx", "txt"):
        _print(f"Our reports, as .{kind}", list(own_reports(kind)), options.misses)
    _print("Made up for this", list(made_up()), options.misses)
    if options.sources:
        _print("The sources of our reports", list(given_sources(options.sources)), options.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
