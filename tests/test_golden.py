"""Every golden case comes out as it is written; see golden_cases.py for the format.

To write the outputs anew, on purpose:

    .venv/bin/pytest tests/test_golden.py --rewrite-golden

Each case that is rewritten fails in that run and names its file: read what has changed (`git diff tests/golden`),
then run again. A new case is written with an empty section `expected` and filled the same way.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from golden_cases import GOLDEN, all_cases, read_case
from golden_layers import LAYERS
from surveybase.diagnostics import CODES, SEVERITY_LABELS
from surveybase.reading.examples import example

FINDING = re.compile(rf"^\S+:\d+:\d+: (?:{'|'.join(SEVERITY_LABELS.values())}) ([a-z-]+) ", re.MULTILINE)


def name(path: Path) -> str:
    return path.relative_to(GOLDEN).with_suffix("").as_posix()


@pytest.mark.parametrize("path", all_cases(), ids=name)
def test_a_case_comes_out_as_written(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    case = read_case(path)
    output = LAYERS[path.parent.name](case.inputs, tmp_path)
    if request.config.getoption("--rewrite-golden") and output != case.expected:
        case.rewrite(output)
        pytest.fail(f"{path} is rewritten: read the difference, then run again", pytrace=False)
    assert output == case.expected


def test_every_layer_has_cases() -> None:
    assert {path.parent.name for path in all_cases()} == set(LAYERS)


def test_every_code_of_a_finding_has_a_case_that_produces_it() -> None:
    """The cases above, and test_codes.py, hold the outputs to what is written, so it is enough to read them."""
    expected = [read_case(path).expected for path in all_cases()] + [example(code).expected for code in CODES]
    assert {code for text in expected for code in FINDING.findall(text)} == set(CODES)
