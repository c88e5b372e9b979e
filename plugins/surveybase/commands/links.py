"""``surveybase links``: the addresses of other sites that no longer answer."""

from __future__ import annotations

import argparse
import sys

from surveybase.authoring.links import addresses, dead
from surveybase.commands import DONE, FAILED, project_of, say, takes_project
from surveybase.reading.sources import read_sources

HELP = "查报告和数据里的外部链接还通不通（要联网）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    takes_project(parser, paths="只看这些文件或文件夹；不写就看全部")


def run(options: argparse.Namespace) -> int:
    project = project_of(options)
    sources, _ = read_sources(project.root, project.docs, project.data)
    named = addresses(source for source in sources.all() if project.is_meant(source.path))
    silent = dead(named)
    for address, reason in silent.items():
        sys.stdout.write(f"- `{address}` {reason}：{'、'.join(named[address])}\n")
    say(f"{len(named)} 个链接，{len(silent)} 个不通")
    return FAILED if silent else DONE
