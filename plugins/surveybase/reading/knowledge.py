"""Located documents to a KnowledgeBase with its references resolved.

What is broken drops out and leaves its diagnostics: a file that cannot be read, or an entry whose references do
not exist. The next file is read all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from pydantic import BaseModel

from surveybase.diagnostics import Diagnostic
from surveybase.model import (
    Base,
    Citation,
    Community,
    Concept,
    Countermeasure,
    Indicator,
    KnowledgeBase,
    Match,
    Observation,
    Outcome,
    Place,
    Precision,
    Problem,
    Quantity,
    Ratio,
    ReferenceValue,
    Report,
    Survey,
    Vocabulary,
)
from surveybase.reading import schema
from surveybase.reading.documents import Document, Key, read_data, read_report
from surveybase.reading.resolving import Resolver, file_name
from surveybase.reading.sources import Source, Sources

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Documents:
    """The located documents behind a knowledge base, by id; catalogues by the name of their file.

    ``broken`` are the paths of the files that dropped out: what refers to them is not wrong for that.
    """

    reports: Mapping[str, Document] = field(default_factory=dict)
    communities: Mapping[str, Document] = field(default_factory=dict)
    catalogues: Mapping[str, Document] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()


def assemble(sources: Sources) -> tuple[KnowledgeBase, Documents, list[Diagnostic]]:
    """Read, check and connect all sources."""
    assembly = _Assembly()
    assembly.read(sources)
    return assembly.base(), assembly.documents(), assembly.diagnostics


class _Assembly(Resolver):
    """The tables of one knowledge base while it is put together."""

    def __init__(self) -> None:
        super().__init__()
        self._catalogues: dict[str, Document] = {}
        self._report_documents: dict[str, Document] = {}
        self._community_documents: dict[str, Document] = {}
        self._groups: Mapping[str, str] = {}
        self._bases: dict[str, Base] = {}
        self._indicators: dict[str, Indicator] = {}
        self._vocabularies: dict[str, Vocabulary] = {}
        self._problem_types: dict[str, Concept] = {}
        self._countermeasure_types: dict[str, Concept] = {}
        self._reference_values: dict[str, ReferenceValue] = {}
        self._reports: dict[str, Report] = {}
        self._communities: dict[str, Community] = {}

    def base(self) -> KnowledgeBase:
        return KnowledgeBase(
            communities=self._communities,
            reports=self._reports,
            groups=self._groups,
            indicators=self._indicators,
            problem_types=self._problem_types,
            countermeasure_types=self._countermeasure_types,
            vocabularies=self._vocabularies,
            reference_values=self._reference_values,
        )

    def documents(self) -> Documents:
        return Documents(
            self._report_documents, self._community_documents, self._catalogues, frozenset(self.broken)
        )

    def read(self, sources: Sources) -> None:
        catalogues = {file_name(source): source for source in sources.catalogues}
        self._read_indicators(catalogues.get("indicators"))
        self._read_standards(catalogues.get("standards"))
        self._problem_types = self._read_concepts("problems", catalogues.get("problems"))
        self._countermeasure_types = self._read_concepts("countermeasures", catalogues.get("countermeasures"))
        for source in sorted(sources.reports, key=file_name):
            self._read_report(source)
        for source in sorted(sources.communities, key=file_name):
            self._read_community(source)

    # --- catalogues ---

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
            quantity = _quantity(entry)
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

    # --- reports and communities ---

    def _read_report(self, source: Source) -> None:
        id = self.identity(source)
        loaded = self.load(source, read_report, schema.ReportFile)
        if not (id and loaded):
            return
        document, entry = loaded
        self._report_documents[id] = document
        self._reports[id] = Report(
            id=id,
            title=entry.title,
            community=entry.community,
            surveyed=entry.surveyed,
            published=entry.published,
            authors=tuple(entry.authors),
            source=Citation(**entry.source.model_dump()),
            licence=entry.licence,
            body=document.body,
        )

    def _read_community(self, source: Source) -> None:
        id = self.identity(source)
        loaded = self.load(source, read_data, schema.CommunityFile)
        if not (id and loaded):
            return
        document, entry = loaded
        self._community_documents[id] = document
        surveys = [
            survey
            for report_id, survey_entry in entry.reports.items()
            if (survey := self._survey(id, report_id, survey_entry, document))
        ]
        surveys.sort(key=lambda survey: (survey.report.surveyed or "", survey.report.id), reverse=True)
        self._communities[id] = Community(
            id=id,
            name=entry.name,
            level=entry.level,
            place=Place(**entry.place.model_dump()),
            surveys=tuple(surveys),
        )

    def _survey(
        self, community: str, report_id: str, entry: schema.SurveyEntry, document: Document
    ) -> Survey | None:
        path = ("reports", report_id)
        report = self.resolve(report_id, self._reports, "报告", document, path)
        if report is None:
            return None
        if report.community != community:
            self.diagnostics.append(
                Diagnostic(
                    document.location(path, key=True),
                    "reference-mismatch",
                    f"这份报告的 community 写的是 {report.community}，不是 {community}",
                    "改正报告开头的 community，或把这一段移到那个社区的文件里",
                    field=".".join(path),
                    value=report_id,
                )
            )
            return None
        observations = self._observations(report_id, entry, document, path)
        problems = self._problems(community, report_id, entry, document, path)
        countermeasures = self._countermeasures(community, report_id, entry, problems, document, path)
        return Survey(report, observations, tuple(problems.values()), countermeasures)

    def _observations(
        self, report: str, entry: schema.SurveyEntry, document: Document, path: tuple[Key, ...]
    ) -> dict[str, Observation]:
        found: dict[str, Observation] = {}
        for id, item in entry.observations.items():
            where = (*path, "observations", id)
            indicator = self.resolve(id, self._indicators, "指标", document, where)
            if indicator is None:
                continue
            written = _quantity(item)
            factor = self._factor(indicator, item.unit, document, where)
            if factor is None:
                continue
            found[id] = Observation(
                indicator=indicator,
                report=report,
                quantity=written.scaled(factor) if written else None,
                gap=item.status,
                written=(written, item.unit) if written and item.unit and factor != 1 else None,
                quote=item.quote,
            )
        return found

    def _factor(
        self, indicator: Indicator, unit: str | None, document: Document, path: tuple[Key, ...]
    ) -> Decimal | None:
        if unit is None or unit == indicator.unit:
            return Decimal(1)
        return self.resolve(unit, indicator.also_units, f"“{indicator.label}”的单位", document, (*path, "unit"))

    def _problems(
        self,
        community: str,
        report: str,
        entry: schema.SurveyEntry,
        document: Document,
        path: tuple[Key, ...],
    ) -> dict[str, Problem]:
        found: dict[str, Problem] = {}
        for key, item in entry.problems.items():
            where = (*path, "problems", key, "type")
            concept = self.resolve(item.type, self._problem_types, "问题类型", document, where)
            if concept is None:
                continue
            quantity = _quantity(item.affected) if item.affected else None
            found[key] = Problem(
                key=key,
                community=community,
                report=report,
                type=concept,
                title=item.title,
                quote=item.quote,
                affected=(quantity, item.affected.unit) if quantity and item.affected else None,
            )
        return found

    def _countermeasures(
        self,
        community: str,
        report: str,
        entry: schema.SurveyEntry,
        problems: Mapping[str, Problem],
        document: Document,
        path: tuple[Key, ...],
    ) -> tuple[Countermeasure, ...]:
        found: list[Countermeasure] = []
        for key, item in entry.countermeasures.items():
            where = (*path, "countermeasures", key)
            concept = self.resolve(item.type, self._countermeasure_types, "对策类型", document, (*where, "type"))
            addresses = [
                # A problem that dropped out for a reason of its own is not also an unknown reference.
                problems.get(problem)
                if document.holds((*path, "problems"), problem)
                else self.resolve(problem, problems, "问题", document, (*where, "addresses", i))
                for i, problem in enumerate(item.addresses)
            ]
            if concept is None:
                continue
            found.append(
                Countermeasure(
                    key=key,
                    community=community,
                    report=report,
                    type=concept,
                    title=item.title,
                    addresses=tuple(problem for problem in addresses if problem),
                    who=tuple(item.who),
                    status=item.status,
                    quote=item.quote,
                    outcome=Outcome(item.outcome.text, item.outcome.date, item.outcome.quote)
                    if item.outcome
                    else None,
                )
            )
        return tuple(found)


def _quantity(entry: schema.QuantityEntry) -> Quantity | None:
    if entry.range is not None:
        return Quantity(entry.range[0], high=entry.range[1])
    if entry.value is not None:
        return Quantity(entry.value, entry.precision or Precision.EXACT)
    return None
