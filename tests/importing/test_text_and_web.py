"""Text files and saved pages as blocks, and blocks as Markdown in which they are only text."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from properties import bounded
from surveybase.importing import documents
from surveybase.importing.content import (
    HIDDEN,
    STRUCK_OUT,
    Block,
    Content,
    Heading,
    Item,
    Paragraph,
    Picture,
    Table,
    Unreadable,
)
from surveybase.importing.documents import read_document
from surveybase.importing.markdown import markdown
from surveybase.importing.web import blocks_of
from surveybase.reading.body import convert
from surveybase.reading.limits import faults_of_size
from surveybase.reading.marking import BLOCKS
from surveybase.reading.markup import html_in
from surveybase.reading.source import Source

TEXT = "东门社区调研\n\n　　一、基本情况\n社区有2386户。\n\n二、问题\n\n路太窄。\n"
READ = Content(
    "东门社区调研",
    (
        Heading(2, "一、基本情况"),
        Paragraph("社区有2386户。"),
        Heading(2, "二、问题"),
        Paragraph("路太窄。"),
    ),
)


def page(body: str) -> Content:
    return read_document("报告.html", f"<html><head><title>站</title></head><body>{body}</body></html>".encode())


# --- Text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_is_read_in_the_encodings_of_chinese_editors(encoding: str) -> None:
    assert read_document("报告.TXT", TEXT.encode(encoding)) == READ


@pytest.mark.parametrize("content", [b"", b"  \n", bytes(100), b"\xff\xfe\x00", b"\x81\x00\x81"])
def test_what_is_no_text_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"文字|文本"):
        read_document("报告.txt", content)


def test_lines_with_tabs_are_a_table() -> None:
    found = read_document("表.txt", "一、人口\n类别\t户数\n常住\t3676户\n流动\t876户\n二、问题\n路太窄。".encode())
    assert found.blocks[1] == Table((("类别", "户数"), ("常住", "3676户"), ("流动", "876户")))


def test_characters_that_nobody_sees_are_left_out() -> None:
    found = read_document("表.txt", "一、人口\n有\u200b12\u202e00\u00ad户。\n二、问题\n路\u2060太窄。".encode())
    assert found.blocks[1] == Paragraph("有1200户。")


@pytest.mark.parametrize("name", ["报告.pdf", "报告.wps", "报告.doc", "报告.exe", "报告"])
def test_other_kinds_of_file_say_what_to_do(name: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(".docx")):
        read_document(name, b"x")


def test_large_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST_TEXT", 100)
    monkeypatch.setattr(documents, "LARGEST_DOCUMENT", 200)
    with pytest.raises(Unreadable, match="太多"):
        read_document("报告.txt", b"x" * 150)
    with pytest.raises(Unreadable, match="MB"):
        read_document("报告.docx", b"x" * 250)


# --- Saved pages ----------------------------------------------------------------------------------------


def test_a_page_keeps_its_words_and_nothing_that_runs() -> None:
    found = page(
        "<nav>首页 &gt; 社区</nav><script>alert('一')</script><style>p{color:red}</style>"
        "<h1>东门社区调研</h1><h2>基本情况</h2><p onclick='alert(1)'>社区有<b>2386</b>户。<br>另有97栋楼。</p>"
        "<h2>问题</h2><ul><li>路太窄。<ul><li>车过不去。</li></ul></li><li>灯不亮。</li></ul>"
        "<ol><li>第一。</li></ol><iframe src='x'>框</iframe><svg><script>1</script></svg>"
        "<a href='javascript:alert(1)'>链接</a><p>&lt;script&gt;不是标签&lt;/script&gt;</p>"
    )
    assert found.title == "东门社区调研"
    assert found.blocks == (
        Heading(2, "基本情况"),
        Paragraph("社区有2386户。"),
        Paragraph("另有97栋楼。"),
        Heading(2, "问题"),
        Item("路太窄。"),
        Item("车过不去。", 1),
        Item("灯不亮。"),
        Item("第一。", 0, True),
        Paragraph("链接"),
        Paragraph("<script>不是标签</script>"),
    )
    written = markdown(found.blocks, ())
    assert not list(html_in(Source("a.md", written)))
    assert "＜script>不是标签＜/script>" in written


def test_raised_and_lowered_digits_do_not_join_the_number_before_them() -> None:
    found = page(
        "<h2>一、人口</h2><p>2386<sup>1</sup>户，10<sup>４</sup>元，10<sup>-4</sup>，CO<sub>2</sub>，"
        "12<sup><a href='#n'>[<b>3</b>]</a></sup>人，5m<span style='VERTICAL-ALIGN : Super'>2</span>。</p>"
        "<table><tr><td>户数<sup>1</sup></td><td>876<sup>2</sup></td></tr><tr><td>人数</td><td>9</td></tr></table>"
    )
    assert found.blocks[1:] == (
        Paragraph("2386¹户，10⁴元，10⁻⁴，CO₂，12[³]人，5m²。"),
        Table((("户数¹", "876²"), ("人数", "9"))),
    )
    assert found.left_out == ()


APART = [
    "<dl><dt>户籍人口</dt><dd>6120</dd><dd>7人</dd></dl>",
    "<address>6120</address>7人",
    "<figure>6120<figcaption>7人</figcaption></figure>",
    "<details><summary>6120</summary>7人</details>",
    "<form>6120</form><form>7人</form>",
    "<fieldset><legend>6120</legend>7人</fieldset>",
    "<label>6120</label><label>7人</label>",
    "<hgroup>6120</hgroup>7人",
    "<h3>6120<br>7人</h3>",
]


@pytest.mark.parametrize("apart", APART)
def test_what_stands_in_two_lines_does_not_become_one_word(apart: str) -> None:
    in_cell = f"<table><tr><td>{apart}</td><td>一</td></tr><tr><td>二</td><td>三</td></tr></table>"
    for html in (apart, in_cell):
        written = markdown(page(f"<h2>一、人口</h2>{html}").blocks, ())
        assert re.search(r"6120\D", written), written
        assert re.search(r"\D7人", written), written


def test_what_was_struck_out_is_left_out_and_that_is_said() -> None:
    found = page(
        "<h2>一、人口</h2><p>原<s>2300</s><del>2310</del><strike>2320</strike>"
        "<span style='text-decoration: underline LINE-THROUGH red'>2330</span>2386户。</p>"
    )
    assert found.blocks[1:] == (Paragraph("原2386户。"),)
    assert found.left_out == (STRUCK_OUT,)


def test_what_is_hidden_is_left_out_and_that_is_said() -> None:
    deep = "<div>" * 300 + "<p hidden>张三</p>" + "</div>" * 300
    found = page(
        "<h2>一、人口</h2><p>有<span hidden>张三</span><i style='color:red;DISPLAY : None !important'>李四</i>"
        "2386户。<img hidden src='https://example.org/a.png'></p>"
        f"<div style='display:none'><p>王五</p><table><tr><td>赵六</td></tr></table></div>{deep}"
    )
    assert found.blocks[1:] == (Paragraph("有2386户。"),)
    assert found.left_out == (HIDDEN,)
    assert page("<h2>一、人口</h2><p hidden> <br></p><p>有2386户。</p>").left_out == ()


def test_the_title_may_stand_in_a_header() -> None:
    found = page(
        "<header><nav>首页</nav><h1>东门社区调研</h1></header><h2>一、人口</h2><p>有2386户。</p><footer>版权</footer>"
    )
    assert found.title == "东门社区调研"
    assert found.blocks == (Heading(2, "一、人口"), Paragraph("有2386户。"))


def test_cells_that_cover_others_keep_the_columns() -> None:
    found = page(
        "<h2>一、人口</h2><table><tr><th rowspan='2'>类别</th><th colspan='2'>数量</th></tr>"
        "<tr><th>户数</th><th>人数</th></tr><tr><td>常住</td><td colspan='2'>3676户</td></tr>"
        "<tr><td>流动<table><tr><td>本市</td><td>外省</td></tr></table></td><td>876户</td><td>2194人</td></tr></table>"
    )
    assert found.blocks[1] == Table(
        (
            ("类别", "数量", "数量"),
            ("类别", "户数", "人数"),
            ("常住", "3676户", ""),
            ("流动 本市 外省", "876户", "2194人"),
        )
    )


def test_absurd_spans_are_cut() -> None:
    found = page(
        "<h2>一、人口</h2><table><tr><td colspan='99999999' rowspan='9999'>一</td></tr><tr><td>二</td></tr></table>"
    )
    assert isinstance(found.blocks[1], Table)
    assert len(found.blocks[1].rows[0]) <= 101


def test_a_table_that_grows_without_end_is_refused() -> None:
    cells = "<tr>" + "<td colspan=100 rowspan=100>一</td>" * 20 + "</tr>"
    with pytest.raises(Unreadable, match="表格太大"):
        page(f"<table>{cells * 20}</table>")


def test_a_picture_inside_the_page_is_kept_and_any_other_is_named() -> None:
    written = BytesIO()
    Image.new("RGBA", (3, 3), (0, 0, 0, 0)).save(written, "PNG")
    inside = b64encode(written.getvalue()).decode()
    found = page(
        f"<h2>一、照片</h2><p>图<img src='data:image/png;base64,{inside}' alt='东门路口'></p>"
        "<img src='file:///etc/passwd'><img src='https://example.org/a.png'><img src='data:image/png;base64,eHg='>"
    )
    assert [type(block) for block in found.blocks] == [Heading, Paragraph, Picture]
    [picture] = [block for block in found.blocks if isinstance(block, Picture)]
    assert (picture.suffix, picture.description) == (".png", "东门路口")
    assert len(found.left_out) == 3


def test_a_page_with_too_many_pictures_keeps_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_PICTURES", 2)
    written = BytesIO()
    Image.new("RGB", (3, 3)).save(written, "PNG")
    inside = b64encode(written.getvalue()).decode()
    found = page("<h2>一、照片</h2>" + f"<p><img src='data:image/png;base64,{inside}'></p>" * 3)
    assert [type(block) for block in found.blocks] == [Heading, Picture, Picture]
    assert [words.partition("：")[2][:4] for words in found.left_out] == ["图片超过"]


def test_nesting_without_end_is_put_up_with() -> None:
    found = page("<h2>一、问题</h2>" + "<div><ul><li>" * 5_000 + "路太窄。" + "</li></ul></div>" * 5_000)
    assert any("路太窄。" in getattr(block, "text", "") for block in found.blocks)
    written = markdown(found.blocks, ())
    assert "路太窄。" in written


TAGS = [
    *"<>/=\"' &;#甲1",
    "p",
    "li",
    "<p>",
    "</p>",
    "<li>",
    "<ul>",
    "<table>",
    "<tr>",
    "<td>",
    "<td rowspan=2>",
    "<b>",
    "<br>",
    "<sup>",
    "</sup>",
    "<s>",
    "</s>",
    "<p hidden>",
    "<dl>",
    "<dd>",
]


@bounded
@given(st.lists(st.sampled_from(TAGS), max_size=40).map("".join))
def test_whatever_stands_in_a_page_becomes_blocks(html: str) -> None:
    shown = list(blocks_of(html, lambda *_: None, []))
    for block in shown:
        assert "\n" not in getattr(block, "text", "")
        assert not isinstance(block, Table) or len({*map(len, block.rows)}) == 1


# --- Markdown -------------------------------------------------------------------------------------------

MARKS = [
    *"*_`#>+-=~|!<>[](){}\\&;:.1 甲乙。0",
    "**",
    "```",
    "~~~",
    "1.",
    "---",
    "[a](b)",
    "<b>",
    "&lt;",
    "http://a.b",
]
words = st.lists(st.sampled_from(MARKS), min_size=1, max_size=12).map(
    lambda parts: " ".join("".join(parts).split())
)
some_words = words.filter(bool)


def blocks() -> st.SearchStrategy[list[Block]]:
    return st.lists(
        st.one_of(
            st.builds(Heading, st.integers(2, 4), some_words),
            st.builds(Paragraph, some_words),
            st.builds(Item, some_words, st.integers(0, 2), st.booleans()),
            st.lists(st.tuples(words, words, words), min_size=2, max_size=3).map(lambda rows: Table(tuple(rows))),
        ),
        max_size=5,
    )


def texts(shown: Sequence[Block]) -> list[str]:
    found: list[str] = []
    for block in shown:
        found += [cell for row in block.rows for cell in row] if isinstance(block, Table) else [block.text]  # type: ignore[union-attr]
    return [re.sub(r"\s", "", text.replace("<", "＜")) for text in found]


@bounded
@given(blocks())
def test_every_character_comes_out_of_the_markdown_as_it_went_in(shown: list[Block]) -> None:
    written = markdown(shown, ())
    body = convert(written)
    assert "".join(texts(shown)) == re.sub(r"\s", "", "".join(body.root.itertext()))
    inline = {element.tag for element in body.root.iter()} - BLOCKS
    assert not inline
    assert not list(html_in(Source("a.md", written)))
    tables = [len([*element.iter("tr")]) for element in body.root.iter("table")]
    assert tables == [len(block.rows) for block in shown if isinstance(block, Table)]


@bounded
@given(blocks())
def test_headings_and_entries_stay_what_they_are(shown: list[Block]) -> None:
    body = convert(markdown(shown, ()))
    assert [heading.level for heading in body.headings] == [
        block.level for block in shown if isinstance(block, Heading)
    ]
    assert len([*body.root.iter("li")]) == sum(isinstance(block, Item) for block in shown)


def test_lines_of_tildes_make_no_code_of_what_stands_between_them() -> None:
    found = read_document("报告.txt", "一、说明\n~~~\n2*3户\n~~~~\n~~~\n完。".encode())
    body = convert(markdown(found.blocks, ()))
    assert not {element.tag for element in body.root.iter()} & {"pre", "code"}
    assert "".join("".join(body.root.itertext()).split()) == "一、说明~~~2*3户~~~~~~~完。"


def test_a_report_within_its_limits_passes_them() -> None:
    assert not list(faults_of_size(markdown(READ.blocks, ()), "a.md", 1))
