"""The bytes that a browser which has kept nothing loads to show a page: text gzipped, as hosts send it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.engines import Handler, served

# Of a kind with many pages, the one with the largest HTML.
KINDS: Mapping[str, str] = {
    "home": "index.html",
    "communities": "communities/index.html",
    "community": "communities/*/index.html",
    "report": "reports/*/index.html",
    "compare": "compare/index.html",
    "problems": "problems/index.html",
    "problem type": "problems/*/index.html",
    "countermeasures": "countermeasures/index.html",
    "countermeasure type": "countermeasures/*/index.html",
    "map": "map/index.html",
    "codebook": "codebook/index.html",
    "search": "search/index.html",
    "about": "about/index.html",
    "contribute": "contribute/index.html",
}
LONGEST_WAIT = 300_000  # milliseconds; Material's search index has many megabytes


def first_views(site: Path) -> dict[str, int]:
    """Bytes of bodies as sent, by kind of page; a kind that the site lacks is left out."""
    found: dict[str, int] = {}
    with served(site) as root, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        Handler.counted = ("/",)
        for kind, pattern in KINDS.items():
            if not (pages := sorted(site.glob(pattern), key=lambda file: file.stat().st_size)):
                continue
            context = browser.new_context()
            page = context.new_page()
            before = Handler.sent
            address = pages[-1].parent.relative_to(site).as_posix()
            page.goto(f"{root}{'' if address == '.' else address + '/'}", timeout=LONGEST_WAIT)
            page.wait_for_load_state("networkidle", timeout=LONGEST_WAIT)
            found[kind] = Handler.sent - before
            context.close()
        browser.close()
    return found
