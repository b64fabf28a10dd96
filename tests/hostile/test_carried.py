"""Every character that nobody sees, through a notebook of anybody into every document: none stops one, and no word beside it is lost."""

import io
import json
import re
import zipfile
from xml.etree import ElementTree

import docx
import nbformat
import openpyxl
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from city_briefs.common import characters
from city_briefs.production.export.docx import BriefDOCX
from city_briefs.production.export.html import BriefHTML
from city_briefs.production.export.pdf import BriefPDF
from city_briefs.production.export.unbroken import JOINER
from city_briefs.production.export.xlsx import BriefXLSX
from tests.helpers import blocks
from tests.hostile.corpus import block, shown
from tests.hostile.test_characters import EVERY

SEEN_BY_NOBODY = "\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u206a\ufe00\ufe0f\ufeff\U000e0001\U000e0020\xa0\u2003\u202f"
ALL = [
    *EVERY,
    *SEEN_BY_NOBODY,
    *map(chr, (0x1FFFE, 0x1FFFF, 0x10FFFE, 0x10FFFF)),
    *map(chr, range(0x00, 0x09)),
    *map(chr, range(0x80, 0xA0)),
]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="12">图</text></svg>'


def word(place, number):
    """A word with one of the characters in its middle; what is before and after it is found nowhere else."""
    return f"Q{place}x{number}{ALL[number]}Z{place}x{number}"


def marks(place):
    """What must be found of the words of a place."""
    return [f"{side}{place}x{number}" for number in range(len(ALL)) for side in "QZ"]


def words(place):
    return [word(place, number) for number in range(len(ALL))]


@pytest.fixture(scope="module")
def notebook():
    """All of them in a heading, a cell, each kind of output, and what a block says of figures, tables and charts."""
    figures = [blocks.figure(text=text, part=text, refused=text) for text in words("f")]
    table = {
        "caption": "".join(words("c")),
        "unit": "户",
        "header": ["甲", "乙"],
        "align": ["left", "left"],
        "marked": [],
        "totals": [],
    }
    outputs = [
        shown(block=block("prose", paragraphs=words("p"), figures=figures)),
        shown(block=block("table", rows=[[text, "1"] for text in words("t")], notes=words("n"), sources=words("s"), **table)),
        shown(block=block("chart", caption="图", alt="".join(words("a")), svg=SVG)),
        new_output("stream", text="\n".join(words("o"))),
        new_output("error", ename="E", evalue="e", traceback=words("e")),
        new_output("display_data", {"text/html": "".join(f"<p>{text}</p>" for text in words("h"))}),
        new_output("display_data", {"text/markdown": "\n\n".join(words("m"))}),
        new_output("execute_result", {"text/plain": "\n".join(words("x"))}),
    ]
    cells = [
        new_markdown_cell(f"# 题{''.join(words('d'))}"),
        new_markdown_cell("\n\n".join(words("k"))),
        new_code_cell("", outputs=outputs),
    ]
    return nbformat.from_dict(
        json.loads(json.dumps(new_notebook(cells=cells)))
    )  # as JSON has it, halves of characters among them


WRITTEN = "oex"  # the places whose words stand as a terminal shows them
PRINTED = "pctnsoehmxdk"  # the places whose words stand on paper


def lost(text, places):
    """What of the words of some places is not there."""
    close = "".join(text.split())
    return [mark for place in places for mark in marks(place) if mark not in close and not (place in WRITTEN and obeyed(mark))]


def obeyed(mark):
    """Whether what stands after a mark is a backspace or an escape, which a terminal obeys: it takes a letter with it."""
    return ALL[int(mark[3:])] in "\x08\x1b"


def held(text):
    """The characters of a text that no text may have."""
    return sorted({characters.refused(line) for line in text.replace("\t", " ").splitlines() or [""]} - {""})


def test_a_page_has_all_the_words_and_none_of_them(notebook):
    page = BriefHTML().from_notebook_node(notebook)[0]
    page.encode()
    read = BeautifulSoup(page, "html.parser")
    assert lost(read.find("main").get_text(), PRINTED) == [] and lost(page, "a") == []
    assert not [code for line in page.split("\n") if (code := characters.refused(line.replace("\t", " ")))]


def test_a_paper_has_all_the_words(notebook):
    with pypdfium2.PdfDocument(BriefPDF().from_notebook_node(notebook)[0]) as made:
        text = "".join(re.sub(r"— \d+ —", "", page.get_textpage().get_text_range()) for page in made)
    assert lost(text, PRINTED) == []


def test_a_document_of_word_has_all_the_words_and_is_xml(notebook):
    made = BriefDOCX().from_notebook_node(notebook)[0]
    assert wrong(made) == []
    body = docx.Document(io.BytesIO(made))
    text = "".join(element.text or "" for element in body.element.body.iter() if element.tag.endswith("}t")).replace(JOINER, "")
    assert lost(text, PRINTED) == []
    assert not characters.refused(body.core_properties.title)


def test_a_workbook_has_all_the_words_and_is_xml(notebook):
    made = BriefXLSX().from_notebook_node(notebook)[0]
    assert wrong(made) == []
    cells = [str(cell.value) for sheet in openpyxl.load_workbook(io.BytesIO(made)) for row in sheet.iter_rows() for cell in row]
    assert lost("".join(cells), "fd") == []
    assert not [code for cell in cells if (code := characters.refused(cell.replace("\n", " ")))]


def wrong(archive):
    """The parts of an archive that are no XML, or hold what no text may have, also as `_x000B_` or as a reference."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist() if name.endswith((".xml", ".rels"))}
    for content in parts.values():
        ElementTree.fromstring(content)
    return [
        name
        for name, content in parts.items()
        if "_x00" in content or characters.refused(content.replace("\n", "").replace("\r", "").replace("\t", ""))
    ]
