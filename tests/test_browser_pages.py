"""Every kind of page in Chromium, at two widths, light and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import KINDS, NARROW, WIDE, Scheme, Visit
from playwright.sync_api import Page, expect

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_its_window_and_is_accessible(visit: Visit, kind: str, width: int, scheme: Scheme) -> None:
    page = visit(KINDS[kind], width=width, scheme=scheme)
    expect(page.locator("body")).to_have_attribute(
        "data-md-color-scheme", {"light": "default", "dark": "slate"}[scheme]
    )
    page.evaluate("[...document.querySelectorAll('details')].slice(0, 5).forEach((item) => { item.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    """What axe-core has against the page: rule, element and reason."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", AXE_TAGS)[
        "violations"
    ]
    return [
        f"{rule['id']}: {node['html'][:120]}: {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]
