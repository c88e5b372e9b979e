"""Views to HTML. Templates display; everything they show is worked out before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from surveybase.addresses import Href, address_of_file, relative
from surveybase.reading.body import Body, Heading, linked_file
from surveybase.sanitising import sanitised
from surveybase.template_bytecode import TemplateBytecode
from surveybase.views.cases import Link
from surveybase.views.figures import Target
from surveybase.views.report import MarkLabel


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page's content and the headings that its table of contents lists."""

    html: str
    headings: tuple[Heading, ...]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("surveybase"),
        bytecode_cache=TemplateBytecode(str(Path(__file__).parent)),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["target"] = Target
    environment.globals["link_list"] = _link_list
    environment.globals["strokes"] = _strokes
    environment.globals["crumb_links"] = lambda links: [(link.text, link.target) for link in links]
    environment.globals["figures"] = environment.get_template("parts/figures.html").module
    environment.globals["cases"] = environment.get_template("parts/cases.html").module
    return environment


def _link_list(links: Iterable[Link], href: Href) -> Markup:
    """Links in a row: of some there are hundreds on a page, which a template writes too slowly."""
    return Markup("、".join(f'<a href="{escape(href(link.target))}">{escape(link.text)}</a>' for link in links))


def _strokes(positions: Iterable[str]) -> Markup:
    """The path of the peers on a strip; of these too there are hundreds on a page."""
    return Markup("".join(f"M{position} 6V16" for position in positions))


def render(template: str, view: Any, href: Href, **more: Any) -> Rendered:
    """The view through ``templates/TEMPLATE.html``; ``href`` writes its links."""
    headings: list[Heading] = []

    def heading(level: int, anchor: str, title: str) -> Markup:
        headings.append(Heading(level, anchor, title))
        return Markup('<h{0} id="{1}">{2}</h{0}>').format(level, anchor, title)

    def body_headings(found: Iterable[Heading]) -> str:
        headings.extend(found)
        return ""

    html = (
        _environment()
        .get_template(f"{template}.html")
        .render(view=view, href=href, heading=heading, body_headings=body_headings, **more)
    )
    return Rendered(html, tuple(headings))


def body_html(body: Body, labels: Mapping[str, MarkLabel], href: Href, file: str, page: str) -> Markup:
    """The body of ``file``, shown at the address ``page``, with its marks labelled and its links set.

    The body's tree is changed.
    """
    _set_links(body.root, file, page)
    _label_marks(body.root, labels, href)
    return sanitised("".join(tostring(child, encoding="unicode", method="html") for child in body.root))


def _set_links(root: Element, file: str, page: str) -> None:
    for element in root.iter():
        name = {"a": "href", "img": "src"}.get(element.tag)
        written = element.get(name) if name else None
        if not (name and written):
            continue
        linked = linked_file(file, written)
        if linked is not None:
            _, mark, anchor = written.partition("#")
            element.set(name, relative(address_of_file(linked) + mark + anchor, page))
        elif element.tag == "a" and not written.startswith("#"):
            element.set("rel", "noopener external")


def _label_marks(root: Element, labels: Mapping[str, MarkLabel], href: Href) -> None:
    """Colour each mark by its kind; its last piece ends with a link back to where its content is shown."""
    last_pieces: dict[str, Element] = {}
    for element in root.iter("mark"):
        anchor = element.get("id") or element.get("data-of") or ""
        label = labels[anchor]
        element.set("class", f"sb-mark sb-mark--{label.kind}")
        last_pieces[anchor] = element
    for anchor, element in last_pieces.items():
        label = labels[anchor]
        back = {
            "class": f"sb-back sb-back--{label.kind}",
            "href": href(label.target),
            "title": label.text,
            "aria-label": label.text,
        }
        SubElement(element, "a", back)
