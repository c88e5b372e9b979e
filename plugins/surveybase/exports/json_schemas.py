"""JSON Schemas of the contributed files for editors: the declarations of the schema, with what can be chosen.

Editors complete the ids of indicators, problem types and countermeasure types from them, show what each means, and
say in Chinese what is wrong. The check of this project is stricter: it also looks into the other files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from pydantic import BaseModel

from surveybase.diagnostics import CODES, EXCEPTABLE
from surveybase.model import Concepts, KnowledgeBase
from surveybase.reading import schema
from surveybase.reading.checking import PATTERN_REMEDIES, json_schema
from surveybase.views.words import WORDS_OF

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# By the name of its file, each kind of contributed file that an editor can check: front matter is none of them.
MODELS: Mapping[str, tuple[str, type[BaseModel]]] = {
    "community": ("社区文件 data/communities/*.yml", schema.CommunityFile),
    "indicators": ("指标目录 data/indicators.yml", schema.IndicatorsFile),
    "concepts": ("问题类型和对策类型 data/problems.yml、data/countermeasures.yml", schema.ConceptsFile),
    "standards": ("官方参考值 data/standards.yml", schema.StandardsFile),
    "report": ("报告开头的元数据 docs/reports/*.md", schema.ReportFile),
}


def json_schema_of(name: str, base: KnowledgeBase) -> bytes:
    """The content of the JSON Schema of this name."""
    title, model = MODELS[name]
    return f"{json.dumps(_of_file(title, model, base), ensure_ascii=False, indent=1)}\n".encode()


def _of_file(title: str, model: type[BaseModel], base: KnowledgeBase) -> dict[str, Any]:
    whole = deepcopy(json_schema(model))
    whole |= {"$schema": DIALECT, "title": title}
    whole.pop("description", None)
    for name, record in whole.get("$defs", {}).items():
        for field, node in _choices(name, base):
            if field in record.get("properties", {}):
                record["properties"][field] |= node
    for node in _nodes(whole):
        _explain(node)
    return whole


def _choices(record: str, base: KnowledgeBase) -> Iterator[tuple[str, dict[str, Any]]]:
    """What can be chosen in the fields of a record, out of other files."""
    indicators = {id: f"{item.label}（{item.unit}）：{item.definition}" for id, item in base.indicators.items()}
    match record:
        case "SurveyEntry" if indicators:
            entries = {
                id: {"$ref": "#/$defs/ObservationEntry", "title": base.indicators[id].label, "description": words}
                for id, words in indicators.items()
            }
            yield "observations", {"properties": entries, "patternProperties": {}, "additionalProperties": False}
        case "ProblemEntry":
            yield "type", _chosen(_meanings(base.problem_types))
        case "CountermeasureEntry":
            yield "type", _chosen(_meanings(base.countermeasure_types))
        case "ReferenceValueEntry":
            yield "indicator", _chosen(indicators)
        case "MatchEntry":
            yield "vocabulary", _chosen({id: item.title for id, item in base.vocabularies.items()})
        case "ExceptionEntry":
            yield "code", {"type": "string", **_chosen({code: CODES[code][1] for code in sorted(EXCEPTABLE)})}


def _meanings(concepts: Concepts) -> dict[str, str]:
    return {id: f"{concept.label}：{concept.definition}" for id, concept in concepts.items()}


def _chosen(meanings: Mapping[str, str]) -> dict[str, Any]:
    """Nothing to choose from is no restriction: the catalogue may be broken."""
    return {"enum": [*meanings], "enumDescriptions": [*meanings.values()]} if meanings else {}


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(child)


def _explain(node: dict[str, Any]) -> None:
    """Say in Chinese what is expected, where an editor looks for it."""
    options = node.get("enum")
    if isinstance(options, list) and "enumDescriptions" not in node:
        words = next((words for words in WORDS_OF.values() if {*map(str, words)} == {*options}), {})
        node["enumDescriptions"] = [words[option] for option in options]
        node["errorMessage"] = f"从 {'、'.join(f'{option}（{words[option]}）' for option in options)} 里选"
    if isinstance(remedy := PATTERN_REMEDIES.get(str(node.get("pattern"))), str):
        node["patternErrorMessage"] = remedy
    title, about = node.get("title"), node.get("description")
    if isinstance(title, str) and title.isascii():  # the name of a class of ours, with what it is for us
        del node["title"]
        node.pop("description", None)
    elif isinstance(title, str) and isinstance(about, str):
        node["errorMessage"] = f"{title}：{about}"
