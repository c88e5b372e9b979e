"""The JSON Schemas that editors use: true to the data, and telling in Chinese what can be chosen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from own_data import own_sources, own_subject
from projects import ROOT, SMALL, write
from surveybase.cli import main
from surveybase.exports.json_schemas import MODELS, json_schema_of
from surveybase.model import KnowledgeBase
from surveybase.reading.documents import Value, plain, read_data, read_report
from surveybase.reading.source import Source

SETTINGS = json.loads((ROOT / ".vscode/settings.json").read_text("utf-8"))
SCHEMAS: dict[str, Any] = {name: json.loads(json_schema_of(name, own_subject()[0].base)) for name in MODELS}


def as_json(value: Value) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return {key: as_json(item) for key, item in value.items()} if isinstance(value, dict) else value


def schema_for(path: str) -> str:
    """The name of the schema that an editor takes for a file, by the settings of the project."""
    if path.endswith(".md"):
        return "report"
    for schema, globs in SETTINGS["yaml.schemas"].items():
        if any(fnmatch(path, glob) for glob in ([globs] if isinstance(globs, str) else globs)):
            return Path(schema).stem
    raise AssertionError(f"no schema for {path}")


def own_files() -> list[Source]:
    sources, _ = own_sources()
    return [*sources.communities, *sources.catalogues, *sources.reports]


@pytest.mark.parametrize("source", own_files(), ids=lambda source: source.path)
def test_our_own_files_are_valid_by_the_schema_an_editor_takes_for_them(source: Source) -> None:
    document, _ = (read_report if source.path.endswith(".md") else read_data)(source)
    assert document
    validator = Draft202012Validator(SCHEMAS[schema_for(source.path)])
    assert [error.message for error in validator.iter_errors(as_json(plain(document.root)))] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("level: community", "level: village"),
        ("households:", "house_holds:"),
        ("type: traffic-congestion", "type: traffic-jam"),
        ("type: relocate-business", "type: relocate"),
        ("value: 4552,", "value: 约4552,"),
        ("status: proposed", "status: 建议"),
        ("status: proposed", "state: proposed"),
        ('  setting: "112"', '  setting: "113"'),
    ],
)
def test_what_is_wrong_is_not_valid(old: str, new: str) -> None:
    text = (ROOT / "data/communities/shayibak-street.yml").read_text("utf-8")
    assert old in text
    document, _ = read_data(Source("a", text.replace(old, new)))
    assert document
    assert not Draft202012Validator(SCHEMAS["community"]).is_valid(as_json(plain(document.root)))


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(child)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_each_choice_says_what_it_means(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    for node in nodes(SCHEMAS[name]):
        if isinstance(node.get("enum"), list):
            assert len(node["enumDescriptions"]) == len(node["enum"])
            assert all(words and not words.isascii() for words in node["enumDescriptions"])
            assert not node["errorMessage"].isascii()
        if isinstance(node.get("pattern"), str):
            assert node["patternErrorMessage"]
        if isinstance(node.get("title"), str):
            assert "$schema" in node or node["errorMessage"].startswith(node["title"])


def test_the_ids_of_the_catalogues_are_offered_with_their_labels() -> None:
    base: KnowledgeBase = own_subject()[0].base
    records = SCHEMAS["community"]["$defs"]
    offered = records["SurveyEntry"]["properties"]["observations"]["properties"]
    assert {id: entry["title"] for id, entry in offered.items()} == {
        id: item.label for id, item in base.indicators.items()
    }
    for record, concepts in (
        ("ProblemEntry", base.problem_types),
        ("CountermeasureEntry", base.countermeasure_types),
    ):
        node = records[record]["properties"]["type"]
        assert node["enum"] == [*concepts]
        for words, concept in zip(node["enumDescriptions"], concepts.values(), strict=True):
            assert words.startswith(f"{concept.label}：")


def test_without_catalogues_nothing_is_forbidden_that_could_be_right() -> None:
    schema = json.loads(json_schema_of("community", KnowledgeBase()))
    assert "enum" not in schema["$defs"]["ProblemEntry"]["properties"]["type"]
    assert schema["$defs"]["SurveyEntry"]["properties"]["observations"]["patternProperties"]


def test_the_schemas_in_the_repository_are_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["schema", "--check"]) == 0, "run surveybase schema and commit schemas/"
    for schema in SETTINGS["yaml.schemas"]:
        assert (ROOT / schema).is_file()


def test_schemas_are_written_and_kept_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path, SMALL))
    assert main(["schema", "--check"]) == 1
    assert not (tmp_path / "schemas").exists()
    assert main(["schema"]) == 0
    assert main(["schema", "--check"]) == 0
    catalogue = tmp_path / "data/problems.yml"
    catalogue.write_text(catalogue.read_text("utf-8") + "noise: {label: 吵, definition: 声音大。}\n", "utf-8")
    assert main(["schema", "--check"]) == 1


@pytest.mark.parametrize(
    "broken", [b"groups: {people: \xe4\xba\xba}\nindicators: {households: {lable: a}}\n", b"\xff"]
)
def test_from_a_broken_catalogue_no_schema_is_made(
    broken: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write(tmp_path, SMALL))
    assert main(["schema"]) == 0
    before = {path: path.read_bytes() for path in (tmp_path / "schemas").iterdir()}
    (tmp_path / "data/indicators.yml").write_bytes(broken)
    for options in ([], ["--check"]):
        assert main(["schema", *options]) == 1
        assert "data/indicators.yml:" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (tmp_path / "schemas").iterdir()} == before
