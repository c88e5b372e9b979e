"""A contributor's document, whatever its kind, as a title and blocks with headings."""

from __future__ import annotations

import codecs
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePath

from surveybase.importing.content import Block, Content, Paragraph, Picture, Table, Unreadable
from surveybase.importing.headings import structured
from surveybase.importing.pictures import MOST_PICTURES, TOO_MANY, PictureNotRead, cleaned
from surveybase.importing.web import blocks_of, folded
from surveybase.importing.word import read_word
from surveybase.reading.invisible import INVISIBLE

LARGEST_DOCUMENT = 60_000_000  # bytes; a report with photographs has ten
LARGEST_TEXT = 4_000_000  # of a document without pictures of its own

Blocks = tuple[list[Block], list[str]]


def read_document(name: str, content: bytes) -> Content:
    """The document with this file name; Unreadable when nothing of it can be read."""
    suffix = PurePath(name).suffix.lower()
    if suffix in INSTEAD:
        raise Unreadable(INSTEAD[suffix])
    if suffix not in READERS:
        raise Unreadable(f"只能读 {'、'.join(READERS)}；其他格式请用 Word 或 WPS 另存为 .docx")
    if len(content) > LARGEST_DOCUMENT:
        raise Unreadable(f"文件超过 {LARGEST_DOCUMENT // 1_000_000} MB，不读；请拆成几份，或者压缩图片")
    found, left_out = READERS[suffix](content)
    blocks = [block for item in found if (block := _visible(item))]
    if not blocks:
        raise Unreadable("文件里没有读到文字")
    title, blocks = structured(blocks)
    return Content(title, tuple(blocks), tuple(left_out))


INSTEAD = {
    ".doc": "这是旧格式的 .doc；请另存为 .docx",
    ".wps": "这是 WPS 自己的格式；请另存为 .docx",
    ".pdf": "PDF 里没有段落和表格的结构；请找到原来的 Word 文件，或者用 Word 打开 PDF，另存为 .docx 并核对",
}


def _read_text(content: bytes) -> Blocks:
    lines = [folded_line for line in decoded(content).splitlines() if (folded_line := _folded_line(line))]
    return list(_paragraphs(lines)), []


def _read_web(content: bytes) -> Blocks:
    left_out: list[str] = []
    kept: list[Picture] = []

    def picture(address: str, description: str) -> Picture | None:
        try:
            if not (match := DATA.fullmatch(address)):
                raise PictureNotRead("图片不在网页文件里；需要的话另存图片，放到 docs/images/")
            if len(kept) >= MOST_PICTURES:
                raise PictureNotRead(TOO_MANY)
            kept.append(cleaned(b64decode(match[1], validate=True), description))
            return kept[-1]
        except (PictureNotRead, ValueError) as error:
            left_out.append(f"一张图片没有取出：{error if isinstance(error, PictureNotRead) else '已损坏'}")
            return None

    return list(blocks_of(decoded(content), picture, left_out)), left_out


DATA = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=]+)")
READERS: dict[str, Callable[[bytes], Blocks]] = {
    ".docx": read_word,
    ".txt": _read_text,
    ".html": _read_web,
    ".htm": _read_web,
}


# --- Text -----------------------------------------------------------------------------------------------


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, with or without a mark, in GB 18030, or in UTF-16 with a mark."""
    if len(content) > LARGEST_TEXT:
        raise Unreadable("文件里的文字太多，不读；请拆成几份报告")
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf_16 else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("不是文本文件，或者不是 UTF-8、GBK 编码；请用编辑器另存为 UTF-8")


def _folded_line(line: str) -> str:
    """The line with single blanks, tabs kept: they part the columns of a table."""
    return "\t".join(map(folded, line.strip().split("\t")))


def _paragraphs(lines: list[str]) -> Iterator[Block]:
    """One paragraph for each line; lines with equally many tabs one after another are a table."""
    i = 0
    while i < len(lines):
        tabs = lines[i].count("\t")
        end = i + 1
        while tabs and end < len(lines) and lines[end].count("\t") == tabs:
            end += 1
        if end - i > 1:
            yield Table(tuple(tuple(line.split("\t")) for line in lines[i:end]))
        else:
            yield Paragraph(folded(lines[i]))
        i = end


def _visible(block: Block) -> Block | None:
    """The block without characters that nobody sees; None when nothing is left."""
    match block:
        case Picture():
            return replace(block, description=_bare(block.description))
        case Table(rows):
            return Table(tuple(tuple(map(_bare, row)) for row in rows))
        case _:
            text = _bare(block.text)
            return replace(block, text=text) if text else None


def _bare(text: str) -> str:
    return folded(INVISIBLE.sub("", text))
