"""The command line: what it prints in each format, and how it ends."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from surveybase.build import progress
from surveybase.cli import main
from surveybase.commands import fmt
from surveybase.diagnostics import CODES, Diagnostic, Location, Position
from surveybase.formats import github, sarif
from surveybase.reading.examples import Files, example

ROOT = Path(__file__).parent.parent

Capture = pytest.CaptureFixture[str]
Project = Callable[[Files], Path]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    def written(files: Files) -> Path:
        for name, file in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
        return tmp_path

    return written


def test_the_five_surveys_have_no_error_and_no_warning(capsys: Capture) -> None:
    assert main(["check", str(ROOT / "docs"), str(ROOT / "data"), "--format", "json"]) == 0
    assert {item["severity"] for item in json.loads(capsys.readouterr().out)} <= {"hint"}


def test_how_far_long_work_has_come_does_not_mix_with_the_output(
    project: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "FEWEST", 1)
    folder = project(example("evidence-figure").wrong)
    assert main(["check", str(folder), "--format", "json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)
    assert "读报告和数据" in printed.err


def test_an_error_ends_with_1_and_is_printed_with_its_place_and_remedy(project: Project, capsys: Capture) -> None:
    folder = project(example("evidence-figure").wrong)
    assert main(["check", str(folder)]) == 1
    first, summary = capsys.readouterr().out.splitlines()
    assert first.startswith("data/communities/dong.yml:9:26: 错误 evidence-figure ")
    assert "写的是“12584”；与报告核对" in first
    assert summary == "1 处错误，0 处警告，0 处提示"


def test_a_warning_ends_with_0(project: Project, capsys: Capture) -> None:
    assert main(["check", str(project(example("evidence-precision").wrong))]) == 0
    assert "0 处错误，1 处警告" in capsys.readouterr().out


def test_only_findings_below_the_paths_are_printed(project: Project, capsys: Capture) -> None:
    folder = project(example("evidence-figure").wrong)
    assert main(["check", str(folder / "docs")]) == 0
    assert main(["check", str(folder / "data/communities/dong.yml")]) == 1
    assert main(["check", str(folder / "docs"), str(folder / "data/communities")]) == 1
    capsys.readouterr()


def test_hints_of_a_whole_project_are_counted_and_printed_on_demand(
    project: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project(example("catalogue-unused").wrong))
    assert main(["check"]) == 0
    printed = capsys.readouterr()
    assert "catalogue-unused" not in printed.out
    assert "1 处提示没有列出" in printed.err
    assert main(["check", "--hints"]) == 0
    assert "catalogue-unused" in capsys.readouterr().out


def test_what_cannot_be_run_ends_with_2(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check", str(tmp_path / "nowhere")]) == 2
    assert "没有这个文件或文件夹" in capsys.readouterr().err
    assert main(["check", str(tmp_path)]) == 2
    assert "不是知识库" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "还要写上：命令\n用法：surveybase --help\n"),
        (["new"], "还要写上：种类\n用法：surveybase new --help\n"),
        (["diff"], "还要写上：原来\n用法：surveybase diff --help\n"),
        (["check", "--format"], "--format 后面要写一个值\n用法：surveybase check --help\n"),
        (["check", "--frist"], "没有这样的选项或多写了：--frist\n用法：surveybase --help\n"),
    ],
)
def test_a_command_that_is_written_wrong_is_told_so_in_chinese(
    arguments: list[str], said: str, capsys: Capture
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("arguments", [["foo"], ["check", "--format", "foo"], ["new", "foo"]])
def test_what_can_be_chosen_is_told_in_chinese(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    said = capsys.readouterr().err
    assert "没有“foo”；可以写 " in said
    assert "choose" not in said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a.yml"), "读写文件出错：a.yml：磁盘满了\n"),
        (
            OSError(errno.EPERM, "Not permitted", ".x", None, "a.yml"),
            "读写文件出错：a.yml：没有权限，或者磁盘的格式不支持\n",
        ),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "读写文件出错：输出没有写完，接收的一方已经关上\n"),
    ],
)
def test_what_the_system_refuses_is_told_in_chinese(
    error: OSError, said: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: object) -> int:
        raise error

    monkeypatch.setattr(fmt, "run", failing)
    assert main(["fmt"]) == 2
    assert capsys.readouterr().err == said


def test_json_has_every_part_of_a_finding(project: Project, capsys: Capture) -> None:
    main(["check", str(project(example("evidence-figure").wrong)), "--format", "json"])
    [finding] = json.loads(capsys.readouterr().out)
    assert finding == {
        "code": "evidence-figure",
        "severity": "error",
        "file": "data/communities/dong.yml",
        "line": 9,
        "column": 26,
        "field": "reports.dong-2012.observations.residents",
        "value": "12584",
        "message": "引文“合计12548人”没有说出这个数：引文里的数是 12548",
        "remedy": "与报告核对，改正数值或单位；或换成说出这个数的那一句",
        "reference": "reference/evidence-figure/",
        "fixable": False,
    }


def test_sarif_names_each_rule_and_the_place_of_each_result(project: Project, capsys: Capture) -> None:
    main(["check", str(project(example("evidence-figure").wrong)), "--format", "sarif"])
    sarif = json.loads(capsys.readouterr().out)
    [run] = sarif["runs"]
    [result] = run["results"]
    assert sarif["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(CODES)
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "evidence-figure"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "data/communities/dong.yml"
    assert place["region"] == {"startLine": 9, "startColumn": 26}


def test_sarif_has_what_its_schema_requires() -> None:
    places = (Location("docs/报告 1#.md"), Location("data/a.yml", Position(3, 5)))
    log = json.loads(sarif([Diagnostic(where, code, "不对", "改正") for where in places for code in CODES]))
    [run] = log["runs"]
    assert set(log) == {"$schema", "version", "runs"}
    assert set(run) <= {"tool", "columnKind", "results"}
    assert run["tool"]["driver"]["name"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rule["id"] and rule["shortDescription"]["text"] for rule in rules)
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {"error", "warning", "note"}
    assert len(run["results"]) == 2 * len(CODES)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] == rules[result["ruleIndex"]]["defaultConfiguration"]["level"]
        assert result["message"]["text"]
        [location] = result["locations"]
        assert re.fullmatch(
            r"(?:[\w.~/-]|%[0-9A-F]{2})+", location["physicalLocation"]["artifactLocation"]["uri"], re.A
        )
        assert min(location["physicalLocation"]["region"].values()) >= 1


def test_a_github_annotation_is_one_line_whatever_the_contributor_wrote() -> None:
    hostile = "甲\n::error::乙\r::set-output name=x::y%0A"
    where = Location("docs/reports/a,b:c.md", Position(3, 5))
    printed = github([Diagnostic(where, "field-value", "不对", "改正", value=hostile)])
    assert printed.count("\n") == 1
    assert re.match(r"::error file=docs/reports/a%2Cb%3Ac\.md,line=3,col=5,title=field-value [^:,]+::", printed)
    assert printed.count("::") == 2 + hostile.count("::")


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif"])
@pytest.mark.parametrize("code", ["privacy-id", "privacy-mobile", "privacy-card", "privacy-count"])
def test_no_format_prints_a_private_number(project: Project, capsys: Capture, code: str, format: str) -> None:
    secret = {
        "privacy-id": "19491231",
        "privacy-mobile": "0138000",
        "privacy-card": "00112230",
        "privacy-count": "5名",
    }
    main(["check", str(project(example(code).wrong)), "--format", format])
    printed = capsys.readouterr()
    assert code in printed.out
    assert secret[code] not in printed.out + printed.err


def test_a_private_number_in_any_other_finding_is_masked_too(project: Project, capsys: Capture) -> None:
    files = dict(example("evidence-missing").wrong)
    path = "data/communities/dong.yml"
    text = files[path].text.replace("quote: 总计12548人", "quote: 请打13800138000，合计12548人")
    main(["check", str(project({**files, path: type(files[path])(text, "")}))])
    printed = capsys.readouterr().out
    assert "evidence-missing" in printed
    assert "138******00" in printed
    assert "13800138000" not in printed


def test_files_that_cannot_be_read_are_looked_through_for_private_numbers(
    project: Project, capsys: Capture
) -> None:
    files = dict(example("yaml-syntax").wrong)
    path = "data/communities/dong.yml"
    broken = type(files[path])(files[path].text + "# 电话13800138000\n", "")
    main(["check", str(project({**files, path: broken}))])
    printed = capsys.readouterr().out
    assert "yaml-syntax" in printed
    assert "privacy-mobile" in printed
