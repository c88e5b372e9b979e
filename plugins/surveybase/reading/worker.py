"""The process that converts texts for :mod:`surveybase.reading.isolation`."""

from __future__ import annotations

import os
import sys

from surveybase.reading.body import convert
from surveybase.reading.isolation import Converted, Failure, Task, receive, send
from surveybase.reading.marking import mark
from surveybase.reading.passages import divide

MOST_MEMORY = 1 << 30  # bytes of address space


def convert_task(task: Task) -> Converted | Failure:
    """The outcome of one task; whatever the converter does with the text is no reason to die."""
    try:
        body = convert(task.markdown)
        places = mark(body, task.quotes)
        return Converted(body, places, divide(body))
    except RecursionError:
        return Failure("套得太深，转换不了")
    except MemoryError:
        return Failure("转换时用尽了内存")
    except Exception as error:
        return Failure(f"转换出错：{type(error).__name__}")


def main() -> None:
    """Answer each message on standard input with one on standard output, until there are no more."""
    _limit_memory()
    # A library that prints must not break the messages.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while True:
        try:
            task = receive(sys.stdin.buffer)
        except EOFError:
            return
        assert isinstance(task, Task)
        outcome = convert_task(task)
        try:
            send(answers, outcome)
        except RecursionError:
            send(answers, Failure("套得太深，转换不了"))


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - Unix only
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    main()
