"""The two files of an imported report: the report itself and the community file with its candidates.

What a person has to confirm is marked; what nobody but a person knows is left empty, so that the check names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from surveybase.authoring.canonical import canonical, tree
from surveybase.authoring.comments import Comments, Path
from surveybase.importing.candidates import Candidates
from surveybase.importing.content import Block, Content, Paragraph
from surveybase.model import Level
from surveybase.reading.documents import Value
from surveybase.reading.schema import CommunityFile, ReportFile

CONFIRM = "# 待确认"
FILL = "# 待填"
LICENCE = "CC BY 4.0"


def report_text(content: Content, title: str, community: str, body: str) -> str:
    """The Markdown file of a report; ``title`` stands for a document that has none."""
    found: dict[str, Value] = {"title": content.title or title, "community": community, **_dates(content.blocks)}
    found |= {"authors": [_author(content.blocks)], "source": {"title": content.title or title}, "licence": LICENCE}
    marks: dict[Path, str] = {(field,): CONFIRM for field in ("title", "surveyed", "published") if field in found}
    marks[("authors",)] = f"{CONFIRM}：写机构或角色，不写私人姓名"
    marks[("licence",)] = f"{CONFIRM}：原作者同意按这个许可公开"
    marks[("source", "title")] = f"{CONFIRM}：原文的题名；知道的话补上 publisher（发布者）和 url（网址）"
    head = canonical(tree(found), ReportFile, Comments(beside=marks))
    return f"---\n{head}---\n\n{body}"


def community_text(content: Content, report: str, found: Candidates) -> str:
    """The YAML file of a community with the candidates of one report."""
    place: Path = ("reports", report)
    beside: dict[Path, str] = {("name",): CONFIRM, ("level",): CONFIRM}
    above: dict[Path, tuple[str, ...]] = {}
    group = ""
    for id in found.observations:
        path = (*place, "observations", id)
        beside[path] = f"{CONFIRM}：敏感人群的小数目不公开，正文里也要删去" if id in found.withheld else CONFIRM
        if found.groups[id] != group:
            group = found.groups[id]
            above[path] = (f"# {group}",)
    for field, entries in (("problems", found.problems), ("countermeasures", found.countermeasures)):
        for key in entries:
            others = "、".join(f"{item.id}（{item.label}）" for item in found.others[key])
            beside[*place, field, key] = f"{CONFIRM}；也可能是 {others}" if others else CONFIRM
            for empty in (name for name, value in entries[key].items() if value == []):
                beside[*place, field, key, empty] = FILL
    survey: dict[str, Value] = {
        "observations": dict(found.observations),
        "problems": dict(found.problems),
        "countermeasures": dict(found.countermeasures),
    }
    whole: dict[str, Value] = {
        "name": community_named(content) or SOME_COMMUNITY,
        "level": str(Level.COMMUNITY),
        "reports": {report: {field: value for field, value in survey.items() if value}},
    }
    return canonical(tree(whole), CommunityFile, Comments(above=above, beside=beside))


# --- What a document says of itself ---------------------------------------------------------------------

DATE = r"((?:19|20)[0-9]{2})\s*年(?:\s*([0-9]{1,2})\s*月)?(?:\s*([0-9]{1,2})\s*日)?"
SURVEYED = re.compile(
    rf"(?:调研|调查|走访)(?:时间|日期)?[：:于在 ]{{0,2}}{DATE}|{DATE}[^。；]{{0,12}}(?:调研|调查|走访)"
)
SIGNED = re.compile(DATE)
SOME_AUTHOR, SOME_COMMUNITY = "原调研者", "某社区"
EDGE = 3  # paragraphs at the end, where documents are signed
LONGEST_SIGNATURE = 30
AUTHOR = re.compile(
    r"(?:调研|执笔|作者|撰写)?(?:单位|机构|组织)?[：:]?\s*(\S{2,26}(?:居委会|居民委员会|村委会|办事处|党委|党支部|调研组|课题组|工作组|政府|民政局))"
)
NAME = re.compile(r"(?:.*关于|对|[一-鿿]{2,12}[省市])?([一-鿿－—-]{1,12}?社区)")


def _paragraphs(blocks: Iterable[Block]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def _dates(blocks: Iterable[Block]) -> dict[str, Value]:
    texts = _paragraphs(blocks)
    dates: dict[str, Value] = {}
    if match := next((match for text in texts if (match := SURVEYED.search(text))), None):
        dates["surveyed"] = _iso(match[1] or match[4], match[2] or match[5], match[3] or match[6])
    signed = (match for text in reversed(texts[-EDGE:]) if (match := SIGNED.fullmatch(text)))
    if match := next(signed, None):
        dates["published"] = _iso(match[1], match[2], match[3])
    return {field: date for field, date in dates.items() if date}


def _iso(year: str, month: str | None, day: str | None) -> str:
    """As much of the date as is given and can be."""
    for parts in ((year, month, day), (year, month)):
        try:
            whole = date(*(int(part or 0) for part in (*parts, "1")[:3]))
        except ValueError:
            continue
        return whole.isoformat()[: 10 if len(parts) == 3 else 7]
    return year


def _author(blocks: Iterable[Block]) -> str:
    texts = _paragraphs(blocks)
    edges = [*texts[:2], *texts[-EDGE:]]
    return next((match[1] for text in edges if (match := AUTHOR.fullmatch(text))), SOME_AUTHOR)


def community_named(content: Content) -> str:
    """The name of the community in the title; empty when there is none."""
    match = NAME.search(content.title)
    return match[1] if match else ""
