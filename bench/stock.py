"""The same knowledge base as a user of stock Material would keep it: plain Markdown pages, search and tags.

The reports are the very files of the project with tags added. What our page of a community says (its card, the
table of figures, the problems with their countermeasures) is written as a Markdown page; what is worked out from
other communities is left out.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from surveybase.addresses import source_file
from surveybase.model import Community, KnowledgeBase, Survey
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import read_subject
from surveybase.views.cases import Link
from surveybase.views.community import CommunityView, Row, Surroundings, community_view
from surveybase.views.figures import Figure, Target, with_unit

ALONE = Surroundings({}, ())

# The pages of reports and communities stay out of the navigation, as ours do: Material renders its whole tree on
# every page, and the time of a stock build would grow with the square of the pages.
CONFIG = {
    "site_name": "社区调研知识库",
    "theme": {
        "name": "material",
        "language": "zh",
        "font": False,
        "features": ["navigation.tabs", "navigation.top", "toc.follow"],
    },
    "markdown_extensions": ["tables", "admonition", "toc"],
    "nav": ["index.md", "tags.md", "contribute/index.md", {"关于": ["about/index.md", "about/privacy.md"]}],
    "not_in_nav": "*",
    "validation": {"links": {"not_found": "ignore", "unrecognized_links": "ignore"}},
}
PLUGINS = [{"search": {"lang": "zh"}}, "tags"]
TAGS_PAGE = "# 问题类型\n\n<!-- material/tags -->\n"


def write_stock(project: Path, folder: Path) -> None:
    """Write the stock project of a project of ours, anew; without search it is ``mkdocs-no-search.yml``."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project / "docs", folder / "docs")
    for name, plugins in (("mkdocs.yml", PLUGINS), ("mkdocs-no-search.yml", PLUGINS[1:])):
        config = {**CONFIG, "plugins": plugins}
        (folder / name).write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    (folder / "docs" / "tags.md").write_text(TAGS_PAGE, encoding="utf-8")
    sources, _ = read_sources(project, project / "docs", project / "data")
    subject, _ = read_subject(sources)
    base = subject.base
    (folder / "docs" / "communities").mkdir()
    for community in base.communities.values():
        file = folder / "docs" / source_file(Target("community", community.id))
        file.write_text(community_page(community, base), encoding="utf-8")
        for survey in community.surveys:
            _add_tags(folder / "docs" / source_file(Target("report", survey.report.id)), survey)


def community_page(community: Community, base: KnowledgeBase) -> str:
    """Our page of the community as Markdown."""
    view = community_view(community, ALONE, base)
    front = {"title": view.name, "tags": _tags(*community.surveys)}
    return f"---\n{_front(front)}---\n\n" + "\n".join(_lines(view)) + "\n"


def _lines(view: CommunityView) -> Iterator[str]:
    def linked(text: str, target: Target | None) -> str:
        """To a report, by its file, as MkDocs wants it; what leads to pages this site lacks stays plain text."""
        if target is None or target.kind != "report":
            return text
        anchor = f"#{target.anchor}" if target.anchor else ""
        return f"[{text}](../{source_file(target)}{anchor})"

    def link(item: Link) -> str:
        return linked(item.text, item.target)

    def shown(figure: Figure) -> str:
        return linked(with_unit(figure.text, figure.unit), figure.evidence)

    yield from _table(("项目", "内容"), (("层级", view.level), ("位置", view.place), ("代码", view.code)))
    yield from ("## 报告", "")
    for report in view.reports:
        yield f"- {link(report.link)}，{report.surveyed}，{report.figures}个数字"
    yield ""
    for group in view.groups:
        yield from (f"## {group.label}", "")
        yield from _table(("指标", "数值", "折合", "日期", "原句"), (_cells(row, shown) for row in group.rows))
    yield from ("## 问题和对策", "")
    for problem in view.problems:
        case = problem.case
        yield from (f"### {case.title}", "", f"类型：{link(case.type)}，{case.date}", "")
        yield from (f"> {linked(case.quote, case.evidence)}", "")
        for item in case.countermeasures:
            yield f"- **{item.title}**（{item.type.text}；{'、'.join(item.who)}；{item.status}）：{item.quote}"
        yield ""


def _cells(row: Row, shown: Callable[[Figure], str]) -> tuple[str, ...]:
    per_base = f"{row.per_base_label}{shown(row.per_base)}" if row.per_base else ""
    return row.label, shown(row.figure), per_base, row.date, row.figure.quote


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for cells in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
    yield ""


def _tags(*surveys: Survey) -> list[str]:
    return sorted({problem.type.label for survey in surveys for problem in survey.problems})


def _add_tags(report: Path, survey: Survey) -> None:
    text = report.read_text(encoding="utf-8")
    added = _front({"tags": _tags(survey)})
    report.write_text(text.replace("---\n", f"---\n{added}", 1), encoding="utf-8")


def _front(fields: Mapping[str, object]) -> str:
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items())
