"""What stands in the memory may be forged: it cannot run code, nor write elsewhere than into the site."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from projects import ROOT
from surveybase.build import workers
from surveybase.build.memory import Memory
from surveybase.build.pickling import NO_BASE, dumps, loads
from surveybase.build.program import OtherProgram
from surveybase.build.units import setting_of, units_of
from surveybase.build.workers import Worker
from surveybase.build.writing import NAMES, OUTPUT, Piece, Pieces
from surveybase.diagnostics import Diagnostic, Location
from surveybase.hosting import Publication
from surveybase.model import Level
from surveybase.reading.catalogues import Catalogues
from surveybase.reading.sources import read_sources


def nothing() -> Any:
    raise AssertionError("made again")


@pytest.mark.parametrize(
    "called",
    [
        *("os.system", "builtins.exec", "surveybase.build.memory.Path", "surveybase.build.exchange.Staging"),
        *("surveybase.build.writing.ProcessPoolExecutor", "surveybase.build.memory.Memory"),
    ],
)
def test_only_records_and_enumerations_are_made_from_bytes(called: str) -> None:
    module, _, name = called.rpartition(".")
    with pytest.raises(pickle.UnpicklingError, match=name):
        loads(f"c{module}\n{name}\n(Vtouch\ntR.".encode(), NO_BASE)


def test_those_are_the_same_again() -> None:
    values = (Diagnostic(Location("a.md"), "markdown-failed", "说明", "做法"), *Level)
    assert loads(dumps(values, NO_BASE), NO_BASE) == values


@pytest.mark.parametrize("path", ["../outside", "a/../../outside", "/etc/outside"])
def test_nothing_is_written_outside_the_site(path: str, tmp_path: Path) -> None:
    memory, site = Memory(tmp_path / "memory"), tmp_path / "site"
    memory.put("00", OUTPUT, b"forged")
    memory.put("01", NAMES, json.dumps({path: "00"}).encode())
    with pytest.raises(ValueError, match="不在网站里"):
        Piece(path, nothing, "00").is_placed(site, memory)
    with pytest.raises(ValueError, match="不在网站里"):
        Pieces("", nothing, nothing, "01").is_placed(site, memory)
    assert {entry.name for entry in tmp_path.iterdir()} == {"memory"}


def test_a_program_that_has_changed_meanwhile_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its outcomes would be remembered under the keys of the one that runs."""
    sources = read_sources(ROOT, ROOT / "docs", ROOT / "data")[0]
    worker = Worker(setting_of(Catalogues(), (), Publication("")), 8)
    monkeypatch.setattr(workers, "code_key", lambda: "that of this morning")
    with pytest.raises(OtherProgram):
        worker.outcome(units_of(sources)[0])
    worker.end()
