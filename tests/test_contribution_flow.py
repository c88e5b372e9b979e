"""From a fork to the published site, on real repositories: new, edit, check, diff, merge, build."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from projects import SMALL, build, write

WRITER, REVIEWER = "writer", "reviewer"
REPORT, COMMUNITY = "docs/reports/ting-che-nan.md", "data/communities/dong-feng.yml"

# What the writer fills in, as people write: a full-width colon, a separator of thousands, a tab.
FILLED = {
    COMMUNITY: {
        "    observations:\n": "    observations:\n\t\t\thouseholds：{value: 2,100, quote: 全社区有2100户}\n",
        "    problems:\n": "    problems:\n      too-few: {type: parking, title: 车位少, quote: 车位不够}\n",
        "    countermeasures:\n": """\
    countermeasures:
      more:
        type: more-parking
        title: 添车位
        addresses: [too-few]
        who: community
        status: proposed
        quote: 建议添车位
""",
    },
    REPORT: {
        "authors:\n": "authors: 居委会\n",
        "  title:\n": "  title: 资料\n",
        "## 基本情况\n": "## 基本情况\n全社区有2100户。\n",
        "## 问题\n": "## 问题\n* 车位不够。\n",
        "## 对策\n": "## 对策\n* 建议添车位。\n\n\n",
    },
}


def environment(who: str) -> dict[str, str]:
    identity = {f"GIT_{role}_NAME": who for role in ("AUTHOR", "COMMITTER")}
    identity |= {f"GIT_{role}_EMAIL": f"{who}@example.org" for role in ("AUTHOR", "COMMITTER")}
    return {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull, "PYTHONIOENCODING": "utf-8"}


def run(folder: Path, *command: str, who: str = WRITER, expected: int = 0) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment(who), capture_output=True, encoding="utf-8", check=False, input=""
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout


def surveybase(folder: Path, *arguments: str, expected: int = 0) -> str:
    return run(folder, sys.executable, "-m", "surveybase.cli", *arguments, expected=expected)


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """A bare repository with the small project on ``main``."""
    bare, first = tmp_path / "upstream.git", tmp_path / "first"
    run(tmp_path, "git", "init", "-q", "--bare", "-b", "main", str(bare))
    run(tmp_path, "git", "clone", "-q", str(bare), str(first))
    write(first, SMALL)
    surveybase(first, "fmt")
    run(first, "git", "checkout", "-qb", "main")
    run(first, "git", "add", ".")
    run(first, "git", "commit", "-qm", "Begin")
    run(first, "git", "push", "-q", "origin", "main")
    return bare


def test_a_new_report_goes_from_a_fork_to_the_site(upstream: Path, tmp_path: Path) -> None:
    fork, clone, review = tmp_path / "fork.git", tmp_path / "clone", tmp_path / "review"
    run(tmp_path, "git", "clone", "-q", "--bare", str(upstream), str(fork))
    run(tmp_path, "git", "clone", "-q", str(fork), str(clone))
    run(clone, "git", "checkout", "-qb", "report")

    # The writer begins: the files are there, and what is still to fill is named.
    told = surveybase(clone, "new", "community", "--name", "东风社区", "--level", "community", "--title", "停车难")
    assert f"新建：{REPORT}" in told
    assert f"新建：{COMMUNITY}" in told
    assert surveybase(clone, "check", expected=1).count(" field-missing ") == 5

    # The writer fills them in as people do, and what is certain is mended.
    for name, filled in FILLED.items():
        path = clone / name
        text = path.read_text("utf-8")
        for empty, full in filled.items():
            assert empty in text
            text = text.replace(empty, full, 1)
        path.write_text(text, "utf-8")
    surveybase(clone, "check", expected=1)
    surveybase(clone, "check", "--fix")
    assert "      households: {value: 2100, quote: 全社区有2100户}\n" in (clone / COMMUNITY).read_text("utf-8")
    surveybase(clone, "fmt", "--check")
    run(clone, "git", "add", ".")
    run(clone, "git", "commit", "-qm", "Add a report")
    run(clone, "git", "push", "-q", "origin", "report")

    # The reviewer fetches the branch, checks out nothing of it, and sees what it says.
    run(tmp_path, "git", "clone", "-q", str(upstream), str(review))
    run(review, "git", "fetch", "-q", str(fork), "report:report", who=REVIEWER)
    shown = surveybase(review, "diff", "main", "report")
    assert not (review / COMMUNITY).exists()
    assert "### 新增：东风社区" in shown
    assert "| 数据 · 总户数 | （没有） | 2100户（全社区有2100户） |" in shown
    assert "处错误" not in shown
    run(review, "git", "merge", "-q", "--no-ff", "-m", "Merge the report", "report", who=REVIEWER)
    run(review, "git", "push", "-q", "origin", "main", who=REVIEWER)

    # What is published has it.
    published = tmp_path / "published"
    run(tmp_path, "git", "clone", "-q", str(upstream), str(published))
    built = build(published)
    assert built.status == 0, built.output
    page = "".join(built.page("communities/dong-feng").itertext())
    assert "东风社区" in page
    assert "2100" in page.replace(",", "")
    assert "车位少" in page


def test_a_correction_is_one_line_for_the_reviewer_and_a_bad_one_is_called_out(
    upstream: Path, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    run(tmp_path, "git", "clone", "-q", str(upstream), str(clone))
    run(clone, "git", "checkout", "-qb", "correction")
    path = clone / "data/communities/east.yml"
    path.write_text(path.read_text("utf-8").replace("value: 2000", "value: 20000"), "utf-8")
    run(clone, "git", "commit", "-qam", "Correct")
    assert run(clone, "git", "diff", "--numstat", "main").split()[:2] == ["1", "1"]
    shown = surveybase(clone, "diff", "main", "correction")
    assert "| ⚠️ 数据 · 总户数 | 2000户 | 20000户 |" in shown
    assert "新增 1 处错误（evidence-figure 1）" in shown
    assert surveybase(clone, "check", expected=1).count(" evidence-figure ") == 1
