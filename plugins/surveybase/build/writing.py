"""Write the files of the site: those made before are put in their place, the others made on all cores."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from surveybase.build.memory import Memory

OUTPUT = "output"  # the kind of these entries of the memory
PIECES_PER_TASK = 32
FEWEST_TO_SHARE = 128  # below it, to start processes takes longer


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the site, at ``path`` below it; with a ``key``, which stands for all it comes from, remembered."""

    path: str
    make: Callable[[], bytes]
    key: str = ""


class WorkerDied(Exception):
    """A process ended while it made the file at ``path``."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def write(
    pieces: Sequence[Piece],
    site: Path,
    memory: Memory,
    workers: int | None,
    made: Callable[[int], object],
) -> None:
    """Write every piece below ``site``, with ``workers`` processes, or as many as there are cores.

    ``made`` is told how many more are there. Pieces are made in processes that begin as copies of this one, so
    they may need anything that is in memory here. OSError when something cannot be written, WorkerDied when a
    process has ended.
    """
    missing = [piece for piece in pieces if not (piece.key and memory.link(piece.key, OUTPUT, site / piece.path))]
    made(len(pieces) - len(missing))
    count = min(workers or os.cpu_count() or 1, len(missing) // FEWEST_TO_SHARE + 1)
    # A copy of a process with several threads may find a lock held by one that is not there.
    if count < 2 or threading.active_count() > 1 or "fork" not in multiprocessing.get_all_start_methods():
        for piece in missing:
            _make(piece, site, memory)
            made(1)
    else:
        _share(missing, site, memory, count, made)
    for piece in missing:
        if piece.key:
            memory.use(piece.key, OUTPUT)


def _make(piece: Piece, site: Path, memory: Memory) -> None:
    content = piece.make()
    target = site / piece.path
    if piece.key:
        memory.put(piece.key, OUTPUT, content)
        if memory.link(piece.key, OUTPUT, target):
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


# What the copies of this process work on: it cannot be sent to them, as it holds functions.
_shared: tuple[Sequence[Piece], Path, Memory] | None = None


def _share(pieces: Sequence[Piece], site: Path, memory: Memory, count: int, made: Callable[[int], object]) -> None:
    global _shared  # noqa: PLW0603
    _shared = pieces, site, memory
    try:
        starts = range(0, len(pieces), PIECES_PER_TASK)
        with ProcessPoolExecutor(count, multiprocessing.get_context("fork")) as pool:
            tasks = [pool.submit(_make_some, start, start + PIECES_PER_TASK) for start in starts]
            for task in as_completed(tasks):
                made(task.result())
    except BrokenProcessPool:
        raise WorkerDied(_fatal(pieces, site, memory)) from None
    finally:
        _shared = None


def _make_some(start: int, stop: int) -> int:
    assert _shared
    pieces, site, memory = _shared
    for piece in pieces[start:stop]:
        _make(piece, site, memory)
    return len(pieces[start:stop])


def _fatal(pieces: Sequence[Piece], site: Path, memory: Memory) -> str:
    """The first piece that a process does not survive, tried one at a time; empty when all go well this time."""
    for number, piece in _unmade(pieces, site):
        try:
            with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
                pool.submit(_make_some, number, number + 1).result()
        except BrokenProcessPool:
            return piece.path
    return ""


def _unmade(pieces: Sequence[Piece], site: Path) -> Iterator[tuple[int, Piece]]:
    return ((number, piece) for number, piece in enumerate(pieces) if not (site / piece.path).exists())
