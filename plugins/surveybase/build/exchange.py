"""Build a site beside the old one and put it in its place in one step.

Whatever happens before that step (an error, a full disk, a killed process) leaves the old site as it was: nothing
is written where readers look. Two builds of one site wait for each other.

For the site ``site`` the folder beside it is ``.site.new``, and ``.site.lock`` is the file that is locked. A killed
build leaves both; the next build removes them.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

AT_FDCWD = -100
RENAME_EXCHANGE = 2  # linux/fs.h
RENAME_SWAP = 2  # macOS, sys/stdio.h

# Errors by which a system or a file system says that it cannot exchange two names.
NOT_SUPPORTED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


class Staging:
    """A site while it is built. ``folder`` is where to write; it ends with :meth:`publish` or :meth:`discard`."""

    def __init__(self, site: Path, *, keep: bool = False, waiting: Callable[[], None] = lambda: None) -> None:
        """Take the lock, and empty the folder; with ``keep`` it begins as a copy of the site.

        ``waiting`` is called once when another build has the lock.
        """
        self.site = Path(os.path.realpath(site))
        self.folder = self.site.with_name(f".{self.site.name}.new")
        self._former = self.site.with_name(f".{self.site.name}.old")
        self.site.parent.mkdir(parents=True, exist_ok=True)
        self._lock: IO[bytes] | None = _locked(self.site.with_name(f".{self.site.name}.lock"), waiting)
        try:
            self._recover()
            if keep and self.site.is_dir():
                shutil.copytree(self.site, self.folder, symlinks=True)
            else:
                self.folder.mkdir()
            if self.site.is_dir():
                shutil.copymode(self.site, self.folder)
        except OSError:
            self.discard()
            raise

    def publish(self) -> None:
        """Put the folder in the place of the site. OSError when that is not possible; the old site stays then."""
        if self.site.exists():
            if not exchange(self.folder, self.site):
                # Between the two there is no site for a moment; _recover mends it when we are killed just then.
                os.rename(self.site, self._former)
                os.rename(self.folder, self.site)
        else:
            os.rename(self.folder, self.site)
        self.discard()

    def discard(self) -> None:
        """Remove what is not the site and let the next build begin. May be called again."""
        if self._lock is None:
            return
        for folder in (self.folder, self._former):
            shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # Windows removes no open file
            os.unlink(self._lock.name)
        self._lock.close()
        self._lock = None

    def _recover(self) -> None:
        """Mend what a killed build has left."""
        if self._former.exists() and not self.site.exists():
            os.rename(self._former, self.site)
        for folder in (self.folder, self._former):
            with suppress(FileNotFoundError):
                shutil.rmtree(folder)


def exchange(left: Path, right: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot."""
    if os.name != "posix":
        return False
    library, names = ctypes.CDLL(None, use_errno=True), (os.fsencode(left), os.fsencode(right))
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        status = library.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        status = library.renamex_np(names[0], names[1], RENAME_SWAP)
    else:
        return False
    if status == 0:
        return True
    number = ctypes.get_errno()
    if number in NOT_SUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(right))


def _locked(path: Path, waiting: Callable[[], None]) -> IO[bytes]:
    """The file, open and locked until it is closed or the process ends."""
    while True:
        lock = path.open("ab")
        try:
            if not _try_lock(lock, wait=False):
                waiting()
                _try_lock(lock, wait=True)
            if _is_at(lock, path):
                return lock
            # Who had it removed it before we got it: another build may have made a new one since.
            lock.close()
        except BaseException:
            lock.close()
            raise


def _is_at(lock: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt
    import time

    def _try_lock(lock: IO[bytes], *, wait: bool) -> bool:
        while True:
            try:
                lock.seek(0)
                msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
                return True
            except OSError:
                if not wait:
                    return False
                time.sleep(0.2)

else:
    import fcntl

    def _try_lock(lock: IO[bytes], *, wait: bool) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
