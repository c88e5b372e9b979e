"""Write contributed files: each appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def put(path: Path, text: str) -> None:
    """Write the text into the file, in the place of what it held; OSError when that cannot be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(text.encode())
            file.close()
            _like_others(Path(file.name), path)
            os.replace(file.name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise


def holds(path: Path, text: str) -> bool:
    """Whether there is a file with just this text."""
    return path.is_file() and path.read_bytes() == text.encode()


def put_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; FileExistsError when it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _like_others(new: Path, path: Path) -> None:
    """The rights that the file had; a temporary file can be read by its owner alone."""
    if path.exists():
        shutil.copymode(path, new)
    else:
        new.chmod(0o644)
