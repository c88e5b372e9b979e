"""The catalogues: what can be measured, the types of problems and countermeasures, the official values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from surveybase.diagnostics import Diagnostic
from surveybase.model import (
    Base,
    Concept,
    Indicator,
    KnowledgeBase,
    Match,
    Precision,
    Quantity,
    Ratio,
    ReferenceValue,
    Vocabulary,
)
from surveybase.reading import schema
from surveybase.reading.documents import Document, Key, read_data
from surveybase.reading.resolving import Resolver, file_name
from surveybase.reading.sources import Source


@dataclass(frozen=True)
class Documents:
    """The located documents behind a knowledge base, by id; catalogues by the name of their file.

    ``broken`` are the paths of the files that dropped out: what refers to them is not wrong for that.
    """

    reports: Mapping[str, Document] = field(default_factory=dict)
    communities: Mapping[str, Document] = field(default_factory=dict)
    catalogues: Mapping[str, Document] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Catalogues:
    """What all reports refer to: a base without communities, and the documents behind it."""

    base: KnowledgeBase = field(default_factory=KnowledgeBase)
    documents: Documents = field(default_factory=Documents)


def read_catalogues(sources: Iterable[Source]) -> tuple[Catalogues, list[Diagnostic]]:
    """The catalogues that there are among ``sources``."""
    assembly = _CatalogueAssembly()
    assembly.read({file_name(source): source for source in sources})
    return assembly.catalogues(), assembly.diagnostics


class _CatalogueAssembly(Resolver):
    """The tables of the catalogues while they are read."""

    def __init__(self) -> None:
        super().__init__()
        self._catalogues: dict[str, Document] = {}
        self._groups: Mapping[str, str] = {}
        self._bases: dict[str, Base] = {}
        self._indicators: dict[str, Indicator] = {}
        self._vocabularies: dict[str, Vocabulary] = {}
        self._problem_types: dict[str, Concept] = {}
        self._countermeasure_types: dict[str, Concept] = {}
        self._reference_values: dict[str, ReferenceValue] = {}

    def catalogues(self) -> Catalogues:
        base = KnowledgeBase(
            groups=self._groups,
            indicators=self._indicators,
            problem_types=self._problem_types,
            countermeasure_types=self._countermeasure_types,
            vocabularies=self._vocabularies,
            reference_values=self._reference_values,
        )
        return Catalogues(base, Documents({}, {}, self._catalogues, frozenset(self.broken)))

    def read(self, sources: Mapping[str, Source]) -> None:
        self._read_indicators(sources.get("indicators"))
        self._read_standards(sources.get("standards"))
        self._problem_types = self._read_concepts("problems", sources.get("problems"))
        self._countermeasure_types = self._read_concepts("countermeasures", sources.get("countermeasures"))

    def _read_indicators(self, source: Source | None) -> None:
        loaded = self.load(source, read_data, schema.IndicatorsFile) if source else None
        if not loaded:
            return
        document, entries = loaded
        self._catalogues["indicators"] = document
        self._groups = entries.groups
        for id in entries.bases:
            self.resolve(id, entries.indicators, "指标", document, ("bases", id))
        self._bases = {id: Base(id, entry.label, entry.times) for id, entry in entries.bases.items()}
        for id, entry in entries.indicators.items():
            path: tuple[Key, ...] = ("indicators", id)
            self.resolve(entry.group, entries.groups, "组", document, (*path, "group"))
            for i, part in enumerate(entry.parts):
                for j, part_id in enumerate(part):
                    self.resolve(part_id, entries.indicators, "指标", document, (*path, "parts", i, j))
            if entry.ratio:
                self.resolve(entry.ratio.of, entries.indicators, "指标", document, (*path, "ratio", "of"))
                self.resolve(entry.ratio.per, entries.indicators, "指标", document, (*path, "ratio", "per"))
            base = (
                self.resolve(entry.base, self._bases, "折算基数", document, (*path, "base")) if entry.base else None
            )
            self._indicators[id] = Indicator(
                id=id,
                label=entry.label,
                alt=tuple(entry.alt),
                unit=entry.unit,
                also_units=entry.also_units,
                group=entry.group,
                definition=entry.definition,
                direction=entry.direction,
                parts=tuple(map(tuple, entry.parts)),
                ratio=Ratio(entry.ratio.of, entry.ratio.per, entry.ratio.times) if entry.ratio else None,
                base=base,
                is_date=entry.is_date,
                sensitive=entry.sensitive,
                range=(entry.range[0], entry.range[1]) if entry.range else None,
            )

    def _read_standards(self, source: Source | None) -> None:
        loaded = self.load(source, read_data, schema.StandardsFile) if source else None
        if not loaded:
            return
        document, entries = loaded
        self._catalogues["standards"] = document
        for id, item in entries.vocabularies.items():
            self._vocabularies[id] = Vocabulary(id, item.title, item.document, item.source, tuple(item.labels))
        for id, entry in entries.reference_values.items():
            path = ("reference_values", id, "indicator")
            indicator = self.resolve(entry.indicator, self._indicators, "指标", document, path)
            quantity = quantity_of(entry)
            if indicator and quantity:
                self._reference_values[id] = ReferenceValue(
                    id=id,
                    indicator=indicator.id,
                    quantity=quantity,
                    document=entry.document,
                    number=entry.number,
                    in_force_from=entry.in_force_from,
                    in_force_to=entry.in_force_to,
                    level=entry.applies_to.level,
                    setting=entry.applies_to.setting,
                    source=entry.source,
                )

    def _read_concepts(self, name: str, source: Source | None) -> dict[str, Concept]:
        loaded = self.load(source, read_data, schema.ConceptsFile) if source else None
        if not loaded:
            return {}
        document, file = loaded
        self._catalogues[name] = document
        entries = file.root
        concepts: dict[str, Concept] = {}
        for id, entry in entries.items():
            if entry.broader:
                self.resolve(entry.broader, entries, "上位概念", document, (id, "broader"))
            for i, related in enumerate(entry.related):
                self.resolve(related, entries, "相关概念", document, (id, "related", i))
            matches = []
            for i, match in enumerate(entry.close_match):
                path = (id, "close_match", i, "vocabulary")
                if vocabulary := self.resolve(match.vocabulary, self._vocabularies, "官方词表", document, path):
                    matches.append(Match(vocabulary, match.label))
            concepts[id] = Concept(
                id=id,
                label=entry.label,
                alt=tuple(entry.alt),
                definition=entry.definition,
                broader=entry.broader if entry.broader in entries else None,
                related=tuple(item for item in entry.related if item in entries),
                close_match=tuple(matches),
            )
        return concepts


def quantity_of(entry: schema.QuantityEntry) -> Quantity | None:
    if entry.range is not None:
        return Quantity(entry.range[0], high=entry.range[1])
    if entry.value is not None:
        return Quantity(entry.value, entry.precision or Precision.EXACT)
    return None
