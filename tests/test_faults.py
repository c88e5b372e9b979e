"""A copy of the second survey with fifty faults: each is found, where it is, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from surveybase.cli import main

FAULTS = Path(__file__).parent / "faults"


def written_faults() -> list[tuple[str, str, int]]:
    """Code, file and line of each fault; the line is found by words that stand on no other."""
    listed = []
    for entry in (FAULTS / "faults.txt").read_text(encoding="utf-8").splitlines()[1:]:
        code, file, words = entry.split("\t")
        listed.append((code, file, int(words[1:]) if words.startswith("=") else line_with(words, FAULTS / file)))
    return listed


def line_with(words: str, file: Path) -> int:
    lines = file.read_text(encoding="utf-8").split("\n")
    [line] = [number for number, line in enumerate(lines, 1) if words in line]
    return line


def test_fifty_faults_are_found_on_their_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(FAULTS), "--format", "json"]) == 1
    found = [(item["code"], item["file"], item["line"]) for item in json.loads(capsys.readouterr().out)]
    assert sorted(found) == sorted(written_faults())
    assert len(found) == 50


def test_the_findings_are_printed_one_a_line_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(FAULTS)]) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    assert len(lines) == 50
    assert [line for line in lines if line.count("；") < 1] == []
    assert last == "39 处错误，10 处警告，1 处提示"
