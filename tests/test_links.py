"""Links of every page, not only of reports, lead somewhere; the pages that are made count."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import SMALL, write
from surveybase.check import examine


def found(project: Path, docs: str) -> list[tuple[str, str]]:
    codes = {"link-broken", "anchor-broken"}
    findings = examine(project, project / docs, project / "data")
    return [(finding.code, str(finding.location)) for finding in findings if finding.code in codes]


@pytest.mark.parametrize("docs", ["docs", "content/docs"])
def test_links_of_pages_lead_to_files_and_to_pages_that_are_made(tmp_path: Path, docs: str) -> None:
    page = (
        "# 关于\n\n见[指标](../codebook/index.md)、[报](../reports/east-2012.md)、[类](../problems/parking.md)。\n"
    )
    files = {**SMALL, "docs/about/index.md": page, "docs/about/notes.md": page + "\n再见[没有的](gone.md)。\n"}
    moved = {name.replace("docs/", f"{docs}/", 1): text for name, text in files.items()}
    assert found(write(tmp_path, moved), docs) == [("link-broken", f"{docs}/about/notes.md:5:9")]


def test_a_place_in_another_report_is_a_heading_or_a_quote(tmp_path: Path) -> None:
    report = SMALL["docs/reports/east-2012.md"]
    links = "[数](east-2012.md#o-households)、[节](east-2012.md#s-基本情况)、[错](east-2012.md#o-area)、[顶](#top)"
    files = {
        **SMALL,
        "docs/reports/east-2012.md": report + "\n## 基本情况\n\n没有别的。\n",
        "docs/reports/east-2013.md": report.replace("全社区有2000户。", links),
    }
    [(code, place)] = found(write(tmp_path, files), "docs")
    assert (code, place.split(":")[0]) == ("anchor-broken", "docs/reports/east-2013.md")
