"""A province of any size, with Chinese or Latin names: every pack in every format, every region in every table that says all."""

import re

import docx
import openpyxl
import pytest
from bs4 import BeautifulSoup
from docx.shared import Pt

from city_briefs.common.periods import Period
from city_briefs.production.packs import packs_toml
from tests.helpers import pages as layout
from tests.helpers.lands import CITY, land, snapshot_of
from tests.helpers.printed import lines_of_docx
from tests.helpers.project import Project
from tests.helpers.shared import once
from tests.helpers.size import FULL

SIZES, SCRIPTS = (3, 14, 50, 60), ("chinese", "latin")
LANDS = [(size, script) for size in SIZES for script in SCRIPTS] if FULL else [(50, "latin")]
PACKS = packs_toml.packs()
SAYING_ALL = "province-overview"
MADE = list(PACKS) if FULL else [SAYING_ALL, "yellow-light-notice"]
FORMATS = ("html", "pdf", "docx", "xlsx")
ALL, REGION = "各地区", "地区"  # in the caption of a table of all regions, and at the head of its names


@pytest.fixture(scope="module", params=LANDS, ids=lambda given: "-".join(map(str, given)))
def regions(request):
    return land(*request.param)


@pytest.fixture(scope="module")
def built(regions, tmp_path_factory):
    """The files of a land's packs, by the names of the packs, without suffix; of one city, and of the province."""

    def make(folder):
        data = snapshot_of(regions, folder / "data").path
        project = Project(folder)
        project.take_packs()
        for per, words in (("city", ("--city", regions.cities[CITY].code)), ("province", ())):
            project.build(*(name for name in MADE if PACKS[name].per == per), *words, "--year", "2021", "--data", str(data))

    name = f"land-{len(regions.cities)}-{regions.province.short}"
    out = once(tmp_path_factory, name, make) / "project/outputs"
    code = {"city": regions.cities[CITY].code, "province": regions.province.code}
    return {name: out / Period(2021, 12, PACKS[name].span).slug / code[PACKS[name].per] / name for name in MADE}


def page(file):
    return BeautifulSoup(file.with_suffix(".html").read_text("utf-8"), "html.parser")


def workbook(file):
    sheet = openpyxl.load_workbook(file.with_suffix(".xlsx"))["数据"]
    return {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}


def texts(file):
    """The text of a pack in each format that has one, by the format."""
    yield "html", page(file).get_text("\n")
    yield "alternative texts", "\n".join(each["aria-label"] for each in page(file).find_all(attrs={"aria-label": True}))
    yield "pdf", "\n".join(each.get_textpage().get_text_bounded() for each in layout.opened(file.with_suffix(".pdf")))
    yield "docx", "\n".join(lines_of_docx(file.with_suffix(".docx")))


def names(regions):
    return {region.short for region in regions.cities}


def test_every_pack_is_there_in_every_format(built):
    made = [file.with_suffix(f".{suffix}") for file in built.values() for suffix in FORMATS]
    assert [file.name for file in made if not file.is_file()] == []


def test_every_table_of_all_regions_on_the_page_has_all(built, regions):
    found = [table for table in page(built[SAYING_ALL]).find_all("table") if table.find("th").get_text(strip=True) == REGION]
    listed = [{row.find(["th", "td"]).get_text(strip=True) for row in table.find_all("tr")} for table in found]
    assert len(listed) >= 5
    assert [names(regions) - each for each in listed if names(regions) - each] == []


def test_every_table_of_all_regions_in_word_has_all(built, regions):
    found = [table for table in docx.Document(built[SAYING_ALL].with_suffix(".docx")).tables if table.cell(0, 0).text == REGION]
    listed = [{row.cells[0].text for row in table.rows} for table in found]
    assert len(listed) >= 5
    assert [names(regions) - each for each in listed if names(regions) - each] == []


def test_every_table_of_all_regions_on_paper_has_all_and_so_has_the_workbook(built, regions):
    file = built[SAYING_ALL]
    tables = [each for each in layout.tables(file.with_suffix(".pdf")) if len(each.pages) >= len(regions.cities)]
    said = layout.opened(file.with_suffix(".pdf"))
    lines = "\n".join(each.get_textpage().get_text_bounded() for each in said).splitlines()
    often = {name: sum(re.match(rf"{name}\b", line) is not None for line in lines) for name in names(regions)}
    assert len(tables) >= 5 and min(often.values()) >= len(tables), min(often, key=often.get)
    assert {region.code for region in regions.cities} <= workbook(file)


def test_no_name_runs_into_what_follows_it(built, regions):
    known = {name.split()[-1] for name in names(regions)}
    found = [
        (name, kind, run[0])
        for name, file in built.items()
        for kind, text in texts(file)
        for run in re.finditer(r"Ward\s+(\w+?)(?![0-9A-Za-z])[.%]?", text)
        if run[1] not in known or run[0][-1] in ".%"
    ]
    assert found == []


def test_no_row_stands_alone_and_each_part_of_a_table_has_its_caption(built):
    files = [file.with_suffix(".pdf") for file in built.values()]
    assert [(file.name, found) for file in files if (found := layout.lone_rows(file))] == []
    assert [(file.name, found) for file in files if (found := layout.without_their_heads(file))] == []


def test_pictures_in_word_leave_room_for_their_captions(built):
    for file in built.values():
        word = docx.Document(file.with_suffix(".docx"))
        section = word.sections[0]
        room = section.page_height - section.top_margin - section.bottom_margin - Pt(80)
        assert [shape.height for shape in word.inline_shapes if shape.height > room] == []
