"""Every code of a finding has an example that ships with the package, and a page that shows it.

An example is a golden case: the wrong project has exactly the findings written in it, the right one lacks the code.
`pytest tests/test_codes.py --rewrite-golden` writes the findings anew; read the difference, then run again.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import surveybase
from compiling import contents_of
from markupsafe import escape
from surveybase.check import examine
from surveybase.diagnostics import CODES, Diagnostic, Severity, as_text
from surveybase.hosting import Publication
from surveybase.outputs import PageOutput
from surveybase.reading.examples import Files, example
from surveybase.reading.sources import read_sources
from surveybase.site import plan

EXAMPLES = Path(surveybase.__file__).parent / "examples"
EXPECTED = "=== expected\n"


def findings(files: Files, folder: Path) -> list[Diagnostic]:
    for name, file in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    return examine(folder, folder / "docs", folder / "data")


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_has_the_findings_it_says(
    code: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shown = example(code)
    found = findings(shown.wrong, tmp_path)
    output = "".join(f"{as_text(item)}\n" for item in found)
    if request.config.getoption("--rewrite-golden", False) and output != shown.expected:
        path = EXAMPLES / f"{code}.txt"
        head = path.read_text(encoding="utf-8").partition(EXPECTED)[0]
        path.write_text(head + EXPECTED + output, encoding="utf-8")
        pytest.fail(f"{path} is rewritten: read the difference, then run again", pytrace=False)
    assert code in {item.code for item in found}
    assert output == shown.expected


@pytest.mark.parametrize("code", CODES)
def test_the_right_example_has_at_most_hints(code: str, tmp_path: Path) -> None:
    found = findings(example(code).right, tmp_path)
    assert code not in {item.code for item in found}
    assert [as_text(item) for item in found if item.severity is not Severity.HINT] == []


def test_there_is_no_example_without_a_code() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.txt")} == {"base", *CODES}


def test_every_code_has_a_page_that_shows_its_example(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "data").mkdir()
    sources, _ = read_sources(tmp_path, tmp_path / "docs", tmp_path / "data")
    contents, _ = contents_of(sources, Publication(""))
    pages = {output.file: output for output in plan(contents, Publication("")) if isinstance(output, PageOutput)}
    for code in CODES:
        html = pages[f"reference/{code}.md"].render().html
        shown = [line for line in example(code).expected.splitlines() if f" {code} " in line]
        assert [line for line in shown if str(escape(line)) in html] == shown
        assert html.count('<pre class="sb-example"') >= 2
