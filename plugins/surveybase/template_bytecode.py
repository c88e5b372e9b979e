"""What Jinja compiles templates to, kept for the next process: to compile the theme's takes longer than most builds
that follow an edit."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

NOT_KEPT = ""


class TemplateBytecode(FileSystemBytecodeCache):
    """That of the templates in ``folders``, which are installed as this program is.

    It lies where Python keeps the program's own, as it is run in the same way: whoever can write there can change
    the program. What a project brings itself is compiled each time.
    """

    def __init__(self, *folders: str) -> None:
        super().__init__(str(Path(cache_from_source(__file__)).parent), f"template-{version('jinja2')}-%s.pyc")
        self._folders = tuple(os.path.join(folder, "") for folder in folders)

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        is_kept = filename is not None and filename.startswith(self._folders)
        return super().get_cache_key(name, filename) if is_kept else NOT_KEPT

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key != NOT_KEPT:
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.key != NOT_KEPT and not sys.dont_write_bytecode:
            with suppress(OSError):  # a program that is installed for all may be read only
                super().dump_bytecode(bucket)
