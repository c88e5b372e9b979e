"""What must hold of the contributed data, beyond the shape of each file.

Each rule is one function over the scope it needs; the table below is the list of them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from surveybase.diagnostics import Diagnostic
from surveybase.reading.subject import Subject
from surveybase.rules.arithmetic import parts_add_up, ratios_agree
from surveybase.rules.evidence import quotes_stand
from surveybase.rules.references import links_are_harmless, links_lead_somewhere, reports_have_data
from surveybase.rules.taxonomy import two_levels_without_cycles, words_are_unique

Rule = Callable[[Subject], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    reports_have_data,
    links_lead_somewhere,
    links_are_harmless,
    quotes_stand,
    parts_add_up,
    ratios_agree,
    two_levels_without_cycles,
    words_are_unique,
)


def judge(subject: Subject) -> list[Diagnostic]:
    """Every finding of every rule."""
    return [finding for rule in RULES for finding in rule(subject)]
