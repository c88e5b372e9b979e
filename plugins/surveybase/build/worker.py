"""The process that compiles units for :mod:`surveybase.build.workers`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import cast

from surveybase.build.compile_unit import compile_unit
from surveybase.build.messages import receive, send
from surveybase.build.pickling import dumps
from surveybase.build.program import code_key
from surveybase.build.rubbish import look_seldom
from surveybase.build.units import Order, Setting
from surveybase.build.workers import OTHER_PROGRAM, READY

MOST_MEMORY = 1 << 30  # bytes of address space


def main() -> None:
    """Answer each order on standard input with its outcome on standard output, until there are no more.

    Before each text its path is sent, so that it is known which one the process did not survive. The arguments are
    modules that it is going to need, and loads while nobody waits.
    """
    _limit_memory()
    # A library that prints must not break the messages.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for module in sys.argv[1:]:
        import_module(module)
    code, setting = cast("tuple[str, Setting]", receive(sys.stdin.buffer))
    if code_key() != code:
        send(answers, OTHER_PROGRAM)
        return
    send(answers, READY)  # now, so that the time of no text is running yet
    look_seldom()
    while True:
        try:
            order = receive(sys.stdin.buffer)
        except EOFError:
            return
        assert isinstance(order, Order)
        compiled, parts = compile_unit(order, setting, lambda path: send(answers, path))
        send(answers, (dumps(compiled, setting.catalogues.base), parts))


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - Unix only
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    with suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


if __name__ == "__main__":
    main()
