"""Convert each document in a process of its own kind, under limits of time and memory.

A text that makes the converter run for minutes, exhaust the memory or crash costs only itself: the worker is ended,
the document is reported, and the next one gets a new worker.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Timer
from typing import IO

import surveybase
from surveybase.reading.body import Body
from surveybase.reading.marking import Quote
from surveybase.reading.passages import Passage

SECONDS = 8.0  # for one document; the longest of the real surveys takes 0.05
TASKS_PER_WORKER = 16  # to start one more costs as much as this many ordinary reports

HEADER = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Task:
    """A Markdown text, and the quotes to be marked in it."""

    markdown: str
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Converted:
    """A body with its quotes marked and divided; ``places`` counts where each quote stands, by anchor."""

    body: Body
    places: dict[str, int]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a text could not be converted, in words for its author."""

    reason: str


def convert_all(tasks: Sequence[Task], seconds: float = SECONDS) -> list[Converted | Failure]:
    """Each task's outcome, in the order of the tasks. ``seconds`` is the limit for one of them."""
    if not tasks:
        return []
    count = min(os.cpu_count() or 1, 1 + len(tasks) // TASKS_PER_WORKER)
    workers = [_Worker(seconds) for _ in range(count)]
    idle: SimpleQueue[_Worker] = SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def run(task: Task) -> Converted | Failure:
        worker = idle.get()
        try:
            return worker.run(task)
        finally:
            idle.put(worker)

    try:
        with ThreadPoolExecutor(count) as threads:
            return list(threads.map(run, tasks))
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """A process that converts one text after the other; it is started again when a text has cost it its life."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, task: Task) -> Converted | Failure:
        process = self._process = self._process or _started()
        assert process.stdin and process.stdout
        timed_out = []

        def stop() -> None:
            timed_out.append(True)
            process.kill()

        timer = Timer(self._seconds, stop)
        timer.start()
        try:
            send(process.stdin, task)
            outcome = receive(process.stdout)
        except (OSError, EOFError):
            self.end()
            limit = f"{self._seconds:g} 秒没有转换完" if timed_out else "转换时用尽了内存或者崩溃"
            return Failure(limit)
        finally:
            timer.cancel()
        assert isinstance(outcome, Converted | Failure)
        return outcome

    def end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _started() -> subprocess.Popen[bytes]:
    # -P: a file that was contributed must not be imported because it lies where the build was started.
    folders = [str(Path(surveybase.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "surveybase.reading.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, folders))},
    )


def send(stream: IO[bytes], value: object) -> None:
    """Write a value as one message."""
    content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(HEADER.pack(len(content)) + content)
    stream.flush()


def receive(stream: IO[bytes]) -> object:
    """Read one message; EOFError when the other side has gone."""
    (length,) = HEADER.unpack(_exactly(stream, HEADER.size))
    # Both sides are this program: no text of a contributor is ever unpickled.
    return pickle.loads(_exactly(stream, length))


def _exactly(stream: IO[bytes], length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content
