"""Whether a file is the picture that its name says, and nothing besides."""

from __future__ import annotations

import struct
import zlib

LARGEST_PICTURE = 2_000_000  # bytes
MOST_PIXELS = 40_000_000  # more than any camera of a telephone needs; a bomb unpacks to thousands of millions

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class _Malformed(Exception):
    """The content is not what it should be; the message is for the contributor."""


def fault_of_picture(suffix: str, content: bytes) -> str | None:
    """What is wrong with a picture of the kind ``suffix``: ``.png``, ``.jpg``, ``.jpeg`` or ``.webp``."""
    try:
        match suffix:
            case ".png":
                width, height = _png(content)
            case ".webp":
                width, height = _webp(content)
            case _:
                width, height = _jpeg(content)
    except (struct.error, IndexError):
        return "图片不完整"
    except _Malformed as error:
        return str(error)
    return None if 0 < width * height <= MOST_PIXELS else "图片的像素太多，或者为零"


def _png(content: bytes) -> tuple[int, int]:
    if not content.startswith(PNG_SIGNATURE):
        raise _Malformed("内容不是 PNG 图片")
    position, size, kind = len(PNG_SIGNATURE), (0, 0), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, position)
        data = content[position + 8 : position + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, position + 8 + length)
        if checksum != zlib.crc32(kind + data):
            raise _Malformed("图片已损坏")
        if kind == b"IHDR":
            size = struct.unpack_from(">II", data)
        position += 12 + length
    if position != len(content):
        raise _Malformed("图片后面藏着别的内容")
    return size


FRAME_HEADERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
START_OF_SCAN, END_OF_IMAGE = 0xDA, b"\xff\xd9"


def _jpeg(content: bytes) -> tuple[int, int]:
    if not content.startswith(b"\xff\xd8\xff"):
        raise _Malformed("内容不是 JPEG 图片")
    position, size = 2, (0, 0)
    while True:
        mark, marker, length = struct.unpack_from(">BBH", content, position)
        if mark != 0xFF:
            raise _Malformed("图片已损坏")
        if marker in FRAME_HEADERS:
            height, width = struct.unpack_from(">HH", content, position + 5)
            size = (width, height)
        position += 2 + length
        if marker == START_OF_SCAN:
            break
    if content.find(END_OF_IMAGE, position) < 0 or not content.rstrip(b"\0").endswith(END_OF_IMAGE):
        raise _Malformed("图片不完整，或者后面藏着别的内容")
    return size


def _webp(content: bytes) -> tuple[int, int]:
    riff, length, webp, kind = struct.unpack_from("<4sI4s4s", content)
    if (riff, webp) != (b"RIFF", b"WEBP"):
        raise _Malformed("内容不是 WebP 图片")
    if length + 8 != len(content):
        raise _Malformed("图片不完整，或者后面藏着别的内容")
    if kind == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
        return width, height
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise _Malformed("内容不是 WebP 图片")
