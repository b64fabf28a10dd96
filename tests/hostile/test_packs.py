"""Names and words of the data that mean something to a page, a compiler, a workbook or a reader of Markdown come through as they are."""

import csv
import json
import re
from dataclasses import replace

import nbformat
import openpyxl
import pyarrow as pa
import pytest
from bs4 import BeautifulSoup

from city_briefs.analysis import snapshot
from city_briefs.analysis.charts import heat, ranking, tiles
from city_briefs.analysis.statistics.intervals import Interval
from city_briefs.common import theme
from city_briefs.common.regions import Region
from city_briefs.model.tables import COLD_CHAIN, COMPLAINTS, HAZARDS, PRICES, REGIONS, TABLES
from city_briefs.production.build.outputs import MANIFEST, NOTEBOOKS_MADE
from city_briefs.production.export.characters import SHAPES, Printer
from city_briefs.production.export.docx import png
from tests.external.test_browser import browser  # noqa: F401  # a fixture
from tests.helpers import clean, printed
from tests.helpers.charted import figures
from tests.helpers.project import Project
from tests.hostile.corpus import WORDS

FREE = (
    (HAZARDS, "measure"), (HAZARDS, "owner"), (COLD_CHAIN, "hub"), (PRICES, "commodity"), (COMPLAINTS, "category"),
)  # fmt: skip
CITY, PROVINCE = "620100", "620000"
PACKS = """
[[pack]]
id = "city-brief"
title = "市场监管工作简报"
per = "city"
addressee = "分管领导"
chapters = ["market-order"]

[[pack]]
id = "safety-assessment"
title = "安全形势评估"
per = "city"
addressee = "同级政府"
chapters = ["safety-hazards"]

[[pack]]
id = "province-overview"
title = "市场监管综合分析"
per = "province"
addressee = "省局领导"
chapters = ["city-comparison"]
"""
FILES = [f"{CITY}/city-brief", f"{CITY}/safety-assessment", f"{PROVINCE}/province-overview"]
SAID = {"city-brief": len(WORDS), "safety-assessment": 4, "province-overview": len(WORDS)}  # words, at the least


NOT_PRINTED = ("svg", "narrow", "alt", "figures", "names", "metrics", "kind")  # fields of a block


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, demo_province):
    """The small demo, its cities, free words and source called so."""
    folder = tmp_path_factory.mktemp("hostile")
    names = dict(zip((city.code for city in demo_province.regions.cities), WORDS, strict=True))
    with (folder / "regions.csv").open("w", encoding="utf-8", newline="") as file:
        listed = csv.writer(file)
        listed.writerow(REGIONS.schema.names)
        for one in demo_province.regions.all:
            listed.writerow([one.code, names.get(one.code, one.name), names.get(one.code, one.short), one.level, one.parent])
    held = [TABLES[name] for name in demo_province.descriptions if name != REGIONS.name]
    tables = {table: demo_province.expression(table).to_pyarrow() for table in held}
    for table, column in FREE:
        rows = tables[table]
        others = dict(zip(sorted(set(rows[column].to_pylist()) - {None}), WORDS, strict=False))
        words = pa.array([others.get(word, word) for word in rows[column].to_pylist()])
        tables[table] = rows.set_column(rows.schema.get_field_index(column), column, words)
    return snapshot.write(
        folder / "snapshot", tables, regions_file=folder / "regions.csv", source="=1+1", ingested_at="2023-01-05", synthetic=True
    )


@pytest.fixture(scope="module")
def outputs(tmp_path_factory, hostile):
    project = Project(tmp_path_factory.mktemp("hostile-packs"))
    (project.root / "notebooks/packs.toml").write_text(PACKS, "utf-8")
    project.edit("market-order", "figures", 'breakdown(over_ceiling_share, "commodity")')
    project.edit("market-order", "cases-field", 'breakdown(coldchain_stock, "hub")')
    project.edit("market-order", "complaints-why", 'breakdown(consumer_complaints, "category")')
    data = ("--year", "2021", "--data", str(hostile.path))
    project.build("city-brief", "safety-assessment", "--city", CITY, *data)
    project.build("province-overview", *data)
    return project.out


@pytest.fixture(params=FILES)
def file(request, outputs):
    """A document without its suffix."""
    return outputs / "2021" / request.param


@pytest.fixture
def blocks(file):
    """What the executed chapters of a document show."""
    chapters = json.loads((file.parent / MANIFEST).read_text("utf-8"))["packs"][file.name]["chapters"]
    notebooks = (nbformat.read(file.parent / NOTEBOOKS_MADE / f"{chapter}.ipynb", as_version=4) for chapter in chapters)
    return [output.data for one in notebooks for cell in one.cells for output in cell.get("outputs", []) if "data" in output]


@pytest.fixture
def said(blocks):
    """How often the document says each word, charts apart."""
    texts = [text for block in blocks for text in strings(block[theme.MIME])]
    return {word: times for word in WORDS if (times := sum(text.count(word) for text in texts))}


def strings(value):
    """The words of a block that are printed."""
    if isinstance(value, dict):
        value = [one for key, one in value.items() if key not in NOT_PRINTED]
    return (
        [value] if isinstance(value, str) else [text for one in value for text in strings(one)] if isinstance(value, list) else []
    )


REGIONS_OF_WORDS = [Region(f"91{number:02}", word, word, "city") for number, word in enumerate(WORDS)]
AT = {f"91{number:02}": (1 + number // 5, 1 + number % 5) for number in range(len(WORDS))}


@pytest.mark.parametrize(
    ("view", "drawn"),
    [
        ("value", lambda held: ranking(held, REGIONS_OF_WORDS[0])),
        ("yoy", lambda held: tiles(held, AT)),
        (
            "rank",
            lambda held: heat({held[0].metric: [replace(rank, interval=Interval(1.0, 2.0)) for rank in held]}, REGIONS_OF_WORDS),
        ),
    ],
    ids=["ranking", "tiles", "heat"],
)
def test_a_chart_shows_them_as_text_cut_where_there_is_no_room_and_says_them_whole(view, drawn):
    chart = drawn(figures(range(1, len(WORDS) + 1), REGIONS_OF_WORDS, view=view))
    text = close(BeautifulSoup(chart.svg, "xml").get_text())
    assert "长" * 5 in text and "长" * 20 not in text
    for word in WORDS:
        assert word in chart.alt
        coded = Printer().text(word) != word  # a code is as wide as several characters
        assert close(word)[: 2 if coded else 8] in text


def test_the_pictures_of_word_have_codes_for_what_no_font_has():
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="12">{}</text></svg>'
    [shown] = png([drawing.format("𠮷野")])
    assert [shown] == png([drawing.format("⟨U+20BB7⟩野")]) != png([drawing.format("野")])


def close(text):
    return re.sub(r"\s", "", text)


def test_the_documents_say_them(file, said):
    assert len(said) >= SAID[file.name]


def test_notebooks_show_them_as_text(blocks, said):
    pages = [BeautifulSoup(block["text/html"], "html.parser") for block in blocks]
    assert not [page for page in pages if page.find(["script", "b", "em"])]
    text = close("".join(page.get_text() for page in pages))
    assert all(text.count(close(word)) >= times for word, times in said.items())


def test_the_page_shows_them_as_text(file, said):
    made = file.with_suffix(".html")
    assert list(clean.of_html(made)) == []
    page = BeautifulSoup(made.read_text("utf-8"), "html.parser")
    assert not page.find(["b", "em"])
    text = close(page.find("main").get_text())
    assert all(text.count(close(word)) >= times for word, times in said.items())


def test_the_document_of_word_shows_them_as_text(file, said):
    text = "\n".join(printed.lines_of_docx(file.with_suffix(".docx")))
    assert all(text.count(word) >= times for word, times in said.items())


def test_the_workbook_holds_them_as_text(file):
    cells = [cell for sheet in openpyxl.load_workbook(file.with_suffix(".xlsx")) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink.target for cell in cells if cell.hyperlink)  # none leads out of the workbook
    assert "=1+1" in {cell.value for cell in cells}  # the source


def test_paper_shows_them_and_codes_for_what_no_font_has(file, said):
    text = close("".join(printed.text_of_pdf(file.with_suffix(".pdf"))))
    assert all(text.count(close(Printer().text(word))) >= times for word, times in said.items())
    for character in {one for word in said for one in word if SHAPES[ord(one)].startswith("⟨")}:
        assert re.search(rf"{re.escape(SHAPES[ord(character)])}：见“", text)


def test_the_numbers_are_still_the_same_everywhere(file):
    assert list(clean.of_numbers(file.with_suffix(".pdf"))) == []
    assert list(clean.of_pdf(file.with_suffix(".pdf"))) == []


def test_the_index_shows_them_as_text(outputs):
    page = BeautifulSoup((outputs / "index.html").read_text("utf-8"), "html.parser")
    assert [script.get_text() for script in page.find_all("script")] == [theme.script("index")]
    assert [heading.get_text() for heading in page.find_all("h3")] == ["甘肃省", WORDS[0]]
    assert WORDS[0] in page.find("li", {"data-document": "市场监管工作简报"})["data-words"]


def test_a_browser_runs_none_of_them_and_complains_of_nothing(browser, outputs):  # noqa: F811
    page = browser.new_page()
    heard = []
    for event in ("console", "pageerror", "dialog", "requestfailed"):
        page.on(event, lambda what: heard.append(what))  # playwright takes no built-in
    for address in ("index.html", *(f"2021/{name}.html" for name in FILES)):
        page.goto((outputs / address).as_uri())
        assert WORDS[0] in page.locator("main").text_content()
    assert heard == []
