"""What is known of Chinese characters: the Simplified forms, the readings, the order of a dictionary.

The tables are those of OpenCC (Apache-2.0) and pypinyin (MIT); they are loaded when first asked for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path


@cache
def simplified_characters() -> Mapping[int, str]:
    """Traditional to Simplified, one character each, by code point."""
    from opencc import OpenCC  # noqa: PLC0415 - half a second of tables

    ranges = (range(0x3400, 0xA000), range(0x20000, 0x2FA20))
    characters = [chr(code) for codes in ranges for code in codes]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")  # at once: each call takes its time
    pairs = zip(characters, converted, strict=True)
    return {ord(one): other for one, other in pairs if other != one and len(other) == 1}


@cache
def _readings() -> Mapping[int, str]:
    # The table alone: the package would load that of all words too, which takes four times as long.
    package = find_spec("pypinyin")
    assert package and package.submodule_search_locations
    spec = spec_from_file_location("pinyin_dict", Path(package.submodule_search_locations[0]) / "pinyin_dict.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    readings: Mapping[int, str] = module.pinyin_dict
    return readings


MOST_READINGS = 4


def syllables(character: str) -> tuple[str, ...]:
    """The readings of a character, the usual first, without tones; ü is v."""
    marked = _readings().get(ord(character), "")
    plain = (_without_tone(reading) for reading in marked.split(",") if reading)
    return tuple(dict.fromkeys(reading for reading in plain if reading.isascii()))[:MOST_READINGS]


def _without_tone(reading: str) -> str:
    decomposed = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def pinyin_key(text: str) -> tuple[str, ...]:
    """What to sort words by, as a Chinese dictionary does: syllable by syllable."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - a fifth of a second of tables

    return tuple(syllable.lower() for syllable in lazy_pinyin(text))
