"""What must hold of the contributed data, beyond the shape of each file.

Each rule is one function over the scope it needs; the table below is the list of them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from surveybase.diagnostics import Diagnostic
from surveybase.reading.subject import Subject
from surveybase.rules.arithmetic import parts_add_up, ratios_agree
from surveybase.rules.dates import dates_are_in_order, standards_are_in_order
from surveybase.rules.drafts import marks_are_gone
from surveybase.rules.evidence import quotes_stand
from surveybase.rules.exceptions import masked, without_exceptions
from surveybase.rules.figures import figures_stand_in_quotes, reports_are_covered
from surveybase.rules.links import anchors_exist, images_are_described, links_are_harmless, links_lead_somewhere
from surveybase.rules.plausibility import values_are_plausible, values_do_not_jump
from surveybase.rules.privacy import (
    nothing_follows_by_subtraction,
    pages_are_clean,
    small_counts_are_withheld,
    sources_are_clean,
    values_are_clean,
)
from surveybase.rules.reckoning import sums_in_the_text_come_out
from surveybase.rules.references import catalogues_are_used, reports_have_data
from surveybase.rules.taxonomy import indicator_labels_are_unique, two_levels_without_cycles, words_are_unique
from surveybase.rules.whole import Whole

# Scope: document or community. They see one community with its reports, or one page, at a time.
LOCAL_RULES: tuple[Callable[[Subject], Iterator[Diagnostic]], ...] = (
    reports_have_data,
    marks_are_gone,
    links_are_harmless,
    images_are_described,
    dates_are_in_order,
    quotes_stand,
    figures_stand_in_quotes,
    reports_are_covered,
    parts_add_up,
    ratios_agree,
    sums_in_the_text_come_out,
    values_are_plausible,
    values_do_not_jump,
    sources_are_clean,
    values_are_clean,
    pages_are_clean,
    small_counts_are_withheld,
    nothing_follows_by_subtraction,
)

# Scope: base. They see everything together.
WHOLE_RULES: tuple[Callable[[Whole], Iterator[Diagnostic]], ...] = (
    catalogues_are_used,
    links_lead_somewhere,
    anchors_exist,
    standards_are_in_order,
    two_levels_without_cycles,
    words_are_unique,
    indicator_labels_are_unique,
)


def judge(subject: Subject) -> list[Diagnostic]:
    """Every finding of the local rules that no exception covers, without private numbers."""
    found = (finding for rule in LOCAL_RULES for finding in rule(subject))
    return [masked(finding) for finding in without_exceptions(found, subject)]


def judge_whole(whole: Whole) -> list[Diagnostic]:
    """Every finding of the rules about everything together; none of them can be excepted."""
    return [masked(finding) for rule in WHOLE_RULES for finding in rule(whole)]
