"""A report's Markdown to an element tree: ordinary Markdown with tables, no raw HTML.

The tree is kept rather than HTML, so that evidence is marked and links are set on elements, never by a regular
expression over HTML.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import SplitResult, unquote, urlsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.tables import TableExtension

from surveybase.reading.markup import opened_fence

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

# Parts of Python-Markdown that let HTML through, encode text as entities, or only lay out the output.
LEFT_OUT_PREPROCESSORS = ("html_block",)
LEFT_OUT_INLINE = ("html", "entity", "automail")
LEFT_OUT_TREEPROCESSORS = ("prettify",)

SCHEMES = frozenset({"http", "https", "mailto", "tel"})  # where a link may lead


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its anchor; ``level`` is 1 to 6."""

    level: int
    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Body:
    """A converted text: the tree, below a root that is no element of the page, and its headings in order."""

    root: Element
    headings: tuple[Heading, ...] = field(default=())


DEEPEST = 80  # elements within each other; to copy a tree takes several calls for each


def convert(markdown: str) -> Body:
    """The Markdown text as a tree whose headings carry anchors made from their words.

    RecursionError when elements are nested too deep, for the converter or for those who walk the tree later.
    """
    converter = _converter()
    lines = indented_code(markdown).split("\n")
    for preprocessor in converter.preprocessors:
        lines = preprocessor.run(lines)
    root = cast(Element, converter.parser.parseDocument(lines).getroot())
    for treeprocessor in converter.treeprocessors:
        replaced = treeprocessor.run(root)
        root = root if replaced is None else replaced
    if _is_deep(root):
        raise RecursionError
    for element in root.iter("code"):
        # Python-Markdown escapes code for its own serialiser; ours escapes all text alike. It also leaves the empty
        # lines that come after a block.
        element.text = html.unescape(element.text or "").rstrip()
    return Body(root, tuple(_anchored_headings(root)))


def _is_deep(root: Element) -> bool:
    level = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
    return bool(level)


def links(body: Body) -> Iterator[str]:
    """The addresses of all links and pictures."""
    for element in body.root.iter():
        if address := element.get({"a": "href", "img": "src"}.get(element.tag, "")):
            yield address


def pictures(body: Body) -> Iterator[str]:
    """The addresses of all pictures."""
    return (address for element in body.root.iter("img") if (address := element.get("src")))


def split_address(address: str) -> SplitResult | None:
    """The parts of an address; None when it is none."""
    try:
        return urlsplit(address)
    except ValueError:  # as for http://[
        return None


def linked_file(page: str, address: str) -> str | None:
    """The file below docs that a link on ``page`` leads to; None when it leads elsewhere or within the page."""
    parts = split_address(address)
    if parts is None or parts.scheme or parts.netloc or not parts.path:
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))


def indented_code(markdown: str) -> str:
    """The text with code between fences written as indented code, which the converter knows by itself."""
    lines = markdown.split("\n")
    written: list[str] = []
    i = 0
    while i < len(lines):
        fence = opened_fence(lines[i])
        end = next((j for j in range(i + 1, len(lines)) if lines[j].rstrip() == fence), None) if fence else None
        if end is None:
            written.append(lines[i])
            i += 1
        else:
            written += ["", *(f"    {line}" for line in lines[i + 1 : end]), ""]
            i = end + 1
    return "\n".join(written)


def _converter() -> Markdown:
    converter = Markdown(extensions=["sane_lists", TableExtension(use_align_attribute=True)])
    converter.ESCAPED_CHARS.append("~")  # of a fence that is none
    for name in LEFT_OUT_PREPROCESSORS:
        converter.preprocessors.deregister(name)
    for name in LEFT_OUT_INLINE:
        converter.inlinePatterns.deregister(name)
    for name in LEFT_OUT_TREEPROCESSORS:
        converter.treeprocessors.deregister(name)
    return converter


def _anchored_headings(root: Element) -> Iterator[Heading]:
    taken: set[str] = set()
    for element in root.iter():
        if element.tag in HEADINGS:
            title = "".join(element.itertext()).strip()
            anchor = _unused("s-" + re.sub(r"[^\w]+", "-", title).strip("-").lower(), taken)
            taken.add(anchor)
            element.set("id", anchor)
            yield Heading(int(element.tag[1]), anchor, title)


def _unused(anchor: str, taken: set[str]) -> str:
    candidate, number = anchor, 1
    while candidate in taken:
        number += 1
        candidate = f"{anchor}-{number}"
    return candidate
