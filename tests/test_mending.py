"""``surveybase check --fix``: what is mended, what is left, and that nothing gets worse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from projects import ROOT, SMALL, Files, write
from surveybase.authoring.fixes import FIXES
from surveybase.authoring.formatting import MARKS
from surveybase.authoring.mending import Mended, mend
from surveybase.build.compiling import compile_with
from surveybase.build.memory import CACHE, Memory
from surveybase.check import examine_sources
from surveybase.cli import main
from surveybase.diagnostics import CODES, FIXABLE, Diagnostic
from surveybase.reading.examples import example
from surveybase.reading.sources import Sources, read_sources

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
        (COMMUNITY, "      households: ", "      households: ", "\t\t\thouseholds："),
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
        ("title: 停车位不够", "title: “BRT”", "yaml-full-width"),
        ("name: 东社区", "name: “163.com”", "yaml-full-width"),
        # Fields of other places, or of none.
        ("name: 东社区", "name: 东社区\nplace: {section: '112'}", "field-unknown"),
        ("name: 东社区", "name: 东社区\nplace: {provence_of: 甲}", "field-unknown"),
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


@pytest.mark.parametrize("field", ["published", "titles"])
def test_a_field_of_another_place_is_not_taken_for_a_like_one(field: str, formatted: Files, tmp_path: Path) -> None:
    wrong = re.sub(r"source:\n(  .*\n)+", rf"source:\n  title: 报告\n  {field}: 2020-01\n", formatted[REPORT])
    assert field in wrong
    write(tmp_path, {**formatted, REPORT: wrong})
    assert main(["check", "--fix", str(tmp_path)]) == 1
    assert (tmp_path / REPORT).read_text("utf-8") == wrong


def test_a_tab_counts_as_one_step_of_its_file(formatted: Files, tmp_path: Path) -> None:
    place = "place:\n{0}province: 甲\n{1}city: 乙\nreports:"
    write(tmp_path, {**formatted, COMMUNITY: formatted[COMMUNITY].replace("reports:", place.format("    ", "\t"))})
    assert main(["check", "--fix", str(tmp_path)]) == 0
    mended = (tmp_path / COMMUNITY).read_text("utf-8")
    assert mended == formatted[COMMUNITY].replace("reports:", place.format("  ", "  "))


def test_a_file_that_would_be_no_easier_to_read_is_left(formatted: Files, tmp_path: Path) -> None:
    # The tab goes between two depths: whichever is meant, its author knows.
    wrong = formatted[COMMUNITY].replace("reports:", "place:\n    province: 甲\n   \tcity: 乙\nreports:")
    write(tmp_path, {**formatted, COMMUNITY: wrong})
    assert main(["check", "--fix", str(tmp_path)]) == 1
    assert (tmp_path / COMMUNITY).read_text("utf-8") == wrong


def test_a_hint_more_keeps_nothing_from_being_mended(formatted: Files, tmp_path: Path) -> None:
    types = "data/problems.yml"
    wrong = formatted[types] + "unheard-of:\n  lable: 没人用\n  definition: 还没有人用的类型\n"
    write(tmp_path, {**formatted, types: wrong})
    assert main(["check", "--fix", str(tmp_path)]) == 0
    assert "label: 没人用" in (tmp_path / types).read_text("utf-8")


def test_of_many_edits_one_that_fails_costs_no_examination_for_each_other(formatted: Files, tmp_path: Path) -> None:
    # Three can be made, the fourth would leave the quote outside of the report.
    wrong = (
        formatted[COMMUNITY].replace("value: 2000", "vlaue: 2000").replace("status: proposed", "state: proposed")
    )
    wrong = wrong.replace("title: 停车位不够", "tilte: 停车位不够").replace("quote: 车没有地方停", "quota: 别的话")
    write(tmp_path, {**formatted, COMMUNITY: wrong})
    count = 0

    def counted(sources: Sources, unread: Iterable[Diagnostic]) -> list[Diagnostic]:
        nonlocal count
        count += 1
        return examine_sources(sources, unread, None, Memory(tmp_path / CACHE), compile_with())[1]

    sources, unread = read_sources(tmp_path, tmp_path / "docs", tmp_path / "data")
    result = mend(sources, unread, counted)
    assert len(result.mended) == 3
    assert count <= 1 + 1 + 4 + 1 + 1  # as it was, all at once, one by one, once more, in its form


def test_what_was_saved_meanwhile_is_not_overwritten(
    formatted: Files, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {**formatted, COMMUNITY: formatted[COMMUNITY].replace("name: ", "name：")})
    saved = formatted[COMMUNITY].replace("东社区", "新社区")

    def saving(*arguments: Any) -> Mended:
        result = mend(*arguments)
        (tmp_path / COMMUNITY).write_text(saved, "utf-8")
        return result

    monkeypatch.setattr("surveybase.commands.check.mend", saving)
    assert main(["check", "--fix", str(tmp_path)]) == 0
    assert (tmp_path / COMMUNITY).read_text("utf-8") == saved
    assert COMMUNITY in capsys.readouterr().err
