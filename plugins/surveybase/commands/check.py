"""``surveybase check``: every finding about the reports and the data."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from surveybase.check import examine
from surveybase.commands import DONE, FAILED, project_of, say, takes_project
from surveybase.diagnostics import Diagnostic, Severity, errors
from surveybase.formats import FORMATS, summary

HELP = "检查报告和数据，指出每一处错误和改法"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    takes_project(parser, paths="只看这些文件或文件夹；不写就看全部")
    parser.add_argument("--format", choices=FORMATS, default="text", help="输出的格式，默认 text")
    parser.add_argument("--hints", action="store_true", help="没有写路径时也列出提示")


def run(options: argparse.Namespace) -> int:
    project = project_of(options)
    _, findings = examine(project.root, project.docs, project.data)
    findings = [item for item in findings if project.is_meant(item.location.path)]
    shown = _shown(findings, options)
    sys.stdout.write(FORMATS[options.format](shown))
    if options.format != "text":
        say(summary(findings))
    elif len(shown) < len(findings):
        say(f"{_hints(findings)} 处提示没有列出，加 --hints 查看")
    return FAILED if errors(findings) else DONE


def _shown(findings: list[Diagnostic], options: argparse.Namespace) -> list[Diagnostic]:
    """Without paths, hints about the whole catalogue would bury the rest of the text."""
    if options.hints or options.paths or options.format != "text":
        return findings
    return [item for item in findings if item.severity is not Severity.HINT]


def _hints(findings: Iterable[Diagnostic]) -> int:
    return sum(item.severity is Severity.HINT for item in findings)
