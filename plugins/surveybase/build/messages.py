"""Processes of this program, and what is said between them."""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
from pathlib import Path
from typing import IO

import surveybase

HEADER = struct.Struct(">I")
# The module that compiles units, and what it loads to compile them for readers.
WORKER, PARTS = "surveybase.build.worker", "surveybase.build.parts"


def start(module: str, *arguments: str, order: IO[bytes] | int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    """A process that runs the module with ``order`` as its standard input."""
    # -P: a file that was contributed must not be imported because it lies where the build was started.
    folders = [str(Path(surveybase.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=order,
        stdout=subprocess.PIPE if order == subprocess.PIPE else subprocess.DEVNULL,
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
