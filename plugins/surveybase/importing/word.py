"""Word files (.docx) to blocks, by way of mammoth.

The file is opened with caps on how much it unpacks to, its automatic numbers are written out, hidden and struck out
words are dropped, and a body that breaks off is closed where it does, before mammoth sees it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from itertools import count
from typing import Any, BinaryIO, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser, tostring
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from surveybase.importing.content import Block, Picture, Unreadable
from surveybase.importing.elements import attribute_of, every, name_of
from surveybase.importing.numbering import write_numbers
from surveybase.importing.pictures import MOST_PICTURES, TOO_MANY, PictureNotRead, cleaned
from surveybase.importing.unseen import drop_unseen
from surveybase.importing.web import blocks_of

OLD_FORMAT = b"\xd0\xcf\x11\xe0"
MOST_PARTS = 2_000
LARGEST_UNPACKED = 150_000_000  # bytes of all parts
LARGEST_TEXT_PART = 12_000_000  # of one part in XML, of which every byte takes many in memory

INSTALL = "读 Word 文件要先安装：pip install 'surveybase[import]'"
SAVE_AGAIN = "请用 Word 或 WPS 打开，另存为新的 .docx 再试"
# Where a part is when no relation to it says so, as mammoth looks for them too.
MAIN, OF_MAIN = "word/document.xml", "word/{}.xml"
NOTES = ("footnotes", "endnotes")
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
TEXTUAL = (".xml", ".rels")

# Tables of contents would come twice; the text of a title is found like any other.
STYLES = "\n".join(
    [
        *(f"p[style-name='{name} {level}'] => !" for name in ("toc", "TOC") for level in range(1, 10)),
        "p[style-name='Title'] => h1:fresh",
        "p[style-name='标题'] => h1:fresh",
        *(f"br[type='{kind}'] => br:fresh" for kind in ("page", "column")),
    ]
)
# What mammoth would pass over, with what it reads alike: the words on both sides, or inside, are those of the text.
ALIKE = {"cr": "br", "ptab": "tab", "fldSimple": "smartTag"}
# Elements that mammoth passes over, as it names them.
PASSED_OVER = {
    "oMath": "公式",
    "object": "嵌入的对象（表格、图表或别的文件）",
    "chart": "图表",
    "relIds": "SmartArt 图形",
    "sym": "特殊符号",
    "ruby": "注了拼音的字",
    "altChunk": "嵌入的另一份文档",
}


def read_word(content: bytes) -> tuple[list[Block], list[str]]:
    """The blocks of a Word file, and in Chinese what could not be read."""
    try:
        import mammoth  # noqa: PLC0415 - an extra
    except ImportError:
        raise Unreadable(INSTALL) from None
    if content.startswith(OLD_FORMAT):
        raise Unreadable("这是加了密码的文件，或者是旧格式的 .doc；请在 Word 里去掉密码，另存为 .docx")
    left_out: list[str] = []
    try:
        package = _prepared(content, left_out)
        pictures: dict[str, Picture] = {}
        converted = mammoth.convert_to_html(
            package,
            convert_image=mammoth.images.img_element(_keeper(pictures, left_out)),
            style_map=STYLES,
            ignore_empty_paragraphs=True,
        )
        html = _with_marked_notes(converted.value)
        blocks = list(blocks_of(html, lambda address, _: pictures.get(address), left_out))
    except Unreadable:
        raise
    except (BadZipFile, LargeZipFile, ZlibError, NotImplementedError):
        raise Unreadable(f"文件损坏，或者不是 Word 文件；{SAVE_AGAIN}") from None
    except Exception as error:
        # Whatever mammoth does with an odd file costs only that file.
        raise Unreadable(f"文件里的内容读不了（{type(error).__name__}）；{SAVE_AGAIN}") from None
    left_out += _passed_over(message.message for message in converted.messages)
    return blocks, left_out


# --- The package ----------------------------------------------------------------------------------------


def _prepared(content: bytes, left_out: list[str]) -> BinaryIO:
    """The same package within its caps, numbers written out and the body well formed."""
    prepared = BytesIO()
    with ZipFile(BytesIO(content)) as package, ZipFile(prepared, "w") as written:
        infos = package.infolist()
        _refuse_bombs(infos)
        parts = {info.filename: package.read(info) for info in infos if _is_needed(info.filename)}
        for name in [name for name, part in parts.items() if name.endswith(TEXTUAL) and _declares(part)]:
            raise Unreadable(f"文件的 {name} 里有不该有的声明，不读；{SAVE_AGAIN}")
        main = _related(parts, "", "officeDocument", MAIN)
        if main in parts:
            _drop_broken(parts, main, left_out)
            _write_out(parts, main, left_out)
        for name, part in parts.items():
            written.writestr(name, part)
    prepared.seek(0)
    return prepared


def _refuse_bombs(infos: list[ZipInfo]) -> None:
    """What an entry says of its size holds: reading stops there, and the checksum fails."""
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_UNPACKED:
        raise Unreadable(f"文件解开以后超过 {LARGEST_UNPACKED // 1_000_000} MB，不读；请拆成几份，或者压缩图片")
    if any(info.file_size > LARGEST_TEXT_PART for info in infos if info.filename.endswith(TEXTUAL)):
        raise Unreadable("文件里的文字太多，不读；请拆成几份报告")


def _is_needed(name: str) -> bool:
    return name.endswith(TEXTUAL) or name.startswith("word/media/")


def _declares(part: bytes) -> bool:
    """Whether the XML has a document type: the format knows none, and entities can grow without end."""
    return b"<!DOCTYPE" in part.replace(b"\0", b"")


def _related(parts: Mapping[str, bytes], source: str, kind: str, otherwise: str) -> str:
    """The part that another one, or the package itself, has a relation of this kind to."""
    folder, name = posixpath.split(source)
    relations = _whole(parts.get(posixpath.join(folder, "_rels", f"{name}.rels")))
    found = [] if relations is None else [*every(relations, "Relationship")]
    targets = (attribute_of(item, "Target") for item in found if attribute_of(item, "Type") == RELATION + kind)
    names = (posixpath.join(folder, target).lstrip("/") for target in targets)
    return next((name for name in names if name in parts), otherwise)


def _drop_broken(parts: dict[str, bytes], main: str, left_out: list[str]) -> None:
    """Leave out what mammoth would stumble over and can do without."""
    for name in [
        name for name, part in parts.items() if name.endswith(TEXTUAL) and name != main and _whole(part) is None
    ]:
        del parts[name]
        left_out.append(next((said for word, said in COSTS.items() if word in name), COST_OF_ANY_OTHER))


COSTS = {
    "word/numbering": "自动编号的设置损坏，编号没有写出来",
    "word/styles": "样式的设置损坏，标题只按文字辨认",
    "word/footnotes": "脚注损坏，没有读到",
    "word/endnotes": "尾注损坏，没有读到",
    "_rels": "文件里的一部分损坏，图片或别的内容可能没有读到",
}
COST_OF_ANY_OTHER = "文件里的一部分设置损坏，没有读到"


def _write_out(parts: dict[str, bytes], main: str, left_out: list[str]) -> None:
    """Write the body and the notes anew, with their numbers and without the words that nobody is to read."""

    def related(kind: str) -> str:
        return _related(parts, main, kind, OF_MAIN.format(kind))

    document = _rescued(parts[main])
    if document is None:
        raise Unreadable(f"正文损坏，读不出内容；{SAVE_AGAIN}")
    root, is_whole = document
    if not is_whole:
        left_out.append("正文在中间损坏，从损坏的地方起没有读到")
    numbering, styles = (_whole(parts.get(related(kind))) for kind in ("numbering", "styles"))
    _rename(root)
    unseen = [*drop_unseen(root, styles)]
    write_numbers(root, numbering, styles)
    parts[main] = _written(root)
    for name in map(related, NOTES):
        if (notes := _whole(parts.get(name))) is not None:
            _rename(notes)
            unseen += drop_unseen(notes, styles)
            parts[name] = _written(notes)
    left_out += dict.fromkeys(unseen)


def _rename(root: Element) -> None:
    for element in root.iter():
        if alike := ALIKE.get(name := name_of(element)):
            element.tag = element.tag.removesuffix(name) + alike


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _whole(part: bytes | None) -> Element | None:
    rescued = _rescued(part) if part else None
    return rescued[0] if rescued and rescued[1] else None


def _rescued(part: bytes) -> tuple[Element, bool] | None:
    """The root with what could be read below it, and whether that is all; None when nothing could."""
    parser: XMLPullParser[Any] = XMLPullParser(["start"])
    parser.feed(part)
    begun: list[Element] = []
    try:
        for _, element in cast(Iterator[tuple[str, Element]], parser.read_events()):
            begun.append(element)
        parser.close()
    except ParseError:
        return (begun[0], False) if begun else None
    return begun[0], True


# --- Notes ----------------------------------------------------------------------------------------------

# As mammoth writes them: links there and back, and the notes as a list behind the text.
MARK = re.compile(r'<sup><a href="#(?:foot|end)note-[^"]*" id="[^"]*">\[([0-9]+)\]</a></sup>')
NOTE = re.compile(r'<li id="(?:foot|end)note-[^"]*">(?:<p>)?\s*')
WAY_BACK = re.compile(r'<a href="#(?:foot|end)note-ref-[^"]*">↑</a>')


def _with_marked_notes(html: str) -> str:
    """The notes told apart from numbers of the text, without ways back that lead nowhere on paper."""
    numbers = count(1)
    marked = NOTE.sub(lambda opening: f"{opening[0]}［注{next(numbers)}］", html)
    return WAY_BACK.sub("", MARK.sub(r"［注\1］", marked))


# --- Pictures and what is passed over -------------------------------------------------------------------


def _keeper(pictures: dict[str, Picture], left_out: list[str]) -> Callable[[Any], dict[str, str]]:
    """For mammoth: puts each picture aside and gives it an address."""

    def keep(image: Any) -> dict[str, str]:
        address = f"picture:{len(pictures) + 1}"
        try:
            if len(pictures) >= MOST_PICTURES:
                raise PictureNotRead(TOO_MANY)
            with image.open() as opened:
                content = opened.read()
            pictures[address] = cleaned(content, _description(image.alt_text or ""))
        except (PictureNotRead, KeyError, OSError, ValueError) as error:
            reason = str(error) if isinstance(error, PictureNotRead) else "文件里缺这张图片"
            left_out.append(f"一张图片没有取出：{reason}")
            return {"src": ""}
        return {"src": address}

    return keep


def _description(text: str) -> str:
    """What somebody wrote about the picture; what the program puts there says nothing."""
    is_made = re.fullmatch(
        r"(?:图片|图像|图示|文本框|形状)?\s*[0-9]*|.*(?:描述已自动生成|AI 生成的内容可能不正确).*", text, re.S
    )
    return "" if is_made or not re.search(r"[\u4e00-\u9fff]", text) else text


def _passed_over(messages: Iterable[str]) -> Iterator[str]:
    names = [match[1] for message in messages if (match := re.search(r"ignored: (?:\{[^}]*\}|\w+:)(\w+)", message))]
    for name, words in PASSED_OVER.items():
        if count := names.count(name):
            yield f"{count} 处{words}读不了，已略去"
