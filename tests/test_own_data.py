"""The project's own reports and data: nothing is wrong with them, and the order of the files does not matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest
from compiling import contents_of
from own_data import PROJECT, own_sources, own_subject
from surveybase.addresses import made_pages, source_file
from surveybase.check import examine
from surveybase.diagnostics import Severity, as_text
from surveybase.hosting import Publication, Repository
from surveybase.outputs import FolderOutput, PageOutput
from surveybase.reading.sources import Source, Sources
from surveybase.reading.subject import read_subject
from surveybase.site import plan


def test_nothing_is_wrong_with_the_own_data() -> None:
    findings = examine(PROJECT, PROJECT / "docs", PROJECT / "data")
    assert [as_text(finding) for finding in findings if finding.severity is not Severity.HINT] == []


def test_the_own_data_is_all_there() -> None:
    subject, _ = own_subject()
    assert len(subject.base.reports) >= 5
    assert set(subject.base.surveys) == set(subject.base.reports)
    assert all(survey.observations and survey.problems for survey in subject.base.surveys.values())


def test_every_quote_of_the_own_data_is_marked_in_its_report() -> None:
    subject, _ = own_subject()
    for id, survey in subject.base.surveys.items():
        marked = {element.get("id") for element in subject.bodies[id].body.root.iter("mark")}
        observed = {item.anchor for item in survey.observations.values() if item.quote}
        problems = {problem.anchor for problem in survey.problems}
        countermeasures = {item.anchor for item in survey.countermeasures}
        assert observed | problems | countermeasures <= marked


Order = Callable[[tuple[Source, ...]], tuple[Source, ...]]


def shuffled(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    return tuple(Random(1).sample(sources, len(sources)))


def backwards(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    return sources[::-1]


def outputs(sources: Sources) -> Iterator[tuple[str, str | bytes]]:
    """Address and content of everything that the site has, in order."""
    repository = Repository("github", "https://example.org/repo", "main")
    publication = Publication("社区调研知识库", "https://example.org/", repository)
    contents, _ = contents_of(sources, publication)
    for output in plan(contents, publication):
        if isinstance(output, PageOutput):
            yield output.file, output.render().html
        elif isinstance(output, FolderOutput):
            yield from output.content().items()
        else:
            yield output.uri, output.content()


def test_the_pages_that_a_link_may_lead_to_are_those_of_the_site() -> None:
    contents, _ = contents_of(own_sources()[0], Publication("x"))
    planned = {output.file for output in plan(contents, Publication("x")) if isinstance(output, PageOutput)}
    assert planned == {source_file(target) for target in made_pages(contents.base)} | contents.texts.keys()


@pytest.mark.parametrize("order", [shuffled, backwards])
def test_the_order_of_the_files_does_not_matter(order: Order) -> None:
    sources, _ = own_sources()
    other = replace(
        sources,
        reports=order(sources.reports),
        communities=order(sources.communities),
        catalogues=order(sources.catalogues),
    )
    assert other != sources
    subject, findings = read_subject(other)
    assert subject.base == own_subject()[0].base
    assert findings == own_subject()[1]
    assert list(outputs(other)) == list(outputs(sources))
