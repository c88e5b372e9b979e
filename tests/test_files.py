"""Contributed files are written whole or not at all, new ones together and never over others."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from surveybase.authoring.files import InTheWay, place

LINK, REPLACE = os.link, os.replace


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no second names here")

    monkeypatch.setattr(os, "link", refused)


class Cut(BaseException):
    """The command ends in the middle."""


def cut_at(name: str, call: Any) -> Any:
    def failing(aside: Path, path: Path) -> None:
        if path.name == name:
            raise Cut
        call(aside, path)

    return failing


def test_new_files_stand_with_their_content(tmp_path: Path) -> None:
    place({tmp_path / "new/deep/a": b"x", tmp_path / "b": b"y"})
    assert contents(tmp_path) == {"a": b"x", "b": b"y"}
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o644


@pytest.mark.usefixtures("no_links")
def test_where_a_file_has_one_name_only_it_is_written_all_the_same(tmp_path: Path) -> None:
    place({tmp_path / "a": b"x"})
    (tmp_path / "b").write_bytes(b"mine")
    with pytest.raises(InTheWay):
        place({tmp_path / "c": b"x", tmp_path / "b": b"x"})
    assert contents(tmp_path) == {"a": b"x", "b": b"mine"}


def test_what_is_cut_short_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", cut_at("c", LINK))
    with pytest.raises(Cut):
        place({tmp_path / name: b"x" for name in ("new/deep/a", "b", "c")})
    assert [*tmp_path.iterdir()] == []


def test_what_is_cut_short_before_the_change_leaves_nothing_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old").write_bytes(b"before")
    monkeypatch.setattr(os, "replace", cut_at("old", REPLACE))
    with pytest.raises(Cut):
        place({tmp_path / "a": b"x"}, {tmp_path / "old": b"after"})
    assert contents(tmp_path) == {"old": b"before"}


def test_no_name_is_given_before_every_content_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[bytes]] = []

    def watching(aside: Path, path: Path) -> None:
        seen.append(sorted(contents(tmp_path).values()))
        LINK(aside, path)

    monkeypatch.setattr(os, "link", watching)
    place({tmp_path / "a": b"x", tmp_path / "b": b"y"})
    assert seen[0] == [b"x", b"y"]


@pytest.mark.parametrize("has_links", [True, False])
def test_a_file_that_appears_meanwhile_is_kept(
    has_links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if not has_links:
        request.getfixturevalue("no_links")
    (tmp_path / "b").write_bytes(b"mine")
    monkeypatch.setattr(Path, "exists", lambda _: False)
    with pytest.raises(InTheWay):
        place({tmp_path / name: b"x" for name in ("a", "b")})
    assert contents(tmp_path) == {"b": b"mine"}


def test_a_link_to_nowhere_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InTheWay):
        place({tmp_path / "a": b"x"})
    assert not (tmp_path / "nowhere").exists()
