"""``surveybase review``: everything that a reviewer of a pull request needs, from commits alone."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from surveybase.authoring.comparison import compare
from surveybase.authoring.comparison_formats import FORMATS as COMPARISONS
from surveybase.authoring.files import put
from surveybase.authoring.history import NoCommit, changes_between, commit_at, fork_point, texts_in
from surveybase.authoring.mending import mend
from surveybase.authoring.review import beyond_content, comment, patch, refusals
from surveybase.build.compiling import compile_with
from surveybase.build.memory import CACHE, Memory
from surveybase.check import examine_sources
from surveybase.commands import DONE, FAILED, Project, WrongUse, project_of, say, takes_project
from surveybase.commands.diff import side_of
from surveybase.diagnostics import Diagnostic, errors
from surveybase.formats import FORMATS
from surveybase.reading.sources import Sources, read_sources
from surveybase.rules.exceptions import masked

HELP = "审阅一次合并请求：能不能收、哪里有错、改了什么，写成评论、SARIF 和补丁"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("base", metavar="原来", help="要合并到的分支或提交")
    parser.add_argument("head", metavar="现在", help="要合并的分支或提交；不会检出，也不会运行其中的任何东西")
    parser.add_argument("--output", type=Path, required=True, metavar="文件夹", help="写到哪里")
    parser.add_argument("--format", choices=FORMATS, default="text", help="同时印出问题，默认 text")
    takes_project(parser)


def run(options: argparse.Namespace) -> int:
    project = project_of(options)
    try:
        base = fork_point(project.root, options.base, options.head)
        changes = changes_between(project.root, base, options.head)
    except NoCommit as name:
        raise WrongUse(f"没有这个提交，或者两者没有共同的来历：{name}") from None
    changed = {item.path for item in changes if item.mode}
    with side_of(base, options) as before, side_of(options.head, options) as after:
        comparison = compare(before, after)
        # A change is also answerable for what it breaks in files that it does not touch.
        caused = {*comparison.come}
        findings = [masked(item) for item in after.findings if item.location.path in changed or item in caused]
        differences = COMPARISONS["markdown"](comparison)
    refused = refusals(changes)
    fixes = _fixes(project, options.head, options, changed)
    output: Path = options.output
    put(output / "comment.md", comment(refused, findings, beyond_content(changes), differences, fixes))
    put(output / "diff.md", differences)
    put(output / "findings.sarif", FORMATS["sarif"](findings))
    put(output / "fixes.patch", fixes)
    sys.stdout.write(FORMATS[options.format](findings))
    for path, reason in refused:
        say(f"不能收 {path!r}：{reason}")
    return FAILED if refused or errors(findings) else DONE


def _fixes(project: Project, head: str, options: argparse.Namespace, changed: set[str]) -> str:
    """What ``check --fix`` would make of the changed files, as a patch."""
    memory = Memory(project.root / CACHE)

    def examined(sources: Sources, unread: Iterable[Diagnostic]) -> list[Diagnostic]:
        return examine_sources(sources, unread, None, memory, compile_with(say=lambda _: None))[1]

    with commit_at(project.root, head, (options.docs, options.data)) as root:
        sources, unread = read_sources(root, root / options.docs, root / options.data)
        texts = mend(sources, unread, examined, lambda path: path in changed).texts
        return patch(texts_in(root, texts), texts)
