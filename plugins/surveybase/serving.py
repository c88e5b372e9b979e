"""While the site is served and a file is broken: the last good site, with a banner that lists the errors.

The banner is made in the browser by ``assets/live.js``, which also reloads the page after a change: the script that
MkDocs puts into pages for that is inline, and the policy of the pages forbids it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

LIVE_SCRIPT = "live.js"
ERRORS_FILE = "live-errors.json"

Application = Callable[..., Iterable[bytes]]


class Server(Protocol):
    """What is needed of MkDocs's development server."""

    builder: Any

    def get_app(self) -> Any: ...

    def set_app(self, application: Any) -> None: ...


@dataclass(slots=True)
class Board:
    """What is wrong with the files that are being served; ``has_site`` says that there is a good site to show."""

    lines: list[str] = field(default_factory=list)
    has_site: bool = False


def attend(server: Server, board: Board) -> None:
    """Let the server go on after an error in a rebuild, and answer what ``live.js`` asks."""
    server.builder = _forgiving(server.builder, board)
    server.set_app(_with_board(server.get_app(), board))


def _forgiving(build: Callable[..., None], board: Board) -> Callable[..., None]:
    def forgiving(*given: Any) -> None:
        board.lines = []
        try:
            build(*given)
        except (Exception, SystemExit) as error:
            # A server that is not told of a success keeps every reader waiting; the pages are whole, so it is told.
            board.lines = board.lines or [str(error)]

    return forgiving


def _with_board(application: Application, board: Board) -> Application:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not str(environ["PATH_INFO"]).endswith(f"/{ERRORS_FILE}"):
            return application(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
        return [json.dumps(board.lines, ensure_ascii=False).encode()]

    return answer
