"""Script vectors in every place of a site where a contributor's text can come out, opened in Chromium.

The checks that refuse such texts are switched off, so that what is tried is what comes after them.
"""

import re
from importlib import metadata
from pathlib import Path

import pytest
from compiling import compile_here
from conftest import Serve
from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config
from playwright.sync_api import Browser, expect
from projects import config, write
from surveybase import rules
from surveybase.build import compiling
from surveybase.check import examine
from surveybase.diagnostics import errors
from surveybase.policy import SCRIPT
from surveybase.reading import sources, subject

from harm.hostile import COMMUNITIES, hostile_project
from harm.tripwire import foreign, settle, tripwire
from harm.vectors import VECTORS

PALETTE = [
    {"scheme": "default", "toggle": {"icon": "material/weather-night", "name": "深"}},
    {"scheme": "slate", "toggle": {"icon": "material/weather-sunny", "name": "浅"}},
]
THEME = {"name": "material", "language": "zh", "font": False, "palette": PALETTE, "features": ["navigation.tabs"]}
PARTIAL = Path("templates/partials/javascripts/content.html")
THEME_FOLDER = Path(str(metadata.distribution("mkdocs-material").locate_file("material")))
OURS = SCRIPT.findall((THEME_FOLDER / PARTIAL).read_text())
ALSO_OURS = {"contribute/form/": ["../../assets/surveybase/form.js"]}


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = write(tmp_path_factory.mktemp("hostile"), hostile_project() | {"mkdocs.yml": config(theme=THEME)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subject, "html_in", lambda *_: [])
        patch.setattr(subject, "faults_of_size", lambda *_: [])
        patch.setattr(sources, "invisible_characters", lambda *_: [])
        patch.setattr(rules, "LOCAL_RULES", ())
        patch.setattr(rules, "WHOLE_RULES", ())
        patch.setattr(compiling, "compile_with", lambda *_: compile_here)  # another process would not be patched
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        build_site(load_config(str(project / "mkdocs.yml"), site_dir=str(project / "site")))
    return project / "site"


def pages(site: Path) -> list[str]:
    found = sorted(
        path.relative_to(site).as_posix() for path in site.rglob("*") if path.suffix in {".html", ".json"}
    )
    return [page.removesuffix("index.html") for page in found if not page.startswith("assets/")]


def test_the_vectors_come_out_on_the_pages(hostile_site: Path) -> None:
    """Otherwise the tests below would show nothing."""
    written = "".join(path.read_text(encoding="utf-8") for path in hostile_site.rglob("*.html"))
    assert len(VECTORS) >= 300
    assert len(re.findall(r"&lt;[a-z]", written, re.IGNORECASE)) > 10_000
    assert written.count("trip()") > 10_000


@pytest.mark.parametrize("with_policy", [True, False], ids=["with the policy", "without the policy"])
def test_nothing_runs_on_any_page(browser: Browser, serve: Serve, hostile_site: Path, with_policy: bool) -> None:
    with serve(hostile_site) as home, tripwire(browser, home, with_policy=with_policy) as wire:
        found: dict[str, list[str]] = {}
        for page in pages(hostile_site):
            wire.page.goto(home + page)
            settle(wire.page)
            ours = [*OURS, *ALSO_OURS.get(page, ())]
            if not page.endswith(".json") and (elements := foreign(wire.page, ours)):
                found[page] = elements
        assert found == {}
        assert wire.trips == []
        assert wire.requests == []
        assert wire.complaints == []


@pytest.mark.parametrize("with_policy", [True, False], ids=["with the policy", "without the policy"])
def test_nothing_runs_in_the_results_of_a_search(
    browser: Browser, serve: Serve, hostile_site: Path, with_policy: bool
) -> None:
    with serve(hostile_site) as home, tripwire(browser, home, with_policy=with_policy) as wire:
        for query in ("trip", "onerror", "javascript"):
            wire.page.goto(f"{home}search/?q={query}")
            results = wire.page.locator("li:visible", has_text="trip()")
            expect(results.first).to_be_visible(timeout=20_000)
            assert foreign(wire.page, OURS) == []
        assert wire.trips == []
        assert wire.requests == []
        assert wire.complaints == []


def test_the_project_is_refused_at_every_place_when_nothing_is_switched_off(tmp_path: Path) -> None:
    project = write(tmp_path, hostile_project())
    found = examine(project, project / "docs", project / "data")
    refused = {
        finding.location.path for finding in errors(found) if finding.code in {"markdown-html", "markdown-limit"}
    }
    written = {f"docs/reports/r-{i}.md" for i in range(COMMUNITIES)} | {
        f"docs/{name}.md" for name in ("index", "about/index", "contribute/index")
    }
    assert written <= refused
