"""Find and read the project's files: the only reader of the disk."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from surveybase.diagnostics import Diagnostic, Location, Position
from surveybase.reading.credits import NO_CREDITS, Credits
from surveybase.reading.invisible import invisible_characters
from surveybase.reading.listing import CATALOGUES, list_files
from surveybase.reading.source import Source

__all__ = ["HOME", "Source", "Sources", "read_sources"]

HOME = "index.md"

LARGEST_FILE = 1_000_000  # bytes; the longest of the real surveys is 30 KB


@dataclass(frozen=True, slots=True)
class Sources:
    """All contributed files, each kind in the order of its paths; ``files`` are those below docs, by name.

    ``pages`` are the Markdown files below docs that are neither the home page nor reports; ``docs``
    is the path of that folder. ``other_reports`` are the ids of reports that are not among these sources;
    ``credits`` say who had a part in the files, where anybody asked for it.
    """

    home: Source | None
    reports: tuple[Source, ...]
    communities: tuple[Source, ...]
    catalogues: tuple[Source, ...]
    files: frozenset[str]
    pages: tuple[Source, ...] = ()
    docs: str = "docs"
    other_reports: frozenset[str] = frozenset()
    credits: Credits = NO_CREDITS

    def all(self) -> tuple[Source, ...]:
        """Everything that was read."""
        home = (self.home,) if self.home else ()
        return (*home, *self.pages, *self.reports, *self.communities, *self.catalogues)

    def below_docs(self, path: str) -> str:
        """The name below docs of a file whose path begins at the project."""
        return path.removeprefix(f"{self.docs}/")


def read_sources(project: Path, docs: Path, data: Path) -> tuple[Sources, list[Diagnostic]]:
    """Read every report, page, community and catalogue below ``docs`` and ``data``.

    A file that cannot be read, or must not lie there, leaves a diagnostic and is passed over.
    """
    listing = list_files(project, docs, data)
    diagnostics: list[Diagnostic] = list(listing.findings)

    def read(path: Path) -> Source | None:
        source, findings = _read_file(path, path.relative_to(project).as_posix())
        diagnostics.extend(findings)
        if source:
            diagnostics.extend(invisible_characters(source))
        return source

    def read_all(paths: Iterable[Path]) -> tuple[Source, ...]:
        return tuple(source for path in paths if (source := read(path)))

    markdown = [name for name in listing.docs if name.endswith(".md")]
    reports = [name for name in markdown if name.startswith("reports/")]
    pages = [name for name in markdown if name != HOME and name not in reports]
    communities = [name for name in listing.data if name.startswith("communities/")]
    sources = Sources(
        home=read(docs / HOME) if HOME in markdown else None,
        reports=read_all(docs / name for name in reports),
        communities=read_all(data / name for name in communities),
        catalogues=read_all(data / f"{name}.yml" for name in CATALOGUES if f"{name}.yml" in listing.data),
        files=frozenset(listing.docs),
        pages=read_all(docs / name for name in pages),
        docs=docs.relative_to(project).as_posix(),
    )
    return sources, diagnostics


def _read_file(path: Path, relative: str) -> tuple[Source | None, list[Diagnostic]]:
    where = Location(relative)
    if path.stat().st_size > LARGEST_FILE:
        remedy = "拆成几份报告，或去掉不是正文的内容"
        return None, [Diagnostic(where, "file-size", f"文件超过 {LARGEST_FILE // 1000} KB", remedy)]
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [Diagnostic(where, "file-encoding", "文件不是 UTF-8 编码", _encoding_help(content))]
    # Line feeds only: Python also ends lines at characters that no editor counts.
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return Source(relative, plain), list(_marks_of_editors(content, text, where))


def _marks_of_editors(content: bytes, text: str, where: Location) -> Iterator[Diagnostic]:
    """What some editors leave in a file; it is read all the same, but other tools stumble over it."""
    if content.startswith(BOM_UTF8):
        yield Diagnostic(where, "file-bom", "文件开头有看不见的 BOM", "用编辑器另存为“UTF-8（无 BOM）”")
    if "\r" in text:
        position = Position(text[: text.index("\r")].count("\n") + 1)
        yield Diagnostic(
            Location(where.path, position),
            "file-line-ends",
            "换行是 CR 或 CRLF",
            "用编辑器把换行改成 LF；git 会自动转换的不用管",
        )


def _encoding_help(content: bytes) -> str:
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "用编辑器另存为 UTF-8"
    return "看来是 GBK（GB 18030）编码，用编辑器另存为 UTF-8"
