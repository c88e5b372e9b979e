"""A new report with its community, to be filled in: every field of the schema with what it means.

What is given is written, what is required and not given stands empty, so that the check names it; what may be
left out is explained in comments.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from surveybase.authoring.canonical import NOWHERE, STEP, Shape, canonical, tree
from surveybase.authoring.comments import Comments, Lines, Path, comments_of
from surveybase.chinese import pinyin_key
from surveybase.reading.documents import FENCE, Document, Fields, Node, Value
from surveybase.reading.listing import DEVICES
from surveybase.reading.schema import CommunityFile, ReportFile, SurveyEntry

PARTS = ("基本情况", "问题", "对策")
KEY = "编号"  # of an entry whose key is chosen by who fills it in

LONGEST_STEM = 40  # of an id that is made, short enough for a number behind it
MOST_SYLLABLES = 4
# What nearly every name has, and no id needs.
COMMON = re.compile(r"社区|居委会|居民委员会|村委会|街道|办事处|[省市区县镇乡村某]|调[研查]|报告")


def report_text(given: Mapping[str, Value]) -> str:
    """The Markdown file of a report; ``given`` are fields of its front matter."""
    draft = _Draft()
    data = draft.record(Shape.of(ReportFile), given, ())
    body = "".join(f"\n## {part}\n" for part in PARTS)
    return f"{FENCE}\n{canonical(data, ReportFile, draft.comments())}{FENCE}\n{body}"


def community_text(given: Mapping[str, Value], report: str) -> str:
    """The YAML file of a community with an empty entry for the report."""
    draft = _Draft()
    data = draft.record(Shape.of(CommunityFile), {**given, "reports": {}}, ())
    data.values["reports"] = Fields(NOWHERE, {}, {report: draft.survey(report)})
    return canonical(data, CommunityFile, draft.comments())


def with_report(text: str, document: Document, report: str) -> str:
    """The text of a community's file with an empty entry for one more report; nothing else of it changes."""
    comments = comments_of(text, document.root)
    draft = _Draft(dict(comments.above), dict(comments.below), dict(comments.beside))
    root = document.root
    assert isinstance(root, Fields)
    entries = root.values.get("reports")
    former = entries.values if isinstance(entries, Fields) else {}
    reports = Fields(NOWHERE, {}, {**former, report: draft.survey(report)})
    return canonical(
        Fields(root.position, root.keys, {**root.values, "reports": reports}), CommunityFile, draft.comments()
    )


@dataclass
class _Draft:
    """The comments of a file while it is drafted."""

    above: dict[Path, Lines] = field(default_factory=dict)
    below: dict[Path, Lines] = field(default_factory=dict)
    beside: dict[Path, str] = field(default_factory=dict)

    def comments(self) -> Comments:
        return Comments(self.above, self.beside, self.below)

    def survey(self, report: str) -> Fields:
        """An empty entry for a report in the file of its community."""
        return self.record(Shape.of(SurveyEntry), {}, ("reports", report))

    def record(self, shape: Shape, given: Mapping[str, Value], path: Path) -> Fields:
        """The fields of a record that are given, required or can stand empty; the others in comments."""
        found: dict[str, Node] = {}
        pending: Lines = ()
        for name, about in shape.fields():
            child, inner = shape.child(name), given.get(name)
            is_required = name in shape.required
            if not (name in given or is_required or child.entry or not child.has_parts):
                pending = (*pending, *_commented(_outline(name, about, child)))
                continue
            if child.is_record:
                found[name] = self.record(child, inner if isinstance(inner, dict) else {}, (*path, name))
            else:
                found[name] = tree(given.get(name, about.get("default")))
            outline = () if name in given or child.entry is None else _entry_outline(child.entry)
            self.above[*path, name] = (*pending, *_commented([explained(about, is_required=is_required), *outline]))
            pending = ()
        if pending:
            self.below[path] = pending
        return Fields(NOWHERE, dict.fromkeys(found, NOWHERE), found)


def _commented(lines: Iterable[str]) -> Lines:
    return tuple(f"# {line}" for line in lines)


def explained(about: Mapping[str, Any], *, is_required: bool) -> str:
    """What a field means, in one line."""
    return f"{about.get('title')}{'（必填）' if is_required else ''}：{about.get('description')}"


def _outline(name: str, about: Mapping[str, Any], shape: Shape, *, is_required: bool = False) -> Iterator[str]:
    """The lines of a field that is not there yet, with all that can stand in it."""
    yield f"{name}:  # {explained(about, is_required=is_required)}"
    for line in _entry_outline(shape.entry) if shape.entry else _inner_outline(shape):
        yield f"{STEP}{line}"


def _entry_outline(shape: Shape) -> Iterator[str]:
    yield f"{KEY}:"
    for line in _inner_outline(shape):
        yield f"{STEP}{line}"


def _inner_outline(shape: Shape) -> Iterator[str]:
    for name, about in shape.fields():
        yield from _outline(name, about, shape.child(name), is_required=name in shape.required)


# --- Ids -----------------------------------------------------------------------------------------------


def free_id(name: str, taken: Collection[str]) -> str:
    """An id made of the sounds of the name that nothing has yet."""
    syllables = re.findall("[a-z0-9]+", " ".join(pinyin_key(COMMON.sub("", name))))
    stem = "-".join(syllables[:MOST_SYLLABLES])[:LONGEST_STEM].strip("-")
    if not re.match("[a-z]", stem) or stem in DEVICES:
        stem = f"community-{stem}".strip("-")
    candidates = (stem if i == 1 else f"{stem}-{i}" for i in range(1, len(taken) + 2))
    return next(id for id in candidates if id not in taken)
