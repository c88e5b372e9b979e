"""Compile units on a Dask cluster: the same units and the same bytes, on as many machines as there are.

Needs the extra ``surveybase[dask]``. Every process of the cluster imports this package and unpickles what it is
sent, as everywhere with Dask: the cluster must be one that nobody else can reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from queue import Empty, SimpleQueue
from weakref import finalize

from distributed import Client, Future, KilledWorker, LocalCluster, as_completed

from surveybase.build.compiling import Compile, telling
from surveybase.build.program import OtherProgram, code_key
from surveybase.build.progress import Say, on_stderr
from surveybase.build.units import Setting, Unit
from surveybase.build.workers import SECONDS, WAITING_PER_WORKER, Outcome, Worker
from surveybase.build.writing import WorkerDied

LOCAL = "local"  # instead of an address: a cluster of processes on this machine


class Team:
    """Processes of one Dask worker that compile units, one for each unit that is being compiled at the same time.

    A text that kills its process does not kill the Dask worker. The processes end when the cluster has no more use
    for the team. ``code`` stands for the program that gave the order.
    """

    def __init__(self, setting: Setting, code: str, seconds: float = SECONDS) -> None:
        self._given = setting, code, seconds
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        finalize(self, _end, self._idle)

    def __reduce__(self) -> tuple[type[Team], tuple[Setting, str, float]]:
        return Team, self._given

    def outcome(self, unit: Unit) -> Outcome:
        """What the unit comes to; OtherProgram when it would not be what it comes to where it was sent from."""
        setting, code, seconds = self._given
        if code_key() != code:
            raise OtherProgram
        try:
            worker = self._idle.get_nowait()
        except Empty:
            worker = Worker(setting, seconds)
        try:
            return worker.outcome(unit)
        finally:
            self._idle.put(worker)


def _end(idle: SimpleQueue[Worker]) -> None:
    while not idle.empty():
        idle.get().end()


def compile_on(scheduler: str, workers: int | None = None, say: Say = on_stderr) -> Compile:
    """On the cluster of the scheduler at this address, or on a local one of so many processes.

    The compiler raises OSError when the scheduler cannot be reached, WorkerDied when Dask gives up on a unit.
    """

    def compiler(units: Sequence[Unit], setting: Setting) -> Iterator[tuple[int, Outcome]]:
        if not units:
            return
        with ExitStack() as stack:
            client = stack.enter_context(_client(scheduler, workers, stack))
            yield from _outcomes(client, units, setting)

    return telling(compiler, say)


def _client(scheduler: str, workers: int | None, stack: ExitStack) -> Client:
    if scheduler != LOCAL:
        return Client(scheduler, set_as_default=False)
    cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
    return Client(stack.enter_context(cluster), set_as_default=False)


def _outcomes(client: Client, units: Sequence[Unit], setting: Setting) -> Iterator[tuple[int, Outcome]]:
    # A result of the cluster like any other: passed on to whoever needs it, and made again where it was lost.
    team = client.submit(Team, setting, code_key(), pure=False)
    waiting = iter(enumerate(units))
    numbers: dict[Future[Outcome], int] = {}
    running = as_completed(loop=client.loop)

    def hand_out(count: int) -> None:
        for number, unit in islice(waiting, count):
            future = client.submit(Team.outcome, team, unit, pure=False)
            numbers[future] = number
            running.add(future)

    hand_out(WAITING_PER_WORKER * max(1, sum(client.nthreads().values())))
    for future in running:
        number = numbers.pop(future)
        try:
            outcome = future.result()
        except KilledWorker:
            raise WorkerDied(units[number].files[0].path) from None
        hand_out(1)
        yield number, outcome
