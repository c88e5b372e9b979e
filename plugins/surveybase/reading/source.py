"""A file's text, as all that read it know it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """``path`` is relative to the project, with forward slashes."""

    path: str
    text: str
