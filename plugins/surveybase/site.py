"""The plot of the site: which pages and files there are, and what each is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import Any, TypeVar

from markupsafe import Markup

from surveybase.addresses import address, href_from, source_file
from surveybase.diagnostics import CODES
from surveybase.digests import digest
from surveybase.exports.entity_json import community_json, report_json
from surveybase.exports.form_data import TakenIds, first_ids, form_data, taken_ids
from surveybase.exports.json_schemas import MODELS, json_schema_of
from surveybase.exports.lists import Part, list_parts
from surveybase.hosting import Publication, Repository
from surveybase.model import (
    Community,
    Concept,
    Concepts,
    Countermeasure,
    KnowledgeBase,
    Problem,
    Report,
    broadest,
)
from surveybase.outputs import ASSET_FOLDER, FileOutput, FolderOutput, Output, PageOutput
from surveybase.own_pages import TextPage
from surveybase.reading.credits import NO_CREDITS, Credits
from surveybase.render import Rendered, render
from surveybase.search import catalogue_of, index_files
from surveybase.search.opensearch import description
from surveybase.search.shown import Prepared
from surveybase.views.blank import blank_view
from surveybase.views.codebook import codebook_view
from surveybase.views.codes import code_view, codes_view
from surveybase.views.communities import communities_view
from surveybase.views.community import CommunityView, Surroundings, community_view, surroundings
from surveybase.views.compare import compare_view
from surveybase.views.countermeasure_types import countermeasure_type_view, countermeasure_types_view
from surveybase.views.credits import credits_view
from surveybase.views.figures import Target
from surveybase.views.home import home_view
from surveybase.views.map import map_view
from surveybase.views.peers import Peers
from surveybase.views.problem_types import problem_type_view, problem_types_view
from surveybase.views.search import search_view, search_view_facts

Value = TypeVar("Value")

SEARCH_FOLDER = f"{ASSET_FOLDER}search/"
# Title and description of the pages that list everything.
LISTS = {
    "communities": ("社区", "全部社区和地区，以及它们的调研报告。"),
    "compare": ("比较", "各社区的指标并排比较，附每百户、每万人折算值、中位数和官方标准。"),
    "problems": ("问题", "按类型查看调研中发现的问题。"),
    "countermeasures": ("对策", "按类型查看提出和采取的对策。"),
    "map": ("地图", "问题类型与对策类型的对照：哪些问题用过哪些对策，哪些还没有。"),
    "codebook": ("指标", "每个指标、概念和官方标准的定义与出处。"),
    "search": ("搜索", "搜索问题、对策、报告段落和社区。"),
}
WIDE = frozenset({"compare", "map"})
MOST_KEPT = 1 << 11  # surroundings
OF_CASES = frozenset({"problems", "countermeasures", "map"})


@dataclass(frozen=True)
class Contents:
    """What the site is made from: the base in memory, and what is made of each file by whoever has it.

    ``report`` gives the content of a report's page, by its id. ``record_keys`` are those under which the memory has
    what ``records`` gives. Equal keys, equal outcome: ``key`` stands for what
    is made from the catalogues and the data of the communities with these ids, ``cases_key`` for what is made
    without their figures, ``all_data`` for what is made from the data of all; ``report_key`` for what is made from
    the text of a report too, ``all_texts`` from those of all.
    ``remembered`` gives what was made under this name from all data, or makes it.
    ``report_texts`` and ``community_texts`` are the files as they were contributed, by id.
    """

    base: KnowledgeBase
    home_page: TextPage | None
    texts: Mapping[str, TextPage]
    report: Callable[[str], Rendered]
    records: Callable[[], Iterable[Prepared]]
    record_keys: tuple[str, ...]
    key: Callable[[Iterable[str]], str]
    cases_key: Callable[[Iterable[str]], str]
    all_data: Callable[[], str]
    remembered: Callable[[str, Callable[[], dict[str, str]]], dict[str, str]]
    report_key: Callable[[str], str]
    report_texts: Mapping[str, str]
    community_texts: Mapping[str, str]
    all_texts: Callable[[], str]
    credits: Credits = NO_CREDITS


def plan(contents: Contents, publication: Publication) -> Iterator[Output]:
    """Every output of the site, pages that lists lead to after the lists."""
    peers = Peers(contents.base)
    yield from _pages(contents, peers)
    yield from _communities(contents, publication, peers)
    yield from _files(contents, publication)
    for part in list_parts(peers):
        yield FileOutput(address(Target("list", part.id)), part.content, partial(_part_key, part, contents))


def _pages(contents: Contents, peers: Peers) -> Iterator[PageOutput]:
    base = contents.base
    all_cases = cache(partial(contents.cases_key, base.communities))
    yield _home(contents)
    lists: dict[str, tuple[str, Callable[[], Any]]] = {
        "communities": ("communities", lambda: communities_view(peers)),
        "compare": ("compare", lambda: compare_view(peers)),
        "problems": ("types", lambda: problem_types_view(base)),
        "countermeasures": ("types", lambda: countermeasure_types_view(base)),
        "map": ("map", lambda: map_view(base)),
        "codebook": ("codebook", lambda: codebook_view(base)),
    }
    for kind, (template, view) in lists.items():
        title, words = LISTS[kind]
        key = all_cases if kind in OF_CASES else contents.all_data
        yield _page(Target(kind), title, words, template, view, is_wide=kind in WIDE, key=key)
    title, words = LISTS["search"]
    yield _page(
        Target("search"),
        title,
        words,
        "search",
        lambda: search_view(base),
        is_wide=True,
        key=lambda: digest(contents.key(()), repr(search_view_facts(base))),
    )
    for concept in base.problem_types.values():
        yield _page(
            Target("problem_type", concept.id),
            concept.label,
            f"问题类型“{concept.label}”：案例、试过的对策和结果。",
            "problem_type",
            partial(problem_type_view, concept, base),
            key=partial(_type_key, base.problems_by_type, concept, base.problem_types, contents),
        )
    for concept in base.countermeasure_types.values():
        yield _page(
            Target("countermeasure_type", concept.id),
            concept.label,
            f"对策类型“{concept.label}”：案例、针对的问题和结果。",
            "countermeasure_type",
            partial(countermeasure_type_view, concept, base),
            key=partial(_type_key, base.countermeasures_by_type, concept, base.countermeasure_types, contents),
        )
    codes = "检查报告和数据的每一条规则，各有错的和对的例子。"
    yield _page(Target("codes"), "检查", codes, "codes", codes_view, key=_always)
    for code, (_, meaning) in CODES.items():
        shown = partial(code_view, code)
        yield _page(Target("code", code), meaning, f"检查 {code}：{meaning}。", "code", shown, key=_always)
    form = "在网页上填写或修改一份调研报告和它的数据，不用安装软件。"
    yield _page(Target("form"), "填报和修改", form, "form", lambda: None, is_wide=True, key=_always)
    yield from _pages_for_contributors(contents)
    for text in contents.texts.values():
        yield _text_page(text)
    contribute = Target("contribute")
    if source_file(contribute) not in contents.texts:  # many pages lead there
        yield _page(
            contribute, "怎样参与", "怎样添加一份调研报告，怎样更正数据。", "contribute", lambda: None, key=_always
        )


def _pages_for_contributors(contents: Contents) -> Iterator[PageOutput]:
    base, credits = contents.base, contents.credits
    yield _page(
        Target("blank"),
        "空白调查表",
        "可以打印的调查表：全部指标，连同问题、对策和来源。",
        "blank",
        partial(blank_view, base),
        key=partial(contents.key, ()),
    )
    yield _page(
        Target("credits"),
        "致谢",
        "谁撰写、谁整理、谁审核。",
        "credits",
        partial(credits_view, base, credits),
        key=lambda: digest(contents.all_data(), repr(credits)),
    )


def _always() -> str:
    """Stands for what is made from the program alone."""
    return "program"


Around = Callable[[str], Surroundings]


def _community_keys(contents: Contents, around: Around) -> dict[str, str]:
    """By community, what stands for it and for what its page shows of others."""
    return {id: digest(contents.key((id,)), around(id).key) for id in contents.base.communities}


def _value(found: Callable[[], Mapping[str, Value]], id: str) -> Value:
    return found()[id]


def _type_key(
    by_type: Mapping[str, Sequence[Problem] | Sequence[Countermeasure]],
    concept: Concept,
    concepts: Concepts,
    contents: Contents,
) -> str:
    """Stands for the communities that have a case of the type, or of one under the same broadest type."""
    cases = by_type.get(broadest(concept, concepts).id, ())
    return contents.cases_key(sorted({case.community for case in cases}))


def _part_key(part: Part, contents: Contents) -> str:
    """Stands for the communities of the part's entries, and for which entries these are."""
    names = part.names()
    key = contents.cases_key if part.is_of_cases else contents.key
    return digest(key(sorted({name[0] for name in names})), part.form, repr(names))


def _ids_key(ids: TakenIds, contents: Contents) -> str:
    return digest(contents.key(()), repr(ids))


def _files(contents: Contents, publication: Publication) -> Iterator[FileOutput | FolderOutput]:
    base = contents.base
    for asset in sorted(files("surveybase").joinpath("assets").iterdir(), key=lambda asset: asset.name):
        yield FileOutput(ASSET_FOLDER + asset.name, asset.read_bytes, partial(contents.key, ()))
    catalogue = cache(lambda: catalogue_of(base, address))
    yield FolderOutput(
        SEARCH_FOLDER,
        lambda: index_files(catalogue(), contents.records, address),
        lambda: (catalogue(), contents.record_keys),
        contents.all_texts,
    )
    for name in MODELS:
        yield FileOutput(f"schemas/{name}.json", partial(json_schema_of, name, base), partial(contents.key, ()))
    form = partial(form_data, base, publication.repository)
    yield FileOutput(address(Target("form_data")), form, partial(contents.key, ()))
    ids = taken_ids(base)
    yield FileOutput(address(Target("form_ids")), partial(first_ids, ids), contents.all_data)
    for number, part in enumerate(ids):
        key = partial(_ids_key, part, contents)
        yield FileOutput(address(Target("form_ids_part", str(number))), part.content, key)
    if publication.url:
        search_page = address(Target("search"))
        content = partial(description, publication.name, publication.url, search_page)
        yield FileOutput("opensearch.xml", content, partial(contents.key, ()))


def _communities(contents: Contents, publication: Publication, peers: Peers) -> Iterator[PageOutput | FileOutput]:
    """All that is about one community together, so that a process that makes it needs few of the others."""
    base = contents.base
    # Of a large site they would take more memory than the communities.
    around = lru_cache(MOST_KEPT)(lambda id: surroundings(base.communities[id], peers))
    community_keys = cache(lambda: contents.remembered("communities", partial(_community_keys, contents, around)))
    reports: dict[str, list[Report]] = {}
    for report in base.reports.values():
        reports.setdefault(report.community, []).append(report)
    for id, community in base.communities.items():
        yield _page(
            Target("community", id),
            community.name,
            f"{community.name}：调研数据、问题、对策和出处。",
            "community",
            partial(_community, community, around, base),
            repository=publication.repository,
            path=f"data/communities/{id}.yml",
            key=partial(_value, community_keys, id),
        )
        data_key = partial(contents.key, (id,))
        yield FileOutput(address(Target("community_json", id)), partial(community_json, community), data_key)
        yield FileOutput(address(Target("community_source", id)), contents.community_texts[id].encode, data_key)
        for report in reports.get(id, ()):
            yield _report(report, contents)
            json = address(Target("report_json", report.id))
            yield FileOutput(json, partial(report_json, report, base), data_key)
            source = address(Target("report_source", report.id))
            text_key = partial(contents.report_key, report.id)
            yield FileOutput(source, contents.report_texts[report.id].encode, text_key)


def _community(community: Community, around: Around, base: KnowledgeBase) -> CommunityView:
    return community_view(community, around(community.id), base)


def _page(  # noqa: PLR0913 - the fields of a page
    target: Target,
    title: str,
    description: str,
    template: str,
    view: Callable[[], Any],
    key: Callable[[], str],
    *,
    is_wide: bool = False,
    repository: Repository | None = None,
    path: str = "",
) -> PageOutput:
    def rendered() -> Rendered:
        return render(template, view(), href_from(address(target)), repository=repository, path=path)

    return PageOutput(
        target, source_file(target), title, description, rendered, key, is_wide, in_navigation=not target.id
    )


def _home(contents: Contents) -> PageOutput:
    target = Target("home")
    text = contents.home_page.content if contents.home_page else Rendered("", ())

    def rendered() -> Rendered:
        view = home_view(contents.base)
        return render("home", view, href_from(address(target)), body=Markup(text.html), headings=text.headings)

    return PageOutput(
        target,
        source_file(target),
        "首页",
        "社区调研报告的知识库：问题、对策和每一个有出处的数字。",
        rendered,
        is_wide=True,
        in_navigation=True,
        key=lambda: digest(contents.all_data(), repr(text)),
    )


def _report(report: Report, contents: Contents) -> PageOutput:
    target = Target("report", report.id)
    return PageOutput(
        target,
        source_file(target),
        report.title,
        f"调研报告：{report.title}",
        partial(contents.report, report.id),
        key=partial(contents.report_key, report.id),
    )


def _text_page(page: TextPage) -> PageOutput:
    return PageOutput(
        Target("page", page.file),
        page.file,
        page.title,
        page.description,
        lambda: page.content,
        in_navigation=True,
        has_side_bars=True,
        key=lambda: digest(repr(page.content)),
    )
