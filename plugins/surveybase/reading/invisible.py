"""Characters that no reader sees: they hide words, turn their order round or break tools."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from surveybase.diagnostics import Diagnostic, Location, Position
from surveybase.reading.source import Source

MOST_FINDINGS = 20  # of one file; a file full of them is told apart by then

# The line feed and the tab are the only controls a text needs. Variation selectors 15 and 16 are left: they choose
# between the two looks of a sign such as ☎.
INVISIBLE = re.compile(
    "["
    "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f"  # C0, DEL, C1
    "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"  # order of writing
    "\\u00ad\\u034f\\u180b-\\u180f\\u200b-\\u200d\\u2060-\\u2065\\ufeff"  # zero width
    "\\u115f\\u1160\\u17b4\\u17b5\\u3164\\uffa0"  # letters that are blank
    "\\u2028\\u2029\\u206a-\\u206f\\ufff0-\\ufffb"  # line ends, deprecated controls, annotations
    "\\ufe00-\\ufe0d\\U000e0000-\\U000e0fff"  # selectors, tags
    "\\ufdd0-\\ufdef\\ufffe\\uffff"  # no characters at all
    "]"
)


def invisible_characters(source: Source) -> Iterator[Diagnostic]:
    """One finding for each run of them, with the line and column of its first."""
    line, start = 1, 0
    for run in islice(re.finditer(f"{INVISIBLE.pattern}+", source.text), MOST_FINDINGS):
        line += source.text.count("\n", start, run.start())
        start = run.start()
        column = start - source.text.rfind("\n", 0, start)
        yield Diagnostic(
            Location(source.path, Position(line, column)),
            "text-invisible",
            f"有看不见的字符（{name_of(run[0][0])}）",
            "删去它；从别处复制来的文字，先贴到记事本里再复制",
            value=", ".join(f"U+{ord(character):04X}" for character in run[0][:4]),
        )


def name_of(character: str) -> str:
    """The character's name; for a control, which has none, its number."""
    return unicodedata.name(character, f"U+{ord(character):04X}")
