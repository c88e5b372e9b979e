"""Findings that a file declares to be right, with reasons; a declaration without a finding is itself a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from surveybase.diagnostics import EXCEPTABLE, Diagnostic
from surveybase.reading.documents import Document, Fields, Items, Key
from surveybase.reading.subject import Subject
from surveybase.rules.disguises import undisguised
from surveybase.rules.private import CODES as WHOLLY_PRIVATE
from surveybase.rules.private import mask, without_count
from surveybase.rules.private import masked as masked_text

FIELD = "exceptions"
MOST = 100  # in one file
COUNT = "privacy-count"


def without_exceptions(findings: Iterable[Diagnostic], subject: Subject) -> Iterator[Diagnostic]:
    """The findings that no exception of their file covers, and the exceptions that cover none."""
    findings = list(findings)
    covered: set[Diagnostic] = set()
    for document in (*subject.documents.reports.values(), *subject.documents.communities.values()):
        for i, code, value in _exceptions(document):
            path: tuple[Key, ...] = (FIELD, i)
            written = document.location((*path, "value"))
            same = [
                item
                for item in findings
                if item.location.path == document.path and item.code == code and _bare(value) == _bare(item.value)
            ]
            # The exception itself names what it excepts; there it is not what the exception is for.
            elsewhere = [item for item in same if item.location.position.line != written.position.line]
            covered.update(same)
            if not elsewhere:
                yield Diagnostic(
                    document.location(path),
                    "exception-unused",
                    f"文件里已经没有 {code} 的这一处",
                    "删去这一条；或核对 value 与检查结果里写的是否一样",
                    field=f"{FIELD}.{i}",
                    value=mask(value) if code in WHOLLY_PRIVATE else value,
                )
    yield from (item for item in findings if item not in covered)


def _exceptions(document: Document) -> Iterator[tuple[int, str, str]]:
    """Place in the list, code and value of each exception that is complete and allowed; the others are reported."""
    listed = document.root.values.get(FIELD) if isinstance(document.root, Fields) else None
    for i, item in enumerate(listed.items[:MOST] if isinstance(listed, Items) else ()):
        code, value, reason = (document.text_at((FIELD, i, name)) for name in ("code", "value", "reason"))
        if isinstance(item, Fields) and code in EXCEPTABLE and value and reason:
            yield i, code, value


def _bare(text: str) -> str:
    """The words however they are disguised: an exception is copied from the file, a finding may be normalised."""
    return re.sub(r"\W", "", undisguised(text).text)


def masked(finding: Diagnostic) -> Diagnostic:
    """The finding with everything private in it masked: logs are read by more people than files."""
    return replace(finding, message=masked_text(finding.message), value=_masked_value(finding))


def _masked_value(finding: Diagnostic) -> str:
    if finding.code in WHOLLY_PRIVATE:
        return mask(finding.value)
    return without_count(finding.value) if finding.code == COUNT else masked_text(finding.value)
