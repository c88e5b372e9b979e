"""Compile units in processes of their own, on all cores, under limits of time and memory.

A text that makes the converter run for minutes, exhaust the memory or crash costs only itself: the worker is ended,
the file it was on is reported, and the rest of its unit is compiled without that text by a new worker.
"""

from __future__ import annotations

import math
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from queue import SimpleQueue
from threading import Event, Thread

from surveybase.build.messages import PARTS, WORKER, receive, send, start
from surveybase.build.pickling import dumps
from surveybase.build.program import OtherProgram, code_key
from surveybase.build.units import Compiled, Order, Parts, Setting, Unit
from surveybase.diagnostics import Diagnostic, Location

SECONDS = 8.0  # for one text; the longest of the real surveys takes 0.05
UNITS_PER_WORKER = 16  # to start one more costs as much as this many ordinary units
WAITING_PER_WORKER = 4  # units handed out beyond those being compiled: their texts are in memory

# The first answer of a worker: that it waits for orders, or that the files of the program have changed meanwhile.
READY, OTHER_PROGRAM = "ready", "other program"

# A unit as bytes, with its parts.
Outcome = tuple[bytes, Parts]


@dataclass(frozen=True, slots=True)
class Died:
    """A worker ended while it was on the file at ``path``."""

    path: str
    reason: str


def compile_all(
    units: Sequence[Unit],
    setting: Setting,
    workers: int | None = None,
    seconds: float = SECONDS,
    started: subprocess.Popen[bytes] | None = None,
) -> Iterator[tuple[int, Outcome]]:
    """The outcome of each unit with its number, in the order in which they are done.

    ``workers`` is how many processes there are; as many as there are cores when it is not given. ``seconds`` may
    be spent on each text. ``started`` is a process that was started before, to be the first of them.
    """
    most = workers or os.cpu_count() or 1
    others = min(most - 1, len(units) // UNITS_PER_WORKER)
    team = [Worker(setting, seconds, started), *(Worker(setting, seconds) for _ in range(others))]
    idle: SimpleQueue[Worker] = SimpleQueue()
    for worker in team:
        idle.put(worker)

    def run(unit: Unit) -> Outcome:
        worker = idle.get()
        try:
            return worker.outcome(unit)
        finally:
            idle.put(worker)

    running: dict[Future[Outcome], int] = {}
    try:
        with ThreadPoolExecutor(len(team)) as threads:
            for number, unit in enumerate(units):
                running[threads.submit(run, unit)] = number
                if len(running) >= len(team) * WAITING_PER_WORKER:
                    yield from _done(running)
            while running:
                yield from _done(running)
    finally:
        for worker in team:
            worker.end()


def _done(running: dict[Future[Outcome], int]) -> Iterator[tuple[int, Outcome]]:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        yield running.pop(future), future.result()


class Worker:
    """A process that compiles one unit after the other; another one is started when a text has cost it its life."""

    def __init__(self, setting: Setting, seconds: float, started: subprocess.Popen[bytes] | None = None) -> None:
        self._setting = setting
        self._seconds = seconds
        self._started = started
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: _Watchdog

    def outcome(self, unit: Unit) -> Outcome:
        """What the unit comes to, without the texts that cannot be converted."""
        order = Order(unit)
        while True:
            outcome = self._run(order)
            if not isinstance(outcome, Died):
                return outcome
            if outcome.path in order.refused or not outcome.path:
                return self._given_up(unit, outcome)
            order = replace(order, refused={**order.refused, outcome.path: outcome.reason})

    def _given_up(self, unit: Unit, died: Died) -> Outcome:
        where = Location(died.path or unit.files[0].path)
        finding = Diagnostic(where, "markdown-failed", died.reason, "把文件拆成几份，或去掉不寻常的写法")
        compiled = Compiled((), (), "", (), (finding,), (), (), (), is_complete=False)
        return dumps(compiled, self._setting.catalogues.base), {}

    def _run(self, order: Order) -> Outcome | Died:
        if self._process and (self._process.poll() is not None or self._watchdog.has_bitten):
            self.end()  # it died while it had nothing to do
        if self._process is None:
            modules = (PARTS,) if self._setting.publication else ()
            self._process, self._started = self._started or start(WORKER, *modules), None
            self._watchdog = _Watchdog(self._process, self._seconds)
            is_new = True
        else:
            is_new = False
        process, watchdog = self._process, self._watchdog
        assert process.stdin and process.stdout
        path = ""
        try:
            if is_new:
                send(process.stdin, (code_key(), self._setting))
                if receive(process.stdout) == OTHER_PROGRAM:
                    raise OtherProgram
            watchdog.wind()
            send(process.stdin, order)
            while isinstance(answer := receive(process.stdout), str):
                path = answer
                watchdog.wind()
        except (OSError, EOFError):
            self.end()
            return Died(
                path, f"{self._seconds:g} 秒没有转换完" if watchdog.has_bitten else "转换时用尽了内存或者崩溃"
            )
        watchdog.rest()
        assert isinstance(answer, tuple)
        return answer

    def end(self) -> None:
        if self._process:
            self._watchdog.end()
        for process in filter(None, (self._process, self._started)):
            process.kill()
            process.communicate()
        self._process = self._started = None


class _Watchdog:
    """Kills a process that is at work and has not been heard of for so many seconds.

    It looks now and then: to start a timer for each text would take longer than many a text.
    """

    LOOKS = 8  # within the time that a text may take

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process = process
        self._seconds = seconds
        self._latest = math.inf
        self.has_bitten = False
        self._ended = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def wind(self) -> None:
        self._latest = time.monotonic() + self._seconds

    def rest(self) -> None:
        self._latest = math.inf

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(self._seconds / self.LOOKS):
            if time.monotonic() > self._latest:
                self.has_bitten = True
                self._process.kill()
                return
