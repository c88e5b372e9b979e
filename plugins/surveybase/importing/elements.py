"""Elements of Word's XML by their local names, whichever of its two namespaces a file uses.

The names of elements and attributes are those of WordprocessingML (ISO/IEC 29500-1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element


def name_of(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def every(parent: Element, name: str) -> Iterator[Element]:
    return (element for element in parent.iter() if name_of(element) == name)


def child_of(parent: Element, name: str) -> Element | None:
    return next((element for element in parent if name_of(element) == name), None)


def attribute_of(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def value_of(parent: Element, name: str) -> str:
    """The ``val`` of a child, empty when it has none."""
    element = child_of(parent, name)
    return "" if element is None else attribute_of(element, "val")


# --- Styles ---------------------------------------------------------------------------------------------


def styles_by_id(styles: Element | None) -> dict[str, Element]:
    return {} if styles is None else {attribute_of(style, "styleId"): style for style in every(styles, "style")}


def with_bases(id: str, styles: Mapping[str, Element]) -> Iterator[Element]:
    """The style and those that it is based on, the nearest first."""
    seen: set[str] = set()
    while id in styles and id not in seen:
        seen.add(id)
        yield styles[id]
        id = value_of(styles[id], "basedOn")
