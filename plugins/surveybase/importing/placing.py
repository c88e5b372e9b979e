"""New files, all of them or none, and never over others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


class InTheWay(Exception):
    """Files of the names that new ones were to have; ``paths`` are all of them."""

    def __init__(self, paths: list[Path]) -> None:
        super().__init__(*paths)
        self.paths = paths


def place(files: Mapping[Path, bytes]) -> None:
    """Write the files; InTheWay, with nothing written, when one of them exists already."""
    if existing := [path for path in files if path.exists() or path.is_symlink()]:
        raise InTheWay(existing)
    made: list[Path] = []
    try:
        for path, content in files.items():
            _make_folder(path.parent, made)
            with path.open("xb") as file:  # whoever was quicker keeps the name
                made.append(path)
                file.write(content)
    except BaseException as error:
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        if isinstance(error, FileExistsError):
            raise InTheWay([Path(error.filename)]) from None
        raise


def _make_folder(folder: Path, made: list[Path]) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent, made)
        folder.mkdir()
        made.append(folder)
