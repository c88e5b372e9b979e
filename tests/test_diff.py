"""``surveybase diff``: what a reviewer is shown of a change, and that what was contributed stays data."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from projects import SMALL, report, write
from properties import bounded
from surveybase.authoring import history
from surveybase.authoring.comparison import Comparison, Group, Row, State
from surveybase.authoring.comparison_formats import LONGEST, LONGEST_CELL, cell, markdown
from surveybase.cli import main

Capture = pytest.CaptureFixture[str]

COMMUNITY = "data/communities/east.yml"
REPORT = "docs/reports/east-2012.md"
TEXT = SMALL[REPORT]


@pytest.fixture
def diff(tmp_path: Path, capsys: Capture) -> Callable[..., str]:
    """What is printed for the small project and the same with other files; None for a file that is gone."""

    def compared(files: dict[str, str | None], *options: str) -> str:
        before, after = write(tmp_path / "before", SMALL), write(tmp_path / "after", SMALL)
        for name, text in files.items():
            (after / name).unlink(missing_ok=True)
            write(after, {name: text} if text is not None else {})
        assert main(["diff", str(before), str(after), *options]) == 0
        return capsys.readouterr().out

    return compared


def changes(printed: str) -> dict[str, list[tuple[str, str | None, str | None]]]:
    return {
        file["path"]: [(row["what"], row["before"], row["after"]) for row in file["changes"]]
        for file in json.loads(printed)["files"]
    }


def edited(old: str, new: str) -> dict[str, str | None]:
    assert old in SMALL[COMMUNITY]
    return {COMMUNITY: SMALL[COMMUNITY].replace(old, new)}


def test_without_a_change_nothing_is_listed(diff: Callable[..., str]) -> None:
    assert diff({}) == "报告和数据没有变化。\n\n检查：没有新增；没有消除。\n"
    assert diff({COMMUNITY: SMALL[COMMUNITY] + "# 注\n"}) == diff({})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("value: 2000", "value: 2100", ("数据 · 总户数", "2000户", "2100户")),
        ("value: 2000", "value: 2000, precision: about", ("数据 · 总户数", "2000户", "约2000户")),
        ("value: 2000", "range: [1900, 2100]", ("数据 · 总户数", "2000户", "1900–2100户")),
        ("{value: 2000,", "{status: withheld,", ("数据 · 总户数", "2000户", "不公开")),
        ("quote: 全社区有2000户", "quote: 2000户", ("数据 · 总户数 · 引文", "全社区有2000户", "2000户")),
        ("title: 停车位不够", "title: 车多", ("问题 · 车多 · 标题", "停车位不够", "车多")),
        (
            "type: parking",
            "type: traffic",
            ("问题 · 停车位不够 · 问题类型", "停车难（parking）", "交通（traffic）"),
        ),
        ("status: proposed", "status: done", ("对策 · 建停车场 · 进展", "建议", "已完成")),
        ("who: [city]", "who: [city, society]", ("对策 · 建停车场 · 谁能做", "市", "市、社会力量")),
        ("name: 东社区", "name: 西社区", ("名称", "东社区", "西社区")),
        ("level: community\n", "level: community\nplace: {city: 某市}\n", ("地点", None, "地级：某市")),
        (
            "households: {value: 2000, quote: 全社区有2000户}",
            "households: {value: 2000, quote: 全社区有2000户}\n      workers: {value: 3, quote: 三人}",
            ("数据 · 工作人员", None, "3人（三人）"),
        ),
    ],
)
def test_each_change_is_a_row_with_both_states(
    old: str, new: str, expected: tuple[str, str | None, str | None], diff: Callable[..., str]
) -> None:
    assert changes(diff(edited(old, new), "--format", "json")) == {COMMUNITY: [expected]}


def test_of_a_text_the_paragraphs_that_differ_are_shown(diff: Callable[..., str]) -> None:
    text = TEXT.replace("车没有地方停。", "车没有地方停了。") + "\n新的一段。\n"
    assert changes(diff({REPORT: text}, "--format", "json")) == {
        REPORT: [("正文", "车没有地方停。", "车没有地方停了。"), ("正文", None, "新的一段。")]
    }


def test_files_that_are_new_gone_or_unreadable_are_told_apart(diff: Callable[..., str]) -> None:
    new = SMALL[COMMUNITY].replace("east-2012", "west-2012").replace("东", "西")
    printed = diff(
        {
            COMMUNITY: "name: [\n",
            REPORT: None,
            "data/communities/west.yml": new,
            "docs/reports/west-2012.md": report("west", "全社区有2000户。"),
        },
        "--format",
        "json",
    )
    states = {file["path"]: file["state"] for file in json.loads(printed)["files"]}
    assert states == {
        COMMUNITY: "unreadable",
        REPORT: "removed",
        "data/communities/west.yml": "new",
        "docs/reports/west-2012.md": "new",
    }
    assert ("数据 · 总户数", None, "2000户（全社区有2000户）") in changes(printed)["data/communities/west.yml"]


@pytest.mark.parametrize(
    ("new", "factor"),
    [("value: 4000", None), ("value: 4001", 2.0), ("value: 20000", 10.0), ("value: 999", 2.0), ("value: 0", 0.0)],
)
def test_a_number_that_moves_by_more_than_a_factor_of_two_is_called_out(
    new: str, factor: float | None, diff: Callable[..., str]
) -> None:
    [file] = json.loads(diff(edited("value: 2000", new), "--format", "json"))["files"]
    assert [row["factor"] for row in file["changes"]] == [factor]
    printed = diff(edited("value: 2000", new))
    assert ("请核对" in printed) == ("⚠️ 数据 · 总户数" in printed) == (factor is not None)


def test_another_unit_is_no_other_amount(diff: Callable[..., str]) -> None:
    files = edited("value: 2000", "value: 2, unit: 千户")
    catalogue = "data/indicators.yml"
    files[catalogue] = SMALL[catalogue].replace("unit: 户,", "unit: 户, also_units: {千户: 1000},")
    [file] = [file for file in json.loads(diff(files, "--format", "json"))["files"] if file["path"] == COMMUNITY]
    assert [(row["after"], row["factor"]) for row in file["changes"]] == [("2千户", None)]


def test_findings_that_come_and_go_are_counted(diff: Callable[..., str]) -> None:
    printed = diff(edited("value: 2000", "value: 2001"))
    assert "检查：新增 1 处错误（evidence-figure 1）；没有消除。" in printed
    [finding] = json.loads(diff(edited("value: 2000", "value: 2001"), "--format", "json"))["findings"]["new"]
    assert (finding["code"], finding["file"]) == ("evidence-figure", COMMUNITY)


HOSTILE = (
    "@all #1 [a](http://evil.example) <img src=x onerror=y> | x | `c` **b** www.evil.example ![](//e) &lt; $x$"
)


def test_what_was_contributed_makes_no_markup_and_calls_nobody(diff: Callable[..., str]) -> None:
    printed = diff(edited("title: 停车位不够", f"title: '{HOSTILE}'"))
    row = next(line for line in printed.splitlines() if "标题" in line and line.startswith("|"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 4
    page = Markdown(extensions=["tables"]).convert(printed)
    assert not re.search(r"<(img|a|strong|code>c)", page)
    for call in ("@all", "#1", "://", "www.", "<img"):
        assert call not in printed


@given(
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.text(st.sampled_from("@#a1:/w.|`*_[]()<>&\n\\ ~$-"), max_size=30)
)
@bounded
def test_any_words_stay_words_within_one_cell(words: str) -> None:
    written = cell(words)
    assert "\n" not in written
    assert not re.search(r"(?<!\\)(?:\\\\)*[|`*\[\]~$]|[<>]|[@#]\w|://|(?i:www\.|gh-\d)", written)
    assert len(cell("甲" * 1000)) == LONGEST_CELL


def test_private_numbers_are_masked_and_a_long_comparison_is_cut(diff: Callable[..., str]) -> None:
    for format in ("markdown", "json"):
        printed = diff(edited("title: 停车位不够", "title: 请打13800138000"), "--format", format)
        assert "13800138000" not in printed
        assert "138" in printed
    paragraphs = "\n\n".join(f"{number}段{'长' * 290}" for number in range(400))
    printed = diff({REPORT: TEXT + "\n" + paragraphs})
    assert len(printed) < LONGEST + 1000
    assert "没有列出" in printed


# --- Of commits ----------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> str:
    identity = {
        f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env={**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull},
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small project in git, with one edit on the branch ``edit``; the working folder is at ``main``."""
    write(tmp_path, SMALL)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Begin")
    git(tmp_path, "checkout", "-qb", "edit")
    write(tmp_path, {name: str(text) for name, text in edited("value: 2000", "value: 2001").items()})
    git(tmp_path, "commit", "-qam", "Edit")
    git(tmp_path, "checkout", "-q", "main")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(capsys: Capture, *arguments: str) -> Any:
    assert main(["diff", *arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_commits_are_compared_without_touching_the_folder(repository: Path, capsys: Capture) -> None:
    (repository / COMMUNITY).write_text("name: 没有保存的\n", "utf-8")
    files = printed(capsys, "main", "edit")["files"]
    assert [(file["path"], file["changes"][0]["after"]) for file in files] == [(COMMUNITY, "2001户")]
    assert git(repository, "status", "--porcelain", "--untracked-files=no") == f"M {COMMUNITY}"
    assert (repository / COMMUNITY).read_text("utf-8") == "name: 没有保存的\n"


def test_a_commit_is_compared_with_what_lies_in_the_folder(repository: Path, capsys: Capture) -> None:
    assert printed(capsys, "main")["files"] == []
    assert printed(capsys, "edit")["files"][0]["changes"][0]["after"] == "2000户"


def test_a_project_within_a_larger_repository_is_compared_too(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = write(tmp_path / "larger" / "site", SMALL)
    git(tmp_path / "larger", "init", "-q", "-b", "main")
    git(tmp_path / "larger", "add", ".")
    git(tmp_path / "larger", "commit", "-qm", "Begin")
    write(project, {name: str(text) for name, text in edited("value: 2000", "value: 2001").items()})
    monkeypatch.chdir(project)
    assert [file["path"] for file in printed(capsys, "main")["files"]] == [COMMUNITY]


@pytest.mark.parametrize("name", ["nowhere", "--output=x", "main:data", ""])
def test_what_is_no_commit_is_said_to_be_none(repository: Path, name: str, capsys: Capture) -> None:
    assert main(["diff", "--", name]) == 2
    assert "没有这个分支、标签、提交或文件夹" in capsys.readouterr().err
    assert not (repository / "x").exists()


def test_links_and_attributes_of_a_commit_are_not_followed(
    repository: Path, capsys: Capture, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("name: 机密\n", "utf-8")
    git(repository, "checkout", "-q", "edit")
    (repository / "data/communities/west.yml").symlink_to(secret)
    (repository / "data/.gitattributes").write_text("* export-ignore\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "Link")
    git(repository, "checkout", "-q", "main")
    result = printed(capsys, "main", "edit")
    assert "机密" not in json.dumps(result, ensure_ascii=False)
    assert [file["path"] for file in result["files"]] == [COMMUNITY]
    assert ("file-kind", "data/communities/west.yml") in {
        (item["code"], item["file"]) for item in result["findings"]["new"]
    }


@pytest.mark.parametrize("number", ["13812345678", "11010519491231002X"])
@pytest.mark.parametrize("before", [265, 285, 290, 295])
def test_a_private_number_is_masked_where_the_words_are_cut(number: str, before: int) -> None:
    row = Row("正文", None, "中" * before + number + "中" * 400)
    longer = Row("正文", "中" * before + number + "甲" * 400, "中" * before + number + "乙" * 400)
    nearer = Row(
        "正文", "中" * 300 + f"{number}，" + "中" * 15 + "甲", "中" * 300 + f"{number}，" + "中" * 15 + "乙"
    )
    for one in (row, longer, nearer):
        group = Group("东社区", COMMUNITY, State.CHANGED, (one,))
        assert not re.search(f"{number[:8]}|{number[-8:]}|[0-9]{{6}}", markdown(Comparison((group,), (), ())))


def moved(folder: Path, text: str) -> Path:
    """The small project in folders of other names, with another text of its community."""
    write(folder, {**SMALL, COMMUNITY: text})
    (folder / "docs").rename(folder / "texts")
    (folder / "data").rename(folder / "facts")
    return folder


def test_a_file_that_cannot_be_read_is_neither_gone_nor_new_whatever_its_folder(
    tmp_path: Path, capsys: Capture
) -> None:
    whole, broken = moved(tmp_path / "a", SMALL[COMMUNITY]), moved(tmp_path / "b", "name: [\n")
    path = "facts/communities/east.yml"
    for before, after, state in ((whole, broken, "unreadable"), (broken, whole, "mended")):
        assert (
            main(["diff", str(before), str(after), "--docs", "texts", "--data", "facts", "--format", "json"]) == 0
        )
        files = json.loads(capsys.readouterr().out)["files"]
        assert [(file["path"], file["state"]) for file in files] == [(path, state)]


def test_of_a_mended_file_nothing_is_said_to_have_been_missing(tmp_path: Path, capsys: Capture) -> None:
    before, after = write(tmp_path / "a", {**SMALL, COMMUNITY: "name: [\n"}), write(tmp_path / "b", SMALL)
    assert main(["diff", str(before), str(after)]) == 0
    printed = capsys.readouterr().out
    assert "原来读不了，现在改好 1 个文件" in printed
    assert "| 数据 · 总户数 | （读不了） | 2000户" in printed
    assert "（没有）" not in printed


def test_what_a_commit_holds_is_read_in_parts_and_not_without_end(
    repository: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = printed(capsys, "main", "edit")
    largest = 0

    def measured(*arguments: Any, **options: Any) -> bytes | None:
        nonlocal largest
        answer = git_of_history(*arguments, **options)
        largest = max(largest, len(answer or b""))
        return answer

    git_of_history = history._git
    monkeypatch.setattr(history, "_git", measured)
    monkeypatch.setattr(history, "MOST_AT_ONCE", 1)
    assert printed(capsys, "main", "edit") == whole
    assert largest < sum(len(text.encode()) for text in SMALL.values())
    monkeypatch.setattr(history, "MOST", 1000)
    assert main(["diff", "main", "edit"]) == 2
    assert "太大" in capsys.readouterr().err
