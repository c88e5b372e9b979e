"""The catalogues of concepts hold together."""

from __future__ import annotations

from collections.abc import Iterator

from surveybase.diagnostics import Diagnostic
from surveybase.model import Concept, Concepts, ancestry
from surveybase.reading.documents import Document, Key
from surveybase.rules.whole import Whole

MOST_LEVELS = 2


def two_levels_without_cycles(whole: Whole) -> Iterator[Diagnostic]:
    """Scope: base."""
    for document, concepts in _schemes(whole):
        for concept in concepts.values():
            above = list(ancestry(concept, concepts))
            where = document.location((concept.id, "broader"))
            if above[-1].broader is not None:
                yield Diagnostic(
                    where,
                    "taxonomy-cycle",
                    "上位概念绕成了圈",
                    "改正其中一个的 broader",
                    field=f"{concept.id}.broader",
                    value=concept.broader or "",
                )
            elif len(above) > MOST_LEVELS:
                yield Diagnostic(
                    where,
                    "taxonomy-depth",
                    "分类超过两级",
                    f"把 broader 改成 {above[-1].id}",
                    field=f"{concept.id}.broader",
                    value=concept.broader or "",
                )


def words_are_unique(whole: Whole) -> Iterator[Diagnostic]:
    """Scope: base. A word leads to one concept of a scheme."""
    for document, concepts in _schemes(whole):
        owners: dict[str, Concept] = {}
        for concept in concepts.values():
            for word, path in _words(concept):
                owner = owners.setdefault(word, concept)
                if owner is not concept:
                    yield Diagnostic(
                        document.location(path),
                        "taxonomy-word",
                        f"这个词已属于“{owner.label}”（{owner.id}）",
                        "从其中一个概念里删去",
                        field=".".join(map(str, path)),
                        value=word,
                    )


def indicator_labels_are_unique(whole: Whole) -> Iterator[Diagnostic]:
    """Scope: base. A label names one indicator."""
    owners: dict[str, str] = {}
    for id, indicator in whole.base.indicators.items():
        owner = owners.setdefault(indicator.label, id)
        if owner != id:
            path = ("indicators", id, "label")
            yield Diagnostic(
                whole.catalogues["indicators"].location(path),
                "taxonomy-word",
                f"这个名称已属于指标 {owner}",
                "两个指标是一回事就并成一个，不是就改名",
                field=".".join(path),
                value=indicator.label,
            )


def _words(concept: Concept) -> Iterator[tuple[str, tuple[Key, ...]]]:
    yield concept.label, (concept.id, "label")
    for i, word in enumerate(concept.alt):
        yield word, (concept.id, "alt", i)


def _schemes(whole: Whole) -> Iterator[tuple[Document, Concepts]]:
    catalogues = whole.catalogues
    if "problems" in catalogues:
        yield catalogues["problems"], whole.base.problem_types
    if "countermeasures" in catalogues:
        yield catalogues["countermeasures"], whole.base.countermeasure_types
