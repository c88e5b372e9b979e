"""Headings that were only typed: 第一章, 一、, （一）, 1、, （1）, or a short line in bold.

Chinese reports number their headings by custom, whatever styles they have, so that the numbers say the levels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from surveybase.importing.content import Block, Heading, Paragraph

COUNT = "[一二三四五六七八九十百]{1,4}"
# From the outermost to the innermost; styled headings without a number fall between these by their level.
NUMBERED = (
    re.compile(rf"第(?:{COUNT}|[0-9]{{1,2}})(?:章|篇|部分)"),
    re.compile(rf"{COUNT}[、.．]"),
    re.compile(rf"[（(]{COUNT}[)）]"),
    re.compile(r"[0-9]{1,2}(?:[、．]|\.(?![0-9]))"),
    re.compile(r"[（(][0-9]{1,2}[)）]|[0-9]{1,2}[)）]"),
)
ONLY_HEADINGS = 2  # 第一章, 一、, （一）: used for nothing but headings; 1、 numbers list entries too
STYLED = 0.5  # the first level of styles: below 第一章, above 一、
SECTION = 1.0
BOLD = 9.0

LONGEST = 40  # characters
LONGEST_RUN_IN = 25
UNFINISHED = re.compile(r"[。；;，,：:！!？?、]$|。")
RUN_IN = re.compile(rf"([^。：:；;]{{2,{LONGEST_RUN_IN}}})[。：:](?=\S)")
PARTS = re.compile(
    r"(?:社区)?(?:基本|总体)?(?:情况|状况|概况|现状|前言|引言|结语|附件|附录)|(?:主要|存在)?的?(?:主要)?"
    r"(?:问题|困难)(?:[和与及](?:困难|问题|不足|原因))?|(?:下一步)?(?:工作)?(?:对策|建议|措施|打算)"
    r"(?:[和与及](?:对策|建议|措施|打算))?|(?:主要)?做法|经验"
)
LONGEST_TITLE = 60
DEEPEST = 6


def structured(blocks: Sequence[Block]) -> tuple[str, list[Block]]:
    """The document's title, empty when it has none, and the blocks with typed headings as headings.

    The outermost headings have level 2: level 1 is the title of the page.
    """
    split = [part for block in blocks for part in _split(block)]
    title = _title(split)
    if title:
        split = split[1:]
    ranks = [_rank(split, i) for i in range(len(split))]
    levels = {
        rank: min(i, DEEPEST) for i, rank in enumerate(sorted({rank for rank in ranks if rank is not None}), 2)
    }
    return title, [
        block if rank is None else Heading(levels[rank], _text(block))
        for block, rank in zip(split, ranks, strict=True)
    ]


def _split(block: Block) -> Iterator[Block]:
    """A heading with its text in one paragraph as two blocks: （一）加强领导。要……"""
    number = _number(block.text) if isinstance(block, Paragraph) else None
    match = RUN_IN.match(block.text, number[1]) if isinstance(block, Paragraph) and number else None
    if match and number and number[0] <= ONLY_HEADINGS:
        yield Heading(1, match.string[: match.end() - 1])
        yield Paragraph(match.string[match.end() :])
    else:
        yield block


def _title(blocks: Sequence[Block]) -> str:
    text = _text(blocks[0]) if blocks else ""
    is_title = 0 < len(text) <= LONGEST_TITLE and not UNFINISHED.search(text) and not PARTS.fullmatch(text)
    return text if is_title and len(blocks) > 1 and _number(text) is None else ""


def _rank(blocks: Sequence[Block], i: int) -> float | None:
    """How far inside the block is as a heading, the outermost first; None when it is none."""
    block, text = blocks[i], _text(blocks[i])
    number = _number(text)
    if isinstance(block, Heading):
        return float(number[0]) if number else STYLED + block.level - 1
    if not isinstance(block, Paragraph) or len(text) > LONGEST or UNFINISHED.search(text) or i + 1 == len(blocks):
        return None
    if number:
        # Lines with one kind of number and nothing between them are a list.
        beside = (_number(_text(other)) for other in (*blocks[i - 1 : i], blocks[i + 1]))
        return None if any(other and other[0] == number[0] for other in beside) else float(number[0])
    if PARTS.fullmatch(text):
        return SECTION
    following = blocks[i + 1]
    return BOLD if block.is_bold and not (isinstance(following, Paragraph) and following.is_bold) else None


def _text(block: Block) -> str:
    return block.text if isinstance(block, Heading | Paragraph) else ""


def _number(text: str) -> tuple[int, int] | None:
    """Which kind of number the text begins with, and where that ends."""
    for kind, pattern in enumerate(NUMBERED):
        if match := pattern.match(text):
            return kind, match.end()
    return None
