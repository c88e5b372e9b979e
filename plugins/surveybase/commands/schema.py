"""``surveybase schema``: the JSON Schemas by which editors complete and check the data, as files of the project."""

from __future__ import annotations

import argparse

from surveybase.authoring.files import holds, put
from surveybase.commands import DONE, FAILED, project_of, say, takes_project
from surveybase.diagnostics import as_text, errors, in_order
from surveybase.exports.json_schemas import MODELS, json_schema_of
from surveybase.reading.catalogues import read_catalogues
from surveybase.reading.sources import read_sources
from surveybase.rules.exceptions import masked

HELP = "照目录更新编辑器用的 schemas/，目录里添了或改了编号以后运行"
FOLDER = "schemas"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("--check", action="store_true", help="不改文件，只列出要更新的；有要更新的，以 1 结束")


def run(options: argparse.Namespace) -> int:
    project = project_of(options)
    sources, unread = read_sources(project.root, project.docs, project.data)
    catalogues, findings = read_catalogues(sources.catalogues)
    findings += [item for item in unread if (project.root / item.location.path).parent == project.data]
    if wrong := in_order(errors(findings)):
        for finding in map(masked, wrong):
            say(as_text(finding))
        say("目录有错，编号读不全；先改正它，schemas/ 没有动")
        return FAILED
    folder = project.root / FOLDER
    files = {folder / f"{name}.json": json_schema_of(name, catalogues.base).decode() for name in MODELS}
    stale = [path for path, text in files.items() if not holds(path, text)]
    for path in stale:
        if not options.check:
            put(path, files[path])
        print(f"{'要更新' if options.check else '已更新'}：{path.relative_to(project.root).as_posix()}")
    return FAILED if options.check and stale else DONE
