"""Templates that were compiled once are not compiled by the next process, unless they are another's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from surveybase.template_bytecode import TemplateBytecode


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where bytecode is kept."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


def shown(templates: Path, installed: Path, kept: Path) -> tuple[str, int]:
    """What ``page.html`` shows to one of 甲, and how many templates a new environment compiled for it."""
    bytecode = TemplateBytecode(str(installed))
    bytecode.directory = str(kept)
    environment = Environment(loader=FileSystemLoader(templates), bytecode_cache=bytecode, autoescape=True)
    compiled: list[str | None] = []
    compile = environment.compile

    def counting(source: str, name: str | None = None, filename: str | None = None) -> object:
        compiled.append(name)
        return compile(source, name, filename)

    environment.compile = counting  # type: ignore[method-assign, assignment]
    return environment.get_template("page.html").render(name="甲"), len(compiled)


def template(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "page.html").write_text(text, encoding="utf-8")
    return folder


def test_a_template_is_compiled_once(tmp_path: Path, kept: Path) -> None:
    theme = template(tmp_path / "theme", "{{ name }}社区")
    assert [shown(theme, theme, kept), shown(theme, theme, kept)] == [("甲社区", 1), ("甲社区", 0)]
    template(theme, "{{ name }}村")
    assert [shown(theme, theme, kept), shown(theme, theme, kept)] == [("甲村", 1), ("甲村", 0)]


def test_what_a_project_brings_is_never_kept(tmp_path: Path, kept: Path) -> None:
    theme, own = template(tmp_path / "theme", "主题"), template(tmp_path / "own", "自己的")
    assert [shown(own, theme, kept), shown(own, theme, kept)] == [("自己的", 1), ("自己的", 1)]
    assert list(kept.iterdir()) == []


def test_where_nothing_can_be_written_it_is_compiled_each_time(tmp_path: Path, kept: Path) -> None:
    theme = template(tmp_path / "theme", "主题")
    missing = kept / "missing"
    assert [shown(theme, theme, missing), shown(theme, theme, missing)] == [("主题", 1), ("主题", 1)]


def test_where_python_writes_no_bytecode_nothing_is_kept(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    theme = template(tmp_path / "theme", "主题")
    assert [shown(theme, theme, kept), shown(theme, theme, kept)] == [("主题", 1), ("主题", 1)]
    assert list(kept.iterdir()) == []
