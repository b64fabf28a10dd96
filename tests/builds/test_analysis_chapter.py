"""An analysis chapter from the notebook to its pack: any code, every figure in every format, labelled, with its data beside it."""

import io
import zipfile
from importlib.util import find_spec

import nbformat
import openpyxl
import pikepdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from docx import Document

from tests.helpers.project import Project, city_brief, sentences

CITY = ("--city", "天水", "--year", "2011")
OWN = "专题分析，由分析人员计算，口径不在指标口径手册内"
SAID = "本章为专题分析，由分析人员自行计算，口径不在指标口径手册内。"
VISITS = "月份,走访,办结\n1月,3,2.125\n2月,5,\n3月,4,4\n"
PLOTLY = 'import plotly.express as px\npx.line(visits, x="月份", y="走访", title="走访丙")'
ALTAIR = 'import altair as alt\nalt.Chart(visits, title="走访丁").mark_bar().encode(x="月份", y="走访")'
NO_PLOTLY = 'display({"application/vnd.plotly.v1+json": {"data": []}}, raw=True)'
NO_ALTAIR = 'display({"application/vnd.vegalite.v6+json": {}, "text/plain": "<VegaLite 6 object>"}, raw=True)'
EXPORTED = {  # the picture of a library where its exporter is installed, or the line that says what is missing
    "走访丙": (
        PLOTLY,
        find_spec("plotly") and find_spec("kaleido"),
        NO_PLOTLY,
        "〔此处的Plotly交互图（没有kaleido画的图片）不能打印〕",
    ),
    "走访丁": (
        ALTAIR,
        find_spec("altair") and find_spec("vl_convert"),
        NO_ALTAIR,
        "〔此处的Altair交互图（没有vl-convert画的图片）不能打印〕",
    ),
}
DRAWN = ["走访甲", "走访乙，横轴为月份，纵轴为走访", *(title for title, (_, is_there, *_) in EXPORTED.items() if is_there)]
LINES = [line for _, is_there, _, line in EXPORTED.values() if not is_there]
CELLS = [
    "# 走访情况",
    'city = "兰州市"\nyear = 2021\nthrough = 12',
    "from city_briefs.notebook import *",
    "## （一）走访和办结\n\n<!-- 问：走访了多少？ -->",
    'import ibis\nimport matplotlib.pyplot as plt\nimport pandas as pd\nimport seaborn as sns\n\nvisits = pd.read_csv("visits/rows.csv")  # 自己的数\nfor place in range(2):\n    count = place',
    'chart(visits, "line", "月份", "走访", "办结", caption="走访和办结", source="走访记录", unit="户")',
    'table(ibis.memtable(visits), caption="走访一览", source="走访记录", unit="户")',
    "## （二）自己画的图\n\n<!-- 问：自己画的图印得出来吗？ -->",
    'plt.plot(visits["月份"], visits["走访"])\nplt.title("走访甲")',
    'sns.set_theme()\nsns.barplot(visits, x="月份", y="走访").set_title("走访乙")',
    'visits.set_index("月份")["走访"]',
    *(code if is_there else without for code, is_there, without, _ in EXPORTED.values()),
    'remark("visits")',
]


def write(project, cells=CELLS):
    made = []
    for place, source in enumerate(cells):
        new = nbformat.v4.new_markdown_cell if source.startswith("#") else nbformat.v4.new_code_cell
        made.append(new(source, id=f"cell-{place}", metadata={"tags": ["parameters"]} if place == 1 else {}))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel})
    nbformat.write(notebook, project.root / "notebooks/visits.ipynb")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with an analysis chapter in its pack, which is made of one city."""
    project = Project(tmp_path_factory.mktemp("analysis"))
    (project.root / "notebooks/packs.toml").write_text(
        city_brief("business-environment", "visits") + 'analysis = ["visits"]\n', "utf-8"
    )
    (project.root / "notebooks/visits").mkdir()
    (project.root / "notebooks/visits/rows.csv").write_text(VISITS, "utf-8")
    write(project)
    checked = project.briefs("check", "visits", "--rules")
    assert (checked.returncode, checked.stdout) == (0, "The rules are kept. Chapters: 1; remarks: 0.\n"), checked.stderr
    project.build(*CITY)
    return project


@pytest.fixture(scope="module")
def folder(project):
    return next(project.out.glob("2011/*"))


def test_every_figure_is_in_the_page(folder):
    page = BeautifulSoup((folder / "city-brief.html").read_bytes(), "html.parser")
    assert [picture["alt"] for picture in page.find_all("img")] == DRAWN
    headings = [heading.get_text(strip=True) for heading in page.find_all("h2")]
    assert any("专题分析：走访情况" in heading for heading in headings)
    text = page.get_text()
    assert all(line in text for line in [SAID, *LINES])
    assert text.count(OWN) == 2 and text.count("资料来源：走访记录") == 2
    assert "<Axes" not in text and "Text(" not in text
    tables = [
        [[cell.get_text(strip=True) for cell in row(["th", "td"])] for row in table("tr")] for table in page.find_all("table")
    ]
    assert [["月份", "走访"], ["1月", "3"], ["2月", "5"], ["3月", "4"]] in tables


def test_every_figure_is_in_the_pdf(folder):
    file = folder / "city-brief.pdf"
    text = (
        "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file))
        .replace("\r\n", "")
        .replace("\n", "")
    )
    with pikepdf.open(file) as opened:
        said = {str(one.Alt) for one in opened.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one}
        pictures = [one for one in opened.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
    assert said >= set(DRAWN) and len([one for one in pictures if "/SMask" in one or int(one.Width) > 1000]) >= len(DRAWN)
    assert all(words in text for words in ["专题分析：走访情况", SAID, *LINES, "走访和办结", "走访一览"])


def test_every_figure_is_in_the_word_document(folder):
    word = Document(folder / "city-brief.docx")
    said = word.element.body.xpath(".//wp:docPr/@descr")
    assert [title for title in said if title in DRAWN] == DRAWN
    assert "折线图：走访和办结。走访：1月 3户、2月 5户、3月 4户。办结：1月 2.13户、2月 无数据、3月 4.00户。" in said
    text = "".join(word.element.body.xpath(".//w:t/text()"))
    assert all(words in text for words in ["专题分析：走访情况", SAID, *LINES])
    with zipfile.ZipFile(folder / "city-brief.docx") as file:
        assert sum(name.startswith("word/media/") for name in file.namelist()) >= len(DRAWN)


def test_the_workbook_has_the_data_unrounded_under_the_number_of_the_figure(folder):
    book = openpyxl.load_workbook(io.BytesIO((folder / "city-brief.xlsx").read_bytes()))
    [chart] = [sheet for sheet in book if "走访和办结" in sheet.title]
    cells = [row for row in chart.iter_rows(values_only=True) if row[0] in ("月份", "1月", "2月", "3月")]
    assert cells == [("月份", "走访（户）", "办结（户）"), ("1月", 3, 2.125), ("2月", 5, None), ("3月", 4, 4)]
    assert any(OWN in str(cell) for row in chart.iter_rows(values_only=True) for cell in row)
    [table] = [sheet for sheet in book if "走访一览" in sheet.title]
    assert ("1月", 3, 2.125) in list(table.iter_rows(values_only=True))


def test_the_manifest_holds_the_files_that_the_analyst_has_and_a_change_of_one_is_seen(project, folder):
    manifest = (folder / "manifest.json").read_text("utf-8")
    assert '"notebooks/visits/rows.csv": "' in manifest
    assert [pack["status"] for pack in project.build(*CITY)["packs"]] == ["kept"]
    file = project.root / "notebooks/visits/rows.csv"
    file.write_text(VISITS.replace("1月,3", "1月,9"), "utf-8")
    why = project.briefs("why", "city-brief", *CITY)
    assert why.stdout.splitlines()[0] == "天水市 2011: visits would run: notebooks/visits/rows.csv changed.", why
    file.write_text(VISITS, "utf-8")


def test_other_chapters_stay_as_strict(project):
    packs = project.root / "notebooks/packs.toml"
    listed = packs.read_text("utf-8")
    packs.write_text(city_brief("business-environment", "visits"), "utf-8")
    checked = project.briefs("check", "visits", "--rules")
    assert checked.returncode == 2
    at = "visits.ipynb, cell 6, line 1 in “（一）走访和办结”"
    assert f"{at} types 'line'" not in checked.stderr
    assert any(line.startswith(at) for line in checked.stderr.splitlines())
    failed = project.briefs("build", *CITY, "--out", str(project.root / "others"))
    assert sentences(failed.stderr)[0].endswith(
        "visits.ipynb, cell 6 shows a chart of its own, and is no analysis chapter. "
        "Add the chapter to analysis = […] of its pack in packs.toml, or take the cell out."
    )
    packs.write_text(listed, "utf-8")
