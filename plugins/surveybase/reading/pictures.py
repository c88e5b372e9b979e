"""Whether a file is the picture that its name says, and nothing besides: neither a file nor where it was taken."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator

LARGEST_PICTURE = 2_000_000  # bytes
MOST_PIXELS = 40_000_000  # more than any camera of a telephone needs; a bomb unpacks to thousands of millions

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

Size = tuple[int, int]  # width and height
Part = tuple[str | int, bytes]  # a chunk or segment: its kind and its content


class _Malformed(Exception):
    """The content is not what it should be; the message is for the contributor."""


def fault_of_picture(suffix: str, content: bytes) -> tuple[str, str, str] | None:
    """Code, message and remedy for a picture of the kind ``suffix``: ``.png``, ``.jpg``, ``.jpeg`` or ``.webp``."""
    parts_of, size_of, is_metadata = KINDS[suffix]
    try:
        parts = list(parts_of(content))
        width, height = size_of(parts)
        if not 0 < width * height <= MOST_PIXELS:
            raise _Malformed("图片的像素太多，或者为零")
    except (struct.error, IndexError):
        return "file-picture", "图片不完整", "用画图软件打开，另存为 png 或 jpg"
    except _Malformed as error:
        return "file-picture", str(error), "用画图软件打开，另存为 png 或 jpg"
    if any(is_metadata(part) for part in parts):
        return (
            "file-metadata",
            "图片里存着拍摄信息，例如地点、时间、设备或作者",
            "删去这些信息：在 Windows 上打开文件的“属性”里的“详细信息”，点“删除属性和个人信息”；"
            "或者运行 exiftool -all= 文件名",
        )
    return None


def _png_chunks(content: bytes) -> Iterator[Part]:
    if not content.startswith(PNG_SIGNATURE):
        raise _Malformed("内容不是 PNG 图片")
    position, kind = len(PNG_SIGNATURE), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, position)
        data = content[position + 8 : position + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, position + 8 + length)
        if checksum != zlib.crc32(kind + data):
            raise _Malformed("图片已损坏")
        yield kind.decode("latin-1"), data
        position += 12 + length
    if position != len(content):
        raise _Malformed("图片后面藏着别的内容")


def _png_size(parts: list[Part]) -> Size:
    return next((_pair(">II", data, 0) for kind, data in parts if kind == "IHDR"), (0, 0))


def _is_png_metadata(part: Part) -> bool:
    kind, data = part
    return kind in {"eXIf", "iTXt", "zTXt"} or (kind == "tEXt" and not data.startswith(b"Software\0"))


FRAME_HEADERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
MARKER_BEHIND_SCAN = re.compile(rb"\xff+(?=[^\x00\xd0-\xd7\xff])")
APPLICATION, COMMENT = range(0xE0, 0xF0), 0xFE
# What the picture looks wrong without: resolution, colour profile, colour transform.
HARMLESS_APPLICATIONS = ((0xE0, b""), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))


def _jpeg_segments(content: bytes) -> Iterator[Part]:
    if not content.startswith(b"\xff\xd8\xff"):
        raise _Malformed("内容不是 JPEG 图片")
    position = 2
    while True:
        mark, marker = struct.unpack_from(">BB", content, position)
        if mark != 0xFF:
            raise _Malformed("图片已损坏")
        if marker == END_OF_IMAGE:
            break
        (length,) = struct.unpack_from(">H", content, position + 2)
        yield marker, content[position + 4 : position + 2 + length]
        position += 2 + length
        if marker == START_OF_SCAN:
            following = MARKER_BEHIND_SCAN.search(content, position)
            if following is None:
                raise _Malformed("图片不完整")
            position = following.end() - 1
    if content[position + 2 :].strip(b"\0"):
        raise _Malformed("图片后面藏着别的内容")


def _jpeg_size(parts: list[Part]) -> Size:
    height, width = next((_pair(">HH", data, 1) for marker, data in parts if marker in FRAME_HEADERS), (0, 0))
    return width, height


def _is_jpeg_metadata(part: Part) -> bool:
    marker, data = part
    if marker == COMMENT:
        return True
    return marker in APPLICATION and not any(
        marker == harmless and data.startswith(beginning) for harmless, beginning in HARMLESS_APPLICATIONS
    )


def _webp_chunks(content: bytes) -> Iterator[Part]:
    riff, length, webp = struct.unpack_from("<4sI4s", content)
    if (riff, webp) != (b"RIFF", b"WEBP"):
        raise _Malformed("内容不是 WebP 图片")
    if length + 8 != len(content):
        raise _Malformed("图片不完整，或者后面藏着别的内容")
    position = 12
    while position < len(content):
        kind, length = struct.unpack_from("<4sI", content, position)
        yield kind.decode("latin-1"), content[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _webp_size(parts: list[Part]) -> Size:
    kind, data = parts[0]
    if kind == "VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (4, 7))
        return width, height
    if kind == "VP8L":
        (bits,) = struct.unpack_from("<I", data, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == "VP8 ":
        width, height = _pair("<HH", data, 6)
        return width & 0x3FFF, height & 0x3FFF
    raise _Malformed("内容不是 WebP 图片")


WEBP_PICTURE = frozenset({"VP8X", "VP8L", "VP8 ", "ALPH", "ANIM", "ANMF", "ICCP"})


def _is_webp_metadata(part: Part) -> bool:
    return part[0] not in WEBP_PICTURE


def _pair(format: str, data: bytes, position: int) -> Size:
    first, second = struct.unpack_from(format, data, position)
    return first, second


Kind = tuple[Callable[[bytes], Iterator[Part]], Callable[[list[Part]], Size], Callable[[Part], bool]]

JPEG: Kind = (_jpeg_segments, _jpeg_size, _is_jpeg_metadata)
KINDS: dict[str, Kind] = {
    ".png": (_png_chunks, _png_size, _is_png_metadata),
    ".webp": (_webp_chunks, _webp_size, _is_webp_metadata),
    ".jpg": JPEG,
    ".jpeg": JPEG,
}
