"""The numbers that a document prints, in the order in which it is read, from each of its formats.

A token is a number with its sign and its %, or all words of a drawing, marked with DRAWN. What only one format has (page numbers,
running heads, contents, references to figures, what a page for screens has folded up) is left out.
"""

import ctypes
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pypdfium2
from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from docx.table import Table
from pypdfium2 import raw

from city_briefs.production.export.unbroken import JOINER

NUMBER = re.compile(r"[+−-]?\d+(?:\.\d+)?%?")
ASIDE = re.compile(  # the number of a figure or table, the code of a character, what a PDF alone says of codes and its compiler
    r"[图表]\d+|⟨U\+[0-9A-F]+⟩(：见“.*”。)?|；排版Typst *[\d.]+"
)
DRAWN = "▦"
RUNNING_ON = {"a", "code", "dfn", "em", "small", "span", "strong"}  # elements of HTML that begin no block
RUNNING_ON_IN_PDF = {"/Code", "/Em", "/Link", "/Span", "/Strong"}
FLOW = {"/H1", "/H2", "/H3", "/P"}
UNDER_CHARTS = ("注：", "资料来源：")
UNREAD = {"/Lbl", "/TOC"}  # the numbers of lists, which are no text in other formats, and contents


def of_html(page: str) -> list[str]:
    """The tokens of a page, without its head and contents."""
    return _tokens(_of_element(BeautifulSoup(page, "html.parser").select_one("main")))


def of_pdf(file: Path) -> list[str]:
    """The tokens of a PDF in the order of its tags, which is that of a reading voice."""
    return _tokens(text_of_pdf(file))


def flow(file: Path) -> list[str]:
    """The words of the headings and paragraphs of a PDF in the order of its tags, without spaces; none of what may float."""
    marked = _marked(file)
    with pikepdf.open(file) as opened:
        numbers = {page.objgen: number for number, page in enumerate(opened.pages)}
        tags = [tag for tag in opened.Root.StructTreeRoot.K[0].K if tag.S in FLOW]
        words = [re.sub(r"\s", "", "".join(_of_tag(tag, None, marked, numbers))) for tag in tags]
    return [one for one in words if not one.startswith(UNDER_CHARTS)]


def of_docx(file: Path) -> list[str]:
    """The tokens of a Word document, without its drawings, which are pictures there."""
    return _tokens(f"\n{line}" for line in lines_of_docx(file))


def lines_of_docx(file: Path) -> list[str]:
    """The paragraphs of a Word document and of the cells of its tables, without the joiners in them."""
    return list(_of_body(docx.Document(str(file))))


def text_of_pdf(file: Path) -> list[str]:
    """The words in the tags of a PDF, in their order; what is parted between pages stands together."""
    marked = _marked(file)
    with pikepdf.open(file) as opened:
        numbers = {page.objgen: number for number, page in enumerate(opened.pages)}
        return list(_of_tag(opened.Root.StructTreeRoot, None, marked, numbers))


def unjoined(words: str) -> str:
    """Words of a Word document without the joiners that keep numbers on a line."""
    return words.replace(JOINER, "")


def drawn(tokens: Iterable[str]) -> list[str]:
    """The words of each drawing."""
    return [token for token in tokens if token.startswith(DRAWN)]


def undrawn(tokens: Iterable[str]) -> list[str]:
    """The tokens without drawings."""
    return [token for token in tokens if not token.startswith(DRAWN)]


def _tokens(pieces: Iterable[str]) -> list[str]:
    """The tokens of a text whose blocks and drawings stand in lines of their own."""
    found: list[str] = []
    for line in "".join(pieces).splitlines():
        if line.startswith(DRAWN):
            found.append("".join(line.split()))
        else:
            found += NUMBER.findall(ASIDE.sub("", re.sub(r"\s+%", "%", line)))
    return found


def _of_element(element: PageElement | None) -> Iterator[str]:
    if isinstance(element, Tag) and (element.name == "details" or "narrow" in element.get("class", [])):
        return  # what was refused, which paper leaves to the workbook; a chart that is drawn again for a phone
    if isinstance(element, Tag):
        if element.name == "svg":
            words = " ".join(text.get_text() for text in element.find_all("text"))
            yield f"\n{DRAWN}{' '.join(words.split())}\n"
            return
        edge = "" if element.name in RUNNING_ON else "\n"
        yield edge
        for child in element.children:
            yield from _of_element(child)
        yield edge
    elif type(element) is NavigableString:
        yield re.sub(r"\s+", " ", element)


def _of_body(body: Any) -> Iterator[str]:
    for block in body.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from _of_body(cell)
        else:
            yield unjoined(block.text)


def _of_tag(tag: Any, page: Any, marked: dict[tuple[int, int], str], numbers: dict[Any, int]) -> Iterator[str]:
    """The text under a tag; `marked` is that of each marked content by page and id."""
    kind, page = str(tag.get("/S")), tag.get("/Pg", page)
    if kind in UNREAD:
        return
    edge = "" if kind in RUNNING_ON_IN_PDF else "\n"
    yield f"\n{DRAWN}" if kind == "/Figure" else edge
    children = tag.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, int):
            yield marked.get((numbers[page.objgen], child), "")
        elif "/MCID" in child:
            yield marked.get((numbers[child.get("/Pg", page).objgen], int(child.MCID)), "")
        elif "/S" in child:
            yield from _of_tag(child, page, marked, numbers)
    yield edge


def _marked(file: Path) -> dict[tuple[int, int], str]:
    """The text of each marked content, by the number of its page and its id."""
    found: dict[tuple[int, int], str] = {}
    for number, page in enumerate(pypdfium2.PdfDocument(file)):
        words = page.get_textpage()
        for place in range(raw.FPDFPage_CountObjects(page)):
            thing = raw.FPDFPage_GetObject(page, place)
            key = number, raw.FPDFPageObj_GetMarkedContentID(thing)
            found[key] = found.get(key, "") + "".join(_text(one, words) for one in _texts(thing))
    return found


def _texts(thing: Any) -> Iterator[Any]:
    """The texts in an object of a page; a drawing is a form that holds its own."""
    if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_FORM:
        for place in range(raw.FPDFFormObj_CountObjects(thing)):
            yield from _texts(raw.FPDFFormObj_GetObject(thing, place))
    elif raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_TEXT:
        yield thing


def _text(thing: Any, words: Any) -> str:
    size = raw.FPDFTextObj_GetText(thing, words, None, 0)
    held = ctypes.create_string_buffer(size)
    raw.FPDFTextObj_GetText(thing, words, ctypes.cast(held, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return held.raw.decode("utf-16-le").rstrip("\0")
