"""``surveybase import``: a Word, text or HTML file to a report and its candidates."""

from __future__ import annotations

import argparse
from pathlib import Path

from surveybase.authoring.files import InTheWay, place
from surveybase.check import examine
from surveybase.commands import DONE, FAILED, WrongUse, project_of, say, takes_project
from surveybase.importing.advice import advice
from surveybase.importing.content import Unreadable
from surveybase.importing.importer import draft
from surveybase.reading.catalogues import read_catalogues
from surveybase.reading.sources import read_sources

HELP = "把 Word、文本或网页文件变成一份报告，并找出可能的数字、问题和对策"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="文件", help="要导入的 .docx、.txt 或 .html 文件")
    parser.add_argument(
        "--id", default="", metavar="编号", help="报告的编号；不写就用标题里社区名的拼音，没有的用文件名的"
    )
    parser.add_argument("--community", default="", metavar="编号", help="社区的编号；不写就与报告的相同")
    takes_project(parser)


def run(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        raise WrongUse(f"没有这个文件：{options.file}")
    project = project_of(options)
    sources, _ = read_sources(project.root, project.docs, project.data)
    catalogues, _ = read_catalogues(sources.catalogues)
    try:
        made = draft(
            options.file,
            catalogues.base,
            id=options.id,
            community=options.community,
            docs=project.docs.relative_to(project.root).as_posix(),
            data=project.data.relative_to(project.root).as_posix(),
        )
        place({project.root / path: content for path, content in made.files.items()})
    except Unreadable as reason:
        say(f"{options.file}：{reason}")
        return FAILED
    except InTheWay as found:
        say("什么也没有写：这些文件已经有了，不覆盖。换一个编号（--id、--community），或者先移开它们：")
        for path in found.paths:
            say(f"  {path.relative_to(project.root).as_posix()}")
        return FAILED
    findings = examine(project.root, project.docs, project.data)
    for line in advice(made, [item for item in findings if item.location.path in made.files]):
        print(line)
    return DONE
