"""The commands of the command line, one file each: what it takes, and what it does with it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DONE, FAILED, WRONG_USE = 0, 1, 2


class WrongUse(Exception):
    """The command cannot be run as it was called; the words say why."""


@dataclass(frozen=True, slots=True)
class Project:
    """The folders that a command works in, and the files or folders it was asked about; none are all."""

    root: Path
    docs: Path
    data: Path
    paths: tuple[Path, ...] = ()

    def is_meant(self, path: str) -> bool:
        """Whether the command was asked about the file at ``path``, which is relative to the project."""
        return not self.paths or any((self.root / path).is_relative_to(wanted) for wanted in self.paths)


def takes_project(parser: argparse.ArgumentParser, *, paths: str = "") -> None:
    """Let the command be told where the project is and, where ``paths`` says what for, the files it is about."""
    if paths:
        parser.add_argument("paths", nargs="*", type=Path, metavar="路径", help=paths)
    parser.add_argument("--docs", default="docs", metavar="文件夹", help="报告所在的文件夹，默认 docs")
    parser.add_argument("--data", default="data", metavar="文件夹", help="数据所在的文件夹，默认 data")


def project_of(options: argparse.Namespace) -> Project:
    """The nearest folder, from the first path or from here upwards, that holds both reports and data."""
    paths: Sequence[Path] = getattr(options, "paths", ())
    for path in paths:
        if not path.exists():
            raise WrongUse(f"没有这个文件或文件夹：{path}")
    resolved = tuple(path.resolve() for path in paths)
    start = resolved[0] if resolved else Path.cwd()
    for root in (start, *start.parents):
        if (root / options.docs).is_dir() and (root / options.data).is_dir():
            return Project(root, root / options.docs, root / options.data, resolved)
    raise WrongUse(f"这里不是知识库：没有 {options.docs} 和 {options.data} 两个文件夹")


def say(words: str) -> None:
    """Tell the one who called, beside the output."""
    print(words, file=sys.stderr)
