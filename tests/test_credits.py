"""Who is credited, and for what: read from real repositories."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from engine import entries, make, watch
from harm.trees import tree
from pages import text, with_class
from projects import NOON, SMALL, build, report, write
from surveybase import gathering
from surveybase.reading.credits import NO_CREDITS, Credit, Credits, history_of, read_credits
from surveybase.rules.private import is_no_name

REPORT, DATA = "docs/reports/east-2012.md", "data/communities/east.yml"
ZHANG, LI, WANG = "张三 <zhang@example.org>", "李四 <li@example.org>", "王五 <wang@example.org>"


class Repository:
    """A project in a repository in which anybody commits."""

    def __init__(self, folder: Path) -> None:
        self.folder = write(folder, SMALL)
        self.git(ZHANG, "init", "-q", "-b", "main")
        self.commit(ZHANG, "Begin")

    def git(self, who: str, *arguments: str) -> None:
        name, _, mail = who.removesuffix(">").partition(" <")
        identity = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in
                    (("NAME", name), ("EMAIL", mail), ("DATE", f"@{NOON} +0000"))}  # fmt: skip
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def commit(self, who: str, message: str, *, changing: Sequence[str] = ()) -> None:
        for name in changing:
            path = self.folder / name
            path.write_text(path.read_text("utf-8") + ("# \n" if name == DATA else "\n又。\n"), "utf-8")
        self.git(who, "add", "-A")
        self.git(who, "commit", "-qm", message)

    def credits(self) -> Credits:
        history = history_of(self.folder)
        assert history is not None
        return read_credits(history, is_no_name)

    def credit(self, *paths: str) -> Credit:
        return self.credits().of(*(paths or (REPORT,)))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "project")


def test_authors_and_co_authors_contribute_and_who_merges_reviews(repository: Repository) -> None:
    repository.git(LI, "checkout", "-qb", "change")
    repository.commit(LI, f"Add\n\nCo-authored-by: {WANG}", changing=[REPORT])
    repository.git(ZHANG, "checkout", "-q", "main")
    repository.git("赵六 <zhao@example.org>", "merge", "-q", "--no-ff", "-m", "Merge", "change")
    assert repository.credit() == Credit(("张三", "李四", "王五"), ("赵六",))
    assert repository.credit(DATA) == Credit(("张三",))
    assert repository.credit(DATA, REPORT) == Credit(("张三", "李四", "王五"), ("赵六",))


def test_nobody_reviews_what_is_their_own(repository: Repository) -> None:
    repository.git(LI, "checkout", "-qb", "change")
    repository.commit(LI, f"Add\n\nReviewed-by: {LI}", changing=[REPORT])
    repository.git(ZHANG, "checkout", "-q", "main")
    repository.git(LI, "merge", "-q", "--no-ff", "-m", "Merge", "change")
    assert repository.credit() == Credit(("张三", "李四"))


def test_who_brings_a_branch_up_to_date_does_not_review_the_main_line(repository: Repository) -> None:
    repository.git(LI, "checkout", "-qb", "change")
    repository.commit(LI, "Add", changing=[DATA])
    repository.git(ZHANG, "checkout", "-q", "main")
    repository.commit(ZHANG, "Correct", changing=[REPORT])
    repository.git(LI, "checkout", "-q", "change")
    repository.git(LI, "merge", "-q", "--no-ff", "-m", "Merge main", "main")
    repository.git(ZHANG, "checkout", "-q", "main")
    repository.git(WANG, "merge", "-q", "--no-ff", "-m", "Merge", "change")
    assert repository.credit() == Credit(("张三",))
    assert repository.credit(DATA) == Credit(("张三", "李四"), ("王五",))


def test_a_review_may_be_named_in_the_commit(repository: Repository) -> None:
    repository.commit(LI, "Correct\n\nReviewed-by: 王五\nReviewed-by: ab <@\nSigned-off-by: x", changing=[REPORT])
    assert repository.credit() == Credit(("张三", "李四"), ("王五",))


def test_a_renamed_report_keeps_its_credits(repository: Repository) -> None:
    repository.git(LI, "mv", REPORT, "docs/reports/east-2013.md")
    repository.commit(LI, "Rename")
    assert repository.credit("docs/reports/east-2013.md") == Credit(("张三", "李四"))
    assert REPORT not in repository.credits().by_file


def test_a_renamed_report_with_another_community_keeps_its_credits(repository: Repository) -> None:
    new = repository.folder / "docs/reports/east-2013.md"
    old = (repository.folder / REPORT).read_text("utf-8") + "".join(f"\n第{i}段。\n" for i in range(20))
    write(repository.folder, {REPORT: old})
    repository.commit(ZHANG, "Write")
    repository.git(LI, "mv", REPORT, "docs/reports/east-2013.md")
    new.write_text(old.replace('"community": "east"', '"community": "east-gate"'), "utf-8")
    assert new.read_text("utf-8") != old
    repository.commit(LI, "Rename")
    assert repository.credit("docs/reports/east-2013.md") == Credit(("张三", "李四"))


def test_nobody_is_made_a_reviewer_by_those_whose_work_it_is(repository: Repository) -> None:
    repository.git(LI, "checkout", "-qb", "change")
    repository.commit(LI, "Add\n\nReviewed-by: 著名专家", changing=[REPORT])
    repository.git(ZHANG, "checkout", "-q", "main")
    repository.git(WANG, "merge", "-q", "--no-ff", "-m", "Merge", "change")
    assert repository.credit() == Credit(("张三", "李四"), ("王五",))


def test_each_is_named_as_they_chose(repository: Repository) -> None:
    repository.commit(LI, f"Add\n\nCo-authored-by: {WANG}", changing=[REPORT])
    write(
        repository.folder,
        {".mailmap": "匿名 <zhang@example.org>\n小李 <li@example.org>\n老王 <wang@example.org>\n"},
    )
    assert repository.credit() == Credit(("小李", "老王"), (), 1)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  欧阳\u200b  小\u202e云 ", "欧阳 小云"),
        ("someone@example.org", ""),
        ("zhang＠example.org", ""),
        ("zhang[at]example.org", ""),
        ("看 https://example.org", ""),
        ("13800138000", ""),
        ("138 0013 8000", ""),
        ("张三138-0013-8000", ""),
        ("１３８００１３８０００", ""),
        ("一三八零零一三八零零零", ""),
        ("87654321", ""),
        ("微信zhang_san88", ""),
        ("匿名", ""),
        ("张先生", "张先生"),
        ("li2024", "li2024"),
        ("名" * 500, "名" * 40),
        ("a&lt;b", "a&lt;b"),  # the template escapes it
    ],
)
def test_a_name_is_published_only_when_it_is_one(repository: Repository, name: str, shown: str) -> None:
    repository.commit(f"{name} <li@example.org>", "Correct", changing=[REPORT])
    assert repository.credit() == (Credit(("张三", shown)) if shown else Credit(("张三",), (), 1))


def test_who_wants_no_name_has_none_without_an_address_either(repository: Repository) -> None:
    write(repository.folder, {".mailmap": "匿名 <wang@example.org>\n"})
    repository.commit(LI, f"Add\n\nCo-authored-by: {WANG}\nCo-authored-by: 王五", changing=[REPORT])
    assert repository.credit() == Credit(("张三", "李四"), (), 1)


def test_machines_are_not_credited(repository: Repository) -> None:
    for name in ("dependabot[bot]", "GitHub Action"):
        repository.commit(f"{name} <bot@example.org>", "Bump", changing=[REPORT])
    assert repository.credit() == Credit(("张三",))


def test_what_is_not_known_is_not_made_up(repository: Repository, tmp_path: Path) -> None:
    repository.commit(LI, "Correct", changing=[REPORT])
    repository.commit(WANG, "Correct again", changing=[REPORT])
    source = repository.folder.as_uri()
    for depth, expected in ((1, Credit()), (2, Credit(("王五",)))):
        repository.git(ZHANG, "clone", "-q", "--depth", str(depth), source, str(tmp_path / f"depth{depth}"))
        history = history_of(tmp_path / f"depth{depth}")
        assert history is not None
        credits = read_credits(history, is_no_name)
        assert (credits.is_known, credits.is_whole) == (True, False)
        assert credits.of(REPORT) == expected
    assert history_of(write(tmp_path / "no repository", SMALL)) is None
    empty = tmp_path / "no commit"
    empty.mkdir()
    subprocess.run(["git", "init", "-q", str(empty)], check=True)
    assert history_of(empty) is None


def test_without_git_nothing_is_known(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    history = history_of(repository.folder)
    assert history is not None
    monkeypatch.setenv("PATH", "")
    assert history_of(repository.folder) is None
    assert read_credits(history, is_no_name) == NO_CREDITS


def test_a_project_may_be_a_folder_of_a_repository(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    inner = tmp_path / "inner"
    write(inner, {"docs/reports/a.md": "a", "docs/reports/b.md": "b"})
    repository.commit(LI, "Add another project")
    write(tmp_path, {".mailmap": "小李 <li@example.org>\n"})
    history = history_of(inner)
    assert history is not None
    assert read_credits(history, is_no_name).by_file == {f"docs/reports/{id}.md": Credit(("小李",)) for id in "ab"}


def test_the_settings_of_who_builds_change_nothing(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit(LI, "Correct", changing=[REPORT])
    before = repository.credits()
    write(tmp_path, {"names": "别名 <li@example.org>\n"})
    settings = f"""\
[log]
  showSignature = true
  date = relative
  diffMerges = first-parent
[diff]
  renames = false
  noprefix = true
[core]
  quotePath = true
[color]
  ui = always
[i18n]
  logOutputEncoding = gb18030
[mailmap]
  file = {tmp_path / "names"}
"""
    write(tmp_path, {"config": settings})
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    assert repository.credits() == before


# --- What the site says -----------------------------------------------------------------------------------


def names(site: Path, page: str) -> str:
    return (site / page / "index.html").read_text("utf-8")


def test_report_and_credits_page_name_everybody_and_no_address(repository: Repository) -> None:
    hostile = 'a&lt;b" {{ 7*7 }} & <evil@example.org>'
    repository.commit(hostile, f"Correct\n\nReviewed-by: {WANG}", changing=[REPORT])
    built = build(repository.folder)
    assert built.status == 0, built.output
    fields = text(next(with_class(built.page("reports/east-2012"), "sb-fields")))
    assert "撰写居委会 " in fields
    assert '整理张三、a&lt;b" {{ 7*7 }} &' in fields
    assert "审核王五" in fields
    people = text(built.page("contribute/credits"))
    for name in ("居委会", "张三", "王五", 'a&lt;b" {{ 7*7 }} &'):
        assert name in people
    whole = "".join(path.read_text("utf-8") for path in built.site.rglob("*.html"))
    assert not {who for who in ("zhang@", "wang@", "evil@") if who in whole}


def test_a_new_commit_and_a_new_name_show_in_the_next_build(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        repository.folder,
        {
            "data/communities/west.yml": "name: 西社区\nlevel: community\nreports: {west-2012: {}}\n",
            "docs/reports/west-2012.md": report("west", "正文。"),
        },
    )
    repository.commit(ZHANG, "Add another")
    write(
        repository.folder,
        {"mkdocs.yml": SMALL["mkdocs.yml"].replace('"surveybase": {}', '"surveybase": {"workers": 1}')},
    )
    site = make(repository.folder, tmp_path / "site")
    assert "李四" not in names(site, "reports/east-2012") + names(site, "contribute/credits")

    repository.git(LI, "commit", "-q", "--allow-empty", "-m", "Nothing")
    made = watch(monkeypatch)
    make(repository.folder, tmp_path / "site")
    assert made.units == []  # a commit that changes no file has no credit to give
    repository.commit(LI, "Correct", changing=[DATA])
    again = tmp_path / "again"
    make(repository.folder, again)
    assert made.units == [DATA]  # what others see of the other report is as it was
    assert "李四" in names(again, "reports/east-2012")
    assert "李四" not in names(again, "reports/west-2012")
    assert "李四" in names(again, "contribute/credits")

    write(repository.folder, {".mailmap": "匿名 <li@example.org>\n"})
    made.units.clear()
    make(repository.folder, again)
    assert made.units == [DATA]
    assert "李四" not in names(again, "reports/east-2012") + names(again, "contribute/credits")
    assert "另有1位不具名者" in names(again, "reports/east-2012")


def test_the_history_is_read_once_for_each_commit_and_damaged_memory_is_no_matter(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tree(make(repository.folder, tmp_path / "first"))
    with monkeypatch.context() as patched:
        patched.delattr(gathering, "read_credits")
        assert tree(make(repository.folder, tmp_path / "second")) == first
    for entry in entries(repository.folder):
        if entry.suffix in {".credits", ".outline"}:
            entry.write_bytes(b"")
    assert tree(make(repository.folder, tmp_path / "third")) == first


def test_where_nothing_is_known_the_pages_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    built = build(write(tmp_path / "project", SMALL))
    assert built.status == 0, built.output
    assert "查不到" in text(built.page("contribute/credits"))
    assert "整理" not in text(next(with_class(built.page("reports/east-2012"), "sb-fields")))
