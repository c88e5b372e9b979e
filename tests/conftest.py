"""What more than one test file needs: the built site, a browser, and a web server for a folder."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browsing import Visit, visits
from install_browser import HINT, find_chromium
from playwright.sync_api import Browser, sync_playwright
from projects import ROOT, build

# No sandbox: it does not start as root, as in containers. The others stop traffic that no test asked for.
CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Serve = Callable[[Path], AbstractContextManager[str]]


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write expected outputs of golden cases anew")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the repository's own site, built strictly."""
    built = build(ROOT, tmp_path_factory.mktemp("built") / "site")
    if built.status:
        pytest.fail(built.output, pytrace=False)
    return built.site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, one for all tests; make a new context in each test. Without one the test fails."""
    chromium = find_chromium()
    if chromium is None:
        pytest.fail(HINT, pytrace=False)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield launched
        launched.close()


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve `folder` over HTTP on a free local port; the value is the base URL, ending in a slash."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=folder)) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def serve() -> Serve:
    """`with serve(folder) as url:` serves a folder over HTTP while the block runs."""
    return serve_folder


@pytest.fixture(scope="session")
def base(site: Path) -> Iterator[str]:
    """The address of the repository's own site."""
    with serve_folder(site) as url:
        yield url


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator[Visit]:
    """Open pages; none of them may report an error or ask another host for anything."""
    with visits(browser, base) as opener:
        yield opener
