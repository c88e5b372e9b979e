"""``surveybase new``: files that only have to be filled in, and that nothing is overwritten."""

from __future__ import annotations

import errno
import io
import json
import os
import re
from pathlib import Path

import pytest
from projects import SMALL, write
from surveybase.authoring.canonical import Shape
from surveybase.authoring.drafting import free_id
from surveybase.cli import main
from surveybase.reading.documents import Fields, read_data, read_report
from surveybase.reading.schema import (
    AffectedEntry,
    CommunityFile,
    CountermeasureEntry,
    ObservationEntry,
    OutcomeEntry,
    PlaceEntry,
    ProblemEntry,
    Record,
    ReportFile,
    SourceEntry,
    SurveyEntry,
)
from surveybase.reading.source import Source

Capture = pytest.CaptureFixture[str]

EAST = "data/communities/east.yml"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small project in its form, as the folder one is in."""
    monkeypatch.chdir(write(tmp_path, SMALL))
    assert main(["fmt"]) == 0
    return tmp_path


def contents(project: Path) -> dict[str, str]:
    return {
        path.relative_to(project).as_posix(): path.read_text("utf-8")
        for path in sorted(project.rglob("*"))
        if path.suffix in {".md", ".yml"}
    }


def findings(capsys: Capture) -> list[tuple[str, str, str]]:
    capsys.readouterr()
    main(["check", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    return [(item["file"], item["code"], item["field"]) for item in found if item["severity"] != "hint"]


LEFT = [
    ("data/communities/dong-feng.yml", "field-missing", "reports.ting-che-nan.observations（数据）"),
    ("data/communities/dong-feng.yml", "field-missing", "reports.ting-che-nan.problems（问题）"),
    ("data/communities/dong-feng.yml", "field-missing", "reports.ting-che-nan.countermeasures（对策）"),
    ("docs/reports/ting-che-nan.md", "field-missing", "authors（作者）"),
    ("docs/reports/ting-che-nan.md", "field-missing", "source.title（题名）"),
]
NEW = ["new", "community", "--name", "东风社区", "--level", "community", "--title", "停车难"]


def test_a_new_community_has_both_files_and_lacks_only_what_is_to_be_filled_in(
    project: Path, capsys: Capture
) -> None:
    before = contents(project)
    assert main(NEW) == 0
    told = capsys.readouterr().out
    after = contents(project)
    assert {*after} - {*before} == {"data/communities/dong-feng.yml", "docs/reports/ting-che-nan.md"}
    assert {name: after[name] for name in before} == before
    assert findings(capsys) == LEFT
    for file, _, field in LEFT:
        assert any(line.startswith(f"  {file}:") and line.endswith(field) for line in told.splitlines())
    assert main(["fmt", "--check"]) == 0


def test_what_is_given_stands_in_the_files_and_refers_to_each_other(project: Path) -> None:
    assert main([*NEW, "--surveyed", "2024-05", "--community", "dong", "--id", "dong-2024"]) == 0
    files = contents(project)
    report, _ = read_report(Source("a", files["docs/reports/dong-2024.md"]))
    community, _ = read_data(Source("b", files["data/communities/dong.yml"]))
    assert report and community
    given = {name: report.text_at((name,)) for name in ("title", "community", "surveyed")}
    assert given == {"title": "停车难", "community": "dong", "surveyed": "2024-05"}
    assert [community.text_at((name,)) for name in ("name", "level")] == ["东风社区", "community"]
    reports = community.at(("reports",))
    assert isinstance(reports, Fields)
    assert [*reports.values] == ["dong-2024"]


IN_COMMUNITY: list[type[Record]] = [CommunityFile, PlaceEntry, SurveyEntry, ObservationEntry, ProblemEntry]
IN_REPORT: list[type[Record]] = [ReportFile, SourceEntry]
IN_COMMUNITY += [AffectedEntry, CountermeasureEntry, OutcomeEntry]


def test_every_field_of_the_schema_is_explained(project: Path) -> None:
    assert main(NEW) == 0
    files = contents(project)
    for name, models in {
        "data/communities/dong-feng.yml": IN_COMMUNITY,
        "docs/reports/ting-che-nan.md": IN_REPORT,
    }.items():
        for shape in [Shape.of(model) for model in models]:
            for field, about in shape.fields():
                needed = "（必填）" if field in shape.required else ""
                assert f"{about['title']}{needed}：{about['description']}" in files[name]


def test_a_report_is_added_to_its_community_and_nothing_else_of_it_changes(project: Path, capsys: Capture) -> None:
    (project / EAST).write_text((project / EAST).read_text("utf-8") + "# 完\n", "utf-8")
    before = contents(project)[EAST].splitlines()
    assert main(["new", "report", "--community", "east", "--title", "再次调研"]) == 0
    after = contents(project)[EAST].splitlines()
    kept = iter(after)
    assert all(line in kept for line in before)
    assert "  zai-ci:" in after
    assert {(file, code) for file, code, _ in findings(capsys)} == {
        (EAST, "field-missing"),
        ("docs/reports/zai-ci.md", "field-missing"),
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", "report", "--community", "east", "--id", "east-2012"],
        ["new", "community", "--community", "east", "--name", "东", "--level", "city", "--title", "甲"],
        ["new", "report", "--community", "west", "--title", "甲"],
        ["new", "report", "--title", "甲"],
        ["new", "report", "--community", "east", "--id", "../east"],
        ["new", "report", "--community", "east", "--id", "con"],
        ["new", "report", "--community", "east", "--id", "甲"],
        ["new", "report", "--community", "east", "--id", "a" * 61],
        ["new", "community", "--community", "../west", "--name", "西", "--title", "甲"],
    ],
)
def test_nothing_is_overwritten_and_nothing_is_written_for_a_wrong_id(
    arguments: list[str], project: Path, capsys: Capture
) -> None:
    before = contents(project)
    assert main(arguments) == 2
    assert capsys.readouterr().err.strip()
    assert contents(project) == before


def test_a_file_with_errors_is_not_added_to(project: Path, capsys: Capture) -> None:
    (project / EAST).write_text("name: [\n", "utf-8")
    before = contents(project)
    assert main(["new", "report", "--community", "east", "--title", "甲"]) == 2
    assert "yaml-syntax" in capsys.readouterr().err
    assert contents(project) == before


def test_what_stands_in_the_place_of_reports_is_not_thrown_away(project: Path, capsys: Capture) -> None:
    text = re.sub(r"reports:\n(  .*\n)+", "reports: [keep-me, and-me]\n", (project / EAST).read_text("utf-8"))
    (project / EAST).write_text(text, "utf-8")
    before = contents(project)
    assert main(["new", "report", "--community", "east", "--title", "甲"]) == 2
    assert "reports" in capsys.readouterr().err
    assert contents(project) == before
    (project / EAST).write_text(text.replace("[keep-me, and-me]", ""), "utf-8")
    assert main(["new", "report", "--community", "east", "--title", "甲"]) == 0


def test_when_the_report_cannot_be_made_its_community_is_left_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    before = contents(project)
    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(os, "replace", full)
    assert main(["new", "report", "--community", "east", "--title", "甲"]) == 2
    monkeypatch.undo()
    assert contents(project) == before


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_what_is_not_given_is_asked_for(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("东风社区\ncommunity\n停车难\n2024\n\n"))
    assert main(["new", "community"]) == 0
    told = capsys.readouterr().out
    assert "名称（必填）：社区的名称" in told
    assert "community 社区、subdistrict 街道" in told
    assert "surveyed: 2024\n" in contents(project)["docs/reports/ting-che-nan.md"]
    assert findings(capsys) == LEFT


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("沙依巴克区某街社区", [], "sha-yi-ba-ke"),
        ("沙依巴克区某街社区", ["sha-yi-ba-ke", "sha-yi-ba-ke-2"], "sha-yi-ba-ke-3"),
        ("某社区", [], "community"),
        ("2024年", [], "community-2024-nian"),
        ("", ["community"], "community-2"),
        ("🙂", [], "community"),
        ("绿园", [], "lv-yuan"),
    ],
)
def test_an_id_is_made_of_the_sounds_of_a_name(name: str, taken: list[str], expected: str) -> None:
    assert free_id(name, taken) == expected
