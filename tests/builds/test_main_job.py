"""The main job: every city's pack from the real counts, in both forms, as `make briefs` builds it."""

import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import nbformat
import pypdfium2
import pytest
from bs4 import BeautifulSoup

from city_briefs.analysis.blocks.overview import change_cell
from city_briefs.analysis.figures.number_format import signed
from city_briefs.common.hashing import file_hash
from city_briefs.common.theme import MIME
from city_briefs.metrics.business_environment import new_entities
from city_briefs.production.build.make_pack import EXPORTERS
from tests.conftest import figure
from tests.helpers import ROOT
from tests.helpers.project import COMMAND, Project
from tests.helpers.size import in_full

A4 = (595.28, 841.89)  # points
YEAR = 2011


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The outputs of a build of all cities, and what it said."""
    project = Project(tmp_path_factory.mktemp("main"))
    notebooks = {file.name: file.read_bytes() for file in (project.root / "notebooks").iterdir()}
    said = project.build("--year", str(YEAR), "--data", "data/real")
    assert notebooks == {file.name: file.read_bytes() for file in (project.root / "notebooks").iterdir()}
    return project.out, said


def pdf_text(file):
    document = pypdfium2.PdfDocument(file)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return re.sub(r"\s", "", text)


def test_every_city_has_its_pack_in_both_forms(built, real):
    out, said = built
    assert (said["built"], said["kept"], said["failed"]) == (14, 0, 0)
    assert [(pack["pack"], pack["region"], pack["year"], pack["status"]) for pack in said["packs"]] == [
        ("city-brief", city.code, YEAR, "built") for city in real.regions.cities
    ]
    for city in real.regions.cities:
        assert (out / f"{YEAR}/{city.code}/city-brief.pdf").read_bytes().startswith(b"%PDF-")
        assert (out / f"{YEAR}/{city.code}/city-brief.html").stat().st_size > 10_000


def test_a_pdf_is_a4_has_three_pages_and_more_and_names_its_city(built, real):
    for city in real.regions.cities:
        document = pypdfium2.PdfDocument(built[0] / f"{YEAR}/{city.code}/city-brief.pdf")
        assert len(document) >= 3
        assert all(len(page.get_textpage().get_text_bounded()) > 200 for page in document)  # no page for a line or two
        assert all(page.get_size() == pytest.approx(A4, abs=0.1) for page in document)
        assert document.get_metadata_value("Title") == f"{city.name}市场监管工作简报（{YEAR}年）"


def test_chinese_can_be_searched_and_copied(built):
    first, *_, last = pypdfium2.PdfDocument(built[0] / f"{YEAR}/620100/city-brief.pdf")
    assert first.get_textpage().search("兰州市市场监管工作简报").get_next()
    assert first.get_textpage().search("各项变化均未超出随机波动").get_next()
    assert last.get_textpage().search("同比由3537户变为3453户，变化未超出随机波动").get_next()


def test_no_glyph_is_missing_and_no_font_is_the_systems(built, real):
    for city in real.regions.cities:
        for page in pypdfium2.PdfDocument(built[0] / f"{YEAR}/{city.code}/city-brief.pdf"):
            texts = [part for part in page.get_objects() if part.type == pypdfium2.raw.FPDF_PAGEOBJ_TEXT]
            fonts = {part.get_font().get_base_name().split("+")[-1] for part in texts}
            assert fonts <= {"NotoSerifSC-Regular", "NotoSansSC-Regular", "NotoSerifSC-Bold", "NotoSansSC-Bold"}
            assert not re.search("[\ufffd\u25a1\x00]", page.get_textpage().get_text_bounded())


def test_the_same_numbers_stand_in_pdf_html_and_the_command(built, real):
    for city in real.regions.cities:
        folder = built[0] / f"{YEAR}/{city.code}"
        html = re.sub(r"\s", "", BeautifulSoup((folder / "city-brief.html").read_text("utf-8"), "html.parser").body.get_text())
        value, yoy, rank, share = [
            figure(real, new_entities, city.code, YEAR, view=view) for view in ("value", "yoy", "rank", "share")
        ]
        before = figure(real, new_entities, city.code, YEAR - 1)
        by_chance = "≈" if yoy.verdict == "same" else ""
        assert rank.refused == "数量指标受规模影响，不排位次"
        for text in [
            f"新设立市场主体户{value.text.removesuffix('户')}{by_chance}{signed(yoy.printed)}",  # on page one
            f"新设立市场主体{value.text}{before.text}{change_cell(yoy)}{share.text}",  # in the table of its chapter
            f"新设立市场主体：{rank.refused}",
        ]:
            assert text in pdf_text(folder / "city-brief.pdf")
            assert text in html


def test_the_pack_has_its_charts_its_table_and_its_appendix(built):
    text = pdf_text(built[0] / f"{YEAR}/620500/city-brief.pdf")
    for words in (
        "新设立市场主体各月，户",  # the chart of page one, which has no number
        "图1新设立市场主体各月均在正常范围内",
        "表1天水市主要指标（2011年）",
        "附录",
        "指标口径与资料来源",
        "登记样本计数，非官方统计总量",
        "样本中91%的记录未填写主体类型",
        "新设立市场主体不作“首次突破两位数”的表述：同比由576户变为591户，变化未超出随机波动，未达到两位数",
    ):
        assert words in text
    assert "未填写地区的记录计入“其他”，只进入全省合计" in text


def test_the_text_never_says_negative_growth(built, real):
    for city in real.regions.cities:
        assert not re.search("(增长|下降)[-−]", pdf_text(built[0] / f"{YEAR}/{city.code}/city-brief.pdf"))


class Page(HTMLParser):
    """Addresses that a page would ask for, and its headings."""

    def __init__(self):
        super().__init__()
        self.addresses, self.levels = [], []

    def handle_starttag(self, tag, attrs):
        self.addresses += [
            value for name, value in attrs if name in ("src", "href", "data", "action") and not value.startswith("#")
        ]
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


def test_a_page_asks_nothing_of_the_network(built):
    html = (built[0] / f"{YEAR}/620100/city-brief.html").read_text("utf-8")
    page = Page()
    page.feed(html)
    assert page.addresses  # of the bar, which are beside it and in the root
    assert [address for address in page.addresses if not address.startswith(("../../", "city-brief."))] == []
    assert not re.search(r"url\((?!#|data:font/)|@import", html)
    assert "default-src 'none'" in html


def test_a_page_has_one_title_and_no_skipped_heading(built):
    page = Page()
    page.feed((built[0] / f"{YEAR}/620100/city-brief.html").read_text("utf-8"))
    assert page.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip([0, *page.levels], page.levels, strict=False))


def test_the_questions_to_a_chapter_are_not_printed(built):
    assert "问：" not in (built[0] / f"{YEAR}/620100/city-brief.html").read_text("utf-8")
    assert "问：" not in pdf_text(built[0] / f"{YEAR}/620100/city-brief.pdf")


def test_the_manifest_names_every_file_with_its_hash(built):
    folder = built[0] / f"{YEAR}/620100"
    entry = json.loads((folder / "manifest.json").read_text("utf-8"))["packs"]["city-brief"]
    made = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()} - {"manifest.json"}
    assert entry["outputs"] == {name: file_hash(folder / name) for name in made}
    assert entry["parameters"] == {"city": "兰州市", "year": YEAR, "through": 12}
    sources = {name: metric["from"] for name, metric in entry["metrics"].items()}
    assert {name for name, source in sources.items() if source} == {"new_entities", "new_enterprises"}
    assert set(sources.values()) == {"returns", None}


def test_executed_notebooks_hold_no_clock_and_no_path(built):
    notebook = built[0] / f"{YEAR}/620100/notebooks/business-environment.ipynb"
    text = notebook.read_text("utf-8")
    assert str(built[0].parent) not in text and str(ROOT) not in text
    assert not re.search(r"iopub|start_time|duration|20\d\d-\d\d-\d\dT", text)
    assert any(MIME in output.get("data", {}) for cell in nbformat.reads(text, 4).cells for output in cell.get("outputs", []))


def test_the_index_links_every_document(built):
    page = Page()
    page.feed((built[0] / "index.html").read_text("utf-8"))
    documents = [address for address in page.addresses if address.startswith(f"{YEAR}/")]
    assert len(documents) == 14 * len(EXPORTERS)
    assert all((built[0] / address).is_file() for address in page.addresses)


def test_nothing_unfinished_is_left(built):
    assert {path.name for path in built[0].rglob(".*")} == {".chapters", ".results"}


@in_full
def test_a_build_needs_no_network(tmp_path, built):
    """In a network namespace without even a loopback, the same bytes come out."""
    unshare = shutil.which("unshare")
    if not unshare or subprocess.run([unshare, "--net", "true"], capture_output=True, check=False).returncode:
        pytest.skip("unshare --net is not allowed here")
    project = Project(tmp_path)
    done = project.run(
        unshare, "--net", sys.executable, "-c", COMMAND, "build", "--year", str(YEAR), "--city", "嘉峪关", "--jobs", "1"
    )
    assert done.returncode == 0, done.stderr
    name = f"{YEAR}/620200/city-brief"
    assert project.files()[f"{name}.pdf"] == (built[0] / f"{name}.pdf").read_bytes()
    assert project.files()[f"{name}.html"] == (built[0] / f"{name}.html").read_bytes()
