"""``surveybase links`` against a server of its own."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from surveybase.authoring import links
from surveybase.authoring.links import addresses
from surveybase.cli import main
from surveybase.reading.source import Source


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/forged":
            self.wfile.write(b"@someone [x](//evil.example)\r\n")
            return
        self.send_response({"/here": 200, "/machines": 403, "/%E6%9F%90": 200}.get(self.path, 404))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answers) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def test_an_address_ends_with_the_sentence() -> None:
    assert addresses([Source("a.md", "见https://a.cn/b?c=1。\n（http://d.cn）, http://d.cn.")]) == {
        "https://a.cn/b?c=1": ["a.md:1"],
        "http://d.cn": ["a.md:2", "a.md:2"],
    }


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://a.cn/wiki/某社区，", "https://a.cn/wiki/某社区"),
        ("[x](https://a.cn/A_(b))。", "https://a.cn/A_(b)"),
        ('[x](https://a.cn/a "题")', "https://a.cn/a"),
        ("[x](https://a.cn)**重**", "https://a.cn"),
        ("**https://a.cn**", "https://a.cn"),
        ("{url: https://a.cn/b, title: x}", "https://a.cn/b"),
        ("{url: https://a.cn/b}", "https://a.cn/b"),
        ("https://example.cn.com/", "https://example.cn.com/"),
    ],
)
def test_an_address_is_taken_whole(text: str, address: str) -> None:
    assert [*addresses([Source("a.md", text)])] == [address]


def test_nobody_else_is_asked_for_what_is_on_the_own_machine_or_only_an_example() -> None:
    text = "<http://127.0.0.1:8000>、http://localhost:1/a、https://example.org/a、https://www.example.com"
    assert addresses([Source("a.md", text)]) == {}


def test_only_what_does_not_answer_is_told(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs" / "reports").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    report = tmp_path / "docs" / "reports" / "a.md"
    text = f"<{server}/here>\n<{server}/machines>\n[x]({server}/gone)\n{server}/某，{server}/forged\n"
    report.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(links, "LOCAL", re.compile("(?!)"))
    assert main(["links"]) == 1
    assert capsys.readouterr().out == (
        f"- `{server}/forged` 连不上：docs/reports/a.md:4\n- `{server}/gone` HTTP 404：docs/reports/a.md:3\n"
    )
    report.write_text(f"<{server}/here>\n", "utf-8")
    assert main(["links"]) == 0
