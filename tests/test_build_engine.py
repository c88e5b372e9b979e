"""The engine of the build: whatever is remembered, damaged or done elsewhere, the site has the same bytes."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from compiling import contents_of
from engine import CACHE, Made, edits_of, entries, forget, is_whole, make, watch
from golden_cases import GOLDEN, read_case
from harm.trees import tree
from projects import NOON, ROOT, SMALL, build, report, write
from surveybase import check
from surveybase.build import compiling, memory
from surveybase.build.memory import Memory
from surveybase.build.units import Unit
from surveybase.diagnostics import in_order
from surveybase.hosting import Publication
from surveybase.reading.sources import Sources, read_sources

from bench import generate

FEW = 8  # communities, the five surveys among them
ALONE = "{workers: 1}"  # no page is made in another process, where nobody sees it

HOOK = "def on_page_context(context, **_):\n    return context\n"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NOON)
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")


def set_option(project: Path, option: str) -> Path:
    path = project / "mkdocs.yml"
    text = path.read_text(encoding="utf-8")
    assert "  - surveybase\n" in text
    path.write_text(text.replace("  - surveybase\n", f"  - surveybase: {option}\n"), encoding="utf-8")
    return project


def copy(project: Path, folder: Path, *, with_memory: bool = True) -> Path:
    shutil.copytree(project, folder, ignore=None if with_memory else shutil.ignore_patterns(".cache"))
    return folder


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A project of thirty communities and its site, built by one worker without a memory."""
    folder = tmp_path_factory.mktemp("thirty")
    generate.project(30, folder / "project", source=ROOT)
    settings = (folder / "project" / "mkdocs.yml").read_text(encoding="utf-8")
    write(folder / "project", {"mkdocs.yml": f"site_url: https://survey.example/\n{settings}"})  # for the sitemap
    first = build(set_option(copy(folder / "project", folder / "one"), "{workers: 1}"), folder / "site")
    assert first.status == 0, first.output
    return folder / "project", tree(first.site)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A smaller one, with what a build of it remembers."""
    folder = tmp_path_factory.mktemp("few")
    generate.project(FEW, folder / "project", source=ROOT)
    made = build(folder / "project", folder / "site")
    assert made.status == 0, made.output
    return folder / "project", tree(made.site)


def test_the_site_is_the_same_however_it_is_built(thirty: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    project, expected = thirty
    two = set_option(copy(project, tmp_path / "two"), "{workers: 2}")
    assert tree(build(two, tmp_path / "cold").site) == expected
    assert tree(build(two, tmp_path / "warm", hash_seed=3).site) == expected
    elsewhere = copy(two, tmp_path / "another folder" / "名")
    assert tree(build(elsewhere, tmp_path / "moved").site) == expected
    settings = (two / "mkdocs.yml").read_text(encoding="utf-8")
    write(two, {"hook.py": HOOK, "mkdocs.yml": f"{settings}\nhooks: [hook.py]\n"})
    for site in ("hooked", "hooked again"):
        hooked = build(two, tmp_path / site)
        assert "每页都重新生成" in hooked.output
        assert tree(hooked.site) == expected


def test_after_each_edit_the_site_is_what_a_first_build_makes(
    few: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    project = copy(few[0], tmp_path / "project")
    generated = sorted(path.stem for path in (project / "data/communities").glob("*-000*"))
    before, wrong = few[1], {}
    for name, edit in edits_of(*generated[:2]).items():
        edit(project)
        edited = tree(make(project, tmp_path / "edited"))
        fresh = tree(make(copy(project, tmp_path / name, with_memory=False), tmp_path / "fresh"))
        assert edited != before, f"{name} changes nothing"
        if found := different(edited, fresh):
            wrong[name] = found
        before = edited
    assert wrong == {}


def different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def test_where_nothing_has_changed_nothing_is_made(
    few: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = set_option(copy(few[0], tmp_path / "project"), ALONE)
    made = watch(monkeypatch)
    monkeypatch.delattr(check, "examine_sources")
    assert tree(make(project, tmp_path / "again")) == few[1]
    assert made == Made(pages=["probe/page.md"])


def test_one_edit_makes_only_what_shows_it(
    few: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = set_option(copy(few[0], tmp_path / "project"), ALONE)
    before = make(project, tmp_path / "before")
    community, other = sorted(path.stem for path in (project / "data/communities").glob("*-000*"))[:2]
    made = watch(monkeypatch)
    edits_of(community, other)["texts"](project)
    after = make(project, tmp_path / "after")
    assert made.units == [f"data/communities/{community}.yml"]
    assert f"reports/{community}.md" in made.pages
    of_one = [name for name in tree(after) if name.startswith(("reports/", "communities/", "reference/", "about/"))]
    new = {name for name in of_one if not os.path.samefile(before / name, after / name)}
    assert f"reports/{community}/index.html" in new
    # MkDocs writes the pages of the navigation each time.
    of_navigation = {"communities/index.html", "reference/index.html", "reference/security/index.html"}
    of_navigation |= {"reference/scale/index.html"}
    of_navigation |= {name for name in of_one if name.startswith("about/")}
    unchanged = {name for name in of_one if (before / name).read_bytes() == (after / name).read_bytes()}
    assert {name for name in (new & unchanged) - of_navigation if f"/{community}" not in name} == set()


def test_an_edit_of_a_figure_makes_no_page_of_cases(
    few: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = set_option(copy(few[0], tmp_path / "project"), ALONE)
    make(project, tmp_path / "before")
    community, other = sorted(path.stem for path in (project / "data/communities").glob("*-000*"))[:2]
    made = watch(monkeypatch)
    edits_of(community, other)["a figure"](project)
    make(project, tmp_path / "after")
    assert {f"communities/{community}.md", f"reports/{community}.md"} <= set(made.pages)
    assert [page for page in made.pages if page.startswith(("problems/", "countermeasures/"))] == []


def test_an_edit_of_a_text_makes_its_page_and_the_index(
    few: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = set_option(copy(few[0], tmp_path / "project"), ALONE)
    make(project, tmp_path / "before")
    report = max((project / "docs" / "reports").glob("*-000*"))
    report.write_text(report.read_text(encoding="utf-8") + "\n末了又添一句。\n", encoding="utf-8")
    made = watch(monkeypatch)
    make(project, tmp_path / "after")
    assert made.pages == ["probe/page.md", f"reports/{report.name}"]
    index = "/assets/surveybase/search/"
    shown = (f"/reports/{report.stem}/index.html", f"/reports/{report.name}", index)
    assert [file for file in made.files if not any(part in file for part in shown)] == []
    assert any(index in file for file in made.files)


DAMAGES: dict[str, Callable[[bytes, bytes], bytes]] = {
    "truncated": lambda content, _: content[: len(content) // 2],
    "random": lambda content, _: random.Random(1).randbytes(len(content) + 1),
    "empty": lambda content, _: b"",
    "swapped": lambda _, other: other,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_no_damaged_entry_is_trusted(few: tuple[Path, dict[str, str]], tmp_path: Path, damage: str) -> None:
    project = copy(few[0], tmp_path / "project")
    whole = {entry: entry.read_bytes() for entry in entries(project) if entry.read_bytes()}
    for (entry, content), other in zip(whole.items(), [*list(whole.values())[1:], b"?"], strict=True):
        entry.write_bytes(DAMAGES[damage](content, other))
    assert [entry for entry in whole if is_whole(entry)] == []
    assert tree(make(project, tmp_path / "site")) == few[1]
    # What belongs to a page written as a whole has no parts that anything asks for.
    assert {entry.name for entry in entries(project) if not is_whole(entry) and entry.suffix != ".parts"} == set()
    assert {key_and_kind(entry) for entry in whole} == {key_and_kind(entry) for entry in entries(project)}


def key_and_kind(entry: Path) -> tuple[str, str]:
    """Without the digest: the order of a set, which is no matter, may change a unit's bytes."""
    return entry.name.partition("-")[0], entry.suffix


# A program that is killed, with all its processes, when it is about to put its nth file or entry in its place.
DYING = """
import os, signal
left = [int(os.environ["DIES_AT"])]
def counting(call):
    def counted(*arguments, **more):
        left[0] -= 1
        if left[0] == 0:
            os.killpg(0, signal.SIGKILL)
        return call(*arguments, **more)
    return counted
os.replace, os.link = counting(os.replace), counting(os.link)
"""


def test_a_build_killed_at_any_moment_is_followed_by_a_right_one(
    few: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    project = copy(few[0], tmp_path / "project", with_memory=False)
    write(tmp_path / "dying", {"sitecustomize.py": DYING})
    kept = set[str]()
    for moment in (1, 2, 5, 12, 30, 80, 150, 200, 260, 330):
        ended = subprocess.run(
            [
                sys.executable,
                "-m",
                "mkdocs",
                "build",
                "-q",
                "-f",
                project / "mkdocs.yml",
                "-d",
                tmp_path / "killed",
            ],
            env={**os.environ, "PYTHONPATH": str(tmp_path / "dying"), "DIES_AT": str(moment)},
            capture_output=True,
            start_new_session=True,
            check=False,
        )
        assert ended.returncode == -9, f"{moment}: {ended.stderr.decode()}"
        assert all(map(is_whole, entries(project)))
        kept.add(f"{len(entries(project))}")
    assert len(kept) > 5
    assert tree(make(project, tmp_path / "killed")) == few[1]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".killed")] == []


def test_two_builds_can_share_a_memory(few: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    project = copy(few[0], tmp_path / "project", with_memory=False)
    with ThreadPoolExecutor(2) as threads:
        builds = list(threads.map(lambda name: build(project, tmp_path / name), ("one", "other")))
    assert [tree(made.site) == few[1] for made in builds] == [True, True], builds[0].output


@pytest.mark.parametrize("name", [".cache", str(CACHE)])
@pytest.mark.parametrize("is_file", [True, False])
def test_a_memory_that_cannot_be_written_changes_nothing(name: str, is_file: bool, tmp_path: Path) -> None:
    project = write(tmp_path / "project", SMALL)
    expected = tree(make(project, tmp_path / "expected"))
    forget(project)
    (project / ".cache").rmdir()
    (project / name).parent.mkdir(exist_ok=True)
    if is_file:
        (project / name).write_text("")
    else:
        (project / name).symlink_to("/sys")  # where not even root can write
    assert tree(make(project, tmp_path / "site")) == expected


def test_a_worker_that_dies_is_reported_with_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dying = (
        "import os\n"
        "import surveybase.reading.body as body\n"
        "convert = body.convert\n"
        "body.convert = lambda text: os.abort() if '要命' in text else convert(text)\n"
    )
    write(tmp_path / "dying", {"sitecustomize.py": dying})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "dying"))
    bad = report("east", "全社区有2000户。\n\n要命。")
    files = {**SMALL, "docs/reports/bad.md": bad, "docs/reports/wrong.md": "---\ntitle: @\n---\n"}
    ended = build(write(tmp_path / "project", files))
    assert ended.status != 0
    found = [line for line in ended.output.splitlines() if line.startswith("docs/reports/")]
    assert any(line.startswith("docs/reports/bad.md:") and "用尽了内存或者崩溃" in line for line in found)
    assert any(line.startswith("docs/reports/wrong.md:2:") for line in found)
    assert not ended.site.exists()
    # What went wrong may have been the machine: it is not remembered.
    monkeypatch.delenv("PYTHONPATH")
    again = build(tmp_path / "project")
    assert "docs/reports/wrong.md:2:" in again.output
    assert "docs/reports/bad.md" not in again.output


# A program that works on a small site as on a large one, and dies where it makes the index.
AHEAD = """
import os, sys
from surveybase.build import writing
writing.FEWEST_AHEAD, writing.FEWEST_TO_SHARE, writing.TASKS_OF_A_GENERATION, writing.MOST_GENERATIONS = 0, 8, 1, 99
if ("surveybase.build.index_worker" in sys.orig_argv) == (os.environ["DIES"] == "index_worker"):
    writing.Pieces.keep = lambda *_: os.abort()
"""


@pytest.mark.parametrize("dies", ["index_worker", "build"])
def test_the_index_is_made_in_a_process_of_its_own_or_when_that_dies_after_all(
    dies: str, few: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "dying", {"sitecustomize.py": AHEAD})
    monkeypatch.setenv("DIES", dies)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "dying"))
    built = build(copy(few[0], tmp_path / "project", with_memory=False))
    assert built.status == 0, built.output
    assert tree(built.site) == few[1]


def project_of_faults(_: Path) -> Path:
    return ROOT / "tests" / "faults"


def project_of_case(name: str) -> Callable[[Path], Path]:
    def written(folder: Path) -> Path:
        for file, content in read_case(GOLDEN / "rules" / name).inputs.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
        return folder

    return written


PROJECTS = {"fifty faults": project_of_faults} | {
    path.stem: project_of_case(path.name) for path in sorted((GOLDEN / "rules").glob("*.txt"))
}


def one_unit(sources: Sources) -> list[Unit]:
    return [Unit(replace(sources, catalogues=()))]


@pytest.mark.parametrize("name", PROJECTS)
def test_how_files_are_grouped_changes_no_finding(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = PROJECTS[name](tmp_path)
    sources, _ = read_sources(project, project / "docs", project / "data")
    _, apart = contents_of(sources, Publication(""))
    monkeypatch.setattr(compiling, "units_of", one_unit)
    _, together = contents_of(sources, Publication(""))
    assert in_order(apart) == in_order(together)


class TestForgetting:
    """What was not used is removed, the oldest first, when it takes more room than may be spared."""

    KIND = "unit"

    def filled(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Memory:
        """Ten entries of 100 bytes, the last the oldest, in a memory that has used none of them yet."""
        monkeypatch.setattr(memory, "SPARE", 450)
        before = Memory(folder)
        for number in range(10):
            before.put(f"{number:02x}", self.KIND, bytes([number]) * 100)
        for path in folder.glob("??/*"):
            age = int(path.parent.name, 16)
            os.utime(path, (1_000_000 - age, 1_000_000 - age))
        return Memory(folder)

    def left(self, folder: Path) -> list[int]:
        return sorted(int(path.parent.name, 16) for path in folder.glob("??/*"))

    def test_the_oldest_go_first_and_used_ones_never(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        now = self.filled(tmp_path, monkeypatch)
        assert now.get("09", self.KIND) == b"\x09" * 100
        now.forget_unused()
        assert self.left(tmp_path) == [0, 1, 2, 3, 9]

    def test_as_much_as_is_used_may_lie_unused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        now = self.filled(tmp_path, monkeypatch)
        for number in range(4, 10):
            assert now.get(f"{number:02x}", self.KIND)
        now.forget_unused()
        assert self.left(tmp_path) == list(range(10))

    def test_another_build_may_remove_entries_meanwhile(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = self.filled(tmp_path, monkeypatch)
        assert all(now.has(f"{number:02x}", self.KIND) for number in range(10))
        for path in list(tmp_path.glob("0[0-4]/*")):
            path.unlink()
        now.forget_unused()
        assert self.left(tmp_path) == [5, 6, 7, 8]
