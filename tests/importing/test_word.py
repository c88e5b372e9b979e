"""Word files: unstyled headings, automatic numbers, merged cells, pictures; broken and hostile files."""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from properties import fewer
from surveybase.importing import word
from surveybase.importing.content import Heading, Item, Paragraph, Picture, Table, Unreadable
from surveybase.importing.documents import read_document
from surveybase.reading.pictures import fault_of_picture
from word_files import headings, image, numbered, part_of, read, rewritten, saved

# --- Headings -------------------------------------------------------------------------------------------


def test_headings_that_were_only_typed_get_their_levels() -> None:
    document = Document()
    for text in (
        "东门社区调研报告",
        "一、基本情况",
        "（一）人口",
        "社区有2386户。",
        "（二）小区",
        "1、商品房小区",
        "小区有3个。",
        "2、老旧小区",
        "小区有6个，分别是：",
        "二、存在的问题",
        "（一）停车难。车没有地方停，晚上更是如此。",
        "1、路面坑洼不平，一直没有人修。",
        "2、下水道经常堵塞。",
    ):
        document.add_paragraph(text)
    content = read(document)
    assert content.title == "东门社区调研报告"
    assert headings(content) == [
        (2, "一、基本情况"),
        (3, "（一）人口"),
        (3, "（二）小区"),
        (4, "1、商品房小区"),
        (4, "2、老旧小区"),
        (2, "二、存在的问题"),
        (3, "（一）停车难"),
    ]
    texts = [block.text for block in content.blocks if isinstance(block, Paragraph)]
    assert "车没有地方停，晚上更是如此。" in texts
    assert "1、路面坑洼不平，一直没有人修。" in texts


def test_short_lines_with_one_kind_of_number_are_a_list_and_no_headings() -> None:
    document = Document()
    for text in ("一、单位", "1、商店20家", "2、酒店2家", "3、校园3所", "二、问题", "路太窄。"):
        document.add_paragraph(text)
    assert headings(read(document)) == [(2, "一、单位"), (2, "二、问题")]


def test_styled_headings_keep_their_levels_and_a_title_is_the_title() -> None:
    document = Document()
    document.add_heading("西门社区调研", 0)
    document.add_heading("基本情况", 1)
    document.add_heading("人口", 2)
    document.add_paragraph("有1200户。")
    document.add_heading("问题", 1)
    document.add_paragraph("路太窄。")
    content = read(document)
    assert content.title == "西门社区调研"
    assert headings(content) == [(2, "基本情况"), (3, "人口"), (2, "问题")]


def test_a_line_in_bold_above_a_text_is_a_heading() -> None:
    document = Document()
    document.add_paragraph("一、基本情况")
    document.add_paragraph().add_run("人口与住户").bold = True
    document.add_paragraph("有1200户。")
    assert headings(read(document)) == [(2, "一、基本情况"), (3, "人口与住户")]


# --- Automatic numbers ----------------------------------------------------------------------------------


def test_automatic_numbers_are_written_out_and_make_headings() -> None:
    document = Document()
    numbered(
        document,
        (0, "基本情况"),
        (1, "人口"),
        (-1, "有1200户。"),
        (1, "小区"),
        (-1, "有3个小区。"),
        (0, "问题"),
        (1, "停车难"),
        (-1, "车没有地方停。"),
        (2, "路面坑洼不平，没有人修。"),
        (2, "下水道经常堵塞。"),
    )
    content = read(document)
    assert headings(content) == [
        (2, "一、基本情况"),
        (3, "（一）人口"),
        (3, "（二）小区"),
        (2, "二、问题"),
        (3, "（一）停车难"),
    ]
    texts = [block.text for block in content.blocks if isinstance(block, Paragraph)]
    assert texts[-2:] == ["1.路面坑洼不平，没有人修。", "2.下水道经常堵塞。"]


def test_parts_are_found_whatever_they_are_called() -> None:
    document = Document()
    numbered(document, (0, "基本情况"), (-1, "有1200户。"), (0, "问题"), (-1, "路太窄。"))
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(saved(document))) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for part_name in (b"document", b"numbering", b"styles") if name.endswith(".rels") else ():
                part = part.replace(part_name + b".xml", part_name + b"2.xml")
            new.writestr(re.sub(r"(document|numbering|styles)\.xml", r"\g<1>2.xml", name), part)
    content = read_document("报告.docx", written.getvalue())
    assert headings(content) == [(2, "一、基本情况"), (2, "二、问题")]


def test_numbers_of_a_style_and_a_number_that_begins_anew() -> None:
    document = Document()
    numbered(document)
    root = document.part.numbering_part.element
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="78"><w:abstractNumId w:val="77"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
        )
    )
    style = document.styles.add_style("小节", 1)
    style.element.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="78"/></w:numPr>'))
    child = document.styles.add_style("小节之下", 1)
    child.base_style = style
    document.add_paragraph("经费不足。", style)
    document.add_paragraph("人手不足。", child)
    assert [block.text for block in read(document).blocks] == ["五、经费不足。", "六、人手不足。"]  # type: ignore[union-attr]


def test_bullets_are_a_list() -> None:
    document = Document()
    document.add_paragraph("一、问题")
    document.add_paragraph("路太窄。", "List Bullet")
    document.add_paragraph("灯不亮。", "List Bullet")
    assert read(document).blocks[1:] == (Item("路太窄。"), Item("灯不亮。"))


# --- Tables ---------------------------------------------------------------------------------------------


def test_merged_cells_stay_in_their_columns_and_no_figure_is_told_twice() -> None:
    document = Document()
    document.add_paragraph("一、人口")
    table = document.add_table(rows=4, cols=4)
    texts = [
        ["类别", "户数和人数", "", "备注"],
        ["", "户数", "人数", ""],
        ["常住", "3676户", "10354人", "2012年"],
        ["流动", "876户", "2194人", ""],
    ]
    for row, words in zip(table.rows, texts, strict=True):
        for cell, word_ in zip(row.cells, words, strict=True):
            cell.text = word_
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(2, 3).merge(table.cell(3, 3))
    [found] = [block for block in read(document).blocks if isinstance(block, Table)]
    assert found.rows == (
        ("类别", "户数和人数", "户数和人数", "备注"),
        ("类别", "户数", "人数", ""),
        ("常住", "3676户", "10354人", "2012年"),
        ("流动", "876户", "2194人", ""),
    )


def test_a_frame_around_text_is_no_table() -> None:
    document = Document()
    document.add_paragraph("一、问题")
    document.add_table(rows=1, cols=1).cell(0, 0).text = "路太窄，车过不去。"
    assert read(document).blocks[1:] == (Paragraph("路太窄，车过不去。"),)


# --- Pictures -------------------------------------------------------------------------------------------


def test_pictures_come_without_what_the_camera_wrote_down() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    exif[0x8825] = {1: "N", 2: (43.0, 49.0, 0.0)}
    document = Document()
    document.add_paragraph("一、照片")
    document.add_paragraph().add_run().add_picture(image("JPEG", exif=exif.tobytes(), comment=b"secret"))
    document.add_paragraph().add_run().add_picture(image("PNG"))
    pictures = [block for block in read(document).blocks if isinstance(block, Picture)]
    assert [picture.suffix for picture in pictures] == [".jpg", ".png"]
    for picture in pictures:
        assert fault_of_picture(picture.suffix, picture.content) is None
        assert b"secret" not in picture.content
        assert Image.open(BytesIO(picture.content)).getexif() == {}


def test_a_picture_that_is_turned_by_its_metadata_is_turned_for_good() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    document = Document()
    document.add_paragraph("一、照片")
    document.add_paragraph().add_run().add_picture(image("JPEG", (40, 20), exif=exif.tobytes()))
    [picture] = [block for block in read(document).blocks if isinstance(block, Picture)]
    assert Image.open(BytesIO(picture.content)).size == (20, 40)


def test_a_broken_picture_costs_only_itself() -> None:
    document = Document()
    document.add_paragraph("一、照片")
    document.add_paragraph().add_run().add_picture(image())
    document.add_paragraph("路太窄。")
    content = saved(document)
    with zipfile.ZipFile(BytesIO(content)) as package:
        [name] = [name for name in package.namelist() if name.startswith("word/media/")]
    written = rewritten(content, **{name: b"no picture at all"})
    found = read_document("报告.docx", written)
    assert found.blocks == (Heading(2, "一、照片"), Paragraph("路太窄。"))
    assert found.left_out == ("一张图片没有取出：不是能用的图片（要 png、jpg、webp、gif、bmp 或 tif），或者已损坏",)


# --- Odd, broken and hostile files ----------------------------------------------------------------------


def plain() -> bytes:
    document = Document()
    for text in ("一、基本情况", "社区有2386户。", "二、问题", "路太窄。"):
        document.add_paragraph(text)
    return saved(document)


def test_a_body_that_breaks_off_is_kept_up_to_there() -> None:
    content = plain()
    body = part_of(content, "word/document.xml")
    cut = body[: body.index("路太窄".encode()) - 5]
    found = read_document("报告.docx", rewritten(content, word_document_xml=cut))
    assert Paragraph("社区有2386户。") in found.blocks
    assert found.left_out == ("正文在中间损坏，从损坏的地方起没有读到",)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("word_styles_xml", "样式"),
        ("word_numbering_xml", "编号"),
        ("[Content_Types].xml", "设置"),
        ("_rels/.rels", "一部分"),
    ],
)
def test_broken_settings_cost_only_what_they_say(part: str, said: str) -> None:
    found = read_document("报告.docx", rewritten(plain(), **{part: b"<w:broken"}))
    assert Paragraph("路太窄。") in found.blocks
    assert any(said in words for words in found.left_out)


def test_what_is_passed_over_is_named() -> None:
    document = Document()
    document.add_paragraph("一、公式")
    paragraph = document.add_paragraph("密度是 ")
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    paragraph._p.append(parse_xml(f'<m:oMath xmlns:m="{math}"><m:r><m:t>x</m:t></m:r></m:oMath>'))
    assert read(document).left_out == ("1 处公式读不了，已略去",)


def test_a_table_of_contents_does_not_come_twice() -> None:
    document = Document()
    document.styles.add_style("toc 1", 1)
    for text in ("一、基本情况\t1", "二、问题\t3"):
        document.add_paragraph(text, "toc 1")
    for text in ("一、基本情况", "有1200户。", "二、问题", "路太窄。"):
        document.add_paragraph(text)
    assert headings(read(document)) == [(2, "一、基本情况"), (2, "二、问题")]
    assert len(read(document).blocks) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "损坏"),
        (b"PK\x03\x04 no more", "损坏"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "密码"),
        (rewritten(plain(), word_document_xml=b""), "读不了"),
        (rewritten(plain(), word_document_xml=b"nothing"), "损坏"),
        (rewritten(plain(), word_document_xml=b"<w:document/>"), "损坏"),
    ],
)
def test_what_cannot_be_read_says_so_in_chinese(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_document("报告.docx", content)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = rewritten(plain(), word_bomb_xml=b"<w>" + b" " * (word.LARGEST_TEXT_PART + 1))
    assert len(bomb) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(Unreadable, match="太多"):
        read_document("报告.docx", bomb)


def test_many_parts_and_large_pictures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "LARGEST_UNPACKED", 10_000)
    with pytest.raises(Unreadable, match="MB"):
        read_document("报告.docx", rewritten(plain(), **{"word/media/a.png": bytes(20_000)}))


def test_a_size_that_lies_does_not_help() -> None:
    """The size in the directory is what is read at most, and then the checksum is wrong."""
    content = bytearray(rewritten(plain(), word_bomb_xml=b" " * 5_000_000))
    directory = content.rindex(b"word/bomb.xml") - 46
    content[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="损坏"):
        read_document("报告.docx", bytes(content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    body = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w>&b;</w>'
    with pytest.raises(Unreadable, match="声明"):
        read_document("报告.docx", rewritten(plain(), word_document_xml=body.encode(encoding)))


def test_a_picture_of_another_file_is_not_fetched(tmp_path: Any) -> None:
    """CVE-2025-11849: a link in the place of a picture."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(image().read())
    document = Document()
    document.add_paragraph("一、照片")
    document.add_paragraph().add_run().add_picture(image())
    content = saved(document)
    relations = part_of(content, "word/_rels/document.xml.rels").decode()
    linked = re.sub(r'Target="media/[^"]+"', f'Target="{secret.as_uri()}" TargetMode="External"', relations)
    body = part_of(content, "word/document.xml").replace(b"r:embed=", b"r:link=")
    written = rewritten(content, word_document_xml=body, **{"word/_rels/document.xml.rels": linked.encode()})
    found = read_document("报告.docx", written)
    assert not any(isinstance(block, Picture) for block in found.blocks)


def test_deep_nesting_is_put_up_with() -> None:
    content = plain()
    body = part_of(content, "word/document.xml").decode()
    deep = (
        "<w:sdt><w:sdtContent>" * 3_000 + "<w:p><w:r><w:t>深</w:t></w:r></w:p>" + "</w:sdtContent></w:sdt>" * 3_000
    )
    nested = rewritten(content, word_document_xml=body.replace("<w:sectPr", f"{deep}<w:sectPr", 1).encode())
    with pytest.raises(Unreadable, match="读不了"):
        read_document("报告.docx", nested)


def test_old_word_files_are_named() -> None:
    with pytest.raises(Unreadable, match=re.escape("请另存为 .docx")):
        read_document("报告.doc", b"\xd0\xcf\x11\xe0")


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mammoth", None)
    with pytest.raises(Unreadable, match=re.escape("pip install 'surveybase[import]'")):
        read_document("报告.docx", plain())


def test_text_size_and_colour_are_no_matter() -> None:
    document = Document()
    run = document.add_paragraph().add_run("一、基本情况")
    run.font.size = Pt(30)
    document.add_paragraph("有1200户。")
    assert headings(read(document)) == [(2, "一、基本情况")]


# --- Whatever the file ----------------------------------------------------------------------------------

RUBBISH = (b"<w:p>", b"</w:p>", b'w:val="-999999999"', b"<w:tbl>", b"</w:tbl>", b"&#0;", b"<", b'"', b"\0\xff", b"")


@cache
def rich() -> bytes:
    """A document with numbers, a merged table and a picture."""
    document = Document()
    numbered(document, (0, "问题"), (1, "停车难"), (-1, "车没有地方停。"), (2, "路面坑洼。"))
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(1, 1))
    document.add_paragraph().add_run().add_picture(image())
    return saved(document)


@fewer
@given(st.data())
def test_a_file_is_read_or_refused_whatever_happened_to_it(data: st.DataObject) -> None:
    content = rich()
    with zipfile.ZipFile(BytesIO(content)) as package:
        name = data.draw(st.sampled_from([name for name in package.namelist() if "theme" not in name]))
        part = package.read(name)
    start = data.draw(st.integers(0, len(part)))
    end = min(len(part), start + data.draw(st.integers(0, 60)))
    changed = part[:start] + data.draw(st.sampled_from(RUBBISH)) + part[end:]
    with suppress(Unreadable):
        assert read_document("报告.docx", rewritten(content, **{name: changed or b" "})).blocks
