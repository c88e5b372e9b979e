"""From the files of a unit to what it comes to: a pure function, whoever calls it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from surveybase.build.memory import ANCHORS
from surveybase.build.pickling import dumps
from surveybase.build.units import Compiled, Order, Parts, Setting
from surveybase.diagnostics import Diagnostic, Severity
from surveybase.digests import digest
from surveybase.model import KnowledgeBase
from surveybase.reading.documents import Fields, Node
from surveybase.reading.subject import Subject, nothing, read_subject
from surveybase.rules import judge
from surveybase.rules.exceptions import masked
from surveybase.rules.whole import anchors, internal_links, is_complete, used_entries, words


def compile_unit(
    order: Order, setting: Setting, converting: Callable[[str], None] = nothing
) -> tuple[Compiled, Parts]:
    """Read, check and render one unit; ``converting`` is told the path of each text before it is converted."""
    subject, unresolved = read_subject(
        order.unit.sources, setting.catalogues, refused=order.refused, converting=converting
    )
    findings = (*map(masked, unresolved), *judge(subject))
    compiled = Compiled(
        communities=tuple(subject.base.communities.values()),
        reports=tuple(subject.base.reports.values()),
        cases=_cases(subject.base, setting),
        pages=tuple(page.file for page in subject.pages),
        # A build tells no hints, of which there are more than of anything else.
        findings=findings if setting.publication is None else _without_hints(findings),
        named=tuple(sorted(set(_named(subject)))),
        used=tuple(sorted(used_entries(subject))),
        links=tuple(internal_links(subject)),
        is_complete=is_complete(subject),
    )
    places = {file: sorted(names) for file, names in anchors(subject).items()}
    parts = {ANCHORS: json.dumps(places).encode()}
    if setting.publication:
        # Half of the program: who only checks need not wait for it.
        from surveybase.build.parts import parts_for_readers  # noqa: PLC0415

        parts |= parts_for_readers(subject, setting, setting.publication)
    return compiled, parts


def _cases(base: KnowledgeBase, setting: Setting) -> str:
    """Stands for the data without the figures, of which there are more than of anything else."""
    rest = [
        replace(community, surveys=tuple(replace(survey, observations={}) for survey in community.surveys))
        for community in base.communities.values()
    ]
    return digest(dumps((rest, list(base.reports.values())), setting.catalogues.base))


def _without_hints(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(finding for finding in findings if finding.severity is not Severity.HINT)


def _named(subject: Subject) -> Iterator[str]:
    documents = subject.documents
    for document in documents.communities.values():
        reports = _child(document.root, "reports")
        yield from reports.keys if isinstance(reports, Fields) else ()
    for document in documents.reports.values():
        yield from words(_child(document.root, "community") or document.root, keys=False)


def _child(node: Node, name: str) -> Node | None:
    return node.values.get(name) if isinstance(node, Fields) else None
