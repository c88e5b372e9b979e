"""``surveybase fmt``: put reports and data into their canonical form."""

from __future__ import annotations

import argparse

from surveybase.authoring.files import put
from surveybase.authoring.formatting import format_all
from surveybase.commands import DONE, FAILED, project_of, takes_project
from surveybase.diagnostics import as_text, in_order
from surveybase.reading.sources import read_sources
from surveybase.rules.exceptions import masked

HELP = "把报告和数据整理成统一的写法，意思不变"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    takes_project(parser, paths="只整理这些文件或文件夹；不写就整理全部")
    parser.add_argument("--check", action="store_true", help="不改文件，只列出要整理的；有要整理的，以 1 结束")


def run(options: argparse.Namespace) -> int:
    project = project_of(options)
    sources, unread = read_sources(project.root, project.docs, project.data)
    formatting = format_all(sources, unread, project.is_meant)
    for path, text in formatting.changed.items():
        if not options.check:
            put(project.root / path, text)
        print(f"{'要整理' if options.check else '已整理'}：{path}")
    for finding in in_order(map(masked, formatting.refused)):
        print(as_text(finding))
    refused = len({finding.location.path for finding in formatting.refused})
    print(f"{len(formatting.changed)} 个文件{'要整理' if options.check else '整理过'}，{refused} 个读不了、没有动")
    return FAILED if formatting.refused or (options.check and formatting.changed) else DONE
