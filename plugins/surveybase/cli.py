"""The door to the command line: the same rules as the build, without MkDocs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from surveybase.check import examine
from surveybase.diagnostics import Diagnostic, Severity, errors
from surveybase.formats import FORMATS, summary

FAILED, WRONG_USE = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when there is no error, 1 when there is one, 2 when the command cannot be run."""
    options = _parser().parse_args(arguments)
    return _check(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="surveybase", description="社区调研知识库的工具")
    commands = parser.add_subparsers(required=True, metavar="命令")
    check = commands.add_parser("check", help="检查报告和数据，指出每一处错误和改法")
    check.add_argument("paths", nargs="*", type=Path, metavar="路径", help="只看这些文件或文件夹；不写就看全部")
    check.add_argument("--format", choices=FORMATS, default="text", help="输出的格式，默认 text")
    check.add_argument("--hints", action="store_true", help="没有写路径时也列出提示")
    check.add_argument("--docs", default="docs", metavar="文件夹", help="报告所在的文件夹，默认 docs")
    check.add_argument("--data", default="data", metavar="文件夹", help="数据所在的文件夹，默认 data")
    return parser


def _check(options: argparse.Namespace) -> int:
    for path in options.paths:
        if not path.exists():
            print(f"没有这个文件或文件夹：{path}", file=sys.stderr)
            return WRONG_USE
    paths = [path.resolve() for path in options.paths]
    project = _project(paths[0] if paths else Path.cwd(), options.docs, options.data)
    if project is None:
        print(f"这里不是知识库：没有 {options.docs} 和 {options.data} 两个文件夹", file=sys.stderr)
        return WRONG_USE
    findings = examine(project, project / options.docs, project / options.data)
    findings = [item for item in findings if _is_below(project / item.location.path, paths)]
    sys.stdout.write(FORMATS[options.format](_shown(findings, options)))
    if options.format != "text":
        print(summary(findings), file=sys.stderr)
    elif len(_shown(findings, options)) < len(findings):
        print(f"{_hints(findings)} 处提示没有列出，加 --hints 查看", file=sys.stderr)
    return FAILED if errors(findings) else 0


def _project(start: Path, docs: str, data: str) -> Path | None:
    """The nearest folder, from ``start`` upwards, that holds both reports and data."""
    candidates = (start, *start.parents)
    return next((path for path in candidates if (path / docs).is_dir() and (path / data).is_dir()), None)


def _is_below(path: Path, paths: Sequence[Path]) -> bool:
    return not paths or any(path.is_relative_to(wanted) for wanted in paths)


def _shown(findings: list[Diagnostic], options: argparse.Namespace) -> list[Diagnostic]:
    """Without paths, hints about the whole catalogue would bury the rest of the text."""
    if options.hints or options.paths or options.format != "text":
        return findings
    return [item for item in findings if item.severity is not Severity.HINT]


def _hints(findings: Iterable[Diagnostic]) -> int:
    return sum(item.severity is Severity.HINT for item in findings)


if __name__ == "__main__":
    sys.exit(main())
