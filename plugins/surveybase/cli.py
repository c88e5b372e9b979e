"""The door to the command line: the same rules as the build, without MkDocs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

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
        say(f"读写文件出错：{error.filename}：{error.strerror}")
    return WRONG_USE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="surveybase", description="社区调研知识库的工具")
    commands = parser.add_subparsers(required=True, metavar="命令", dest="command")
    for name, command in COMMANDS.items():
        command.add_arguments(commands.add_parser(name, help=command.HELP, description=command.HELP))
    return parser


if __name__ == "__main__":
    sys.exit(main())
