"""``surveybase schema``: the JSON Schemas by which editors complete and check the data, as files of the project."""

from __future__ import annotations

import argparse

from surveybase.authoring.files import holds, put
from surveybase.commands import DONE, FAILED, project_of, takes_project
from surveybase.exports.json_schemas import MODELS, json_schema_of
from surveybase.reading.catalogues import read_catalogues
from surveybase.reading.sources import read_sources

HELP = "照目录更新编辑器用的 schemas/，目录里添了或改了编号以后运行"
FOLDER = "schemas"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("--check", action="store_true", help="不改文件，只列出要更新的；有要更新的，以 1 结束")


def run(options: argparse.Namespace) -> int:
    project = project_of(options)
    sources, _ = read_sources(project.root, project.docs, project.data)
    catalogues, _ = read_catalogues(sources.catalogues)
    folder = project.root / FOLDER
    files = {folder / f"{name}.json": json_schema_of(name, catalogues.base).decode() for name in MODELS}
    stale = [path for path, text in files.items() if not holds(path, text)]
    for path in stale:
        if not options.check:
            put(path, files[path])
        print(f"{'要更新' if options.check else '已更新'}：{path.relative_to(project.root).as_posix()}")
    return FAILED if options.check and stale else DONE
