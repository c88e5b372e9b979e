"""What was made before, kept on disk under keys of all it was made from.

An entry is a file of its content, named by its key and a checksum of the content, so that it can be used as it is
and one that is damaged is told from one that is whole. It appears at once, by a rename: two builds can share the
folder. Nothing is ever wrong because an entry is missing.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from zlib import crc32

CACHE = Path(".cache") / "surveybase"  # where it is kept, below the project

# The kinds of what a unit comes to besides its data: the places in its reports as JSON; for readers the content of
# its pages by their files, and its records for the search.
ANCHORS, PAGES, RECORDS = "anchors", "pages", "records"

CLOCK_STEP = 2  # seconds by which the time of a file may be behind
PUBLIC = 0o644  # an entry is also a file of sites, whose server is somebody else
SPARE = 1 << 30  # bytes that may be kept for nothing before entries that were not used are removed


class Memory:
    """The entries below a folder. Keys are hexadecimal; ``kind`` tells apart what is kept under one key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._checksums: dict[str, dict[str, str]] = {}
        self._used: set[str] = set()
        self._begun = time.time() - CLOCK_STEP
        self._held: dict[tuple[str, str], bytes] = {}
        self._token = secrets.token_hex(4)  # two machines may give out the same process id

    def get(self, key: str, kind: str) -> bytes | None:
        """The content, or None where there is none that is whole."""
        found = self._whole(key, kind)
        return found[1] if found else self._held.get((key, kind))

    def has(self, key: str, kind: str) -> bool:
        """Whether there is an entry; it may turn out to be damaged."""
        return (key, kind) in self._held or _entry(key, kind) in self._listed(key[:2])

    def link(self, key: str, kind: str, target: str) -> bool:
        """Let the entry also be the file ``target``; False where there is none that is whole."""
        held = self._held.get((key, kind))
        found = self._whole(key, kind) or (("", held) if held is not None else None)
        if found is None:
            return False
        _link(*found, target)
        return True

    def put(self, key: str, kind: str, content: bytes, target: str | None = None) -> None:
        """Keep the content, also as the file ``target``; where there is no room for it, until the process ends."""
        found = _checksum(content)
        name = _name(key, found, kind)
        path = f"{self.folder}/{key[:2]}/{name}"
        unfinished = f"{self.folder}/{key[:2]}/.{name}-{self._token}-{os.getpid()}"
        try:
            self._write(unfinished, content)
            os.replace(unfinished, path)
        except OSError:
            with suppress(OSError):
                os.unlink(unfinished)
            if target:
                _copy(content, target)
            else:
                self.hold(key, kind, content)
            return
        self.use(key, kind)
        self._listed(key[:2])[_entry(key, kind)] = found
        if target:
            _link(path, content, target)

    def hold(self, key: str, kind: str, content: bytes) -> None:
        """Have the content until the process ends."""
        self._held[key, kind] = content

    def use(self, key: str, kind: str) -> None:
        """Say that this build had a use for the entry."""
        self._used.add(_entry(key, kind))

    def forget_unused(self) -> None:
        """Remove the oldest entries that this build had no use for, when they take more room than those it had.

        Those that came since it began are in use, by it or by another build.
        """
        unused = sorted(self._older())
        room = sum(size for _, size, _ in unused)
        if room <= SPARE:  # as most builds find: what they used need not be looked at
            return
        excess = room - max(self._size() - room, SPARE)
        for _, size, path in unused:
            if excess <= 0:
                break
            with suppress(OSError):
                os.unlink(path)
            excess -= size

    def _older(self) -> Iterator[tuple[int, int, str]]:
        """Time, size and path of the entries that were there before this build, which had no use for them."""
        for folder in self._folders():
            for entry, found in self._listed(folder.name).items():
                if entry not in self._used:
                    key, _, kind = entry.partition(".")
                    path = f"{folder}/{_name(key, found, kind)}"
                    with suppress(OSError):  # another build has removed it
                        status = os.stat(path)
                        if status.st_mtime <= self._begun:
                            yield status.st_mtime_ns, status.st_size, path

    def _size(self) -> int:
        """Bytes of all entries."""
        size = 0
        for folder in self._folders():
            with suppress(OSError), os.scandir(folder) as entries:
                size += sum(entry.stat().st_size for entry in entries)
        return size

    def _whole(self, key: str, kind: str) -> tuple[str, bytes] | None:
        listed, entry = self._listed(key[:2]), _entry(key, kind)
        if entry not in listed:
            return None
        path = f"{self.folder}/{key[:2]}/{_name(key, listed[entry], kind)}"
        try:
            with open(path, "rb", buffering=0) as file:
                content = file.read()
        except OSError:
            content = b""
        if _checksum(content) == listed[entry]:
            self._used.add(entry)
            return path, content
        del listed[entry]
        with suppress(OSError):
            os.unlink(path)
        return None

    def look_again(self) -> None:
        """See what other processes have added meanwhile."""
        self._checksums.clear()

    def _listed(self, folder: str) -> dict[str, str]:
        """The checksums of the entries in a folder, as they were when it was first looked at."""
        if folder not in self._checksums:
            found: dict[str, str] = {}
            with suppress(OSError):
                found.update(map(_parsed, os.listdir(self.folder / folder)))
            self._checksums[folder] = found
        return self._checksums[folder]

    def _write(self, path: str, content: bytes) -> None:
        try:
            file = open(path, "wb")  # noqa: SIM115 - closed below
        except FileNotFoundError:  # the first in its folder
            os.makedirs(os.path.dirname(path), exist_ok=True)
            ignored = self.folder / ".gitignore"
            if not ignored.exists():
                ignored.write_text("*\n", encoding="ascii")
            file = open(path, "wb")  # noqa: SIM115
        with file:
            file.write(content)
        os.chmod(path, PUBLIC)

    def _folders(self) -> list[Path]:
        return sorted(self.folder.glob("[0-9a-f][0-9a-f]"))


def _link(source: str, content: bytes, target: str) -> None:
    """Let the file ``source``, which has this content, also be the file ``target``."""
    try:
        os.link(source, target)
    except OSError:  # no folder yet, another disk, or a system without links
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with suppress(FileNotFoundError):
            os.unlink(target)
        try:
            os.link(source, target)
        except OSError:
            _copy(content, target)


def _copy(content: bytes, target: str) -> None:
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(content)


# One short string for each of the many entries.
def _entry(key: str, kind: str) -> str:
    return f"{key}.{kind}"


def _name(key: str, found: str, kind: str) -> str:
    """The name of the file of an entry whose content has the checksum ``found``."""
    return f"{key}-{found}.{kind}"


def _parsed(name: str) -> tuple[str, str]:
    """Entry and checksum from the name of the file."""
    key, _, rest = name.partition("-")
    found, _, kind = rest.partition(".")
    return _entry(key, kind), found


def _checksum(content: bytes) -> str:
    """Tells damage, as in archives; against whoever forges an entry its name would be no help either."""
    return f"{crc32(content):08x}{len(content):x}"
