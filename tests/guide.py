"""The guide as its readers follow it: commands, what they print, and the files to be written, in the order given.

A block of ``sh`` is run, and a block of ``text`` after it is what it prints. A block of ``markdown`` or ``yaml`` is
the whole of the file that is named last before it; a block of ``diff`` changes lines of that file.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`((?:docs|data)/[\w/-]+\.(?:md|yml))`")
FILES = frozenset({"markdown", "yaml", "diff"})


@dataclass(frozen=True, slots=True)
class Step:
    """``kind`` is the language of the block; ``file`` the one named before it, ``span`` where its content is."""

    kind: str
    content: str
    file: str
    span: tuple[int, int]


def steps(guide: str) -> list[Step]:
    found = []
    end = 0
    for block in BLOCK.finditer(guide):
        named = FILE.findall(guide[end : block.start()])
        found.append(Step(block[1], block[2], named[-1] if named else "", block.span(2)))
        end = block.end()
    return found


class Reader:
    """Somebody who does what the guide says, in one terminal, beginning in ``folder``."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = {**os.environ, **environment}

    def run(self, commands: str) -> str:
        """What the commands print; a check that finds something may be the last of them."""
        state = self.folder.parent / "terminal"
        done = subprocess.run(
            ["bash", "-ec", f'trap \'printf "%s\\n%s" "$PWD" "$PATH" > "{state}"\' EXIT\n{commands}'],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == (
            1 if " 处错误，" in done.stdout and "\n0 处错误，" not in f"\n{done.stdout}" else 0
        ), done.stdout
        place, _, path = state.read_text("utf-8").partition("\n")
        self.folder = Path(place)
        self._environment["PATH"] = path
        return done.stdout

    def write(self, step: Step) -> None:
        path = self.folder / step.file
        assert path.is_file(), f"the guide has somebody fill in {step.file}, which is not there"
        if step.kind != "diff":
            path.write_text(step.content, "utf-8")
            return
        lines = step.content.splitlines(keepends=True)
        old, new = ("".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old} is not in {step.file}:\n{text}"
        path.write_text(text.replace(old, new), "utf-8")


def follow(guide: str, reader: Reader) -> str:
    """Do what the guide says, step by step; the guide again, with what was printed in the blocks for it."""
    written, end, printed = [], 0, ""
    for step in steps(guide):
        if step.kind == "sh":
            printed = reader.run(step.content)
        elif step.kind == "text":
            written += [guide[end : step.span[0]], printed]
            end = step.span[1]
        elif step.kind in FILES:
            reader.write(step)
    return "".join([*written, guide[end:]])
