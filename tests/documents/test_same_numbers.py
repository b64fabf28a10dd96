"""A number is the same wherever it is said: on the page, on paper, in Word, in the workbook, and by `briefs value`."""

import re
import shutil

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.metrics import CATALOGUE
from tests.conftest import CITIES
from tests.documents.test_packs import EDITIONS, file  # noqa: F401  # a fixture
from tests.helpers import clean


@pytest.fixture(scope="module")
def results(demo_province):
    return Results(demo_province, CATALOGUE.values())


@pytest.mark.parametrize(("year", "pack", "level"), EDITIONS)
def test_page_paper_and_word_print_the_same_numbers_in_the_same_order(file):  # noqa: F811
    assert list(clean.of_numbers(file)) == []


@pytest.mark.parametrize(("year", "pack", "level"), EDITIONS)
def test_the_workbook_has_every_figure_as_briefs_value_says_it(file, results):  # noqa: F811
    assert list(clean.of_workbook(file.with_suffix(".xlsx"), results)) == []


def test_a_number_that_is_another_in_one_format_is_noticed(packs_built, tmp_path):
    made = packs_built / f"2021/{CITIES[2021]}"
    for suffix in ("html", "pdf", "docx"):
        shutil.copyfile(made / f"safety-assessment.{suffix}", tmp_path / f"pack.{suffix}")
    page = (tmp_path / "pack.html").read_text("utf-8")
    (tmp_path / "pack.html").write_text(re.sub(r"增长(\d)", r"增长9\1", page, count=1), "utf-8")
    assert [fault.split()[0] for fault in clean.of_numbers(tmp_path / "pack.pdf")] == ["PDF", "DOCX"]
