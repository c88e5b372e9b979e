"""What a reviewer of a pull request needs: what may not come in, what is wrong, what changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import unified_diff
from pathlib import PurePosixPath

from surveybase.authoring.history import FILES, PARTED_ON_WINDOWS, Change
from surveybase.diagnostics import Diagnostic, Severity, as_text
from surveybase.formats import summary
from surveybase.reading.listing import folded
from surveybase.reading.pictures import LARGEST_PICTURE

CONTENT = ("docs", "data")
MADE = {
    ".cache": "构建时的缓存，每台电脑自己生成",
    ".venv": "本机的运行环境，由 make 生成",
    "site": "构建出来的网站，合并后自动生成",
    "dist": "打好的安装包",
    "plugins/form/node_modules": "表单用的程序包，由 make 取来",
    "plugins/surveybase/assets/form.js": "表单的程序，由 make 从 plugins/form/src 生成",
}
SCHEMAS, SCHEMA_SOURCES = "schemas", ("plugins", "data")
MEGABYTE = 1_000_000
LARGEST = {".md": MEGABYTE, ".yml": MEGABYTE, **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp"), LARGEST_PICTURE)}
LARGEST_OTHER = 2 * MEGABYTE
MOST_LISTED = 50
LONGEST = 60_000  # characters; a host takes 65,536 in a comment


def refusals(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """The files that cannot be taken, each with the reason and what to do."""
    from_source = any(PurePosixPath(item.path).parts[0] in SCHEMA_SOURCES for item in changes)
    found = []
    for item in changes:
        reason = _refusal(item, from_source=from_source)
        if reason:
            found.append((item.path, reason))
    return found


def _refusal(item: Change, *, from_source: bool) -> str:
    path = PurePosixPath(item.path)
    top = path.parts[0]
    if not item.mode:
        return ""  # taking such a file away is how it is mended
    name = folded(item.path)
    made = next((MADE[place] for place in MADE if f"{name}/".startswith(f"{place}/")), "")
    if made:
        return f"{made}，不要提交；从提交中删去即可"
    if PARTED_ON_WINDOWS & {*item.path}:
        return "名字里有反斜杠或冒号，在Windows上会写到别处；请改名"
    if top == SCHEMAS and not from_source:
        return "由 surveybase schema 生成，不要手改；请改它的来源，再运行这个命令"
    if item.mode not in FILES:
        return "是链接或子模块，不是普通文件；请换成文件本身"
    return _wrong_kind(path, item.size) if top in CONTENT else _too_large(item.size, LARGEST_OTHER)


def _wrong_kind(path: PurePosixPath, size: int) -> str:
    if path.suffix not in LARGEST:
        return f"这里只收 {'、'.join(LARGEST)} 文件；请删去，或者另存为其中一种"
    return _too_large(size, LARGEST[path.suffix])


def _too_large(size: int, largest: int) -> str:
    if size <= largest:
        return ""
    return f"有 {size / MEGABYTE:.1f} MB，最多 {largest // MEGABYTE} MB；请缩小或拆开"


def beyond_content(changes: Iterable[Change]) -> list[str]:
    """The changed files that are code or configuration, which a preview never runs."""
    return [item.path for item in changes if PurePosixPath(item.path).parts[0] not in CONTENT]


def comment(
    refused: Sequence[tuple[str, str]],
    findings: Sequence[Diagnostic],
    code: Sequence[str],
    differences: str,
    patch: str,
) -> str:
    """The comment under a pull request, in Markdown, never longer than a host takes."""
    failing = bool(refused) or any(item.severity is Severity.ERROR for item in findings)
    parts = ["## 自动检查", "还有要改的地方，改好推送后会重新检查。" if failing else "没有错误，可以请人审阅。"]
    if refused:
        parts += ["### 不能收的文件", _listed(f"{_code(path)}：{reason}" for path, reason in refused)]
    if findings:
        parts += [f"### 检查结果：{summary(findings)}", _listed(_code(as_text(item)) for item in findings)]
    if patch:
        parts.append("其中一部分可以自动改好：运行 `surveybase check --fix`，或者用附件里的 `fixes.patch`。")
    if code:
        parts += ["### 也改了代码或配置", "预览不会运行这些改动，请维护者细看：", _listed(map(_code, code))]
    if differences.strip():
        parts += ["### 数据和正文的变化", differences.strip()]
    whole = "\n\n".join(parts) + "\n"
    if len(whole) <= LONGEST:
        return whole
    part = whole[:LONGEST].rpartition("\n")[0]
    folded_in = part.count("<details>") > part.count("</details>")
    return (
        part
        + ("\n</details>" if folded_in else "")
        + "\n\n……太长，没有列完；全文请在本地运行 `surveybase diff`。\n"
    )


def _listed(lines: Iterable[str]) -> str:
    every = [f"- {line}" for line in lines]
    rest = len(every) - MOST_LISTED
    return "\n".join(every[:MOST_LISTED] + ([f"- ……还有 {rest} 处"] if rest > 0 else []))


def _code(text: str) -> str:
    """As code, in which nothing is a link, a picture or somebody's name."""
    printable = "".join(char if char.isprintable() else "�" for char in text)
    return "`" + printable.replace("`", "ˋ") + "`"


def patch(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What ``git apply`` takes to turn the texts of files into others."""
    lines: list[str] = []
    for path in sorted(after):
        old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (before[path], after[path]))
        for line in unified_diff(old, new, f"a/{path}", f"b/{path}"):
            lines.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)
