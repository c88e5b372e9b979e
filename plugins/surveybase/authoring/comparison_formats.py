"""A comparison as Markdown for a comment on a pull request, and as JSON.

What was contributed is data here: in Markdown it neither makes links, pictures, HTML or another table, nor calls
anyone; private numbers are masked in both.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from surveybase.authoring.comparison import Comparison, Group, Row, State
from surveybase.diagnostics import SEVERITY_LABELS, Diagnostic
from surveybase.reading.invisible import INVISIBLE
from surveybase.rules.private import masked

STATES = {
    State.NEW: "新增",
    State.REMOVED: "删去",
    State.CHANGED: "修改",
    State.UNREADABLE: "读不了",
    State.MENDED: "原来读不了，现在改好",
}

LONGEST_CELL = 300  # characters
LEAD = 30  # characters shown before the first that differs
LONGEST = 60_000  # characters; a comment on GitHub may have 65,536
FOLDED_FROM = 40  # rows


def markdown(comparison: Comparison) -> str:
    """A summary, then a table for each file."""
    parts = ["".join(_summary(comparison)), *(_table(group) for group in comparison.groups)]
    written, length = list[str](), 0
    for number, part in enumerate(parts):
        length += len(part)
        if length > LONGEST:
            written.append(f"\n……还有 {len(parts) - number} 个文件的变化太长，没有列出。\n")
            break
        written.append(part)
    return "".join(written)


def _summary(comparison: Comparison) -> Iterator[str]:
    if not comparison.groups:
        yield "报告和数据没有变化。\n"
    else:
        states = Counter(group.state for group in comparison.groups)
        counts = "，".join(f"{label} {states[state]} 个文件" for state, label in STATES.items() if states[state])
        yield f"报告和数据：{counts}。\n"
    yield f"\n检查：{_findings('新增', comparison.come)}；{_findings('消除', comparison.gone)}。\n"
    far = [(group, row) for group in comparison.groups for row in group.rows if row.factor is not None]
    if far:
        yield "\n**请核对：这些数变成了两倍以上，或不到一半**\n\n"
        for group, row in far:
            yield f"- {cell(group.title)}，{cell(row.what)}：{cell(row.before)} → {cell(row.after)}{_factor(row)}\n"
    for group in comparison.groups:
        if group.state is State.UNREADABLE:
            yield f"\n**`{group.path}`读不了**，先照检查结果改正，才看得出改了什么。\n"


def _findings(word: str, findings: Sequence[Diagnostic]) -> str:
    counts = Counter(item.severity for item in findings)
    said = "，".join(
        f"{counts[severity]} 处{label}" for severity, label in SEVERITY_LABELS.items() if counts[severity]
    )
    codes = Counter(item.code for item in findings)
    listed = "、".join(f"{code} {count}" for code, count in sorted(codes.items()))
    return f"{word} {said}（{listed}）" if findings else f"没有{word}"


def _factor(row: Row) -> str:
    return f"（{row.factor:.1f} 倍）" if row.factor else ""


def _table(group: Group) -> str:
    if group.state is State.UNREADABLE:
        return ""
    rows = "".join(_row(row, UNREAD if group.state is State.MENDED else NOTHING) for row in group.rows)
    table = f"\n| 项目 | 原来 | 现在 |\n| --- | --- | --- |\n{rows}"
    heading = f"\n### {STATES[group.state]}：{cell(group.title)}\n\n`{group.path}`\n"
    if len(group.rows) < FOLDED_FROM:
        return heading + table
    return f"{heading}\n<details><summary>{len(group.rows)} 处</summary>\n{table}\n</details>\n"


def _row(row: Row, nothing: str) -> str:
    """``nothing`` stands for what was not said before."""
    before, after = _around(*(said and masked(said) for said in (row.before, row.after)))
    sign = "⚠️ " if row.factor is not None else ""
    return f"| {sign}{cell(row.what)} | {nothing if before is None else cell(before)} | {cell(after)} |\n"


def _around(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Both, cut to what is about the first difference when they are long."""
    if before is None or after is None or max(len(before), len(after)) <= LONGEST_CELL:
        return before, after
    same = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    start = max(0, same - LEAD)
    lead = "…" if start else ""
    return lead + before[start:], lead + after[start:]


NOTHING, UNREAD = "（没有）", "（读不了）"
# Signs that mean something to Markdown within a line, and what the host makes addresses and names of.
SIGNS = re.compile(r"([\\`*_\[\]#|~$:])")
CALLS = re.compile(r"[@#](?=\w)|(?<=:)(?=//)|(?i:(?<=www)(?=\.))|(?i:(?<=gh)(?=-[0-9]))")
APART = "\u2060"  # no blank, but the words beside it are no address and no name any more


def cell(text: str | None) -> str:
    """The words as they can stand anywhere in the Markdown, on one line."""
    if text is None:
        return NOTHING
    text = masked(text)  # before it is cut: half a number is not known as one
    if len(text) > LONGEST_CELL:
        text = f"{text[: LONGEST_CELL - 1]}…"
    text = INVISIBLE.sub("\ufffd", text.replace("\n", " "))
    text = CALLS.sub(lambda match: f"{match[0]}{APART}", " ".join(text.split()))
    return html.escape(SIGNS.sub(r"\\\1", text), quote=False)


def as_json(comparison: Comparison) -> str:
    """An object with files, each with its rows, and the findings that have come and gone."""
    return (
        json.dumps(
            {
                "files": [
                    {
                        "path": group.path,
                        "title": masked(group.title),
                        "state": group.state.value,
                        "changes": [_record(row) for row in group.rows],
                    }
                    for group in comparison.groups
                ],
                "findings": {
                    "new": [_finding(item) for item in comparison.come],
                    "gone": [_finding(item) for item in comparison.gone],
                },
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _record(row: Row) -> dict[str, Any]:
    return {
        "what": masked(row.what),
        "before": None if row.before is None else masked(row.before),
        "after": None if row.after is None else masked(row.after),
        "factor": None if row.factor is None else float(round(row.factor, 2)),
    }


def _finding(item: Diagnostic) -> dict[str, Any]:
    return {"code": item.code, "severity": item.severity.value, "file": item.location.path, "message": item.message}


FORMATS: Mapping[str, Callable[[Comparison], str]] = {"markdown": markdown, "json": as_json}
