"""Text to located tree: every YAML node keeps the line and column it was read from.

YAML is read as a stream of events, with caps, and the tree is built here: the composer of the C library
crashes on deep nesting, keeps the last of two equal keys without a word, and YAML 1.1 turns ``no``, ``012``
and ``12:30`` into something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, TypeAlias

import yaml

from surveybase.diagnostics import Diagnostic, Location, Position
from surveybase.reading.source import Source

DEEPEST = 12
MOST_NODES = 50_000

Key: TypeAlias = str | int
Value: TypeAlias = "bool | int | Decimal | str | list[Value] | dict[str, Value] | None"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf: the text as written and the value it stands for."""

    position: Position
    text: str
    value: bool | int | Decimal | str | None


@dataclass(frozen=True, slots=True)
class Items:
    """A sequence."""

    position: Position
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping; keys keep their own positions and are unique."""

    position: Position
    keys: dict[str, Position]
    values: dict[str, Node]


Node: TypeAlias = Scalar | Items | Fields


@dataclass(frozen=True, slots=True)
class Document:
    """A file's located data, and for a report the Markdown body with the line it begins on."""

    path: str
    root: Node
    body: str = ""
    body_line: int = 1

    def location(self, path: Sequence[Key] = (), *, key: bool = False) -> Location:
        """Where the node at ``path`` stands; the nearest node above it when there is none.

        With ``key`` the position of the last key itself rather than of its value.
        """
        node, position = self.root, self.root.position
        for step in path:
            if isinstance(node, Fields) and step in node.values:
                position = node.keys[str(step)]
                node = node.values[str(step)]
            elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                position = node.position
            else:
                return Location(self.path, position)
        return Location(self.path, position if key else node.position)

    def at(self, path: Sequence[Key]) -> Node | None:
        """The node at ``path``, if there is one."""
        node = self.root
        for step in path:
            if isinstance(node, Fields) and step in node.values:
                node = node.values[str(step)]
            elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                return None
        return node

    def holds(self, path: Sequence[Key], key: str) -> bool:
        """Whether the mapping at ``path`` was written with ``key``, right or wrong."""
        node = self.at(path)
        return isinstance(node, Fields) and key in node.keys

    def text_at(self, path: Sequence[Key]) -> str:
        """The scalar at ``path`` as it was written, empty when it is not a scalar."""
        node = self.at(path)
        return node.text if isinstance(node, Scalar) else ""


def plain(node: Node) -> Value:
    """The node as ordinary Python values, numbers with a fraction as Decimal."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.values.items()}


def read_data(source: Source) -> tuple[Document | None, list[Diagnostic]]:
    """A YAML file as a document; None when its tree cannot be built."""
    root, diagnostics = _read_yaml(source.text, source.path, first_line=1)
    return (Document(source.path, root) if root else None), diagnostics


FENCE = "---"


def read_report(source: Source) -> tuple[Document | None, list[Diagnostic]]:
    """A Markdown file with YAML front matter between two lines of ``---``."""
    lines = source.text.split("\n")
    closing = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if not lines or lines[0].rstrip() != FENCE or closing is None:
        return None, [
            Diagnostic(
                Location(source.path),
                "front-matter-missing",
                "文件开头没有元数据",
                "第一行写 ---，接着写 title、community 等字段，再以单独一行 --- 结束",
                value=lines[0] if lines else "",
            )
        ]
    front = "\n".join(lines[1:closing]) + "\n"
    root, diagnostics = _read_yaml(front, source.path, first_line=2)
    if root is None:
        return None, diagnostics
    body = "\n".join(lines[closing + 1 :])
    return Document(source.path, root, body, body_line=closing + 2), diagnostics


# YAML 1.1 also ends lines at these, editors do not; as white space they keep every position.
OTHER_LINE_ENDS = str.maketrans(dict.fromkeys("\r\x85\u2028\u2029", " "))


def _read_yaml(text: str, path: str, first_line: int) -> tuple[Node | None, list[Diagnostic]]:
    text = text.translate(OTHER_LINE_ENDS)
    reader = _TreeBuilder(path, first_line)
    reader.diagnostics += _tabs(text, path, first_line)
    if reader.diagnostics:
        return None, reader.diagnostics
    try:
        root = reader.build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        return None, [*reader.diagnostics, _syntax_error(error, text, path, first_line)]
    except _Unsupported as error:
        return None, [*reader.diagnostics, error.diagnostic]
    if not isinstance(root, Fields):
        position = root.position if root else Position(first_line)
        line = "".join(text.split("\n")[position.line - first_line :][:1])  # an empty file's may lie behind its end
        colon = FULL_WIDTH_COLON.match(line)
        if colon:
            return None, [*reader.diagnostics, _full_width_colon(colon, path, position.line)]
        finding = Diagnostic(
            Location(path, position),
            "yaml-syntax",
            "内容应当是“键: 值”的形式",
            "每行写“键: 值”，冒号用半角，后面空一格",
            value=root.text if isinstance(root, Scalar) else "",
        )
        return None, [*reader.diagnostics, finding]
    return root, reader.diagnostics


class _Unsupported(Exception):
    """A construct that stops the reading of this file."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class _TreeBuilder:
    """Builds the tree of one YAML document from its events."""

    def __init__(self, path: str, first_line: int) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._path = path
        self._first_line = first_line
        self._nodes = 0

    def build(self, events: Iterator[yaml.Event]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._unsupported(event, "一个文件里有两段 YAML", "去掉中间的 ---")
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, depth=1)
        return root

    def _node(self, event: Any, events: Iterator[yaml.Event], depth: int) -> Node:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise self._unsupported(event, f"数据超过 {MOST_NODES} 项", "拆成几个文件")
        if depth > DEEPEST:
            raise self._unsupported(event, f"嵌套超过 {DEEPEST} 层", "检查是否多写了括号或缩进")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self._unsupported(event, "不能用锚点（&）和别名（*）", "把内容直接写出来，或给文字加引号")
        if event.tag is not None:
            raise self._unsupported(event, "不能用类型标签（!）", "去掉标签，或给文字加引号")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(event, events, depth)
        return self._fields(event, events, depth)

    def _items(self, start: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Items:
        items: list[Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, depth + 1))
            self._judge_item(start, event)
        return Items(self._position(start), tuple(items))

    def _judge_item(self, start: Any, event: Any) -> None:
        in_brackets = start.flow_style and isinstance(event, yaml.ScalarEvent) and not event.style
        if in_brackets and FULL_WIDTH_COMMA.search(event.value):
            self._report(
                self._position(event),
                "yaml-full-width",
                "方括号里的逗号是全角的，几项会连成一项",
                "各项之间用半角逗号；逗号是内容的，给这一项加上引号",
                event.value,
            )

    def _fields(self, start: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Fields:
        keys: dict[str, Position] = {}
        values: dict[str, Node] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            if not isinstance(key, Scalar):
                raise self._unsupported(event, "键必须是一个词", "检查括号和冒号")
            value = self._node(next(events), events, depth + 1)
            if key.text in keys:
                self._report(
                    key.position,
                    "yaml-duplicate-key",
                    f"键 {key.text} 写了两次，第一次在第 {keys[key.text].line} 行",
                    "删去一处，或改成不同的键",
                    key.text,
                )
            else:
                keys[key.text] = key.position
                values[key.text] = value
        return Fields(self._position(start), keys, values)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        position, text = self._position(event), event.value
        if not event.style and FULL_WIDTH_QUOTES.fullmatch(text):
            self._report(
                position,
                "yaml-full-width",
                "整个值写在中文引号里，引号会成为内容",
                f"引号不是内容的，删去或改成半角；是内容的，外面再加半角引号：'{text}'",
                text,
            )
        if not event.implicit[0]:  # quoted or a block: text, whatever it looks like
            return Scalar(position, text, text)
        if meaning := _ambiguity(text):
            message = f"不加引号会被有的软件读成{meaning}"
            self._report(position, "yaml-ambiguous", message, f'如果就是要写这几个字，加上引号："{text}"', text)
            return Scalar(position, text, text)
        return Scalar(position, text, _resolve(text))

    def _position(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        assert mark is not None  # the parser gives one to every event
        return Position(mark.line + self._first_line, mark.column + 1)

    def _report(self, position: Position, code: str, message: str, remedy: str, value: str) -> None:
        self.diagnostics.append(Diagnostic(Location(self._path, position), code, message, remedy, value=value))

    def _unsupported(self, event: yaml.Event, message: str, remedy: str) -> _Unsupported:
        where = Location(self._path, self._position(event))
        return _Unsupported(Diagnostic(where, "yaml-unsupported", message, remedy))


INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
CONSTANTS = {"": None, "null": None, "~": None, "true": True, "false": False}
LONGEST_NUMBER = 16  # so that whatever is worked out from numbers stays within the precision of Decimal

# What YAML 1.1 readers make of an unquoted word, in the order tried.
AMBIGUITIES = (
    (re.compile(r"(?i:y|n|yes|no|on|off)|True|TRUE|False|FALSE"), "“是”或“否”"),
    (re.compile(r"Null|NULL"), "空值"),
    (re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?"), "八进制数，或丢掉开头的 0"),
    (re.compile(r"[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?"), "六十进制数"),
    (re.compile(r"[-+]?0[xob][0-9a-fA-F_]+|[-+]?[0-9]+_[0-9_]*"), "另一个数"),
    (re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+|[-+]?\.(?i:inf|nan)"), "科学记数法或无穷大"),
)


def _ambiguity(text: str) -> str | None:
    return next((meaning for pattern, meaning in AMBIGUITIES if pattern.fullmatch(text)), None)


def _resolve(text: str) -> bool | int | Decimal | str | None:
    if text in CONSTANTS:
        return CONSTANTS[text]
    if len(text) <= LONGEST_NUMBER:
        if INTEGER.fullmatch(text):
            return int(text)
        if DECIMAL.fullmatch(text):
            return Decimal(text)
    return text


TAB = re.compile(r"^ *(\t)", re.MULTILINE)


def _tabs(text: str, path: str, first_line: int) -> list[Diagnostic]:
    """Every line that is indented with a tab: YAML stops at the first, or takes it for something else."""
    return [
        Diagnostic(
            Location(path, Position(text.count("\n", 0, match.start()) + first_line, match.end(1) - match.start())),
            "yaml-tab",
            "缩进用了制表符",
            "改成空格，每一级两个",
        )
        for match in TAB.finditer(text)
    ]


# A whole value in Chinese quotation marks, as if they were YAML's; a list in which Chinese commas part the items.
FULL_WIDTH_QUOTES = re.compile(r"“[^“”]*”|‘[^‘’]*’|「[^「」]*」|＂[^＂]*＂|＇[^＇]*＇")
FULL_WIDTH_COMMA = re.compile(r"[，、]")

FULL_WIDTH_COLON = re.compile(r"\s*(?:- )?[\w-]+(：)")
FARTHEST_BACK = 10  # lines with ``：`` that are tried


def _full_width_colon(colon: re.Match[str], path: str, line: int) -> Diagnostic:
    return Diagnostic(
        Location(path, Position(line, colon.start(1) + 1)),
        "yaml-full-width",
        "冒号是全角的“：”",
        "改成半角冒号，后面空一格",
        value=colon.string.strip(),
    )


def _guilty_colon(lines: list[str], stop: int) -> tuple[int, re.Match[str]] | None:
    """The key with ``：`` for which YAML stops at the line ``stop``, counted from 0, and the line it stands on.

    YAML stops at a later line, and any other ``：`` is rightful text: guilty is the nearest one above with whose
    mending, and that of those between, the reader gets further.
    """
    mended = [*lines[: stop + 1], ""]
    reach = _reach(mended)
    above = ((i, match) for i in range(stop, -1, -1) if (match := FULL_WIDTH_COLON.match(lines[i])))
    for i, match in islice(above, FARTHEST_BACK):
        mended[i] = f"{lines[i][: match.start(1)]}: {lines[i][match.end(1) :]}"
        if _reach(mended) > reach:
            return i, match
    return None


def _reach(lines: list[str]) -> int:
    """The line at which YAML stops, counted from 0; behind the last one when it does not."""
    try:
        for _ in yaml.parse("\n".join(lines), Loader=yaml.CSafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        return error.problem_mark.line if error.problem_mark else 0
    except yaml.YAMLError:
        return 0
    return len(lines)


# The phrases of the YAML library that contributors meet, in Chinese, with the remedy.
SYNTAX_HINTS = (
    (
        "cannot start any token",
        "有不能出现在这里的字符（常见的是制表符、@、`、%）",
        "缩进用空格；以这些字符开头的文字加引号",
    ),
    ("mapping values are not allowed", "这里不该有冒号", "文字里有“: ”时，整段加引号"),
    ("expected <block end>", "缩进不齐", "同一级的键左边对齐，缩进用空格"),
    ("could not find expected ':'", "键后面缺冒号", "写成“键: 值”，冒号用半角"),
    ("found unexpected end of stream", "引号或括号没有结束", "补上结尾的引号或括号"),
    ("expected ',' or", "花括号或方括号里缺逗号，或没有结束", "各项之间用半角逗号，结尾补上括号"),
    ("control characters are not allowed", "有看不见的控制字符", "删去该字符"),
    ("special characters are not allowed", "有看不见的控制字符", "删去该字符"),
)


def _syntax_error(error: yaml.YAMLError, text: str, path: str, first_line: int) -> Diagnostic:
    said = str(error)
    message, remedy = next(
        ((message, remedy) for phrase, message, remedy in SYNTAX_HINTS if phrase in said),
        ("YAML 读不下去", "检查这一行和上一行的冒号、引号、括号和缩进"),
    )
    lines = text.split("\n")
    position = Position(first_line)
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        if guilty := _guilty_colon(lines, min(error.problem_mark.line, len(lines) - 1)):
            return _full_width_colon(guilty[1], path, guilty[0] + first_line)
        position = Position(error.problem_mark.line + first_line, error.problem_mark.column + 1)
    elif isinstance(error, yaml.reader.ReaderError):
        # The C library counts bytes.
        before = text.encode()[: error.position].decode(errors="ignore") if isinstance(error.position, int) else ""
        position = Position(before.count("\n") + first_line, len(before) - (before.rfind("\n") + 1) + 1)
    index = position.line - first_line
    return Diagnostic(
        Location(path, position),
        "yaml-syntax",
        message,
        remedy,
        value=lines[index].strip() if index < len(lines) else "",
    )
