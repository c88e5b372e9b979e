"""The pictures of the guide, taken from the site itself: `make pictures` takes them anew.

A test takes each again, so that a picture of what is no longer there is noticed; how it looks is not compared.
"""

from __future__ import annotations

import html
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from browsing import COMMUNITY, SURVEY, Visit, visits
from install_browser import find_chromium
from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright
from projects import ROOT, build
from surveybase.reading.examples import example

FOLDER = ROOT / "docs" / "images" / "contribute"
WIDTH = 760  # of the window: as wide as a picture is shown
LARGEST = 100_000  # bytes
MARGIN = 4

TERMINAL = """<meta charset="utf-8"><body style="margin:0;background:#1e2129">
<pre id="terminal" style="margin:0;width:728px;padding:16px;
background:#1e2129;color:#e2e4e9;font:14px/1.7 monospace;white-space:pre-wrap;overflow-wrap:anywhere">{}</pre>"""


@dataclass(frozen=True, slots=True)
class Picture:
    """``take`` opens the page and gives the first and the last of what is shown, which may be the same."""

    name: str
    take: Callable[[Visit], tuple[Page, Locator, Locator]]

    def png(self, visit: Visit) -> bytes:
        page, first, last = self.take(visit)
        first.scroll_into_view_if_needed(timeout=2000)
        boxes = [found.bounding_box(timeout=2000) for found in (first, last)]
        tops = [box for box in boxes if box]
        assert len(tops) == 2, f"{self.name}: what it shows is not visible"
        top, bottom = min(box["y"] for box in tops), max(box["y"] + box["height"] for box in tops)
        scrolled = page.evaluate("scrollY")
        clip = {"x": 0, "y": max(top + scrolled - MARGIN, 0), "width": WIDTH, "height": bottom - top + 2 * MARGIN}
        return page.screenshot(clip=clip, full_page=True, animations="disabled")  # type: ignore[arg-type]


def _figure(visit: Visit) -> tuple[Page, Locator, Locator]:
    page = visit(f"communities/{COMMUNITY}/", width=WIDTH)
    rows = page.locator(".sb-figures-table tbody tr")
    return page, rows.filter(has_text="总户数").first, rows.filter(has_text="总人数").first


def _report_actions(visit: Visit) -> tuple[Page, Locator, Locator]:
    page = visit(f"reports/{SURVEY}/", width=WIDTH)
    return page, page.locator("h1"), page.locator(".sb-actions", has_text="修改")


def _marked(visit: Visit) -> tuple[Page, Locator, Locator]:
    page = visit(f"reports/{SURVEY}/", width=WIDTH)
    paragraphs = page.locator(".sb-report p:has(mark)")
    return page, paragraphs.nth(0), paragraphs.nth(1)


def _check(visit: Visit) -> tuple[Page, Locator, Locator]:
    """What the check prints of an example, in the colours of a terminal."""
    with TemporaryDirectory() as folder:
        for name, file in example("evidence-figure").wrong.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
        command = [sys.executable, "-m", "surveybase.cli", "check", folder]
        printed = subprocess.run(command, capture_output=True, encoding="utf-8", check=False).stdout
    page = visit("", width=WIDTH).context.new_page()
    page.set_content(TERMINAL.format(html.escape(f"$ surveybase check\n{printed}")))
    return page, page.locator("#terminal"), page.locator("#terminal")


PICTURES = (
    Picture("figure", _figure),
    Picture("report-actions", _report_actions),
    Picture("marked", _marked),
    Picture("check", _check),
)


def webp(png: bytes) -> bytes:
    """The picture as it is kept: small, and without anything about who took it."""
    written = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").save(written, "WEBP", quality=80, method=6)
    return written.getvalue()


def main() -> None:
    from conftest import CHROMIUM_ARGS, serve_folder  # noqa: PLC0415 - which imports pytest

    FOLDER.mkdir(parents=True, exist_ok=True)
    files = {picture: FOLDER / f"{picture.name}.webp" for picture in PICTURES}
    for file in files.values():
        if not file.exists():  # and without it there is no site to take it from
            Image.new("RGB", (1, 1)).save(file)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        built = build(ROOT, Path(folder) / "site")
        assert built.status == 0, built.output
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGS)
        with serve_folder(built.site) as root, visits(browser, root) as visit:
            for picture, file in files.items():
                file.write_bytes(webp(picture.png(visit)))
        browser.close()


if __name__ == "__main__":
    main()
