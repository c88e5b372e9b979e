"""Reads the files of a search index as the browser does, in plain Python: for tests of what was written."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class IndexReader:
    """The files by path, before gzip; postings are (record, impact) pairs."""

    files: Mapping[str, bytes]

    @cached_property
    def meta(self) -> Any:
        return json.loads(self.files["meta.bin"])

    def table(self, name: str) -> Any:
        return json.loads(self._content(name))

    def postings(self, term: str) -> list[tuple[int, int]]:
        """Every record with the term, blocks and groups in the order written."""
        for i, (name, _, tags) in enumerate(self.meta["frequent"]):
            if name == term:
                return [pair for j in range(len(tags)) for pair in _decoded(self._content(f"f/{i}-{j}"))]
        shard = bisect_right([_units(first) for first in self.meta["shards"]], _units(term)) - 1
        return self.terms(shard).get(term, []) if shard >= 0 else []

    def terms(self, shard: int) -> dict[str, list[tuple[int, int]]]:
        data = self._content(f"s/{shard}")
        count, at = _number(data, 0)
        name, heads = b"", []
        for _ in range(count):
            shared, at = _number(data, at)
            rest, at = _number(data, at)
            name = name[:shared] + data[at : at + rest]
            length, at = _number(data, at + rest)
            heads.append((name.decode(), length))
        found = {}
        for term, length in heads:
            found[term] = list(_decoded(data[at : at + length]))
            at += length
        return found

    @cached_property
    def rows(self) -> list[Any]:
        """What is shown at each number; 0 where there is no record."""
        blocks = (self.meta["numbers"] + 15) // 16
        return [row for i in range(blocks) for row in self.table(f"t/{i}")["records"]]

    @cached_property
    def _named(self) -> dict[str, bytes]:
        """The files without the tags of their content."""
        return {re.sub(r"-[0-9a-f]{6}\.bin$", "", path): content for path, content in self.files.items()}

    def _content(self, name: str) -> bytes:
        return self._named[name]


def _units(text: str) -> bytes:
    return text.encode("utf-16-be")


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at


def _decoded(data: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(data):
        impact, at = data[at], at + 1
        count, at = _number(data, at)
        record = 0
        for _ in range(count):
            step, at = _number(data, at)
            record += step
            yield record, impact
