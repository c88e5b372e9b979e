"""One example for each code of a finding: a project in which it occurs, and the same project set right.

They ship with the package as `examples/CODE.txt`, so that the reference shows what the tests hold to be true:
a few words in Chinese on the reason of the rule, then the sections `wrong FILE`, `right FILE`, `both FILE` and
`expected`. `examples/base.txt` is the project that all depart from. Behind a name may stand, in brackets, how the
file differs from the text: an encoding, `escaped`, `base64` or `repeated N times`, which each line is.
"""

from __future__ import annotations

import base64
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass

SECTION = re.compile(r"^=== (?P<name>[^\n(]+?)(?: \((?P<how>[^)\n]+)\))?\n", re.MULTILINE)
ESCAPES = {"\\t": "\t", "\\r": "\r", "\\n": "\n"}
REPEATED = re.compile(r"repeated ([0-9]+) times")


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """A file as text that can be shown; ``how`` says how the real one differs."""

    text: str
    how: str

    @property
    def content(self) -> bytes:
        if self.how == "escaped":
            return re.sub(r"\\[trn]", lambda match: ESCAPES[match[0]], self.text).encode()
        if self.how == "base64":
            return base64.b64decode(self.text)
        if repeated := REPEATED.fullmatch(self.how):
            return "".join(line * int(repeated[1]) for line in self.text.splitlines(keepends=True)).encode()
        return self.text.encode(self.how or "utf-8")


Files = Mapping[str, ExampleFile]


@dataclass(frozen=True, slots=True)
class Example:
    """``wrong`` and ``right`` are whole projects by path; ``changed`` names the files that the example is about."""

    code: str
    reason: str
    wrong: Files
    right: Files
    changed: tuple[str, ...]
    expected: str


def example(code: str) -> Example:
    """The example of a code; FileNotFoundError when there is none."""
    _, base = _sections(_text("base"))
    reason, sections = _sections(_text(code))
    variants: dict[str, dict[str, ExampleFile]] = {kind: {} for kind in ("wrong", "right", "both")}
    for name, file in sections.items():
        kind, _, path = name.partition(" ")
        if path:
            variants[kind][path] = file
    shared = {**base, **variants["both"]}
    return Example(
        code,
        reason,
        wrong={**shared, **variants["wrong"]},
        right={**shared, **variants["right"]},
        changed=tuple(variants["wrong"]),
        expected=sections["expected"].text,
    )


def _text(name: str) -> str:
    content = pkgutil.get_data("surveybase", f"examples/{name}.txt")
    assert content is not None  # get_data raises when the file is not there
    return content.decode()


def _sections(text: str) -> tuple[str, dict[str, ExampleFile]]:
    """The words before the first section, and each section by name, blank lines at its end left out."""
    found = list(SECTION.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    files = {
        match["name"]: ExampleFile(_trimmed(text[match.end() : end]), match["how"] or "")
        for match, end in zip(found, ends, strict=True)
    }
    return text[: found[0].start()].strip(), files


def _trimmed(text: str) -> str:
    return stripped + "\n" if (stripped := text.rstrip("\n")) else ""
