"""Editions that were issued before what a pack says was told from the code that says it stand, and are made again to the byte."""

import shutil
from pathlib import Path

import pytest

from city_briefs.production.build import index_page
from city_briefs.production.editions import manifest
from tests.helpers.project import sentences
from tests.helpers.province import ENTITY, HAZARD, Province

REGISTER = Path(__file__).with_name("registers") / "before_city_briefs"  # by commit 0e32ed1: one edition, of Ashford in 2021
PLACE = "2021/9100"
BUILD = ("city-brief", "--year", "2021", "--jobs", "1", "--city", "Ashford")


@pytest.fixture
def province(tmp_path):
    """A project of today with the register, the data and the chapters of then."""
    made = Province(tmp_path)
    shutil.copytree(REGISTER / "editions", made.root / "data/editions")
    shutil.rmtree(made.root / "data/real")
    shutil.copytree(REGISTER / "snapshot", made.root / "data/real")
    return made


def issued(province):
    """The edition of the register, by file."""
    folder = province.root / f"data/editions/{PLACE}/city-brief/1"
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


NO_PLACE = "位次不再列，上版为并列第1位（数量指标受规模影响，不排位次）"  # what has been said otherwise since


def test_the_next_edition_says_just_what_is_said_no_longer_and_the_issued_one_stands(province):
    before = issued(province)
    province.build(*BUILD)
    assert manifest.read(province.out / PLACE)["city-brief"]["edition"] == 2
    page = (province.out / PLACE / "city-brief.html").read_text("utf-8")
    assert f"新设立市场主体：{NO_PLACE}（程序调整）" in page
    assert "有变动的章节" not in page and "正文有修改" not in page
    assert issued(province) == before
    assert province.build(*BUILD)["kept"] == 1


def test_made_again_it_says_what_differs_and_what_moved(province):
    """Its index page has a colour of then, until the next approval writes it in those of now."""
    done = province.briefs("verify", "data/editions", "--rebuild")
    index = "data/editions/index.html is not the page that is made here of what lies there. `briefs approve` writes it anew."
    assert (done.returncode, sentences(done.stderr)) == (6, [index, "Differences from what was made: 1."])
    index_page.write_of_editions(province.root / "data/editions")
    done = province.briefs("verify", "data/editions", "--rebuild")
    differing = [line.split(" differs")[0].rpartition("/1/")[2] for line in sentences(done.stderr) if " differs" in line]
    documents = [f"city-brief.{form}" for form in ("docx", "html", "pdf", "xlsx")]
    assert (done.returncode, differing) == (6, [*documents, "notebooks/safety.ipynb", "notebooks/summary.ipynb"])
    kept, moved = done.stdout.splitlines()
    assert kept.startswith("data/editions is as it was made. Packs: 1; files: 6. Signed by ")
    assert (
        moved.startswith("Changed since they were made: ")
        and "files of the program, data/reference/figures.csv, data/reference/reported.csv, data/reference/rules.toml" in moved
    )


@pytest.mark.parametrize(
    ("definition", "cause"),
    [("报告期内登记成立的市场主体户数", "数据更新"), ("报告期内登记的市场主体户数", "口径调整、数据更新")],
)
def test_the_next_edition_calls_a_definition_another_only_where_it_reads_otherwise(province, tmp_path, definition, cause):
    """The hashes of its definitions are of another scheme than those of today."""
    province.replace("lib/city_briefs/metrics/business_environment.py", "报告期内登记成立的市场主体户数", definition)
    province.data(tmp_path / "second", entities=ENTITY + "    c          9100    2021-05-02\n")
    province.build(*BUILD, "--format", "html")
    page = (province.out / PLACE / "city-brief.html").read_text("utf-8")
    assert f"新设立市场主体：本期数1户→2户（+1户）；{NO_PLACE}；占比50.0%→66.7%（{cause}）" in page


def test_the_next_edition_says_what_moved_and_nothing_of_the_code(province, tmp_path):
    province.data(tmp_path / "second", hazards=HAZARD.replace("sealed", "closed", 1))
    province.build(*BUILD, "--format", "html")
    assert manifest.read(province.out / PLACE)["city-brief"]["edition"] == 2
    page = (province.out / PLACE / "city-brief.html").read_text("utf-8")
    assert "清单、表格或文字有变动的章节：safety（数据更新）" in page and "正文有修改" not in page
