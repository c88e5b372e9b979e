"""The addresses of other sites that reports and data name, and whether they still answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from socket import gaierror
from ssl import SSLError
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from surveybase.reading.source import Source

ADDRESS = re.compile(
    r"https?://[^\s<>\"'`|\\^\u2018-\u201f\u2026\u3000-\u301f\uff01-\uff0e\uff1a-\uff20\uff3b-\uff5e]+"
)
AT_THE_END = ".,;:!?*_~"  # of the sentence or of emphasis, not of the address
BRACKETS = {")": "(", "]": "[", "}": "{"}
# Addresses of the reader's own machine, and those that only stand for others.
LOCAL = re.compile(r"https?://(localhost|127\.[0-9.]+|([^/?#:]+\.)?example(\.(com|net|org|cn))?)(?![^/?#:])")
SECONDS, AT_ONCE = 20, 8
ASCII = "".join(map(chr, range(33, 127)))  # what stands in an address as it is
REASONS: dict[type[BaseException], str] = {
    TimeoutError: "没有在时限内回答",
    SSLError: "证书有问题",
    gaierror: "找不到这个网站",
}
# Told to machines by sites that answer people.
ALIVE = frozenset({401, 403, 405, 429})


def addresses(sources: Iterable[Source]) -> dict[str, list[str]]:
    """Each address with the places that name it, as ``path:line``."""
    found: dict[str, list[str]] = {}
    for source in sources:
        for number, line in enumerate(source.text.splitlines(), 1):
            for match in ADDRESS.findall(line):
                address = _closed(match).rstrip(AT_THE_END)
                if not LOCAL.match(address):
                    found.setdefault(address, []).append(f"{source.path}:{number}")
    return found


def _closed(text: str) -> str:
    """The text up to the first bracket that closes what is not opened in it."""
    opened: list[str] = []
    for i, character in enumerate(text):
        if character in BRACKETS.values():
            opened.append(character)
        elif character in BRACKETS and (not opened or opened.pop() != BRACKETS[character]):
            return text[:i]
    return text


def answer(address: str) -> str:
    """Why the address does not answer; empty when it does."""
    try:
        with urlopen(
            Request(quote(address, safe=ASCII), headers={"User-Agent": "surveybase links"}), timeout=SECONDS
        ):
            return ""
    except HTTPError as error:
        return "" if error.code in ALIVE else f"HTTP {error.code}"
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)  # whose words are another's, and are not repeated
        return next((words for kind, words in REASONS.items() if isinstance(reason, kind)), "连不上")


def dead(wanted: Iterable[str], ask: Callable[[str], str] = answer) -> dict[str, str]:
    """The addresses that do not answer, even when asked a second time, with the reason."""
    every = sorted(wanted)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        again = [address for address, reason in zip(every, pool.map(ask, every), strict=True) if reason]
        return {address: reason for address, reason in zip(again, pool.map(ask, again), strict=True) if reason}
