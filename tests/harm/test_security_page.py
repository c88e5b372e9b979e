"""The table of docs/reference/security.md is true: its tests exist, and all that is tried stands in it."""

import ast
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from golden_cases import GOLDEN
from projects import ROOT

from harm.vectors import VECTORS

PAGE = (ROOT / "docs/reference/security.md").read_text(encoding="utf-8")
ROWS = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| ")][2:]
TEST = re.compile(r"`([\w/]+\.py)::([\w/-]+)`")
TESTS = Path(__file__).parent.parent


def defined(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip())
def test_a_row_names_a_test_that_exists_and_a_result(row: list[str]) -> None:
    threat, done, tests, result = (cell.strip() for cell in row)
    named = TEST.findall(tests)
    assert named
    for file, name in named:
        if file == "test_golden.py":
            assert (GOLDEN / f"{name}.txt").is_file()
        else:
            assert name in defined(file)
    assert threat
    assert done
    assert result


def test_every_test_of_harm_that_shows_a_threat_is_in_the_table() -> None:
    files = {path.name for path in (TESTS / "harm").glob("test_*.py")}
    assert {f"harm/{name}" for name in files} <= {file for file, _ in TEST.findall(PAGE)}


def test_the_table_counts_what_is_tried() -> None:
    assert f"{len(VECTORS)}个样例" in PAGE


def test_what_is_not_used_is_not_installed() -> None:
    assert find_spec("jieba") is None
    configured = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for name in ("snippets", "- privacy", "attr_list", "md_in_html", "hooks", "!!python"):
        assert name not in configured
    # Where the site and its repository are: the workflow that publishes knows it, and nothing else is let in.
    assert re.findall(r"^(.*): !ENV (.*)$", configured, re.MULTILINE) == [
        ("site_url", "[SITE_URL, null]"),
        ("repo_url", "[REPO_URL, null]"),
    ]
    assert configured.count("!ENV") == 2
