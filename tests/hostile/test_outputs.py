"""Whatever the cells of any notebook say and show, its documents run nothing, ask for nothing, and lead nowhere but by a link."""

import base64
import io
import re
import zipfile
from urllib.parse import urlsplit

import openpyxl
import pikepdf
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from city_briefs.common import theme
from city_briefs.common.errors import PackError
from city_briefs.production.export import markup
from city_briefs.production.export.document import document
from city_briefs.production.export.docx import BriefDOCX
from city_briefs.production.export.html import BriefHTML
from city_briefs.production.export.pdf import BriefPDF
from city_briefs.production.export.xlsx import BriefXLSX
from tests.documents.export.test_docx import CARD
from tests.external.test_browser import browser  # noqa: F401  # a fixture
from tests.helpers import blocks
from tests.helpers.written import made, solid, words
from tests.hostile.corpus import FORGED, HEADINGS, HTML, LINKED, MARKDOWN, OUTPUTS, SVG, VALUES, block, shown

LINKS = {"http", "https", "mailto"}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
COUNT = "window.ran = []; window.alert = (what) => window.ran.push(what)"
SAFE_SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M 0 0 L 9 9' style='fill: none'/></svg>"


@pytest.fixture(scope="module")
def notebook():
    """All of it in one notebook: as headings, as cells, as outputs of each kind, and as words of blocks."""
    cells = [new_markdown_cell(f"{'#' * (1 + place % 6)} {words}\n\n文") for place, words in enumerate(HEADINGS)]
    cells += [new_markdown_cell(one) for one in MARKDOWN]
    outputs = [shown(html=one) for one in HTML] + [shown(markdown=one) for one in (*MARKDOWN, *HTML)] + OUTPUTS
    outputs += [shown(block=one, html="<script>alert(1)</script>", plain="段") for one in FORGED]
    table = {"caption": VALUES[0], "unit": "户", "header": ["甲", "乙"], "align": ["left", "left"], "marked": [], "totals": []}
    figures = [blocks.figure(view=one, region=one, refused=one, text=one, part=one) for one in (*VALUES, "=" * 40_000)]
    outputs += [
        shown(block=block("table", rows=[[one, str(place)] for place, one in enumerate(VALUES)], **table)),
        shown(block=block("prose", paragraphs=VALUES) | {"figures": figures}),
        shown(block=block("chart", caption=VALUES[1], alt=VALUES[2], svg=SAFE_SVG)),
    ]
    return new_notebook(cells=[*cells, new_code_cell("", outputs=outputs)])


@pytest.fixture(scope="module")
def page(notebook):
    with_pictures = new_notebook(cells=[*notebook.cells, new_code_cell("", outputs=LINKED)])
    return BriefHTML().from_notebook_node(with_pictures)[0]


def test_the_page_holds_nothing_that_runs_or_asks(page):
    read = BeautifulSoup(page, "html.parser")
    assert [script.get_text() for script in read.find_all("script")] == [theme.script()]
    assert not read.find(
        ["iframe", "object", "embed", "base", "form", "input", "video", "audio", "foreignObject", "image", "template"]
    )
    assert [meta.get("http-equiv") for meta in read.find_all("meta")] == [None, None, "Content-Security-Policy"]
    attributes = [(name, value) for tag in read.find_all(True) for name, value in tag.attrs.items()]
    assert not [
        name for name, _ in attributes if name.startswith("on") or name in ("srcset", "ping", "background", "poster", "srcdoc")
    ]
    links = {value for name, value in attributes if name in ("href", "xlink:href")}
    assert {urlsplit(link).scheme for link in links} <= LINKS | {""} and all(link[0] == "#" for link in links if ":" not in link)
    sources = {value.partition(",")[0] for name, value in attributes if name == "src"}
    assert sources == {"data:image/svg+xml;base64"}  # a drawing as a picture; what is not in the page stands as its words


def test_a_browser_runs_none_of_it_asks_for_nothing_and_complains_of_nothing(browser, page, tmp_path):  # noqa: F811
    ran, asked, complaints = opened(browser, page, tmp_path)
    assert (ran, asked, complaints) == ([], [], [])


def test_the_policy_alone_would_keep_it_from_running_and_asking(browser, page, tmp_path):  # noqa: F811
    head, _, _ = page.partition("<main")
    ran, asked, complaints = opened(browser, head + "<main>" + "\n".join(one for one in HTML if "refresh" not in one), tmp_path)
    assert ran == [] and not asked
    assert len(complaints) > 10


def test_without_either_a_browser_runs_and_asks(browser, tmp_path):  # noqa: F811
    """So that the two before can fail."""
    raw = "\n".join(f"<div>{one}</div>" for one in HTML if not re.search("refresh|textarea|template|xmp|noscript|<base|<!", one))
    ran, asked, _ = opened(browser, f"<!DOCTYPE html><meta charset=utf-8>{raw}", tmp_path)
    assert len(ran) > 10 and len([address for address in asked if "evil.invalid" in address]) > 5


def opened(browser, html, folder):  # noqa: F811
    """What ran in a page, what it sent for beside itself, and what the browser complained of."""
    (folder / "page.html").write_text(html, "utf-8")
    context = browser.new_context()
    context.add_init_script(COUNT)
    page = context.new_page()
    sent, complaints = [], []

    def answer(route):
        sent.append(route.request.url)
        return route.abort() if route.request.url.startswith("http") else route.continue_()

    page.route("**/*", answer)
    for event in ("console", "pageerror", "dialog"):
        page.on(event, lambda what: complaints.append(str(what)))  # playwright takes no built-in
    page.goto((folder / "page.html").as_uri())
    ran = page.evaluate("window.ran")
    assert page.url == sent.pop(0) == (folder / "page.html").as_uri()
    context.close()
    return ran, [address for address in sent if not address.startswith("data:")], complaints


@pytest.mark.parametrize("picture", LINKED)
def test_a_drawing_that_names_another_picture_is_on_no_paper(picture, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.png").write_bytes(base64.b64decode(PNG))
    given = new_notebook(cells=[new_code_cell("", outputs=[picture])])
    for suffix in ("pdf", "docx"):
        content = made(given, suffix)
        assert "此处的图片（image/svg+xml）不能打印" in solid(words(content, suffix))
    assert not [part for part in zipfile.ZipFile(io.BytesIO(content)).namelist() if "media" in part]


def test_paper_has_no_action_but_links(notebook):
    content, _ = BriefPDF().from_notebook_node(notebook)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        objects = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
        kinds = {
            str(one.S) for one in objects for one in (one, one.get("/A")) if isinstance(one, pikepdf.Dictionary) and "/S" in one
        }
        assert not kinds & {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie"}
        assert not {"/OpenAction", "/AA", "/AcroForm", "/EmbeddedFiles"} & (set(pdf.Root) | set(pdf.Root.get("/Names", {})))
        addresses = {str(one.A.URI) for one in objects if isinstance(one.get("/A"), pikepdf.Dictionary) and "/URI" in one.A}
    assert addresses and {urlsplit(address).scheme for address in addresses} <= LINKS


def test_the_document_of_word_has_no_field_but_page_numbers_and_no_relation_but_links(notebook):
    content, _ = BriefDOCX().from_notebook_node(notebook)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        xml = {name: parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))}
    assert not [name for name in parts.namelist() if re.search("vba|embed|activeX|oleObject|afchunk", name)]
    text = "".join(xml.values())
    assert not re.search("<w:(instrText|altChunk|object|control|attachedTemplate)", text)
    assert set(re.findall(r'w:instr="([^"]*)"', text)) == {"PAGE"}
    outside = re.findall(r'Target="([^"]*)"[^>]*TargetMode="External"|TargetMode="External"[^>]*Target="([^"]*)"', text)
    assert {urlsplit("".join(one)).scheme for one in outside} <= LINKS


def test_the_workbook_has_no_formula_and_no_link(notebook):
    book = openpyxl.load_workbook(io.BytesIO(BriefXLSX().from_notebook_node(notebook)[0]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 5 * len(VALUES)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink.target for cell in cells if cell.hyperlink)  # none leads out of the workbook


@pytest.mark.parametrize("svg", SVG)
def test_a_drawing_that_is_more_than_one_is_refused(svg):
    for one in (
        block("chart", caption="图", alt="走势", svg=svg),
        block("cards", cards=[CARD | {"spark": {"alt": "走势", "svg": svg}}]),
    ):
        with pytest.raises(PackError) as error:
            document(new_notebook(cells=[new_code_cell("", outputs=[shown(block=one)])]))
        assert (
            str(error.value)
            == "The drawing “走势” is not one of shapes and words alone. Draw it with city_briefs.analysis.charts."
        )
    assert markup.is_drawing(SAFE_SVG)


@pytest.mark.parametrize("forged", FORGED)
def test_what_only_calls_itself_a_block_is_none(forged):
    outputs = [shown(block=forged, plain="段")]
    assert document(new_notebook(cells=[new_code_cell("", outputs=outputs)])).parts == [{"kind": "text", "source": "段"}]


def test_what_markdown_is_read_as_is_kept():
    source = "# 题\n\n文[^1]，**粗**、*斜*、`码`，[链](https://a.example/x?y=1)。\n\n| 甲 | 乙 |\n|--:|---|\n| 1 | $E=mc^2$ |\n\n- 项\n\n[^1]: 注"
    page, _ = BriefHTML().from_notebook_node(new_notebook(cells=[new_markdown_cell(source)]))
    main = BeautifulSoup(page, "html.parser").find("main")
    for kept in (
        "h1#section-1",
        "strong",
        "em",
        "code",
        "table",
        'th[style="text-align:right"]',
        "ul > li",
        "a#fnref1[href='#fn1']",
        "section[role=doc-endnotes] li#fn1",
    ):
        assert main.select_one(kept), kept
    assert main.select_one("a[href^=https]")["rel"] == ["noreferrer"] and "$E=mc^2$" in main.get_text()
