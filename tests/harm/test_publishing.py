"""Whatever happens to a build, the published site is whole: the old one or the new one."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest
from projects import NOON, ROOT, SMALL, build, config, write
from surveybase.build import exchange as exchanging
from surveybase.build.exchange import Staging

from harm.trees import tree

KILLS = 25
LOOKS_AT_LEAST = 200

BROKEN_REPORT = "---\ntitle: @\n---\n"


def renamed(name: str) -> Mapping[str, str]:
    """The small project with another name of its community, so that its site differs on many pages."""
    community = SMALL["data/communities/east.yml"].replace("东社区", name)
    assert name in community
    return {**SMALL, "data/communities/east.yml": community}


@dataclass(frozen=True)
class Versions:
    """Two versions of one project, and the sites that become of them."""

    projects: tuple[Path, Path]
    sites: tuple[dict[str, str], dict[str, str]]
    seconds: float


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    folder = tmp_path_factory.mktemp("versions")
    projects = tuple(write(folder / name, renamed(name)) for name in ("甲社区", "乙社区"))
    begun = time.monotonic()
    builds = [build(project) for project in projects]
    seconds = (time.monotonic() - begun) / 2
    assert [made.status for made in builds] == [0, 0], builds
    sites = tuple(tree(made.site) for made in builds)
    assert sites[0] != sites[1]
    return Versions((projects[0], projects[1]), (sites[0], sites[1]), seconds)


def start(project: Path, site: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(project / "mkdocs.yml"), "-d", str(site)],
        env={**os.environ, "SOURCE_DATE_EPOCH": NOON, "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def leftovers(site: Path) -> list[str]:
    return sorted(path.name for path in site.parent.iterdir() if path.name != site.name)


@contextmanager
def watched(site: Path) -> Iterator[Callable[[], tuple[int, int]]]:
    """Look at the site without pause; the value gives the number of looks and of those that found no home page."""
    looks, absences, done = [0], [0], Event()

    def look() -> None:
        while not done.is_set():
            looks[0] += 1
            absences[0] += not (site / "index.html").exists()
            time.sleep(0.001)  # leave the processor to the build

    thread = Thread(target=look)
    thread.start()
    try:
        yield lambda: (looks[0], absences[0])
    finally:
        done.set()
        thread.join()


def test_25_kills_at_random_moments_leave_the_old_site_or_the_new_one(versions: Versions, tmp_path: Path) -> None:
    site = tmp_path / "out" / "site"
    assert build(versions.projects[0], site).status == 0
    moments = random.Random(25)
    killed = 0
    with watched(site) as seen:
        i = 0
        while killed < KILLS:  # a build may come to its end before its moment
            i += 1
            process = start(versions.projects[i % 2], site)
            try:
                process.wait(moments.uniform(0.2, versions.seconds))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                killed += 1
            process.wait()
            assert tree(site) in versions.sites, f"after build {i}"
        looks, absences = seen()
    assert absences == 0
    assert looks > LOOKS_AT_LEAST
    # The next build mends whatever they left.
    assert build(versions.projects[1], site).status == 0
    assert tree(site) == versions.sites[1]
    assert leftovers(site) == []


def test_two_builds_at_once_take_turns(versions: Versions, tmp_path: Path) -> None:
    site = tmp_path / "out" / "site"
    assert build(versions.projects[0], site).status == 0
    with watched(site) as seen:
        processes = [start(project, site) for project in versions.projects]
        assert [process.wait() for process in processes] == [0, 0]
        looks, absences = seen()
    assert absences == 0
    assert looks > LOOKS_AT_LEAST
    assert tree(site) in versions.sites
    assert leftovers(site) == []


FULL_DISK = """
    import json, resource, subprocess, sys
    from pathlib import Path
    from harm.trees import tree
    from projects import build

    first, second, disk = map(Path, sys.argv[1:4])
    is_small_disk = sys.argv[4] == "tmpfs"
    if is_small_disk:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], check=True)
    site = disk / "site"
    before_build = build(first, site)
    before = tree(site)
    if is_small_disk:
        with (disk / "ballast").open("wb") as ballast:
            try:
                while True:
                    ballast.write(bytes(65536))
                    ballast.flush()
            except OSError:
                pass
        size = (disk / "ballast").stat().st_size
        with (disk / "ballast").open("r+b") as ballast:
            ballast.truncate(max(size - 500_000, 0))
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
    ended = build(second, site)
    print(json.dumps({
        "first": before_build.status, "second": ended.status, "output": ended.output, "same": tree(site) == before,
        "files": len(before), "beside": sorted(path.name for path in disk.iterdir()),
    }))
"""


def in_namespace() -> list[str] | None:
    """The command that gives what follows it mounts of its own; None where the system allows no such thing."""
    command = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--user", "--map-root-user"]
    mountable = [*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    if shutil.which("unshare") is None or subprocess.run(mountable, capture_output=True, check=False).returncode:
        return None
    return command


# A small disk where the system lets us mount one, as root or in a user namespace; and everywhere a limit on the
# size of a file, which ends a write in the same way.
FULL = {"limit": list[str](), **({"tmpfs": command} if (command := in_namespace()) else {})}


@pytest.mark.parametrize("means", FULL)
def test_a_full_disk_leaves_the_old_site(versions: Versions, tmp_path: Path, means: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    script = [sys.executable, "-c", textwrap.dedent(FULL_DISK), *map(str, (*versions.projects, disk)), means]
    ended = subprocess.run(
        [*FULL[means], *script],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        check=True,
    )
    seen = json.loads(ended.stdout)
    assert seen["first"] == 0
    assert seen["second"] != 0
    assert "原来的网站没有动" in seen["output"]
    assert "Traceback" not in seen["output"]
    assert seen["same"]
    assert seen["files"] > 20
    assert seen["beside"] == (["ballast", "site"] if means == "tmpfs" else ["site"])


def test_an_error_leaves_the_old_site(versions: Versions, tmp_path: Path) -> None:
    project = write(tmp_path / "project", renamed("甲社区"))
    site = tmp_path / "out" / "site"
    assert build(project, site).status == 0
    write(project, {"docs/reports/broken.md": BROKEN_REPORT})
    ended = build(project, site)
    assert ended.status != 0
    assert "docs/reports/broken.md:2:" in ended.output
    assert tree(site) == versions.sites[0]
    assert leftovers(site) == []


def test_a_strict_build_that_fails_by_warnings_leaves_the_old_site(versions: Versions, tmp_path: Path) -> None:
    """MkDocs counts the warnings after all hooks, when the site would have been exchanged already."""
    site = tmp_path / "out" / "site"
    assert build(versions.projects[0], site).status == 0
    lost = {**renamed("乙社区"), "mkdocs.yml": config(nav=["index.md", "lost.md"])}
    ended = build(write(tmp_path / "project", lost), site)
    assert ended.status != 0
    assert "lost.md" in ended.output
    assert tree(site) == versions.sites[0]
    assert leftovers(site) == []


def test_errors_of_all_files_are_listed_in_one_run(tmp_path: Path) -> None:
    broken = {f"docs/reports/broken-{i}.md": BROKEN_REPORT for i in range(30)}
    ended = build(write(tmp_path, {**SMALL, **broken}))
    assert ended.status != 0
    assert [name for name in broken if f"{name}:2:" not in ended.output] == []
    assert "Traceback" not in ended.output


def test_a_preview_leaves_out_the_bad_document_and_a_strict_one_fails(tmp_path: Path) -> None:
    files = {
        **SMALL,
        "mkdocs.yml": config(plugins=[{"surveybase": {"preview": True}}]),
        "docs/reports/broken.md": BROKEN_REPORT,
        "docs/about/broken.md": "<script>",
        "docs/evil.html": "<script>",
    }
    project = write(tmp_path / "project", files)
    strict = build(project, tmp_path / "strict")
    assert strict.status != 0
    assert not (tmp_path / "strict").exists()
    lenient = build(project, tmp_path / "lenient", strict=False)
    assert lenient.status == 0, lenient.output
    for name in ("docs/reports/broken.md", "docs/about/broken.md", "docs/evil.html"):
        assert f"{name}: 预览里略去了这个文件" in lenient.output
    site = tree(lenient.site)
    assert "reports/east-2012/index.html" in site
    assert {"reports/broken/index.html", "about/broken/index.html", "evil.html"} & set(site) == set()


def test_a_dirty_build_keeps_what_it_does_not_write(versions: Versions, tmp_path: Path) -> None:
    site = tmp_path / "out" / "site"
    assert build(versions.projects[0], site).status == 0
    (site / "kept.txt").write_text("kept")
    subprocess.run(
        [
            *(sys.executable, "-m", "mkdocs", "build", "-q", "--dirty"),
            "-f",
            versions.projects[1] / "mkdocs.yml",
            "-d",
            site,
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    assert (site / "kept.txt").read_text() == "kept"
    assert "乙社区" in (site / "communities/east/index.html").read_text()
    assert leftovers(site) == []


def test_rebuilds_give_the_same_bytes(versions: Versions, tmp_path: Path) -> None:
    rebuilt = build(versions.projects[0], tmp_path / "elsewhere" / "other", hash_seed=7)
    assert tree(rebuilt.site) == versions.sites[0]


@pytest.mark.parametrize("has_commit", [True, False])
def test_make_gives_a_build_the_time_of_the_last_commit(
    has_commit: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    write(tmp_path, {"Makefile": (ROOT / "Makefile").read_text()})
    if has_commit:
        who = ("-c", "user.name=n", "-c", "user.email=n@example.org")
        for command in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "x")):
            subprocess.run(
                ["git", "-C", tmp_path, *command],
                env={**os.environ, "GIT_COMMITTER_DATE": f"@{NOON} +0000"},
                check=True,
            )
    shown = subprocess.run(
        ["make", "-s", "-C", tmp_path, "--eval=shown: ; @printenv SOURCE_DATE_EPOCH", "shown"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    assert shown.stdout.split() == [NOON if has_commit else "0"]


class TestWithoutExchangeByName:
    """On systems that cannot exchange two names, the site is renamed away and the new one into its place."""

    @pytest.fixture(autouse=True)
    def no_exchange(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exchanging, "exchange", lambda left, right: False)

    def test_the_new_site_takes_the_place_of_the_old(self, tmp_path: Path) -> None:
        site = write(tmp_path / "site", {"a": "old", "gone": ""})
        staging = Staging(site)
        write(staging.folder, {"a": "new"})
        staging.publish()
        assert (site / "a").read_text() == "new"
        assert leftovers(site) == []
        assert not (site / "gone").exists()

    def test_a_kill_between_the_two_names_is_mended_by_the_next_build(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        site = write(tmp_path / "site", {"a": "old"})
        staging = Staging(site)
        rename = os.rename
        calls: list[Path] = []

        def rename_once(source: Path, target: Path) -> None:
            if calls:
                raise KeyboardInterrupt
            calls.append(source)
            rename(source, target)

        monkeypatch.setattr(os, "rename", rename_once)
        with pytest.raises(KeyboardInterrupt):
            staging.publish()
        monkeypatch.setattr(os, "rename", rename)
        assert not site.exists()
        assert staging._lock is not None
        staging._lock.close()  # as the system does for a killed process
        Staging(site).discard()
        assert (site / "a").read_text() == "old"
        assert leftovers(site) == []
