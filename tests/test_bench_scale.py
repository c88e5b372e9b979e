"""The bench of builds, on a small project: that both sides build, that an edit reaches both, and what it tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import scale
from bench.edits import Edit
from bench.generate import project
from bench.processes import Run
from bench.scale import Measured

COMMUNITIES = 12


def test_both_sides_build_and_say_the_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(scale.RUNS, "small", 1)
    arguments = ["--sizes", str(COMMUNITIES), "--work", str(tmp_path), "--json", str(tmp_path / "out.json")]
    scale.main([*arguments, "--only", "cold", "edit"])
    found = {row["measure"]: row for row in json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))}
    assert {"cold full build, 12", "one report edited, 12", "cold full build: peak memory, 12"} <= found.keys()
    assert all(row["ours"] > 0 and row["stock"] > 0 for row in found.values())
    assert found["cold full build, 12"]["no_search"] > 0
    for side in ("ours", "stock"):
        site = tmp_path / f"{side}-12" / "site-mkdocs"
        pages = [site / kind for kind in ("reports", "communities")]
        assert all(len([*folder.glob("*/index.html")]) >= COMMUNITIES for folder in pages), side
        said = [
            file for file in pages[0].glob("*/index.html") if "核对稿乙改过" in file.read_text(encoding="utf-8")
        ]
        assert len(said) == 1, side
    community = tmp_path / "stock-12" / "site-mkdocs" / "communities" / said[0].parent.name / "index.html"
    raised = Edit.of(tmp_path / "ours-12")  # as it stands now, edited
    assert f"社区有党员{raised.figure}人" in community.read_text(encoding="utf-8")


def test_no_edit_repeats_another(tmp_path: Path) -> None:
    project(COMMUNITIES, tmp_path)
    edit = Edit.of(tmp_path)
    seen = set()
    for _ in range(3):
        edit.make()
        seen.add("".join(file.read_text(encoding="utf-8") for file in edit.texts))
    assert len(seen) == 3


def test_the_table_gives_medians_and_ratios() -> None:
    def runs(*seconds: float) -> list[Run]:
        return [Run(one, one, int(one * 1e6)) for one in seconds]

    small = Measured({"cold": {"ours": runs(1, 9, 2), "stock": runs(4, 4, 8)}})
    large = Measured({"cold": {"ours": runs(12), "stock": runs(40)}})
    found = {row.name: row for row in scale.shown({10: small, 50: large})}
    assert found["cold full build, 10"].ratio == 0.5
    assert found["growth of cold time per community, 10 → 50"].figures[:2] == (1.2, 2.0)
    assert (
        found["cold full build: peak memory, 50"].text()
        == "| cold full build: peak memory, 50 | 12 MB | 40 MB | 0.300 |  | ≤ 1.0 | 0.5 |"
    )
