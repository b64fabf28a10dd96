"""Every document of the bureau, made from the small demo for one city and the province, of two years."""

import re
from itertools import product

import pypdfium2
import pytest

from city_briefs.common.periods import Period
from city_briefs.production.packs import packs_toml
from tests.conftest import CITIES
from tests.helpers import clean
from tests.helpers.size import FULL

PROVINCE = "620000"
PACKS = packs_toml.packs()
YEARS = list(CITIES) if FULL else [2021]
EDITIONS = [
    pytest.param(year, pack, level, id=f"{pack.id}-{level}-{year}")
    for year, pack in product(YEARS, PACKS.values())
    for level in pack.levels
]
MOST_BYTES = 700_000  # of a PDF
FOREIGN = ("city-briefs", "Noto Serif SC", "Noto Sans SC", "Typst")  # names that are what they are in Chinese text too


@pytest.fixture
def file(packs_of, year, pack, level):
    """The PDF of an edition."""
    return packs_of(year) / f"{Period(year, 12, pack.span).slug}/{CITIES[year] if level == 'city' else PROVINCE}/{pack.id}.pdf"


@pytest.fixture
def pages(file):
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file)]


def test_the_ten_documents_are_all_there():
    assert len(PACKS) == 10


@pytest.mark.parametrize(("year", "pack", "level"), EDITIONS)
def test_a_pack_says_on_every_page_that_it_is_synthetic(pages):
    assert all("模拟数据" in re.sub(r"\s", "", page) for page in pages)


@pytest.mark.parametrize(("year", "pack", "level"), EDITIONS)
def test_a_pdf_is_small_enough_to_be_mailed(file):
    assert file.stat().st_size <= MOST_BYTES


@pytest.mark.parametrize(("year", "pack", "level"), EDITIONS)
def test_no_number_was_lost_on_the_way_to_the_page(pages):
    assert not re.search("[\ufffd\u25a1\x00]|None|nan|NaN|inf\\b|Decimal|(增长|下降|提高)[-−]", "".join(pages))


@pytest.mark.parametrize(("year", "pack", "level"), [one for one in EDITIONS if "metric-manual" not in one.id])
def test_the_text_is_chinese(pages):
    """The manual of metrics has their ids; nothing else has words of English."""
    text = "\n".join(pages)
    for name in FOREIGN:
        text = text.replace(name, "")
    assert re.findall(r"[A-Za-z]{3,}", text) == []


@pytest.mark.parametrize(("year", "pack", "level"), EDITIONS)
def test_the_pdf_is_archival_and_accessible_and_read_in_its_order(file):
    assert list(clean.of_pdf(file)) == []


@pytest.mark.parametrize(("year", "pack", "level"), EDITIONS)
def test_the_page_runs_no_script_but_its_own_and_asks_for_nothing(file):
    assert list(clean.of_html(file.with_suffix(".html"))) == []


@pytest.mark.parametrize(("year", "pack", "level"), [one for one in EDITIONS if "page-one" in one.id])
def test_page_one_is_one_page_and_begins_as_the_brief_of_its_city_does(file, pages, level):
    [words] = pages
    brief = file.with_name("city-brief.pdf")
    assert "报送：" in words and "审核：——" in words
    if level == "city":
        first = pypdfium2.PdfDocument(brief)[0].get_textpage().get_text_bounded()
        assert words.split("数据截至")[2] == first.split("数据截至")[2]  # under the masthead all is the same
