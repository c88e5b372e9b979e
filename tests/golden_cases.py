"""Golden cases: one readable file holds some input files and what shall come of them.

A case is `tests/golden/LAYER/NAME.txt`: a few words on what it shows, then one section for each input file, then
the section `expected`. A section begins with a line `=== NAME` and ends before the next; blank lines at its end do
not count. Behind the name may stand, in brackets, how the file differs from the text that is shown:

    === data/problems.yml (gb18030)             the text in another encoding
    === data/problems.yml (escaped)             with \\t, \\r, \\xNN and \\uNNNN for what cannot be seen
    === data/problems.yml (repeated 9 times)    each line nine times
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"
EXPECTED = "expected"

SECTION = re.compile(r"^=== (?P<name>[^\n(]+?)(?: \((?P<how>[^)\n]+)\))?\n", re.MULTILINE)
ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|[trn\\])")
REPEATED = re.compile(r"repeated ([0-9]+) times")


@dataclass(frozen=True, slots=True)
class Case:
    """One case as it is written: ``head`` is everything before the expected output."""

    path: Path
    head: str
    inputs: Mapping[str, bytes]
    expected: str

    def rewrite(self, output: str) -> None:
        """Write ``output`` into the file as what is expected."""
        self.path.write_text(f"{self.head}=== {EXPECTED}\n{output}", encoding="utf-8")


def read_case(path: Path) -> Case:
    """The case of one file; a case that is not complete is an error."""
    text = path.read_text(encoding="utf-8")
    sections = list(SECTION.finditer(text))
    names = [section["name"] for section in sections]
    if EXPECTED not in names or names[-1] != EXPECTED or len(names) < 2 or len(set(names)) < len(names):
        raise ValueError(f"{path}: input sections, each with a name of its own, then one section {EXPECTED}")
    if not text[: sections[0].start()].strip():
        raise ValueError(f"{path}: say first what the case shows")
    ends = [section.start() for section in sections[1:]] + [len(text)]
    contents = [_trimmed(text[section.end() : end]) for section, end in zip(sections, ends, strict=True)]
    inputs = {
        section["name"]: _encoded(content, section["how"] or "")
        for section, content in zip(sections[:-1], contents[:-1], strict=True)
    }
    return Case(path, text[: sections[-1].start()], inputs, contents[-1])


def all_cases() -> list[Path]:
    return sorted(GOLDEN.glob("*/*.txt"))


def _trimmed(text: str) -> str:
    stripped = text.rstrip("\n")
    return f"{stripped}\n" if stripped else ""


def _encoded(text: str, how: str) -> bytes:
    if not how:
        return text.encode()
    if how == "escaped":
        return ESCAPE.sub(_unescaped, text).encode()
    if repeated := REPEATED.fullmatch(how):
        return "".join(line * int(repeated[1]) for line in text.splitlines(keepends=True)).encode()
    return text.encode(how)


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if code[0] in "xu" else {"t": "\t", "r": "\r", "n": "\n", "\\": "\\"}[code]
