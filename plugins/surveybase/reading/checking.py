"""A located document as a record of the schema, with all that is wrong with its shape."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from surveybase.diagnostics import Diagnostic
from surveybase.reading.documents import DEEPEST, Document, Key, plain
from surveybase.reading.pruning import leave_out

Model = TypeVar("Model", bound=BaseModel)


def check(model: type[Model], document: Document) -> tuple[Model | None, list[Diagnostic]]:
    """The document as ``model``, and all that is wrong with its shape.

    What is wrong is left out, an entry at a time, so that the rules judge the rest in the same run; None when
    nothing is left that has the shape of the file.
    """
    value, findings = plain(document.root), list[Diagnostic]()
    for _ in range(DEEPEST):
        try:
            return model.model_validate(value), findings
        except ValidationError as error:
            details = error.errors(include_url=False)
            # What leaving out makes incomplete is no finding: its author wrote it.
            findings = findings or [_diagnostic(item, model, document) for item in details]
            if not leave_out(value, map(_wrong_part, details)):
                return None, findings
    return None, findings


def _wrong_part(error: ErrorDetails) -> tuple[Key, ...]:
    if error["type"] == "missing" or error["loc"][-1:] == ("[key]",):
        return error["loc"][:-1]
    return error["loc"]


def _diagnostic(error: ErrorDetails, model: type[BaseModel], document: Document) -> Diagnostic:
    # A key that is itself wrong is reported by pydantic as (..., key, "[key]").
    wrong_key = error["loc"][-1:] == ("[key]",)
    path = error["loc"][:-1] if wrong_key else error["loc"]
    kind = error["type"]
    name = str(path[-1]) if path else ""
    fields = fields_at(model, path[:-1])
    code, message, remedy = _explain(error, wrong_key, name, fields)
    title = f"（{fields[name]}）" if name in fields else ""
    return Diagnostic(
        document.location(path, key=wrong_key or kind == "extra_forbidden"),
        code,
        message,
        remedy,
        field=".".join(map(str, path)) + title,
        value=name if wrong_key else document.text_at(path),
    )


SLUG_REMEDY = "用小写英文字母、数字和连字符，以字母开头，如 road-blocked"
INDICATOR_REMEDY = "用小写英文字母、数字和下划线，以字母开头，如 resident_households"


# Code, message and remedy by the validator's kind of error.
EXPLANATIONS = {
    "string_type": ("field-type", "要填文字", "给它加上引号，或检查缩进"),
    "too_short": ("field-value", "不能为空", "至少填一项；确实没有就删去这个字段"),
    "string_too_short": ("field-value", "不能为空", "填上内容；确实没有就删去这个字段"),
    "bool_type": ("field-type", "要填 true 或 false", "改成 true 或 false，不加引号"),
    "bool_parsing": ("field-type", "要填 true 或 false", "改成 true 或 false，不加引号"),
    "list_type": ("field-type", "要填一个列表", "写成 [甲, 乙]"),
    "dict_type": ("field-type", "这里要再分几个字段", "另起几行，缩进两格，逐个写“键: 值”"),
    "model_type": ("field-type", "这里要再分几个字段", "另起几行，缩进两格，逐个写“键: 值”"),
    "number": ("field-type", "要填纯数字", "去掉引号、单位、逗号和“约”“多”等字，另用 unit、precision 说明"),
}


def _explain(error: ErrorDetails, wrong_key: bool, name: str, known: Iterable[str]) -> tuple[str, str, str]:
    """Code, message and remedy for one error of the validator."""
    kind, context = error["type"], error.get("ctx", {})
    match kind:
        case _ if error["input"] is None and kind != "extra_forbidden":
            found = ("field-missing", "还空着", "填上；不是必填的，不知道就删去这一行")
        case "missing":
            found = ("field-missing", "缺少这一项", f"补上 {name}")
        case "extra_forbidden":
            near = nearest(name, known)
            found = (
                "field-unknown",
                "没有这个字段",
                f"是不是 {near}？" if near else f"可用的有 {'、'.join(known)}",
            )
        case "enum" | "literal_error" if f"'{error['input']}'" in context["expected"]:
            found = EXPLANATIONS["string_type"]  # a code written as a number
        case "enum" | "literal_error":
            expected = context["expected"].replace(" or ", "、").replace(", ", "、")
            found = ("field-value", "不是可选的值", f"从 {expected} 里选")
        case "string_pattern_mismatch":
            remedy = PATTERN_REMEDIES.get(str(context.get("pattern")), "照说明改写")
            found = ("field-value", "键的写法不对" if wrong_key else "写法不对", remedy)
        case "too_short" if context.get("actual_length"):
            found = ("field-value", "项数不够", f"要有 {context['min_length']} 项")
        case "too_long" | "string_too_long":
            found = ("field-value", "太长", f"不超过 {context.get('max_length')} 个")
        case _:
            found = EXPLANATIONS.get(kind, ("field-value", error["msg"], "照提示修改"))
    return found


PATTERN_REMEDIES = {
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$": SLUG_REMEDY,
    r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$": INDICATOR_REMEDY,
    r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$": "写 2、4、6、9 或 12 位数字，加引号",
    r"^https?://[^\s<>\"']+$": "以 http:// 或 https:// 开头，不含空格和引号",
}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like ``word``, if one is like it at all."""
    word = word[:80]  # the comparison takes the square of the length; no known word is as long
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), None)


@cache
def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one kind of file."""
    return model.model_json_schema()


def fields_at(model: type[BaseModel], path: Iterable[Key]) -> dict[str, str]:
    """The titles of the fields of the record that stands at ``path`` below ``model``, by field name."""
    schema = json_schema(model)
    node = schema
    for step in path:
        node = child(resolve(node, schema), step)
    properties = resolve(node, schema).get("properties", {})
    return {name: field.get("title", name) for name, field in properties.items()}


def resolve(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """``node`` with its reference followed, and of an optional value the part that is not null."""
    while True:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        elif "anyOf" in node:
            node = next((part for part in node["anyOf"] if part.get("type") != "null"), {})
        else:
            return node


def child(node: dict[str, Any], step: Key) -> dict[str, Any]:
    if isinstance(step, int):
        return dict(node.get("items", {}))
    by_pattern = next(iter(node.get("patternProperties", {}).values()), None)
    return dict(node.get("properties", {}).get(step) or by_pattern or node.get("additionalProperties") or {})
