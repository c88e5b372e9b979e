"""``surveybase check --fix``: what is mended, what is left, and that nothing gets worse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from projects import ROOT, SMALL, Files, write
from surveybase.authoring.fixes import FIXES
from surveybase.authoring.formatting import MARKS
from surveybase.cli import main
from surveybase.diagnostics import CODES, FIXABLE
from surveybase.reading.examples import example

Capture = pytest.CaptureFixture[str]

COMMUNITY = "data/communities/east.yml"
REPORT = "docs/reports/east-2012.md"
OBSERVATION = "households: {value: 2000, quote: 全社区有2000户}"


@pytest.fixture(scope="module")
def formatted(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The small project in its form."""
    folder = write(tmp_path_factory.mktemp("project"), SMALL)
    assert main(["fmt", str(folder)]) == 0
    return {name: (folder / name).read_text("utf-8") for name in SMALL}


@pytest.mark.parametrize(
    ("file", "given", "right", "wrong"),
    [
        (COMMUNITY, "name: 东社区", "name: 东社区", "name：东社区"),
        (COMMUNITY, "东社区\nlevel: community", "东社区\nlevel: community", "东社区\nlevel： community"),
        (COMMUNITY, "name: 东社区\nlevel: ", "name: 东社区\nlevel: ", "name：东社区\nlevel： "),
        (COMMUNITY, "level: community", "level: community", "level: “community”"),
        (COMMUNITY, "level: community", "level: community", "层级: community"),
        (COMMUNITY, "      households", "      households", "\t\t\thouseholds"),
        (COMMUNITY, "[city]", "[city, district]", "[city，district]"),
        (COMMUNITY, "[city]", "[city]", "「city」"),
        (COMMUNITY, "[city]", "[city]", "city"),
        (COMMUNITY, "value: 2000", "value: 2000", "value: 2,000"),
        (COMMUNITY, "value: 2000", "value: 2000", "value: '2,000'"),
        (COMMUNITY, "value: 2000", "value: 2000", "value: ２０００"),
        (COMMUNITY, "value: 2000", "value: 2000", "vlaue: 2000"),
        (COMMUNITY, "quote: 全", "quote: 全", "引文: 全"),
        (COMMUNITY, "status: proposed", "status: proposed", "state: proposed"),
        (COMMUNITY, "name: 东社区", "name: 东社区", "name: 东\u200b社区"),
        (COMMUNITY, "name: 东社区", 'name: "012"', "name: 012"),
        (COMMUNITY, "reports:", 'place:\n  code: "650103"\nreports:', "place:\n  code: 650103\nreports:"),
        (COMMUNITY, "reports:", 'place:\n  setting: "112"\nreports:', "place:\n  setting: 112\nreports:"),
        (REPORT, "title: east的报告", "title: east的报告", "title：east的报告"),
        (REPORT, "community: east", "community: east", "社区: east"),
        (REPORT, "authors:\n  - 居委会", "authors:\n  - 居委会", "authors: 居委会"),
        (REPORT, "---\n\n全", "---\n\n全", "---\n全"),
        (REPORT, "没有地方停", "没有地方停", "没有\u200b地方停"),
    ],
)
def test_what_is_surely_meant_is_mended(
    file: str, given: str, right: str, wrong: str, formatted: Files, tmp_path: Path
) -> None:
    assert given in formatted[file]
    write(tmp_path, {**formatted, file: formatted[file].replace(given, wrong)})
    assert main(["check", "--fix", str(tmp_path)]) == 0
    assert (tmp_path / file).read_text("utf-8") == formatted[file].replace(given, right)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        # What the author meant is not certain.
        ("title: 停车位不够", "title: “停车位不够”", "yaml-full-width"),
        ("value: 2000", "value: 约2000", "field-type"),
        ("value: 2000", "value: 2000户", "field-type"),
        ("value: 2000", "value: 20,00", "field-unknown"),
        ("status: proposed", "status: proposed\n        note: 好", "field-unknown"),
        ("quote: 车没有地方停", "quota: 别的话", "field-unknown"),  # would not stand in the report
        ("value: 2000", "value: '2,001'", "field-type"),  # would not be the figure of the quote
        ("name: 东社区", "name: 东\u202e社区", "text-invisible"),
        ("name: 东社区", "name: 东社区\nname: 西社区", "yaml-duplicate-key"),
        ("name: 东社区", "name: [东社区", "yaml-syntax"),
    ],
)
def test_what_is_not_certain_is_left_and_listed(
    old: str, new: str, code: str, formatted: Files, tmp_path: Path, capsys: Capture
) -> None:
    broken = formatted[COMMUNITY].replace(old, new, 1)
    assert broken != formatted[COMMUNITY]
    write(tmp_path, {**formatted, COMMUNITY: broken})
    assert main(["check", str(tmp_path), "--format", "json"]) == 1
    before = json.loads(capsys.readouterr().out)
    assert main(["check", "--fix", str(tmp_path), "--format", "json"]) == 1
    after = json.loads(capsys.readouterr().out)
    assert code in {item["code"] for item in after}
    assert {_said(item) for item in after} <= {_said(item) for item in before}


def _said(finding: dict[str, str]) -> tuple[str, ...]:
    return tuple(str(finding[part]) for part in ("code", "file", "field", "value"))


def test_a_mended_file_is_put_into_its_form_and_what_was_mended_is_told(
    formatted: Files, tmp_path: Path, capsys: Capture
) -> None:
    wrong = "\ufeff" + formatted[COMMUNITY].replace("name: 东社区", "name：'东社区'").replace("\n", "\r\n")
    write(tmp_path, formatted)
    (tmp_path / COMMUNITY).write_bytes(wrong.encode())
    assert main(["check", "--fix", str(tmp_path)]) == 0
    told = capsys.readouterr().err
    assert (tmp_path / COMMUNITY).read_bytes() == formatted[COMMUNITY].encode()
    for code in ("file-bom", "file-line-ends", "yaml-full-width"):
        assert re.search(rf"^已改好 {COMMUNITY}:1:\d+: \S+ {code} ", told, re.MULTILINE)
    assert main(["check", str(tmp_path)]) == 0


def test_the_marks_of_editors_go_even_where_more_is_wrong(
    formatted: Files, tmp_path: Path, capsys: Capture
) -> None:
    write(tmp_path, formatted)
    (tmp_path / COMMUNITY).write_bytes(b"\xef\xbb\xbfname: [\r\n")
    assert main(["check", "--fix", str(tmp_path)]) == 1
    assert (tmp_path / COMMUNITY).read_bytes() == b"name: [\n"
    printed = capsys.readouterr()
    assert "yaml-syntax" in printed.out
    assert "file-bom" not in printed.out


def test_only_the_files_asked_about_are_mended(formatted: Files, tmp_path: Path) -> None:
    broken = formatted[COMMUNITY].replace("name: ", "name：")
    write(tmp_path, {**formatted, COMMUNITY: broken})
    assert main(["check", "--fix", str(tmp_path / REPORT)]) == 0
    assert (tmp_path / COMMUNITY).read_text("utf-8") == broken


def test_nothing_is_written_where_nothing_is_wrong(tmp_path: Path, formatted: Files) -> None:
    write(tmp_path, formatted)
    times = {name: (tmp_path / name).stat().st_mtime_ns for name in formatted}
    assert main(["check", "--fix", str(tmp_path)]) == 0
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in formatted} == times


def test_without_fix_it_is_told_that_it_could_help(formatted: Files, tmp_path: Path, capsys: Capture) -> None:
    write(tmp_path, {**formatted, COMMUNITY: formatted[COMMUNITY].replace("name: ", "name：")})
    main(["check", str(tmp_path)])
    assert "surveybase check --fix" in capsys.readouterr().err


def test_the_codes_that_can_be_mended_are_those_that_are() -> None:
    assert set(CODES) >= FIXABLE
    assert {*FIXES, *MARKS} == FIXABLE


@pytest.mark.parametrize("code", sorted(CODES))
def test_no_finding_of_any_example_comes_by_mending_another(code: str, tmp_path: Path, capsys: Capture) -> None:
    for name, file in example(code).wrong.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    (tmp_path / "docs").mkdir(exist_ok=True)
    main(["check", str(tmp_path), "--format", "json"])
    before = json.loads(capsys.readouterr().out)
    main(["check", "--fix", str(tmp_path), "--format", "json"])
    after = json.loads(capsys.readouterr().out)
    hidden = {item["file"] for item in before if item["code"].startswith(("yaml-", "front-", "text-"))}
    new = {_said(item) for item in after} - {_said(item) for item in before}
    assert not {said for said in new if said[1] not in hidden and "hint" not in said}
    assert (code in {item["code"] for item in after}) or code in FIXABLE


def test_our_own_files_need_no_mending(capsys: Capture) -> None:
    before = {path: path.read_bytes() for path in (ROOT / "data").rglob("*.yml")}
    assert main(["check", "--fix", str(ROOT / "data"), str(ROOT / "docs")]) == 0
    assert "已改好" not in capsys.readouterr().err
    assert {path: path.read_bytes() for path in before} == before
