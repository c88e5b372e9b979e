"""What must not be published is recognised however it is written; what may be published is let through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import SMALL, write
from surveybase.check import examine
from surveybase.rules.private import has_id_checksum, has_luhn_checksum, hits, mask, masked

# Made up, with right check digits.
ID = "11010519491231002X"
CARD = "6222020200112230004"
MOBILE = "13800138000"

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
SPELT = str.maketrans("0123456789", "〇一二三四五六七八九")
BANKERS = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")


def in_groups(number: str) -> str:
    if len(number) == len(MOBILE):
        return f"{number[:3]}-{number[3:7]}-{number[7:]}"
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "full width": lambda number: number.translate(FULL_WIDTH),
    "spelt out": lambda number: number.translate(SPELT),
    "bankers' words": lambda number: number.translate(BANKERS),
    "spaced": " ".join,
    "in groups": in_groups,
    "with zero-width spaces": "\u200b".join,
    "as entities": lambda number: "".join(f"&#{ord(character)};" for character in number),
    "as hexadecimal entities": lambda number: "".join(f"&#x{ord(character):x};" for character in number),
    "in bold": lambda number: f"{number[:3]}**{number[3:7]}**{number[7:]}",
    "with no-break spaces": "\u00a0".join,
    "mixed": lambda number: number[:5] + number[5:].translate(SPELT),
}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize(
    ("number", "code"), [(ID, "privacy-id"), (CARD, "privacy-card"), (MOBILE, "privacy-mobile")]
)
def test_a_number_is_recognised_in_any_disguise(number: str, code: str, disguise: str) -> None:
    text = f"联系他：{DISGUISES[disguise](number)}，谢谢"
    assert [hit.code for hit in hits(text)] == [code]
    [hit] = hits(text)
    assert text[: hit.start] == "联系他："
    assert text[hit.end :] == "，谢谢"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("电话+86 138 0013 8000", "privacy-mobile"),
        ("电话0086-13800138000", "privacy-mobile"),
        ("电话幺三八零零幺三八零零零", "privacy-mobile"),
        ("证件110105194912310021", "privacy-id-suspect"),
        ("证件110105491231002", "privacy-id-suspect"),
        ("电话010-62345678", "privacy-landline"),
        ("电话（0991）4567890", "privacy-landline"),
        ("零九九一四五六七八九零", "privacy-landline"),
        ("车牌新A12345", "privacy-plate"),
        ("车牌粤B·D12345", "privacy-plate"),
        ("车牌京ＡＢ１２３４", "privacy-plate"),
        ("住阿里路396号", "privacy-address"),
        ("住阿里路三百九十六号", "privacy-address"),
        ("住幸福巷12-3号", "privacy-address"),
        ("住3栋2单元501室", "privacy-address"),
        ("住5号楼302室", "privacy-address"),
        ("微信号：dongshequ88", "privacy-account"),
        ("ＱＱ12345678", "privacy-account"),
        ("来信a.b@example.org", "privacy-email"),
        ("张先生说", "privacy-name"),
        ("走访了李大妈", "privacy-name"),
        ("居民王小明反映", "privacy-name"),
        ("联系人：欧阳明", "privacy-name"),
        *(
            (f"电话{number}", "privacy-mobile")
            for number in ("138/0013/8000", "138～0013～8000", "138    0013    8000", "138OO138OOO")
        ),
        *((f"电话{number}", "privacy-mobile") for number in ("๑๓๘๐๐๑๓๘๐๐๐", "&#0000000049;3800138000")),
        ("tel13800138000", "privacy-mobile"),
        ("身份证11010519491231002×", "privacy-id"),
        ("身份证11010519491231002Х", "privacy-id"),
        ("电话4567890", "privacy-landline"),
        ("固话：4567-8901", "privacy-landline"),
        ("车牌新a12345", "privacy-plate"),
        ("车牌新 A12345", "privacy-plate"),
        ("车牌WJ新12345", "privacy-plate"),
        ("住幸福小区3栋501", "privacy-address"),
        ("住3-2-501室", "privacy-address"),
        ("住阿里路甲396号", "privacy-address"),
        ("门牌号396", "privacy-address"),
        *(
            (f"{how}dongshequ88", "privacy-account")
            for how in ("VX：", "V信：", "wx: ", "微信（", "微信号为：", "加v")
        ),
        *((f"{how}12345678", "privacy-account") for how in ("企鹅号", "Q Q：", "钉钉号")),
        ("来信a [at] example.org", "privacy-email"),
        ("低保户张三", "privacy-name"),
        ("吸毒人员李四，", "privacy-name"),
    ],
)
def test_what_is_private_is_recognised(text: str, code: str) -> None:
    assert code in {hit.code for hit in hits(text)}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "全社区共有4552户，合计12548人",
            "4552 12548 3676 876 2194 10354",
            "1955年、2001年、2012年",
            "2012-05-20",
        ),
        *("国办发〔2021〕56号", "第三条", "650103", "统计代码650103001001", "约0.8平方公里", "3.14159265358979"),
        *(
            "某街路、某东街路、阿里路、货场路这4条路",
            "地铁5号线",
            "97栋楼，楼栋长50名",
            "22个小区里有15个单位型小区",
        ),
        *("副主任和党支部书记", "王家村", "张家口市", "高老师傅带徒弟", "黄赌毒", "马路市场", "老大爷", "同志们"),
        *("微信群里通知", "用微博、橱窗宣传", "居民金融意识", "居民说", "热线12345", "拨打110", "1,234,567,890元"),
        *(
            "12栋3000户",
            "5号楼120户",
            "统一做了门牌号396个",
            "微博（weibo.com）",
            "微信WeChat",
            "3×4米",
            "工作人员，",
        ),
        *("拨打电话2345678次", "150、1200、3000", "新Type123", "2012/2013/2014"),
        *("新A级景区", "京津冀", "ISBN 7-301-04815-7", "三百九十六户", "二〇一二年五月二十日"),
    ],
)
def test_what_may_be_published_is_let_through(text: str) -> None:
    assert hits(text) == ()


def test_the_check_digits_are_those_of_the_standards() -> None:
    assert has_id_checksum(ID)
    assert not has_id_checksum(ID[:-1] + "1")
    assert has_luhn_checksum("4111111111111111")
    assert not has_luhn_checksum("4111111111111112")


@pytest.mark.parametrize("words", [ID, CARD, MOBILE, "新A12345", "396号", "张先生"])
def test_masking_leaves_too_little_to_use_and_does_it_once(words: str) -> None:
    hidden = mask(words)
    assert len(hidden) == len(words)
    assert hidden.count("*") * 2 >= len(words)
    assert mask(hidden) == hidden


def test_masked_text_keeps_the_words_around() -> None:
    assert masked(f"先打{MOBILE}，再打{MOBILE}。") == "先打138******00，再打138******00。"


@given(st.text(alphabet="0123456789０１一二〇零 -*&#x;48X路号栋微信张先生@a.", max_size=80))
def test_any_text_is_read_and_what_is_found_stands_in_it(text: str) -> None:
    for hit in hits(text):
        assert 0 <= hit.start < hit.end <= len(text)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            "docs/reports/east-2012.md",
            '["居委会"]',
            '["居委会", "' + "".join(f"\\u{ord(it):04x}" for it in MOBILE) + '"]',
        ),
        (
            "data/communities/east.yml",
            "title: 停车位不够",
            "title: 停车位不够\n          138\n          0013\n          8000",
        ),
        ("data/communities/east.yml", "title: 停车位不够", 'title: "停车位\\x31' + MOBILE[1:] + '"'),
    ],
)
def test_what_yaml_hides_is_recognised_as_it_is_read(tmp_path: Path, file: str, old: str, new: str) -> None:
    small = {**SMALL, file: SMALL[file].replace(old, new)}
    assert small != SMALL
    project = write(tmp_path, small)
    found = [(item.code, item.location.path) for item in examine(project, project / "docs", project / "data")]
    assert found.count(("privacy-mobile", file)) == 1
