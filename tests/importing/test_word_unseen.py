"""Words of a Word file that are raised, struck out or hidden, and its notes."""

from __future__ import annotations

import re

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from surveybase.importing.content import HIDDEN, STRUCK_OUT, Heading, Item, Paragraph
from surveybase.importing.documents import read_document
from surveybase.importing.markdown import markdown
from word_files import numbered, read, rewritten, saved


def test_raised_digits_do_not_join_the_number_before_them() -> None:
    document = Document()
    document.add_paragraph("一、面积")
    paragraph = document.add_paragraph("面积10")
    paragraph.add_run("4").font.superscript = True
    paragraph.add_run("平方米，CO")
    paragraph.add_run("2").font.subscript = True
    assert read(document).blocks[1:] == (Paragraph("面积10⁴平方米，CO₂"),)


@pytest.mark.parametrize("between", ["cr", "ptab", 'br w:type="page"', 'br w:type="column"'])
def test_numbers_in_two_lines_do_not_become_one(between: str) -> None:
    document = Document()
    document.add_paragraph("一、人口")
    paragraph = document.add_paragraph("2023")
    paragraph.add_run()._r.append(parse_xml(f"<w:{between} {nsdecls('w')}/>"))
    paragraph.add_run("2386户")
    written = markdown(read(document).blocks, ())
    assert re.search(r"2023\s+2386户", written), written


def test_the_words_of_a_field_belong_to_the_text() -> None:
    document = Document()
    document.add_paragraph("一、人口")
    field = f'<w:fldSimple {nsdecls("w")} w:instr=" SEQ "><w:r><w:t>2386</w:t></w:r></w:fldSimple>'
    paragraph = document.add_paragraph("有")
    paragraph._p.append(parse_xml(field))
    paragraph.add_run("户")
    assert read(document).blocks[1:] == (Paragraph("有2386户"),)


def test_struck_out_and_hidden_words_are_left_out_and_that_is_said() -> None:
    document = Document()
    hidden = document.styles.add_style("藏", 2)
    hidden.font.hidden = True
    document.styles.add_style("藏之下", 2).base_style = hidden
    of_paragraph = document.styles.add_style("藏的段", 1)
    of_paragraph.font.hidden = True
    numbered(document, (0, ""), (-1, "社区不大。"), (0, "问题"))
    first = document.paragraphs[0]
    first.add_run("旧的").font.strike = True
    first.add_run("情况")
    paragraph = document.add_paragraph("原")
    paragraph.add_run("2300").font.strike = True
    paragraph.add_run("2310").font.double_strike = True
    paragraph.add_run("张三").font.hidden = True
    paragraph.add_run("李四", hidden)
    paragraph.add_run("王五", "藏之下")
    paragraph.add_run("2386").font.strike = False
    shown = paragraph.add_run("户", "藏之下")
    shown.font.hidden = False
    document.add_paragraph("赵六", of_paragraph)
    content = read(document)
    assert content.blocks == (
        Heading(2, "一、情况"),
        Paragraph("社区不大。"),
        Heading(2, "二、问题"),
        Paragraph("原2386户"),
    )
    assert content.left_out == (STRUCK_OUT, HIDDEN)


NOTES = """<w:footnotes {ns}>
<w:footnote w:id="2"><w:p><w:r><w:t xml:space="preserve"> 2023年底</w:t></w:r>
<w:r><w:rPr><w:strike/></w:rPr><w:t>估计</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="1"><w:p><w:r><w:t>街道统计。</w:t></w:r></w:p>
<w:p><w:r><w:t>未公布。</w:t></w:r></w:p></w:footnote>
</w:footnotes>"""


def test_notes_are_marked_where_they_belong_without_ways_back() -> None:
    document = Document()
    document.add_paragraph("一、人口")
    paragraph = document.add_paragraph("社区有2386")
    for id, words in ((2, "户，6120"), (1, "人。")):
        reference = parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="{id}"/>')
        paragraph.add_run()._r.append(reference)
        paragraph.add_run(words)
    content = rewritten(saved(document), word_footnotes_xml=NOTES.format(ns=nsdecls("w")).encode())
    found = read_document("报告.docx", content)
    assert found.blocks[1:] == (
        Paragraph("社区有2386［注1］户，6120［注2］人。"),
        Item("［注1］2023年底", 0, True),
        Item("［注2］街道统计。", 0, True),
        Item("未公布。", 1),
    )
    assert found.left_out == (STRUCK_OUT,)
