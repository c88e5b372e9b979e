"""Say how far long work has come: a bar on a terminal, plain lines elsewhere, nothing for what is soon done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FEWEST = 200  # items that are worth it
LINES = 10  # in all, where there is no terminal

Advance = Callable[[int], object]
Say = Callable[[str], None]


def on_stderr(line: str) -> None:
    """Standard output is for what was asked for."""
    print(line, file=sys.stderr)


@contextmanager
def progress(what: str, total: int, unit: str, say: Say) -> Iterator[Advance]:
    """Call what this gives with how many more are done. ``say`` prints a line where there is no terminal."""
    if total < FEWEST:
        yield lambda count: None
    elif sys.stderr.isatty():
        from tqdm import tqdm  # noqa: PLC0415 - most commands end before it would be loaded

        # Its watching thread would stop pages from being made in copies of this process.
        tqdm.monitor_interval = 0
        with tqdm(total=total, desc=what, unit=unit, leave=False) as bar:
            yield bar.update
    else:
        done, shown = 0, 0

        def advance(count: int) -> None:
            nonlocal done, shown
            done += count
            if done * LINES // total > shown:
                shown = done * LINES // total
                say(f"{what}：{done}/{total}{unit}")

        yield advance
