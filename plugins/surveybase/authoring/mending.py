"""Mend in files what can be mended safely, and nothing that would make any other finding worse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from surveybase.authoring.fixes import FIXES, Edit, edit_for
from surveybase.authoring.formatting import MARKS, Form, format_all, forms
from surveybase.diagnostics import Diagnostic, Severity, in_order
from surveybase.reading.checking import check
from surveybase.reading.invisible import invisible_characters
from surveybase.reading.source import Source
from surveybase.reading.sources import Sources

Examine = Callable[[Sources, Iterable[Diagnostic]], list[Diagnostic]]

# Findings about how a file is written: others may be hidden behind them.
OF_SHAPE = ("file-", "front-", "text-", "yaml-", "field-")


@dataclass(frozen=True)
class Mended:
    """The new text of each file by path, what was mended in them, and all that is left."""

    texts: dict[str, str]
    mended: list[Diagnostic]
    left: list[Diagnostic]


def mend(
    sources: Sources, unread: list[Diagnostic], examine: Examine, is_meant: Callable[[str], bool] = lambda _: True
) -> Mended:
    """Mend the files that are meant, then put them into their form; ``unread`` was found on reading them."""
    work = _Work(sources, unread, examine)
    meant = {form.source.path for form in forms(sources) if is_meant(form.source.path)}
    for path in sorted(meant & {item.location.path for item in work.findings if item.code in FIXES}):
        while work.improve(path):
            pass
    work.finish(meant)
    return Mended(work.texts, in_order(work.mended), work.findings)


class _Work:
    """The sources as they would be, with all findings about them."""

    def __init__(self, sources: Sources, unread: list[Diagnostic], examine: Examine) -> None:
        self.sources = sources
        self.unread = unread
        self.texts: dict[str, str] = {}
        self.mended: list[Diagnostic] = []
        self._examine = examine
        self.findings = examine(sources, unread)

    def improve(self, path: str) -> bool:
        """Mend what can be mended in one step, all at once or else one by one; whether there was any."""
        form = self._form(path)
        document, _ = form.read(form.source.text)
        here = [finding for finding in self.findings if finding.location.path == path]
        edits: dict[Edit, Diagnostic] = {}
        for finding in sorted(here, key=_turn):
            edit = edit_for(form, document, finding)
            if edit and not any(edit.touches(other) for other in edits):
                edits[edit] = finding
        if not edits or self._try(form, [*edits]):
            self.mended += edits.values()
            return bool(edits)
        made: list[Edit] = []
        for edit in edits if len(edits) > 1 else ():
            if self._try(form, [*made, edit]):
                made.append(edit)
        self.mended += [edits[edit] for edit in made]
        return bool(made)

    def _form(self, path: str) -> Form:
        return next(form for form in forms(self.sources) if form.source.path == path)

    def _try(self, form: Form, edits: Sequence[Edit]) -> bool:
        """Make the edits in the text of ``form``; whether that is better than what has been made so far."""
        former = self.sources, self.unread, self.findings
        path = form.source.path
        known = self._form(path)
        text = _edited(form.source.text, edits)
        self._put(path, text)
        if text != known.source.text and _is_better(known, former[2], self.findings):
            self.texts[path] = text
            return True
        self.sources, self.unread, self.findings = former
        return False

    def finish(self, meant: set[str]) -> None:
        """Put the files that are meant into their form; of one that cannot be, take out what editors left in it."""
        marks = [item for item in self.unread if item.code in MARKS and item.location.path in meant]
        formatting = format_all(self.sources, self.unread, meant.__contains__)
        as_read = {form.source.path: form.source.text for form in forms(self.sources)}
        texts = {item.location.path: as_read[item.location.path] for item in marks} | formatting.changed
        if texts:
            self.texts |= texts
            self.mended += marks
            self.unread = [item for item in self.unread if item not in marks]
            self.sources = _with(self.sources, texts)
            self.findings = self._examine(self.sources, self.unread)

    def _put(self, path: str, text: str) -> None:
        self.sources = _with(self.sources, {path: text})
        kept = [item for item in self.unread if item.location.path != path or item.code != "text-invisible"]
        self.unread = [*kept, *invisible_characters(Source(path, text))]
        self.findings = self._examine(self.sources, self.unread)


def _turn(finding: Diagnostic) -> int:
    """Which of several findings about the same words is mended: how they are written comes before what they are,
    and quotes around them come last."""
    return 2 if finding.code == "yaml-ambiguous" else not finding.code.startswith("yaml-")


def _with(sources: Sources, texts: Mapping[str, str]) -> Sources:
    def among(kind: tuple[Source, ...]) -> tuple[Source, ...]:
        return tuple(Source(item.path, texts[item.path]) if item.path in texts else item for item in kind)

    return replace(
        sources,
        reports=among(sources.reports),
        communities=among(sources.communities),
        catalogues=among(sources.catalogues),
    )


def _edited(text: str, edits: Iterable[Edit]) -> str:
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.start), reverse=True):
        line = lines[edit.line - 1]
        lines[edit.line - 1] = line[: edit.start] + edit.text + line[edit.end :]
    return "\n".join(lines)


def _is_better(form: Form, before: list[Diagnostic], after: list[Diagnostic]) -> bool:
    """Whether findings have gone and none has come.

    What is wrong with the words of a file was hidden as long as it could not be read: of such a file only those
    findings count that kept it from being read.
    """
    path = form.source.path
    document, _ = form.read(form.source.text)
    if document is None:
        first, now = _stop(before, path), _stop(after, path)
        return first is not None and (now is None or _is_further(first, now))
    if check(form.model, document)[0] is None:
        before, after = _of_shape(before, path), _of_shape(after, path)
    known, left = _counted(before), _counted(after)
    return not left - known and left != known


def _stop(findings: list[Diagnostic], path: str) -> Diagnostic | None:
    """The first finding that keeps the file from being read."""
    return next(iter(in_order(_of_shape(findings, path))), None)


def _is_further(before: Diagnostic, after: Diagnostic) -> bool:
    """Whether reading gets further: to a later line, or on the same to what can be mended in its turn."""
    was, now = before.location.position, after.location.position
    return now.line > was.line or (now.line == was.line and now.column > was.column and after.code in FIXES)


def _of_shape(findings: list[Diagnostic], path: str) -> list[Diagnostic]:
    return [
        item
        for item in findings
        if item.location.path == path and item.code.startswith(OF_SHAPE) and item.severity is Severity.ERROR
    ]


def _counted(findings: Iterable[Diagnostic]) -> Counter[tuple[str, ...]]:
    """The same findings, however lines and words have changed; a hint makes nothing better or worse."""
    return Counter(
        (item.location.path, item.code, item.field) for item in findings if item.severity is not Severity.HINT
    )
