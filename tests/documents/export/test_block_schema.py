"""What the schema of blocks calls printed, its writer, every format and whoever tells editions apart have asked for."""

import copy
import io
from typing import Annotated, Union

import openpyxl
import pikepdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from docx import Document
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from typing_extensions import Doc

from city_briefs.common import block_schema, blocks, theme
from city_briefs.common.errors import PackError
from city_briefs.production.editions.figure_diff import moved
from city_briefs.production.export import docx, html, pdf, xlsx
from city_briefs.production.export.document import METADATA
from city_briefs.production.review import compare
from tests.documents.export.test_export import BOUND
from tests.helpers.blocks import Marked
from tests.helpers.printed import unjoined

READ_ALOUD = ("aria-label", "alt", "data-definition")  # attributes of HTML that a reader hears or sees


class WiderTable(blocks.TableBlock):
    """A table with a field more."""

    subtitle: Annotated[str, Doc("What stands under its caption.")]


def in_html(notebook):
    """The words of a page, and those that are read aloud."""
    page = BeautifulSoup(html.BriefHTML().from_notebook_node(notebook)[0], "html.parser").find("body")
    attributes = [tag.attrs[name] for tag in page.find_all(True) for name in READ_ALOUD if name in tag.attrs]
    for drawing in page.find_all(["svg", "script"]):
        drawing.decompose()
    return "\n".join([page.get_text(), *attributes])


def in_pdf(notebook):
    """The words of a PDF, and its alternative texts."""
    made = pdf.BriefPDF().from_notebook_node(notebook)[0]
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made)]
    with pikepdf.open(io.BytesIO(made)) as opened:
        alternatives = [str(one.Alt) for one in opened.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    return "\n".join([*pages, *alternatives])


def in_docx(notebook):
    """The words of a document of Word, those of its margins, and its alternative texts."""
    word = Document(io.BytesIO(docx.BriefDOCX().from_notebook_node(notebook)[0]))
    parts = [word.element.body, *(section.header._element for section in word.sections)]
    lines = ["".join(line.xpath(".//w:t/text()")) for part in parts for line in part.xpath(".//w:p")]
    return unjoined("\n".join([*lines, *word.element.body.xpath(".//wp:docPr/@descr")]))


def in_xlsx(notebook):
    """The cells of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx.BriefXLSX().from_notebook_node(notebook)[0]))
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)


FORMATS = {"HTML": (in_html, html), "PDF": (in_pdf, pdf), "DOCX": (in_docx, docx), "XLSX": (in_xlsx, xlsx)}


def not_shown(marked):
    """The printed fields that a format neither shows nor declares as left out, and those that it shows and declares."""
    outputs = [new_output("display_data", {theme.MIME: one}) for one in marked.blocks()]
    of = {"region": marked.mark("FigureRecord.region"), "year": marked.numbers["FigureRecord.year"]}
    cells = [new_markdown_cell("# 章"), new_code_cell("", outputs=outputs)]
    for form, (words, exporter) in FORMATS.items():
        text = words(new_notebook(cells=cells, metadata={METADATA: BOUND | of}))
        for name, field in marked.printed():
            mark = marked.mark(name) if "str" in str(field.type) else str(marked.numbers[name])
            if (mark in text) == (name in exporter.NOT_SHOWN):
                yield f"{form}: {name}"


def not_compared(marked):
    """The printed fields of which nobody who compares two editions would say that they changed, and which are not declared so."""
    before = marked.blocks()
    words = {line for block in before for line in compare._said(block_schema.printed_fields(block))}
    for name, _ in marked.printed(elsewhere=False):
        if (marked.mark(name) in words) == (name in compare.NOT_COMPARED):
            yield name
    for name, field in marked.printed(elsewhere=True):
        after = [changed(block, *name.split("."), field) for block in before]
        says = moved(before, after) or compare._definitions(before) != compare._definitions(after)
        if bool(says) == (name in compare.NOT_COMPARED):
            yield name


def changed(block, shape, name, field):
    """A block with another value of a field of its figures, metrics or snapshot."""
    made = copy.deepcopy(block)
    held = {"FigureRecord": made["figures"], "MetricCard": made["metrics"], "SnapshotStamp": [made["snapshot"]]}
    held["CorrectionRecord"] = [one for metric in made["metrics"] for one in metric["corrections"]]
    for part in held[shape]:
        if part.get(name) is not None:
            part[name] = ["other"] if isinstance(part[name], list) else 9 if isinstance(part[name], int) else "other"
    return made


def test_a_format_shows_what_is_printed_or_says_why_not():
    assert list(not_shown(Marked())) == []


def test_what_is_printed_is_compared_or_it_is_said_why_not():
    assert list(not_compared(Marked())) == []


@pytest.fixture
def wider(monkeypatch):
    """The schema with another class for one of its kinds."""

    def widen(kind, shape):
        kinds = block_schema.KINDS | {kind: shape}
        monkeypatch.setattr(block_schema, "KINDS", kinds)
        monkeypatch.setattr(blocks, "Block", Union[tuple(kinds.values())])  # noqa: UP007  # of as many as there are
        block_schema._adapter.cache_clear()

    yield widen
    monkeypatch.undo()
    block_schema._adapter.cache_clear()


def test_a_field_more_is_asked_of_writer_and_formats_and_told_by_who_compares(wider):
    table = next(one for one in Marked().blocks() if one["kind"] == "table")
    wider("table", WiderTable)
    with pytest.raises(PackError) as refused:
        block_schema.write(table)
    assert str(refused.value) == (
        "A block of the kind table has no field 'subtitle'. "
        "Write the block as city_briefs/common/blocks.py has it, or change it there."
    )
    marked = Marked()
    asked = {line for line in not_shown(marked) if line.endswith("subtitle")}
    assert asked == {f"{form}: WiderTable.subtitle" for form in FORMATS}
    wide = next(one for one in marked.blocks() if one["kind"] == "table")
    assert marked.mark("WiderTable.subtitle") in compare._said(block_schema.printed_fields(wide))
