"""What is left to do with an imported report, in Chinese: the end of the command's output."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from surveybase.diagnostics import Diagnostic, Severity, as_text
from surveybase.importing.drafts import CONFIRM, FILL
from surveybase.importing.importer import Draft

MOST_LISTED = 20
UNCOVERED = "evidence-uncovered"
MARKED = "draft-unconfirmed"


def advice(draft: Draft, findings: Sequence[Diagnostic]) -> Iterator[str]:
    """Lines to print; ``findings`` are those of the check about the new files."""
    yield "已写："
    yield from (f"  {path}" for path in draft.files)
    if draft.content.left_out:
        yield "没有读到："
        yield from (f"  {words}" for words in dict.fromkeys(draft.content.left_out))
    yield "接下来："
    for number, step in enumerate(_steps(draft, findings), 1):
        first, *others = step
        yield f"{number}. {first}"
        yield from (f"   {line}" for line in others)


def _steps(draft: Draft, findings: Sequence[Diagnostic]) -> Iterator[list[str]]:
    found = draft.candidates
    private = [item for item in findings if item.code.startswith("privacy-")]
    told = {MARKED, *(item.code for item in private)}
    other = [item for item in findings if item.severity is not Severity.HINT and item.code not in told]
    uncovered = [item for item in findings if item.code == UNCOVERED]
    if private:
        yield ["不能公布的内容，先删去或改写：", *_listed(map(as_text, private))]
    yield [
        f"核对 {len(found.observations)} 个数字、{len(found.problems)} 个问题、"
        f"{len(found.countermeasures)} 条对策：与原文一致的删去“{CONFIRM}”，不对的改正或删去整条"
    ]
    if not draft.is_id_given:
        ids = dict.fromkeys((draft.report, draft.community))
        yield [
            f"确认编号 {'、'.join(ids)}，它会出现在网址里，不能含私人姓名："
            "要换，就移开已写的文件，加上 --id、--community 再导入"
        ]
    if other:
        yield [f"填上空着的（“{FILL}”），改正检查指出的：", *_listed(_alike(other))]
    if draft.pictures:
        yield [f"给 {draft.pictures} 张图片写文字说明，写在报告里的 ![ ] 中间；有人脸、姓名、车牌的图片不用"]
    if uncovered:
        where = "、".join(f"第 {item.location.position.line} 行的 {item.value}" for item in uncovered[:MOST_LISTED])
        more = f"等 {len(uncovered)} 处" if len(uncovered) > MOST_LISTED else ""
        yield [f"报告里没有对上指标的数，是指标的补上，不是的不用管：{where}{more}"]
    paths = " ".join(path for path in draft.files if path.endswith((".md", ".yml")))
    yield [f"改完再检查一遍：surveybase check {paths}"]


def _alike(findings: Iterable[Diagnostic]) -> Iterator[str]:
    """One line for all findings of one kind about one field: the same empty field stands in every entry."""
    kinds: dict[tuple[str, str, str, str], list[Diagnostic]] = defaultdict(list)
    for item in findings:
        kinds[item.location.path, item.code, item.field.rpartition(".")[2], item.message].append(item)
    for first, *others in kinds.values():
        rows = "、".join(str(item.location.position.line) for item in others[:MOST_LISTED])
        yield f"{as_text(first)}{f'（第 {rows} 行也是）' if others else ''}"


def _listed(lines: Iterable[str]) -> Iterator[str]:
    every = [*lines]
    yield from every[:MOST_LISTED]
    if len(every) > MOST_LISTED:
        yield f"还有 {len(every) - MOST_LISTED} 处，运行 surveybase check 查看"
