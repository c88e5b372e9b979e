"""A browser page that notices when a script of a contributor runs, or when it asks anything of another host."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Route

# Do what a reader might do: point at everything, focus it, follow every link that leads to no address on the web.
TOUCH = """addEventListener("load", () => setTimeout(() => {
  for (const element of document.querySelectorAll("*")) {
    for (const name of element.getAttributeNames().filter((name) => name.startsWith("on"))) {
      element.dispatchEvent(new Event(name.slice(2), { bubbles: false }));
    }
    const url = ["href", "formaction", "xlink:href"].map((name) => element.getAttribute(name)).find(Boolean);
    const isScript = url && URL.canParse(url, document.baseURI)
      && !/^(https?|mailto|tel):$/.test(new URL(url, document.baseURI).protocol);
    const isVector = location.href === "about:srcdoc"; // elsewhere the forms are the theme's
    if (isScript || (isVector && element.matches("form button, form input[type=submit]"))) {
      element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    }
  }
}));"""

# What no text of a contributor may become: handlers, foreign elements, addresses that run, scripts not ours.
FOREIGN = """(allowed) => {
  const found = [];
  const say = (element, why) => found.push(`${why}: ${element.outerHTML.slice(0, 120)}`);
  const urls = ["href", "src", "action", "formaction", "xlink:href", "data", "srcset", "poster", "background"];
  for (const element of document.querySelectorAll("*")) {
    if (element.matches("iframe, object, embed, base, math, template, marquee, foreignObject, animate"))
      say(element, "element");
    if (element.matches("meta[http-equiv=refresh i]")) say(element, "refresh");
    if (element.matches("main style, article form:not([action='./'])")) say(element, "style");
    for (const name of element.getAttributeNames()) {
      if (/^on/i.test(name)) say(element, "handler");
      if (urls.includes(name)) {
        const url = element.getAttribute(name);
        const read = URL.canParse(url, location) ? new URL(url, location) : location;
        if (!/^(https?|mailto|tel):$/.test(read.protocol)) say(element, "scheme");
        const isLoaded = !element.matches("a, link[rel=canonical]");
        if (isLoaded && read.origin !== location.origin) say(element, "third party");
      }
    }
    const run = element.getAttribute("src") ?? element.textContent;
    if (element.matches("main script") && !allowed.includes(run)) say(element, "script");
  }
  return found;
}"""


@dataclass
class Tripwire:
    """``trips`` are calls of ``trip``, ``requests`` those to other hosts, ``complaints`` those of the policy."""

    page: Page
    trips: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def tripwire(browser: Browser, home: str, *, with_policy: bool) -> Iterator[Tripwire]:
    """A new page; ``home`` is the base URL that it may ask. Without policy the browser heeds none."""
    context = browser.new_context(bypass_csp=not with_policy)
    context.set_default_timeout(20_000)
    context.add_init_script(TOUCH)  # in every frame, whatever its policy
    page = context.new_page()
    wire = Tripwire(page)
    context.expose_binding(
        "trip", lambda source, *_: wire.trips.append(source["frame"].name or source["frame"].url)
    )

    def dismiss(dialog: Dialog) -> None:
        wire.trips.append(dialog.message)
        dialog.dismiss()

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            wire.complaints.append(message.text)

    def answer(route: Route) -> None:
        if home and route.request.url.startswith(home):
            route.continue_()
        else:
            wire.requests.append(route.request.url)
            route.abort()

    context.route("**/*", answer)
    page.on("dialog", dismiss)
    page.on("console", listen)
    try:
        yield wire
    finally:
        context.close()


def run_in_frames(
    browser: Browser, texts: Sequence[str], head: str = "", *, with_policy: bool
) -> tuple[set[int], set[str]]:
    """Each text as a document of its own, in a frame; the numbers of those that ran, and what was asked for."""
    with tripwire(browser, "", with_policy=with_policy) as wire:
        for start in range(0, len(texts), 60):
            documents = {
                i: f"<!doctype html><head>{head}</head><body>{texts[i]}"
                for i in range(start, min(start + 60, len(texts)))
            }
            frames = "".join(
                f'<iframe name="{i}" srcdoc="{escape(document)}"></iframe>' for i, document in documents.items()
            )
            wire.page.set_content(frames, wait_until="load")
            settle(wire.page)
        tripped = {int(name) for name in wire.trips if name.isdigit()}
        return tripped, set(wire.requests)


def settle(page: Page) -> None:
    """Wait until what was begun has run: two frames are drawn and a task of lower rank has had its turn."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>"
        " requestIdleCallback(done, { timeout: 1000 }))))"
    )


def foreign(page: Page, allowed: Sequence[str] = ()) -> list[str]:
    found = page.evaluate(FOREIGN, list(allowed))
    assert isinstance(found, list), json.dumps(found)
    return found
