"""Bodies to passages with anchors that last."""

from __future__ import annotations

from surveybase.reading.body import convert
from surveybase.reading.marking import Quote, mark
from surveybase.reading.passages import LONGEST, Passage, divide

TEXT = """## 问题

### 道路

托运部扎堆，道路长年堵塞。目前大小托运部共有40余家，沿街的10余家。

- 路灯不亮。
- 车没有地方停。

| 岗位 | 人数 |
| --- | --- |
| 社区委员 | 2名 |
"""


def passages(text: str, *quotes: Quote) -> tuple[Passage, ...]:
    body = convert(text)
    mark(body, quotes)
    return divide(body)


def test_paragraphs_items_and_rows_are_passages_with_their_headings() -> None:
    found = [(passage.text, passage.heading) for passage in passages(TEXT)]
    assert found == [
        ("托运部扎堆，道路长年堵塞。目前大小托运部共有40余家，沿街的10余家。", "道路"),
        ("路灯不亮。", "道路"),
        ("车没有地方停。", "道路"),
        ("社区委员 2名", "道路 岗位 人数"),
    ]


def test_a_sentence_that_is_evidence_stands_alone() -> None:
    found = passages(TEXT, Quote("p-blocked", "托运部扎堆，道路长年堵塞"))
    assert found[0].text == "托运部扎堆，道路长年堵塞。"
    assert found[0].whole == ("p-blocked",)
    assert found[0].is_part
    assert found[1].text == "目前大小托运部共有40余家，沿街的10余家。"
    assert found[1].anchor == found[0].anchor
    assert not found[1].marks


def test_a_mark_across_sentences_keeps_them_together() -> None:
    found = passages(TEXT, Quote("p-both", "道路长年堵塞。目前大小托运部共有40余家，沿街的10余家。"))
    assert found[0].text == "托运部扎堆，道路长年堵塞。目前大小托运部共有40余家，沿街的10余家。"


def test_long_paragraphs_are_cut_between_sentences() -> None:
    sentence = "社区里的一条道路经常堵塞，居民反映很多次了。"
    found = passages(sentence * 12)
    assert "".join(passage.text for passage in found) == sentence * 12
    assert all(len(passage.text) <= LONGEST for passage in found)
    assert all(passage.text.endswith("。") for passage in found)


def test_anchors_stay_when_other_blocks_come_and_go() -> None:
    before = {passage.text: passage.anchor for passage in passages(TEXT)}
    after = {passage.text: passage.anchor for passage in passages("新的一段。\n\n" + TEXT)}
    assert before.items() <= after.items()


def test_equal_blocks_have_different_anchors() -> None:
    found = passages("路灯不亮。\n\n路灯不亮。")
    assert len({passage.anchor for passage in found}) == 2


def test_every_anchor_is_an_id_of_the_body() -> None:
    body = convert(TEXT)
    anchors = {passage.anchor for passage in divide(body)}
    assert anchors <= {element.get("id") for element in body.root.iter()}
