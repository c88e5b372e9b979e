"""A project in which every field that a contributor can fill holds a script vector, and every text many."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any

from harm.vectors import MARKDOWN_TEXTS, VECTORS

# One line, so that it fits where only a line may stand; white space is folded in quotes anyway.
LINES = tuple(dict.fromkeys(" ".join(vector.split()) for vector in VECTORS))

COMMUNITIES = 6
PROBLEMS = 12  # of each report

CONTEXTS = (
    "{}",
    "## {}",
    "- {}",
    "> {}",
    "**{}**",
    "*{}*",
    "[{}](https://example.org/)",
    '[x](https://example.org/ "{}")',
    "![{}](../images/a.png)",
    '![x](../images/a.png "{}")',
    "`{}`",
    "| {} | b |\n|---|---|\n| c | {} |",
    "```\n{}\n```",
)


def hostile_project() -> dict[str, str]:
    """Its files; JSON is YAML. Only the checks that refuse such texts keep it from being built."""
    draw = _Draw()
    files = {
        "docs/index.md": _page(VECTORS, front={"description": draw.text(200)}),
        "docs/contribute/index.md": _page(
            MARKDOWN_TEXTS, front={"title": draw.text(120), "description": draw.text(200)}
        ),
        "docs/about/index.md": "# " + "\n\n# ".join(LINES) + "\n",
        "data/indicators.yml": json.dumps(_indicators(draw)),
        "data/problems.yml": json.dumps(_concepts(draw, "problem")),
        "data/countermeasures.yml": json.dumps(_concepts(draw, "measure")),
        "data/standards.yml": json.dumps(_standards(draw)),
    }
    contexts = [context.replace("{}", vector) for vector in LINES for context in CONTEXTS[1:]]
    share = len(contexts) // COMMUNITIES + 1
    for i in range(COMMUNITIES):
        texts = contexts[i * share : (i + 1) * share]
        quotes = [draw.text(1000) + f" 第{i}份{j}" for j in range(PROBLEMS * 3 + 20)]
        files[f"docs/reports/r-{i}.md"] = _report(draw, f"c-{i}", [*texts, *map(_literal, quotes)])
        files[f"data/communities/c-{i}.yml"] = json.dumps(_community(draw, f"r-{i}", iter(quotes)))
    return files


class _Draw:
    """Vectors one after the other, each as short as the field wants it."""

    def __init__(self) -> None:
        self._vectors = cycle(LINES)
        self._number = 0

    def text(self, longest: int) -> str:
        vector = next(vector for vector in self._vectors if len(vector) <= longest - 6)
        self._number += 1
        return f"{vector} {self._number}"  # a word belongs to one concept only


def _literal(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()>#+.!|~-])", r"\\\1", text)


def _page(texts: Sequence[str], front: dict[str, str]) -> str:
    return f"---\n{json.dumps(front)}\n---\n" + "\n\n".join(texts) + "\n"


def _report(draw: _Draw, community: str, texts: Sequence[str]) -> str:
    front = {
        "title": draw.text(120),
        "community": community,
        "authors": [draw.text(200), draw.text(200)],
        "source": {
            "title": draw.text(200),
            "publisher": draw.text(200),
            "section": draw.text(200),
            "url": "https://example.org/?a=`onmouseover=trip()`",
        },
        "licence": draw.text(200),
    }
    return f"---\n{json.dumps(front)}\n---\n" + "\n\n".join(texts) + "\n"


def _indicators(draw: _Draw) -> dict[str, Any]:
    return {
        "groups": {"group": draw.text(100)},
        "bases": {"indicator_0": {"times": 100, "label": draw.text(100)}},
        "indicators": {
            f"indicator_{i}": {
                "label": draw.text(100),
                "alt": [draw.text(100)],
                "unit": draw.text(100),
                "also_units": {draw.text(100): 2},
                "group": "group",
                "definition": draw.text(300),
                "base": "indicator_0",
            }
            for i in range(20)
        },
    }


def _concepts(draw: _Draw, name: str) -> dict[str, Any]:
    entries: dict[str, Any] = {
        f"{name}-{i}": {
            "label": draw.text(100),
            "alt": [draw.text(100), draw.text(100)],
            "definition": draw.text(300),
            "close_match": [{"vocabulary": "official", "label": draw.text(100)}],
        }
        for i in range(PROBLEMS + 1)
    }
    for i in range(1, PROBLEMS + 1):
        entries[f"{name}-{i}"] |= {"broader": f"{name}-0", "related": [f"{name}-0"]}
    return entries


def _standards(draw: _Draw) -> dict[str, Any]:
    vocabulary = {"title": draw.text(200), "document": draw.text(200), "source": draw.text(200)}
    return {
        "vocabularies": {"official": vocabulary | {"labels": [draw.text(100) for _ in range(40)]}},
        "reference_values": {
            f"value-{i}": {
                "indicator": f"indicator_{i}",
                "value": 3,
                "document": draw.text(200),
                "number": draw.text(200),
                "source": draw.text(200),
            }
            for i in range(20)
        },
    }


def _community(draw: _Draw, report: str, quotes: Iterator[str]) -> dict[str, Any]:
    place = {part: draw.text(100) for part in ("province", "city", "district")}
    survey = {
        "observations": {f"indicator_{i}": {"value": i + 1, "quote": next(quotes)} for i in range(20)},
        "problems": {
            f"p-{i}": {
                "type": f"problem-{i + 1}",
                "title": draw.text(80),
                "quote": next(quotes),
                "affected": {"value": 4, "unit": draw.text(100)},
            }
            for i in range(PROBLEMS)
        },
        "countermeasures": {
            f"m-{i}": {
                "type": f"measure-{i + 1}",
                "title": draw.text(80),
                "addresses": [f"p-{i}"],
                "who": ["community"],
                "status": "done",
                "quote": next(quotes),
                "outcome": {"text": draw.text(200), "quote": next(quotes)},
            }
            for i in range(PROBLEMS)
        },
    }
    return {"name": draw.text(60), "level": "community", "place": place, "reports": {report: survey}}
