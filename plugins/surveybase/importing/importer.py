"""From a contributor's file to the files of a report, and what is left to do with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from surveybase.authoring.drafting import free_id
from surveybase.importing.candidates import CandidateFinder, Candidates
from surveybase.importing.content import Content, Picture, Unreadable
from surveybase.importing.documents import LARGEST_DOCUMENT, read_document
from surveybase.importing.drafts import community_named, community_text, report_text
from surveybase.importing.markdown import markdown
from surveybase.model import KnowledgeBase
from surveybase.reading.body import convert
from surveybase.reading.limits import LARGEST_TEXT
from surveybase.reading.resolving import id_fault


@dataclass(frozen=True, slots=True)
class Draft:
    """The new files by their paths below the project, and what was and was not found."""

    report: str
    community: str
    files: Mapping[str, bytes]
    content: Content
    candidates: Candidates
    is_id_given: bool

    @property
    def pictures(self) -> int:
        return sum(isinstance(block, Picture) for block in self.content.blocks)


def draft(
    file: Path, base: KnowledgeBase, *, id: str = "", community: str = "", docs: str = "docs", data: str = "data"
) -> Draft:
    """The files that the document ``file`` becomes; ``base`` holds the catalogues.

    The report has the id that is given, or one made from the name of the community in the title, or else from that
    of the file, which may be the name of who wrote it; the community has the id that is given, or the same.
    """
    id, community = _checked(id), _checked(community)
    is_id_given = bool(id)
    if file.stat().st_size > LARGEST_DOCUMENT:
        raise Unreadable(f"文件超过 {LARGEST_DOCUMENT // 1_000_000} MB，不读；请拆成几份，或者压缩图片")
    content = read_document(file.name, file.read_bytes())
    id = id or free_id(community_named(content) or file.stem, ())
    community = community or id
    pictures = [block for block in content.blocks if isinstance(block, Picture)]
    names = [f"images/{id}/{i}{picture.suffix}" for i, picture in enumerate(pictures, 1)]
    body = markdown(content.blocks, (f"../{name}" for name in names))
    if len(body) > LARGEST_TEXT:
        raise Unreadable(f"正文超过 {LARGEST_TEXT} 字，不读；请拆成几份报告")
    try:
        found = CandidateFinder(base).candidates(convert(body))
    except RecursionError:
        raise Unreadable("正文套得太深，转换不了；请把列表和表格改得简单一些") from None
    report = report_text(content, file.stem, community, body)
    files = {f"{docs}/{name}": picture.content for name, picture in zip(names, pictures, strict=True)}
    files[f"{docs}/reports/{id}.md"] = report.encode()
    files[f"{data}/communities/{community}.yml"] = community_text(content, id, found).encode()
    return Draft(id, community, files, content, found, is_id_given)


def _checked(id: str) -> str:
    if id and (fault := id_fault(id)):
        raise Unreadable(fault)
    return id
