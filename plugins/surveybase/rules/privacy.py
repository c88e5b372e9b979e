"""Nothing about persons is published: not in the source, not as it is shown, and not by subtraction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from surveybase.diagnostics import CODES, Diagnostic, Location
from surveybase.model import Gap, Observation, Precision, Survey
from surveybase.reading.documents import Items, Node, Scalar
from surveybase.reading.marking import BLOCKS
from surveybase.reading.places import Lines, Places
from surveybase.reading.sources import Source, Sources
from surveybase.reading.subject import Subject
from surveybase.rules.disguises import undisguised
from surveybase.rules.private import Hit, hits

# Nothing private reaches over it: neither a number nor words with a blank between them.
BETWEEN_BLOCKS = "\n\0\n"
OF_BLOCKS = frozenset({"ul", "ol", "table", "thead", "tbody", "tr"})  # they say what their blocks say
NEAR = 16  # characters by which a place is told from others
LARGEST_HIDDEN = 9  # from ten on, a count no longer points at somebody

REMEDIES = {
    "privacy-name": "删去姓名，写成职务或身份；不是私人姓名的，在文件开头的 exceptions 里登记并说明理由",
    "privacy-landline": "删去；对外公开的服务电话，在 exceptions 里登记并说明理由",
    "privacy-email": "删去；对外公开的服务邮箱，在 exceptions 里登记并说明理由",
    "privacy-id-suspect": "是身份证号就删去；是别的编号，在 exceptions 里登记并说明理由",
    "privacy-address": "删去门牌号和房号，写到街道、小区为止",
}
DEFAULT_REMEDY = "删去；换一种写法也不行"


def sources_are_clean(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. Names, numbers and addresses in the source of every file, comments included."""
    for source in _texts(subject.sources):
        lines = Lines(source.text)
        for hit in hits(source.text):
            yield _finding(Location(source.path, lines.position(hit.start)), hit)


def values_are_clean(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. The same in values that are not read as they are written: with escapes, in several lines."""
    texts = {source.path: source.text for source in _texts(subject.sources)}
    documents = subject.documents
    for document in (*documents.reports.values(), *documents.communities.values(), *documents.catalogues.values()):
        text = texts.get(document.path)
        if text is None:  # a catalogue, which is judged by itself
            continue
        for scalar in _scalars(document.root):
            if scalar.text not in text:
                known = {(hit.code, _bare(hit.words)) for hit in hits(text)}
                for hit in hits(scalar.text):
                    if (hit.code, _bare(hit.words)) not in known:
                        yield _finding(Location(document.path, scalar.position), hit)


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    else:
        for child in node.items if isinstance(node, Items) else node.values.values():
            yield from _scalars(child)


def pages_are_clean(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: document. The same in the words that readers see: marks and links may cut a number in the source."""
    texts = {source.path: source.text for source in subject.sources.reports}
    for id, marked in subject.bodies.items():
        document = subject.documents.reports[id]
        known = {(hit.code, _bare(hit.words)) for hit in hits(texts[document.path])}
        places = Places(document)
        blocks = (
            "".join(element.itertext()).replace("\n", " ")  # a browser shows a line break as a blank
            for element in marked.body.root.iter()
            if element.tag in BLOCKS and element.tag not in OF_BLOCKS
        )
        paragraphs = frozenset(texts[document.path].split("\n\n"))  # those in the source have been looked at
        text = BETWEEN_BLOCKS.join(block for block in blocks if block not in paragraphs)
        for hit in hits(text):
            if (hit.code, _bare(hit.words)) not in known:
                known.add((hit.code, _bare(hit.words)))
                before = text[max(0, hit.start - NEAR) : hit.start].rpartition(BETWEEN_BLOCKS)[2]
                after = text[hit.end : hit.end + NEAR].partition(BETWEEN_BLOCKS)[0]
                yield _finding(places.find(before, text[hit.start : hit.end], after), hit)


def _bare(words: str) -> str:
    return re.sub(r"\W", "", words)


def _texts(sources: Sources) -> Iterator[Source]:
    yield from (sources.home,) if sources.home else ()
    yield from (*sources.pages, *sources.reports, *sources.communities, *sources.catalogues)


def _finding(where: Location, hit: Hit) -> Diagnostic:
    return Diagnostic(where, hit.code, CODES[hit.code][1], REMEDIES.get(hit.code, DEFAULT_REMEDY), value=hit.words)


# --- Small counts of protected groups -------------------------------------------------------------------

SMALL = r"(?<![0-9.,十百千万第])[1-9一二两三四五六七八九](?![0-9.十百千万余多几%])\s?(?:名|人|户|个|位)"


def small_counts_are_withheld(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: base. Counts from 1 to 9 of sensitive indicators stand neither in the data nor in a text."""
    sensitive = [item for item in subject.base.indicators.values() if item.sensitive]
    words = frozenset(word for item in sensitive for word in (item.label, *item.alt))
    for survey in subject.base.surveys.values():
        for observation in survey.observations.values():
            if observation.indicator.sensitive and _is_small(observation):
                yield _in_data(
                    subject,
                    survey,
                    observation,
                    "privacy-count",
                    f"“{observation.indicator.label}”是敏感人群，1 至 {LARGEST_HIDDEN} 的数不公开",
                    "删去数值，改写 status: withheld；报告正文里也删去这个数",
                )
    if not words:
        return
    pattern = _beside(words)
    for source in (*subject.sources.reports, *subject.sources.communities):
        plain = undisguised(source.text)
        for match in pattern.finditer(plain.text):
            yield Diagnostic(
                Location(source.path, Lines(source.text).position(plain.starts[match.start()])),
                "privacy-count",
                f"敏感人群的人数是 1 至 {LARGEST_HIDDEN}，不公开",
                "改成“具体人数不公开”",
                value=match[0].strip(),
            )


def _is_small(observation: Observation) -> bool:
    quantity = observation.quantity
    ends = (quantity.value, quantity.high) if quantity else ()
    return any(end is not None and 0 < end <= LARGEST_HIDDEN for end in ends)


@lru_cache(maxsize=1)
def _beside(words: frozenset[str]) -> re.Pattern[str]:
    """A small count just behind or before one of the words for a protected group; a table cell may lie between."""
    any_word = "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    return re.compile(
        rf"(?:{any_word})(?:[ |:：为是有共约计]|的?人数|的?户数|总数){{0,6}}{SMALL}"
        rf"|{SMALL}(?:的|是|为)?(?:{any_word})"
    )


def nothing_follows_by_subtraction(subject: Subject) -> Iterator[Diagnostic]:
    """Scope: community. What is withheld cannot be worked out from a total and the other parts."""
    for survey in subject.base.surveys.values():
        for id, indicator in subject.base.indicators.items():
            for parts in indicator.parts:
                members = [survey.observations.get(member) for member in (id, *parts)]
                hidden = [item for item in members if item and item.gap is Gap.WITHHELD]
                shown = [item for item in members if item and _exact(item) is not None]
                if len(hidden) == 1 and len(shown) == len(members) - 1:
                    labels = "、".join(item.indicator.label for item in shown)
                    yield _in_data(
                        subject,
                        survey,
                        hidden[0],
                        "privacy-subtraction",
                        f"“{hidden[0].indicator.label}”不公开，却可以用 {labels} 算出来",
                        "再藏一个数：总数，或另一个部分；报告正文里也一样",
                    )


def _exact(observation: Observation) -> Decimal | None:
    quantity = observation.quantity
    if quantity is None or quantity.high is not None or quantity.precision is not Precision.EXACT:
        return None
    return quantity.value


def _in_data(
    subject: Subject, survey: Survey, observation: Observation, code: str, message: str, remedy: str
) -> Diagnostic:
    path = ("reports", survey.report.id, "observations", observation.indicator.id)
    document = subject.documents.communities[survey.report.community]
    written = "status" if observation.gap else "value" if document.text_at((*path, "value")) else "range"
    return Diagnostic(
        document.location((*path, written)),
        code,
        message,
        remedy,
        field=".".join(path),
        value=document.text_at((*path, written)),
    )
