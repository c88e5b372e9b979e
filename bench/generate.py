"""Write a project of N communities: the five surveys and others recombined from their sentences.

    python -m bench.generate 1000 /tmp/project

Each generated community has a report of some 20 passages with about 20 figures, 3 problems and 3
countermeasures. Places, names, numbers and some words differ; every quote stands exactly once in its
report and partitions add up. The same seed gives the same files. ``origins.json`` in the project says
which sentence of the five surveys each generated one was made from, so that judged queries hold for it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from surveybase.model import KnowledgeBase
from surveybase.reading.passages import divide
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import Subject, read_subject

PROJECT = Path(__file__).resolve().parent.parent

# Places: province, city, district, district code, and the letters of the district.
WORDS: dict[str, list[Any]] = json.loads((Path(__file__).with_name("names.json")).read_text(encoding="utf-8"))
PLACES, NAMES, ESTATES, ROADS = (WORDS[key] for key in ("places", "names", "estates", "roads"))

# Proper names of the five surveys, by what takes their place.
ESTATE_NAMES = ("恒富小区", "博大花园", "贵源小区", "城北世家")
ROAD_NAMES = ("某东街路", "某街路", "仓房沟北路", "过境公路", "货场东路", "阿里路", "货场路", "信雄路")
OTHER_NAMES = {"游洲": "street", "某街社区": "community", "沙依巴克区某街": "community"}

# Words that writers use for one another; none of them is what a judged query turns on.
SYNONYMS = {
    "居民": ("群众", "住户", "老百姓"),
    "群众": ("居民", "老百姓"),
    "经常": ("时常", "常常"),
    "目前": ("现在", "眼下"),
    "许多": ("不少", "很多"),
    "很多": ("许多", "不少"),
    "解决": ("处理",),
    "方便": ("便利",),
    "加强": ("强化", "抓好"),
    "提高": ("提升",),
    "困难": ("难处",),
    "需要": ("有必要", "要"),
    "各种": ("各类",),
    "因此": ("所以", "因而"),
    "同时": ("并且",),
    "建立": ("设立",),
}
LEADS = ("调查中了解到，", "据反映，", "近两年来，", "走访时发现，", "座谈会上提到，", "从实际情况看，")
LEAD_SHARE, SYNONYM_SHARE = 0.25, 0.35
UNCHANGED = ("三送", "三有", "三个代表", "十八大", "两会", "双承诺", "三培两带", "四落实", "五好", "两个明确")

SETTINGS = ("111", "111", "112", "112", "121", "122", "210", "220")
PROBLEMS = COUNTERMEASURES = 3
FILLERS = 9


@dataclass(frozen=True)
class Sentence:
    """A sentence of the five surveys; ``types`` are what it is quoted for."""

    report: str
    text: str
    title: str = ""
    type: str = ""
    key: str = ""
    addresses: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    status: str = ""


@dataclass(frozen=True)
class Bank:
    """What reports are recombined from."""

    problems: tuple[Sentence, ...]
    countermeasures: tuple[Sentence, ...]
    fillers: tuple[Sentence, ...]

    @cached_property
    def answering(self) -> Mapping[tuple[str, str], tuple[Sentence, ...]]:
        """The countermeasures of the surveys that address a problem."""
        found: dict[tuple[str, str], tuple[Sentence, ...]] = {}
        for problem in self.problems:
            key = problem.report, problem.key
            found[key] = tuple(
                item
                for item in self.countermeasures
                if item.report == problem.report and problem.key in item.addresses
            )
        return found


@dataclass
class Village:
    """One generated community: its names, and what stands for the names of the surveys."""

    id: str
    name: str
    place: Sequence[str]
    rng: random.Random
    names: dict[str, str] = field(default_factory=dict)

    def named(self, text: str) -> str:
        for old in (*ESTATE_NAMES, *ROAD_NAMES, *OTHER_NAMES):
            if old in text:
                text = text.replace(old, self.names.setdefault(old, self._new(old)))
        return text

    def _new(self, old: str) -> str:
        if old in ESTATE_NAMES:
            return f"{self.rng.choice(NAMES)}{self.rng.choice(ESTATES)}"
        if old in ROAD_NAMES:
            return f"{self.rng.choice(ROADS)}{self.rng.choice(('路', '街', '东路', '西街', '北路'))}"
        return self.name if OTHER_NAMES[old] == "community" else f"{self.rng.choice(NAMES)}街道"


def bank(subject: Subject) -> Bank:
    """Every sentence of the surveys that holds in another community too."""
    base = subject.base
    problems, countermeasures, fillers = [], [], []
    for survey in base.surveys.values():
        report = survey.report.id
        for problem in survey.problems:
            problems.append(Sentence(report, problem.quote, problem.title, problem.type.id, problem.key))
        for item in survey.countermeasures:
            countermeasures.append(
                Sentence(
                    report,
                    item.quote,
                    item.title,
                    item.type.id,
                    item.key,
                    tuple(problem.key for problem in item.addresses),
                    tuple(item.who),
                    item.status.value,
                )
            )
        quoted = {sentence.text for sentence in (*problems, *countermeasures)}
        for passage in divide(subject.bodies[report].body):
            is_quoted = any(text in passage.text or passage.text in text for text in quoted)
            if not is_quoted and " " not in passage.text and "来源" not in passage.text and len(passage.text) > 12:
                fillers.append(Sentence(report, passage.text))
    return Bank(tuple(problems), tuple(countermeasures), tuple(fillers))


def varied(text: str, village: Village, *, may_lead: bool = True) -> str:
    """The sentence as another community would have it."""
    rng = village.rng
    text = village.named(text)
    if not any(word in text for word in UNCHANGED):
        text = re.sub(r"(?<![0-9.%])[0-9]{2,5}(?![0-9.%])", lambda found: _near(int(found.group()), rng), text)
    for word, others in SYNONYMS.items():
        if word in text and rng.random() < SYNONYM_SHARE:
            text = text.replace(word, rng.choice(others), 1)
    if may_lead and rng.random() < LEAD_SHARE:
        text = rng.choice(LEADS) + text
    return text


def _near(number: int, rng: random.Random) -> str:
    if 1900 < number < 2100:
        return str(number + rng.randint(-9, 9))
    return str(max(2, round(number * rng.uniform(0.6, 1.7))))


# --- One community -------------------------------------------------------------------------------------


@dataclass
class Written:
    """A report as it is written: lines of Markdown, data, and what its sentences were made from."""

    lines: list[str] = field(default_factory=list)
    observations: dict[str, dict[str, object]] = field(default_factory=dict)
    problems: dict[str, dict[str, object]] = field(default_factory=dict)
    countermeasures: dict[str, dict[str, object]] = field(default_factory=dict)
    origins: list[tuple[str, str, str]] = field(default_factory=list)

    def observe(self, indicator: str, value: int | float, quote: str) -> str:
        self.observations[indicator] = {"value": value, "quote": quote}
        return quote

    def holds(self, text: str) -> bool:
        """Whether the text stands in the report already, or holds what stands there, be it a figure's quote."""
        said = [line.lstrip("- ") for line in self.lines] + [
            str(one["quote"]) for one in self.observations.values()
        ]
        return any(text in line or line in text for line in said if line)

    def sentence(self, origin: Sentence, text: str) -> None:
        self.lines.append(f"- {text}")
        self.origins.append((text, origin.report, origin.text))


def facts(written: Written, village: Village) -> None:
    """About twenty figures, partitions that add up, in the words of the surveys."""
    rng, see = village.rng, written.observe
    permanent, floating = rng.randint(900, 5200), rng.randint(80, 1400)
    households = permanent + floating
    many, few = round(permanent * rng.uniform(2.2, 3.1)), round(floating * rng.uniform(1.4, 2.6))
    basic, key, controlled = rng.randint(100, 400), rng.randint(20, 80), rng.randint(10, 19)
    trusted = households - basic - key - controlled
    estates = [rng.randint(2, 9) for _ in range(3)]
    staff = [
        rng.randint(3, 9),
        rng.randint(2, 5),
        rng.randint(6, 16),
        rng.randint(2, 6),
        rng.randint(1, 4),
        rng.randint(4, 15),
    ]
    lines = [
        f"{village.name}位于{''.join(dict.fromkeys(village.place[:3]))}，"
        + see("founded_year", rng.randint(1952, 2008), "居委会成立于{}年")
        + "，"
        + see("area", round(rng.uniform(0.3, 3.8), 1), "面积{}平方公里")
        + "。",
        see("households", households, "全社区共有{}户")
        + "，"
        + see("residents", many + few, "合计{}人")
        + "；"
        + see("resident_households", permanent, "常住户{}户")
        + "，"
        + see("permanent_residents", many, "常住人口{}人")
        + "，"
        + see("floating_households", floating, "流动户{}户")
        + "，"
        + see("floating_residents", few, "流动人员{}人")
        + "。",
        "按管理类别，"
        + see("trusted_households", trusted, "放心户{}户")
        + "，"
        + see("basic_households", basic, "基本户{}户")
        + "，"
        + see("key_households", key, "重点户{}户")
        + "，"
        + see("controlled_households", controlled, "重点管控户{}户")
        + "。",
        see("compounds", sum(estates), "辖区小区{}个")
        + "："
        + see("merchant_compounds", estates[0], "商户小区{}个")
        + "，"
        + see("unit_compounds", estates[1], "单位型小区{}个")
        + "，"
        + see("unmanaged_compounds", estates[2], "无人管理小区{}个")
        + "。",
        see("staff", sum(staff), "工作人员共{}名")
        + "，其中"
        + see("state_cadres", staff[0], "国家干部{}名")
        + "，"
        + see("community_workers", staff[2], "社区工作者{}名")
        + "。",
        see("party_members", rng.randint(90, 900), "社区有党员{}人")
        + "，"
        + see("buildings", rng.randint(20, 160), "楼栋{}栋")
        + "。",
    ]
    for line in lines:
        written.lines += [line, ""]


def report(number: int, bank: Bank, known: frozenset[str], seed: int) -> tuple[Village, Written]:
    """The community ``number`` with its report."""
    rng = random.Random(f"{seed}/{number}")
    place = rng.choice(PLACES)
    village = Village(
        f"{place[4]}-{number:05}",
        f"{place[2]}{rng.choice(NAMES)}{rng.choice(('', '里', '路', '东', '西'))}社区",
        place,
        rng,
    )
    written = Written(lines=["## 基本情况", ""])
    facts(written, village)
    _fill_in(written, known)
    _say(written, village, bank.fillers, FILLERS // 3)
    written.lines += ["", "## 问题", ""]
    problems = _state_problems(written, village, bank)
    _say(written, village, bank.fillers, FILLERS // 3)
    written.lines += ["", "## 对策", ""]
    _propose(written, village, bank, problems)
    _say(written, village, bank.fillers, FILLERS // 3)
    return village, written


def _fill_in(written: Written, known: frozenset[str]) -> None:
    """Put the values into quotes and lines; figures of unknown indicators stay text only."""
    for i, line in enumerate(written.lines):
        filled = line
        for entry in written.observations.values():
            quote = str(entry["quote"])
            if "{}" in quote and quote in filled:
                filled = filled.replace(quote, quote.format(entry["value"]))
        written.lines[i] = filled
    for entry in written.observations.values():
        entry["quote"] = str(entry["quote"]).format(entry["value"])
    written.observations = {id: entry for id, entry in written.observations.items() if id in known}


def _say(written: Written, village: Village, sentences: Sequence[Sentence], count: int) -> None:
    for sentence in village.rng.sample(sentences, len(sentences)):
        if not count:
            return
        text = varied(sentence.text, village)
        if not written.holds(text):
            written.sentence(sentence, text)
            count -= 1


def _state_problems(written: Written, village: Village, bank: Bank) -> list[Sentence]:
    chosen: list[Sentence] = []
    for problem in village.rng.sample(bank.problems, len(bank.problems)):
        text = varied(problem.text, village)
        if len(chosen) == PROBLEMS:
            break
        if (
            problem.key in written.problems
            or written.holds(text)
            or any(one.text == problem.text for one in chosen)
        ):
            continue
        chosen.append(problem)
        written.sentence(problem, text)
        title = varied(problem.title, village, may_lead=False)
        written.problems[problem.key] = {"type": problem.type, "title": title, "quote": text}
    return chosen


def _propose(written: Written, village: Village, bank: Bank, problems: Sequence[Sentence]) -> None:
    answers = [(item, problem) for problem in problems for item in bank.answering[problem.report, problem.key]]
    others = [(item, village.rng.choice(problems)) for item in village.rng.sample(bank.countermeasures, 12)]
    village.rng.shuffle(answers)
    for item, problem in (*answers, *others):
        text = varied(item.text, village)
        if len(written.countermeasures) == COUNTERMEASURES:
            return
        if item.key in written.countermeasures or written.holds(text):
            continue
        written.sentence(item, text)
        written.countermeasures[item.key] = {
            "type": item.type,
            "title": varied(item.title, village, may_lead=False),
            "addresses": [problem.key],
            "who": list(item.who),
            "status": item.status,
            "quote": text,
        }


# --- The project ---------------------------------------------------------------------------------------


def project(count: int, folder: Path, seed: int = 1, source: Path = PROJECT) -> None:
    """Write ``count`` communities, the five surveys among them, as a project that builds."""
    sources, _ = read_sources(source, source / "docs", source / "data")
    subject, _ = read_subject(sources)
    base = subject.base
    _copy(source, folder)
    origins: dict[str, list[tuple[str, str, str]]] = {}
    sentences = bank(subject)
    for number in range(1, count - len(base.communities) + 1):
        village, written = report(number, sentences, frozenset(base.indicators), seed)
        _write(folder, village, written, base)
        origins[village.id] = written.origins
    (folder / "origins.json").write_text(json.dumps(origins, ensure_ascii=False), encoding="utf-8")


def _copy(source: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for path in ("docs", "data"):
        shutil.copytree(source / path, folder / path)
    shutil.copy(source / "mkdocs.yml", folder / "mkdocs.yml")


def _write(folder: Path, village: Village, written: Written, base: KnowledgeBase) -> None:
    rng = village.rng
    year = rng.randint(2012, 2025)
    front = {
        "title": f"{village.name}{rng.choice(('调研报告', '社区治理调研', '情况调查', '走访报告'))}",
        "community": village.id,
        "surveyed": str(year),
        "authors": [f"{village.place[2]}{rng.choice(('民政局', '社区办', '调研组'))}"],
        "source": {"title": "社区调研选编", "section": f"第{rng.randint(1, 90)}篇"},
        "licence": "CC BY 4.0",
    }
    body = "\n".join(written.lines)
    text = f"---\n{_yaml(front)}---\n\n{body}\n"
    (folder / "docs" / "reports" / f"{village.id}.md").write_text(text, encoding="utf-8")
    data = {
        "name": village.name,
        "level": "community",
        "place": {
            "province": village.place[0],
            "city": village.place[1],
            "district": village.place[2],
            "code": village.place[3],
            "setting": rng.choice(SETTINGS),
        },
        "reports": {
            village.id: {
                "observations": written.observations,
                "problems": written.problems,
                "countermeasures": written.countermeasures,
            }
        },
    }
    (folder / "data" / "communities" / f"{village.id}.yml").write_text(_yaml(data), encoding="utf-8")


def _yaml(value: Mapping[str, object]) -> str:
    return "\n".join(_yaml_lines(value, "")) + "\n"


def _yaml_lines(value: Mapping[str, object], indent: str) -> Iterator[str]:
    for key, item in value.items():
        if isinstance(item, Mapping) and item and not {"value", "quote"} <= item.keys():
            yield f"{indent}{key}:"
            yield from _yaml_lines(item, indent + "  ")
        else:
            # JSON is YAML.
            yield f"{indent}{key}: {json.dumps(item, ensure_ascii=False)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--source", type=Path, default=PROJECT)
    given = parser.parse_args()
    project(given.count, given.folder, given.seed, given.source)


if __name__ == "__main__":
    main()
