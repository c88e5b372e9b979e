"""Every file of a project in its canonical form: data, front matter and the text of reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pydantic import BaseModel

from surveybase.authoring.canonical import canonical
from surveybase.authoring.comments import comments_of
from surveybase.authoring.markdown import tidied
from surveybase.diagnostics import Diagnostic, Location, errors
from surveybase.reading import schema
from surveybase.reading.documents import FENCE, Document, Fields, Items, Node, Scalar, read_data, read_report
from surveybase.reading.resolving import file_name
from surveybase.reading.source import Source
from surveybase.reading.sources import Sources

# Marks of editors, which the text of a source is already without.
MARKS = frozenset({"file-bom", "file-line-ends"})

CATALOGUE_MODELS: dict[str, type[BaseModel]] = {
    "indicators": schema.IndicatorsFile,
    "problems": schema.ConceptsFile,
    "countermeasures": schema.ConceptsFile,
    "standards": schema.StandardsFile,
}


@dataclass(frozen=True, slots=True)
class Form:
    """A file and what it is written as."""

    source: Source
    model: type[BaseModel]

    @property
    def is_report(self) -> bool:
        return self.model is schema.ReportFile

    def read(self, text: str) -> tuple[Document | None, list[Diagnostic]]:
        return (read_report if self.is_report else read_data)(Source(self.source.path, text))


@dataclass(frozen=True)
class Formatting:
    """The new text of each file that is not in its form, by path; what is wrong with those that cannot be read."""

    changed: dict[str, str] = field(default_factory=dict)
    refused: list[Diagnostic] = field(default_factory=list)


def forms(sources: Sources) -> Iterator[Form]:
    """Every file that has a canonical form."""
    for source in sources.catalogues:
        yield Form(source, CATALOGUE_MODELS[file_name(source)])
    for source in sources.communities:
        yield Form(source, schema.CommunityFile)
    for source in sources.reports:
        yield Form(source, schema.ReportFile)


def format_all(
    sources: Sources, unread: list[Diagnostic], is_meant: Callable[[str], bool] = lambda _: True
) -> Formatting:
    """The files that are meant; ``unread`` is what was found while the sources were read."""
    of_forms = [item for item in errors(unread) if _has_form(PurePosixPath(item.location.path), sources.docs)]
    result = Formatting(refused=[item for item in of_forms if is_meant(item.location.path)])
    wrong = {item.location.path for item in result.refused}
    marked = {item.location.path for item in unread if item.code in MARKS}
    for form in forms(sources):
        path = form.source.path
        if not is_meant(path) or path in wrong:
            continue
        text, findings = formatted(form)
        result.refused.extend(findings)
        if text is not None and (text != form.source.text or path in marked):
            result.changed[path] = text
    return result


def _has_form(path: PurePosixPath, docs: str) -> bool:
    """Whether a file of this name has a canonical form, were it read."""
    if path.suffix == ".md":
        return path.parent == PurePosixPath(docs) / "reports"
    return path.suffix == ".yml" and (path.parent.name == "communities" or path.stem in CATALOGUE_MODELS)


def formatted(form: Form) -> tuple[str | None, list[Diagnostic]]:
    """The text of a file in its form; None, with the findings, when it cannot be read without any."""
    source = form.source
    document, findings = form.read(source.text)
    if document is None or findings:
        return None, findings
    if form.is_report:
        front = "\n".join([*source.text.split("\n")[1 : document.body_line - 2], ""])
        data = canonical(document.root, form.model, comments_of(front, document.root, first_line=2))
        body = tidied(document.body).strip("\n")
        text = f"{FENCE}\n{data}{FENCE}\n" + (f"\n{body}\n" if body else "")
    else:
        text = canonical(document.root, form.model, comments_of(source.text, document.root))
    again, _ = form.read(text)
    if again is None or _meaning(again.root) != _meaning(document.root):
        remedy = "文件没有改动；请把它发给维护者看看"
        return None, [Diagnostic(Location(source.path), "yaml-unsupported", "整理以后会读成别的意思", remedy)]
    return text, []


def _meaning(node: Node) -> object:
    """What the tree says, wherever its parts stand; numbers with their digits."""
    if isinstance(node, Scalar):
        return (type(node.value), node.value if isinstance(node.value, str) else node.text)
    if isinstance(node, Items):
        return [_meaning(item) for item in node.items]
    assert isinstance(node, Fields)
    return {key: _meaning(child) for key, child in node.values.items()}
