"""What a build makes of small projects: broken ones, empty ones, and what the real surveys do not have yet."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
from pages import by_id, parse, text, with_class
from projects import CATALOGUES, SMALL, Build, Files, Tool, build, config, report, write

FINDING = re.compile(r"(\S+:\d+:\d+): (错误|警告) ([a-z-]+) ")

Make = Callable[[Files], Build]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Build a project of these files, strictly; the build must succeed."""

    def made(files: Files) -> Build:
        built = build(write(tmp_path, files))
        assert built.status == 0, built.output
        return built

    return made


def community(name: str, reports: str, **fields: str) -> str:
    """A community's file; ``reports`` is the YAML below that key, indented by two."""
    head = json.dumps({"name": name, "level": "community", **fields}, ensure_ascii=False)[1:-1]
    return "\n".join(head.split(", ")) + f"\nreports:\n{reports}"


def east_2012(surveyed: str) -> str:
    """The report of the small project with another date of survey, or none."""
    fields = {"surveyed": surveyed} if surveyed else {}
    return report("east", "全社区有2000户。\n\n车没有地方停。\n\n建议建停车场。", **fields)


def row(page: Element, indicator: str) -> str:
    """The words of an indicator's row on a community page."""
    found = by_id(page, f"i-{indicator}")
    assert found is not None
    return text(found)


def words(page: Element) -> str:
    article = next(page.iter("article"))
    return text(article)


# --- Errors and warnings ------------------------------------------------------------------------------

BROKEN: Files = {
    **SMALL,
    "data/communities/north.yml": """\
name: 北社区
level: village
reports:
  north-2012:
    observations:
      households: {value: 两千, quote: 全社区有2000户}
""",
    "data/communities/west.yml": """\
name: 西社区
level: community
reports:
  west-2012:
    observations:
      households: {value: 3001, quote: 全社区有3001户}
      resident: {value: 9000, quote: 共9000人}
""",
    "docs/reports/west-2012.md": report("west", "全社区有3000户，共9000人。\n\n见[附表](table.md)。"),
    "data/problems.yml": SMALL["data/problems.yml"] + "roads: {label: 道路, label: 路面, definition: 路不好走。}\n",
}

ERRORS = [
    ("data/communities/north.yml:2:8", "field-value"),
    ("data/communities/north.yml:6:27", "field-type"),
    ("data/communities/west.yml:6:40", "evidence-missing"),
    ("data/communities/west.yml:7:7", "reference-unknown"),
    ("data/problems.yml:3:20", "yaml-duplicate-key"),
    ("docs/reports/west-2012.md:7:7", "link-broken"),
]


@pytest.mark.parametrize("tool", ["mkdocs", "properdocs"])
def test_errors_stop_the_build_and_are_all_listed_with_their_places(tmp_path: Path, tool: Tool) -> None:
    built = build(write(tmp_path, BROKEN), tool=tool, strict=False)
    assert built.status == 1
    assert [(place, code) for place, _, code in FINDING.findall(built.output)] == ERRORS
    assert f"数据有 {len(ERRORS)} 处错误" in built.output
    assert "Traceback" not in built.output
    assert not list(built.site.rglob("*.html"))


def test_a_catalogue_that_does_not_hold_together_is_reported_before_anything_is_planned(tmp_path: Path) -> None:
    indicators = SMALL["data/indicators.yml"].replace("group: population", "group: typo")
    assert "group: typo" in indicators
    built = build(write(tmp_path, {**SMALL, "data/indicators.yml": indicators}))
    assert built.status == 1
    assert "data/indicators.yml" in built.output
    assert "Traceback" not in built.output


def test_a_warning_is_logged_and_stops_only_a_strict_build(tmp_path: Path) -> None:
    """The report is in no community's file."""
    project = write(tmp_path, {**SMALL, "docs/reports/east-2024.md": report("east", "现有2500户。")})
    lenient = build(project, strict=False)
    assert lenient.status == 0
    assert FINDING.findall(lenient.output) == [("docs/reports/east-2024.md:2:35", "警告", "reference-unused")]
    # What is remembered of the first builds holds the warning.
    assert FINDING.findall(build(project, strict=False).output) == FINDING.findall(lenient.output)
    assert "还没有录入数字" in words(lenient.page("reports/east-2024"))
    assert build(project, strict=True).status == 1


def test_addresses_without_folders_are_refused_in_words(tmp_path: Path) -> None:
    built = build(write(tmp_path, {**SMALL, "mkdocs.yml": config(use_directory_urls=False)}))
    assert built.status == 1
    assert "use_directory_urls" in built.output
    assert "Traceback" not in built.output


# --- What is not there --------------------------------------------------------------------------------


def test_an_empty_project_builds_and_every_page_says_what_is_missing(make: Make) -> None:
    built = make({"mkdocs.yml": config(), "docs/contribute/index.md": "# 怎样参与\n"})
    for address, said in {
        "": "还没有报告",
        "communities": "还没有社区",
        "compare": "还没有社区可以比较",
        "map": "目录里还没有问题类型",
        "problems": "共0个类型",
        "countermeasures": "共0个类型",
        "codebook": "0个指标",
    }.items():
        assert said in words(built.page(address)), address


@pytest.mark.parametrize("files", [{"docs/index.md": ""}, SMALL], ids=["empty", "small"])
def test_a_project_without_a_page_on_contributing_has_no_dead_link(make: Make, files: Files) -> None:
    built = make({"mkdocs.yml": config(), **{name: files[name] for name in files if "contribute" not in name}})
    assert (built.site / "contribute/index.html").exists()
    assert_links_lead_somewhere(built.site)


def test_links_lead_somewhere_from_pages_that_the_navigation_leaves_out(make: Make) -> None:
    theme = {"name": "material", "language": "zh", "font": False, "features": ["navigation.tabs"]}
    nav = [{"比较": "compare/index.md"}, {"更多": [{"指标": "codebook/index.md"}]}]
    built = make({**SMALL, "mkdocs.yml": config(nav=nav, theme=theme)})
    assert_links_lead_somewhere(built.site)


def assert_links_lead_somewhere(site: Path) -> None:
    for page in sorted(site.rglob("index.html")):
        for link in parse(page.read_text(encoding="utf-8")).iter("a"):
            address = urlsplit(link.get("href", ""))
            if not (address.scheme or address.netloc) and address.path:
                assert (page.parent / address.path).exists(), (page, address.path)


def test_a_catalogue_without_cases_invites_the_first(make: Make) -> None:
    built = make({"mkdocs.yml": config(), "docs/contribute/index.md": "# 怎样参与\n", **CATALOGUES})
    for address in ("problems/parking", "countermeasures/more-parking"):
        page = built.page(address)
        assert "还没有这类" in words(page)
        assert [link for link in page.iter("a") if link.get("href") == "../../contribute/"]
    assert "未调查" in words(built.page("codebook"))
    assert {text(cell) for cell in with_class(built.page("map"), "sb-none")} == {"·"}


def test_gaps_are_shown_in_words_and_never_as_a_number(make: Make) -> None:
    built = make(
        {
            **SMALL,
            "data/communities/east.yml": community(
                "东社区",
                """\
  east-2012:
    observations:
      households: {status: withheld, quote: 户数不公开}
      residents: {status: not_applicable}
      workers: {status: not_surveyed}
""",
            ),
            "docs/reports/east-2012.md": report("east", "户数不公开。"),
        }
    )
    page = built.page("communities/east")
    assert row(page, "households") == "总户数 不公开"
    assert row(page, "residents") == "总人数 不适用"
    assert row(page, "workers") == "工作人员 未调查"
    withheld = next(with_class(page, "sb-gap"))
    assert withheld.get("href") == "../../reports/east-2012/#o-households"


def test_a_community_that_lacks_an_indicator_shows_a_gap_beside_its_peers(make: Make) -> None:
    built = make(
        {
            **SMALL,
            "data/communities/west.yml": community(
                "西社区",
                """\
  west-2012:
    observations:
      residents: {value: 0, quote: 常住的0人}
""",
            ),
            "docs/reports/west-2012.md": report("west", "常住的0人。"),
        }
    )
    table = next(with_class(built.page("compare"), "sb-compare"))
    shown = {text(line[0]): [text(cell) for cell in line[2:]] for line in table.iterfind("tbody/tr")}
    assert shown == {"东社区地点未注明": ["2000户", "未调查"], "西社区地点未注明": ["未调查", "0人"]}


# --- Time ---------------------------------------------------------------------------------------------

STANDARDS = """\
reference_values:
  old:
    {indicator: households, range: [100, 700], document: 旧法, in_force_to: 2025-10-27, source: 原文}
  new:
    {indicator: households, range: [1000, 3000], document: 新法, in_force_from: 2025-10-28, source: 原文}
"""


OLDER = "施行至2025-10-27的标准（何时起施行不详）100–700户高于标准 《旧法》"
LATER = "现行标准（晚于调查）1000–3000户在标准之内 《新法》"


@pytest.mark.parametrize(
    ("surveyed", "expected"),
    [
        ("2012", [OLDER, LATER]),
        ("2025-10-27", [OLDER, LATER]),
        ("2025-10-28", ["调查时的标准，现行1000–3000户在标准之内 《新法》"]),
        (
            "",
            ["过去的标准（施行至2025-10-27）100–700户高于标准 《旧法》", "现行标准1000–3000户在标准之内 《新法》"],
        ),
    ],
)
def test_a_number_stands_beside_the_standard_of_its_time_and_that_of_today(
    make: Make, surveyed: str, expected: list[str]
) -> None:
    built = make({**SMALL, "data/standards.yml": STANDARDS, "docs/reports/east-2012.md": east_2012(surveyed)})
    assert [text(item) for item in with_class(built.page("communities/east"), "sb-standard")] == expected


TWO_REPORTS: Files = {
    **SMALL,
    "data/communities/east.yml": SMALL["data/communities/east.yml"]
    + """\
  east-2024:
    observations:
      households: {value: 2500, quote: 现有2500户}
      workers: {status: withheld}
    problems:
      no-parking: {type: parking, title: 车位还差一半, quote: 还差一半车位}
    countermeasures:
      build:
        type: more-parking
        title: 已建停车场
        addresses: [no-parking]
        who: [city]
        status: done
        quote: 停车场已经建成
        outcome: {text: 新增100个车位, date: 2023, quote: 新增车位100个}
""",
    "docs/reports/east-2024.md": report(
        "east", "现有2500户。\n\n还差一半车位。\n\n停车场已经建成，新增车位100个。", surveyed="2024"
    ),
}


def test_a_community_with_two_reports_shows_the_newer_number_first_and_the_older_with_its_date(make: Make) -> None:
    page = make(TWO_REPORTS).page("communities/east")
    households = by_id(page, "i-households")
    assert households is not None
    assert [(text(link), link.get("href")) for link in with_class(households, "sb-figure")] == [
        ("2500户", "../../reports/east-2024/#o-households"),
        ("2000户", "../../reports/east-2012/#o-households"),
    ]
    assert "2012-09：2000户（east的报告）" in text(households)
    assert row(page, "workers") == "工作人员 不公开"
    reports = next(with_class(page, "sb-plain"))
    assert [link.get("href") for link in reports.iter("a")] == [
        "../../reports/east-2024/",
        "../../reports/east-2012/",
    ]


def test_problems_of_two_reports_with_the_same_key_are_kept_apart(make: Make) -> None:
    built = make(TWO_REPORTS)
    page = built.page("communities/east")
    for year, problem, measure in (("2024", "车位还差一半", "已建停车场"), ("2012", "停车位不够", "建停车场")):
        marks = built.page(f"reports/east-{year}")
        for kind, title in (("problem", problem), ("countermeasure", measure)):
            back = next(with_class(marks, f"sb-back--{kind}"))
            place = by_id(page, back.attrib["href"].partition("#")[2])
            assert place is not None and title in text(place)
    ids = [element.attrib["id"] for element in page.iter() if element.get("id")]
    assert sorted(ids) == sorted(set(ids))


def test_an_outcome_is_shown_wherever_its_countermeasure_is(make: Make) -> None:
    built = make(TWO_REPORTS)
    for address in ("communities/east", "problems/parking", "countermeasures/more-parking"):
        outcome = next(with_class(built.page(address), "sb-outcome"))
        assert text(outcome) == "结果新增100个车位（2023）"
        assert [link.get("href") for link in outcome.iter("a")] == ["../../reports/east-2024/#c-build_outcome"]


# --- Where the project lives --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "edit", "history"),
    [
        ("github", "edit/main", "commits/main"),
        ("gitlab", "-/edit/main", "-/commits/main"),
        ("gitea", "_edit/main", "commits/branch/main"),
        ("gitee", "edit/main", "commits/main"),
    ],
)
def test_pages_made_from_a_file_link_to_its_editor_and_its_history(
    make: Make, host: str, edit: str, history: str
) -> None:
    url = "https://code.example.org/we/base"
    built = make({**SMALL, "mkdocs.yml": config(plugin={"repository_host": host}, repo_url=url + "/")})
    for address, file in (
        ("reports/east-2012", "docs/reports/east-2012.md"),
        ("communities/east", "data/communities/east.yml"),
    ):
        links = {text(link): link.get("href") for link in built.page(address).iter("a")}
        assert links["修改"] == f"{url}/{edit}/{file}"
        assert links["修改历史"] == f"{url}/{history}/{file}"


def test_without_a_repository_no_page_offers_to_edit(make: Make) -> None:
    built = make(SMALL)
    for address in ("reports/east-2012", "communities/east"):
        assert not {"修改", "修改历史"} & {text(link) for link in built.page(address).iter("a")}


def test_an_unknown_repository_host_is_refused(tmp_path: Path) -> None:
    built = build(write(tmp_path, {**SMALL, "mkdocs.yml": config(plugin={"repository_host": "attic"})}))
    assert built.status == 1
    assert "repository_host" in built.output


def test_the_sitemap_lists_every_page_of_a_site_that_knows_its_address(make: Make) -> None:
    built = make({**SMALL, "mkdocs.yml": config(site_url="https://example.org/base/")})
    sitemap = (built.site / "sitemap.xml").read_text(encoding="utf-8")
    listed = set(re.findall("<loc>https://example.org/base/(.*?)</loc>", sitemap))
    pages = {path.parent.relative_to(built.site).as_posix() for path in built.site.rglob("index.html")}
    assert listed == {f"{page}/" if page != "." else "" for page in pages}
    assert "https://example.org/base/reports/east-2012/" in words(built.page("reports/east-2012"))


# --- What contributors write --------------------------------------------------------------------------

HOSTILE = '</title><script>x</script>"><img src=x onerror=x>&amp;'


def test_what_contributors_write_is_shown_as_they_wrote_it_and_never_becomes_html(make: Make) -> None:
    """Every label, name, title, definition and text is hostile; in the body of a report it would be refused."""
    data = {
        name: hostile(content)
        for name, content in TWO_REPORTS.items()
        if name.startswith(("data/", "docs/reports/"))
    }
    built = make({**TWO_REPORTS, **data})
    tame = build(write(built.site.parent / "tame", TWO_REPORTS))
    for file in sorted(tame.site.rglob("*.html")):
        usual = parse(file.read_text(encoding="utf-8"))
        page = parse((built.site / file.relative_to(tame.site)).read_text(encoding="utf-8"))
        assert [element.tag for element in page.iter()] == [element.tag for element in usual.iter()], file
        assert text(page).replace(HOSTILE, "") == text(usual), file
    title = built.page("reports/east-2012").findtext("head/title", "")
    assert title.strip() == f"east的报告{HOSTILE} - 测试"


def hostile(content: str) -> str:
    """The text with words of an attack behind every free text."""
    quoted = json.dumps(HOSTILE)[1:-1]
    yaml = re.sub(
        r"\b(label|name|title|definition|text): ([^\s,{}]+)",
        lambda found: f'{found[1]}: "{found[2]}{quoted}"',
        content,
    )
    return re.sub(r'"(title|licence)": "([^"]+)"', lambda found: f'"{found[1]}": "{found[2]}{quoted}"', yaml)
