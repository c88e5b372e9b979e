"""Write the files of the site: those made before are put in their place, the others made on all cores."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryFile

from surveybase.build.memory import Memory
from surveybase.build.messages import send, start
from surveybase.build.program import code_key
from surveybase.build.rubbish import look_seldom
from surveybase.digests import digest

OUTPUT, NAMES = "output", "names"  # the kinds of these entries of the memory
PIECES_PER_TASK = 32
TASKS_OF_A_GENERATION, MOST_GENERATIONS = 64, 16
GZIP_LEVEL = 6
FEWEST_AHEAD = 500  # outputs: below it, the index takes less time than the start of a process
FEWEST_TO_SHARE = 128  # below it, to start processes takes longer


def below(site: Path, *parts: str) -> str:
    """The place of a file; ValueError when it is not below the site, as a forged entry of the memory may say."""
    path = "/".join(parts)
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError(f"不在网站里：{path}")
    return f"{site}/{path}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the site, at ``path`` below it; ``key`` stands for all it comes from."""

    path: str
    make: Callable[[], bytes]
    key: str

    def is_placed(self, site: Path, memory: Memory) -> bool:
        """Put the file in its place if it was made before."""
        return memory.link(self.key, OUTPUT, below(site, self.path))

    def place(self, site: Path, memory: Memory) -> None:
        """Make the file and put it in its place."""
        memory.put(self.key, OUTPUT, self.make(), below(site, self.path))


@dataclass(frozen=True, slots=True)
class Pieces:
    """Files below the folder ``path``, which are made together and only then have names; ``key`` as for one.

    They are published as gzip; those that are not new need not be compressed again. ``order`` is what another
    process needs to make the same.
    """

    path: str
    make: Callable[[], Mapping[str, bytes]]
    order: Callable[[], object]
    key: str

    def is_placed(self, site: Path, memory: Memory) -> bool:
        """Put the files in their places if they were all made before."""
        names = memory.get(self.key, NAMES)
        return names is not None and all(
            memory.link(key, OUTPUT, below(site, self.path, name)) for name, key in json.loads(names).items()
        )

    def place(self, site: Path, memory: Memory) -> None:
        """Make the files and put them in their places, those that are not new out of the memory."""
        while not self.is_placed(site, memory):
            self.keep(memory)

    def keep(self, memory: Memory) -> None:
        """Make the files for the memory alone."""
        keys = {}
        for name, content in self.make().items():
            key = keys[name] = digest(f"gzip-{GZIP_LEVEL}", content)
            if not memory.has(key, OUTPUT):
                memory.put(key, OUTPUT, gzipped(content))
        memory.put(self.key, NAMES, json.dumps(keys).encode())


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, GZIP_LEVEL, mtime=0)


class WorkerDied(Exception):
    """A process ended while it made the file at ``path``."""

    def __init__(self, path: str) -> None:
        super().__init__(f"生成 {path} 的进程中断了")
        self.path = path


class Writer:
    """Writes the pieces of a site, with ``workers`` processes, or as many as there are cores.

    Pieces are made in processes that begin as copies of this one, so they may need anything that is in memory here.
    """

    def __init__(self, memory: Memory, workers: int | None, ahead: Iterable[Pieces] = ()) -> None:
        """Begin to make the pieces ``ahead`` in other processes. Those that fail are made later as any others."""
        self._memory = memory
        self._workers = workers
        missing = [piece for piece in ahead if not memory.has(piece.key, NAMES)]
        self._ahead = [_started(piece, memory) for piece in missing] if _cores(workers) > 1 else []

    def stop(self) -> None:
        """Make nothing more."""
        for process in self._ahead:
            process.kill()
            process.wait()

    def write(
        self,
        pieces: Sequence[Piece | Pieces],
        site: Path,
        made: Callable[[int], object],
        prepare: Callable[[], object],
    ) -> int:
        """Write every piece below ``site``.

        The result is how many had to be made; ``prepare`` is called before the first. ``made`` is told how many
        more are there. OSError when something cannot be written, WorkerDied when a process has ended.
        """
        number = 0
        for kind in (Piece, Pieces):  # what is made ahead comes last
            if kind is Pieces and self._ahead:
                for process in self._ahead:
                    process.wait()
                self._memory.look_again()
            some = [piece for piece in pieces if isinstance(piece, kind)]
            missing = [piece for piece in some if not piece.is_placed(site, self._memory)]
            number += len(missing)
            made(len(some) - len(missing))
            if missing:
                prepare()
                self._make(missing, site, made)
        return number

    def _make(self, missing: Sequence[Piece | Pieces], site: Path, made: Callable[[int], object]) -> None:
        size = sum(1 if isinstance(piece, Piece) else FEWEST_TO_SHARE for piece in missing)
        count = min(_most_copies(self._workers), size // FEWEST_TO_SHARE + 1)
        if count < 2:
            for piece in missing:
                piece.place(site, self._memory)
                made(1)
        else:
            _share(missing, site, self._memory, self._free_of(count), made)

    def _free_of(self, count: int) -> Callable[[], int]:
        """How many of so many processes there may be beside those that are at work ahead."""
        return lambda: max(1, count - sum(process.poll() is None for process in self._ahead))


def _started(piece: Pieces, memory: Memory) -> Popen[bytes]:
    """A process that makes the piece for the memory. It is another program rather than a copy of this one: a copy
    would in time have all of this one's memory again."""
    with TemporaryFile() as order:
        send(order, (code_key(), memory.folder, piece.key, piece.order()))
        order.seek(0)
        return start("surveybase.build.index_worker", order=order)


def _cores(workers: int | None) -> int:
    return workers or os.cpu_count() or 1


def _most_copies(workers: int | None) -> int:
    """How many copies of this process there may be.

    A copy of a process with several threads may find a lock held by one that is not there; on macOS the system's
    own libraries have some.
    """
    return 1 if threading.active_count() > 1 or sys.platform != "linux" else _cores(workers)


# What the copies of this process work on: it cannot be sent to them, as it holds functions.
_shared: tuple[Sequence[Piece | Pieces], Path, Memory] | None = None


def _share(
    pieces: Sequence[Piece | Pieces],
    site: Path,
    memory: Memory,
    count: Callable[[], int],
    made: Callable[[int], object],
) -> None:
    global _shared  # noqa: PLW0603
    _shared = pieces, site, memory
    waiting = deque(range(0, len(pieces), PIECES_PER_TASK))
    most = max(TASKS_OF_A_GENERATION, len(waiting) // MOST_GENERATIONS)
    try:
        while waiting:
            _generation(waiting, most, count, made)
    except BrokenProcessPool:
        if path := _fatal(pieces, site, memory):
            raise WorkerDied(path) from None
    finally:
        _shared = None


def _generation(waiting: deque[int], most: int, count: Callable[[], int], made: Callable[[int], object]) -> None:
    """Make up to ``most`` of what waits, in new copies of this process: the longer a copy lives, the less it shares
    with the others of what it reads, as Python writes to whatever it looks at."""
    now = count()
    with ProcessPoolExecutor(now, multiprocessing.get_context("fork"), initializer=look_seldom) as pool:

        def begin(number: int) -> set[Future[int]]:
            return {pool.submit(_make_some, waiting.popleft()) for _ in range(min(number, len(waiting)))}

        running = begin(2 * now)  # one at work, one waiting for each
        begun = len(running)
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for task in done:
                made(task.result())
            if begun < most and count() == now:
                running |= (new := begin(len(done)))
                begun += len(new)


def _make_some(start: int, count: int = PIECES_PER_TASK) -> int:
    assert _shared
    pieces, site, memory = _shared
    for piece in pieces[start : start + count]:
        piece.place(site, memory)
    return len(pieces[start : start + count])


def _fatal(pieces: Sequence[Piece | Pieces], site: Path, memory: Memory) -> str:
    """The first piece that a process does not survive, tried one at a time; empty when all go well this time."""
    for number, piece in _unmade(pieces, site, memory):
        try:
            with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
                pool.submit(_make_some, number, 1).result()
        except BrokenProcessPool:
            return piece.path
    return ""


def _unmade(pieces: Sequence[Piece | Pieces], site: Path, memory: Memory) -> Iterator[tuple[int, Piece | Pieces]]:
    return ((number, piece) for number, piece in enumerate(pieces) if not piece.is_placed(site, memory))
