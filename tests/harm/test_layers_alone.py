"""Each of the three layers against scripts holds alone: refusal, the allow-list, and the policy of the page."""

import pytest
from playwright.sync_api import Browser
from surveybase.policy import policy_meta
from surveybase.reading.markup import TAG, html_in
from surveybase.reading.source import Source
from surveybase.sanitising import sanitised

from harm.tripwire import run_in_frames
from harm.vectors import HTML, VECTORS

WITH_TAGS = tuple(vector for vector in HTML if TAG.search(vector))

# What a page needs of the policy, and an inline script that it allows.
POLICY = str(policy_meta("<script>ours = 1</script>"))


def test_there_are_at_least_300_vectors_and_most_of_them_work_where_nothing_stops_them(browser: Browser) -> None:
    tripped, asked = run_in_frames(browser, VECTORS, with_policy=False)
    assert len(VECTORS) >= 300
    assert len(tripped) >= 200
    assert any("evil.test" in request for request in asked)


def test_the_allow_list_alone_lets_none_run_and_asks_no_other_host(browser: Browser) -> None:
    tripped, asked = run_in_frames(browser, [str(sanitised(vector)) for vector in VECTORS], with_policy=False)
    assert {VECTORS[i] for i in tripped} == set()
    assert {request for request in asked if "evil.test" in request and not request.endswith(".png")} == set()


def test_the_policy_alone_lets_none_run(browser: Browser) -> None:
    tripped, asked = run_in_frames(browser, VECTORS, POLICY, with_policy=True)
    assert {VECTORS[i] for i in tripped} == set()
    assert {request for request in asked if request.endswith((".js", ".css"))} == set()


@pytest.mark.parametrize("vector", WITH_TAGS)
def test_html_is_refused_with_its_line_and_column(vector: str) -> None:
    before = "第一行\n\n第三行："
    found = list(html_in(Source("docs/reports/a.md", before + vector)))
    first = TAG.search(vector)
    assert first is not None
    lines = (before + vector)[: len(before) + first.start()].split("\n")
    place = f"docs/reports/a.md:{len(lines)}:{len(lines[-1]) + 1}"
    assert place in {str(finding.location) for finding in found}
    assert {finding.code for finding in found} == {"markdown-html"}


@pytest.mark.parametrize(
    "text",
    [
        "见<https://example.org/a?b=c>。",
        "3 < 4，户数<50的",
        "写作`<br>`",
        "``一个 ` 和 <br>``",
        "```html\n<br>\n```",
        "~~~\n<br>\n~~~",
    ],
)
def test_what_is_no_html_is_not_refused(text: str) -> None:
    assert list(html_in(Source("a.md", text))) == []


@pytest.mark.parametrize("text", ["```\n<br>", "`<br>", "````\n```\n````\n<br>", "```a`b\n<br>"])
def test_html_after_code_that_does_not_end_is_refused(text: str) -> None:
    assert [finding.value for finding in html_in(Source("a.md", text))] == ["<br>"]
