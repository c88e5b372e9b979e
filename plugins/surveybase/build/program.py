"""This program, as far as what it makes depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from platform import python_version

from surveybase.digests import digest

# What the code stands on; another version of these may make something else of the same files.
LIBRARIES = ("markdown", "nh3", "jinja2", "markupsafe", "pydantic", "pyyaml", "opencc", "pypinyin")


class OtherProgram(Exception):
    """A process has another version of this program, or of what it stands on."""


@cache
def code_key() -> str:
    """Stands for the program itself: every file of the package and the libraries that shape what it makes."""
    found = sorted(_below(files("surveybase"), ""))
    return digest(
        python_version(), *map(version, LIBRARIES), *(part for name, content in found for part in (name, content))
    )


def _below(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        path = f"{name}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _below(entry, path)
        elif entry.is_file():
            yield path, entry.read_bytes()
