"""From the words of a report to candidates: figures with their units and precision, problems, countermeasures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import bounded
from surveybase.importing.candidates import Candidates
from surveybase.model import Quantity
from surveybase.reading.body import convert
from surveybase.reading.catalogues import quantity_of
from surveybase.reading.documents import Value
from surveybase.reading.marking import Quote, mark
from surveybase.reading.schema import ObservationEntry
from surveybase.rules.figures import is_stated

from bench import importing

BASE = importing.own_subject().base


def found(markdown: str) -> Candidates:
    return importing.finder().candidates(convert(markdown))


def figures(markdown: str) -> dict[str, dict[str, Value]]:
    """The observations without their quotes."""
    entries = found(markdown).observations
    return {
        id: {field: value for field, value in entry.items() if field != "quote"} for id, entry in entries.items()
    }


def places(markdown: str, quote: object) -> int:
    """In how many places the quote would be marked."""
    return mark(convert(markdown), [Quote("q", str(quote))])["q"]


# --- Figures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "id", "entry"),
    [
        ("社区有党员708人。", "party_members", {"value": Decimal(708)}),
        ("社区有708名党员。", "party_members", {"value": Decimal(708)}),
        ("辖区面积约0.8平方公里。", "area", {"value": Decimal("0.8"), "precision": "about"}),
        ("辖区面积近80公顷。", "area", {"value": Decimal("0.80"), "precision": "about"}),
        ("共有停车位六百余个。", "parking_spaces", {"value": Decimal(600), "precision": "at_least"}),
        ("停车位不足600个。", "parking_spaces", {"value": Decimal(600), "precision": "at_most"}),
        ("停车位600个左右。", "parking_spaces", {"value": Decimal(600), "precision": "about"}),
        ("登记志愿者230多人。", "volunteers", {"value": Decimal(230), "precision": "at_least"}),
        ("培养入党积极分子3名以上。", "party_applicants_target", {"value": Decimal(3), "precision": "at_least"}),
        ("发放宣传材料1.2万份。", "leaflets", {"value": Decimal("1.2"), "unit": "万份"}),
        ("居民年纯收入0.4万元。", "net_income", {"value": Decimal("0.4"), "unit": "万元"}),
        (
            "社区专职工作者每人每月收入只有800至1000元。",
            "worker_monthly_pay",
            {"range": [Decimal(800), Decimal(1000)]},
        ),
        ("老年人口占比23.7%。", "older_residents_share", {"value": Decimal("23.7")}),
        ("居委会成立于1955年。", "founded_year", {"value": Decimal(1955)}),
        ("周边有三家幼儿园。", "kindergartens", {"value": Decimal(3)}),
        ("没有发生过刑事案件。", "criminal_cases", {"value": Decimal(0)}),
        ("社区没有集体收入。", "collective_income", {"value": Decimal(0)}),
        ("刑事案件从来没有发生过。", "criminal_cases", {"value": Decimal(0)}),
    ],
)
def test_a_figure_is_matched_by_its_words_and_unit(text: str, id: str, entry: dict[str, Value]) -> None:
    assert figures(text) == {id: entry}


def test_figures_of_one_sentence_go_to_their_own_indicators() -> None:
    assert {
        id: entry["value"] for id, entry in figures("周边有3家幼儿园和1所学校，居民2386户、6120人。").items()
    } == {
        "kindergartens": 3,
        "schools": 1,
        "households": 2386,
        "residents": 6120,
    }


@pytest.mark.parametrize(
    "text",
    [
        "第3个小区、一个社区。做到两个明确。",
        "2012年9月15日下午3时调查。",
        "会议开了3次，来了20人次。",
        "社区里没有人。",
        "三个方面的工作抓得紧。",
    ],
)
def test_what_is_no_figure_of_an_indicator_is_none(text: str) -> None:
    assert figures(text) == {}


def test_cells_are_matched_by_the_heads_of_their_row_and_column() -> None:
    heading = "## 人口与住户\n\n"
    table = "| 类别 | 户数 | 人数 |\n| --- | --- | --- |\n| 常住 | 3676户 | 10354人 |\n| 流动 | 876户 | 2194人 |"
    assert {id: entry["value"] for id, entry in figures(heading + table).items()} == {
        "resident_households": 3676,
        "permanent_residents": 10354,
        "floating_households": 876,
        "floating_residents": 2194,
    }


def test_a_unit_may_stand_in_a_head() -> None:
    table = "| 项目 | 数量 |\n| --- | --- |\n| 停车位（个） | 320 |\n| 党员（名） | 708 |"
    assert {id: entry["value"] for id, entry in figures(table).items()} == {
        "parking_spaces": 320,
        "party_members": 708,
    }


def test_a_quote_grows_until_it_stands_once() -> None:
    markdown = "东区停车位600个，党员708名。\n\n西区没有停车位600个这么多。"
    [entry] = [entry for id, entry in found(markdown).observations.items() if id == "parking_spaces"]
    assert entry["quote"] == "东区停车位600个"
    markdown = "停车位600个，党员708名。\n\n停车位600个，是去年的事。"
    entry = found(markdown).observations["parking_spaces"]
    assert places(markdown, entry["quote"]) == 1


def test_a_small_count_of_a_protected_group_is_withheld() -> None:
    result = found("社区有残疾人5人，党员708人。")
    assert result.observations["disabled_residents"] == {"status": "withheld"}
    assert result.withheld == {"disabled_residents"}


def test_what_is_planned_is_not_taken_for_what_there_is() -> None:
    markdown = "## 现状\n\n停车位600个。\n\n## 建议\n\n新增停车位200个。"
    assert figures(markdown) == {"parking_spaces": {"value": Decimal(600)}}


# --- Problems and countermeasures -----------------------------------------------------------------------

REPORT = """## 基本情况

社区有2386户，路灯不亮的地方不少。

## 存在的问题

- 停车位不足，车没有地方停。
- 路灯不亮，晚上很黑。
- 天气很好。

## 对策建议

- 建议街道增加停车位，规范停车。
- 安装路灯。
"""


def test_sections_say_whether_a_sentence_is_a_problem_or_a_countermeasure() -> None:
    result = found(REPORT)
    assert {key: entry["quote"] for key, entry in result.problems.items()} == {
        "parking": "停车位不足，车没有地方停。",
        "street-lighting": "路灯不亮，晚上很黑。",
    }
    assert {key: entry["quote"] for key, entry in result.countermeasures.items()} == {
        "add-parking": "建议街道增加停车位，规范停车。",
        "install-lighting": "安装路灯。",
    }


def test_a_countermeasure_points_to_the_problem_it_shares_most_words_with_and_to_who_is_named() -> None:
    entry = found(REPORT).countermeasures["add-parking"]
    assert entry["addresses"] == ["parking"]
    assert entry["who"] == ["subdistrict"]
    assert entry["status"] == "proposed"


def test_two_of_one_type_have_two_keys() -> None:
    result = found("## 问题\n\n- 停车位不足，车没有地方停。\n- 外来车辆乱停乱放，抢占车位。")
    assert [*result.problems] == ["parking", "parking-2"]


def test_without_such_sections_the_words_decide() -> None:
    result = found("停车位严重不足，车没有地方停。\n\n建议增加停车位，规范停车。\n\n停车是大家的事。")
    assert [*result.problems] == ["parking"]
    assert [*result.countermeasures] == ["add-parking"]


def test_a_title_is_a_clause_that_says_something() -> None:
    text = "1、近年来，由于居民的私家车越来越多，停车位不足、车没有地方停的问题在各个小区都十分突出。"
    [entry] = found(f"## 问题\n\n{text}").problems.values()
    assert entry["title"] == "近年来，由于居民的私家车越来越多"


# --- Whatever the text ----------------------------------------------------------------------------------

PIECES = [
    *(
        "社区",
        "户",
        "人",
        "党员",
        "停车位",
        "个",
        "名",
        "面积",
        "平方公里",
        "的",
        "有",
        "约",
        "余",
        "近",
        "以上",
        "左右",
        "万",
    ),
    *(
        "3676",
        "10,354",
        "0.8",
        "四千五百",
        "十",
        "百分之五",
        "18.4%",
        "1至8",
        "2012年",
        "三险",
        "一半",
        "千万",
        "每月",
        "元",
    ),
    *(
        "没有",
        "集体收入",
        "问题",
        "建议",
        "不足",
        "残疾人5人",
        "，",
        "。",
        "；",
        "：",
        "、",
        "\n\n",
        "\n\n## 问题\n\n",
        "\n\n- ",
    ),
    *("| a | b |\n| --- | --- |\n| 户数 | 3户 |\n", "**", "（", "）", " "),
]


@bounded
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_every_candidate_has_a_quote_that_stands_once_and_says_it(text: str) -> None:
    body = convert(text)
    result = importing.finder().candidates(body)
    for id, entry in result.observations.items():
        checked = ObservationEntry.model_validate(entry)
        quantity = quantity_in_base_unit(checked, id)
        if quantity is None:
            assert checked.status == "withheld"
        else:
            assert checked.quote is not None
            assert places(text, checked.quote) == 1
            assert is_stated(quantity, checked.quote, BASE.indicators[id])
    for entries in (result.problems, result.countermeasures):
        for entry in entries.values():
            assert places(text, entry["quote"]) == 1
            assert 0 < len(str(entry["title"])) <= 80
    assert result == found(text)


def quantity_in_base_unit(entry: ObservationEntry, id: str) -> Quantity | None:
    quantity = quantity_of(entry)
    return quantity.scaled(BASE.indicators[id].also_units[entry.unit]) if quantity and entry.unit else quantity


# --- How good it is -------------------------------------------------------------------------------------


@pytest.mark.parametrize("measured", ["docx", "txt", "made up"])
def test_four_fifths_of_the_figures_are_found_and_four_fifths_of_the_found_are_right(measured: str) -> None:
    scores = importing.made_up() if measured == "made up" else importing.own_reports(measured)
    total = importing.total(score for _, score in scores)
    assert total[importing.FIGURES].there > 40
    assert total[importing.FIGURES].precision >= 0.8
    assert total[importing.FIGURES].recall >= 0.8
    for kind in (importing.PROBLEMS, importing.COUNTERMEASURES):
        assert total[kind].precision >= 0.5
        assert total[kind].recall >= 0.4
