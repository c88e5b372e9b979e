"""Every kind of finding: what it means, why it is a finding, and an example of the wrong and of the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from surveybase.diagnostics import CODES, EXCEPTABLE, FIXABLE, SEVERITY_LABELS, Severity
from surveybase.reading.examples import REPEATED, Example, Files, example
from surveybase.views.figures import Target

CONTEXT = 2  # lines shown around a difference
LONGEST_SHOWN = 24

AREAS = {
    "文件与写法": ("file", "front", "yaml", "field", "draft", "date"),
    "引用与链接": ("reference", "catalogue", "link", "anchor", "image"),
    "引文与数字": ("evidence",),
    "算术与常理": ("arithmetic", "value"),
    "分类": ("taxonomy",),
    "隐私": ("privacy",),
}
OTHER_AREA = "其他"

EFFECTS = {
    Severity.ERROR: "错误：必须改正，有一处网站就生成不出来。",
    Severity.WARNING: "警告：要核对；发布网站时（--strict）也必须处理。",
    Severity.HINT: "提示：看一看，不改也可以。",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an example; ``differs`` when it is what the example is about. No number: lines are left out."""

    number: int | None
    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class ExampleFileView:
    """A file that the example is about, wrong and right; no right lines when it should not be there."""

    path: str
    how: str
    wrong: tuple[Line, ...]
    right: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CodeView:
    code: str
    meaning: str
    severity: str
    effect: str
    reason: str
    files: tuple[ExampleFileView, ...]
    findings: tuple[str, ...]
    can_be_excepted: bool
    can_be_mended: bool
    list: Target


@dataclass(frozen=True, slots=True)
class CodeEntry:
    code: str
    meaning: str
    severity: str
    target: Target


@dataclass(frozen=True, slots=True)
class CodeArea:
    title: str
    entries: tuple[CodeEntry, ...]


def codes_view() -> tuple[CodeArea, ...]:
    areas: dict[str, list[CodeEntry]] = {title: [] for title in (*AREAS, OTHER_AREA)}
    for code, (severity, meaning) in CODES.items():
        kind = code.partition("-")[0]
        title = next((title for title, kinds in AREAS.items() if kind in kinds), OTHER_AREA)
        areas[title].append(CodeEntry(code, meaning, SEVERITY_LABELS[severity], Target("code", code)))
    return tuple(CodeArea(title, tuple(entries)) for title, entries in areas.items() if entries)


def code_view(code: str) -> CodeView:
    severity, meaning = CODES[code]
    shown = example(code)
    return CodeView(
        code=code,
        meaning=meaning,
        severity=SEVERITY_LABELS[severity],
        effect=EFFECTS[severity],
        reason=shown.reason,
        files=tuple(_file(path, shown) for path in shown.changed),
        findings=tuple(line for line in shown.expected.splitlines() if f" {code} " in line),
        can_be_excepted=code in EXCEPTABLE,
        can_be_mended=code in FIXABLE,
        list=Target("codes"),
    )


def _file(path: str, shown: Example) -> ExampleFileView:
    wrong, right = _lines(shown.wrong, path), _lines(shown.right, path)
    matcher = SequenceMatcher(None, wrong, right, autojunk=False)
    same = [(block.a, block.b, block.size) for block in matcher.get_matching_blocks()]
    return ExampleFileView(
        path,
        _how(shown.wrong[path].how),
        tuple(_excerpt(wrong, {a + i for a, _, size in same for i in range(size)})),
        tuple(_excerpt(right, {b + i for _, b, size in same for i in range(size)})),
    )


# How the wrong file differs from what can be shown.
HOW = {
    "gb18030": "存成了 GBK",
    "utf-8-sig": "开头有看不见的 BOM",
    "escaped": "\\r 是回车，\\t 是制表符",
    "base64": "不是文字，这里写成 base64",
}


def _how(how: str) -> str:
    repeated = REPEATED.fullmatch(how)
    return f"每一行重复 {repeated[1]} 遍" if repeated else HOW.get(how, how)


def _lines(files: Files, path: str) -> list[str]:
    return files[path].text.splitlines() if path in files else []


def _excerpt(lines: Sequence[str], same: set[int]) -> Iterator[Line]:
    """The lines that differ, with those around them; all differ or none does: the beginning."""
    differing = [i for i in range(len(lines)) if i not in same]
    near = {j for i in differing for j in range(i - CONTEXT, i + CONTEXT + 1)}
    near = near or set(range(2 * CONTEXT + 1))
    if 0 < len(lines) <= LONGEST_SHOWN and not differing:
        near = set(range(min(len(lines), 2 * CONTEXT + 1)))
    left_out = False
    for i, text in enumerate(lines):
        if i not in near or len([j for j in near if j <= i]) > LONGEST_SHOWN:
            left_out = True
            continue
        if left_out:
            yield Line(None, "…")
            left_out = False
        yield Line(i + 1, text, i in differing and len(differing) < len(lines))
    if left_out:
        yield Line(None, "…")
