"""The files of the index: complete, the same for the same records, and read back as they were written."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from index_reader import IndexReader
from surveybase.addresses import address
from surveybase.search import index
from surveybase.search.index import build, prepare
from surveybase.search.records import Entry, Facets, Kind, Record
from surveybase.search.text import normal, terms
from surveybase.views.figures import Target

ENTRIES = [
    Entry("p:lighting", "路灯照明", ("路灯", "亮化"), "", Target("problem_type", "lighting"), "没有灯。"),
    Entry("p:heating", "供暖", ("暖气",), "", Target("problem_type", "heating"), "不热。", ("p:lighting",)),
]


def record(number: int, text: str, **more: object) -> Record:
    base = Record(
        id=f"passage:report-{number}",
        kind=Kind.PASSAGE,
        target=Target("report", f"report-{number}", f"t-{number}"),
        title="",
        text=text,
        community="community",
        community_name="某社区",
    )
    return replace(base, **more)  # type: ignore[arg-type]


RECORDS = [
    record(
        0, "路灯不亮，居民反映1万5千元不够。", kind=Kind.PROBLEM, title="没有路灯", ids=("no-lights", "p-no-lights")
    ),
    record(1, "小区要亮化。", concepts=(("p:lighting", 5),)),
    record(2, "道路堵塞。", facets=Facets(region="新疆维吾尔自治区", year="2012")),
    record(3, "<img src=x onerror=alert(1)>"),
]


NUMBERS = (0, 16, 17, 18)  # passages have blocks of texts of their own


def built(records: list[Record] = RECORDS) -> dict[str, bytes]:
    return build(lambda: prepare(records, address), ENTRIES, address)


def reader(records: list[Record] = RECORDS) -> IndexReader:
    return IndexReader(built(records))


def test_every_term_of_every_record_leads_to_it() -> None:
    read = reader()
    for number, item in zip(NUMBERS, RECORDS, strict=True):
        for term in set(terms(normal(item.text))):
            assert number in {found for found, _ in read.postings(term)}, term


def test_a_term_leads_only_to_records_that_have_it() -> None:
    read = reader()
    assert [found for found, _ in read.postings("路灯")] == [0]
    assert read.postings("没有这") == []


def test_values_ids_and_concepts_are_terms() -> None:
    read = reader()
    assert [found for found, _ in read.postings("15000")] == [0]
    assert [found for found, _ in read.postings("#no-lights")] == [0]
    assert read.postings("@p:lighting") == [(16, 5)]


def test_more_frequent_and_shorter_texts_have_the_greater_impact() -> None:
    read = reader(
        [record(0, "路灯，路灯，路灯。"), record(1, "路灯。"), record(2, "路灯" + "这是很长的一段话。" * 20)]
    )
    assert [found for found, _ in read.postings("路灯")] == [0, 1, 2]


@pytest.mark.parametrize("shard_bytes", [40, 400, 100_000])
@pytest.mark.parametrize("frequent", [3, 1000])
def test_shards_and_blocks_of_any_size_hold_the_same(
    monkeypatch: pytest.MonkeyPatch, shard_bytes: int, frequent: int
) -> None:
    records = [record(i, f"社区第{i}号路灯，{'停车' * (i % 4)}难。") for i in range(300)]
    plain = reader(records)
    expected = {term: sorted(plain.postings(term)) for term in ("社区", "路灯", "停车", "299", "$难")}
    monkeypatch.setattr(index, "SHARD_BYTES", shard_bytes)
    monkeypatch.setattr(index, "FREQUENT_BYTES", frequent)
    monkeypatch.setattr(index, "BLOCK_BYTES", 7)
    cut = reader(records)
    assert {term: sorted(cut.postings(term)) for term in expected} == expected
    assert all(len(found) in {300, 225, 1} for found in expected.values())


def test_blocks_of_a_frequent_term_begin_with_the_greatest_impact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "FREQUENT_BYTES", 3)
    monkeypatch.setattr(index, "BLOCK_BYTES", 7)
    read = reader([record(i, "停车" + "，停车" * (i % 5)) for i in range(50)])
    impacts = [impact for _, impact in read.postings("停车")]
    assert impacts == sorted(impacts, reverse=True)


def test_what_is_shown_is_what_was_recorded() -> None:
    read = reader()
    assert [(row[0], row[2], row[5]) for row in read.rows if row] == [
        (item.id, item.target.anchor, item.text) for item in RECORDS
    ]
    assert read.table("t/0")["pages"][0] == "reports/report-0/"


def test_unused_concepts_are_apart_and_name_their_relations() -> None:
    read = reader()
    assert [row[0] for row in read.table("concepts")] == []
    assert ["p:heating", ["p:lighting"]] in [[row[0], row[-1]] for row in read.table("concepts-unused")]


@pytest.mark.parametrize("numbers", [1000, 17, 7, 1])
def test_facets_come_back_for_every_record(monkeypatch: pytest.MonkeyPatch, numbers: int) -> None:
    monkeypatch.setattr(index, "NUMBERS_IN_COLUMNS", numbers)
    read = reader()
    parts = len(read.meta["columnTags"])
    assert parts == -(-read.meta["numbers"] // numbers)
    rows = []
    for part in range(parts):
        columns = read.table(f"c/{part}")
        runs = columns["placeRuns"]
        for number, count in zip(runs[::2], runs[1::2], strict=True):
            rows += [columns["places"][number]] * count
        assert len(rows) == min((part + 1) * numbers, read.meta["numbers"])
    assert [rows[number] for number in NUMBERS] == [list(item.facets.place) for item in RECORDS]


def test_traditional_and_pinyin_tables_hold_what_the_index_has() -> None:
    read = reader()
    traditional, simplified = read.table("traditional")
    assert simplified[traditional.index("燈")] == "灯"
    assert "國" not in traditional  # 国 stands nowhere
    guess = read.table("guess")
    assert "路" in guess["pinyin"]["lu"]
    assert "灯" in guess["after"]["路"]


def test_files_are_named_by_their_content() -> None:
    files = built()
    assert files == built()
    assert [path for path in files if not re.fullmatch(r"[a-z/0-9-]+-[0-9a-f]{6}\.bin", path)] == ["meta.bin"]


def test_another_passage_of_one_community_leaves_the_files_of_the_others() -> None:
    """Of those that hold none of its words, and so of nearly all when there are many."""
    many = [
        replace(
            record(i, f"第{i}段说的是{chr(0x4E00 + 40 * i)}{chr(0x4E00 + 40 * i + 7)}"), community=f"c-{i // 5}"
        )
        for i in range(400)
    ]
    before = built(many)
    after = built([*many[:200], replace(record(999, "新来的一段"), community="c-39"), *many[200:]])
    changed = {path for path in after if path not in before and path[0] in "st"}
    assert len(changed) < len(before) / 10


def test_no_records_give_an_index_too() -> None:
    read = reader([])
    assert read.meta["records"] == 0
    assert read.postings("路灯") == []


def test_a_concept_that_stands_many_times_in_a_text_stays_within_the_record() -> None:
    many = replace(record(1, "路灯。"), concepts=(("p:lighting", 40),))
    assert reader([record(0, "别的。"), many]).postings("@p:lighting") == [(1, index.GREATEST_IMPACT)]
