"""Words of a Word file that are not for its readers: hidden, or struck out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from surveybase.importing.content import HIDDEN, STRUCK_OUT
from surveybase.importing.elements import attribute_of, child_of, every, name_of, styles_by_id, value_of, with_bases

SAID = {"vanish": HIDDEN, "strike": STRUCK_OUT, "dstrike": STRUCK_OUT}
OFF = frozenset({"0", "false", "off"})


def drop_unseen(part: Element, styles: Element | None) -> Iterator[str]:
    """Take their runs out of the part; for each with words, in Chinese, of what kind it was."""
    known = styles_by_id(styles)
    of_paragraph: list[Element] = []
    for parent in [*part.iter()]:
        if name_of(parent) == "p":
            settings = child_of(parent, "pPr")
            of_paragraph = [] if settings is None else _looks(value_of(settings, "pStyle"), known)
        for run in [element for element in parent if name_of(element) == "r"]:
            own = child_of(run, "rPr")
            of_run = [] if own is None else [own, *_looks(value_of(own, "rStyle"), known)]
            if kind := next((said for name, said in SAID.items() if _is_set(name, (*of_run, *of_paragraph))), ""):
                parent.remove(run)
                if any(words.text for words in every(run, "t")):
                    yield kind


def _looks(style: str, known: dict[str, Element]) -> list[Element]:
    """How the words of a style look, by itself and by those that it is based on, the nearest first."""
    return [look for item in with_bases(style, known) if (look := child_of(item, "rPr")) is not None]


def _is_set(name: str, looks: Iterable[Element]) -> bool:
    """Whether the first look that says anything of the property says that it is on."""
    found = next((item for look in looks if (item := child_of(look, name)) is not None), None)
    return found is not None and attribute_of(found, "val") not in OFF
