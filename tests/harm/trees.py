"""A folder's files as one value, so that two sites can be compared."""

from hashlib import sha256
from pathlib import Path


def tree(folder: Path) -> dict[str, str]:
    """The hash of each file by its name; empty when there is no such folder."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
