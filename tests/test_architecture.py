"""The layers of the package: who may know whom, and how long a file may be.

Imports are read from the syntax trees, those inside functions and under TYPE_CHECKING with them.
"""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import surveybase

PACKAGE = Path(surveybase.__file__).parent
ROOT = "surveybase"

# A module belongs to the longest name that it begins with. Modules of one floor are neighbours, not strangers: see
# STRANGERS for those that must not know each other.
FLOORS = {
    # words
    "model": 0,
    "diagnostics": 0,
    "digests": 0,
    "numerals": 0,
    "chinese": 0,
    "amounts": 0,
    # in
    "reading": 1,
    # through
    "rules": 2,
    "views": 2,
    # out
    "addresses": 3,
    "authoring": 3,
    "build": 3,
    "check": 3,
    "formats": 3,
    "exports": 3,
    "gathering": 3,
    "hosting": 3,
    "importing": 3,
    "outputs": 3,
    "own_pages": 3,
    "policy": 3,
    "render": 3,
    "sanitising": 3,
    "template_bytecode": 3,
    "search": 3,
    "serving": 3,
    "site": 3,
    # doors
    "cli": 4,
    "commands": 4,
    "plugin": 4,
}
STRANGERS = {("rules", "views"), ("views", "rules"), ("exports", "render"), ("cli", "plugin"), ("plugin", "cli")}
STRANGERS |= {("commands", "plugin"), ("plugin", "commands")}

ONLY_IN = {library: {"plugin"} for library in ("mkdocs", "properdocs", "material")}
ONLY_IN |= {library: {"build.distributed"} for library in ("distributed", "dask")}
ONLY_IN["yaml"] = {"reading.documents", "authoring.comments"}  # the data; what stands between the data
ONLY_IN |= {"mammoth": {"importing.word"}, "PIL": {"importing.pictures"}}
# The files of contributors, the package's own files, what was made before, and where the site is written.
DISK_READERS = {"reading.sources", "reading.listing", "reading.credits", "site", "plugin"}
DISK_READERS |= {"build.exchange", "build.memory", "build.program", "build.writing"}
DISK_READERS |= {"authoring.files", "authoring.history"}
DISK_READERS |= {"importing.importer"}
DISK_READERS |= {"importing.pictures", "importing.word"}  # they open what was read
DISK_CALLS = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "glob", "rglob", "iterdir"}

LONGEST = 440  # about 400 lines

MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path != PACKAGE / "__init__.py"
}


def imported(module: str) -> set[str]:
    """Full names of everything that the module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: a relative import hides the floor it leads to"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def known(module: str) -> set[str]:
    """The modules of this package that the module imports, by their names below it."""
    names = {name.removeprefix(f"{ROOT}.") for name in imported(module) if name.startswith(f"{ROOT}.")}
    return {name if name in MODULES else name.rpartition(".")[0] for name in names} - {""}


def part(module: str) -> str:
    return module.partition(".")[0]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_a_floor_and_imports_only_from_its_own_or_from_below(module: str) -> None:
    floor = FLOORS[part(module)]
    above = {name for name in known(module) if FLOORS[part(name)] > floor}
    assert not above


@pytest.mark.parametrize("module", MODULES)
def test_what_must_not_know_each_other_does_not(module: str) -> None:
    assert not {name for name in known(module) if (part(module), part(name)) in STRANGERS}


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {module: known(module) & set(MODULES) for module in MODULES}
    assert list(TopologicalSorter(graph).static_order())  # raises CycleError, which names the cycle


@pytest.mark.parametrize("module", MODULES)
def test_a_library_is_imported_only_by_the_modules_that_wrap_it(module: str) -> None:
    libraries = {name.partition(".")[0] for name in imported(module)}
    assert not {library for library, owners in ONLY_IN.items() if library in libraries and module not in owners}


def test_the_plugin_is_the_door_to_mkdocs() -> None:
    assert any(name.startswith("mkdocs.") for name in imported("plugin"))


@pytest.mark.parametrize("module", sorted(set(MODULES) - DISK_READERS))
def test_only_the_sources_read_the_disk(module: str) -> None:
    called = [
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    ]
    assert not DISK_CALLS & set(called)


@pytest.mark.parametrize("module", MODULES)
def test_a_file_is_not_much_longer_than_400_lines(module: str) -> None:
    lines = MODULES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST
