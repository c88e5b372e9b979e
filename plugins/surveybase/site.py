"""The plot of the site: which pages and files there are, and what each is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Any

from surveybase.addresses import address, address_of_file, href_from, source_file
from surveybase.diagnostics import CODES
from surveybase.exports.entity_json import community_json, report_json
from surveybase.exports.lists import list_parts
from surveybase.hosting import Repository
from surveybase.model import Community
from surveybase.reading.pages import PageText
from surveybase.reading.subject import Subject
from surveybase.render import Rendered, body_html, render
from surveybase.search import index_files
from surveybase.search.opensearch import description
from surveybase.views.codebook import codebook_view
from surveybase.views.codes import code_view, codes_view
from surveybase.views.communities import communities_view
from surveybase.views.community import CommunityView, community_view, surroundings
from surveybase.views.compare import compare_view
from surveybase.views.countermeasure_types import countermeasure_type_view, countermeasure_types_view
from surveybase.views.figures import Target
from surveybase.views.home import home_view
from surveybase.views.map import map_view
from surveybase.views.peers import Peers
from surveybase.views.problem_types import problem_type_view, problem_types_view
from surveybase.views.report import report_view
from surveybase.views.search import search_view

STYLES = ("surveybase.css", "search.css")
SCRIPTS = ("surveybase.js",)
MODULES = ("search-ui.js", "lists.js", "compare.js")  # they import the others
ASSET_FOLDER = "assets/surveybase/"
SEARCH_DESCRIPTION = "搜索问题、对策、报告段落和社区。"


@dataclass(frozen=True, slots=True)
class PageOutput:
    """A page: ``file`` is the Markdown file it stands for, ``render`` makes its content when it is wanted.

    ``is_wide`` pages use the width of the side bars; ``in_navigation`` pages may be named in the navigation,
    pages with ``has_side_bars`` show it beside their text.
    """

    target: Target
    file: str
    title: str
    description: str
    render: Callable[[], Rendered]
    is_wide: bool = False
    in_navigation: bool = False
    has_side_bars: bool = False


@dataclass(frozen=True, slots=True)
class FileOutput:
    """A file that is not a page; ``uri`` is its address."""

    uri: str
    content: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Publication:
    """Where the site is published: its name, its address (empty when not known) and its repository."""

    name: str
    url: str = ""
    repository: Repository | None = None


def plan(subject: Subject, publication: Publication) -> Iterator[PageOutput | FileOutput]:
    """Every output of the site, pages that lists lead to after the lists."""
    peers = Peers(subject.base)
    yield from _pages(subject, publication, peers)
    yield from _files(subject, publication)
    yield from (FileOutput(address(Target("list", part.id)), part.content) for part in list_parts(peers))


def _pages(subject: Subject, publication: Publication, peers: Peers) -> Iterator[PageOutput]:
    repository = publication.repository
    base = subject.base
    yield _home(subject)
    yield _page(
        Target("communities"),
        "社区",
        "全部社区和地区，以及它们的调研报告。",
        "communities",
        lambda: communities_view(peers),
    )
    yield _page(
        Target("compare"),
        "比较",
        "各社区的指标并排比较，附每百户、每万人折算值、中位数和官方标准。",
        "compare",
        lambda: compare_view(peers),
        is_wide=True,
    )
    yield _page(
        Target("problems"), "问题", "按类型查看调研中发现的问题。", "types", lambda: problem_types_view(base)
    )
    yield _page(
        Target("countermeasures"),
        "对策",
        "按类型查看提出和采取的对策。",
        "types",
        lambda: countermeasure_types_view(base),
    )
    yield _page(
        Target("map"),
        "地图",
        "问题类型与对策类型的对照：哪些问题用过哪些对策，哪些还没有。",
        "map",
        lambda: map_view(base),
        is_wide=True,
    )
    yield _page(
        Target("codebook"),
        "指标",
        "每个指标、概念和官方标准的定义与出处。",
        "codebook",
        lambda: codebook_view(base),
    )
    yield _page(
        Target("search"),
        "搜索",
        SEARCH_DESCRIPTION,
        "search",
        lambda: search_view(base),
        is_wide=True,
    )
    for report in base.reports.values():
        yield _report(report.id, subject, publication)
    for community in base.communities.values():
        yield _page(
            Target("community", community.id),
            community.name,
            f"{community.name}：调研数据、问题、对策和出处。",
            "community",
            partial(_community, community, peers),
            repository=repository,
            path=f"data/communities/{community.id}.yml",
        )
    for concept in base.problem_types.values():
        yield _page(
            Target("problem_type", concept.id),
            concept.label,
            f"问题类型“{concept.label}”：案例、试过的对策和结果。",
            "problem_type",
            partial(problem_type_view, concept, base),
        )
    for concept in base.countermeasure_types.values():
        yield _page(
            Target("countermeasure_type", concept.id),
            concept.label,
            f"对策类型“{concept.label}”：案例、针对的问题和结果。",
            "countermeasure_type",
            partial(countermeasure_type_view, concept, base),
        )
    yield _page(Target("codes"), "检查", "检查报告和数据的每一条规则，各有错的和对的例子。", "codes", codes_view)
    for code, (_, meaning) in CODES.items():
        yield _page(Target("code", code), meaning, f"检查 {code}：{meaning}。", "code", partial(code_view, code))
    for text in subject.texts.values():
        yield _text_page(text)


def planned_files(subject: Subject) -> frozenset[str]:
    """The Markdown files, real or not, of all pages that are made."""
    return frozenset(output.file for output in _pages(subject, Publication(""), Peers(subject.base)))


def _files(subject: Subject, publication: Publication) -> Iterator[FileOutput]:
    base = subject.base
    for report in base.reports.values():
        yield FileOutput(address(Target("report_json", report.id)), partial(report_json, report, base))
    for community in base.communities.values():
        yield FileOutput(address(Target("community_json", community.id)), partial(community_json, community))
    for asset in sorted(files("surveybase").joinpath("assets").iterdir(), key=lambda asset: asset.name):
        yield FileOutput(ASSET_FOLDER + asset.name, asset.read_bytes)
    passages = {id: marked.passages for id, marked in subject.bodies.items()}
    for path, content in index_files(base, passages, address).items():
        yield FileOutput(f"{ASSET_FOLDER}search/{path}", partial(bytes, content))
    if publication.url:
        search_page = address(Target("search"))
        yield FileOutput("opensearch.xml", partial(description, publication.name, publication.url, search_page))


def _community(community: Community, peers: Peers) -> CommunityView:
    return community_view(community, surroundings(community, peers), peers.base)


def _absolute(target: Target, publication: Publication) -> str:
    return f"{publication.url.rstrip('/')}/{address(target)}"


def _page(
    target: Target,
    title: str,
    description: str,
    template: str,
    view: Callable[[], Any],
    *,
    is_wide: bool = False,
    repository: Repository | None = None,
    path: str = "",
) -> PageOutput:
    def rendered() -> Rendered:
        return render(template, view(), href_from(address(target)), repository=repository, path=path)

    return PageOutput(
        target, source_file(target), title, description, rendered, is_wide, in_navigation=not target.id
    )


def _home(subject: Subject) -> PageOutput:
    target = Target("home")
    file = source_file(target)

    def rendered() -> Rendered:
        view = home_view(subject.home, subject.base)
        href = href_from(address(target))
        body = body_html(deepcopy(subject.home), {}, href, file, address(target))
        return render("home", view, href, body=body)

    return PageOutput(
        target,
        file,
        "首页",
        "社区调研报告的知识库：问题、对策和每一个有出处的数字。",
        rendered,
        is_wide=True,
        in_navigation=True,
    )


def _report(id: str, subject: Subject, publication: Publication) -> PageOutput:
    target = Target("report", id)
    file = source_file(target)
    report = subject.base.reports[id]

    def rendered() -> Rendered:
        view = report_view(report, subject.bodies[id].body, subject.base)
        href = href_from(address(target))
        return render(
            "report",
            view,
            href,
            body=body_html(deepcopy(view.body), view.labels, href, file, address(target)),
            permanent=_absolute(target, publication) if publication.url else "",
            repository=publication.repository,
            path=f"docs/{file}",
        )

    return PageOutput(target, file, report.title, f"调研报告：{report.title}", rendered)


def _text_page(page: PageText) -> PageOutput:
    """A page that a contributor wrote as a whole."""
    here = address_of_file(page.file)

    def rendered() -> Rendered:
        body = deepcopy(page.body)
        return Rendered(body_html(body, {}, href_from(here), page.file, here), body.headings)

    return PageOutput(
        Target("page", page.file),
        page.file,
        page.title,
        page.description,
        rendered,
        in_navigation=True,
        has_side_bars=True,
    )
