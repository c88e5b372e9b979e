"""Canonical YAML: one text for the same data and comments, however they were written before."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from own_data import own_sources
from properties import bounded, fewer
from pydantic import BaseModel
from surveybase.authoring.canonical import canonical, tree
from surveybase.authoring.comments import comments_of
from surveybase.reading import schema
from surveybase.reading.documents import Fields, Items, Node, Scalar, Value, plain, read_data
from surveybase.reading.source import Source

REPORTS = """\
name: 东社区
level: community
reports:
  east-2012:
    observations:
"""


def root_of(text: str) -> Node:
    document, findings = read_data(Source("data/a.yml", text))
    assert document and not findings, (text, findings)
    return document.root


def formatted(text: str, model: type[BaseModel] = schema.CommunityFile) -> str:
    root = root_of(text)
    return canonical(root, model, comments_of(text, root))


def same(text: str, expected: str) -> None:
    assert formatted(text) == expected
    assert formatted(expected) == expected


def test_fields_stand_in_the_order_of_the_schema_and_ones_own_keys_as_given() -> None:
    same(
        "reports:\n  east-2012:\n    problems: {}\n    observations:\n"
        "      residents:\n        quote: 合计12548人\n        value: 12548\n      area: {quote: 约1, value: 1}\n"
        "other: 1\nlevel: 'community'\nname: \"东社区\"\n",
        f"{REPORTS}      residents: {{value: 12548, quote: 合计12548人}}\n      area: {{value: 1, quote: 约1}}\n"
        "    problems: {}\nother: 1\n",
    )


@pytest.mark.parametrize("digits", ["27.30", "0.000001", "100", "0", "-5", "+5"])
def test_a_number_keeps_its_digits(digits: str) -> None:
    text = f"{REPORTS}      area: {{value: {digits}, quote: 面积}}\n"
    same(text, text)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("'650103'", '"650103"'),
        ('"东社区"', "东社区"),
        ("'是'", "是"),
        ('"no"', '"no"'),
        ('"012"', '"012"'),
        ("'12:30'", '"12:30"'),
        ("2012-09-01", "2012-09-01"),
        ("'a: b'", '"a: b"'),
        ("'a #b'", '"a #b"'),
        ("a#b", "a#b"),
        ("'“东”'", '"“东”"'),
        ("“东”社区", "“东”社区"),
        ('"a\\"b"', 'a"b'),
        ('"\\"a\\" b"', "'\"a\" b'"),
        ('"\\"a\\" \'b"', '"\\"a\\" \'b"'),
        ("'1.5.2'", '"1.5.2"'),
        ("'.5'", '".5"'),
        ("'<<'", '"<<"'),
        ("'- a'", '"- a"'),
        ("'{a}'", '"{a}"'),
        ("a, b", "a, b"),
        ("'\u3000a'", "\u3000a"),
        ('"a\\tb"', '"a\\tb"'),
        ('"\\x07"', '"\\u0007"'),
        ("''", '""'),
        ("~", "~"),
        ("a\n  b", "a b"),
        (">-\n  a\n  b", "a b"),
        ("|\n  a\n\n  b", "|\n  a\n\n  b"),
        ('"a\\nb"', "|-\n  a\n  b"),
        ('" a\\nb"', '" a\\nb"'),
        ('"a\\n\\n"', '"a\\n\\n"'),
    ],
)
def test_quotes_stand_only_where_the_text_would_be_read_as_something_else(written: str, expected: str) -> None:
    same(f"name: {written}\n", f"name: {expected}\n")


def test_in_brackets_and_braces_their_signs_are_quoted() -> None:
    same("name: ['a, b', '[c', 'f，g', h]\n", 'name: ["a, b", "[c", "f，g", h]\n')
    same(
        "name: a\nreports: {r: {observations: {area: {quote: 'a, b，c'}}}}\n",
        'name: a\nreports:\n  r:\n    observations:\n      area: {quote: "a, b，c"}\n',
    )


def test_a_comment_moves_with_the_entry_it_is_about() -> None:
    same(
        """\
# 文件

# 层级
level: community # 社区


# 名称
name: 东社区
reports: # 报告
  a:
    observations:
      # 面积
      area:
        # 约
        value: 1 # 一
        quote: 面积
      # 完
    # 还没有问题
  # 别的报告
# 文件完
""",
        """\
# 文件

# 名称
name: 东社区
# 层级
level: community  # 社区
reports:  # 报告
  a:
    observations:
      # 面积
      # 约
      area: {value: 1, quote: 面积}  # 一
      # 完
    # 还没有问题
  # 别的报告
# 文件完
""",
    )


def test_comments_within_brackets_behind_them_and_of_a_block_of_lines_are_kept() -> None:
    same(
        """\
name: [a,
  # 乙
  b
  ] # 丙
level: | # 丁
  x # 不是注释
  y
""",
        """\
# 乙
name: [a, b]  # 丙
level: |  # 丁
  x # 不是注释
  y
""",
    )


def test_what_is_said_of_the_first_field_of_an_item_stands_above_the_item() -> None:
    same(
        """\
exceptions:
- # 例外
  reason: 甲
  # 检查
  code: a
""",
        """\
exceptions:
  # 例外
  # 检查
  - code: a
    reason: 甲
""",
    )


def test_a_file_without_entries_keeps_its_comments() -> None:
    same("# 甲\n{} # 乙\n# 丙\n", "# 甲\n# 乙\n# 丙\n{}\n")


# --- Whatever is written -------------------------------------------------------------------------------

words = st.one_of(
    st.text(max_size=12),
    st.text(st.sampled_from("ab一，“”'\"\\:#-[]{},&*!|>%@`?~.01 \n\t\u3000\x85\u2028\ufeff\x00"), max_size=8),
    st.sampled_from(["no", "012", "12:30", "1e3", ".5", "~", "null", "<<", "---", "2012-09-01", "# a", "a #b"]),
).map(lambda text: text.encode(errors="ignore").decode())
numbers = st.integers(-(10**14), 10**14) | st.sampled_from([Decimal("27.30"), Decimal("0.000001")])
leaves = st.one_of(words, numbers, st.booleans(), st.none())
values: st.SearchStrategy[Any] = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=8
)
known = st.sampled_from(["name", "level", "place", "reports", "exceptions", "quote", "value", "addresses", "a b"])
mappings = st.dictionaries(known | words, values, min_size=1, max_size=5)


def digits(node: Node) -> Any:
    """The tree with the words of each leaf, so that 27.3 is not 27.30, and the order of keys."""
    if isinstance(node, Scalar):
        return node.text if not isinstance(node.value, str) else node.value, type(node.value)
    if isinstance(node, Items):
        return [digits(item) for item in node.items]
    return {key: digits(child) for key, child in node.values.items()}


@given(mappings, st.sampled_from([schema.CommunityFile, schema.ReportFile, schema.IndicatorsFile]))
@bounded
def test_any_values_are_written_so_that_they_are_read_again(
    value: dict[str, Value], model: type[BaseModel]
) -> None:
    text = canonical(tree(value), model)
    again = root_of(text)
    assert plain(again) == value
    assert canonical(again, model) == text


OWN: dict[str, type[BaseModel]] = {
    "data/indicators.yml": schema.IndicatorsFile,
    "data/problems.yml": schema.ConceptsFile,
    "data/countermeasures.yml": schema.ConceptsFile,
    "data/standards.yml": schema.StandardsFile,
}


def own_files() -> list[tuple[str, type[BaseModel], str]]:
    sources, _ = own_sources()
    return [
        (source.path, OWN.get(source.path, schema.CommunityFile), source.text)
        for source in (*sources.catalogues, *sources.communities)
    ]


@pytest.mark.parametrize(("path", "model", "text"), own_files())
def test_our_own_files_are_written_so(path: str, model: type[BaseModel], text: str) -> None:
    assert formatted(text, model) == text


REMARK = re.compile("#[^#\n]*")


def remarks(text: str) -> Counter[str]:
    return Counter(match[0].strip() for match in REMARK.finditer(text))


@given(st.randoms(use_true_random=False), mappings)
@bounded
def test_no_comment_is_lost_wherever_it_stands(chance: random.Random, value: dict[str, Value]) -> None:
    lines = []
    for i, line in enumerate(canonical(tree(_without(value, "#\n")), schema.CommunityFile).splitlines()):
        if chance.random() < 0.4:
            lines.append(chance.choice(["", " " * chance.randrange(8) + f"# {i} own"]))
        lines.append(line + (f" # {i} beside" if chance.random() < 0.4 else ""))
    lines.append(chance.choice(["", " " * chance.randrange(8) + "# at the end"]))
    text = "\n".join(lines) + "\n"
    once = formatted(text)
    assert plain(root_of(once)) == plain(root_of(text))
    assert remarks(once) == remarks(text)
    assert formatted(once) == once


def _without(value: Any, signs: str) -> Any:
    if isinstance(value, str):
        return re.sub(f"[{signs}]", "", value)
    if isinstance(value, list):
        return [_without(item, signs) for item in value]
    if isinstance(value, dict):
        return {_without(key, signs): _without(item, signs) for key, item in value.items()}
    return value


class Scrambling(yaml.SafeDumper):
    """Writes with quotes, brackets and line ends as it happens."""

    chance: random.Random

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: Scrambling, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=dumper.chance.choice([None, "'", '"']))


def _mapping(dumper: Scrambling, value: Mapping[str, Any]) -> yaml.Node:
    flow = dumper.chance.random() < 0.3
    return dumper.represent_mapping("tag:yaml.org,2002:map", list(value.items()), flow_style=flow)


Scrambling.add_representer(str, _text)
Scrambling.add_representer(dict, _mapping)
Scrambling.add_representer(
    Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}")
)


def shuffled(value: Any, names: frozenset[str], chance: random.Random) -> Any:
    """The fields of every record in another order; the order of one's own keys says something."""
    if isinstance(value, list):
        return [shuffled(item, names, chance) for item in value]
    if not isinstance(value, dict):
        return value
    pairs = [(key, shuffled(item, names, chance)) for key, item in value.items()]
    if names.issuperset(value):
        chance.shuffle(pairs)
    return dict(pairs)


FIELDS = frozenset(
    name
    for record in (
        *(schema.CommunityFile, schema.PlaceEntry, schema.SurveyEntry, schema.ObservationEntry),
        *(schema.ProblemEntry, schema.AffectedEntry, schema.CountermeasureEntry, schema.OutcomeEntry),
    )
    for name in record.model_fields
)


@given(
    st.randoms(use_true_random=False), st.sampled_from([file for file in own_files() if "communities" in file[0]])
)
@fewer
def test_the_same_data_is_the_same_text_however_it_was_written(
    chance: random.Random, file: tuple[str, type[BaseModel], str]
) -> None:
    _, model, text = file
    Scrambling.chance = chance
    value = shuffled(plain(root_of(text)), FIELDS, chance)
    scrambled = yaml.dump(
        value, Dumper=Scrambling, allow_unicode=True, sort_keys=False, width=chance.choice([20, 80, 1000]), indent=4
    )
    assert scrambled != text
    assert formatted(scrambled, model) == canonical(root_of(text), model)
    assert isinstance(root_of(scrambled), Fields)
