"""Findings about contributed files, as data.

A diagnostic says where something is wrong, what was found there and how to mend it. It knows no output
format: text, JSON and annotations are made at the doors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: an error stops the build, a warning only a strict one, a hint none."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


SEVERITY_LABELS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.HINT: "提示"}

# Every code a finding can carry, with its severity and, in a few words, what it means.
CODES: dict[str, tuple[Severity, str]] = {
    "file-encoding": (Severity.ERROR, "文件不是 UTF-8"),
    "file-kind": (Severity.ERROR, "文件类型或文件名不能接受"),
    "file-size": (Severity.ERROR, "文件太大"),
    "file-picture": (Severity.ERROR, "图片不完整，或者不是图片"),
    "file-metadata": (Severity.ERROR, "图片里存着拍摄信息"),
    "text-invisible": (Severity.ERROR, "有看不见的字符"),
    "markdown-html": (Severity.ERROR, "正文里有 HTML"),
    "markdown-limit": (Severity.ERROR, "正文太长，或套得太深"),
    "markdown-failed": (Severity.ERROR, "正文转换不了"),
    "file-bom": (Severity.WARNING, "文件开头有看不见的 BOM"),
    "file-line-ends": (Severity.HINT, "换行是 Windows 或旧 Mac 的写法"),
    "front-matter-missing": (Severity.ERROR, "报告缺少开头的元数据"),
    "yaml-syntax": (Severity.ERROR, "YAML 写法有误"),
    "yaml-duplicate-key": (Severity.ERROR, "同一个键写了两次"),
    "yaml-ambiguous": (Severity.ERROR, "YAML 会读成别的意思，要加引号"),
    "yaml-unsupported": (Severity.ERROR, "用了不允许的 YAML 写法"),
    "yaml-tab": (Severity.ERROR, "缩进用了制表符"),
    "yaml-full-width": (Severity.ERROR, "YAML 的符号写成了全角"),
    "field-missing": (Severity.ERROR, "缺少必填的字段"),
    "field-unknown": (Severity.ERROR, "没有这个字段"),
    "field-type": (Severity.ERROR, "字段的类型不对"),
    "field-value": (Severity.ERROR, "字段的值不对"),
    "draft-unconfirmed": (Severity.WARNING, "导入时留下的记号还没有处理"),
    "date-order": (Severity.ERROR, "两个日期的先后不对"),
    "reference-unknown": (Severity.ERROR, "引用的编号不存在"),
    "reference-mismatch": (Severity.ERROR, "两处引用对不上"),
    "reference-unused": (Severity.WARNING, "没有被用到"),
    "catalogue-unused": (Severity.HINT, "目录里的这一项还没有人用"),
    "link-broken": (Severity.ERROR, "站内链接指向不存在的页面"),
    "link-unsafe": (Severity.ERROR, "链接或图片的网址不能用"),
    "anchor-broken": (Severity.ERROR, "链接指向页面里不存在的位置"),
    "image-description": (Severity.ERROR, "图片没有文字说明"),
    "evidence-missing": (Severity.ERROR, "引文不在报告里"),
    "evidence-ambiguous": (Severity.ERROR, "引文在报告里不止一处"),
    "evidence-figure": (Severity.ERROR, "引文里没有这个数"),
    "evidence-precision": (Severity.WARNING, "精度与引文的说法不一致"),
    "evidence-uncovered": (Severity.HINT, "报告里的数字还没有录入数据"),
    "arithmetic-parts": (Severity.ERROR, "分项之和与总数不符"),
    "arithmetic-ratio": (Severity.ERROR, "比率与算出来的不符"),
    "arithmetic-text": (Severity.WARNING, "报告正文里的算式不成立"),
    "value-implausible": (Severity.WARNING, "数值不合常理"),
    "value-jump": (Severity.WARNING, "与同一社区上一次调查相差十倍以上"),
    "taxonomy-cycle": (Severity.ERROR, "上位概念绕成了圈"),
    "taxonomy-depth": (Severity.ERROR, "分类超过两级"),
    "taxonomy-word": (Severity.ERROR, "同一个词属于两个概念"),
    "privacy-id": (Severity.ERROR, "有身份证号"),
    "privacy-id-suspect": (Severity.WARNING, "像身份证号，但校验码不对"),
    "privacy-card": (Severity.ERROR, "有银行卡号"),
    "privacy-mobile": (Severity.ERROR, "有手机号"),
    "privacy-landline": (Severity.WARNING, "有固定电话号码"),
    "privacy-plate": (Severity.ERROR, "有车牌号"),
    "privacy-address": (Severity.ERROR, "有门牌号或房号"),
    "privacy-account": (Severity.ERROR, "有社交账号"),
    "privacy-email": (Severity.WARNING, "有电子邮箱"),
    "privacy-name": (Severity.WARNING, "像是私人姓名"),
    "privacy-count": (Severity.ERROR, "敏感人群的人数太小"),
    "privacy-subtraction": (Severity.ERROR, "不公开的数可以用减法算出来"),
    "exception-unused": (Severity.WARNING, "登记的例外已经用不上"),
}

# What a file may declare to be right after all: judgements about the world, never about how the file is written.
EXCEPTABLE = frozenset(
    {
        *("evidence-precision", "evidence-uncovered"),
        *("arithmetic-parts", "arithmetic-ratio", "arithmetic-text", "value-implausible", "value-jump"),
        *(code for code in CODES if code.startswith("privacy-")),
    }
)

# What can often be mended without asking the author: what was meant is beyond doubt.
FIXABLE = frozenset(
    {
        *("file-bom", "file-line-ends", "text-invisible"),
        *("yaml-tab", "yaml-full-width", "yaml-ambiguous", "field-type", "field-unknown"),
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text: line and column, both counted from 1, columns in characters."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; ``path`` is relative to the project, with forward slashes."""

    path: str
    position: Position = Position()

    def __str__(self) -> str:
        return f"{self.path}:{self.position.line}:{self.position.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. ``field`` is a dotted path, ``value`` what was found; either may be empty."""

    location: Location
    code: str
    message: str
    help: str
    field: str = ""
    value: str = ""

    @property
    def severity(self) -> Severity:
        return CODES[self.code][0]


LONGEST_VALUE = 60

# Words of contributors must neither begin a line in a log nor steer a terminal.
CONTROLS = dict.fromkeys([*range(32), *range(127, 160), 0x2028, 0x2029], "\ufffd") | {ord("\n"): "⏎"}


def as_text(diagnostic: Diagnostic) -> str:
    """The finding as one line of Chinese text: place, severity, code, field, message, value, remedy."""
    value = diagnostic.value
    if len(value) > LONGEST_VALUE:
        value = value[: LONGEST_VALUE - 1] + "…"
    field = f"{diagnostic.field}：" if diagnostic.field else ""
    found = f"；写的是“{value}”" if value else ""
    severity = SEVERITY_LABELS[diagnostic.severity]
    line = (
        f"{diagnostic.location}: {severity} {diagnostic.code} {field}{diagnostic.message}{found}；{diagnostic.help}"
    )
    return line.translate(CONTROLS)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each finding once, by file, line and column."""
    return sorted(dict.fromkeys(diagnostics), key=_place_and_words)


def _place_and_words(item: Diagnostic) -> tuple[str, int, int, str, str, str, str, str]:
    # Compared at once: thousands of findings are.
    place = item.location
    position = place.position
    return place.path, position.line, position.column, item.code, item.message, item.help, item.field, item.value


def errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [item for item in diagnostics if item.severity is Severity.ERROR]
