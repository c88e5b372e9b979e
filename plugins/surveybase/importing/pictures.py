"""Pictures written anew: the pixels alone, without where, when and by whom they were taken."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from surveybase.importing.content import Picture
from surveybase.reading.pictures import LARGEST_PICTURE, MOST_PIXELS, fault_of_picture

INSTALL = "要取出图片，先安装：pip install 'surveybase[import]'"
MOST_PICTURES = 100  # of one document
TOO_MANY = f"图片超过 {MOST_PICTURES} 张"
LONGEST_SIDE = 2_400  # pixels: more than any page shows
QUALITIES = (88, 75, 60, 45)
PHOTOGRAPHS = frozenset({"JPEG", "MPO", "WEBP"})
READ = ("PNG", "JPEG", "MPO", "WEBP", "GIF", "BMP", "TIFF")


class PictureNotRead(Exception):
    """A picture that cannot be kept; the message, in Chinese, says why."""


def cleaned(content: bytes, description: str) -> Picture:
    """The picture as a PNG or JPEG that may be contributed."""
    try:
        from PIL import Image, ImageOps  # noqa: PLC0415 - an extra
    except ImportError:
        raise PictureNotRead(INSTALL) from None
    try:
        with Image.open(BytesIO(content), formats=READ) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PictureNotRead("像素太多")
            is_photograph = opened.format in PHOTOGRAPHS
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except PictureNotRead:
        raise
    except Exception as error:
        # Whatever the decoders of many formats do with a broken picture costs only that picture.
        raise PictureNotRead("不是能用的图片（要 png、jpg、webp、gif、bmp 或 tif），或者已损坏") from error
    # A new picture of the pixels: what else the opened one carries stays behind.
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    for suffix, options, shown in _ways(is_photograph, bare):
        written = BytesIO()
        shown.save(written, **options)
        if written.tell() <= LARGEST_PICTURE:
            if fault := fault_of_picture(suffix, written.getvalue()):
                raise PictureNotRead(fault[1])
            return Picture(written.getvalue(), suffix, description)
    raise PictureNotRead("图片太大")


def _ways(is_photograph: bool, picture: Any) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """How to write a picture, the best way first."""
    if not is_photograph or picture.mode == "RGBA":
        yield ".png", {"format": "PNG", "optimize": True}, picture
    for quality in QUALITIES:
        yield ".jpg", {"format": "JPEG", "quality": quality, "optimize": True}, picture.convert("RGB")
