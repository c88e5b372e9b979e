"""What the form needs besides the schemas: the catalogues with every word for their entries, the words of findings,
and the pages of the host where a contribution ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from surveybase.diagnostics import CODES
from surveybase.hosting import Repository
from surveybase.model import Concepts, Indicator, KnowledgeBase
from surveybase.reading.checking import EXPLANATIONS, INDICATOR_REMEDY, PATTERN_REMEDIES, SLUG_REMEDY
from surveybase.rules import private
from surveybase.rules.figures import PRECISION_LABELS
from surveybase.rules.privacy import DEFAULT_REMEDY, REMEDIES
from surveybase.views.words import PRECISIONS

IDS_IN_PART = 2000
FOLDERS = {"community": "data/communities", "report": "docs/reports"}


def form_data(base: KnowledgeBase, repository: Repository | None) -> bytes:
    """The content of the form's data file."""
    found = {
        "groups": dict(base.groups),
        "indicators": {id: _indicator(item) for id, item in base.indicators.items()},
        "problems": _concepts(base.problem_types),
        "countermeasures": _concepts(base.countermeasure_types),
        "explanations": dict(EXPLANATIONS),
        "patterns": dict(PATTERN_REMEDIES),
        "remedies": {"slug": SLUG_REMEDY, "indicator": INDICATOR_REMEDY},
        "precisions": {precision.value: label for precision, label in PRECISION_LABELS.items()},
        "said": {precision.value: label for precision, label in PRECISIONS.items()},
        "private": _private(),
        "host": _host(repository) if repository else None,
    }
    return _as_json(found)


@dataclass(frozen=True, slots=True)
class TakenIds:
    """Ids that files have, from ``first`` on: a new file must not take the place of one that is there."""

    first: str
    communities: tuple[str, ...]
    reports: tuple[tuple[str, str], ...]  # each with its community

    def content(self) -> bytes:
        return _as_json({"communities": self.communities, "reports": dict(self.reports)})


def taken_ids(base: KnowledgeBase) -> list[TakenIds]:
    """All ids in order, in parts of bounded size."""
    names = sorted({*base.communities, *base.reports})
    return [
        TakenIds(
            part[0],
            tuple(id for id in part if id in base.communities),
            tuple((id, base.reports[id].community) for id in part if id in base.reports),
        )
        for part in (names[start : start + IDS_IN_PART] for start in range(0, len(names), IDS_IN_PART))
    ]


def first_ids(parts: Sequence[TakenIds]) -> bytes:
    """The first id of each part."""
    return _as_json([part.first for part in parts])


def _as_json(value: object) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False, separators=(',', ':'))}\n".encode()


def _private() -> dict[str, Any]:
    """How numbers that are private are told, as far as their form alone says it; the whole is for the check."""
    numbers = {
        "privacy-mobile": private.MOBILE.pattern,
        "privacy-landline": private.LANDLINE.pattern,
        "privacy-id": private.ID_CARD.pattern,
    }
    return {
        "run": private.RUN.pattern,
        "shortest": private.SHORTEST,
        "numbers": numbers,
        "words": {"privacy-email": private.EMAIL_ADDRESS},
        "said": {
            code: [CODES[code][1], REMEDIES.get(code, DEFAULT_REMEDY)] for code in (*numbers, "privacy-email")
        },
    }


def _indicator(item: Indicator) -> dict[str, Any]:
    ratio = item.ratio and {"of": item.ratio.of, "per": item.ratio.per, "times": f"{item.ratio.times:f}"}
    return {
        "label": item.label,
        "alt": list(item.alt),
        "unit": item.unit,
        "also_units": {unit: f"{factor:f}" for unit, factor in item.also_units.items()},
        "group": item.group,
        "definition": item.definition,
        "parts": [list(ids) for ids in item.parts],
        "ratio": ratio,
    }


def _concepts(concepts: Concepts) -> dict[str, dict[str, Any]]:
    return {
        id: {"label": item.label, "alt": list(item.alt), "definition": item.definition, "group": item.broader or ""}
        for id, item in concepts.items()
    }


def _host(repository: Repository) -> dict[str, Any]:
    return {
        "name": repository.host.name,
        "takes_value": repository.host.takes_value,
        "forks": repository.host.forks,
        "url": repository.url,
        "issue": repository.issue(),
        "new": {kind: repository.new(folder) for kind, folder in FOLDERS.items()},
        "edit": {kind: repository.edit(f"{folder}/ID") for kind, folder in FOLDERS.items()},
    }
