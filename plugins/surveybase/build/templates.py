"""The templates of a theme as compiled by an earlier build: to compile them takes longer than a page."""

from __future__ import annotations

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from surveybase.build.memory import Memory
from surveybase.build.units import code_key
from surveybase.digests import digest

TEMPLATE = "template"  # the kind of these entries of the memory


class RememberedTemplates(BytecodeCache):
    """Keeps what the environment compiles: templates by their text and by the extensions they are read with."""

    def __init__(self, environment: Environment, memory: Memory) -> None:
        self._environment = environment
        self._memory = memory

    def load_bytecode(self, bucket: Bucket) -> None:
        content = self._memory.get(self._key(bucket), TEMPLATE)
        if content is not None:
            bucket.bytecode_from_string(content)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._memory.put(self._key(bucket), TEMPLATE, bucket.bytecode_to_string())

    def _key(self, bucket: Bucket) -> str:
        return digest(code_key(), *sorted(self._environment.extensions), bucket.key, bucket.checksum)
