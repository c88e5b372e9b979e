"""What the browser tests share: the kinds of page, and how a test opens one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

Scheme = Literal["light", "dark"]

SURVEY = "shayibak-freight"
COMMUNITY = "shayibak-street"
KINDS = {
    "home": "",
    "communities": "communities/",
    "community": f"communities/{COMMUNITY}/",
    "report": f"reports/{SURVEY}/",
    "compare": "compare/",
    "problems": "problems/",
    "problem-type": "problems/traffic-congestion/",
    "countermeasures": "countermeasures/",
    "countermeasure-type": "countermeasures/relocate-business/",
    "map": "map/",
    "codebook": "codebook/",
    "search": "search/",
    "search-results": "search/?q=路灯不亮怎么办",
    "about": "about/",
    "contribute": "contribute/",
    "form": "contribute/form/",
    "without-git": "contribute/without-git/",
    "with-git": "contribute/with-git/",
    "blank": "contribute/blank/",
    "credits": "contribute/credits/",
    "not-found": "404.html",
}
WIDE, NARROW = 1366, 390


class Visit(Protocol):
    """Open an address below the root of a site, by default the repository's own."""

    def __call__(
        self, address: str, *, width: int = WIDE, scheme: Scheme = "light", script: bool = True, root: str = ""
    ) -> Page: ...


@contextmanager
def visits(browser: Browser, base: str) -> Iterator[Visit]:
    """Pages opened while the block runs; none of them may report an error or ask another host for anything."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        address: str, *, width: int = WIDE, scheme: Scheme = "light", script: bool = True, root: str = ""
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        _listen(context, root or base, complaints)
        page = context.new_page()
        page.goto((root or base) + address)
        return page

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
    assert not complaints, "\n".join(complaints)


def _listen(context: BrowserContext, root: str, complaints: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:  # a file that is not there is an error, too
            complaints.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((root, "data:", "blob:")):
            complaints.append(f"asks {request.url}")

    context.on("console", on_console)
    context.on("request", on_request)
    context.on("weberror", lambda error: complaints.append(f"error: {error.error}"))
