"""``surveybase import``: what is written, what is never overwritten, and what is said at the end."""

from __future__ import annotations

import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from PIL import Image
from surveybase.check import examine
from surveybase.cli import main
from surveybase.diagnostics import Diagnostic
from surveybase.reading.sources import read_sources
from surveybase.reading.subject import read_subject

PROJECT = Path(__file__).parents[2]
TEXT = """关于东门社区的调研报告

一、基本情况

2023年5月，我们到社区调研。社区有2386户6120人，停车位约600个，面积0.46平方公里。

| 无关 |

二、存在的问题

停车位不足，车没有地方停。路灯不亮，晚上很黑。

三、建议

建议街道增加停车位，规范停车。安装路灯，请居民一起维护。

东门社区居委会

2023年6月3日
"""

MARKED = "draft-unconfirmed"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with our catalogues and no report."""
    folder = tmp_path / "project"
    (folder / "docs" / "reports").mkdir(parents=True)
    (folder / "data" / "communities").mkdir(parents=True)
    for catalogue in (PROJECT / "data").glob("*.yml"):
        shutil.copy(catalogue, folder / "data")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "东门社区.txt"
    file.write_bytes(TEXT.encode("gbk"))
    return file


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


def findings(folder: Path) -> list[Diagnostic]:
    return [item for item in examine(folder, folder / "docs", folder / "data") if "dong-men" in item.location.path]


def test_a_text_becomes_a_report_and_a_community_with_candidates(
    project: Path, text: Path, capsys: Capture
) -> None:
    assert main(["import", str(text)]) == 0
    report = (project / "docs/reports/dong-men.md").read_text(encoding="utf-8")
    assert report == (
        "---\n"
        "title: 关于东门社区的调研报告  # 待确认\n"
        "community: dong-men\n"
        "surveyed: 2023-05  # 待确认\n"
        "published: 2023-06-03  # 待确认\n"
        "authors:  # 待确认：写机构或角色，不写私人姓名\n"
        "  - 东门社区居委会\n"
        "source:\n"
        "  title: 关于东门社区的调研报告  # 待确认：原文的题名；知道的话补上 publisher（发布者）和 url（网址）\n"
        "licence: CC BY 4.0  # 待确认：原作者同意按这个许可公开\n"
        "---\n"
        "\n"
        "## 一、基本情况\n"
        "\n"
        "2023年5月，我们到社区调研。社区有2386户6120人，停车位约600个，面积0.46平方公里。\n"
        "\n"
        "\\| 无关 \\|\n"
        "\n"
        "## 二、存在的问题\n"
        "\n"
        "停车位不足，车没有地方停。路灯不亮，晚上很黑。\n"
        "\n"
        "## 三、建议\n"
        "\n"
        "建议街道增加停车位，规范停车。安装路灯，请居民一起维护。\n"
        "\n"
        "东门社区居委会\n"
        "\n"
        "2023年6月3日\n"
    )
    community = (project / "data/communities/dong-men.yml").read_text(encoding="utf-8")
    assert community == (
        "name: 东门社区  # 待确认\n"
        "level: community  # 待确认\n"
        "reports:\n"
        "  dong-men:\n"
        "    observations:\n"
        "      # 地域与沿革\n"
        "      area: {value: 0.46, quote: 面积0.46平方公里}  # 待确认\n"
        "      # 人口与住户\n"
        "      households: {value: 2386, quote: 社区有2386户6120人}  # 待确认\n"
        "      residents: {value: 6120, quote: 社区有2386户6120人}  # 待确认\n"
        "      # 小区与楼栋\n"
        "      parking_spaces: {value: 600, precision: about, quote: 停车位约600个}  # 待确认\n"
        "    problems:\n"
        "      parking:  # 待确认\n"
        "        type: parking\n"
        "        title: 停车位不足，车没有地方停\n"
        "        quote: 停车位不足，车没有地方停。\n"
        "      street-lighting:  # 待确认\n"
        "        type: street-lighting\n"
        "        title: 路灯不亮，晚上很黑\n"
        "        quote: 路灯不亮，晚上很黑。\n"
        "    countermeasures:\n"
        "      add-parking:  # 待确认\n"
        "        type: add-parking\n"
        "        title: 建议街道增加停车位，规范停车\n"
        "        addresses: [parking]\n"
        "        who: [subdistrict]\n"
        "        status: proposed\n"
        "        quote: 建议街道增加停车位，规范停车。\n"
        "      install-lighting:  # 待确认\n"
        "        type: install-lighting\n"
        "        title: 安装路灯，请居民一起维护\n"
        "        addresses: [street-lighting]\n"
        "        who: []  # 待填\n"
        "        status: proposed\n"
        "        quote: 安装路灯，请居民一起维护。\n"
    )


def test_only_what_is_to_be_filled_is_wrong_and_it_is_listed(project: Path, text: Path, capsys: Capture) -> None:
    main(["import", str(text)])
    printed = capsys.readouterr().out
    [left] = [item for item in findings(project) if item.severity != "hint" and item.code != MARKED]
    assert left.code == "field-value"
    assert left.field.startswith("reports.dong-men.countermeasures.install-lighting.who")
    assert left.field in printed
    assert re.findall(r"^\d\. (\S+?)(?:：| )", printed, re.M)[:1] == ["核对"]
    assert "核对 4 个数字、2 个问题、2 条对策" in printed
    assert "surveybase check docs/reports/dong-men.md data/communities/dong-men.yml" in printed


def test_what_was_made_is_in_canonical_form(project: Path, text: Path, capsys: Capture) -> None:
    main(["import", str(text)])
    assert main(["fmt", "--check"]) == 0


def test_once_confirmed_and_filled_it_has_no_fault(project: Path, text: Path) -> None:
    main(["import", str(text)])
    for file in (project / "docs/reports/dong-men.md", project / "data/communities/dong-men.yml"):
        confirmed = re.sub(r"  # 待.*", "", file.read_text(encoding="utf-8")).replace("who: []", "who: [district]")
        file.write_text(confirmed, encoding="utf-8")
    assert [item for item in findings(project) if item.severity != "hint"] == []


def test_the_same_file_gives_the_same_bytes_and_never_overwrites(
    project: Path, text: Path, capsys: Capture
) -> None:
    main(["import", str(text)])
    first = files(project)
    capsys.readouterr()
    assert main(["import", str(text)]) == 1
    said = capsys.readouterr().err
    assert "docs/reports/dong-men.md" in said
    assert "data/communities/dong-men.yml" in said
    assert files(project) == first
    for name in ("docs/reports/dong-men.md", "data/communities/dong-men.yml"):
        (project / name).unlink()
    main(["import", str(text)])
    assert files(project) == first


@pytest.mark.parametrize("existing", ["docs/reports/a.md", "data/communities/b.yml"])
def test_one_file_in_the_way_keeps_both_from_being_written(project: Path, text: Path, existing: str) -> None:
    (project / existing).write_text("mine", encoding="utf-8")
    before = files(project)
    assert main(["import", str(text), "--id", "a", "--community", "b"]) == 1
    assert files(project) == before


def test_ids_may_be_given(project: Path, text: Path, capsys: Capture) -> None:
    assert main(["import", str(text), "--id", "east-2023", "--community", "east"]) == 0
    assert "确认编号" not in capsys.readouterr().out
    assert "community: east\n" in (project / "docs/reports/east-2023.md").read_text(encoding="utf-8")
    assert "  east-2023:\n" in (project / "data/communities/east.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("id", ["../../x", "East", "1a", "a_b", "x" * 61, "a--b", "con"])
def test_other_ids_are_refused(project: Path, text: Path, capsys: Capture, id: str) -> None:
    before = files(project)
    assert main(["import", str(text), "--id", id]) == 1
    assert "不能用" in capsys.readouterr().err
    assert files(project) == before


def test_an_id_comes_from_the_title_rather_than_the_name_of_the_file(
    project: Path, text: Path, capsys: Capture
) -> None:
    assert main(["import", str(text.rename(text.with_name("张三调查.txt")))]) == 0
    assert [name for name in files(project) if name.startswith(("docs/reports/", "data/communities/"))] == [
        "data/communities/dong-men.yml",
        "docs/reports/dong-men.md",
    ]
    assert "确认编号 dong-men，它会出现在网址里" in capsys.readouterr().out


def test_who_wrote_about_a_community_is_no_part_of_its_name(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "报告.txt"
    file.write_text("张三同志关于东门社区的调研\n\n一、人口\n\n有1200户。\n", encoding="utf-8")
    assert main(["import", str(file)]) == 0
    assert "name: 东门社区  # 待确认" in (project / "data/communities/dong-men.yml").read_text(encoding="utf-8")


def test_an_id_that_comes_from_the_name_of_the_file_is_to_be_confirmed(
    project: Path, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "张三调查.txt"
    file.write_text("天气很好。\n", encoding="utf-8")
    assert main(["import", str(file), "--community", "east"]) == 0
    assert "确认编号 zhang-san、east，它会出现在网址里" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["2023 Report_final", "…", "con", "东门社区"])
def test_whatever_the_file_is_called_there_is_an_id(project: Path, text: Path, name: str) -> None:
    file = text.rename(text.with_name(f"{name}.txt"))
    assert main(["import", str(file)]) == 0
    [report] = (project / "docs" / "reports").iterdir()
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\.md", report.name)
    assert report.name != "con.md"


def test_pictures_are_written_with_descriptions_to_fill(project: Path, tmp_path: Path, capsys: Capture) -> None:
    written = BytesIO()
    Image.new("RGB", (8, 6)).save(written, "PNG")
    document = Document()
    for line in ("东门社区调研", "一、基本情况", "社区有2386户。"):
        document.add_paragraph(line)
    document.add_paragraph().add_run().add_picture(written)
    document.save(str(tmp_path / "东门.docx"))
    assert main(["import", str(tmp_path / "东门.docx")]) == 0
    assert "![](../images/dong-men/1.png)" in (project / "docs/reports/dong-men.md").read_text(encoding="utf-8")
    assert (project / "docs/images/dong-men/1.png").is_file()
    assert [item.code for item in findings(project) if item.severity == "error"] == ["image-description"]
    assert "给 1 张图片写文字说明" in capsys.readouterr().out


def test_private_numbers_are_the_first_thing_to_do_and_are_not_printed(
    project: Path, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "东门.txt"
    file.write_text("一、基本情况\n\n社区有2386户，电话13800138000。\n", encoding="utf-8")
    assert main(["import", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "1. 不能公布的内容，先删去或改写：" in printed
    assert "13800138000" not in printed


def test_a_report_without_anything_to_find_is_still_imported(
    project: Path, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "东门.txt"
    file.write_text("天气很好。\n", encoding="utf-8")
    assert main(["import", str(file)]) == 0
    assert "reports:\n  dong-men: {}\n" in (project / "data/communities/dong-men.yml").read_text(encoding="utf-8")
    assert "核对 0 个数字" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content"), [("a.doc", b"x"), ("a.docx", b"x"), ("a.txt", bytes(9)), ("a.pdf", b"x")]
)
def test_what_cannot_be_read_leaves_nothing(
    project: Path, tmp_path: Path, capsys: Capture, name: str, content: bytes
) -> None:
    before = files(project)
    (tmp_path / name).write_bytes(content)
    assert main(["import", str(tmp_path / name)]) == 1
    assert re.search(r"[\u4e00-\u9fff]", capsys.readouterr().err)
    assert files(project) == before


def test_a_file_that_is_not_there_is_wrong_use(project: Path, capsys: Capture) -> None:
    assert main(["import", "nowhere.docx"]) == 2
    assert "没有这个文件" in capsys.readouterr().err


def test_text_that_is_too_long_is_refused(project: Path, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "长.txt"
    file.write_text("社区有2386户。\n" * 30_000, encoding="utf-8")
    before = files(project)
    assert main(["import", str(file)]) == 1
    assert "拆成几份" in capsys.readouterr().err
    assert files(project) == before


def test_every_mark_is_found_until_it_is_gone(project: Path, text: Path) -> None:
    main(["import", str(text)])
    made = [path for path in files(project) if "dong-men" in path]
    lines = {
        (path, number)
        for path in made
        for number, line in enumerate((project / path).read_text("utf-8").split("\n"), 1)
        if re.search("# 待(确认|填)", line)
    }
    assert len(lines) > 10
    found = [item.location for item in findings(project) if item.code == MARKED]
    assert {(where.path, where.position.line) for where in found} == lines
    for path in made:
        (project / path).write_text(re.sub("  # 待.*", "", (project / path).read_text("utf-8")), "utf-8")
    assert MARKED not in {item.code for item in findings(project)}


def test_an_imported_report_is_part_of_the_base(project: Path, text: Path) -> None:
    main(["import", str(text)])
    sources, _ = read_sources(project, project / "docs", project / "data")
    subject, _ = read_subject(sources)
    [survey] = subject.base.surveys.values()
    assert [*survey.observations] == ["area", "households", "residents", "parking_spaces"]
    assert all(count == 1 for count in subject.bodies[survey.report.id].places.values())
