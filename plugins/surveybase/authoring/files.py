"""Write contributed files: each appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def put(path: Path, text: str) -> None:
    """Write the text into the file, in the place of what it held; OSError when that cannot be done."""
    with _beside(path, text) as new:
        os.replace(new, path)


def put_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; FileExistsError when it is."""
    with _beside(path, text) as new:
        os.link(new, path)


def holds(path: Path, text: str) -> bool:
    """Whether there is a file with just this text."""
    return path.is_file() and path.read_bytes() == text.encode()


@contextmanager
def _beside(path: Path, text: str) -> Iterator[Path]:
    """A file in the same folder with the text, which is gone afterwards unless it was moved."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        new = Path(file.name)
        try:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
            _like_others(new, path)
            file.close()
            yield new
        finally:
            with suppress(FileNotFoundError):
                new.unlink()


def _like_others(new: Path, path: Path) -> None:
    """The rights that the file had; a temporary file can be read by its owner alone."""
    if path.exists():
        shutil.copymode(path, new)
    else:
        new.chmod(0o644)
