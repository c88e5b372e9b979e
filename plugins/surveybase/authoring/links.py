"""The addresses of other sites that reports and data name, and whether they still answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from surveybase.reading.source import Source

ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$&*+,;=%]+")
AT_THE_END = ".,;:!?"  # of the sentence, not of the address
SECONDS, AT_ONCE = 20, 8
# Told to machines by sites that answer people.
ALIVE = frozenset({401, 403, 405, 429})


def addresses(sources: Iterable[Source]) -> dict[str, list[str]]:
    """Each address with the places that name it, as ``path:line``."""
    found: dict[str, list[str]] = {}
    for source in sources:
        for number, line in enumerate(source.text.splitlines(), 1):
            for match in ADDRESS.findall(line):
                found.setdefault(match.rstrip(AT_THE_END), []).append(f"{source.path}:{number}")
    return found


def answer(address: str) -> str:
    """Why the address does not answer; empty when it does."""
    try:
        with urlopen(Request(address, headers={"User-Agent": "surveybase links"}), timeout=SECONDS):
            return ""
    except HTTPError as error:
        return "" if error.code in ALIVE else f"HTTP {error.code}"
    except (URLError, HTTPException, OSError, ValueError) as error:
        return f"连不上（{getattr(error, 'reason', error)}）"


def dead(wanted: Iterable[str], ask: Callable[[str], str] = answer) -> dict[str, str]:
    """The addresses that do not answer, even when asked a second time, with the reason."""
    every = sorted(wanted)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        again = [address for address, reason in zip(every, pool.map(ask, every), strict=True) if reason]
        return {address: reason for address, reason in zip(again, pool.map(ask, again), strict=True) if reason}
