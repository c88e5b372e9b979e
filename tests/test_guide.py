"""The guide for contributors works when it is followed to the letter, and prints what it says.

`pytest tests/test_guide.py --rewrite-golden` writes the outputs in the guide anew; read the difference.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from browsing import Visit
from docx import Document
from guide import Reader, follow
from pictures import FOLDER, LARGEST, PICTURES, Picture, webp
from projects import ROOT, build
from surveybase.reading.pictures import fault_of_picture

GUIDE = ROOT / "docs" / "contribute"
SET_UP = ("plugins/form/bundle.py", "plugins/form/package-lock.json")  # what the Makefile asks for
COPIED = (
    "docs",
    "data",
    "schemas",
    "mkdocs.yml",
    "Makefile",
    "pyproject.toml",
    "requirements.lock",
    ".gitignore",
    *SET_UP,
)
IDENTITY = {
    f"GIT_{role}_{part}": value
    for role in ("AUTHOR", "COMMITTER")
    for part, value in (("NAME", "小李"), ("EMAIL", "li@example.org"))
}
SETTINGS = {
    **IDENTITY,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "PYTHONIOENCODING": "utf-8",
    "NO_MKDOCS_2_WARNING": "1",
    "LC_ALL": "C.UTF-8",
}


def git(folder: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **SETTINGS}, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout


def copied(folder: Path) -> Path:
    """This project, as a download of it is, without its programs."""
    (folder / "plugins" / "form").mkdir(parents=True)
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    return folder


def set_up(project: Path) -> None:
    """What the first `make` does and no test should: here, the programs of this very environment."""
    (project / ".venv").mkdir()
    (project / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    for name in ("deps", "installed"):
        (project / ".venv" / name).touch()


def compared(page: str, told: str, request: pytest.FixtureRequest) -> None:
    """Hold the page against what following it has printed, or write it anew when that is asked for."""
    path = GUIDE / page
    if told != path.read_text("utf-8") and request.config.getoption("--rewrite-golden", False):
        path.write_text(told, "utf-8")
        pytest.fail(f"{path} is rewritten: read the difference, then run again", pytrace=False)
    assert told == path.read_text("utf-8")


def test_who_knows_git_gets_a_report_into_a_branch(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    fork, home = tmp_path / "fork.git", tmp_path / "home"
    first = copied(tmp_path / "first")
    git(first, "init", "-q", "-b", "main")
    git(first, "add", "-A")
    git(first, "commit", "-qm", "Begin")
    git(tmp_path, "clone", "-q", "--bare", str(first), str(fork))
    home.mkdir()
    guide = (GUIDE / "with-git.md").read_text("utf-8")
    clone = "git clone 您的复制本的网址 surveybase\n"
    assert clone in guide
    git(home, "clone", "-q", str(fork), "surveybase")
    set_up(home / "surveybase")

    # The clone is there already, as it needs its programs before the next line.
    told = follow(guide.replace(clone, ""), Reader(home, SETTINGS))
    compared("with-git.md", told.replace("cd surveybase\n", f"{clone}cd surveybase\n", 1), request)
    assert git(fork, "diff", "--name-only", "main", "dong-feng").split() == [
        "data/communities/dong-feng.yml",
        "docs/reports/ting-che-nan.md",
    ]
    built = build(home / "surveybase", tmp_path / "site")
    assert built.status == 0, built.output
    page = " ".join("".join(built.page("reports/ting-che-nan").itertext()).split())
    assert "整理小李" in page


def test_who_has_a_word_file_gets_two_files_to_confirm(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    project = copied(tmp_path / "surveybase")
    set_up(project)
    word = Document()
    word.add_heading("东门社区调研", 0)
    for heading, text in (
        ("一、基本情况", "东门社区有居民2100户、约5800人，工作人员12人。"),
        ("二、存在的问题", "停车位不够，不少车停在路上，消防车进不来。"),
        ("三、建议", "建议社区与相邻的学校商量，晚上开放操场停车。"),
    ):
        word.add_heading(heading, 1)
        word.add_paragraph(text)
    word.save(str(project / "东门社区调研.docx"))
    guide = (GUIDE / "without-git.md").read_text("utf-8")
    install = 'python3 -m venv .venv\n.venv/bin/pip install -e ".[import]"\n'
    assert install in guide
    # The programs are there already, and installing them again takes a network.
    told = follow(guide.replace(install, ""), Reader(project, SETTINGS))
    compared("without-git.md", told.replace("```sh\n```", f"```sh\n{install}```", 1), request)
    assert "# 待确认" in (project / "data/communities/dong-men.yml").read_text("utf-8")
    assert "停车位不够" in (project / "docs/reports/dong-men.md").read_text("utf-8")


# --- Pictures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_what_a_picture_shows_is_still_there(visit: Visit, picture: Picture) -> None:
    content = webp(picture.png(visit))
    assert fault_of_picture(".webp", content) is None
    assert len(content) < LARGEST


def test_every_picture_is_shown_with_words_and_is_small() -> None:
    pages = "".join(path.read_text("utf-8") for path in sorted(GUIDE.glob("*.md")))
    shown = re.findall(r"!\[([^\]]{10,})\]\(\.\./images/contribute/([a-z-]+)\.webp\)", pages)
    assert sorted(name for _, name in shown) == sorted(picture.name for picture in PICTURES)
    kept = {path.stem: path.stat().st_size for path in FOLDER.iterdir()}
    assert kept.keys() == {picture.name for picture in PICTURES}
    assert max(kept.values()) < LARGEST
