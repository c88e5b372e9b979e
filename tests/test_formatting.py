"""``surveybase fmt``: the same data in its one form, and never anything else."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import ROOT, SMALL, Files, write
from properties import bounded
from surveybase.authoring.markdown import tidied
from surveybase.cli import main
from surveybase.model import KnowledgeBase
from surveybase.reading.body import convert
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import read_subject

from bench.generate import project as generate

Capture = pytest.CaptureFixture[str]

COMMUNITY = "data/communities/east.yml"
REPORT = "docs/reports/east-2012.md"


def base(project: Path) -> KnowledgeBase:
    sources, unread = read_sources(project, project / "docs", project / "data")
    assert not [item for item in unread if item.code not in {"file-bom", "file-line-ends"}]
    subject, findings = read_subject(sources)
    assert not findings
    return subject.base


def contents(project: Path) -> dict[str, bytes]:
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and path.suffix in {".yml", ".md"}
    }


def formatted_twice(project: Path) -> dict[str, bytes]:
    """What the project holds after it was formatted; another time changes nothing."""
    assert main(["fmt", str(project)]) == 0
    once = contents(project)
    assert main(["fmt", str(project), "--check"]) == 0
    assert main(["fmt", str(project)]) == 0
    assert contents(project) == once
    return once


@pytest.mark.parametrize("project", ["own", "generated"])
def test_the_knowledge_base_is_the_same_before_and_after(project: str, tmp_path: Path) -> None:
    if project == "own":
        for folder in ("docs", "data"):
            shutil.copytree(ROOT / folder, tmp_path / folder)
    else:
        generate(12, tmp_path)
    for path in sorted(tmp_path.glob("d*/*/*")):
        if path.suffix == ".yml":
            path.write_text(disordered(path.read_text("utf-8")), "utf-8")
        elif path.parent.name == "reports":
            path.write_text(path.read_text("utf-8").replace("\n\n", "\n\n\n").replace("\n- ", "\n* "), "utf-8")
    before, files = base(tmp_path), contents(tmp_path)
    after = formatted_twice(tmp_path)
    assert base(tmp_path) == before
    changed = {path for path in files if files[path] != after[path]}
    assert {path for path in files if path.startswith(("data/communities/", "docs/reports/"))} <= changed


def disordered(text: str) -> str:
    """With the last field of each short record first, and texts in quotes."""
    text = re.sub(r"\{(value: [^{}\n]*?), (quote: [^{}\n]*)\}", r"{\2, \1}", text)
    return re.sub(r"(title|quote): ([^'\"\n,{}\[\]#]+)$", r"\1: '\2'", text, flags=re.MULTILINE)


def test_our_own_files_are_formatted(capsys: Capture) -> None:
    assert main(["fmt", "--check", str(ROOT / "docs"), str(ROOT / "data")]) == 0
    assert capsys.readouterr().out == "0 个文件要整理，0 个读不了、没有动\n"


def test_one_edit_in_a_formatted_file_changes_one_line(tmp_path: Path) -> None:
    before = formatted_twice(write(tmp_path, SMALL))[COMMUNITY].decode().splitlines()
    path = tmp_path / COMMUNITY
    path.write_text(path.read_text("utf-8").replace("value: 2000", "value: 2001.50"), "utf-8")
    after = formatted_twice(tmp_path)[COMMUNITY].decode().splitlines()
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [
        (
            "      households: {value: 2000, quote: 全社区有2000户}",
            "      households: {value: 2001.50, quote: 全社区有2000户}",
        )
    ]


def test_check_lists_what_would_change_and_changes_nothing(tmp_path: Path, capsys: Capture) -> None:
    write(tmp_path, {**SMALL, COMMUNITY: SMALL[COMMUNITY].replace("name: 东社区", "name: '东社区'")})
    before = contents(tmp_path)
    assert main(["fmt", "--check", str(tmp_path)]) == 1
    assert f"要整理：{COMMUNITY}\n" in capsys.readouterr().out
    assert contents(tmp_path) == before


def test_only_the_files_asked_about_are_touched(tmp_path: Path) -> None:
    write(tmp_path, {**SMALL, COMMUNITY: SMALL[COMMUNITY].replace("name: 东社区", "name: '东社区'")})
    before = contents(tmp_path)
    assert main(["fmt", str(tmp_path / COMMUNITY)]) == 0
    after = contents(tmp_path)
    assert [path for path in before if before[path] != after[path]] == [COMMUNITY]


BROKEN: Files = {
    "yaml-syntax": "name: [东社区\n",
    "yaml-duplicate-key": "name: 东社区\nname: 西社区\n",
    "yaml-unsupported": "name: &a 东社区\n",
    "yaml-ambiguous": "name: no\n",
    "yaml-tab": "name: 东社区\n\tlevel: community\n",
    "text-invisible": "name: 东\u200b社区\n",
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_file_that_cannot_be_read_is_left_with_the_ordinary_findings(
    code: str, tmp_path: Path, capsys: Capture
) -> None:
    write(tmp_path, {**SMALL, COMMUNITY: BROKEN[code]})
    assert main(["fmt", str(tmp_path)]) == 1
    assert re.search(rf"^{COMMUNITY}:\d+:\d+: 错误 {code} ", capsys.readouterr().out, re.MULTILINE)
    assert (tmp_path / COMMUNITY).read_text("utf-8") == BROKEN[code]


def test_what_editors_leave_in_a_file_is_taken_out(tmp_path: Path) -> None:
    write(tmp_path, SMALL)
    expected = formatted_twice(tmp_path)
    for name in (COMMUNITY, REPORT):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + expected[name].replace(b"\n", b"\r\n"))
    assert formatted_twice(tmp_path) == expected


def test_a_file_keeps_its_rights(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL) / REPORT
    path.chmod(0o640)
    formatted_twice(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_cannot_be_written_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    write(tmp_path, SMALL)
    before = contents(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", REPORT)

    monkeypatch.setattr(os, "replace", full)
    assert main(["fmt", str(tmp_path)]) == 2
    assert "读写文件出错" in capsys.readouterr().err
    assert contents(tmp_path) == before
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()]


def test_the_comments_of_front_matter_stay_in_it(tmp_path: Path) -> None:
    text = "---\n# 题\ntitle: 报告 # 甲\ncommunity: east\nauthors: [居委会]\nsource: {title: 资料}\n---\n正文\n"
    formatted_twice(write(tmp_path, {**SMALL, COMMUNITY: "name: 东\nlevel: city\nreports: {}\n", REPORT: text}))
    assert (tmp_path / REPORT).read_text("utf-8") == (
        "---\n# 题\ntitle: 报告  # 甲\ncommunity: east\nauthors:\n  - 居委会\nsource:\n  title: 资料\n---\n\n正文\n"
    )


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("\n\n甲  \n\n\n\n乙 \n\n\n", "甲\n\n乙\n"),
        ("##甲\n乙\n### 丙 \n\n丁\n", "## 甲\n\n乙\n\n### 丙\n\n丁\n"),
        ("* 甲\n* 乙\n", "- 甲\n- 乙\n"),
        ("甲   \n乙\n", "甲  \n乙\n"),
        ("```\n* 甲  \n\n\n#乙\n```\n", "```\n* 甲  \n\n\n#乙\n```\n"),
        ("    #甲  \n\n\n    乙\n", "    #甲  \n\n\n    乙\n"),
        ("**甲**乙\n", "**甲**乙\n"),
        ("#\n", "#\n"),
        ("* 3 * 4\n", "- 3 * 4\n"),
        ("甲  \n## 乙\n", "甲\n\n## 乙\n"),
        ("| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n", "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n"),
        ("   \n", ""),
    ],
)
def test_the_layout_of_a_text(markdown: str, expected: str) -> None:
    assert tidied(markdown) == expected
    assert tidied(expected) == expected


WORDS = ["甲", "乙丙", "#", "##", " ", "  ", "    ", "\t", "\n", "\n\n", "\n\n\n", "* ", "- ", "+ ", "1. "]
SIGNS = [
    "> ",
    "`",
    "```",
    "**",
    "|",
    "---",
    "===",
    "[a](b)",
    "\\",
    "\u3000",
    "~~~",
    "\n    ",
    "\n- ",
    "\n* ",
    "\n## ",
]
pieces = st.sampled_from([*WORDS, *SIGNS])


@given(st.lists(pieces, max_size=30).map("".join))
@bounded
def test_a_reader_sees_the_same_text_before_and_after(markdown: str) -> None:
    tidy = tidied(markdown)
    assert tidied(tidy) == tidy

    def seen(text: str) -> tuple[list[str], list[str]]:
        root = convert(text).root
        return [element.tag for element in root.iter()], " ".join(root.itertext()).split()

    assert seen(tidy) == seen(markdown)


def test_what_has_no_form_is_not_refused(tmp_path: Path, capsys: Capture) -> None:
    write(tmp_path, SMALL)
    assert main(["fmt", str(tmp_path)]) == 0
    (tmp_path / "docs/images").mkdir()
    (tmp_path / "docs/images/x.png").write_bytes(b"no picture")
    write(tmp_path, {"docs/about.md": "看\u200b不见\n"})
    assert main(["fmt", str(tmp_path), "--check"]) == 0
    (tmp_path / REPORT).write_bytes("坏".encode("gbk"))
    assert main(["fmt", str(tmp_path), "--check"]) == 1
    assert "file-encoding" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "name: 东社区\nlevel: community\nplace:\n  # 省: 不知道\nreports:\n",
        "name: 东社区\nlevel: community\nplace:\n\n  # 省: 不知道\n  # 市: 也不知道\nreports:\n  # 以后再填\n",
        "name: 东社区\nlevel: community\nreports:\n  a:\n    observations:\n      # staff: 20\n    problems:\n",
        "# yaml-language-server: $schema=../../schemas/community.json\n# 名称\nname: 东社区\nlevel: community\n",
    ],
)
def test_a_comment_stays_in_the_field_or_at_the_beginning_where_it_stands(text: str, tmp_path: Path) -> None:
    write(tmp_path, {**SMALL, COMMUNITY: text})
    formatted_twice(tmp_path)
    assert (tmp_path / COMMUNITY).read_text("utf-8") == text


def test_what_is_for_programs_stays_at_the_beginning(tmp_path: Path) -> None:
    lines = ["# SPDX-License-Identifier: CC-BY-4.0", "# yaml-language-server: $schema=a.json"]
    write(tmp_path, {**SMALL, COMMUNITY: "\n".join([*lines, "level: community", "name: 东社区", ""])})
    formatted_twice(tmp_path)
    assert (tmp_path / COMMUNITY).read_text("utf-8").splitlines() == [*lines, "name: 东社区", "level: community"]
