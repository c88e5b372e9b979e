"""The workflows' own commands, step by step, on a bare upstream and pull requests of strangers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from projects import SMALL, write

HERE = Path(__file__).resolve().parent.parent
WORKFLOWS = HERE / ".github" / "workflows"
INSTALLS = frozenset({"Install"})  # what these steps install is the environment of the tests
REPORT = "docs/reports/new.md"


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((WORKFLOWS / name).read_text("utf-8"))
    return loaded


def environment(**more: str) -> dict[str, str]:
    who = {f"GIT_{role}_{what}": "w@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "PYTHONIOENCODING": "utf-8", **more}


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, encoding="utf-8", check=False, input=""
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def steps(folder: Path, workflow: str, job: str, **variables: str) -> tuple[list[str], str]:
    """Run the steps until one fails, as the runner does; the names of those that passed, and what all printed."""
    passed, printed = [], ""
    for step in load(workflow)["jobs"][job]["steps"]:
        if "run" not in step or step["name"] in INSTALLS:
            continue
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env=environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        printed += done.stdout
        if done.returncode:
            break
        passed.append(step["name"])
    return passed, printed


@dataclass
class Host:
    """A bare upstream, a clone of it at its main branch, and where a stranger works."""

    upstream: Path
    runner: Path
    fork: Path

    def review(self) -> tuple[list[str], str]:
        """What the workflow makes of the fork's work as pull request 7."""
        base = run(self.runner, "git", "rev-parse", "HEAD")
        run(self.fork, "git", "add", "-Af", ".")
        run(self.fork, "git", "commit", "-qm", "Change")
        run(self.fork, "git", "push", "-q", "origin", "HEAD:refs/pull/7/head")
        return steps(
            self.runner,
            "review.yml",
            "review",
            BASE=base,
            HEAD=run(self.fork, "git", "rev-parse", "HEAD"),
            NUMBER="7",
        )

    def written(self, name: str) -> str:
        return (self.runner / "review" / name).read_text("utf-8")


@pytest.fixture
def host(tmp_path: Path) -> Host:
    bare, fork, runner = tmp_path / "upstream.git", tmp_path / "fork", tmp_path / "runner"
    run(tmp_path, "git", "init", "-q", "--bare", "-b", "main", str(bare))
    run(tmp_path, "git", "clone", "-q", str(bare), str(fork))
    write(fork, SMALL)
    (fork / "Makefile").write_text("site:\n\t.venv/bin/mkdocs build --strict\n", "utf-8")
    (fork / ".gitignore").write_text("/.venv\n/.cache\n/site\n/review\n", "utf-8")
    run(fork, sys.executable, "-m", "surveybase.cli", "fmt")
    shutil.rmtree(fork / ".cache", ignore_errors=True)
    run(fork, "git", "checkout", "-qb", "main")
    run(fork, "git", "add", ".")
    run(fork, "git", "commit", "-qm", "Begin")
    run(fork, "git", "push", "-q", "origin", "main")
    run(tmp_path, "git", "clone", "-q", str(bare), str(runner))
    (runner / ".venv").mkdir()
    (runner / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    return Host(bare, runner, fork)


def community(fork: Path) -> Path:
    return sorted((fork / "data" / "communities").glob("*.yml"))[0]


def test_a_good_change_is_reviewed_and_previewed(host: Host) -> None:
    file = community(host.fork)
    text = file.read_text("utf-8")
    name = next(line for line in text.splitlines() if line.startswith("name:"))
    file.write_text(text.replace(name, "name: 改名社区", 1), "utf-8")
    passed, printed = host.review()
    assert passed == ["Fetch the change", "Review", "Take the contents", "Build the preview"], printed
    assert "没有错误" in host.written("comment.md")
    assert "改名社区" in host.written("diff.md")
    assert host.written("number") == "7\n"
    assert "改名社区" in (host.runner / "site" / "communities" / file.stem / "index.html").read_text("utf-8")


def test_a_bad_change_is_told_what_to_mend_and_given_the_patch(host: Host) -> None:
    file = community(host.fork)
    good = file.read_text("utf-8")
    file.write_text(good.replace("name: ", "name：", 1), "utf-8")
    passed, printed = host.review()
    assert passed == ["Fetch the change"]
    assert "::error file=data/communities/" in printed
    assert '"ruleId"' in host.written("findings.sarif")
    assert "还有要改的地方" in host.written("comment.md")
    run(host.fork, "git", "apply", str(host.runner / "review" / "fixes.patch"))
    assert file.read_text("utf-8") == good


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("docs/reports/east-2012.md", None, None),
        ("data/problems.yml", "parking:", "parked:"),
    ],
)
def test_what_a_change_breaks_in_other_files_is_told(
    host: Host, path: str, old: str | None, new: str | None
) -> None:
    file = host.fork / path
    if old is None or new is None:
        file.unlink()
    else:
        file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    passed, printed = host.review()
    assert passed == ["Fetch the change"]
    assert "::error file=data/communities/east.yml" in printed
    told = host.written("comment.md")
    assert "还有要改的地方" in told
    assert told.count("- `data/communities/east.yml:") == 1


def test_what_was_wrong_before_in_other_files_is_not_held_against_a_change(host: Host) -> None:
    broken = host.fork / "data" / "communities" / "west.yml"
    broken.write_text("name：西社区\n", "utf-8")
    run(host.fork, "git", "add", ".")
    run(host.fork, "git", "commit", "-qm", "Break")
    run(host.fork, "git", "push", "-q", "origin", "main")
    run(host.runner, "git", "pull", "-q")
    (host.fork / "docs" / "index.md").write_text("另一个首页。\n", "utf-8")
    passed, printed = host.review()
    assert "Review" in passed, printed
    assert "没有错误" in host.written("comment.md")


def test_nothing_of_a_hostile_change_is_taken_or_run(host: Host) -> None:
    proof = host.runner.parent / "ran"
    fork = host.fork
    (fork / ".cache").mkdir()
    (fork / ".cache" / "forged").write_text("x", "utf-8")
    (fork / REPORT).write_text("# 题\n\n<script>alert(1)</script>\n", "utf-8")
    (fork / "docs" / "reports" / "link.md").symlink_to("/etc/passwd")
    (fork / "docs" / "theme.js").write_text("alert(1)", "utf-8")
    (fork / "docs" / "reports" / "huge.md").write_text("字" * 1_000_000, "utf-8")
    (fork / "mkdocs.yml").write_text(f"hooks: [evil.py]\n# {proof}\n", "utf-8")
    (fork / "evil.py").write_text(f"open({str(proof)!r}, 'w')\n", "utf-8")
    (fork / "Makefile").write_text(f"site:\n\ttouch {proof}\n", "utf-8")
    passed, _ = host.review()
    assert passed == ["Fetch the change"]
    assert not proof.exists()
    assert not (host.runner / "site").exists()
    assert not (host.runner / "docs" / "theme.js").exists()
    told = host.written("comment.md")
    for path in (".cache/forged", "docs/reports/link.md", "docs/theme.js", "docs/reports/huge.md"):
        assert f"- `{path}`：" in told
    assert "预览不会运行这些改动" in told
    assert "- `mkdocs.yml`" in told
    assert "- `docs/reports/new.md:" in told


def test_a_change_of_configuration_alone_is_previewed_with_that_of_the_base(host: Host) -> None:
    proof = host.runner.parent / "ran"
    (host.fork / "Makefile").write_text(f"site:\n\ttouch {proof}\n", "utf-8")
    passed, printed = host.review()
    assert passed[-1] == "Build the preview", printed
    assert not proof.exists()


GH = """#!/bin/bash
echo "$*" >> calls
case "$*" in
  *comments*--jq*) cat old 2>/dev/null || true ;;
  *pulls*) echo abc ;;
esac
"""


@pytest.mark.parametrize(
    ("number", "head", "old", "expected"),
    [
        ("7", "abc", "", "--method POST repos/o/r/issues/7/comments"),
        ("7", "abc", "12\n", "--method PATCH repos/o/r/issues/comments/12"),
        ("7", "other", "", None),
        ("7/../8", "abc", "", None),
    ],
)
def test_the_comment_is_put_once_where_it_belongs(
    tmp_path: Path, number: str, head: str, old: str, expected: str | None
) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "number").write_text(f"{number}\n", "utf-8")
    (tmp_path / "review" / "comment.md").write_text("好@someone <!-- x " + "长" * 200_000, "utf-8")
    (tmp_path / "old").write_text(old, "utf-8")
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH, "utf-8")
    gh.chmod(0o755)
    path = f"{gh.parent}:{os.environ['PATH']}"
    passed, printed = steps(
        tmp_path, "comment.yml", "comment", PATH=path, REPOSITORY="o/r", HEAD=head, RUN="https://x"
    )
    calls = tmp_path / "calls"
    called = calls.read_text("utf-8") if calls.exists() else ""
    if expected is None:
        assert passed == []
        assert "--method" not in called
        return
    assert passed == ["Comment"], printed
    assert expected in called
    body = (tmp_path / "body.md").read_text("utf-8")
    assert body.startswith("<!-- surveybase review -->\n好@\u200bsomeone &lt;!-- x ")
    assert len(body) < 65_536


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.stem)
def test_every_workflow_has_least_rights_and_a_limit(path: Path) -> None:
    workflow = load(path.name)
    assert workflow["permissions"] == {}
    assert "concurrency" in workflow
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())
