"""Which files may be contributed: Markdown, YAML and pictures, each in its own folders, and nothing else.

What is not on the list would be published as it is (a page with scripts, a file in the place of the theme's own),
or would have the build read what it must not (a link out of the repository, a pipe that never ends).
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from surveybase.diagnostics import CODES, Diagnostic, Location
from surveybase.reading.pictures import LARGEST_PICTURE, fault_of_picture

CATALOGUES = ("indicators", "problems", "countermeasures", "standards")

NAME = r"[a-z0-9]+(-[a-z0-9]+)*"
PICTURE = r"\.(png|jpg|jpeg|webp)"
# What may lie below docs and below data: folders by these names, at most two below another.
ALLOWED_DOCS = re.compile(
    rf"index\.md|reports/{NAME}\.md|(about|contribute|reference)/({NAME}/){{0,2}}{NAME}\.md"
    rf"|(images|reports)/({NAME}/){{0,2}}{NAME}{PICTURE}"
)
ALLOWED_DATA = re.compile(rf"({'|'.join(CATALOGUES)})\.yml|communities/{NAME}\.yml")
PICTURE_NAME = re.compile(rf".*{PICTURE}")

# Windows takes these for devices, whatever follows the dot.
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(10))})

# Pages that are made.
MADE = frozenset({"reference/index.md", *(f"reference/{code}.md" for code in CODES)})
MADE |= {f"contribute/{name}{end}" for name in ("blank", "credits") for end in (".md", "/index.md")}

REMEDY = (
    "报告放 docs/reports/，社区数据放 data/communities/，图片（png、jpg、webp）放 docs/images/ 或 docs/reports/；"
    "文件名用小写英文字母、数字和连字符"
)


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that may be read, and what is wrong with the others.

    ``docs`` and ``data`` are relative to their folders, sorted; ``linked_folders`` says that a folder below docs is
    a link: whoever walks docs and follows links must not begin.
    """

    docs: tuple[str, ...]
    data: tuple[str, ...]
    linked_folders: bool
    findings: tuple[Diagnostic, ...]


def list_files(project: Path, docs: Path, data: Path) -> Listing:
    """Every file below ``docs`` and ``data``, judged by its kind, its place and its name; no link is followed."""
    findings: list[Diagnostic] = []
    accepted: dict[Path, list[str]] = {docs: [], data: []}
    linked_folders = False
    for folder, allowed in ((docs, ALLOWED_DOCS), (data, ALLOWED_DATA)):
        for entry, name in _walk(folder):
            linked_folders |= folder == docs and entry.is_symlink() and entry.is_dir()
            fault = _fault(entry, name, allowed)
            if fault is None:
                accepted[folder].append(name)
            else:
                where = Location(_visible(Path(entry.path).relative_to(project).as_posix()))
                findings.append(Diagnostic(where, *fault, value=_visible(name)))
    findings += _clashes(project, docs, accepted[docs])
    return Listing(tuple(sorted(accepted[docs])), tuple(sorted(accepted[data])), linked_folders, tuple(findings))


def _walk(folder: Path, name: str = "") -> Iterator[tuple[os.DirEntry[str], str]]:
    """Everything below that is not an ordinary folder, with its name: ``name`` begins those in ``folder``."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), f"{name}{entry.name}/")
            else:
                yield entry, name + entry.name


def _fault(entry: os.DirEntry[str], name: str, allowed: re.Pattern[str]) -> tuple[str, str, str] | None:
    """Code, message and remedy for a file that is not allowed."""
    status = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(status.st_mode):
        return "file-kind", "不能用符号链接", "删去链接，把文件本身放进来"
    if not stat.S_ISREG(status.st_mode):
        return "file-kind", "不是普通文件", "删去它"
    if name in MADE or not allowed.fullmatch(name):
        return "file-kind", "这里不能放这样的文件", REMEDY
    if DEVICES & {part.partition(".")[0] for part in name.split("/")}:
        return "file-kind", "这个名字在 Windows 上不能用", "换一个名字"
    return _fault_of_picture(Path(entry.path), status.st_size) if PICTURE_NAME.fullmatch(name) else None


def _fault_of_picture(path: Path, size: int) -> tuple[str, str, str] | None:
    if size > LARGEST_PICTURE:
        return "file-size", f"图片超过 {LARGEST_PICTURE // 1000} KB", "缩小图片再存"
    return fault_of_picture(path.suffix, path.read_bytes())


def _clashes(project: Path, docs: Path, names: list[str]) -> Iterator[Diagnostic]:
    """Files that would have one address: ``a.md`` and ``a/index.md``, or names that some systems hold equal."""
    owners: dict[str, str] = {}
    for name in sorted(names):
        address = re.sub(r"(^|/)index$", "", name.removesuffix(".md")) if name.endswith(".md") else name
        owner = owners.setdefault(folded(address), name)
        if owner != name:
            where = Location((docs / name).relative_to(project).as_posix())
            yield Diagnostic(where, "file-kind", f"与 {owner} 的地址相同", "换一个名字", value=name)


def folded(name: str) -> str:
    """The name as file systems compare it that know neither case nor how accents are composed."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _visible(name: str) -> str:
    """The name with bytes that are no text written out."""
    return name.encode("utf-8", "backslashreplace").decode()
