"""Write contributed files: each appears whole or not at all, and new ones all together, never over others."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


class InTheWay(Exception):
    """Files of the names that new ones were to have; ``paths`` are all of them."""

    def __init__(self, paths: list[Path]) -> None:
        super().__init__(*paths)
        self.paths = paths


def put(path: Path, text: str) -> None:
    """Write the text into the file, in the place of what it held; OSError when that cannot be done."""
    place({}, {path: text.encode()})


def place(new: Mapping[Path, bytes], changed: Mapping[Path, bytes] | None = None) -> None:
    """Write new files, then others in the place of what they held.

    InTheWay when one of the new files exists already, OSError when writing fails; then nothing new stays.
    """
    if existing := [path for path in new if path.exists() or path.is_symlink()]:
        raise InTheWay(existing)
    made: list[Path] = []
    try:
        with ExitStack() as aside:
            written = {
                path: aside.enter_context(_beside(path, content, made))
                for path, content in {**new, **(changed or {})}.items()
            }
            for path in new:
                _name(written[path], path, made)
            for path in changed or ():
                os.replace(written[path], path)
    except BaseException:
        for path in reversed(made):
            with suppress(OSError):  # a folder that somebody has put something into meanwhile
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def holds(path: Path, text: str) -> bool:
    """Whether there is a file with just this text."""
    return path.is_file() and path.read_bytes() == text.encode()


def _name(aside: Path, path: Path, made: list[Path]) -> None:
    """Give the file its name; InTheWay when somebody was quicker."""
    try:
        try:
            os.link(aside, path)
            made.append(path)
        except FileExistsError:
            raise
        except OSError:  # a file system without second names, as of many sticks: the name is taken first
            path.open("xb").close()
            made.append(path)
            os.replace(aside, path)
    except FileExistsError:
        raise InTheWay([path]) from None


@contextmanager
def _beside(path: Path, content: bytes, made: list[Path]) -> Iterator[Path]:
    """A file in the same folder with the content, which is gone afterwards unless it was moved."""
    _make_folder(path.parent, made)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        aside = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            _like_others(aside, path)
            file.close()
            yield aside
        finally:
            with suppress(FileNotFoundError):
                aside.unlink()


def _make_folder(folder: Path, made: list[Path]) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent, made)
        folder.mkdir()
        made.append(folder)


def _like_others(aside: Path, path: Path) -> None:
    """The rights that the file had; a temporary file can be read by its owner alone."""
    if path.exists():
        shutil.copymode(path, aside)
    else:
        aside.chmod(0o644)
