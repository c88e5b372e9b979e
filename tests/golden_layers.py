"""What the golden cases of each layer show: input files in, readable text out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from compiling import contents_of
from pydantic import BaseModel
from surveybase.diagnostics import Diagnostic, Position, Severity, as_text, in_order
from surveybase.hosting import Publication, Repository
from surveybase.model import Community
from surveybase.outputs import FileOutput, Output, PageOutput
from surveybase.reading import schema
from surveybase.reading.body import convert
from surveybase.reading.checking import check
from surveybase.reading.documents import Document, Fields, Items, Node, Scalar, read_data, read_report
from surveybase.reading.marking import BLOCKS, Quote, mark
from surveybase.reading.sources import Source, Sources, read_sources
from surveybase.reading.subject import Subject, read_subject
from surveybase.site import plan
from surveybase.views.codebook import codebook_view
from surveybase.views.communities import communities_view
from surveybase.views.community import CommunityView, community_view, surroundings
from surveybase.views.compare import compare_view
from surveybase.views.countermeasure_types import countermeasure_type_view, countermeasure_types_view
from surveybase.views.home import home_view
from surveybase.views.map import map_view
from surveybase.views.peers import Peers
from surveybase.views.problem_types import problem_type_view, problem_types_view
from surveybase.views.report import report_view
from transcript import outline, transcript

Inputs = Mapping[str, bytes]
Layer = Callable[[Inputs, Path], str]

SITE_URL = "https://example.org/survey/"
REPOSITORY = Repository("github", "https://example.org/repo", "main")


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _findings(diagnostics: Iterable[Diagnostic]) -> list[str]:
    return [as_text(item) for item in in_order(diagnostics)] or ["no finding"]


def _in_folder(inputs: Inputs, folder: Path) -> tuple[Sources, list[Diagnostic]]:
    for name, content in inputs.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return read_sources(folder, folder / "docs", folder / "data")


# --- Sources: which files are found, and which cannot be read ------------------------------------------


def sources(inputs: Inputs, folder: Path) -> str:
    found, diagnostics = _in_folder(inputs, folder)
    kinds = {
        "home": (found.home,) if found.home else (),
        "reports": found.reports,
        "communities": found.communities,
        "catalogues": found.catalogues,
    }
    listed = [f"{kind}: {source.path} {source.text[:20]!r}" for kind, kept in kinds.items() for source in kept]
    return _text([*listed, f"files: {' '.join(sorted(found.files))}", *_findings(diagnostics)])


# --- Documents: the located tree of each file -----------------------------------------------------------


def documents(inputs: Inputs, _: Path) -> str:
    return _text(line for name, content in inputs.items() for line in _document(name, content))


def _document(name: str, content: bytes) -> Iterator[str]:
    document, diagnostics = _read(Source(name, content.decode()))
    yield f"# {name}"
    if document:
        yield from _tree(document.root, "")
        if document.body:
            yield f"body, line {document.body_line}: {document.body!r}"
    yield from _findings(diagnostics)


def _read(source: Source) -> tuple[Document | None, list[Diagnostic]]:
    return read_report(source) if source.path.endswith(".md") else read_data(source)


def _tree(node: Node, name: str) -> Iterator[str]:
    """One line for each node: where it stands, its path, and for a leaf its value."""
    at = f"{_at(node.position)} {name or '(root)'}"
    if isinstance(node, Scalar):
        yield f"{at} = {node.value!r}"
    elif isinstance(node, Items):
        yield f"{at}: {len(node.items)} items"
        for i, item in enumerate(node.items):
            yield from _tree(item, f"{name}[{i}]")
    elif isinstance(node, Fields):
        yield f"{at}: " + (" ".join(f"{key}@{_at(where)}" for key, where in node.keys.items()) or "nothing")
        for key, value in node.values.items():
            yield from _tree(value, f"{name}.{key}".removeprefix("."))


def _at(position: Position) -> str:
    return f"{position.line}:{position.column}"


# --- Schema: what is wrong with the shape of each file --------------------------------------------------

MODELS: dict[str, type[BaseModel]] = {
    "docs/reports": schema.ReportFile,
    "data/communities": schema.CommunityFile,
    "data/indicators.yml": schema.IndicatorsFile,
    "data/problems.yml": schema.ConceptsFile,
    "data/countermeasures.yml": schema.ConceptsFile,
    "data/standards.yml": schema.StandardsFile,
}


def check_shape(inputs: Inputs, _: Path) -> str:
    return _text(line for name, content in inputs.items() for line in _shape(name, content))


def _shape(name: str, content: bytes) -> list[str]:
    model = next(model for start, model in MODELS.items() if name.startswith(start))
    document, diagnostics = _read(Source(name, content.decode()))
    assert document, diagnostics
    checked, found = check(model, document)
    assert checked is not None or found
    return _findings([*diagnostics, *found])


# --- Rules: what is wrong with a whole project ----------------------------------------------------------


def rules(inputs: Inputs, folder: Path) -> str:
    found, unread = _in_folder(inputs, folder)
    _, diagnostics = contents_of(found, Publication(""))
    return _text(_findings(item for item in [*unread, *diagnostics] if item.severity is not Severity.HINT))


# --- Marking: the quotes of a body, a line each `ANCHOR: WORDS`, marked in its element tree -------------


def marking(inputs: Inputs, _: Path) -> str:
    body = convert(inputs["body"].decode())
    lines = [line.partition(": ") for line in inputs["quotes"].decode().splitlines()]
    places = mark(body, [Quote(anchor, words) for anchor, _, words in lines])
    html = [line for element in body.root for line in _html(element)]
    return _text([*html, *(f"{anchor}: {count} of 1" for anchor, count in places.items() if count != 1)])


def _html(element: Element) -> list[str]:
    """A line for each block, and for the blocks inside it."""
    for outer in element.iter():
        for child in outer:
            if child.tag in BLOCKS and not (outer.text or "").endswith("\n"):
                child.tail = (child.tail or "").strip() + "\n"
    text = tostring(element, encoding="unicode", method="html")
    return [line for line in text.splitlines() if line.strip()]


# --- Views: the parts that the section `show` asks for, a line each `KIND ID: PART.PART` ------------------


def views(inputs: Inputs, folder: Path) -> str:
    subject = _sound(inputs, folder)
    lines: list[str] = []
    for request in inputs["show"].decode().splitlines():
        page, _, parts = request.partition(": ")
        kind, _, id = page.partition(" ")
        lines += [f"# {request}", *outline(_part(_view(kind, id, subject), parts.split(".") if parts else []))]
    return _text(lines)


def _sound(inputs: Inputs, folder: Path) -> Subject:
    """Everything is read; whether figures are right is no matter to a view."""
    found, unread = _in_folder({name: text for name, text in inputs.items() if name != "show"}, folder)
    subject, unresolved = read_subject(found)
    diagnostics = [*unread, *unresolved]
    assert not diagnostics, _text(_findings(diagnostics))
    return subject


def _view(kind: str, id: str, subject: Subject) -> object:
    base, peers = subject.base, Peers(subject.base)
    makers: dict[str, Callable[[], object]] = {
        "home": lambda: home_view(base),
        "communities": lambda: communities_view(peers),
        "community": lambda: _community_view(base.communities[id], peers),
        "report": lambda: report_view(base.reports[id], subject.bodies[id].body, base),
        "compare": lambda: compare_view(peers),
        "problems": lambda: problem_types_view(base),
        "problem_type": lambda: problem_type_view(base.problem_types[id], base),
        "countermeasures": lambda: countermeasure_types_view(base),
        "countermeasure_type": lambda: countermeasure_type_view(base.countermeasure_types[id], base),
        "map": lambda: map_view(base),
        "codebook": lambda: codebook_view(base),
    }
    return makers[kind]()


def _community_view(community: Community, peers: Peers) -> CommunityView:
    return community_view(community, surroundings(community, peers), peers.base)


def _part(value: object, names: list[str]) -> object:
    """The part with this path; through a tuple, that part of every item."""
    if not names:
        return value
    if isinstance(value, tuple):
        parts = [_part(item, names) for item in value]
        return tuple(item for part in parts for item in (part if isinstance(part, tuple) else (part,)))
    return _part(getattr(value, names[0]), names[1:])


# --- Pages: what a reader finds on the pages that the section `show` asks for, `KIND ID #ELEMENT` ---------


def pages(inputs: Inputs, folder: Path) -> str:
    made = {
        f"{output.target.kind} {output.target.id}".strip(): output
        for output in _outputs(inputs, folder)
        if isinstance(output, PageOutput)
    }
    lines: list[str] = []
    for request in inputs["show"].decode().splitlines():
        page, _, element = request.partition(" #")
        lines += [f"# {request}", *transcript(made[page].render().html, element)]
    return _text(lines)


def _outputs(inputs: Inputs, folder: Path) -> Iterator[Output]:
    publication = Publication("社区调研知识库", SITE_URL, REPOSITORY)
    found, _ = _in_folder({name: text for name, text in inputs.items() if name != "show"}, folder)
    return plan(contents_of(found, publication)[0], publication)


# --- Exports: the files for machines that the section `show` asks for, each by its address ----------------


def exports(inputs: Inputs, folder: Path) -> str:
    made = {output.uri: output for output in _outputs(inputs, folder) if isinstance(output, FileOutput)}
    lines = []
    for uri in inputs["show"].decode().splitlines():
        written = json.dumps(json.loads(made[uri].content()), ensure_ascii=False, indent=1)
        lines.append(f"# {uri}\n{written}\n")
    return "".join(lines)


LAYERS: dict[str, Layer] = {
    "sources": sources,
    "documents": documents,
    "schema": check_shape,
    "rules": rules,
    "marking": marking,
    "views": views,
    "pages": pages,
    "exports": exports,
}
