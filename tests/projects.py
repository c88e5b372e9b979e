"""Small projects written into a folder, and what building a project gives."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from xml.etree.ElementTree import Element

from pages import parse

ROOT = Path(__file__).parent.parent  # of the repository, itself a project

Files = Mapping[str, str]
Tool = Literal["mkdocs", "properdocs"]

NOON = "1767225600"  # 2026-01-01, so that nothing in a build depends on when it runs


def config(*, plugin: Mapping[str, str] | None = None, **settings: Any) -> str:
    """The text of an mkdocs.yml; JSON is YAML. ``plugin`` holds the options of surveybase."""
    return json.dumps(
        {
            "site_name": "测试",
            "theme": {"name": "material", "language": "zh", "font": False},
            "plugins": ["search", {"surveybase": dict(plugin or {})}],
            **settings,
        }
    )


def report(community: str, body: str, **fields: str) -> str:
    """A report's Markdown with front matter; ``fields`` are title, surveyed and so on."""
    front = {
        "title": f"{community}的报告",
        "community": community,
        "authors": ["居委会"],
        "source": {"title": "资料"},
        **fields,
    }
    return f"---\n{json.dumps(front, ensure_ascii=False)}\n---\n\n{body}\n"


CATALOGUES: Files = {
    "data/indicators.yml": """\
groups: {population: 人口, staff: 人员}
bases:
  residents: {times: 10000, label: 每万人}
indicators:
  households: {label: 总户数, unit: 户, group: population, definition: 住户的总数。}
  residents: {label: 总人数, unit: 人, group: population, definition: 居民的总数。}
  workers: {label: 工作人员, unit: 人, group: staff, definition: 工作人员数。, base: residents}
""",
    "data/problems.yml": """\
traffic: {label: 交通, definition: 走路和开车的困难。}
parking: {label: 停车难, definition: 停车位不够。, broader: traffic}
""",
    "data/countermeasures.yml": """\
works: {label: 工程, definition: 修建。}
more-parking: {label: 增加车位, definition: 增加停车位。, broader: works}
""",
    "data/standards.yml": "reference_values: {}\n",
}

# One community with one report: the smallest project that has every kind of page.
SMALL: Files = {
    "mkdocs.yml": config(),
    "docs/index.md": "测试用的首页。\n",
    "docs/contribute/index.md": "# 怎样参与\n",
    **CATALOGUES,
    "data/communities/east.yml": """\
name: 东社区
level: community
reports:
  east-2012:
    observations:
      households: {value: 2000, quote: 全社区有2000户}
    problems:
      no-parking: {type: parking, title: 停车位不够, quote: 车没有地方停}
    countermeasures:
      build:
        type: more-parking
        title: 建停车场
        addresses: [no-parking]
        who: [city]
        status: proposed
        quote: 建议建停车场
""",
    "docs/reports/east-2012.md": report(
        "east", "全社区有2000户。\n\n车没有地方停。\n\n建议建停车场。", surveyed="2012-09"
    ),
}


def write(folder: Path, files: Files) -> Path:
    """The folder, with the files in it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True, slots=True)
class Build:
    """What a build left: its exit status, all it printed and the folder of the site."""

    status: int
    output: str
    site: Path

    def page(self, address: str) -> Element:
        """The page at an address below the root, such as ``map/``."""
        return parse((self.site / address / "index.html").read_text(encoding="utf-8"))


def build(
    project: Path,
    site: Path | None = None,
    *,
    tool: Tool = "mkdocs",
    strict: bool = True,
    hash_seed: int = 0,
) -> Build:
    """Build the project in a process of its own, into ``site`` or the project's site/."""
    site = site or project / "site"
    command = [sys.executable, "-m", tool, "build", "-f", str(project / "mkdocs.yml"), "-d", str(site)]
    ended = subprocess.run(
        [*command, "--strict"] if strict else command,
        env={
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "SOURCE_DATE_EPOCH": NOON,
            "PYTHONHASHSEED": str(hash_seed),
            "PYTHONIOENCODING": "utf-8",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return Build(ended.returncode, ended.stdout, site)
