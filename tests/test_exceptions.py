"""A file may declare a finding to be right, with a reason; nothing else passes for that."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from surveybase.check import examine
from surveybase.diagnostics import CODES, EXCEPTABLE, Diagnostic, Severity
from surveybase.reading.examples import example

COMMUNITY = "data/communities/dong.yml"
REPORT = "docs/reports/dong-2012.md"


def findings(folder: Path, code: str, added: Mapping[str, str]) -> list[Diagnostic]:
    """What is found in the wrong example of ``code`` with exceptions added to some of its files."""
    for name, file in example(code).wrong.items():
        text = file.text
        if name in added:
            text = text.replace("---\n", f"---\n{added[name]}", 1) if name.endswith(".md") else text + added[name]
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = examine(folder, folder / "docs", folder / "data")
    return [finding for finding in found if finding.severity is not Severity.HINT]


def exception(code: str, value: str, reason: str = "来源就是这样写的") -> str:
    return f'exceptions:\n  - code: {code}\n    value: "{value}"\n    reason: {reason}\n'


@pytest.mark.parametrize(
    ("code", "file", "value"),
    [
        ("value-implausible", COMMUNITY, "1254800"),
        ("arithmetic-parts", COMMUNITY, "4552"),
        ("arithmetic-text", REPORT, "22个：商户5个，单位15个，无人管理3"),
        ("evidence-precision", COMMUNITY, "40"),
        ("privacy-landline", REPORT, "0991-4567890"),
        ("privacy-mobile", REPORT, "一三八〇〇一三八〇〇〇"),
        ("privacy-name", REPORT, "张大爷"),
    ],
)
def test_what_is_declared_with_a_reason_is_no_finding(tmp_path: Path, code: str, file: str, value: str) -> None:
    assert code in {finding.code for finding in findings(tmp_path / "without", code, {})}
    assert findings(tmp_path / "with", code, {file: exception(code, value)}) == []


def test_an_exception_holds_only_for_its_own_value(tmp_path: Path) -> None:
    found = findings(tmp_path, "value-implausible", {COMMUNITY: exception("value-implausible", "1254801")})
    assert {finding.code for finding in found} == {"value-implausible", "exception-unused"}


def test_an_exception_holds_only_in_its_own_file(tmp_path: Path) -> None:
    found = findings(tmp_path, "privacy-landline", {COMMUNITY: exception("privacy-landline", "0991-4567890")})
    assert {finding.code for finding in found} >= {"privacy-landline", "exception-unused"}
    assert {finding.location.path for finding in found if finding.code == "privacy-landline"} == {REPORT}


def test_an_exception_needs_a_reason(tmp_path: Path) -> None:
    added = "exceptions:\n  - {code: value-implausible, value: '1254800'}\n"
    codes = {item.code for item in findings(tmp_path, "value-implausible", {COMMUNITY: added})}
    assert codes == {"value-implausible", "field-missing"}


@pytest.mark.parametrize("code", ["evidence-figure", "evidence-missing", "reference-unknown", "link-unsafe"])
def test_how_a_file_is_written_cannot_be_declared_right(tmp_path: Path, code: str) -> None:
    assert code not in EXCEPTABLE
    found = findings(tmp_path, code, {COMMUNITY: exception(code, "12584")})
    assert {code, "field-value"} <= {finding.code for finding in found}


def test_every_code_that_can_be_declared_right_exists() -> None:
    assert set(CODES) >= EXCEPTABLE
