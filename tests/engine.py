"""What tests of the build engine need: builds in the process of the test, edits of a project, and its memory."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from surveybase import render as rendering
from surveybase import site as plot
from surveybase.build import compiling, workers
from surveybase.build.memory import Memory
from surveybase.build.units import Unit
from surveybase.build.workers import Outcome
from surveybase.build.writing import Pieces
from surveybase.outputs import PageOutput
from surveybase.plugin import Theme

CACHE = Path(".cache") / "surveybase"


def make(project: Path, site: Path) -> Path:
    """The site, built by MkDocs in this process: another one takes longer to start than to build."""
    config = load_config(str(project / "mkdocs.yml"), site_dir=str(site))
    config.plugins.on_startup(command="build", dirty=False)
    mkdocs_build(config)
    return site


@dataclass
class Made:
    """What builds in this process have made: units compiled, contents rendered, whole pages, files not linked."""

    units: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def watch(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Note from now on all that is made, until the test ends."""
    made = Made()
    compile_all, render, page, put = workers.compile_all, rendering.render, Theme.page, Memory.put
    keep = Pieces.keep

    def noting_units(units: Sequence[Unit], *arguments: Any, **more: Any) -> Iterator[tuple[int, Outcome]]:
        made.units += [unit.files[0].path for unit in units]
        yield from compile_all(units, *arguments, **more)

    def noting_contents(template: str, *arguments: object, **more: object) -> object:
        made.contents.append(template)
        return render(template, *arguments, **more)  # type: ignore[arg-type]

    def noting_pages(theme: Theme, output: PageOutput) -> bytes:
        made.pages.append(output.file)
        return page(theme, output)

    def noting_files(memory: Memory, key: str, kind: str, content: bytes, target: str | None = None) -> None:
        if target:
            made.files.append(target)
        put(memory, key, kind, content, target)

    def noting_folders(pieces: Pieces, memory: Memory) -> None:
        made.files.append(f"/{pieces.path}")
        keep(pieces, memory)

    monkeypatch.setattr(compiling, "compile_all", noting_units)
    monkeypatch.setattr(plot, "render", noting_contents)
    monkeypatch.setattr(Theme, "page", noting_pages)
    monkeypatch.setattr(Memory, "put", noting_files)
    monkeypatch.setattr(Pieces, "keep", noting_folders)
    return made


# --- The memory on disk ---------------------------------------------------------------------------------


def entries(project: Path) -> list[Path]:
    """The files of all entries of the project's memory."""
    return sorted((project / CACHE).glob("[0-9a-f][0-9a-f]/[0-9a-f]*"))


def is_whole(entry: Path) -> bool:
    """Whether the entry holds what its name says."""
    content = entry.read_bytes()
    return entry.stem.rpartition("-")[2] == f"{crc32(content):08x}{len(content):x}"


# --- Edits ----------------------------------------------------------------------------------------------

Edit = Callable[[Path], None]


def replacing(name: str, old: str, new: str) -> Edit:
    """Replace the first place of a pattern in one file."""

    def edit(project: Path) -> None:
        path = project / name
        text, count = re.subn(old, new, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
        assert count, f"{name}: {old}"
        path.write_text(text, encoding="utf-8")

    return edit


def several(*edits: Edit) -> Edit:
    def edit(project: Path) -> None:
        for one in edits:
            one(project)

    return edit


def writing_file(name: str, text: str) -> Edit:
    def edit(project: Path) -> None:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")

    return edit


def copying(old: str, new: str) -> Edit:
    """Another community with the data and the report of this one."""

    def edit(project: Path) -> None:
        for name in ("data/communities/{}.yml", "docs/reports/{}.md"):
            text = (project / name.format(old)).read_text(encoding="utf-8")
            (project / name.format(new)).write_text(text.replace(old, new), encoding="utf-8")

    return edit


def removing(*names: str) -> Edit:
    def edit(project: Path) -> None:
        for name in names:
            (project / name).unlink()

    return edit


def edits_of(community: str, other: str) -> Mapping[str, Edit]:
    """One edit of each kind, in an order in which each can follow the one before."""
    data, report = f"data/communities/{community}.yml", f"docs/reports/{community}.md"
    return {
        "a figure": several(
            replacing(
                data, r'"value": \d+, "quote": "社区有党员\d+人"', '"value": 399, "quote": "社区有党员399人"'
            ),
            replacing(report, r"社区有党员\d+人", "社区有党员399人"),
        ),
        "texts": several(
            replacing(report, r"^## 问题$", "## 问题\n\n下面是走访里听到的。\n"),
            replacing(data, r"^        title: .*$", "        title: 停车真的很难"),
        ),
        "a report's title": replacing(report, r"^title: .*$", "title: 另一个标题"),
        "a community's name": replacing(data, r"^name: .*$", "name: 另一个社区"),
        "a community's place": replacing(data, r"^  setting: .*$", '  setting: "220"'),
        "a problem's type": replacing(data, r"^        type: .*$", "        type: parking"),
        "a new community": copying(community, "new-place-1"),
        "a removed community": removing(f"data/communities/{other}.yml", f"docs/reports/{other}.md"),
        "labels of catalogues": several(
            replacing("data/problems.yml", r"^  label: 道路拥堵$", "  label: 道路堵塞问题"),
            replacing("data/indicators.yml", r"^    label: 辖区面积$", "    label: 社区面积"),
        ),
        "the home page": replacing("docs/index.md", r"\Z", "\n这一段是新加的。\n"),
        "pages on the site": several(
            replacing("docs/about/index.md", r"^## 谁在用$", "## 给谁用"),
            writing_file("docs/about/more.md", "# 又一页\n\n新的一页。\n"),
        ),
        "the name of the site": replacing("mkdocs.yml", r"^site_name: .*$", "site_name: 另一个网站"),
        "the address and repository": replacing(
            "mkdocs.yml",
            r"^site_url: .*\nrepo_url: .*$",
            "site_url: https://survey.example/\nrepo_url: https://code.example/a/b",
        ),
        "the theme": several(
            replacing("mkdocs.yml", r"^theme:$", "theme:\n  custom_dir: own"),
            writing_file("own/partials/source.html", "<b>another source</b>\n"),
        ),
        "a template of the theme": several(
            writing_file("own/partials/source.html", "<b>one more source</b>\n"),
            writing_file(
                "own/partials/toc.html",
                "{% if page and page.toc.items %}{% include '.icons/mark.svg' %}{% endif %}",
            ),
            writing_file("own/.icons/mark.svg", "<svg><title>mark</title></svg>"),
        ),
        "a picture that not every page shows": replacing("own/.icons/mark.svg", "mark", "another"),
        "the navigation": replacing("mkdocs.yml", r"^  - map/index.md$", "  - 对照表: map/index.md"),
    }


def forget(project: Path) -> Path:
    """The project, which remembers nothing."""
    shutil.rmtree(project / CACHE, ignore_errors=True)
    return project
