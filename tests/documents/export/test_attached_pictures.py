"""A picture that is dragged into a cell of Markdown is printed in every document, and files have the ending of their kind."""

import base64
import io
import zipfile

import nbformat
import pypdfium2
import pytest
from matplotlib.figure import Figure
from nbconvert.exporters import get_exporter


@pytest.fixture(scope="module")
def notebook():
    """A notebook with one picture, of a size of its own, between two words."""
    drawn = io.BytesIO()
    Figure(figsize=(3, 2)).savefig(drawn, format="png", dpi=50)
    cell = nbformat.v4.new_markdown_cell("# 题\n\n前\n\n![示意图](attachment:%E5%9B%BE.png)\n\n后", id="a")
    cell.attachments = {"图.png": {"image/png": base64.b64encode(drawn.getvalue()).decode()}}
    return nbformat.v4.new_notebook(cells=[cell])


def exported(kind, notebook):
    content, resources = get_exporter(f"brief-{kind}")().from_notebook_node(notebook)
    return content, resources["output_extension"]


def test_html_has_the_picture_with_its_words(notebook):
    page, ending = exported("html", notebook)
    assert page.count('src="data:image/png;base64,') == 1 and 'alt="示意图"' in page
    assert page.index("前") < page.index("示意图") < page.index("后")
    assert ending == ".html"


def test_pdf_has_the_picture(notebook):
    content, ending = exported("pdf", notebook)
    pages = pypdfium2.PdfDocument(content)
    pictures = [each for page in pages for each in page.get_objects() if each.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    assert (len(pictures), ending) == (1, ".pdf")


def test_docx_has_the_picture(notebook):
    content, ending = exported("docx", notebook)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert (len([name for name in names if name.startswith("word/media/")]), ending) == (1, ".docx")


def test_a_workbook_has_its_ending(notebook):
    assert exported("xlsx", notebook)[1] == ".xlsx"
