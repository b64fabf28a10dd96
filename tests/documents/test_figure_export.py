"""Charts and tables of a pack that was made, as files for slides: named by number and title, marked, and the same bytes each time."""

import csv
import io
import shutil
import struct

import pypdfium2
import pytest

from city_briefs.common.errors import PackError
from city_briefs.production.export.figure_files import file_name, files_of
from tests.documents.export.test_docx import SVG, TABLE
from tests.documents.test_figure_origin import captions
from tests.helpers import blocks

NOTICE = "模拟数据，仅供演示"
FOLDER = "2021/620100/city-brief"


@pytest.fixture
def export(briefs, packs_built, demo_province, tmp_path):
    def exported(*words, pack="city-brief", city=("--city", "兰州"), figures=("--figures",), year=2021, into=tmp_path):
        given = ("--year", year, "--data", demo_province.path, "--out", packs_built, "--into", into)
        return briefs("export", *figures, pack, *city, *given, *words)

    return exported


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_every_chart_is_svg_and_png_and_every_table_csv_under_its_number_and_title(export, packs_built, tmp_path):
    code, out, err = export()
    made = contents(tmp_path / FOLDER)
    charts, tables = captions(packs_built, "图"), captions(packs_built, "表")
    wanted = {f"{file_name(name, words)}.{suffix}" for name, words in charts.items() for suffix in ("svg", "png")}
    assert set(made) == wanted | {f"{file_name(name, words)}.csv" for name, words in tables.items()}
    assert (code, err) == (0, "") and len(charts) > 3 and len(tables) > 3
    assert out == f"city-brief of 兰州市 2021: {len(made)} files in {tmp_path / FOLDER}\n"
    for name, content in made.items():
        if name.endswith(".svg"):
            assert f">{NOTICE}</" in content.decode()
        elif name.endswith(".png"):
            assert (
                content[:4] == b"\x89PNG"
                and content[37:41] == b"pHYs"
                and struct.unpack(">IIB", content[41:50]) == (11811, 11811, 1)
            )
        else:
            assert content.startswith(b"\xef\xbb\xbf") and NOTICE in content.decode()


def test_nothing_is_counted_or_run_and_the_same_pack_gives_the_same_bytes(export, packs_built, tmp_path):
    before = {file: file.stat().st_mtime_ns for file in packs_built.rglob("*") if file.is_file()}
    export()
    first = contents(tmp_path / FOLDER)
    export()
    assert contents(tmp_path / FOLDER) == first
    assert [each.name for each in (tmp_path / FOLDER).parent.iterdir()] == ["city-brief"]  # nothing of the making is left
    assert {file: file.stat().st_mtime_ns for file in packs_built.rglob("*") if file.is_file()} == before


def test_numbers_of_a_table_are_those_of_the_document(export, packs_built, tmp_path):
    export()
    file = next((tmp_path / FOLDER).glob("表1 *.csv"))
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    page = (packs_built / "2021/620100/city-brief.html").read_text("utf-8")
    assert len(rows) > 4 and all(cell.replace("-", "−").lstrip("'") in page for row in rows[1:5] for cell in row)


def chart(**given):
    stamp = blocks.STAMP | {"notice": given.pop("notice", NOTICE)}
    return blocks.block(
        "chart", **{"caption": "走势", "alt": "图", "svg": SVG, "notes": [], "sources": [], "snapshot": stamp} | given
    )


def test_the_notice_stands_in_the_picture_under_the_drawing_and_none_without_one():
    marked, plain = (files_of([("图1", chart(notice=notice))]) for notice in (NOTICE, ""))
    assert NOTICE in marked["图1 走势.svg"].decode() and plain["图1 走势.svg"].decode() == SVG
    heights = [struct.unpack(">II", made["图1 走势.png"][16:24]) for made in (marked, plain)]
    assert [round(across * 72 / 300) for across, _ in heights] == [442, 442]
    assert [round(down * 72 / 300) for _, down in heights] == [104, 90]


def test_a_table_keeps_its_words_and_none_is_a_formula():
    rows = [["=1+1", "-3"], ["@x", "−0.36"], ["+3.5%", 'a,"b"\nc']]
    table = blocks.block("table", **TABLE | {"rows": rows, "marked": [], "totals": [], "unit": "户"}, snapshot=blocks.STAMP)
    text = files_of([("表1", table)])["表1 各地区.csv"].decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["地区", "数值"], ["'=1+1", "'-3"], ["'@x", "-0.36"], ["+3.5%", "a,\"b\"\nc"], ["单位：户"], ["注：注一；注二"], ["资料来源：登记库"],
    ]  # fmt: skip


def test_a_drawing_that_is_more_than_one_is_refused():
    with pytest.raises(PackError) as refused:
        files_of([("图1", chart(svg='<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>'))])
    assert (
        str(refused.value) == "The drawing “图” is not one of shapes and words alone. Draw it with city_briefs.analysis.charts."
    )


@pytest.mark.parametrize(
    ("number", "caption", "name"),
    [
        ("图1", '甲/乙\\丙:丁*戊?己"庚<辛>壬|癸', "图1 甲 乙 丙 丁 戊 己 庚 辛 壬 癸"),
        ("图2", "../../etc/passwd", "图2 .. .. etc passwd"),
        ("图3", "末尾. . ", "图3 末尾"),
        ("图4", "长" * 99, f"图4 {'长' * 57}"),
        ("表5", "两\n行", "表5 两 行"),
    ],
)
def test_a_name_is_one_that_every_system_allows(number, caption, name):
    assert file_name(number, caption) == name and len(f"{name}.csv".encode()) < 255


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [
        ({"figures": ()}, "Say what is to be exported: add --figures for charts and tables.\n", "请写明导出什么：图和表请加--figures。\n"),
        (
            {"city": ("--city", "嘉峪关")},
            "city-brief of 嘉峪关市 2021 does not stand in {out}. Run: briefs build city-brief --city 嘉峪关市 --year 2021 --through 12\n",
            "{out}里没有嘉峪关市 2021的市场监管工作简报。请运行：briefs build city-brief --city 嘉峪关市 --year 2021 --through 12\n",
        ),
        (
            {"edition": 2},
            "city-brief of 兰州市 2021 has 0 editions, and none with the number 2. Leave out --edition for the pack that stands in the outputs.\n",
            "兰州市 2021的市场监管工作简报已印发0版，没有第2版。不写--edition，就取输出文件夹里的那一份。\n",
        ),
        (
            {"other": "notes.txt"},
            "{folder} holds notes.txt, which is no chart or table of a pack. Name another folder with --into.\n",
            "{folder}里有notes.txt，不是导出的图表。请用--into另指文件夹。\n",
        ),
        (
            {"file": True},
            "{file}/2021/620100/city-brief cannot be written: Not a directory. Name another folder with --into.\n",
            "不能写入{file}/2021/620100/city-brief：上级不是文件夹。请用--into另指文件夹。\n",
        ),
    ],
    ids=["no --figures", "not made", "no such edition", "other files", "a file"],
)  # fmt: skip
def test_what_cannot_be_exported_is_one_sentence(export, packs_built, tmp_path, monkeypatch, language, given, english, chinese):
    monkeypatch.setenv("LC_ALL", {"en": "C", "zh": "zh_CN.UTF-8"}[language])
    folder, file = tmp_path / FOLDER, tmp_path / "taken"
    if other := given.get("other"):
        folder.mkdir(parents=True)
        (folder / other).write_text("x", "utf-8")
    if given.get("file"):
        file.write_text("x", "utf-8")
    words = ("--edition", given["edition"]) if "edition" in given else ()
    into = {"into": file} if given.get("file") else {}
    code, out, err = export(*words, **into, **{name: given[name] for name in ("figures", "city") if name in given})
    assert (code, out) == (2, "")
    assert err == {"en": english, "zh": chinese}[language].format(out=packs_built, folder=folder, file=file)
    assert not given.get("other") or contents(folder) == {"notes.txt": b"x"}


@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
def test_a_chart_is_drawn_by_a_browser_with_its_notice(export, tmp_path):
    import subprocess

    export()
    file = next((tmp_path / FOLDER).glob("图1 *.svg"))
    paper = tmp_path / "chart.pdf"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={tmp_path / 'profile'}"]
    subprocess.run(["chromium", *options, f"--print-to-pdf={paper}", file.as_uri()], capture_output=True, check=True)
    assert NOTICE in "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(paper))
