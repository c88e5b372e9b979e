"""``surveybase diff``: what a change says differently, for whoever reviews it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from surveybase.authoring.comparison import Side, compare
from surveybase.authoring.comparison_formats import FORMATS
from surveybase.authoring.history import NoCommit, TooMuch, commit_at
from surveybase.build.compiling import compile_with
from surveybase.build.memory import CACHE, Memory
from surveybase.check import examine_sources
from surveybase.commands import DONE, Project, WrongUse, project_of, takes_project
from surveybase.reading.catalogues import Documents, read_catalogues
from surveybase.reading.knowledge import assemble
from surveybase.reading.sources import read_sources

HELP = "列出两个版本之间数据和正文的变化，原来与现在对照"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("base", metavar="原来", help="git 的分支、标签或提交，或者一个文件夹")
    parser.add_argument("head", metavar="现在", nargs="?", help="同上；不写就是眼前的文件")
    parser.add_argument("--format", choices=FORMATS, default="markdown", help="输出的格式，默认 markdown")
    takes_project(parser)


def run(options: argparse.Namespace) -> int:
    with side_of(options.base, options) as before, side_of(options.head, options) as after:
        sys.stdout.write(FORMATS[options.format](compare(before, after)))
    return DONE


@contextmanager
def side_of(name: str | None, options: argparse.Namespace) -> Iterator[Side]:
    """What the name stands for: a project's folder, a commit, or where there is no name the project here."""
    folders = (options.docs, options.data)
    if name and all((Path(name) / folder).is_dir() for folder in folders):
        root = Path(name).resolve()
        yield _read(Project(root, *(root / folder for folder in folders)), root)
        return
    here = project_of(options)
    if name is None:
        yield _read(here, here.root)
        return
    try:
        with commit_at(here.root, name, folders) as root:
            yield _read(Project(root, *(root / folder for folder in folders)), here.root)
    except NoCommit:
        raise WrongUse(f"没有这个分支、标签、提交或文件夹：{name}") from None
    except TooMuch:
        raise WrongUse(f"{name} 里的文件加起来太大，不比较") from None


def _read(project: Project, remembering: Path) -> Side:
    """All that the project says; what was made of it is remembered below ``remembering``."""
    sources, unread = read_sources(project.root, project.docs, project.data)
    _, findings = examine_sources(sources, unread, None, Memory(remembering / CACHE), compile_with())
    catalogues, _ = read_catalogues(sources.catalogues)
    base, documents, _ = assemble(sources, catalogues)
    unreadable = {item.location.path for item in unread}
    return Side(
        base,
        Documents(documents.reports, documents.communities, documents.catalogues, documents.broken | unreadable),
        tuple(findings),
    )
