"""The contributed files as a commit has them, without checking it out: nothing of the commit is run or followed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

LARGEST = 20_000_000  # bytes; of a larger file only the size is kept, which is what is wrong with it
MOST_AT_ONCE = 50_000_000  # bytes in memory
MOST = 2_000_000_000  # bytes of a commit; one blob can have many names
LINK = "120000"
FILES = frozenset({"100644", "100755"})
GONE = "000000"
PARTED_ON_WINDOWS = frozenset("\\:")  # signs at which Windows parts a name, and git does not


class NoCommit(Exception):
    """There is no such commit, or no repository; the words say which."""


class TooMuch(Exception):
    """The files of a commit are too many or too large, together."""


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    id: str
    size: int
    path: PurePosixPath


@contextmanager
def commit_at(repository: Path, name: str, folders: Sequence[str]) -> Iterator[Path]:
    """A folder that holds, as long as it is used, what the commit ``name`` has in ``folders``.

    Paths are relative to ``repository``, which may itself be a folder of a repository.
    """
    commit = _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit is None:
        raise NoCommit(name)
    listed = _git(repository, "ls-tree", "-r", "-z", "-l", commit.decode().strip(), "--", *folders)
    entries = [*_entries(listed or b"")]
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name_of_folder in folders:
            (root / name_of_folder).mkdir(parents=True, exist_ok=True)
        _write(repository, entries, root)
        yield root


def texts_in(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """The files of a commit as they are: reading takes off what editors have put there."""
    return {path: (root / path).read_bytes().decode("utf-8", "replace") for path in paths}


def _entries(listed: bytes) -> Iterator[_Entry]:
    for line in filter(None, listed.split(b"\0")):
        about, _, name = line.partition(b"\t")
        mode, _, id, size = about.decode().split()
        path = PurePosixPath(os.fsdecode(name))
        # Git itself makes no such names; whoever writes the objects by hand can.
        if path.is_absolute() or {"..", ".git"} & {*path.parts} or PARTED_ON_WINDOWS & {*str(path)}:
            continue
        yield _Entry(mode, id, int(size) if size.isdigit() else 0, path)


def _write(repository: Path, entries: Sequence[_Entry], root: Path) -> None:
    whole = [entry for entry in entries if entry.mode in FILES and entry.size <= LARGEST]
    if sum(entry.size for entry in whole) > MOST:
        raise TooMuch
    for entry in entries:
        path = root / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if entry.mode == LINK:
            path.symlink_to("nowhere")  # that there is a link is a finding; where it leads is nobody's business
        elif entry.mode in FILES and entry.size > LARGEST:
            with path.open("wb") as file:
                file.truncate(entry.size)
    for group in _groups(whole):
        contents = _contents(repository, [entry.id for entry in group])
        for entry, content in zip(group, contents, strict=True):
            (root / entry.path).write_bytes(content)


def _groups(entries: Iterable[_Entry]) -> Iterator[list[_Entry]]:
    """The entries, as many together as may be in memory at once."""
    group, size = list[_Entry](), 0
    for entry in entries:
        if group and size + entry.size > MOST_AT_ONCE:
            yield group
            group, size = [], 0
        group.append(entry)
        size += entry.size
    if group:
        yield group


def _contents(repository: Path, ids: Sequence[str]) -> Iterator[bytes]:
    answer = _git(repository, "cat-file", "--batch", given="".join(f"{id}\n" for id in ids).encode()) or b""
    start = 0
    for _ in ids:
        end = answer.index(b"\n", start)
        size = int(answer[start:end].split()[2])
        yield answer[end + 1 : end + 1 + size]
        start = end + 1 + size + 1


def _git(repository: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """What git prints; None when it fails."""
    try:
        done = subprocess.run(
            ["git", "-C", str(repository), *arguments],
            input=given,
            capture_output=True,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"},
        )
    except FileNotFoundError:
        raise NoCommit("git") from None
    return done.stdout if done.returncode == 0 else None


@dataclass(frozen=True, slots=True)
class Change:
    """A file that a change adds, changes or removes; ``mode`` is what it is afterwards, empty where it is gone."""

    path: str
    mode: str
    size: int
    is_new: bool


def fork_point(repository: Path, base: str, head: str) -> str:
    """The commit that ``head`` was begun from; what others changed on ``base`` since then is not its doing."""
    for name in (base, head):
        if _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}") is None:
            raise NoCommit(name)
    found = _git(repository, "merge-base", "--end-of-options", base, head)
    if not found:
        raise NoCommit(f"{base}...{head}")
    return found.decode().strip()


def changes_between(repository: Path, base: str, head: str) -> list[Change]:
    """Every file that differs between two commits, by path; nothing is checked out."""
    options = ("--raw", "-r", "-z", "--no-renames", "--abbrev=40")
    listed = _git(repository, "diff-tree", *options, "--end-of-options", base, head)
    if listed is None:
        raise NoCommit(f"{base}...{head}")
    parts = listed.split(b"\0")[:-1]
    about = [part.decode().lstrip(":").split() for part in parts[::2]]  # modes, ids and status
    sizes = _sizes(repository, [id for _, mode, _, id, _ in about if mode in FILES])
    return [
        Change(os.fsdecode(name), "" if mode == GONE else mode, sizes.get(id, 0), before == GONE)
        for (before, mode, _, id, _), name in zip(about, parts[1::2], strict=True)
    ]


def _sizes(repository: Path, ids: Sequence[str]) -> dict[str, int]:
    answer = _git(repository, "cat-file", "--batch-check", given="".join(f"{id}\n" for id in ids).encode()) or b""
    told = (line.split() for line in answer.decode().splitlines())
    return {id: int(size) for id, _, size in (words for words in told if len(words) == 3)}
