"""``surveybase new``: the files of a new report or a new community, to be filled in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from surveybase.authoring.canonical import Shape
from surveybase.authoring.drafting import community_text, explained, free_id, report_text, with_report
from surveybase.authoring.files import InTheWay, place
from surveybase.check import examine
from surveybase.commands import DONE, FAILED, Project, WrongUse, project_of, say, takes_project
from surveybase.diagnostics import as_text, errors
from surveybase.reading.documents import INTEGER, Fields, Value, plain, read_data
from surveybase.reading.resolving import id_fault
from surveybase.reading.schema import CommunityFile, ReportFile
from surveybase.reading.source import Source
from surveybase.reading.sources import read_sources
from surveybase.rules.exceptions import masked
from surveybase.views.words import WORDS_OF

HELP = "新建一份报告，或者一个社区和它的第一份报告"
KINDS = {"report": "给已有的社区添一份报告", "community": "添一个社区和它的第一份报告"}

Ask = Callable[[str], str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(required=True, metavar="种类", dest="kind")
    for kind, words in KINDS.items():
        one = kinds.add_parser(
            kind, help=words, description=f"{words}。没有写的选项，在终端里会逐项询问；空着的以后再填。"
        )
        is_new = kind == "community"
        one.add_argument("--community", metavar="编号", help=f"社区编号{'，不写就按名称起一个' if is_new else ''}")
        one.add_argument("--id", metavar="编号", help="报告编号，不写就按标题起一个")
        for name, about in (*(_asked(CommunityFile) if is_new else ()), *_asked(ReportFile)):
            words_of_choices = _choices(about)
            one.add_argument(
                f"--{name}",
                metavar=about["title"],
                choices=[*words_of_choices] or None,
                help=explained(about, is_required=False).replace("%", "%%"),
            )
        takes_project(one)


def run(options: argparse.Namespace) -> int:
    project = project_of(options)
    sources, _ = read_sources(project.root, project.docs, project.data)
    communities = {source.path.rpartition("/")[2].removesuffix(".yml"): source for source in sources.communities}
    reports = {source.path.rpartition("/")[2].removesuffix(".md") for source in sources.reports}
    is_new = options.kind == "community"
    about_community = _answers(CommunityFile, options) if is_new else {}
    community = options.community
    if is_new and not community:
        community = free_id(str(about_community.get("name") or ""), communities)
    if not is_new and not community:
        community = _answer("社区编号", "，".join(communities))
    known = None if is_new else communities.get(community or "")
    if not is_new and known is None:
        raise WrongUse(
            f"没有社区“{community or ''}”；已有的：{'、'.join(communities)}；新的社区用 surveybase new community"
        )
    about_report = _answers(ReportFile, options)
    report = options.id or free_id(str(about_report.get("title") or community), reports)
    for id in (community, report):
        if fault := id_fault(id):
            raise WrongUse(fault)
    new = {project.docs / "reports" / f"{report}.md": report_text({**about_report, "community": community})}
    if known is None:
        new[project.data / "communities" / f"{community}.yml"] = community_text(about_community, report)
    changed = {project.root / known.path: _with_report(known, report)} if known else {}
    try:
        place(_encoded(new), _encoded(changed))
    except InTheWay as found:
        existing = "、".join(path.relative_to(project.root).as_posix() for path in found.paths)
        raise WrongUse(f"已经有这个文件，没有改动：{existing}；换一个编号") from None
    for words, paths in (("添了一段", changed), ("新建", new)):
        for path in paths:
            print(f"{words}：{path.relative_to(project.root).as_posix()}")
    return _tell_what_is_left(project, f"/{community}.yml", f"/{report}.md")


def _encoded(files: Mapping[Path, str]) -> dict[Path, bytes]:
    return {path: text.encode() for path, text in files.items()}


def _with_report(source: Source, report: str) -> str:
    """The text of the community's file with an entry for the report."""
    document, findings = read_data(source)
    if document is None or findings:
        for finding in map(masked, findings):
            say(as_text(finding))
        raise WrongUse(f"{source.path} 有错，读不准；先改正它（surveybase check {source.path}）")
    if document.holds(("reports",), report):
        raise WrongUse(f"{source.path} 里已经有报告 {report}；换一个编号")
    reports = document.at(("reports",))
    if reports and not isinstance(reports, Fields) and plain(reports) is not None:
        raise WrongUse(f"{source.path} 的 reports 不是一段一段的报告；先改正它（surveybase check {source.path}）")
    return with_report(source.text, document, report)


def _tell_what_is_left(project: Project, *ends: str) -> int:
    findings = examine(project.root, project.docs, project.data)
    left = [item for item in errors(findings) if item.location.path.endswith(ends)]
    empty = [item for item in left if item.code == "field-missing"]
    print(f"还要填 {len(empty)} 项，另加正文：")
    for item in empty:
        print(f"  {item.location.path}:{item.location.position.line} {item.field}")
    for item in (item for item in left if item not in empty):
        print(as_text(item))
    print("填好以后：surveybase check --fix")
    return FAILED if any(item.code != "field-missing" for item in left) else DONE


# --- What is asked -------------------------------------------------------------------------------------


def _asked(model: type[CommunityFile] | type[ReportFile]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The fields of a file that are one text, with what they mean; ids are given by options of their own."""
    shape = Shape.of(model)
    for name, about in shape.fields():
        if not shape.child(name).has_parts and name != "community":
            yield (
                name,
                {
                    **about,
                    "enum": shape.child(name).schema.get("enum", ()),
                    "kind": shape.child(name).schema.get("title"),
                },
            )


def _choices(about: Mapping[str, Any]) -> dict[str, str]:
    words = WORDS_OF.get(str(about["kind"]), {})
    return {value: words.get(value, value) for value in about["enum"]}


def _answers(model: type[CommunityFile] | type[ReportFile], options: argparse.Namespace) -> dict[str, Value]:
    """What the options say, and for the rest what is answered on a terminal; nothing for what is left empty."""
    found: dict[str, Value] = {}
    required = Shape.of(model).required
    for name, about in _asked(model):
        given = getattr(options, name)
        if given is None and about.get("default") is None:
            choices = "、".join(f"{value} {word}" for value, word in _choices(about).items())
            given = _answer(explained(about, is_required=name in required), choices)
        if given:
            is_year = {"type": "integer"} in about.get("anyOf", ()) and INTEGER.fullmatch(given)
            found[name] = int(given) if is_year else given
    return found


def _answer(question: str, choices: str) -> str:
    """The answer on a terminal, empty when there is none or nobody to ask."""
    if not sys.stdin.isatty():
        return ""
    try:
        return input(f"{question}{f'（{choices}）' if choices else ''}\n> ").strip()
    except EOFError:
        return ""
