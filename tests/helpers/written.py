"""What a document of any format says, and whether what is printed in a PDF lies on one another."""

import io
import re
import unicodedata

import docx
import openpyxl
import pypdfium2
from bs4 import BeautifulSoup
from docx.oxml.ns import qn

from city_briefs.production.export.docx import BriefDOCX
from city_briefs.production.export.html import BriefHTML
from city_briefs.production.export.pdf import BriefPDF
from city_briefs.production.export.xlsx import BriefXLSX
from tests.helpers.printed import unjoined

EXPORTERS = {"html": BriefHTML, "pdf": BriefPDF, "docx": BriefDOCX, "xlsx": BriefXLSX}
SHARE = 0.3  # of the smaller of two characters that may lie on the other, where a font sets them close
CELL = 20  # pt


def made(notebook, suffix, **options):
    """The document of a notebook in a format."""
    return EXPORTERS[suffix](**options).from_notebook_node(notebook)[0]


def words(content, suffix):
    """The words of a document in their order, a space between lines."""
    if suffix == "html":
        main = BeautifulSoup(content, "html.parser").find("main")
        return main.get_text(" ")
    if suffix == "pdf":
        return " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))
    if suffix == "docx":
        body = docx.Document(io.BytesIO(content)).element.body
        lines = [
            [text.text or "" if text.tag == qn("w:t") else " " for text in line.iter(qn("w:t"), qn("w:br"))]
            for line in body.iter(qn("w:p"))
        ]
        return unjoined(" ".join("".join(line) for line in lines))
    book = openpyxl.load_workbook(io.BytesIO(content))
    return " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)


def solid(text):
    """Text without spaces and characters that have no shape."""
    return re.sub(r"[\s\u200b\u2060\u00ad\ufffe]", "", text)


def overprinted(pdf):
    """The pairs of characters of a PDF that lie on one another, with their page."""
    pairs = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf), start=1):
        text = page.get_textpage()
        cells = {}
        for place in range(text.count_chars()):
            character = text.get_text_range(place, 1)
            if not character.strip() or unicodedata.category(character[0])[0] in "MCZ":
                continue
            box = text.get_charbox(place)
            for other, its in cells.get((int(box[0] // CELL), int(box[1] // CELL)), ()):
                if _shared(box, its) > SHARE:
                    pairs.append((number, other, character))
            for across in range(int(box[0] // CELL), int(box[2] // CELL) + 1):
                for up in range(int(box[1] // CELL), int(box[3] // CELL) + 1):
                    cells.setdefault((across, up), []).append((character, box))
    return pairs


def beside_the_page(pdf):
    """The characters of a PDF that lie beyond the edge of their page."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        text, (width, height) = page.get_textpage(), page.get_size()
        for place in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(place)
            if left < 0 or bottom < 0 or right > width or top > height:
                found.append(text.get_text_range(place, 1))
    return found


def _shared(one, other):
    """The share of the smaller of two boxes that lies in the other."""
    across, up = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return across * up / smaller if across > 0 and up > 0 and smaller > 0 else 0
