"""Word files for tests: made, changed part by part, and read as an import reads them."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image
from surveybase.importing.content import Content, Heading
from surveybase.importing.documents import read_document


def saved(document: WordDocument) -> bytes:
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def read(document: WordDocument) -> Content:
    return read_document("报告.docx", saved(document))


def rewritten(content: bytes, **parts: bytes) -> bytes:
    """The package with other contents for some parts, named like ``word_document_xml``; empty ones are left out."""
    replaced = {name.replace("_xml", ".xml").replace("word_", "word/"): part for name, part in parts.items()}
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if part := replaced.pop(name, old.read(name)):
                new.writestr(name, part)
        for name, part in replaced.items():
            new.writestr(name, part)
    return written.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return package.read(name)


def image(format: str = "PNG", size: tuple[int, int] = (8, 6), **options: Any) -> BytesIO:
    written = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, format, **options)
    written.seek(0)
    return written


def headings(content: Content) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in content.blocks if isinstance(block, Heading)]


LEVELS = """
<w:abstractNum {ns} w:abstractNumId="77">
  <w:lvl w:ilvl="0"><w:start w:val="1"/>
    <w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/>
    <w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/>
    <w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
</w:abstractNum>"""


def numbered(document: WordDocument, *lines: tuple[int, str]) -> None:
    numbering = document.part.numbering_part.element
    abstract = parse_xml(LEVELS.format(ns=nsdecls("w")))
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for level, text in lines:
        paragraph = document.add_paragraph(text)
        if level >= 0:
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
            )
