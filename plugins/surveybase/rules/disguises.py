"""Text as a reader of numbers sees it: full-width, invisible, encoded or spelt-out digits become plain ones.

Every character of the result keeps the offset it comes from, so that a finding can name its place.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

ENTITY = re.compile(r"&(?:#0{0,40}[0-9]{1,7}|#[xX]0{0,40}[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
SPELT = {
    **{character: str(i) for i, character in enumerate("〇一二三四五六七八九")},
    **{character: str(i) for i, character in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "幺": "1",
}
# Letters of other scripts that pass for the check digit X.
LOOKALIKES = dict.fromkeys("×ХхΧχ", "X")
# What may stand between the digits of one number. A line break may not: two lines are two numbers.
GAP = r"[ \t\u00a0().·•\-‐‑–—_*`~\\]{0,8}"
DIGIT = rf"[0-9{''.join(SPELT)}]"
LONG_RUN = re.compile(rf"{DIGIT}(?:{GAP}{DIGIT}){{6,}}")


@dataclass(frozen=True, slots=True)
class Plain:
    """Text without disguise; its characters begin and end at these offsets of the text it was made from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


@lru_cache(maxsize=16)  # several rules look at the same text
def undisguised(text: str) -> Plain:
    """The text with entities read, compatibility forms folded, invisible characters dropped and digits plain."""
    plain = text.translate(_FORMS)
    if "&" not in text and _FORMS.of_other_lengths.isdisjoint(text):
        # As most texts are: each character stays where it is.
        return Plain(LONG_RUN.sub(_spelt_out, plain), range(len(text)), range(1, len(text) + 1))
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    while position < len(text):
        entity = ENTITY.match(text, position) if text[position] == "&" else None
        end = entity.end() if entity else position + 1
        for character in (html.unescape(entity[0]) if entity else text[position]).translate(_FORMS):
            characters.append(character)
            starts.append(position)
            ends.append(end)
        position = end
    plain = LONG_RUN.sub(_spelt_out, "".join(characters))
    return Plain(plain, tuple(starts), tuple(ends))


def _folded(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    shown = (character for character in folded if unicodedata.category(character) not in {"Cf", "Mn", "Me"})
    return "".join(LOOKALIKES.get(character) or _digit(character) for character in shown)


class _Forms(dict[int, str]):
    """The form of each character, by its code, worked out when it is first met."""

    def __init__(self) -> None:
        super().__init__()
        self.of_other_lengths: set[str] = set()

    def __missing__(self, code: int) -> str:
        form = self[code] = _folded(chr(code))
        if len(form) != 1:
            self.of_other_lengths.add(chr(code))
        return form


_FORMS = _Forms()


def _digit(character: str) -> str:
    """The digit of any script as a plain one."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _spelt_out(match: re.Match[str]) -> str:
    """The run with spelt digits in figures; 一三八 keeps its length."""
    return "".join(SPELT.get(character, character) for character in match[0])
