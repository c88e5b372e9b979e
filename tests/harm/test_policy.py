"""Every page has a policy without 'unsafe-inline' for scripts, and what the theme does still works under it."""

import re
from pathlib import Path

import pytest
from conftest import Serve
from pages import parse
from playwright.sync_api import Browser, expect
from projects import SMALL, build, config, write

from harm.tripwire import tripwire

PALETTE = [
    {"scheme": "default", "toggle": {"icon": "material/weather-night", "name": "深"}},
    {"scheme": "slate", "toggle": {"icon": "material/weather-sunny", "name": "浅"}},
]
THEME = {"name": "material", "language": "zh", "font": False, "palette": PALETTE, "features": ["navigation.tabs"]}
DEPTHS = ["", "map/", "communities/east/", "404.html"]


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {**SMALL, "mkdocs.yml": config(theme=THEME, site_url="http://127.0.0.1/")}
    built = build(write(tmp_path_factory.mktemp("policy"), files))
    assert built.status == 0, built.output
    return built.site


def policy(page: Path) -> str:
    head = parse(page.read_text(encoding="utf-8"))[0]
    return next(str(item.get("content")) for item in head.iter("meta") if item.get("http-equiv"))


def test_every_page_has_it_before_everything_else(small_site: Path) -> None:
    found = sorted(small_site.rglob("*.html"))
    assert len(found) > 10
    for page in found:
        html = page.read_text(encoding="utf-8")
        scripts = re.findall(r"script-src ([^;]*)", policy(page))
        assert len(scripts) == 1
        assert re.fullmatch(r"'self'( 'sha256-[\w+/=]{44}'){3}", scripts[0]), page
        assert html.index("Content-Security-Policy") < html.index("<script")
        assert html.encode().index(b"charset") < 1024


def test_the_base_script_differs_with_the_depth_and_so_does_the_policy(small_site: Path) -> None:
    assert len({policy(small_site / depth / "index.html") for depth in DEPTHS[:3]}) == 3


@pytest.mark.parametrize("address", DEPTHS)
def test_the_palette_works_and_is_remembered_and_nothing_is_refused(
    browser: Browser, serve: Serve, small_site: Path, address: str
) -> None:
    with serve(small_site) as home, tripwire(browser, home, with_policy=True) as wire:
        page = wire.page
        page.goto(home + address)
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
        page.get_by_title("深").click()
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
        page.reload()
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
        assert wire.complaints == []
        assert wire.requests == []


def test_a_script_smuggled_into_a_finished_page_does_not_run(
    browser: Browser, serve: Serve, small_site: Path
) -> None:
    page = small_site / "map/index.html"
    whole = page.read_text(encoding="utf-8")
    page.write_text(whole.replace("<article", "<script>trip()</script><img src=x onerror=trip()><article", 1))
    try:
        for with_policy in (True, False):
            with serve(small_site) as home, tripwire(browser, home, with_policy=with_policy) as wire:
                wire.page.goto(home + "map/")
                wire.page.evaluate("1")  # what was called before is known after it
                assert bool(wire.trips) != with_policy
                assert bool(wire.complaints) == with_policy
    finally:
        page.write_text(whole)
