"""Packs of a month, a quarter and January to a month: each over its own months, in a folder of its own, by the calendar too."""

import json

import nbformat
import pytest
from bs4 import BeautifulSoup

from city_briefs.common import issued_figures
from city_briefs.production.editions import manifest
from city_briefs.production.editions.signature import VARIABLE
from tests.helpers.project import sentences
from tests.helpers.province import Province, chapter
from tests.helpers.signing import Key

PACKS = """
[[pack]]
id = "city-brief"
title = "市场监管工作简报"
per = "city"
addressee = "市（州）党委"
chapters = ["spans"]

[[pack]]
id = "monthly-brief"
title = "市场监管月报"
per = "city"
span = "month"
addressee = "市（州）党委"
chapters = ["spans"]

[[pack]]
id = "quarterly-brief"
title = "市场监管季报"
per = "city"
span = "quarter"
addressee = "市（州）党委"
chapters = ["spans"]
"""
ENTITIES = """
    entity_id  region  registered_on
    a          9100    2021-01-02
    b          9100    2021-02-02
    c          9100    2021-02-09
    d          9100    2021-03-02
    e          9100    2021-03-03
    f          9100    2021-03-04
    g          9100    2021-04-05
"""
FOLDERS = {"city-brief": "2021-03", "monthly-brief": "2021-M03", "quarterly-brief": "2021-Q1"}
MARCH = ("--year", "2021", "--through", "3", "--city", "Ashford", "--format", "html", "--jobs", "1")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A province of packs over three spans; the chapter was left with the span half, which no build asks for."""
    made = Province(tmp_path_factory.mktemp("spans"))
    (made.root / "notebooks/packs.toml").write_text(PACKS, "utf-8")
    notebook = chapter("spans", "say(new_entities)")
    notebook.cells[1].source += '\nspan = "half"'
    nbformat.write(notebook, made.root / "notebooks/spans.ipynb")
    made.data(tmp_path_factory.mktemp("data") / "first", entities=ENTITIES)
    said = made.build(*FOLDERS, *MARCH)
    assert [pack["status"] for pack in said["packs"]] == ["built"] * 3
    return made


@pytest.fixture
def province(built, tmp_path):
    return built.copied(tmp_path)


@pytest.mark.parametrize(
    ("pack", "title", "says"),
    [
        ("city-brief", "Ashford市场监管工作简报（2021年1—3月）", "2021年1—3月，Ashford新设立市场主体6户"),
        ("monthly-brief", "Ashford市场监管月报（2021年3月）", "2021年3月，Ashford新设立市场主体3户"),
        ("quarterly-brief", "Ashford市场监管季报（2021年一季度）", "2021年一季度，Ashford新设立市场主体6户"),
    ],
)
def test_a_pack_is_made_over_its_own_span_whatever_its_author_left_there(built, pack, title, says):
    folder = built.out / FOLDERS[pack] / "9100"
    page = BeautifulSoup((folder / f"{pack}.html").read_text("utf-8"), "html.parser").get_text()
    assert title in page and says in page
    entry = manifest.read(folder)[pack]
    assert (entry["period"], entry["parameters"].get("span", "")) == (
        FOLDERS[pack],
        {"monthly-brief": "month", "quarterly-brief": "quarter"}.get(pack, ""),
    )


def test_the_index_has_each_period_under_its_own_name(built):
    page = BeautifulSoup((built.out / "index.html").read_text("utf-8"), "html.parser")
    assert [heading.text for heading in page.find_all("h2")] == ["2021年1—3月", "2021年3月", "2021年一季度"]
    assert {span.text for span in page.find_all(class_="until")} == {"数据截至2021-03-31"}


def test_what_stands_is_kept_until_a_row_comes(province, tmp_path):
    assert {pack["status"] for pack in province.build(*FOLDERS, *MARCH)["packs"]} == {"kept"}
    province.data(
        tmp_path / "more", entities=ENTITIES + "    h          9100    2021-02-20\n"
    )  # the province shows no month before
    said = {pack: province.briefs("why", pack, "--year", "2021", "--through", "3", "--city", "9100").stdout for pack in FOLDERS}
    assert "would be made of what they then say" in said["city-brief"]
    assert "would be made of what they then say" in said["quarterly-brief"]
    assert "Ashford 2021-M03: spans would run: the results of new_entities changed (9100)" in said["monthly-brief"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("quarterly-brief", "--year", "2021", "--through", "4"), "The span 'quarter' never ends with month 4. It ends with month 3, 6, 9, 12."),
        (("monthly-brief", "--span", "quarter", "--year", "2021"), "monthly-brief is made over the span month, not quarter. Leave out --span."),
        (("--span", "half", "--year", "2021"), 'No pack is made over the span half. Set span = "half" of one in packs.toml.'),
        (("--span", "monat", "--year", "2021"), "There is no span 'monat'. Did you mean month?"),
        (("monthly-brief", "--year", "2022", "--through", "1"), "data/real does not hold the year 2022. The nearest year it holds is 2021."),
    ],
)  # fmt: skip
def test_a_period_that_is_not_that_of_a_pack_is_refused(province, words, message):
    done = province.briefs("build", *words)
    assert (done.returncode, done.stderr) == (2, f"{message}\n")


def test_a_chapter_without_the_parameter_is_refused_before_any_kernel_starts(province):
    nbformat.write(chapter("spans", "say(new_entities)"), province.root / "notebooks/spans.ipynb")
    done = province.briefs("build", "monthly-brief", *MARCH[:4])
    assert (done.returncode, sentences(done.stderr)) == (
        2,
        [
            "spans.ipynb has no parameter span. A chapter of monthly-brief declares city, year, through and span, "
            "one to a line, in a cell tagged parameters."
        ],
    )
    assert province.build("city-brief", *MARCH)["failed"] == 0


@pytest.mark.parametrize(
    ("day", "periods"), [("2021-04-08", {"2021-03", "2021-M03", "2021-Q1"}), ("2021-03-08", {"2021-02", "2021-M02"})]
)
def test_the_calendar_makes_what_ended_with_the_month(province, day, periods):
    done = province.briefs("due", "--on", day, "--out", "outputs/calendar")
    assert done.returncode == 0, done.stderr
    made = {folder.name for folder in (province.out / "calendar").glob("2021*")}
    assert made == periods


def test_an_approved_month_is_an_edition_of_its_own_and_its_figures_are_first_issued_as_such(province, tmp_path):
    signed, key = ("--by", "签发甲", "--on", "2021-04-20"), {VARIABLE: str(Key(tmp_path, 1).private)}
    for pack in ("monthly-brief", "city-brief"):
        done = province.briefs("approve", pack, *MARCH[:6], *signed, **key)
        assert done.returncode == 0, done.stderr
    assert (province.root / "data/editions/2021-M03/9100/monthly-brief/1/monthly-brief.html").exists()
    assert province.briefs("build", "monthly-brief", *MARCH, **key).returncode == 0  # which sees to the file
    kept = issued_figures.read((province.root / "data/editions" / issued_figures.FILE).read_text("utf-8"))
    assert {(one.metric, one.period.slug, one.value) for one in kept} == {
        ("new_entities", "2021-03", "6"),
        ("new_entities", "2021-M03", "3"),
    }
    due = json.loads(province.briefs("deliver", "--json", "--year", "2021", "--through", "3", "--span", "month").stdout or "{}")
    assert due == {} or due["faults"] == []


def test_two_builds_are_compared_by_their_periods(province, tmp_path):
    province.data(tmp_path / "more", entities=ENTITIES + "    h          9100    2021-03-20\n")
    assert province.build(*FOLDERS, *MARCH, "--out", "after")["built"] == 3
    lines = province.briefs("compare", "outputs", "after").stdout
    assert "新设立市场主体 (new_entities value) Ashford 2021-M03: 3户 → 4户" in lines
    assert "新设立市场主体 (new_entities value) Ashford 2021-Q1: 6户 → 7户" in lines
