"""Commands run and measured from outside, with everything they start."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from bench.engines import PACKAGES

SAMPLED_EVERY = 0.1  # seconds
SAMPLING_SHARE = 0.05  # of the time at most: to ask for the memory of large processes stops them for a while
ASKED_EVERY = 0.02
LONGEST_START, LONGEST_RELOAD = 3600.0, 900.0


@dataclass(frozen=True)
class Run:
    """Wall and processor time in seconds; the most bytes that the processes held at one time.

    Pages that several processes share are divided among them where the system tells them, and count once for each
    of them elsewhere, so that ``peak`` is never too small by that.
    """

    wall: float
    processor: float
    peak: int


def run(command: Sequence[str]) -> Run:
    """Run to the end; what a command that fails has printed is in the error."""
    before = _processor()
    begun = time.perf_counter()
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        peak: list[int] = [0]
        ended = threading.Event()
        sampler = threading.Thread(target=_sample, args=(process.pid, peak, ended))
        sampler.start()
        said, _ = process.communicate()
        wall = time.perf_counter() - begun
        ended.set()
        sampler.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{said.decode()[-4000:]}")
    return Run(wall, _processor() - before, peak[0])


def build(config: Path, site: Path) -> Run:
    return run([sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(config), "-d", str(site)])


@contextmanager
def serving(config: Path) -> Iterator[str]:
    """The address of a running ``mkdocs serve``, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "--quiet", "-f", str(config), "-a", f"127.0.0.1:{port}"]
    log = config.with_name("serve.log")
    with (
        log.open("wb") as said,
        subprocess.Popen(command, env=environment(), stdout=said, stderr=subprocess.STDOUT) as process,
    ):
        try:
            root = f"http://127.0.0.1:{port}/"
            wait_for(root, "", LONGEST_START, process)
            yield root
        finally:
            process.terminate()


def wait_for(url: str, words: str, longest: float, process: subprocess.Popen[bytes] | None = None) -> float:
    """Ask for a page until it answers with ``words`` in it; how many seconds that took."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < longest:
        if process and process.poll() is not None:
            raise RuntimeError(f"{url}: the server ended with {process.returncode}")
        # While it builds, the server keeps a page waiting: the time counts when the answer is there.
        with suppress(URLError, ConnectionError, TimeoutError), urlopen(url, timeout=longest) as answer:
            if words in answer.read().decode():
                return time.perf_counter() - begun
        time.sleep(ASKED_EVERY)
    raise TimeoutError(f"{url} does not say {words!r} after {longest:.0f} s")


def environment() -> Mapping[str, str]:
    """Material finds jieba where ``make`` has put it. Python may keep the bytecode of modules, as where
    nobody forbids it: that of installed packages came with them, ours would be made again by every process."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(PACKAGES)}


def _processor() -> float:
    """Of all children that have ended, with theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _sample(pid: int, peak: list[int], ended: threading.Event) -> None:
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        pause = SAMPLED_EVERY
        while not ended.wait(pause):
            begun = time.perf_counter()
            peak[0] = max(peak[0], sum(map(_held, [root, *root.children(recursive=True)])))
            pause = max(SAMPLED_EVERY, (time.perf_counter() - begun) / SAMPLING_SHARE)


def _held(process: psutil.Process) -> int:
    """Bytes of memory; what several processes share is divided among them, where the system says so."""
    with suppress(psutil.NoSuchProcess):
        held = process.memory_full_info()
        return int(getattr(held, "pss", held.rss))
    return 0
