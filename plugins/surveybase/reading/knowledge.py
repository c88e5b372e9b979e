"""Reports and communities to a KnowledgeBase with its references resolved.

What is broken drops out and leaves its diagnostics: a file that cannot be read, or an entry whose references do
not exist. The next file is read all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from surveybase.diagnostics import Diagnostic
from surveybase.model import (
    Citation,
    Community,
    Countermeasure,
    Indicator,
    KnowledgeBase,
    Observation,
    Outcome,
    Place,
    Problem,
    Report,
    Survey,
)
from surveybase.reading import schema
from surveybase.reading.catalogues import Catalogues, Documents, quantity_of
from surveybase.reading.documents import Document, Key, read_data, read_report
from surveybase.reading.resolving import Resolver, file_name
from surveybase.reading.sources import Source, Sources


def assemble(sources: Sources, catalogues: Catalogues) -> tuple[KnowledgeBase, Documents, list[Diagnostic]]:
    """Read, check and connect the reports and communities of ``sources``."""
    assembly = _Assembly(catalogues)
    assembly.read(sources)
    return assembly.base(), assembly.documents(), assembly.diagnostics


class _Assembly(Resolver):
    """The reports and communities of one knowledge base while it is put together."""

    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__()
        self._catalogues = catalogues
        self.broken |= catalogues.documents.broken
        self._report_documents: dict[str, Document] = {}
        self._community_documents: dict[str, Document] = {}
        self._reports: dict[str, Report] = {}
        self._communities: dict[str, Community] = {}
        self._other_reports: frozenset[str] = frozenset()

    def base(self) -> KnowledgeBase:
        return replace(self._catalogues.base, communities=self._communities, reports=self._reports)

    def documents(self) -> Documents:
        return Documents(
            self._report_documents,
            self._community_documents,
            self._catalogues.documents.catalogues,
            frozenset(self.broken),
        )

    def read(self, sources: Sources) -> None:
        self._other_reports = sources.other_reports
        for source in sorted(sources.reports, key=file_name):
            self._read_report(source)
        for source in sorted(sources.communities, key=file_name):
            self._read_community(source)

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
        report = self.resolve(report_id, self._reports, "报告", document, path, self._other_reports)
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
            indicator = self.resolve(id, self._catalogues.base.indicators, "指标", document, where)
            if indicator is None:
                continue
            written = quantity_of(item)
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
            concept = self.resolve(item.type, self._catalogues.base.problem_types, "问题类型", document, where)
            if concept is None:
                continue
            quantity = quantity_of(item.affected) if item.affected else None
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
            concept = self.resolve(
                item.type, self._catalogues.base.countermeasure_types, "对策类型", document, (*where, "type")
            )
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
