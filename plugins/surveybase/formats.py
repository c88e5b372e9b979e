"""Findings as text, JSON, GitHub annotations and SARIF 2.1.0."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from surveybase.diagnostics import CODES, FIXABLE, SEVERITY_LABELS, Diagnostic, Severity, as_text

Format = Callable[[Sequence[Diagnostic]], str]

# Where the site explains a code, below its root; the same words stand in the addresses of the site.
REFERENCE = "reference/{code}/"


def text(findings: Sequence[Diagnostic]) -> str:
    """One line for each finding, then how many there are of each severity."""
    return "".join(f"{as_text(item)}\n" for item in findings) + f"{summary(findings)}\n"


def summary(findings: Sequence[Diagnostic]) -> str:
    counts = Counter(item.severity for item in findings)
    return "，".join(f"{counts[severity]} 处{label}" for severity, label in SEVERITY_LABELS.items())


def as_json(findings: Sequence[Diagnostic]) -> str:
    """A list of objects, one for each finding; ``fixable`` says whether ``check --fix`` may mend such a one."""
    return json.dumps([_record(item) for item in findings], ensure_ascii=False, indent=2) + "\n"


def _record(item: Diagnostic) -> dict[str, Any]:
    return {
        "code": item.code,
        "severity": item.severity.value,
        "file": item.location.path,
        "line": item.location.position.line,
        "column": item.location.position.column,
        "field": item.field,
        "value": item.value,
        "message": item.message,
        "remedy": item.help,
        "reference": REFERENCE.format(code=item.code),
        "fixable": item.code in FIXABLE,
    }


GITHUB_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}


def github(findings: Sequence[Diagnostic]) -> str:
    """Workflow commands that annotate the changed lines of a pull request."""
    return "".join(f"{_command(item)}\n" for item in findings)


def _command(item: Diagnostic) -> str:
    position = item.location.position
    properties = {
        "file": item.location.path,
        "line": position.line,
        "col": position.column,
        "title": f"{item.code} {CODES[item.code][1]}",
    }
    written = ",".join(f"{name}={_escaped(str(value), in_property=True)}" for name, value in properties.items())
    return f"::{GITHUB_LEVELS[item.severity]} {written}::{_escaped(as_text(item))}"


def _escaped(value: str, *, in_property: bool = False) -> str:
    """Escaped as the runner reads it: nothing in a contributor's text begins a command of its own."""
    value = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return value.replace(":", "%3A").replace(",", "%2C") if in_property else value


SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(findings: Sequence[Diagnostic]) -> str:
    """SARIF 2.1.0, as code scanning services read it; columns are counted in characters."""
    codes = list(CODES)
    run = {
        "tool": {"driver": {"name": "surveybase", "rules": [_sarif_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(item, codes.index(item.code)) for item in findings],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False) + "\n"


def _sarif_rule(code: str) -> dict[str, Any]:
    severity, meaning = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": meaning},
        "defaultConfiguration": {"level": SARIF_LEVELS[severity]},
    }


def _sarif_result(item: Diagnostic, rule: int) -> dict[str, Any]:
    position = item.location.position
    return {
        "ruleId": item.code,
        "ruleIndex": rule,
        "level": SARIF_LEVELS[item.severity],
        "message": {"text": as_text(item)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(item.location.path)},
                    "region": {"startLine": position.line, "startColumn": position.column},
                }
            }
        ],
    }


FORMATS: Mapping[str, Format] = {"text": text, "json": as_json, "github": github, "sarif": sarif}
