"""The process that makes the search index for the memory, for :mod:`surveybase.build.writing`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from surveybase.addresses import address
from surveybase.build.memory import RECORDS, Memory
from surveybase.build.messages import receive
from surveybase.build.pickling import NO_BASE, loads
from surveybase.build.program import code_key
from surveybase.build.writing import Pieces
from surveybase.search import Catalogue, index_files
from surveybase.search.shown import Prepared

Order = tuple[str, Path, str, tuple[Catalogue, tuple[str, ...]]]


def main() -> None:
    """Read the order from standard input; it fails where the program or a record is no longer there."""
    code, folder, key, (catalogue, record_keys) = cast("Order", receive(sys.stdin.buffer))
    if code_key() != code:
        sys.exit(1)
    gc.disable()  # all that is made stays until the end
    memory = Memory(folder)

    def records() -> Iterator[Prepared]:
        for unit in record_keys:
            content = memory.get(unit, RECORDS)
            if content is None:
                sys.exit(1)
            yield from loads(content, NO_BASE)

    Pieces("", lambda: index_files(catalogue, records, address), lambda: None, key).keep(memory)


if __name__ == "__main__":
    main()
