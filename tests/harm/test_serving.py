"""While the site is served: a broken file costs nobody the last good site; its errors stand above every page."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from projects import NOON, SMALL, write

BROKEN = "---\ntitle: @\n---\n"
PATIENCE = 60_000  # milliseconds; a rebuild takes two thousand on an idle machine


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def served(project: Path) -> Iterator[str]:
    """The base URL at which `mkdocs serve` serves the project."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "-f", str(project / "mkdocs.yml"), "-a", f"127.0.0.1:{port}"],
        env={**os.environ, "SOURCE_DATE_EPOCH": NOON, "NO_MKDOCS_2_WARNING": "1", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert process.stdout is not None
    log = []
    try:
        for line in process.stdout:
            log.append(line)
            if "Serving on" in line:
                break
        else:
            raise AssertionError("".join(log))
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.communicate()


def opened(browser: Browser, url: str) -> Page:
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(url)
    return page


def test_a_file_broken_while_served_leaves_the_last_good_site_and_a_banner(
    browser: Browser, tmp_path: Path
) -> None:
    project = write(tmp_path, SMALL)
    with served(project) as home:
        page = opened(browser, home + "communities/east/")
        banner = page.get_by_role("alert")
        expect(banner).to_have_count(0)
        write(project, {"docs/reports/broken.md": BROKEN, "data/communities/east.yml": "name: <b>坏</b>\n"})
        expect(banner).to_contain_text("docs/reports/broken.md:2:", timeout=PATIENCE)
        expect(banner).to_contain_text("data/communities/east.yml:1:1")
        expect(page.get_by_role("heading", name="东社区")).to_be_visible()
        page.goto(home + "reports/east-2012/")
        expect(banner).to_contain_text("docs/reports/broken.md:2:")
        (project / "docs/reports/broken.md").unlink()
        mended = SMALL["data/communities/east.yml"].replace("东社区", "新社区")
        write(project, {"data/communities/east.yml": mended})
        expect(banner).to_have_count(0, timeout=PATIENCE)
        page.goto(home + "communities/east/")
        expect(page.get_by_role("heading", name="新社区")).to_be_visible()
        page.context.close()


def test_a_file_broken_from_the_start_is_left_out_and_named(browser: Browser, tmp_path: Path) -> None:
    with served(write(tmp_path, {**SMALL, "docs/reports/broken.md": BROKEN})) as home:
        page = opened(browser, home)
        expect(page.get_by_role("alert")).to_contain_text("docs/reports/broken.md:2:")
        page.goto(home + "communities/east/")
        expect(page.get_by_role("heading", name="东社区")).to_be_visible()
        page.context.close()
