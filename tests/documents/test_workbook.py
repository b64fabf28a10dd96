"""The workbook of every pack: every sheet can be reached, nothing in it is a formula, and it prints on few pages of A4."""

import shutil

import openpyxl
import pypdfium2
import pytest

from city_briefs.production.export.xlsx import DATA
from tests.conftest import CITIES
from tests.documents.test_packs import PROVINCE
from tests.helpers import lines

YEAR = 2021
MOST_PAGES = 35  # of a workbook; its list of all numbers alone has had 114


@pytest.fixture(scope="module")
def workbooks(packs_built):
    """The workbook of every pack of a city and of the province, by its name."""
    files = sorted(file for region in (CITIES[YEAR], PROVINCE) for file in packs_built.glob(f"{YEAR}*/{region}/*.xlsx"))
    return {f"{file.parent.name}-{file.stem}": file for file in files}


def test_contents_name_every_sheet_by_number_and_title_and_lead_there(workbooks):
    assert len(workbooks) >= 11
    for name, file in workbooks.items():
        book = openpyxl.load_workbook(file)
        contents, *others, data = book.sheetnames
        assert (contents, data) == ("目录", DATA), name
        lines_there = [row for row in book[contents].iter_rows(min_row=5) if row[0].hyperlink]
        assert [row[0].hyperlink.location for row in lines_there] == [f"'{other}'!A1" for other in (*others, data)], name
        for row, other in zip(lines_there, others, strict=False):
            assert book[other]["A1"].value == f"{row[0].value}　{row[1].value}", (name, other)
        assert len({sheet.casefold() for sheet in book.sheetnames}) == len(book.sheetnames)


def test_nothing_is_a_formula_no_region_is_a_code_and_no_view_an_id(workbooks):
    for name, file in workbooks.items():
        book = openpyxl.load_workbook(file)
        cells = [(sheet.title, cell) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for _, cell in cells} <= {"s", "n"}, name
        shown = {cell.value for title, cell in cells if title != DATA}
        assert not shown & {"620000", "620100", "value", "yoy", "change_pp", "rank", "share"}, name
        heads, *rows = list(book[DATA].iter_rows(min_row=3, values_only=True))
        for row in rows:
            of_row = dict(zip(heads, row, strict=True))
            assert of_row["地区"] and of_row["口径"] != of_row["口径代码"], (name, row)


@pytest.mark.skipif(not shutil.which("soffice"), reason="soffice is not installed")
def test_it_prints_on_few_pages_none_wider_than_a4(workbooks, tmp_path):
    for name, file in workbooks.items():
        shutil.copyfile(file, tmp_path / f"{name}.xlsx")
    lines.printed_by_libreoffice([tmp_path / f"{name}.xlsx" for name in workbooks], tmp_path)
    pages = {name: pypdfium2.PdfDocument(tmp_path / f"{name}.pdf") for name in workbooks}
    assert {name: len(made) for name, made in pages.items() if len(made) > MOST_PAGES} == {}
    sizes = {tuple(sorted(round(side) for side in page.get_size())) for made in pages.values() for page in made}
    assert sizes == {(595, 842)}
    for name, made in pages.items():
        sheets = len(openpyxl.load_workbook(workbooks[name]).sheetnames)
        assert sheets <= len(made), name
        assert all("模拟数据" in page.get_textpage().get_text_bounded() for page in made), name
