"""The repository's own site as a whole: its pages, its links, its evidence, its bytes."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

import pytest
import yaml
from pages import classes, folded, parse, text, with_class
from projects import ROOT, build

BASE = "http://site.invalid/"
LISTS = (
    "",
    "communities/",
    "compare/",
    "problems/",
    "countermeasures/",
    "map/",
    "codebook/",
    "about/",
    "contribute/",
)

# Elements that make the browser ask for something, with the attribute that says what.
ASKING = {
    "script": "src",
    "link": "href",
    "img": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "iframe": "src",
    "embed": "src",
    "object": "data",
    "form": "action",
    "use": "href",
    "image": "href",
}
CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")

GENERATOR = re.compile(rb'<meta name="generator"[^>]*>')

Pages = Mapping[str, Element]  # by address below the root


def address_of(file: Path, site: Path) -> str:
    name = file.relative_to(site).as_posix()
    return name.removesuffix("index.html") if file.name == "index.html" else name


@pytest.fixture(scope="module")
def pages(site: Path) -> Pages:
    """Every page; that all can be read shows that every tag is closed."""
    found = {address_of(file, site): file.read_text(encoding="utf-8") for file in sorted(site.rglob("*.html"))}
    return {address: parse(html) for address, html in found.items()}


@pytest.fixture(scope="module")
def ids(pages: Pages) -> Mapping[str, Mapping[str, Element]]:
    """The elements of every page by their ids."""
    return {
        address: {element.attrib["id"]: element for element in page.iter() if element.get("id")}
        for address, page in pages.items()
    }


def data(name: str) -> Any:
    return yaml.safe_load((ROOT / "data" / f"{name}.yml").read_text(encoding="utf-8"))


def slugs(folder: str, pattern: str) -> list[str]:
    return sorted(path.stem for path in (ROOT / folder).glob(pattern))


COMMUNITIES = slugs("data/communities", "*.yml")
REPORTS = slugs("docs/reports", "*.md")


def target_of(link: str, page: str) -> tuple[str, str]:
    """The address without its question and the anchor that a link on a page leads to, absolute on another site."""
    address, anchor = urldefrag(urljoin(BASE + page, link))
    return address.removeprefix(BASE).partition("?")[0], unquote(anchor)


def links_on(page: Element) -> Iterator[str]:
    for element in page.iter():
        for name in ("href", "src"):
            if (link := element.get(name)) is not None:
                yield link


# --- Pages and links ----------------------------------------------------------------------------------


def test_every_address_has_its_page_or_file(pages: Pages, site: Path) -> None:
    wanted = [
        *LISTS,
        *(f"reports/{id}/" for id in REPORTS),
        *(f"communities/{id}/" for id in COMMUNITIES),
        *(f"problems/{id}/" for id in data("problems")),
        *(f"countermeasures/{id}/" for id in data("countermeasures")),
    ]
    assert [address for address in wanted if address not in pages] == []
    files = [*(f"reports/{id}.json" for id in REPORTS), *(f"communities/{id}.json" for id in COMMUNITIES)]
    assert [file for file in files if not (site / file).is_file()] == []


def test_every_page_has_one_main_heading_and_a_title_and_a_description_of_its_own(pages: Pages) -> None:
    heads: dict[tuple[str, str], str] = {}
    for address, page in pages.items():
        headings = [text(heading) for heading in page.iter("h1")]
        assert len(headings) == 1 and headings[0], (address, headings)
        title = page.findtext("head/title", "").strip()
        description = page.find("head/meta[@name='description']")
        assert title and description is not None and description.get("content"), address
        assert heads.setdefault((title, description.get("content", "")), address) == address


def test_every_internal_link_leads_to_a_page_and_an_element(
    pages: Pages, ids: Mapping[str, Mapping[str, Element]], site: Path
) -> None:
    broken = []
    for page, root in pages.items():
        for link in links_on(root):
            address, anchor = target_of(link, page)
            if urlsplit(address).scheme:
                continue
            if address not in pages and not (address and (site / address).is_file()):
                broken.append((page, link, "no such page"))
            elif anchor and anchor not in ids.get(address, {}):
                broken.append((page, link, "no such element"))
    assert broken == []


def test_every_id_stands_once_on_its_page(pages: Pages) -> None:
    for address, page in pages.items():
        found = [element.attrib["id"] for element in page.iter() if element.get("id")]
        assert sorted(found) == sorted(set(found)), address


def test_no_page_asks_another_host_for_anything(pages: Pages, site: Path) -> None:
    asked = []
    for page, root in pages.items():
        for element in root.iter():
            asked += [(page, element.get(ASKING[element.tag], ""))] if element.tag in ASKING else []
            asked += [(page, part.split()[0]) for part in element.get("srcset", "").split(",") if part.strip()]
            asked += [(page, found) for found in css_addresses(element.get("style", ""))]
            asked += [(page, found) for found in css_addresses(text(element)) if element.tag == "style"]
    for file in site.rglob("*.css"):
        name = file.relative_to(site).as_posix()
        asked += [(name, found) for found in css_addresses(file.read_text(encoding="utf-8"))]
    assert [
        (page, link) for page, link in asked if urlsplit(urljoin(BASE, link)).netloc not in {"", "site.invalid"}
    ] == []


def css_addresses(css: str) -> list[str]:
    return [left or right for left, right in CSS_ADDRESS.findall(css)]


def test_the_search_index_holds_what_the_pages_say(site: Path) -> None:
    found: dict[tuple[str, str], str] = {}
    for part in sorted((site / "assets/surveybase/search").glob("t/*.bin")):
        block = json.loads(gzip.decompress(part.read_bytes()))
        for _, page, anchor, _, title, words, _ in filter(None, block["records"]):
            found[block["pages"][page], anchor] = title + words
    for id in COMMUNITIES:
        community = data(f"communities/{id}")
        assert found[f"communities/{id}/", ""].startswith(community["name"])
        for report, survey in community["reports"].items():
            for key, problem in survey.get("problems", {}).items():
                words = found[f"reports/{report}/", f"p-{key}"]
                assert words.startswith(problem["title"]) and folded(problem["quote"]) in folded(words)


# --- Evidence -----------------------------------------------------------------------------------------


def marked(page: Element, anchor: str) -> list[Element]:
    """The pieces of a mark, in order."""
    return [element for element in page.iter("mark") if anchor in {element.get("id"), element.get("data-of")}]


def quotes_of(survey: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Anchor and quote of everything that one report says as data."""
    for id, item in survey.get("observations", {}).items():
        if "quote" in item:
            yield f"o-{id}", item["quote"]
    for key, item in survey.get("problems", {}).items():
        yield f"p-{key}", item["quote"]
    for key, item in survey.get("countermeasures", {}).items():
        yield f"c-{key}", item["quote"]
        if "outcome" in item:
            yield f"c-{key}_outcome", item["outcome"]["quote"]


@pytest.mark.parametrize("community", COMMUNITIES)
def test_every_quote_is_marked_word_for_word_and_leads_back_to_where_it_is_shown(
    community: str, pages: Pages, ids: Mapping[str, Mapping[str, Element]]
) -> None:
    for report, survey in data(f"communities/{community}")["reports"].items():
        address = f"reports/{report}/"
        for anchor, quote in quotes_of(survey):
            pieces = marked(pages[address], anchor)
            assert folded("".join(map(text, pieces))) == folded(quote)
            back = [link for piece in pieces for link in with_class(piece, "sb-back")]
            own = [target_of(link.attrib["href"], address) for link in back if link in list(pieces[-1])]
            assert len(own) == 1, anchor
            page, place = own[0]
            assert page == f"communities/{community}/"
            shown = ids[page][place]
            there = [target_of(link.attrib["href"], page) for link in shown.iter("a") if link.get("href")]
            assert (address, anchor) in there, f"{place} does not lead to {anchor}"


@pytest.mark.parametrize("community", COMMUNITIES)
def test_every_observation_stands_in_its_row_as_a_link_to_its_sentence(
    community: str, ids: Mapping[str, Mapping[str, Element]]
) -> None:
    page = f"communities/{community}/"
    for report, survey in data(f"communities/{community}")["reports"].items():
        for id, item in survey["observations"].items():
            row = ids[page][f"i-{id}"]
            links = [link for link in row.iter("a") if "sb-figure" in classes(link) or "sb-gap" in classes(link)]
            shown = [
                text(link)
                for link in links
                if target_of(link.attrib["href"], page) == (f"reports/{report}/", f"o-{id}")
            ]
            values = [item["value"]] if "value" in item else item.get("range", [])
            if "unit" in item:  # converted, with the number of the source beside it
                shown = [text(row)]
            assert bool(shown) == ("quote" in item), id
            assert all(str(value) in words.replace(",", "") for words in shown for value in values), (id, shown)


def test_every_number_leads_to_its_sentence_or_its_formula(
    pages: Pages, ids: Mapping[str, Mapping[str, Element]]
) -> None:
    count = 0
    for page, root in pages.items():
        for link in with_class(root, "sb-figure"):
            if link.tag != "a":
                continue
            count += 1
            address, anchor = target_of(link.attrib["href"], page)
            element = ids[address][anchor]
            how, _, words = link.get("title", "").partition("：")
            if address.startswith("reports/"):
                assert element.tag == "mark" and how == "原句"
                assert folded("".join(map(text, marked(pages[address], anchor)))) == folded(words)
            elif "sb-figure--computed" in classes(link):
                assert how == "计算" and "÷" in words
                assert any("sb-formula" in classes(part) for part in element.iter()), (page, anchor)
            else:
                assert address == "codebook/", (page, anchor)  # an official value
    assert count > 100


def test_no_gap_shows_as_a_number(pages: Pages) -> None:
    gaps = {text(gap) for page in pages.values() for gap in with_class(page, "sb-gap")}
    assert gaps and not any(re.search("[0-9]", gap) for gap in gaps)


# --- Bytes --------------------------------------------------------------------------------------------


def contents(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def differing(left: Mapping[str, bytes], right: Mapping[str, bytes]) -> list[str]:
    return [name for name in sorted({*left, *right}) if left.get(name) != right.get(name)]


def test_two_builds_give_identical_bytes(site: Path, tmp_path: Path) -> None:
    """With another order of every set of strings, too."""
    again = build(ROOT, tmp_path / "site", hash_seed=1)
    assert again.status == 0, again.output
    assert differing(contents(site), contents(again.site)) == []


def test_properdocs_builds_the_same_pages(site: Path, tmp_path: Path) -> None:
    """All but the name of the generator."""
    other = build(ROOT, tmp_path / "site", tool="properdocs")
    assert other.status == 0, other.output
    assert differing(without_generator(contents(site)), without_generator(contents(other.site))) == []


def without_generator(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: GENERATOR.sub(b"", content) for name, content in files.items()}
