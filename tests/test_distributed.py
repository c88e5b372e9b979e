"""Units on a Dask cluster come to what they come to here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster
from harm.trees import tree
from projects import NOON, ROOT, SMALL, build, config, report, write
from surveybase.build.distributed import Team, compile_on
from surveybase.build.program import OtherProgram
from surveybase.build.units import setting_of, units_of
from surveybase.build.workers import compile_all
from surveybase.hosting import Publication
from surveybase.reading.catalogues import Catalogues, read_catalogues
from surveybase.reading.sources import read_sources


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """Two processes, in which one text kills whoever converts it."""
    folder = tmp_path_factory.mktemp("dying")
    dying = (
        "import os, sys\n"
        "import surveybase.reading.body as body\n"
        "convert = body.convert\n"
        "body.convert = lambda text: os.abort() if '要命' in text else convert(text)\n"
    )
    write(folder, {"sitecustomize.py": dying})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        patch.setenv("SOURCE_DATE_EPOCH", NOON)
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as started:
            yield started


def test_a_site_built_on_a_cluster_has_the_same_bytes(cluster: LocalCluster, tmp_path: Path) -> None:
    project = write(tmp_path / "project", SMALL)
    expected = build(project, tmp_path / "expected")
    assert expected.status == 0, expected.output
    on_cluster = config(plugin={"scheduler": cluster.scheduler_address})
    other = write(tmp_path / "other", {**SMALL, "mkdocs.yml": on_cluster})
    built = build(other, tmp_path / "built")
    assert built.status == 0, built.output
    assert tree(built.site) == tree(expected.site)
    assert list((other / ".cache/surveybase").glob("*/*.unit"))


def test_every_unit_of_the_surveys_comes_to_the_same(cluster: LocalCluster) -> None:
    sources = read_sources(ROOT, ROOT / "docs", ROOT / "data")[0]
    catalogues, _ = read_catalogues(sources.catalogues)
    setting = setting_of(catalogues, sources.catalogues, Publication(""))
    units = units_of(sources)
    here = dict(compile_all(units, setting))
    there = dict(compile_on(cluster.scheduler_address)(units, setting))
    assert sorted(there) == list(range(len(units)))
    assert {number: parts for number, (_, parts) in there.items()} == {
        number: parts for number, (_, parts) in here.items()
    }


def test_a_text_that_kills_its_process_leaves_the_cluster_as_it_was(cluster: LocalCluster, tmp_path: Path) -> None:
    before = {worker["id"] for worker in cluster.scheduler_info["workers"].values()}
    files = {
        **SMALL,
        "mkdocs.yml": config(plugin={"scheduler": cluster.scheduler_address}),
        "docs/reports/bad.md": report("east", "全社区有2000户。\n\n要命。"),
    }
    ended = build(write(tmp_path, files))
    assert ended.status != 0
    [line] = [line for line in ended.output.splitlines() if "用尽了内存或者崩溃" in line]
    assert line.startswith("docs/reports/bad.md:")
    assert {worker["id"] for worker in cluster.scheduler_info["workers"].values()} == before


def test_a_local_cluster_is_started_and_ended(tmp_path: Path) -> None:
    settings = config(plugin={"scheduler": "local", "workers": 1})  # type: ignore[dict-item]
    built = build(write(tmp_path, {**SMALL, "mkdocs.yml": settings}))
    assert built.status == 0, built.output


def test_a_scheduler_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    files = {**SMALL, "mkdocs.yml": config(plugin={"scheduler": "tcp://127.0.0.1:9"})}
    patience = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in patience.items():
            patch.setenv(name, value)
        ended = build(write(tmp_path, files))
    assert ended.status != 0
    assert "网站没有写成" in ended.output
    assert "127.0.0.1:9" in ended.output


def test_without_dask_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = "import sys\nsys.modules['distributed'] = None\n"
    write(tmp_path / "absent", {"sitecustomize.py": absent})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "absent"))
    ended = build(write(tmp_path / "project", {**SMALL, "mkdocs.yml": config(plugin={"scheduler": "local"})}))
    assert ended.status != 0
    assert "pip install 'surveybase[dask]'" in ended.output
    assert "Traceback" not in ended.output


def test_another_version_on_the_cluster_is_not_trusted() -> None:
    sources = read_sources(ROOT, ROOT / "docs", ROOT / "data")[0]
    team = Team(setting_of(Catalogues(), (), Publication("")), "another")
    with pytest.raises(OtherProgram):
        team.outcome(units_of(sources)[0])
