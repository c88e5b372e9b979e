"""Whatever is written into a file, its reader ends soon, with a value or with findings that name their place."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import tostring

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import ROOT
from surveybase.build.compile_unit import compile_unit
from surveybase.build.memory import PAGES
from surveybase.build.pickling import loads
from surveybase.build.units import Compiled, Order, Unit, setting_of, units_of
from surveybase.build.workers import compile_all
from surveybase.diagnostics import Diagnostic
from surveybase.hosting import Publication
from surveybase.reading.body import convert
from surveybase.reading.catalogues import Catalogues, read_catalogues
from surveybase.reading.documents import DEEPEST, Fields, Items, Node, read_data, read_report
from surveybase.reading.limits import faults_of_size
from surveybase.reading.marking import Quote, mark
from surveybase.reading.source import Source
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import NO_SOURCES
from surveybase.sanitising import sanitised

# Half of the processors' time is others'; a limit in wall time would fail when they are busy.
SECONDS_OF_PROCESSOR = 2.0


def many(count: int) -> settings:
    """Run so many inputs; the same in each run, so that a test fails for all or for none."""
    return settings(
        max_examples=count, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )


YAML_PIECES = st.sampled_from(
    [
        *(
            "a: ",
            "- ",
            "? ",
            ": ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            "\n",
            "\n  ",
            "\n    ",
            "\t",
            "'",
            '"',
            "|\n",
            ">\n",
            "#",
        ),
        *(
            "&a ",
            "*a",
            "!!python/object:x ",
            "!t ",
            "<<: ",
            "%YAML 1.1\n",
            "---\n",
            "...\n",
            "\\x00",
            "\\u202e",
            "@",
        ),
        *(
            "no",
            "012",
            "12:30",
            "1e3",
            ".inf",
            "~",
            "null",
            "2012-01-01",
            "0x1F",
            "：",
            "“",
            "值",
            "\x85",
            "\u2028",
        ),
        *("\ufeff", "\x00", "\x1b", "\r", "\r\n", "a" * 40, "键: 值\n", "a: &x [*x]\n", "[" * 20, "{a: " * 15),
    ]
)
YAML_TEXTS = st.one_of(st.text(max_size=40), st.lists(YAML_PIECES, max_size=14).map("".join))


def check_findings(findings: list[Diagnostic], text: str) -> None:
    lines = text.count("\n") + 1
    for finding in findings:
        position = finding.location.position
        assert 1 <= position.line <= lines + 1
        assert position.column >= 1
        assert finding.message
        assert finding.help


def depth(node: Node) -> int:
    if isinstance(node, Items):
        return 1 + max(map(depth, node.items), default=0)
    return 1 + max(map(depth, node.values.values()), default=0) if isinstance(node, Fields) else 0


# Four parts of 10,000, so that a failure names a smaller one and each begins elsewhere.
@pytest.mark.parametrize("part", range(4))
def test_the_yaml_reader_ends_on_40_000_inputs(part: int) -> None:
    longest = [0.0]
    seen = [0]

    @many(10_000)
    @given(YAML_TEXTS)
    def reads(text: str) -> None:
        seen[0] += 1
        text = ["", "a: ", "[", "- "][part] + text
        begun = time.thread_time()
        document, findings = read_data(Source("data/a.yml", text))
        longest[0] = max(longest[0], time.thread_time() - begun)
        check_findings(findings, text)
        if document is None:
            assert findings
        else:
            assert depth(document.root) <= DEEPEST + 1

    reads()
    assert seen[0] >= 9_000  # fewer only where the inputs repeat
    assert longest[0] < SECONDS_OF_PROCESSOR


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 60_000,
        "{a: " * 60_000,
        "- " * 60_000,
        "? " * 60_000,
        "a: &a [x]\n" + "".join(f"b{i}: &b{i} [{'*a,' * 9}]\n" for i in range(60)),
        "a: " + "x" * 900_000,
        "".join(f"k{i}: {i}\n" for i in range(60_000)),
        "'" * 900_000,
        "a: |\n" + " \n" * 300_000,
        "#" * 900_000,
        "\n" * 900_000,
        "!" * 100_000,
        "%" * 100_000,
        "a" * 900_000 + ": 1",
    ],
    ids=lambda bomb: f"{bomb[:6]!r}",
)
def test_a_yaml_bomb_is_read_or_refused_soon(bomb: str) -> None:
    begun = time.thread_time()
    document, findings = read_data(Source("data/a.yml", bomb))
    assert time.thread_time() - begun < 5 * SECONDS_OF_PROCESSOR
    assert document is not None or findings


@many(4_000)
@given(st.one_of(YAML_TEXTS, YAML_TEXTS.map(lambda text: f"---\n{text}\n---\n正文")))
def test_front_matter_ends_with_a_report_or_with_findings(text: str) -> None:
    document, findings = read_report(Source("docs/reports/a.md", text))
    check_findings(findings, text)
    assert document is not None or findings


MARKDOWN_PIECES = st.sampled_from(
    [
        *(
            "*",
            "**",
            "_",
            "`",
            "```\n",
            "~~~\n",
            "[",
            "]",
            "(",
            ")",
            "![",
            "](a)",
            "<",
            ">",
            "> ",
            "- ",
            "1. ",
            "# ",
        ),
        *(
            "|",
            "|---|\n",
            "\n",
            "\n\n",
            "    ",
            "\t",
            "\\",
            "&",
            "&lt;",
            "<b>",
            "<!--",
            "-->",
            "[a]: b\n",
            "[^1]",
            "‹",
        ),
        *(
            "\x02",
            "\x03",
            "\x02wzxhzdk:0\x03",
            "\x02amp\x03",
            "klzzwxh:0001",
            "字",
            "a" * 30,
            "* " * 8,
            "http://a/",
        ),
    ]
)
MARKDOWN = st.one_of(st.text(max_size=60), st.lists(MARKDOWN_PIECES, max_size=25).map("".join))


@many(3_000)
@given(MARKDOWN)
def test_markdown_becomes_a_tree_that_the_allow_list_does_not_change(text: str) -> None:
    body = convert(text)
    html = "".join(tostring(child, encoding="unicode", method="html") for child in body.root)
    assert "<script" not in html.lower()
    assert len({heading.anchor for heading in body.headings}) == len(body.headings)
    assert "<b>" not in sanitised(html)


@many(1_500)
@given(MARKDOWN, st.lists(st.text(min_size=1, max_size=8), max_size=4), st.data())
def test_marking_changes_no_text_and_marks_each_quote_that_stands_once(
    text: str, others: list[str], data: st.DataObject
) -> None:
    before, body = convert(text), convert(text)
    words = "".join(before.root.itertext())
    start = data.draw(st.integers(0, max(len(words) - 1, 0)))
    quotes = [words[start : start + 5], *others]
    found = mark(body, [Quote(f"q-{i}", quote) for i, quote in enumerate(quotes)])
    assert "".join("".join(body.root.itertext()).split()) == "".join(words.split())
    anchors = [id for element in body.root.iter("mark") if (id := element.get("id"))]
    assert sorted(anchors) == sorted(anchor for anchor, count in found.items() if count == 1)


# Each took plain Python-Markdown seconds, or its stack.
BOMBS: dict[str, Callable[[], str]] = {
    "quotes": lambda: "> " * 3000 + "x",
    "lists": lambda: "* " * 1000 + "x",
    "numbers": lambda: "1. " * 1000 + "x",
    "indent": lambda: "\n".join(" " * 4 * i + "- x" for i in range(200)),
    "brackets": lambda: "[" * 9000,
    "open links": lambda: "[a](" * 2000,
    "pictures": lambda: "![" * 4000,
    "stars": lambda: "*a " * 3000,
    "bold": lambda: "**a *b " * 1300,
    "underscores": lambda: "_a " * 3000,
    "mixed": lambda: "*_" * 4000 + "a",
    "backticks": lambda: "".join("`" * i + "a" for i in range(1, 130)),
    "open code": lambda: "`a" * 4000,
    "escapes": lambda: "\\*" * 4500,
    "entities": lambda: "&" * 9000,
    "tags": lambda: "<a" * 4500,
    "comments": lambda: "<!--" * 2200,
    "table columns": lambda: "|a" * 4000 + "\n" + "|-" * 4000 + "\n" + "|b" * 4000,
    "table rows": lambda: "|a|b|\n|-|-|\n" + "|c|d|\n" * 12_000,
    "definitions": lambda: "".join(f"[{i}]: x\n" for i in range(9000)),
    "headings": lambda: "# a\n" * 20_000,
    "rules": lambda: "- - - - - -\n" * 9000,
    "setext": lambda: "a\n" * 40_000 + "=",
    "emphasis over lines": lambda: "*a\n" * 30_000,
    "links over lines": lambda: "[a\n" * 30_000,
    "white space": lambda: "a" + " " * 9000 + "b",
    "breaks": lambda: "a  \n" * 40_000,
    "empty quotes": lambda: ">\n" * 60_000,
    "a picture after a sign": lambda: "‹![图片](a.png)",
    "placeholders": lambda: "\x02wzxhzdk:0\x03" * 900,
}


SETTING = setting_of(Catalogues(), (), Publication(""))


def compiled(texts: Sequence[str], seconds: float) -> dict[str, tuple[Compiled, str]]:
    """By text: what a page of it comes to in a process of its own, and its HTML, if any."""
    sources = [replace(NO_SOURCES, pages=(Source(f"docs/{i}.md", text),)) for i, text in enumerate(texts)]
    outcomes = dict(compile_all(list(map(Unit, sources)), SETTING, seconds=seconds))
    found = {}
    for i, text in enumerate(texts):
        content, parts = outcomes[i]
        pages = loads(parts[PAGES], SETTING.catalogues.base) if parts else {}
        html = pages[f"{i}.md"].content.html if pages else ""
        found[text] = loads(content, SETTING.catalogues.base), html
    return found


def reason(outcome: tuple[Compiled, str]) -> str:
    return "".join(finding.message for finding in outcome[0].findings if finding.code == "markdown-failed")


def test_each_markdown_bomb_is_refused_or_converted_or_stopped_and_harms_no_other() -> None:
    texts = {name: bomb() for name, bomb in BOMBS.items()}
    accepted = {name: text for name, text in texts.items() if not list(faults_of_size(text, "a.md", 1))}
    assert {"quotes", "lists", "brackets"} & set(accepted) == set()
    ordinary = [f"# 一\n\n第 {i} 段" for i in range(len(accepted))]
    outcomes = compiled([text for pair in zip(accepted.values(), ordinary, strict=True) for text in pair], 3)
    for text in ordinary:
        assert outcomes[text][0].findings == ()
        assert text[-5:] in outcomes[text][1]
    assert all(reason(outcome) or outcome[0].pages for outcome in outcomes.values())


def test_a_text_that_takes_too_long_is_stopped_and_the_next_is_converted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With a converter that never ends, since the known ways to make the real one slow may be mended some day."""
    slow = tmp_path / "sitecustomize.py"
    slow.write_text(
        "import surveybase.reading.body as body\n"
        "real = body.convert\n"
        "def convert(text):\n"
        "    while text == 'slow': pass\n"
        "    if text == 'crash': import os; os.abort()\n"
        "    if text == 'memory': bytearray(1 << 40)\n"
        "    if text == 'deep': convert(text)\n"
        "    return real(text)\n"
        "body.convert = convert\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    texts = ["slow", "一", "crash", "二", "memory", "deep", "三"]
    outcomes = compiled(texts, 2)
    assert {text: reason(outcomes[text]) for text in texts} == {
        "slow": "2 秒没有转换完",
        "一": "",
        "crash": "转换时用尽了内存或者崩溃",
        "二": "",
        "memory": "转换时用尽了内存",
        "deep": "套得太深，转换不了",
        "三": "",
    }


def test_compiling_elsewhere_gives_what_compiling_here_gives() -> None:
    sources = read_sources(ROOT, ROOT / "docs", ROOT / "data")[0]
    catalogues, _ = read_catalogues(sources.catalogues)
    setting = setting_of(catalogues, sources.catalogues, Publication(""))
    units = units_of(sources)
    elsewhere = dict(compile_all(units, setting))
    for i, unit in enumerate(units):
        here, parts = compile_unit(Order(unit), setting)
        assert loads(elsewhere[i][0], catalogues.base) == here
        assert elsewhere[i][1] == parts
