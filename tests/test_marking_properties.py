"""What holds for every body: marking changes nothing, marks hold exactly their quotes, the HTML is strict."""

from __future__ import annotations

from typing import TypeAlias
from xml.etree.ElementTree import Element

from hypothesis import given
from hypothesis import strategies as st
from pages import folded, parse
from properties import bounded
from surveybase.addresses import href_from
from surveybase.reading.body import Body, convert, links
from surveybase.reading.marking import BLOCKS, Quote, mark
from surveybase.render import body_html

words = st.text("甲乙丙 1", min_size=1, max_size=6)
inline = st.recursive(
    words,
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3).map("".join),
        *(
            st.builds(pattern.format, below)
            for pattern in ("**{}**", "*{}*", "[{}](a.md)", '[{}](https://a.example "乙")', "![{}](a.png)", "<b>{}")
        ),
        words.map("`{}`".format),
        st.sampled_from(["  \n", "\n", "&amp;", "\\*"]),
    ),
    max_leaves=8,
)
cells = st.lists(inline.map(lambda text: text.replace("\n", " ")), min_size=2, max_size=2)
blocks = st.one_of(
    inline,
    st.builds("{} {}".format, st.sampled_from(["#", "##", "######"]), inline),
    st.lists(st.builds("{} {}".format, st.sampled_from(["-", "1.", "    -", "    1."]), inline), max_size=4).map(
        "\n".join
    ),
    st.builds("-   {}\n\n    {}\n\n    - {}".format, inline, inline, inline),
    inline.map("> {}".format),
    inline.map("    {}".format),
    st.lists(cells, min_size=1, max_size=3).map(
        lambda rows: "| 甲 | 乙 |\n|---|--:|\n" + "\n".join(f"| {left} | {right} |" for left, right in rows)
    ),
    st.just("---"),
)
bodies = st.lists(blocks, min_size=1, max_size=4).map("\n\n".join)


@st.composite
def marked_bodies(draw: st.DrawFn) -> tuple[str, list[Quote]]:
    """A body, and quotes that mostly stand in it, though often in several places."""
    body = draw(bodies)
    text = folded("".join(convert(body).root.itertext())) or "甲"
    starts = st.integers(0, len(text) - 1)
    spans = st.builds(lambda start, length: text[start : start + length], starts, st.integers(1, 9))
    quotes = draw(st.lists(st.one_of(spans, words), min_size=1, max_size=6))
    return body, [Quote(f"q-{i}", quote) for i, quote in enumerate(quotes)]


Step: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
Content: TypeAlias = list[tuple[str, tuple[Step, ...]]]


def content(element: Element, around: tuple[Step, ...] = ()) -> Content:
    """Every character, and every element without any, with all that stands around it, marks left out."""
    found: Content = [(character, around) for character in element.text or ""]
    for child in element:
        step: Step = (child.tag, tuple(sorted(child.attrib.items())))
        if child.tag == "mark":
            found += content(child, around)
        elif not child.text and not len(child):
            found.append(("", (*around, step)))
        else:
            found += content(child, (*around, step))
        found += [(character, around) for character in child.tail or ""]
    return found


def own_text(element: Element) -> str:
    """The folded text of a block; a block inside it is a sign that no quote has."""
    text = folded(element.text or "")
    for child in element:
        text += "\0" if child.tag in BLOCKS else own_text(child)
        text += folded(child.tail or "")
    return text


def places(text: str, quote: str) -> int:
    return sum(text.startswith(quote, start) for start in range(len(text))) if quote else 0


def pieces_of(root: Element, anchor: str) -> list[Element]:
    return [item for item in root.iter("mark") if anchor in (item.get("id"), item.get("data-of"))]


@given(marked_bodies())
@bounded
def test_marking_changes_no_content(case: tuple[str, list[Quote]]) -> None:
    markdown, quotes = case
    body = convert(markdown)
    before = content(body.root)
    mark(body, quotes)
    assert content(body.root) == before


@given(marked_bodies())
@bounded
def test_a_quote_is_marked_when_it_stands_once_with_exactly_its_words(case: tuple[str, list[Quote]]) -> None:
    markdown, quotes = case
    body = convert(markdown)
    texts = [own_text(element) for element in body.root.iter() if element.tag in BLOCKS]
    rows = ["".join(own_text(cell) for cell in row) for row in body.root.iter("tr")]
    found = mark(body, quotes)
    for quote in quotes:
        words = folded(quote.text)
        in_blocks, in_rows = (sum(places(text, words) for text in group) for group in (texts, rows))
        assert found[quote.anchor] == (in_blocks or in_rows)
        pieces = pieces_of(body.root, quote.anchor)
        if found[quote.anchor] == 1:
            assert "".join(folded("".join(piece.itertext())) for piece in pieces) == words
            assert [piece.get("id") for piece in pieces] == [quote.anchor] + [None] * (len(pieces) - 1)
        else:
            assert not pieces


signs = st.lists(st.sampled_from("[]()<>!*_`#-|:\n ab&;\\\"'=1."), max_size=60).map("".join)


@given(st.one_of(bodies, signs, st.text()))
@bounded
def test_any_text_is_shown_as_strict_html_in_which_nothing_runs(markdown: str) -> None:
    body = convert(markdown)
    found = list(links(body))
    html = body_html(body, {}, href_from("reports/a/"), "reports/a.md", "reports/a/")
    shown = parse(f"<html>{html}</html>")
    assert len(list(links(Body(shown)))) == len(found)
    for element in shown.iter():
        assert element.tag not in {"script", "style", "iframe", "object", "form"}
        assert not [name for name in element.attrib if name.startswith("on")]
