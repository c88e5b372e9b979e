"""Views and pages as plain lines, so that a golden case can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from xml.etree.ElementTree import Element

from pages import by_id, parse
from surveybase.reading.body import HEADINGS, Body
from surveybase.views.cases import Link
from surveybase.views.figures import Figure, Target

# --- Views ----------------------------------------------------------------------------------------------


def outline(value: object) -> list[str]:
    """The value with all that it holds, a line each; what is empty is left out."""
    return [line or "nothing" for line in _outline(value)]


def _outline(value: object) -> Iterator[str]:
    if (short := _short(value)) is not None:
        yield short
    elif isinstance(value, tuple):
        for item in value:
            first, *rest = [*_outline(item)] or ["nothing"]
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        for name, item in _named(value):
            if item is None or item is False or item in ("", ()) or item == {}:
                continue
            if (short := _short(item)) is not None:
                yield f"{name}: {short}"
            else:
                yield f"{name}:"
                yield from (f"  {line}" for line in _outline(item))


def _named(value: object) -> list[tuple[str, object]]:
    if isinstance(value, Mapping):
        return [(str(name), item) for name, item in value.items()]
    assert is_dataclass(value), value
    return [(field.name, getattr(value, field.name)) for field in fields(value)]


def _short(value: object) -> str | None:
    """What fits into one line: a word, a number, a link, a figure."""
    match value:
        case Target():
            return _target(value)
        case Link():
            return f"[{value.text}]({_target(value.target)})"
        case Figure():
            return _figure(value)
        case Body():
            return "".join(value.root.itertext()).strip()
        case tuple():
            return " | ".join(map(str, value)) if all(isinstance(item, str | int) for item in value) else None
    return None if isinstance(value, Mapping) or is_dataclass(value) else str(value)


def _target(target: Target) -> str:
    return "/".join(part for part in (target.kind, target.id) if part) + (target.anchor and f"#{target.anchor}")


def _figure(figure: Figure) -> str:
    kind = "gap " if figure.is_gap else "computed " if figure.is_computed else ""
    point = f" = {figure.point}" if figure.point is not None else ""
    evidence = f" ← {_target(figure.evidence)}" if figure.evidence else ""
    quote = f" “{figure.quote}”" if figure.quote else ""
    note = f" ({figure.note})" if figure.note else ""
    return f"{kind}{figure.text}{figure.unit}{point}{evidence}{quote}{note}"


# --- Pages ----------------------------------------------------------------------------------------------

LINES = frozenset(
    {
        *HEADINGS,
        *("article", "blockquote", "dd", "details", "div", "dl", "dt", "figure", "li", "nav", "ol", "p", "pre"),
        *("section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul"),
    }
)


def transcript(html: str, id: str = "") -> list[str]:
    """What a reader finds in the element with this id, or in all of the page: text, links and marks, by line."""
    root = parse(f"<html>{html}</html>")
    ids = [item.get("id") for item in root.iter() if item.get("id")]
    assert len(set(ids)) == len(ids), "an id stands twice"
    element = by_id(root, id) if id else root
    assert element is not None, f"nothing has the id {id}"
    lines = "".join(_words(element)).split("\n")
    return [words for line in lines if (words := " ".join(line.split()).rstrip(" |"))]


def _words(element: Element) -> Iterator[str]:
    before, after = _around(element)
    yield before
    yield " ".join((element.text or "").split("\n"))
    for child in element:
        yield from _words(child)
        yield " ".join((child.tail or "").split("\n"))
    yield after


def _around(element: Element) -> tuple[str, str]:
    """What stands before and after the words of an element."""
    tag, label = element.tag, element.get("aria-label")
    if tag == "a":
        label = "" if "".join(element.itertext()).strip() else label or ""
        return f"[{label}", f"]({element.get('href')})"
    if tag == "mark":
        return f"«{element.get('id') or '…' + element.get('data-of', '')} ", "»"
    if tag in LINES:
        start = "#" * int(tag[1]) + " " if tag in HEADINGS else {"li": "- ", "blockquote": "> "}.get(tag, "")
        return f"\n{start}", "\n"
    ends = {"em": ("*", "*"), "strong": ("**", "**"), "td": (" ", " |"), "th": (" ", " |"), "br": (" / ", "")}
    ends |= {"svg": (f" (picture: {label})" if label else "", ""), "img": (f" (picture: {element.get('alt')})", "")}
    return ends.get(tag, (" ", " ") if tag == "span" else ("", ""))
