"""What is printed is what the figures say: in HTML, PDF, DOCX and XLSX of every pack, against the figures of its notebooks."""

import re
import shutil
import zipfile

import nbformat
import openpyxl
import pytest

from city_briefs.production.export.document import bind
from city_briefs.production.export.pdf import BriefPDF
from tests.documents.test_packs import EDITIONS, PACKS, file  # noqa: F401  # a fixture
from tests.helpers import facts, printed

CHANGED = "98.76543"  # no figure of the demo is printed so


def tokens(suffix, made):
    """The numbers that a format prints, from its file."""
    if suffix == "html":
        return printed.of_html(made.read_text("utf-8"))
    return printed.of_pdf(made) if suffix == "pdf" else printed.of_docx(made)


def faults(made):
    """The numbers of a pack, which is named by its PDF, that are none of its figures, by the format that prints them."""
    blocks = facts.blocks_of(made.parent, made.stem)
    known = facts.of_figures(blocks) | facts.of_words(made.parent, made.stem, blocks)
    found = {
        suffix: facts.unexplained(tokens(suffix, made.with_suffix(f".{suffix}")), known) for suffix in ("html", "pdf", "docx")
    }
    found["xlsx"] = list(facts.in_workbook(made.with_suffix(".xlsx"), blocks))
    return {suffix: numbers for suffix, numbers in found.items() if numbers}


@pytest.mark.parametrize(("year", "pack", "level"), EDITIONS)
def test_every_number_that_is_printed_is_a_figure_or_says_what_else_it_is(file):  # noqa: F811
    assert faults(file) == {}


@pytest.fixture
def copied(packs_built, tmp_path):
    """A copy of the packs of a city, whose files a test may change."""
    shutil.copytree(packs_built / "2021/620100", tmp_path / "620100")
    return tmp_path / "620100/city-brief.pdf"


def first_number(made):
    """The first number of the page with decimals and a %, as it is printed."""
    return next(
        token for token in printed.of_html(made.with_suffix(".html").read_text("utf-8")) if re.fullmatch(r"\d+\.\d+%", token)
    )


def in_html(made, number):
    page = made.with_suffix(".html")
    page.write_text(page.read_text("utf-8").replace(number, f"{CHANGED}%"), "utf-8")


def in_docx(made, number):
    word, other = made.with_suffix(".docx"), made.with_suffix(".other")
    with zipfile.ZipFile(word) as given, zipfile.ZipFile(other, "w") as changed:
        for name in given.namelist():
            changed.writestr(name, given.read(name).replace(number.encode(), f"{CHANGED}%".encode()))
    other.rename(word)


def in_xlsx(made, number):
    book = openpyxl.load_workbook(made.with_suffix(".xlsx"))
    cell = next(cell for sheet in book for row in sheet.iter_rows(min_row=5) for cell in row if facts.displayed(cell) == number)
    cell.value = float(CHANGED) / 100
    book.save(made.with_suffix(".xlsx"))


def in_pdf(made, number):
    """Set the PDF again from notebooks that have the other number."""
    texts = {
        each.stem: each.read_text("utf-8").replace(number, f"{CHANGED}%") for each in (made.parent / "notebooks").glob("*.ipynb")
    }
    chapters = [(name, nbformat.reads(texts[name], as_version=4)) for name in PACKS[made.stem].chapters]
    made.write_bytes(
        BriefPDF().from_notebook_node(bind(chapters, {"title": "简报", "date": "2021-12-31", "appendix": "manual"}))[0]
    )


@pytest.mark.parametrize(("suffix", "change"), [("html", in_html), ("docx", in_docx), ("xlsx", in_xlsx), ("pdf", in_pdf)])
def test_a_number_that_is_changed_in_one_format_is_found_there_and_nowhere_else(copied, suffix, change):
    change(copied, first_number(copied))
    found = faults(copied)
    assert list(found) == [suffix] and (suffix == "xlsx" or f"{CHANGED}%" in found[suffix])


def test_a_notebook_that_is_not_as_the_manifest_says_is_no_witness(copied):
    notebook = next((copied.parent / "notebooks").glob("safety.ipynb"))
    notebook.write_text(notebook.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(AssertionError):
        facts.blocks_of(copied.parent, copied.stem)
