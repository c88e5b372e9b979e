"""``surveybase check``: every finding about the reports and the data; with ``--fix``, mended where that is safe."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from surveybase.authoring.files import put
from surveybase.authoring.formatting import forms
from surveybase.authoring.mending import mend
from surveybase.build.compiling import compile_with
from surveybase.build.memory import CACHE, Memory
from surveybase.check import examine, examine_sources
from surveybase.commands import DONE, FAILED, Project, project_of, say, takes_project
from surveybase.diagnostics import FIXABLE, Diagnostic, Severity, as_text, errors
from surveybase.formats import FORMATS, REFERENCE, summary
from surveybase.reading.sources import Sources, read_sources
from surveybase.rules.exceptions import masked

HELP = "检查报告和数据，指出每一处错误和改法"
MOST_REFERENCES = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    takes_project(parser, paths="只看这些文件或文件夹；不写就看全部")
    parser.add_argument("--format", choices=FORMATS, default="text", help="输出的格式，默认 text")
    parser.add_argument("--hints", action="store_true", help="没有写路径时也列出提示")
    help_on_fix = "能稳妥改好的先改好（全角冒号、制表符、千分号等），并整理写法"
    parser.add_argument("--fix", action="store_true", help=help_on_fix)


def run(options: argparse.Namespace) -> int:
    project = project_of(options)
    found = _mended(project) if options.fix else examine(project.root, project.docs, project.data)
    findings = [item for item in found if project.is_meant(item.location.path)]
    shown = _shown(findings, options)
    sys.stdout.write(FORMATS[options.format](shown))
    if options.format != "text":
        say(summary(findings))
    elif len(shown) < len(findings):
        say(f"{_hints(findings)} 处提示没有列出，加 --hints 查看")
    if options.format == "text" and shown:
        say(f"意思和例子见网站上的 {_references(shown)}")
    if not options.fix and (fixable := sum(item.code in FIXABLE for item in shown)):
        say(f"{fixable} 处也许不用自己动手：surveybase check --fix 会改好拿得准的")
    return FAILED if errors(findings) else DONE


def _references(findings: list[Diagnostic]) -> str:
    """The pages that explain the findings, below the root of the site."""
    codes = list(dict.fromkeys(item.code for item in findings))
    more = f"等 {len(codes)} 页，都列在 reference/" if len(codes) > MOST_REFERENCES else ""
    return "、".join(REFERENCE.format(code=code) for code in codes[:MOST_REFERENCES]) + more


def _mended(project: Project) -> list[Diagnostic]:
    """What is left after the files were mended."""
    sources, unread = read_sources(project.root, project.docs, project.data)
    memory = Memory(project.root / CACHE)

    def examined(sources: Sources, unread: Iterable[Diagnostic]) -> list[Diagnostic]:
        return examine_sources(sources, unread, None, memory, compile_with(say=lambda _: None))[1]

    result = mend(sources, unread, examined, project.is_meant)
    # Mending takes a while: what somebody has saved meanwhile is worth more.
    now, _ = read_sources(project.root, project.docs, project.data)
    before, after = ({form.source.path: form.source.text for form in forms(state)} for state in (sources, now))
    if late := [path for path in result.texts if before.get(path) != after.get(path)]:
        say(f"检查的时候，这些文件又改过，什么也没有动；请再运行一次：{'、'.join(late)}")
        return examine(project.root, project.docs, project.data)
    for path, text in result.texts.items():
        put(project.root / path, text)
    for finding in map(masked, result.mended):
        say(f"已改好 {as_text(finding)}")
    if result.texts:
        say(f"改了 {len(result.texts)} 个文件：{'、'.join(sorted(result.texts))}")
    return result.left


def _shown(findings: list[Diagnostic], options: argparse.Namespace) -> list[Diagnostic]:
    """Without paths, hints about the whole catalogue would bury the rest of the text."""
    if options.hints or options.paths or options.format != "text":
        return findings
    return [item for item in findings if item.severity is not Severity.HINT]


def _hints(findings: Iterable[Diagnostic]) -> int:
    return sum(item.severity is Severity.HINT for item in findings)
