"""What may lie in the folders of contributors, and what a build does with the rest."""

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from projects import SMALL, build, config, write
from surveybase.reading.listing import DEVICES, folded, list_files
from surveybase.reading.pictures import fault_of_picture

SECRET = "密钥 8c1f"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 1, height: int = 1) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00\xff\xda\x00\x02xx\xff\xd9"
WEBP = b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8L" + struct.pack("<I", 9) + b"\x2f\x00\x00\x00\x00abcde"


def refused(project: Path) -> dict[str, str]:
    """The code of each finding about a file, by its path."""
    found = list_files(project, project / "docs", project / "data").findings
    return {finding.location.path: finding.code for finding in found}


@pytest.mark.parametrize(
    "name",
    [
        *(
            "docs/assets/javascripts/bundle.js",
            "docs/evil.html",
            "docs/reports/a.svg",
            "docs/CNAME",
            "docs/.htaccess",
        ),
        *("docs/reports/a.md.html", "docs/_config.yml", "docs/reports/sub/a.md", "docs/map/index.md", "docs/a.md"),
        *("docs/reports/A.md", "docs/reports/a b.md", "docs/reports/a\nb.md", "docs/reports/é.md", "docs/404.html"),
        *(
            "docs/contribute/blank.md",
            "docs/contribute/credits/index.md",
            "docs/about/con.md",
            "docs/about/lpt1.md",
            "docs/reports/..md",
            "docs/about/a/b/c/d.md",
            "docs/robots.txt",
        ),
        *("data/other.yml", "data/communities/a.yaml", "data/communities/x/a.yml", "data/hooks.py", "data/.env"),
        *(
            "docs/sitemap.xml",
            "docs/search/search_index.json",
            "docs/communities/east.json",
            "docs/theme/main.html",
        ),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str) -> None:
    assert refused(write(tmp_path, {**SMALL, name: "x"})) == {name: "file-kind"}


def test_the_files_of_a_project_are_accepted(tmp_path: Path) -> None:
    project = write(tmp_path, SMALL)
    (project / "docs/images").mkdir()
    (project / "docs/images/a-1.png").write_bytes(png())
    assert refused(project) == {}


def test_names_of_one_address_are_refused(tmp_path: Path) -> None:
    project = write(tmp_path, {"docs/about/a.md": "", "docs/about/a/index.md": ""})
    assert refused(project) == {"docs/about/a/index.md": "file-kind"}


def test_names_are_compared_as_file_systems_do() -> None:
    assert folded("É") == folded("e\u0301") != "e"
    assert {"con", "nul", "com1", "lpt9"} <= DEVICES


@pytest.fixture
def with_links(tmp_path: Path) -> Iterator[Path]:
    """A project with links out of it and round in it, and a pipe that nobody writes to."""
    project = write(tmp_path / "project", SMALL)
    outside = write(tmp_path / "outside", {"secret.md": SECRET, "folder/secret.md": SECRET})
    os.symlink(outside / "secret.md", project / "docs/reports/linked.md")
    os.symlink(outside / "secret.md", project / "data/communities/linked.yml")
    os.mkfifo(project / "docs/reports/pipe.md")
    yield project


def test_links_and_pipes_are_refused_and_not_read(with_links: Path) -> None:
    assert refused(with_links) == {
        "data/communities/linked.yml": "file-kind",
        "docs/reports/linked.md": "file-kind",
        "docs/reports/pipe.md": "file-kind",
    }
    ended = build(with_links)
    assert ended.status != 0
    assert SECRET not in ended.output
    assert not ended.site.exists()


def test_a_preview_is_built_without_them(with_links: Path) -> None:
    write(with_links, {"mkdocs.yml": config(plugins=[{"surveybase": {"preview": True}}])})
    ended = build(with_links, strict=False)
    assert ended.status == 0, ended.output
    published = b"".join(path.read_bytes() for path in ended.site.rglob("*") if path.is_file())
    assert SECRET.encode() not in published
    assert "东社区".encode() in published


@pytest.mark.parametrize("preview", [True, False])
def test_linked_folders_are_not_walked(tmp_path: Path, preview: bool) -> None:
    files = {**SMALL, "mkdocs.yml": config(plugins=[{"surveybase": {"preview": preview}}])}
    project = write(tmp_path / "project", files)
    for name in ("a", "b"):  # each leads to both: who follows them never ends
        os.symlink(project / "docs", project / "docs" / name)
    ended = build(project, strict=False)
    assert ended.status != 0
    assert "docs/a:1:1: 错误 file-kind 不能用符号链接" in ended.output
    assert "docs/b:1:1: 错误 file-kind 不能用符号链接" in ended.output


def test_pictures_are_what_their_names_say() -> None:
    assert fault_of_picture(".png", png()) is None
    assert fault_of_picture(".jpg", JPEG) is None
    assert fault_of_picture(".webp", WEBP) is None


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".png", b"<svg onload=trip()>"),
        (".png", JPEG),
        (".png", png() + b"<script>trip()</script>"),
        (".png", png()[:-9]),
        (".png", png().replace(b"IDAT", b"IDAX")),
        (".png", png(100_000, 100_000)),
        (".png", png(0, 5)),
        (".jpg", png()),
        (".jpg", JPEG + b"<?php ?>"),
        (".jpg", JPEG + b"<?php ?>\xff\xd9"),
        (".jpg", JPEG[:20]),
        (".webp", WEBP + b"x"),
        (".webp", WEBP.replace(b"VP8L", b"HTML")),
        (".webp", b"RIFF"),
        (".png", b""),
    ],
)
def test_other_content_is_refused(suffix: str, content: bytes) -> None:
    fault = fault_of_picture(suffix, content)
    assert fault
    assert fault[0] == "file-picture"


EXIF = b"MM\x00*\x00\x00\x00\x08\x00\x00"


def jpeg_with(marker: int, data: bytes) -> bytes:
    return JPEG[:2] + struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data + JPEG[2:]


def png_with(kind: bytes, data: bytes) -> bytes:
    return png().replace(end := chunk(b"IEND", b""), chunk(kind, data) + end)


def webp_with(kind: bytes, data: bytes) -> bytes:
    content = WEBP[8:] + kind + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(content)) + content


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".jpg", jpeg_with(0xE1, b"Exif\0\0" + EXIF)),
        (".jpeg", jpeg_with(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")),
        (".jpg", jpeg_with(0xED, b"Photoshop 3.0\0")),
        (".jpg", jpeg_with(0xE2, b"MPF\0")),
        (".jpg", jpeg_with(0xFE, b"GPS")),
        (".jpg", JPEG[:-2] + b"\xff\xe1\x00\x0aExif\0\0MM" + JPEG[-2:]),  # behind the scan
        (".png", png_with(b"eXIf", EXIF)),
        (".png", png_with(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>")),
        (".png", png_with(b"zTXt", b"Raw profile type exif\0\0x")),
        (".png", png_with(b"tEXt", b"Author\0x")),
        (".webp", webp_with(b"EXIF", EXIF)),
        (".webp", webp_with(b"XMP ", b"<x/>")),
    ],
)
def test_pictures_that_tell_where_they_were_taken_are_refused(suffix: str, content: bytes) -> None:
    fault = fault_of_picture(suffix, content)
    assert fault
    assert fault[0] == "file-metadata"


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".jpg", jpeg_with(0xE2, b"ICC_PROFILE\0\1\1")),
        (".jpg", jpeg_with(0xEE, b"Adobe\0")),
        (".jpg", JPEG[:-2] + b"\xff\x00\xff\xd0x" + JPEG[-2:] + b"\0"),
        (".png", png_with(b"tEXt", b"Software\0x")),
        (".png", png_with(b"pHYs", bytes(9))),
        (".webp", webp_with(b"ICCP", b"ab")),
    ],
)
def test_what_a_picture_looks_wrong_without_may_stay(suffix: str, content: bytes) -> None:
    assert fault_of_picture(suffix, content) is None


NO_NETWORK = """\
import sys
def refuse(event, given):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        print("NETWORK", event, given, flush=True)
        raise OSError("no network")
sys.addaudithook(refuse)
"""


def test_a_build_makes_no_network_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "hook", {"sitecustomize.py": NO_NETWORK})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hook"), prepend=os.pathsep)
    ended = build(write(tmp_path / "project", SMALL))
    assert ended.status == 0, ended.output
    assert "NETWORK" not in ended.output


def test_pages_ask_nothing_of_third_parties_and_hold_no_key_of_the_theme(tmp_path: Path) -> None:
    pages = {"docs/about/index.md": "---\ntitle: 关于\nhide: [navigation]\n---\n一\n", "docs/about/b.md": "二\n"}
    ended = build(write(tmp_path, {**SMALL, **pages}))
    assert "docs/about/index.md:3:1: 错误 field-unknown hide：没有这个字段" in ended.output
