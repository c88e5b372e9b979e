"""The door to the command line: the same rules as the build, without MkDocs."""

from __future__ import annotations

import argparse
import errno
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from surveybase.commands import WRONG_USE, WrongUse, check, diff, fmt, importing, links, new, review, say, schema

COMMANDS = {
    "check": check,
    "fmt": fmt,
    "diff": diff,
    "review": review,
    "links": links,
    "new": new,
    "import": importing,
    "schema": schema,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when there is no error, 1 when there is one, 2 when the command cannot be run."""
    options = _parser().parse_args(arguments)
    try:
        return int(COMMANDS[options.command].run(options))
    except WrongUse as reason:
        say(str(reason))
    except OSError as error:
        name = error.filename2 or error.filename  # the second is the one that was asked for
        words = REASONS.get(error.errno or 0, error.strerror)
        say("：".join(str(part) for part in ("读写文件出错", name, words) if part))
    return WRONG_USE


REASONS = {
    errno.ENOSPC: "磁盘满了",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限，或者磁盘的格式不支持",
    errno.EROFS: "磁盘是只读的",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EPIPE: "输出没有写完，接收的一方已经关上",
}

# What argparse says, in Chinese.
FAULTS = {
    r"the following arguments are required: (.+)": r"还要写上：\1",
    r"unrecognized arguments: (.+)": r"没有这样的选项或多写了：\1",
    r"argument (.+?): invalid choice: '?(.+?)'? \(choose from (.+)\)": r"\1没有“\2”；可以写 \3",
    r"argument (.+?): expected one argument": r"\1 后面要写一个值",
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        said = (re.sub(fault, words, message) for fault, words in FAULTS.items() if re.fullmatch(fault, message))
        self.exit(WRONG_USE, f"{next(said, message)}\n用法：{self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="surveybase", description="社区调研知识库的工具")
    commands = parser.add_subparsers(required=True, metavar="命令", dest="command")
    for name, command in COMMANDS.items():
        command.add_arguments(commands.add_parser(name, help=command.HELP, description=command.HELP))
    return parser


if __name__ == "__main__":
    sys.exit(main())
