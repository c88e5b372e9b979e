"""Chinese words for the values of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveybase.model import Actor, Direction, Gap, Level, Place, Precision, Setting, Status

LEVELS = {Level.COMMUNITY: "社区", Level.SUBDISTRICT: "街道", Level.DISTRICT: "区县", Level.CITY: "城市"}

SETTINGS = {
    Setting.CITY_CORE: "主城区",
    Setting.CITY_FRINGE: "城乡结合区",
    Setting.TOWN_CORE: "镇中心区",
    Setting.TOWN_FRINGE: "镇乡结合区",
    Setting.SPECIAL: "特殊区域",
    Setting.TOWNSHIP: "乡中心区",
    Setting.VILLAGE: "村庄",
}

GAPS = {Gap.NOT_SURVEYED: "未调查", Gap.NOT_APPLICABLE: "不适用", Gap.WITHHELD: "不公开"}

PRECISIONS = {
    Precision.EXACT: "",
    Precision.ABOUT: "约",
    Precision.AT_LEAST: "至少",
    Precision.AT_MOST: "至多",
}

ACTORS = {
    Actor.COMMUNITY: "社区",
    Actor.SUBDISTRICT: "街道（乡镇）",
    Actor.DISTRICT: "区县",
    Actor.CITY: "市",
    Actor.HIGHER: "省级和国家",
    Actor.SOCIETY: "社会力量",
}

STATUSES = {
    Status.PROPOSED: "建议",
    Status.ADOPTED: "已采纳",
    Status.DONE: "已完成",
    Status.DROPPED: "已放弃",
    Status.UNKNOWN: "不详",
}

DIRECTIONS = {Direction.HIGHER: "越高越好", Direction.LOWER: "越低越好", Direction.NEITHER: ""}

# What each of the fixed words of the data means, by the name of its kind; pages leave out what goes without saying.
WORDS_OF: Mapping[str, Mapping[Any, str]] = {
    "Level": LEVELS,
    "Setting": SETTINGS,
    "Gap": GAPS,
    "Precision": PRECISIONS | {Precision.EXACT: "准确"},
    "Actor": ACTORS,
    "Status": STATUSES,
    "Direction": DIRECTIONS | {Direction.NEITHER: "无所谓"},
    "Area": {"urban": "城镇", "rural": "乡村"},
}

UNKNOWN_PLACE = "地点未注明"
UNKNOWN_DATE = "来源未注明"


def place_name(place: Place) -> str:
    """Province, city and district as one name; what is not known is left out."""
    parts = [part for part in (place.province, place.city, place.district) if part]
    return "".join(dict.fromkeys(parts)) or UNKNOWN_PLACE


def setting_name(place: Place) -> str:
    return SETTINGS[place.setting] if place.setting else "城乡分类未注明"
