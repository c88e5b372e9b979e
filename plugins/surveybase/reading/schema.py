"""Every field of every contributed file, declared once.

The checker, the JSON Schema and the reference page are made from these declarations. They describe the shape
of one file; whether its references resolve is for :mod:`surveybase.reading.knowledge` and the rules.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from surveybase.diagnostics import EXCEPTABLE
from surveybase.model import Actor, Direction, Gap, Level, Precision, Setting, Status

# --- Kinds of value -------------------------------------------------------------------------------------

Text = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=2000)]
Word = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=100)]
LONGEST_ID = 60
Slug = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=LONGEST_ID)
]
IndicatorId = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)
]
PlaceCode = Annotated[
    str, StringConstraints(strict=True, pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")
]
WebAddress = Annotated[str, StringConstraints(strict=True, pattern=r"^https?://[^\s<>\"']+$", max_length=500)]


def _number(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Decimal):
        return value
    raise PydanticCustomError("number", "要填纯数字")


def _partial_date(value: object) -> object:
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text):
        raise PydanticCustomError("date", "日期要写成 2012、2012-09 或 2012-09-01")
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        raise PydanticCustomError("date", "没有这一天") from None
    return text


Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
PartialDate = Annotated[
    str,
    BeforeValidator(_partial_date),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]


class Record(BaseModel):
    """A mapping with known keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ONE_LINE = ConfigDict(json_schema_extra={"x-one-line": True})  # a record that is written in braces


def _exceptable(value: object) -> object:
    if not (isinstance(value, str) and value in EXCEPTABLE):
        raise PydanticCustomError("exception", "这一种检查不能登记例外")
    return value


class ExceptionEntry(Record):
    """A finding about this file that is right after all."""

    code: Annotated[str, BeforeValidator(_exceptable)] = Field(title="检查", description="检查的代码")
    value: Text = Field(title="内容", description="检查结果里写的那几个字，须加引号的加引号")
    reason: Text = Field(title="理由", description="为什么这里没有错")


# --- Reports: the front matter of docs/reports/<id>.md --------------------------------------------------


class SourceEntry(Record):
    """Where a report was first published."""

    title: Text = Field(title="题名", description="原文的题名")
    publisher: Text | None = Field(None, title="发布者", description="发表原文的机构、网站或刊物")
    section: Text | None = Field(None, title="章节", description="原文的第几篇、第几章")
    url: WebAddress | None = Field(None, title="网址", description="原文的网址，以 http:// 或 https:// 开头")


class ReportFile(Record):
    """The front matter of a report."""

    title: Annotated[Text, StringConstraints(max_length=120)] = Field(title="标题", description="报告的标题")
    community: Slug = Field(title="社区", description="data/communities/ 里的社区编号")
    surveyed: PartialDate | None = Field(None, title="调查日期", description="年、年月或年月日；不知道就不写")
    published: PartialDate | None = Field(None, title="发表日期", description="年、年月或年月日；不知道就不写")
    authors: list[Text] = Field(title="作者", description="机构或角色，不写私人姓名", min_length=1)
    source: SourceEntry = Field(title="来源", description="原文出处")
    licence: Text = Field("CC BY 4.0", title="许可", description="本报告的许可")
    exceptions: list[ExceptionEntry] = Field(
        default_factory=list, title="例外", description="检查有误报时登记，须写理由"
    )


# --- Communities: data/communities/<id>.yml ------------------------------------------------------------


class PlaceEntry(Record):
    """Where a community lies; what is not known is left out."""

    province: Word | None = Field(None, title="省级", description="省、自治区、直辖市")
    city: Word | None = Field(None, title="地级", description="市、地区、自治州、盟")
    district: Word | None = Field(None, title="县级", description="区、县、县级市、旗")
    code: PlaceCode | None = Field(
        None, title="区划代码", description="统计用区划代码，知道几位写几位（2、4、6、9、12），加引号"
    )
    setting: Setting | None = Field(None, title="城乡分类", description="城乡分类代码，加引号")


class QuantityEntry(Record):
    """A number as the source gives it: a value with its precision, or a range."""

    value: Number | None = Field(None, title="数值", description="纯数字，不带单位和逗号")
    range: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        None, title="范围", description="[下限, 上限]，代替 value"
    )
    precision: Precision | None = Field(
        None, title="精度", description="exact 准确（默认）、about 约、at_least 不少于、at_most 不超过"
    )

    @model_validator(mode="after")
    def _one_of(self) -> QuantityEntry:
        if self.value is not None and self.range is not None:
            raise PydanticCustomError("quantity", "value 和 range 只能写一个")
        if self.range is not None and self.precision is not None:
            raise PydanticCustomError("quantity", "写了 range 就不写 precision")
        if self.range is not None and self.range[0] >= self.range[1]:
            raise PydanticCustomError("quantity", "范围的下限要小于上限")
        return self


class ObservationEntry(QuantityEntry):
    """One figure of one report about one indicator, or a gap where there is none."""

    model_config = ONE_LINE

    unit: Word | None = Field(None, title="单位", description="与指标的单位不同时才写，须是该指标列出的其他单位")
    status: Gap | None = Field(
        None,
        title="缺失状态",
        description="没有数值时写：not_surveyed 未调查、not_applicable 不适用、withheld 不公开",
    )
    quote: Text | None = Field(None, title="引文", description="报告正文里说出这个数字的原句，一字不差")

    @model_validator(mode="after")
    def _given_or_gap(self) -> ObservationEntry:
        given = self.value is not None or self.range is not None
        if given and self.status is not None:
            raise PydanticCustomError("observation", "有数值就不写 status")
        if not given and self.status is None:
            raise PydanticCustomError("observation", "缺数值：写 value、range，或用 status 说明为什么没有")
        if given and self.quote is None:
            raise PydanticCustomError("observation", "缺引文：每个数字都要有 quote")
        return self


class AffectedEntry(QuantityEntry):
    """How many are touched by a problem."""

    model_config = ONE_LINE

    unit: Word = Field(title="单位", description="如 户、人、条道路")

    @model_validator(mode="after")
    def _given(self) -> AffectedEntry:
        if self.value is None and self.range is None:
            raise PydanticCustomError("quantity", "缺数值：写 value 或 range")
        return self


class ProblemEntry(Record):
    """A problem that a report states."""

    type: Slug = Field(title="问题类型", description="data/problems.yml 里的编号")
    title: Annotated[Text, StringConstraints(max_length=80)] = Field(title="标题", description="一句话说清问题")
    quote: Text = Field(title="引文", description="报告正文里说出这个问题的原句，一字不差")
    affected: AffectedEntry | None = Field(None, title="影响范围", description="原文写明时才填")


class OutcomeEntry(Record):
    """What came of a countermeasure."""

    text: Text = Field(title="结果", description="一句话说清结果")
    date: PartialDate | None = Field(None, title="日期", description="结果的日期")
    quote: Text = Field(title="引文", description="报告正文里说出结果的原句，一字不差")


class CountermeasureEntry(Record):
    """A countermeasure that a report proposes or describes."""

    type: Slug = Field(title="对策类型", description="data/countermeasures.yml 里的编号")
    title: Annotated[Text, StringConstraints(max_length=80)] = Field(title="标题", description="一句话说清做什么")
    addresses: list[Slug] = Field(title="针对的问题", description="本报告 problems 里的键，至少一个", min_length=1)
    who: list[Actor] = Field(title="谁能做", description="能采取行动的一方，至少一个", min_length=1)
    status: Status = Field(
        title="进展", description="proposed 建议、adopted 已采纳、done 已完成、dropped 已放弃、unknown 不详"
    )
    quote: Text = Field(title="引文", description="报告正文里说出这项对策的原句，一字不差")
    outcome: OutcomeEntry | None = Field(None, title="结果", description="原文写明结果时才填")


class SurveyEntry(Record):
    """What one report says about the community, as data."""

    observations: dict[IndicatorId, ObservationEntry] = Field(
        default_factory=dict, title="数据", description="键是指标编号"
    )
    problems: dict[Slug, ProblemEntry] = Field(default_factory=dict, title="问题", description="键由填写者起")
    countermeasures: dict[Slug, CountermeasureEntry] = Field(
        default_factory=dict, title="对策", description="键由填写者起"
    )


class CommunityFile(Record):
    """Facts, problems and countermeasures of one community, by report."""

    name: Annotated[Text, StringConstraints(max_length=60)] = Field(title="名称", description="社区的名称")
    level: Level = Field(
        title="层级", description="调查覆盖的范围：community 社区、subdistrict 街道、district 区县、city 市"
    )
    place: PlaceEntry = Field(default_factory=PlaceEntry, title="地点", description="不知道的不写")
    reports: dict[Slug, SurveyEntry] = Field(
        title="报告", description="键是 docs/reports/ 里的报告编号", min_length=1
    )
    exceptions: list[ExceptionEntry] = Field(
        default_factory=list, title="例外", description="检查有误报时登记，须写理由"
    )


# --- Catalogues ----------------------------------------------------------------------------------------


class BaseEntry(Record):
    """What counts are normalised by, e.g. per 10 000 residents."""

    model_config = ONE_LINE

    times: Number = Field(title="倍数", description="每多少个单位")
    label: Word = Field(title="名称", description="如 每万人")


class RatioEntry(Record):
    """``of / per × times``."""

    model_config = ONE_LINE

    of: IndicatorId = Field(title="分子", description="指标编号")
    per: IndicatorId = Field(title="分母", description="指标编号")
    times: Number = Field(title="倍数", description="百分比写 100，每万人写 10000")


class IndicatorEntry(Record):
    """Something that can be measured."""

    label: Word = Field(title="名称", description="指标的名称")
    alt: list[Word] = Field(default_factory=list, title="别名", description="同一指标的其他说法")
    unit: Word = Field(title="单位", description="统一使用的单位")
    also_units: dict[Word, Number] = Field(
        default_factory=dict, title="其他单位", description="可以换算的单位：一个该单位等于多少个统一单位"
    )
    group: Slug = Field(title="组", description="本文件 groups 里的键")
    definition: Text = Field(title="定义", description="算什么、不算什么")
    direction: Direction = Field(
        Direction.NEITHER, title="方向", description="higher 越高越好、lower 越低越好、neither 无所谓"
    )
    parts: list[Annotated[list[IndicatorId], Field(min_length=2)]] = Field(
        default_factory=list, title="分项", description="每一种分法是一个列表，列表里的指标相加等于本指标"
    )
    ratio: RatioEntry | None = Field(None, title="比率", description="本指标由哪两个指标相除得出")
    base: IndicatorId | None = Field(None, title="折算基数", description="本文件 bases 里的键")
    is_date: bool = Field(False, title="日期", description="是年份而不是数量：不求中位数、不排名次")
    sensitive: bool = Field(False, title="敏感", description="受保护人群的人数，太小时不公开")
    range: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        None, title="常理范围", description="[下限, 上限]，按统一单位；超出的会提醒核对"
    )


class IndicatorsFile(Record):
    """data/indicators.yml."""

    groups: dict[Slug, Word] = Field(title="组", description="键与名称，按显示的先后")
    bases: dict[IndicatorId, BaseEntry] = Field(default_factory=dict, title="折算基数", description="键是指标编号")
    indicators: dict[IndicatorId, IndicatorEntry] = Field(title="指标", description="键是指标编号")


class MatchEntry(Record):
    """A close match in an official vocabulary."""

    model_config = ONE_LINE

    vocabulary: Slug = Field(title="词表", description="data/standards.yml 里 vocabularies 的键")
    label: Word = Field(title="名称", description="该词表里的名称")


class ConceptEntry(Record):
    """A problem type or a countermeasure type."""

    label: Word = Field(title="名称", description="首选的名称")
    alt: list[Word] = Field(default_factory=list, title="别名", description="读者可能用的每一个词")
    definition: Text = Field(title="定义", description="算什么、不算什么")
    broader: Slug | None = Field(None, title="上位概念", description="本文件里的另一个编号")
    related: list[Slug] = Field(default_factory=list, title="相关概念", description="本文件里的编号")
    close_match: list[MatchEntry] = Field(
        default_factory=list, title="近义官方分类", description="官方词表里相近的类"
    )


class ConceptsFile(RootModel[dict[Slug, ConceptEntry]]):
    """data/problems.yml and data/countermeasures.yml."""

    model_config = ConfigDict(frozen=True)


class VocabularyEntry(Record):
    """An official vocabulary that concepts are matched to."""

    title: Text = Field(title="名称", description="词表的名称")
    document: Text | None = Field(None, title="文件", description="出自哪个文件")
    source: Text = Field(title="依据", description="是否见到原文")
    labels: list[Word] = Field(default_factory=list, title="类目", description="该词表的类目")


class AppliesEntry(Record):
    """What a reference value holds for."""

    model_config = ONE_LINE

    level: Level | None = Field(None, title="层级", description="适用的层级")
    setting: Literal["urban", "rural"] | None = Field(None, title="城乡", description="urban 城镇、rural 乡村")


class IndicatedEntry(Record):
    """Something about one indicator."""

    indicator: IndicatorId = Field(title="指标", description="data/indicators.yml 里的编号")


class ReferenceValueEntry(QuantityEntry, IndicatedEntry):
    """An official value to compare with."""

    applies_to: AppliesEntry = Field(default_factory=AppliesEntry, title="适用", description="适用范围")
    document: Text = Field(title="文件", description="文件的名称")
    number: Text | None = Field(None, title="文号或条款", description="文号、条款")
    in_force_from: PartialDate | None = Field(None, title="施行日期", description="从哪天起")
    in_force_to: PartialDate | None = Field(None, title="失效日期", description="到哪天止")
    source: Text = Field(title="依据", description="见到的是原文还是引用")

    @model_validator(mode="after")
    def _given(self) -> ReferenceValueEntry:
        if self.value is None and self.range is None:
            raise PydanticCustomError("quantity", "缺数值：写 value 或 range")
        return self


class StandardsFile(Record):
    """data/standards.yml."""

    vocabularies: dict[Slug, VocabularyEntry] = Field(
        default_factory=dict, title="官方词表", description="键由我们起"
    )
    reference_values: dict[Slug, ReferenceValueEntry] = Field(
        default_factory=dict, title="参考值", description="键由我们起"
    )
