"""Who contributed and who reviewed, by the names they chose, as the history of the repository tells it.

Who wrote a commit that changes a file, or is named in it as ``Co-authored-by``, contributed to the file. Who merged
it into the main line without having a part in it, or is named as ``Reviewed-by`` in a commit of that line, reviewed
it. The names are those of the project's .mailmap. Addresses stay here: they only tell people apart.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from surveybase.reading.invisible import INVISIBLE

UNNAMED = "匿名"  # the name in .mailmap of those who do not want to be named
LONGEST_NAME = 40
MACHINE = re.compile(r"\[bot\]$|^(github([ -]actions?)?|web-flow|gitlab|gitee|gitea)$", re.IGNORECASE)
CONTACT = re.compile(r"(?P<key>co-authored-by|reviewed-by):\s*(?P<name>[^<>]*?)\s*(?:<(?P<mail>[^<>\s]*)>)?", re.I)

# One record a commit, newest first: its fields, then what it does to each file. Nothing of it depends on settings.
LOG = (
    *("log", "--topo-order", "--no-show-signature", "--encoding=UTF-8", "--no-color", "--no-ext-diff", "-z"),
    *("--name-status", "--find-renames=50%", "-l1000", "--no-diff-merges", "--relative"),
    "--format=%x01%H%x00%P%x00%an%x00%ae%x00%(trailers:key=Co-authored-by,key=Reviewed-by,only,unfold)",
)


@dataclass(frozen=True, slots=True)
class Credit:
    """Who had a part in something, in the order in which they came; ``unnamed`` contributors have no name here."""

    contributors: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    unnamed: int = 0


@dataclass(frozen=True, slots=True)
class Credits:
    """What is known: by the path of each file below the project. Not ``is_whole``: the history has no beginning."""

    by_file: Mapping[str, Credit] = field(default_factory=dict)
    is_known: bool = False
    is_whole: bool = False

    def of(self, *paths: str) -> Credit:
        """The credit for these files together."""
        found = [self.by_file[path] for path in paths if path in self.by_file]
        return Credit(
            _once(name for credit in found for name in credit.contributors),
            _once(name for credit in found for name in credit.reviewers),
            max((credit.unnamed for credit in found), default=0),
        )

    def only(self, paths: Iterable[str]) -> Credits:
        """The same without other files."""
        return Credits({path: self.by_file[path] for path in paths if path in self.by_file})


NO_CREDIT, NO_CREDITS = Credit(), Credits()


@dataclass(frozen=True, slots=True)
class History:
    """Where the history stands. ``key`` stands for all that the credits come from."""

    project: Path
    head: str
    is_whole: bool
    key: str


def history_of(project: Path) -> History | None:
    """None where there is no git, no repository or no commit."""
    told = _git(project, "rev-parse", "--is-shallow-repository", "--show-cdup", "--show-prefix", "HEAD")
    if told is None:
        return None
    shallow, up, *prefix, head = os.fsdecode(told).removesuffix("\n").split("\n")
    mailmap = project / up / ".mailmap"
    names = mailmap.read_text(encoding="utf-8", errors="replace") if mailmap.is_file() else ""
    return History(project, head, shallow == "false", repr((head, shallow, prefix, names)))


def read_credits(history: History, is_no_name: Callable[[str], bool]) -> Credits:
    """What the whole history says, or what there is of it; whom ``is_no_name`` tells is unnamed."""
    told = _git(history.project, *LOG, history.head)
    if told is None:
        return NO_CREDITS
    commits = [*_commits(told.decode("utf-8", "replace"))]
    if not history.is_whole:
        # Where the history was cut off, a commit looks as if it had made everything.
        commits = [commit for commit in commits if commit.parents]
    people = {person for commit in commits for person in (*commit.authors, *commit.reviewers)}
    chosen = _names(history.project, sorted(people))
    if chosen is None:  # and with it who does not want to be named
        return NO_CREDITS
    names = {person: ("" if is_no_name(name) else name, mail) for person, (name, mail) in chosen.items()}
    return _credited(commits, names.__getitem__, is_whole=history.is_whole)


# --- Commits ----------------------------------------------------------------------------------------------

Person = tuple[str, str]  # name and address


@dataclass(frozen=True, slots=True)
class _Commit:
    """``changes`` are the files with the names they had before, where they had others."""

    id: str
    parents: tuple[str, ...]
    authors: tuple[Person, ...]
    reviewers: tuple[Person, ...]
    changes: tuple[tuple[str, str], ...]


def _commits(log: str) -> Iterator[_Commit]:
    tokens = log.split("\0")
    at = 0
    while at + 4 < len(tokens):
        id, parents, name, mail, trailers = tokens[at : at + 5]
        at += 5
        changes: list[tuple[str, str]] = []
        while at < len(tokens) and (status := tokens[at].lstrip("\n")) and not status.startswith("\x01"):
            is_renamed = status.startswith("R")
            changes.append((tokens[at + 2], tokens[at + 1]) if is_renamed else (tokens[at + 1],) * 2)
            at += 3 if is_renamed else 2
        while at < len(tokens) and not tokens[at].strip("\n"):
            at += 1
        named = [*filter(None, map(CONTACT.fullmatch, trailers.splitlines()))]
        people = [(found["key"].lower(), (found["name"], found["mail"] or "")) for found in named]
        yield _Commit(
            id.lstrip("\n\x01"),
            tuple(parents.split()),
            ((name, mail), *(person for key, person in people if key.startswith("co"))),
            tuple(person for key, person in people if key.startswith("reviewed")),
            tuple(changes),
        )


def _credited(commits: Sequence[_Commit], chosen: Callable[[Person], Person], *, is_whole: bool) -> Credits:
    """From commits, newest first, to what each file that still has its name owes to whom."""
    line = _main_line(commits)
    merged_by = _mergers(commits, line)
    current: dict[str, str] = {}  # the newest names of files that were renamed since
    contributors: dict[str, list[Person]] = {}
    reviewers: dict[str, list[Person]] = {}
    for commit in commits:
        authors = [chosen(person) for person in commit.authors]
        merger = merged_by.get(commit.id)
        # In a contributor's own commit, anybody could be named as having reviewed it.
        named = commit.reviewers if commit.id in line else ()
        reviewed = [chosen(person) for person in (*named, *([merger] if merger else ()))]
        for name, former in commit.changes:
            file = current.get(name, name)
            if former != name:
                current[former] = file
            contributors.setdefault(file, []).extend(reversed(authors))
            reviewers.setdefault(file, []).extend(person for person in reversed(reviewed) if person not in authors)
    by_file = {
        file: _credit(reversed(people), reversed(reviewers[file])) for file, people in sorted(contributors.items())
    }
    return Credits(by_file, is_known=True, is_whole=is_whole)


def _main_line(commits: Sequence[_Commit]) -> dict[str, _Commit]:
    """The first parents, from the newest commit on, by id."""
    by_id = {commit.id: commit for commit in commits}
    line: dict[str, _Commit] = {}
    next_one = commits[0].id if commits else ""
    while next_one in by_id:
        commit = line[next_one] = by_id[next_one]
        next_one = commit.parents[0] if commit.parents else ""
    return line


def _mergers(commits: Sequence[_Commit], line: dict[str, _Commit]) -> dict[str, Person]:
    """By commit, who merged it into the main line."""
    by_id = {commit.id: commit for commit in commits}
    found: dict[str, Person] = {}
    seen = {*line}
    for merge in reversed(line.values()):
        waiting = [*merge.parents[1:]]
        while waiting:
            id = waiting.pop()
            if id in by_id and id not in seen:
                seen.add(id)
                found[id] = merge.authors[0]
                waiting += by_id[id].parents
    return found


# --- Names ------------------------------------------------------------------------------------------------


def _names(project: Path, people: Sequence[Person]) -> dict[Person, Person] | None:
    """By person, the name and address that .mailmap gives; None when that cannot be told.

    Who is named without an address is taken for whoever has that name with one.
    """
    asked = [(name, mail) for name, mail in people if name and mail and "\n" not in name + mail]
    given = "".join(f"{name} <{mail}>\n" for name, mail in asked).encode()
    answered = _git(project, "check-mailmap", "--stdin", given=given) if asked else b""
    lines = (answered or b"").decode("utf-8", "replace").split("\n")[:-1]
    if len(lines) != len(asked):
        return None
    parted = (line.rpartition(" <") for line in lines)
    told = {person: (name, mail.removesuffix(">")) for person, (name, _, mail) in zip(asked, parted, strict=True)}
    by_name = {name: one for (name, _), one in sorted(told.items(), key=lambda it: it[1][0] == UNNAMED)}
    return {person: told.get(person) or by_name.get(person[0], person) for person in people}


def _credit(contributors: Iterable[Person], reviewers: Iterable[Person]) -> Credit:
    people = [person for person in dict.fromkeys(contributors) if not MACHINE.search(person[0])]
    return Credit(
        _once(name for person in people if (name := public_name(person[0]))),
        _once(name for person in reviewers if not MACHINE.search(person[0]) and (name := public_name(person[0]))),
        len({mail or name for name, mail in people if not public_name(name)}),
    )


def public_name(name: str) -> str:
    """The name as it may be published; empty when there is none."""
    plain = " ".join(INVISIBLE.sub("", name).split())
    return "" if plain == UNNAMED else plain[:LONGEST_NAME]


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _git(project: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """What git prints; None when there is none, or when it fails."""
    settings = ("-c", "log.mailmap=false", "-c", "mailmap.file=", "-c", "mailmap.blob=")
    try:
        done = subprocess.run(
            ["git", "-C", str(project), *settings, *arguments],
            input=given,
            capture_output=True,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1"},
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
