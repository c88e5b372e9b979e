"""The form in the browser reads amounts, writes files and judges them as this program does."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit, visits
from conftest import Serve
from form.bundle import FOLDER, esbuild, packages
from hypothesis import given
from hypothesis import strategies as st
from own_data import own_subject
from playwright.sync_api import Browser, Page
from projects import ROOT, write
from properties import bounded
from surveybase.amounts import amounts
from surveybase.authoring.canonical import canonical, tree
from surveybase.authoring.comments import comments_of
from surveybase.authoring.formatting import Form, formatted
from surveybase.authoring.scalars import (
    AS_ITEM,
    AS_KEY,
    AS_KEY_IN_BRACES,
    AS_VALUE,
    IN_BRACES,
    IN_BRACKETS,
    scalar,
)
from surveybase.check import examine
from surveybase.exports import form_data
from surveybase.reading import schema
from surveybase.reading.body import convert
from surveybase.reading.marking import Quote, mark
from surveybase.reading.source import Source

AMOUNTS = json.loads((Path(__file__).parent / "form_amounts.json").read_text("utf-8"))
PLACES = {
    "AS_VALUE": AS_VALUE,
    "AS_ITEM": AS_ITEM,
    "IN_BRACKETS": IN_BRACKETS,
    "IN_BRACES": IN_BRACES,
    "AS_KEY": AS_KEY,
    "AS_KEY_IN_BRACES": AS_KEY_IN_BRACES,
}
Ask = Callable[[str, Any], Any]


@pytest.fixture(scope="module")
def ask(browser: Browser, serve: Serve, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Call a function of the modules: ``ask("(units, given) => ...", given)``."""
    folder = tmp_path_factory.mktemp("units")
    packages(ROOT / FOLDER)
    esbuild(ROOT / FOLDER, "src/units.js", folder / "units.js")
    for name in ("community", "report"):
        (folder / f"{name}.json").write_bytes((site / "schemas" / f"{name}.json").read_bytes())
    (folder / "data.json").write_bytes((site / "contribute" / "form" / "data.json").read_bytes())
    write(folder, {"index.html": '<!DOCTYPE html><html lang="zh"><title>t</title><link rel="icon" href="data:,">'})
    with serve(folder) as root, visits(browser, root) as visit:
        page = _page(visit)
        yield lambda code, given: page.evaluate(
            f"async (given) => ({code})(await import('/units.js'), given)", given
        )


def _page(visit: Visit) -> Page:
    return visit("")


def shapes(name: str) -> str:
    return f"const shape = units.Shape.of(await (await fetch('/{name}.json')).json());"


# --- Amounts --------------------------------------------------------------------------------------------

READ = """(units, texts) => texts.map((text) => units.amounts(text).map((it) => [it.start, it.end, it.text,
    it.readings.map((value) => value.toFixed(6)), it.high.map((value) => value.toFixed(6)),
    it.isPercent, it.precision]))"""


def read_here(text: str) -> list[Any]:
    return [
        [
            *(item.start, item.end, item.text),
            [f"{value:.6f}" for value in item.readings],
            [f"{value:.6f}" for value in item.high],
            *(item.is_percent, item.precision.value),
        ]
        for item in amounts(text)
    ]


def test_amounts_are_read_alike(ask: Ask) -> None:
    texts = [text for text, _, _ in AMOUNTS]
    texts += [path.read_text("utf-8") for path in sorted((ROOT / "docs" / "reports").glob("*.md"))]
    texts += re.findall("[^。；\n]+", "".join(texts))
    assert ask(READ, texts) == [read_here(text) for text in texts]


@pytest.mark.parametrize(("text", "value", "precision"), AMOUNTS)
def test_the_table_of_amounts_holds(text: str, value: str, precision: str) -> None:
    found = amounts(text)
    if not value:
        assert not found
        return
    [amount] = found
    low, _, high = value.partition("—")
    assert low in [
        f"{reading:f}".rstrip("0").rstrip(".") if "." in f"{reading:f}" else f"{reading:f}"
        for reading in amount.readings
    ]
    assert [f"{reading:f}" for reading in amount.high] == ([high] if high else [])
    assert amount.precision.value == precision


# --- Ids that files have --------------------------------------------------------------------------------

LOOK_UP = """async (units, [files, ids]) => {
    const asked = [];
    const taken = new units.Taken(async (name) => { asked.push(name); return files[name]; });
    const found = [];
    for (const id of ids) {
        await taken.load(id);
        found.push([taken.isCommunity(id), taken.communityOf(id) ?? ""]);
    }
    return [found, asked];
}"""


def test_only_the_parts_with_the_ids_asked_for_are_fetched(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_data, "IDS_IN_PART", 3)
    base = own_subject()[0].base
    parts = form_data.taken_ids(base)
    assert len(parts) > 2
    files = {f"ids/{i}.json": json.loads(part.content()) for i, part in enumerate(parts)}
    files["ids.json"] = json.loads(form_data.first_ids(parts))
    names = sorted({*base.communities, *base.reports})
    reports = {id: report.community for id, report in base.reports.items()}
    found, _ = ask(LOOK_UP, [files, names])
    assert found == [[name in base.communities, reports.get(name, "")] for name in names]
    others = ["a", f"{names[0]}-x", f"{names[-1]}-x", "constructor"]
    found, asked = ask(LOOK_UP, [files, others])
    assert found == [[False, ""]] * len(others)
    firsts = [part.first for part in parts]
    wanted = {f"ids/{bisect_right(firsts, id) - 1}.json" for id in others if id >= firsts[0]}
    assert sorted(asked) == sorted({"ids.json", *wanted})


RECORD = """(units, [item, texts]) => texts.map((text) => {
    const result = units.recorded(text, item ?? undefined);
    return result.wrong ? "?" : Object.fromEntries([...result.fields].map(([name, part]) =>
        [name, Array.isArray(part) ? part.map((each) => each.text) : part.text ?? part]));
})"""


def test_a_typed_amount_is_recorded_with_unit_precision_and_range(ask: Ask) -> None:
    people = {"unit": "人", "also_units": {}}
    area = {"unit": "平方公里", "also_units": {"平方米": "0.000001"}}
    money = {"unit": "万元", "also_units": {"元": "0.0001"}}
    assert ask(RECORD, [people, ["约8,421人", "3.2万", "30多", "100—120", "近百", "不知道", "3人5人"]]) == [
        {"value": "8421", "precision": "about"},
        {"value": "32000"},
        {"value": "30", "precision": "at_least"},
        {"range": ["100", "120"]},
        {"value": "100", "precision": "about"},
        "?",
        "?",
    ]
    assert ask(RECORD, [area, ["0.8", "约3000平方米"]]) == [
        {"value": "0.8"},
        {"value": "3000", "precision": "about", "unit": "平方米"},
    ]
    assert ask(RECORD, [money, ["3.2万元", "5000元"]]) == [{"value": "3.2"}, {"value": "0.5"}]
    share = {"unit": "%", "also_units": {}}
    assert ask(RECORD, [share, ["27.30%", "百分之五", "三分之二", "2,700.50"]]) == [
        {"value": "27.30"},
        {"value": "5"},
        "?",
        {"value": "2700.50"},
    ]
    refused = ["2000亩", "18.4%", "5‰", "-5人", "12345678901234567"]
    assert ask(RECORD, [people, [*refused, "全社区共有2000人，比上年多"]]) == ["?"] * 5 + [{"value": "2000"}]
    assert ask(RECORD, [None, ["4条道路", "约30户左右"]]) == [
        {"value": "4", "unit": "条道路"},
        {"value": "30", "precision": "about", "unit": "户"},
    ]


# --- Files ----------------------------------------------------------------------------------------------

# fmt: off
WORDS = [
    "社区", "a: b", "a:", ":a", "- a", "-a", "?", "? a", "#a", "a #b", "a#b", "[a", "a]", "a, b",
    "a，b", "{a}", "“引文”", "'", "\"", "a'b", "a\"b", "a'b\"c", "\\", "@a", "`a", "%a", "&a", "*a",
    "!a", "|", ">", "=", "<<", "~", "null", "true", "yes", "No", "on", "12", "012", "1.50", "-3",
    "1:30", "0x1f", "1e5", ".5", "1_000", "2012-09", "2012", "...", "---", "--- a", "a\tb", "\ta",
    " a", "a ", "", "\u2028", "\ufeff", "\u007f", "\u0085", "😀", "__proto__", "constructor", "a?b",
    "a:b", "http://x.y/z?q=1#f", "a :b", "（一）", "“甲”和“乙”", "a,b", "第3、4层", "-", ":", "a\\n",
    "<script>",
]
# fmt: on


def scalars_here(words: list[str]) -> list[list[str]]:
    return [[scalar(word, place) for place in PLACES.values()] for word in words]


SCALARS = "(units, [words, places]) => words.map((word) => places.map((place) => units.scalar(word, units[place])))"


def test_a_text_is_written_alike_in_every_place(ask: Ask) -> None:
    assert ask(SCALARS, [WORDS, [*PLACES]]) == scalars_here(WORDS)


def test_any_text_is_written_alike(ask: Ask) -> None:
    letters = st.text(st.sampled_from("ab1 .:,-#?[]{}'\"&*!|>%@`，“”…x0e_\\=~<"), max_size=8)

    @bounded
    @given(st.lists(letters, min_size=20, max_size=60))
    def alike(words: list[str]) -> None:
        assert ask(SCALARS, [words, [*PLACES]]) == scalars_here(words)

    alike()


WRITE = f"""async (units, texts) => {{
    {shapes("community")}
    return texts.map((text) => {{
        const {{root, entries}} = units.read(text);
        return units.canonical(root, shape, units.commentsOf(text, entries));
    }});
}}"""

REMARKS = """\
# 文件的说明

# 名称的说明
name: 东社区 # 名称
unknown: [甲, {乙: 丙}]  # 不认识的字段


level: community
# 报告的说明
reports:   # 报告
  # 一份报告
  east-2012:
    problems:
      # 没有数据时的说明
      b: {quote: "丙", type: traffic,   # 类型
          title: 丁}
    observations:
      residents: {quote: '甲', value: 27.30}   # 数值
      # 户数
      households: {precision: about,
        # 值的说明
        value: 2000, quote: 全社区有2000户}
      # 数据的结尾
    countermeasures:
      # 空的
      d:
        outcome:
          quote: |-
            一行
            两行
        addresses:
          - b   # 针对
          - c
        note: >
          折行
          文字
    # 报告的结尾

# 文件的结尾
exceptions:
  - code: privacy-name  # 检查
    # 内容的说明
    value: 张三
  # 第二项
  -
    code: privacy-name
"""


def test_files_are_written_alike_with_their_comments_and_unknown_fields(ask: Ask) -> None:
    texts = [REMARKS, *(path.read_text("utf-8") for path in sorted((ROOT / "data" / "communities").glob("*.yml")))]
    expected = [formatted(Form(Source("x", text), schema.CommunityFile)) for text in texts]
    assert not [findings for _, findings in expected if findings]
    assert ask(WRITE, texts) == [text for text, _ in expected]


def test_a_written_file_has_what_was_put_into_it(ask: Ask) -> None:
    """The reading of the form is that of the check, whatever the order and the comments."""
    document, _ = Form(Source("x", REMARKS), schema.CommunityFile).read(REMARKS)
    assert document
    own = canonical(document.root, schema.CommunityFile, comments_of(REMARKS, document.root))
    [written] = ask(WRITE, [REMARKS])
    assert written == own
    assert canonical(tree({"a": [], "b": {}}), schema.CommunityFile) == ask(WRITE, ["b: {}\na: []\n"])[0].replace(
        "b: {}\na: []\n", "a: []\nb: {}\n"
    )


BODIES = [
    "# 一\n正文\n## 二\n\n\n\n* 甲\n* 乙\n\n正文**粗**的字  \n换行\n",
    "| 甲 | 乙 |\n| --- | --- |\n| 3户 | 4户 |\n\n```\n代码\n\n\n代码\n```\n",
    "\n\n##甲##\n\n1. 一\n2. 二\n\n> 引\n\n    代码\n",
    "",
    "说明：\n* 甲\n* 乙\n",
    "* 甲\n\n- 乙\n\n正文\n",
    "* 甲\n- 乙\n",
    "1) 甲\n2) 乙\n\n* 丙\n",
    "文字\n| 甲 | 乙 |\n| - | - |\n| 丙 | 丁 |\n",
    "- [ ] 甲\n- 乙\n",
    "甲  \n乙\\\n丙\n",
    "**照明：**晚上\n* 没有**路灯**\n\n* 甲\n    * 乙\n* 丙\n",
    "文字\n> 引\n\n---\n* 甲\n## 乙\n* 丙\n",
]


def test_the_text_of_a_report_is_laid_out_alike(ask: Ask) -> None:
    from surveybase.authoring.markdown import tidied  # noqa: PLC0415 - the only use

    bodies = [*BODIES, *(path.read_text("utf-8") for path in sorted((ROOT / "docs" / "reports").glob("*.md")))]
    assert ask("(units, texts) => texts.map(units.tidied)", bodies) == [tidied(body) for body in bodies]


STRESSED = [
    "**照明：**晚上没有路灯。",
    "**照明：晚上。**没有路灯。",
    "*照明：*晚上没有路灯",
    "有**“路灯”**的街，**晚上没有**路灯",
    "有**《路灯》**的，照明：__晚上__没有路灯，_晚上_没有",
    "照明：***晚上***没有路灯，2*3*4，照明： * 晚上",
    "照明：**晚上`**`没有**路灯，**晚上没有路灯",
    "**照明：*晚上*没有**路灯",
    "***照明：*晚上没有**路灯",
]


def test_a_quote_is_found_in_as_many_places(ask: Ask) -> None:
    cases: list[tuple[str, str]] = []
    for path in sorted((ROOT / "docs" / "reports").glob("*.md")):
        body = path.read_text("utf-8").split("---\n", 2)[2]
        words = re.findall(r"[^\s|*#，。；：-]{2,}", body)[::3]
        cases += [(body, word) for word in words]
        cases += [(body, f"{a}，{b}") for a, b in pairwise(words)]
        cases += [(body, row.strip("| \n").replace(" | ", " ")) for row in re.findall(r"\n\|[^\n]*", body)]
    cases += [
        ("**粗**体[链](http://a.b)接`码`", "粗体链接码"),
        ("甲\n乙", "甲 乙"),
        ("甲\n\n乙", "甲乙"),
        *(
            (body, words)
            for body in BODIES
            for words in ("甲", "* 甲", "-乙", "1) 甲", "丙丁", "[ ]", "乙\\", "文字", "|", "乙")
        ),
        *((f"{line}\n", words) for line in STRESSED for words in ("照明：晚上", "晚上没有路灯", "有“路灯”的", "*")),
        ("aaa", "aa"),
        ("甲", " "),
    ]
    here = [mark(convert(body), [Quote("q", quote)])["q"] for body, quote in cases]
    there = ask("(units, cases) => cases.map(([body, quote]) => units.places(units.blocksOf(body), quote))", cases)
    assert [case for case, one, other in zip(cases, here, there, strict=True) if one != other] == []


# --- Findings -------------------------------------------------------------------------------------------

CHECK = r"""async (units, [community, front, body, id]) => {
    const load = async (name) => await (await fetch(`/${name}.json`)).json();
    const data = await load("data");
    const of = {report: units.Shape.of(await load("report")), community: units.Shape.of(await load("community"))};
    const given = {report: units.read(front).root, community: units.read(community).root, survey: ["reports", id],
                   body: units.blocksOf(body)};
    return units.checked(given, of, data).map((it) =>
        [it.code, it.path.join(".").replace(/\.(value|range)$/, ""), it.message, it.remedy]);
}"""

COMMUNITY, REPORT = "shayibak-street", "shayibak-freight"
FAULTS = {
    "a wrong digit": ("value: 4552, quote", "value: 4553, quote"),
    "no quote in the text": ("quote: 全社区共有4552户", "quote: 全社区共有4552户人家"),
    "a quote in two places": ("quote: 全社区共有4552户", "quote: 户"),
    "precision not said": ("value: 4552, quote", "value: 4552, precision: about, quote"),
    "a unit that the indicator has not": ("value: 4552, quote", "value: 4552, unit: 亩, quote"),
    "a text for a number": ("value: 4552, quote", "value: 四千, quote"),
    "an empty value": ("value: 4552, quote", "value: , quote"),
    "no value": ("{value: 4552, quote", "{quote"),
    "both value and range": ("value: 4552, quote", "value: 4552, range: [1, 2], quote"),
    "a range the wrong way": ("value: 4552, quote", "range: [2, 1], quote"),
    "not a level": ("level: community", "level: 社区"),
    "a name too long": ("name: ", f"name: {'长' * 70}"),
    "a code without quotes": ('setting: "112"', "setting: 112"),
    "a wrong code": ('code: "650103"', 'code: "65010"'),
    "a required field empty": ("level: community", "level:"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_in_the_same_words(ask: Ask, tmp_path: Path, fault: str) -> None:
    old, new = FAULTS[fault]
    files = {path: (ROOT / path).read_text("utf-8") for path in _project()}
    path = f"data/communities/{COMMUNITY}.yml"
    assert old in files[path]
    files[path] = files[path].replace(old, new, 1)
    write(tmp_path, files)
    found = examine(tmp_path, tmp_path / "docs", tmp_path / "data")
    here = [
        (item.code, re.sub(r"(\.(value|range))?(（.*)?$", "", item.field), item.message, item.help)
        for item in found
        if item.location.path == path and item.code in JUDGED
    ]
    assert here
    _, front, body = files[f"docs/reports/{REPORT}.md"].split("---\n", 2)
    there = [tuple(item) for item in ask(CHECK, [files[path], front, body, REPORT])]
    assert sorted(there) == sorted(here)


def test_what_is_excepted_is_no_finding(ask: Ask) -> None:
    text = (ROOT / "data" / "communities" / f"{COMMUNITY}.yml").read_text("utf-8")
    wrong = text.replace("value: 4552, quote", "value: 4552, precision: about, quote", 1)
    _, front, body = (ROOT / "docs" / "reports" / f"{REPORT}.md").read_text("utf-8").split("---\n", 2)
    assert {code for code, *_ in ask(CHECK, [wrong, front, body, REPORT])} == {"evidence-precision"}
    for value, left in (("4552", set()), ("4553", {"evidence-precision"})):
        excepted = f'{wrong}exceptions:\n  - {{code: evidence-precision, value: "{value}", reason: 核对过}}\n'
        assert {code for code, *_ in ask(CHECK, [excepted, front, body, REPORT])} == left


JUDGED = {
    *("field-missing", "field-type", "field-unknown", "field-value"),
    *("evidence-missing", "evidence-ambiguous", "evidence-figure", "evidence-precision"),
    *("arithmetic-parts", "arithmetic-ratio", "reference-unknown"),
}


def _project() -> list[str]:
    data = [f"data/{name}.yml" for name in ("indicators", "problems", "countermeasures", "standards")]
    return [*data, f"data/communities/{COMMUNITY}.yml", f"docs/reports/{REPORT}.md"]


def test_a_hostile_key_is_an_unknown_one(ask: Ask) -> None:
    text = (ROOT / "data" / "communities" / f"{COMMUNITY}.yml").read_text("utf-8")
    hostile = "".join(f"{key}: 1\n" for key in ("constructor", "__proto__", "toString"))
    _, front, body = (ROOT / "docs" / "reports" / f"{REPORT}.md").read_text("utf-8").split("---\n", 2)
    found = ask(CHECK, [text + hostile, front, body, REPORT])
    assert [(code, path) for code, path, *_ in found] == [
        ("field-unknown", key) for key in ("constructor", "__proto__", "toString")
    ]
    inside = text.replace("    observations:\n", "    observations:\n      constructor: {value: 1}\n", 1)
    assert [item[:3] for item in ask(CHECK, [inside, front, body, REPORT])] == [
        ["reference-unknown", f"reports.{REPORT}.observations.constructor", "没有这个指标"]
    ]


DATES = ["2012", "2012-09", "2012-09-31", "2012-13", "20120", "去年", '"2012"', "0000", "2012-02-29"]


def test_dates_are_judged_in_the_same_words(ask: Ask, tmp_path: Path) -> None:
    project = write(tmp_path, {path: (ROOT / path).read_text("utf-8") for path in _project()})
    path = project / f"docs/reports/{REPORT}.md"
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    community = (project / f"data/communities/{COMMUNITY}.yml").read_text("utf-8")
    for day in DATES:
        dated = f"{front}surveyed: {day}\n"
        path.write_text(f"---\n{dated}---\n{body}", encoding="utf-8")
        found = examine(project, project / "docs", project / "data")
        here = [(item.code, item.message, item.help) for item in found if item.field.startswith("surveyed")]
        there = [(code, said, help) for code, _, said, help in ask(CHECK, [community, dated, body, REPORT])]
        assert there == here, day


def test_our_own_reports_have_nothing_wrong_in_the_form(ask: Ask) -> None:
    for path in sorted((ROOT / "docs" / "reports").glob("*.md")):
        _, front, body = path.read_text("utf-8").split("---\n", 2)
        community = re.findall("community: (.*)", front)[0]
        text = (ROOT / "data" / "communities" / f"{community}.yml").read_text("utf-8")
        assert ask(CHECK, [text, front, body, path.stem]) == []
