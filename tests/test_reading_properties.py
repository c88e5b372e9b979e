"""What holds for every text: it is read, or what is wrong with it is told where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import bounded, fewer
from pydantic import BaseModel
from surveybase.diagnostics import Diagnostic, Position, Severity, as_text
from surveybase.reading import schema
from surveybase.reading.checking import check, json_schema
from surveybase.reading.documents import Document, Fields, Items, Node, Scalar, read_data, read_report
from surveybase.reading.sources import Source

# Fragments that mean something to YAML or to the reader, so that random texts are not all plain words.
WORDS = ["name", "甲", "社区", "value", "no", "012", "12:30", "4552", "0.8", "~", "true", "1e3", '"\u263a"', "😀"]
SIGNS = [": ", ":", "：", "- ", "? ", "[", "]", "{", "}", ", ", '"', "'", "|", ">", "#", "@", "\\"]
FORBIDDEN = ["&a ", "*a", "!t ", "!!str ", "<<", "---", "\n---\n", "\n...\n", "%YAML 1.1\n"]
BLANKS = ["\n", "\n  ", "\n    ", "\n- ", "  ", "\t", "\r\n", "\r", "\u3000", "\xa0"]
INVISIBLE = ["\x00", "\x07", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe"]
pieces = st.one_of(*map(st.sampled_from, (WORDS, SIGNS, FORBIDDEN, BLANKS, BLANKS, INVISIBLE)))
yaml_texts = st.one_of(st.text(), st.lists(pieces, max_size=40).map("".join))
report_texts = st.one_of(yaml_texts, st.builds("---\n{}\n---\n{}".format, yaml_texts, yaml_texts))

Reader: TypeAlias = Callable[[Source], tuple[Document | None, list[Diagnostic]]]


def located(node: Node) -> Iterator[tuple[Position, str]]:
    """Where the node, its keys and all below it stand, each with its words, empty when it has none of its own."""
    yield node.position, node.text if isinstance(node, Scalar) else ""
    if isinstance(node, Items):
        for item in node.items:
            yield from located(item)
    elif isinstance(node, Fields):
        yield from ((position, key) for key, position in node.keys.items())
        for value in node.values.values():
            yield from located(value)


def rest_of_line(position: Position, text: str) -> str:
    """What stands at a position, which must be that of a character or just behind the last of its line.

    The end of a text without a line feed may be told as the beginning of the next line.
    """
    lines = text.split("\n") if text.endswith("\n") else [*text.split("\n"), ""]
    assert 1 <= position.line <= len(lines), position
    line = lines[position.line - 1]
    assert 1 <= position.column <= len(line) + 1, position
    return line[position.column - 1 :]


def read_all_of(read: Reader, text: str) -> None:
    document, findings = read(Source("data/a.yml", text))
    assert document or findings
    for finding in findings:
        rest_of_line(finding.location.position, text)
        assert "Cc" not in map(category, as_text(finding))  # no control character, so that it is one line
    for position, words in located(document.root) if document else ():
        rest = rest_of_line(position, text)
        is_plain = words.strip() and rest[0] not in "\"'|>"
        assert not is_plain or rest.startswith(re.split("[ \t\n]", words)[0])


@given(yaml_texts)
@bounded
def test_any_text_is_read_as_data_or_has_a_finding_that_stands_in_it(text: str) -> None:
    read_all_of(read_data, text)


@given(report_texts)
@bounded
def test_any_text_is_read_as_a_report_or_has_a_finding_that_stands_in_it(text: str) -> None:
    read_all_of(read_report, text)
    document, _ = read_report(Source("docs/reports/a.md", text))
    if document:
        assert document.body == "\n".join(text.split("\n")[document.body_line - 1 :])


MODELS: list[type[BaseModel]] = [
    schema.ReportFile,
    schema.CommunityFile,
    schema.IndicatorsFile,
    schema.ConceptsFile,
    schema.StandardsFile,
]


def field_names(model: type[BaseModel]) -> list[str]:
    """Every field of the file, at any depth."""
    whole = json_schema(model)
    records = [whole, *whole.get("$defs", {}).values()]
    return sorted({name for record in records for name in record.get("properties", {})})


def files_of(model: type[BaseModel]) -> st.SearchStrategy[str]:
    """Files with the right words in the wrong places; JSON is YAML."""
    keys = st.sampled_from([*field_names(model), "a", "甲", "A b"])
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 5000),
        st.sampled_from(
            ["甲", "a", "", "2012", "2012-02-30", "about", "community", "112", "http://a", "0.5", "a" * 70]
        ),
    )
    inner = st.recursive(
        leaves, lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(keys, below, max_size=5))
    )
    return st.dictionaries(keys, inner, max_size=6).map(lambda tree: json.dumps(tree, ensure_ascii=False))


@pytest.mark.parametrize("model", MODELS)
@given(data=st.data())
@fewer
def test_any_tree_of_fields_fits_its_declaration_or_has_findings_that_stand_in_it(
    model: type[BaseModel], data: st.DataObject
) -> None:
    text = data.draw(files_of(model))
    document, _ = read_data(Source("data/a.yml", text))
    assert document
    checked, findings = check(model, document)
    assert checked is not None or findings
    for finding in findings:
        rest_of_line(finding.location.position, text)
        assert finding.severity is Severity.ERROR
        assert finding.help
