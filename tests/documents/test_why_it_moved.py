"""A chapter on why numbers moved: its tables and bars are in every format of a pack, with the same numbers."""

import nbformat
import openpyxl
import pytest
from bs4 import BeautifulSoup
from docx import Document

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import contributions
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import new_entities
from tests.conftest import CITIES
from tests.helpers import clean
from tests.helpers.printed import unjoined
from tests.helpers.project import Project
from tests.helpers.province import chapter

PACK = """
[[pack]]
id = "why"
title = "变动原因"
per = "city"
addressee = "市（州）党委、政府分管领导"
chapters = ["why"]
"""
CALLS = """say(new_entities, over_ceiling_share, consumer_complaints)
contribution(new_entities, "industry")
contribution(consumer_complaints, "category")
contribution(entity_stock, "kind")
decompose(over_ceiling_share, "commodity")
decompose(fine_per_case, "field")"""
YEAR = 2021


@pytest.fixture(scope="module")
def made(tmp_path_factory, demo_province):
    """The pack of a city in all formats, by the path of its PDF."""
    project = Project(tmp_path_factory.mktemp("why"))
    (project.root / "notebooks/packs.toml").write_text(PACK, "utf-8")
    nbformat.write(chapter("why", CALLS), project.root / "notebooks/why.ipynb")
    project.build("why", "--city", CITIES[YEAR], "--year", f"{YEAR}", "--data", str(demo_province.path))
    [file] = project.out.rglob("why.pdf")
    return file


def test_every_format_has_the_same_numbers_and_the_workbook_those_of_the_command(made, demo_province):
    assert clean.faults(made, Results(demo_province, CATALOGUE.values())) == []


def test_the_table_and_the_bars_are_in_page_and_word(made, demo_province):
    scope = Scope.of(Results(demo_province, [new_entities]), demo_province.regions.by_code[CITIES[YEAR]], Period(YEAR))
    growth = contributions.contributions(scope, new_entities, "industry")
    page = BeautifulSoup(made.with_suffix(".html").read_text("utf-8"), "html.parser")
    word = Document(made.with_suffix(".docx"))
    tables = [[cell.get_text() for cell in table.find_all(["th", "td"])] for table in page.find_all("table")]
    in_word = [[unjoined(cell.text) for row in table.rows for cell in row.cells] for table in word.tables]
    for term in growth.terms:
        printed = f"{term.printed}".replace("-", "−")
        for of_format in (tables, in_word):
            assert any(term.part.name in cells and printed in cells for cells in of_format)
    drawn = page.find_all("figure", class_="brief-chart")
    assert len(drawn) == len(word.inline_shapes) == 2
    sheet = openpyxl.load_workbook(made.with_suffix(".xlsx"))["数据"]
    assert {"contribution", "对增长的拉动"} & {f"{cell}" for row in sheet.iter_rows(values_only=True) for cell in row}
