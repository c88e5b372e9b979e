"""``surveybase links`` against a server of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from surveybase.authoring.links import addresses
from surveybase.cli import main
from surveybase.reading.source import Source


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response({"/here": 200, "/machines": 403}.get(self.path, 404))
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


def test_only_what_does_not_answer_is_told(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs" / "reports").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    report = tmp_path / "docs" / "reports" / "a.md"
    report.write_text(f"<{server}/here>\n<{server}/machines>\n[x]({server}/gone)\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["links"]) == 1
    assert capsys.readouterr().out == f"- `{server}/gone` HTTP 404：docs/reports/a.md:3\n"
    report.write_text(f"<{server}/here>\n", "utf-8")
    assert main(["links"]) == 0
