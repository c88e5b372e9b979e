"""A document as its blocks, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


class Unreadable(Exception):
    """A document that cannot be imported; the message, in Chinese, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` is 1 for the outermost."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``is_bold`` when all of it is: many write headings so."""

    text: str
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list; ``depth`` is 0 for the outermost."""

    text: str
    depth: int = 0
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal length, the first of which is the head. What a merged cell covers is filled."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """``suffix`` is that of a kind of picture that may be contributed."""

    content: bytes
    suffix: str
    description: str = ""


Block: TypeAlias = Heading | Paragraph | Item | Table | Picture


@dataclass(frozen=True, slots=True)
class Content:
    """A document's title, when it has one, its blocks, and in Chinese what was left out of them."""

    title: str
    blocks: tuple[Block, ...]
    left_out: tuple[str, ...] = ()


# What a document has and its readers do not, as ``left_out`` says it.
HIDDEN = "隐藏的文字，已略去"
STRUCK_OUT = "划去的文字（有删除线），已略去"
