"""What must not be published about persons: how to recognise it, and how to mask it in messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from surveybase.rules.disguises import GAP, undisguised


@dataclass(frozen=True, slots=True)
class Hit:
    """Something private: its code, where it stands in the text, and the words."""

    code: str
    start: int
    end: int
    words: str


CODES = frozenset(
    {
        *("privacy-id", "privacy-id-suspect", "privacy-card", "privacy-mobile", "privacy-landline"),
        *("privacy-plate", "privacy-address", "privacy-account", "privacy-email", "privacy-name"),
    }
)

# --- Numbers -------------------------------------------------------------------------------------------

RUN = re.compile(rf"(?<![0-9A-Za-z])\+?[0-9](?:{GAP}[0-9])*(?:{GAP}[Xx](?![A-Za-z0-9]))?(?![0-9])")
MOBILE = re.compile(r"(?:\+?(?:00)?86)?1[3-9][0-9]{9}")
MOBILE_GROUPS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (4, 7), (4, 4, 3), (5, 6), (3, 3, 5), (6, 5)})
LANDLINE = re.compile(r"(?:\+?86)?0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}")
CARD = re.compile(r"62[0-9]{14,17}|[45][0-9]{15}|3[47][0-9]{13}")
ID_CARD = re.compile(r"[1-9][0-9]{16}[0-9Xx]")
OLD_ID_CARD = re.compile(r"[1-6][0-9]{14}")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


SHORTEST = 10  # digits of a number that is private by itself
DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
# Markdown marks within a number are not seen, so they do not group it.
MARKS = re.compile(r"[*_`\\]")


def has_id_checksum(number: str) -> bool:
    """The check digit of GB 11643; the place it begins with is not looked at: no list of places is complete."""
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return CHECK_DIGITS[total % 11] == number[-1].upper()


def has_luhn_checksum(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(digit * 2, 10)) for digit in digits[1::2]) % 10


def _is_birthday(text: str) -> bool:
    try:
        return 1880 <= date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}").year <= 2100
    except ValueError:
        return False


def _kind_of_number(digits: str, groups: tuple[int, ...]) -> str | None:
    """The code for a run of digits, told by its length, its check digit and how it is grouped."""
    single = sum(size == 1 for size in groups) * 2 >= len(groups)
    plain = digits.lstrip("+")
    code = None
    if ID_CARD.fullmatch(plain):
        if has_id_checksum(plain):
            code = "privacy-id"
        elif _is_birthday(plain[6:14]):
            code = "privacy-id-suspect"
    elif OLD_ID_CARD.fullmatch(plain) and len(groups) == 1 and _is_birthday(f"19{plain[6:12]}"):
        code = "privacy-id-suspect"
    if code is None and CARD.fullmatch(plain) and has_luhn_checksum(plain):
        grouped = all(size == 4 for size in groups[:-1]) and groups[-1] <= 4
        code = "privacy-card" if grouped or single or len(groups) <= 2 else None
    if code is None and MOBILE.fullmatch(digits):
        own = groups[1:] if digits[-11:] != digits and sum(groups[1:]) == 11 else groups
        code = "privacy-mobile" if single or len(groups) == 1 or own in MOBILE_GROUPS else None
    if code is None and LANDLINE.fullmatch(digits) and (len(groups) <= 3 or single):
        code = "privacy-landline"
    return code


def _numbers(text: str) -> Iterator[Hit]:
    for match in RUN.finditer(text):
        if len(match[0]) < SHORTEST or DECIMAL.fullmatch(match[0]):
            continue
        digits = re.sub(r"[^0-9Xx+]", "", match[0])
        groups = tuple(len(group) for group in re.findall(r"[0-9Xx]+", MARKS.sub("", match[0])))
        if len(digits) >= SHORTEST and (code := _kind_of_number(digits, groups)):
            yield Hit(code, match.start(), match.end(), match[0])


# --- Words ---------------------------------------------------------------------------------------------

# In writing that the numbers above do not cover: parted by strokes, with letters for noughts, behind a word.
# What stands before is looked at last: a search for a fixed first character takes a tenth of the time.
MOBILE_WORDS = re.compile(
    r"1[3-9](?:(?<![0-9]..)[0-9]/[0-9]{4}/[0-9]{4}(?![0-9])"
    r"|(?<![0-9A-Za-z]..)(?=[0-9]{0,8}[Oo])[0-9Oo]{9}(?![0-9A-Za-z])"
    r"|(?<=[A-Za-z]..)[0-9]{9}(?![0-9A-Za-z]))"
)
LANDLINE_WORDS = re.compile(
    r"(?:电话|固话|座机|传真)(?:号码?)?[:：是为]?\s?[2-8][0-9]{2,3}[ \-]?[0-9]{4}(?![0-9.,万亿]|\s?[个人户次元件])"
)
PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"
PLATE = re.compile(
    rf"{PROVINCE} ?[a-hj-np-z][·.\- ]?[0-9]{{5}}(?![A-Za-z0-9])"
    rf"|WJ ?{PROVINCE}?[·.\- ]?[0-9]{{5}}(?![A-Za-z0-9])"
    rf"|{PROVINCE} ?"
    r"[A-HJ-NP-Z][ ·•.\-”\"]{0,2}(?=[A-HJ-NP-Z]*[0-9][A-HJ-NP-Z0-9]*[0-9])"
    r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]"
    r"(?![A-Za-z0-9])"
)
COUNT = r"[0-9一二三四五六七八九十百零〇]"
ADDRESS = re.compile(
    rf"(?<=[路街巷弄道里村坊同条])(?:门牌)?第?\s?[甲乙丙丁]?{COUNT}{{1,5}}(?:[-之附]{COUNT}{{1,4}})?\s?号(?![线召文令])(?:院|楼)?"
    rf"|{COUNT}{{1,4}}\s?(?:栋|幢|座|号楼|号院)\s?(?:{COUNT}{{1,3}}\s?(?:单元|门|梯)\s?)?{COUNT}{{1,5}}\s?(?:室|号|房|户门)"
    rf"|{COUNT}{{1,3}}\s?单元\s?{COUNT}{{2,5}}\s?(?:室|号|房)?"
    rf"|{COUNT}{{1,4}}\s?(?:栋|幢|座|号楼)\s?[0-9]{{3,4}}(?![0-9.,多余万]|\s?[户人平米㎡个套间元辆棵台年盏名])"
    r"|(?<![0-9\-])[0-9]{1,3}-[0-9]{1,2}-[0-9]{3,4}\s?(?:室|号|房)"
    rf"|门牌号?(?:码)?[是为:：]\s?{COUNT}+|门牌号码?\s?[0-9]+(?![0-9]|\s?[个块处])"
)
ACCOUNT = re.compile(
    r"(?i:(?<![a-z])(?:wx|vx|weixin|wechat|q ?q|telegram)"
    r"|微信|v信|加v|扣扣|企鹅号|抖音|快手|微博|小红书|支付宝|陌陌|钉钉)"
    r"(?:账号|号码|帐号|号|ID|id)?\s{0,2}[:：是为(]{0,2}\s{0,2}@?(?!(?i:wechat|weixin|weibo|douyin|alipay)\b)"
    r"[A-Za-z0-9][A-Za-z0-9_\-]{4,}+(?!\.[A-Za-z])"
)
AT = re.compile(r"[@Aa](?:(?<=@)|[Tt]\s?[\])】])")
EMAIL_ADDRESS = r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+"
EMAIL = re.compile(
    f"{EMAIL_ADDRESS}|"
    r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}\s?[\[(【]\s?(?i:at)\s?[\])】]\s?[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+"
)
SURNAME = (
    "(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒"
    "|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁沈任姚卢傅钟姜崔谭廖范汪陆石戴贾韦夏邱侯邹熊孟秦阎薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱严莫孔向汤])"
)
GIVEN = r"[\u4e00-\u9fff]"
ADDRESSED = "先生|女士|小姐|大爷|大妈|大叔|大婶|大伯|阿姨|奶奶|爷爷|师傅|老人家|老太太|同志"
# Of text without disguise: its commas, colons and brackets are half-width.
NAME = re.compile(
    rf"(?:姓名|户主|联系人|当事人|举报人|投诉人|申请人|受访人|被访者)(?:[是为叫:：]\s?){SURNAME}{GIVEN}{{1,2}}(?![\u4e00-\u9fff])"
    rf"|(?:居民|村民|业主|租户|住户|户主|老人|患者|名叫|叫做?|低保户|困难户|贫困户|特困户|残疾人|人员)(?P<plain>{SURNAME}(?!某){GIVEN}{{1,2}})(?=[,。、;:(!?\s家说称]|反映|表示|告诉|介绍|今年|一家|$)"
    rf"|(?<![\u4e00-\u9fff]){SURNAME}(?!某){GIVEN}{{0,2}}(?:{ADDRESSED})"
    rf"|(?<=[,。、;:\n的了到给和对向找问请]){SURNAME}(?!某){GIVEN}{{0,2}}(?:{ADDRESSED})"
)

WORDS = (
    ("privacy-mobile", MOBILE_WORDS),
    ("privacy-landline", LANDLINE_WORDS),
    ("privacy-plate", PLATE),
    ("privacy-address", ADDRESS),
    ("privacy-account", ACCOUNT),
    ("privacy-email", EMAIL),
    ("privacy-name", NAME),
)


def _words(text: str) -> Iterator[Hit]:
    for code, pattern in WORDS:
        if pattern is EMAIL and not AT.search(text):  # nothing else costs as much for nothing
            continue
        for match in pattern.finditer(text):
            yield Hit(code, match.start(), match.end(), match[0])


FINDERS: tuple[Callable[[str], Iterator[Hit]], ...] = (_numbers, _words)


@lru_cache(maxsize=16)  # several rules look at the same text
def hits(text: str) -> tuple[Hit, ...]:
    """Everything private in the text, however it is disguised, by its place in the text as it was given."""
    plain = undisguised(text)
    found = [hit for finder in FINDERS for hit in finder(plain.text)]
    placed = (Hit(hit.code, plain.starts[hit.start], plain.ends[hit.end - 1], hit.words) for hit in found)
    return tuple(sorted(placed, key=lambda hit: (hit.start, hit.end, hit.code)))


IN_PLACE_OF_A_NAME = re.compile(r"@|://|(?:[0-9][^0-9]*){7}")  # an address, or as many digits as a number has


def is_no_name(text: str) -> bool:
    """Whether the text, given as somebody's name, holds something private besides a name."""
    return bool(IN_PLACE_OF_A_NAME.search(undisguised(text).text)) or any(
        hit.code != "privacy-name" for hit in hits(text)
    )


def mask(words: str) -> str:
    """The words with all but a few characters hidden: enough to find them, too little to use them."""
    kept = 3 if len(words) >= 9 else 1
    tail = 2 if len(words) >= 9 else 0
    return words[:kept] + "*" * (len(words) - kept - tail) + (words[-tail:] if tail else "")


def without_count(words: str) -> str:
    """Words about a group of people, without how many they are."""
    return re.sub(r"[0-9一二两三四五六七八九]", "*", words)


@lru_cache(maxsize=1024)  # many findings say the same
def masked(text: str) -> str:
    """The text with everything private in it masked."""
    for hit in reversed(hits(text)):
        text = text[: hit.start] + mask(text[hit.start : hit.end]) + text[hit.end :]
    return text
