"""HTML pages as element trees, read strictly: every tag that is opened is closed, in order."""

from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.builder = TreeBuilder()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        expected = self.open.pop() if self.open else "nothing"
        if tag != expected:
            line, column = self.getpos()
            raise ValueError(f"line {line}, column {column}: </{tag}> where {expected} is open")
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


def parse(html: str) -> Element:
    """The page's html element."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.open:
        raise ValueError(f"never closed: {reader.open}")
    return reader.builder.close()


def classes(element: Element) -> list[str]:
    return element.get("class", "").split()


def with_class(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if name in classes(element))


def by_id(root: Element, id: str) -> Element | None:
    return next((element for element in root.iter() if element.get("id") == id), None)


def text(element: Element) -> str:
    """All text of an element, with runs of white space as one space."""
    return " ".join("".join(element.itertext()).split())


def folded(words: str) -> str:
    """Words without white space, as quotes are compared."""
    return "".join(words.split())
