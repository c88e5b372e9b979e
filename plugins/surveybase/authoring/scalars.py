"""How one text is written in YAML: plain where our own reader gives the same text back, else in quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from surveybase.reading.documents import Value, plain, read_data
from surveybase.reading.source import Source


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word can stand: a text around it, and what that text says."""

    around: str
    says: Callable[[str], Value]


AS_VALUE = Place("k: {}\n", lambda word: {"k": word})
AS_ITEM = Place("k:\n  - {}\n", lambda word: {"k": [word]})
IN_BRACKETS = Place("k: [{}]\n", lambda word: {"k": [word]})
IN_BRACES = Place("k: {{k: {}}}\n", lambda word: {"k": {"k": word}})
AS_KEY = Place("{}: v\n", lambda word: {word: "v"})
AS_KEY_IN_BRACES = Place("k: {{{}: v}}\n", lambda word: {"k": {word: "v"}})

# What other readers of YAML take for a number, or for something else.
READ_OTHERWISE = re.compile(r"[-+]?[0-9.][0-9._]*|<<|=")
# What cannot stand in a file as it is.
UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(text: str, place: Place) -> str:
    """The text as it is written at ``place``."""
    is_key = place in (AS_KEY, AS_KEY_IN_BRACES)
    is_plain = not re.search("[\t\n]", text) and (is_key or not READ_OTHERWISE.fullmatch(text))
    return text if is_plain and _reads_back(text, text, place) else _quoted(text)


def literal(text: str) -> list[str]:
    """The text as a block of lines under its header, each as it is; empty when it has one line or cannot be so."""
    rows = text.removesuffix("\n").split("\n")
    if len(rows) < 2 or not rows[-1] or any(row != row.rstrip() for row in rows):
        return []
    header = "|" if text.endswith("\n") else "|-"
    block = "\n".join([header, *(f"  {row}" if row else "" for row in rows)])
    return [header, *rows] if _reads_back(block, text, AS_VALUE) else []


def _reads_back(written: str, text: str, place: Place) -> bool:
    document, findings = read_data(Source("", place.around.format(written)))
    return document is not None and not findings and plain(document.root) == place.says(text)


def _quoted(text: str) -> str:
    if re.search(r'["\\]', text) and "'" not in text and not UNWRITABLE.search(text):
        return f"'{text}'"
    return UNWRITABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
