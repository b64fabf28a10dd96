"""Faces are those that the settings name and the machine has, and no others; those that come along have the characters of the standard."""

import hashlib
import io
import subprocess
import sys
import unicodedata
from itertools import product
from pathlib import Path

import matplotlib as mpl
import pikepdf
import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from nbformat.v4 import new_markdown_cell, new_notebook

from city_briefs.app import doctor
from city_briefs.common import paths, theme
from city_briefs.common import settings as briefs_toml
from city_briefs.common.errors import UsageError
from city_briefs.common.settings import Settings
from city_briefs.common.theme import fonts
from city_briefs.production.export.pdf import BriefPDF
from tests.helpers import ROOT
from tests.helpers.fonts import KINDS, LACKING, SUMS, TABLE, WEIGHTS, level_2

ENGLISH, CHINESE = 0x409, 0x804  # languages of the name table
WORDS = "样张〔2021〕号"
INCLUDED = sorted(fonts.FOLDER.glob("*.otf"))
SHOWN = """
import sys
from city_briefs.common import theme
from city_briefs.analysis.charts.chart import canvas, style, svg
from city_briefs.production.export import pdf
with style():
    chart = canvas(1)
    chart.text(0, 0, "样张")
    drawn = svg(chart)
source = f'#set document(title: "样张")\\n#set text(font: "{theme.SERIF}")\\n样张 #image("0.svg", alt: "样张")'
sys.stdout.buffer.write(" ".join([theme.SERIF, theme.SANS, theme.TITLE]).encode() + b"\\n")
sys.stdout.buffer.write(pdf.compiled({"main.typ": source.encode(), "0.svg": drawn.encode()}, "样张", pdf.STANDARDS))
"""


def installed(folder, *, english="City Song", chinese="市政仿宋_GBK", weight=400, name="song.otf"):
    """A font of a few characters under names of its own, in a folder that a person's fonts lie in."""
    font = TTFont(theme.fonts.INCLUDED["serif"].file)
    options = Options()
    options.name_IDs, options.name_languages = ["*"], ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(text=WORDS)
    subsetter.subset(font)
    font["name"].names = []
    for language, family in ((ENGLISH, english), (CHINESE, chinese)):
        if family:
            font["name"].setName(family, 1, 3, 1, language)
    postscript = (english or "Hei").replace(" ", "")
    for identity, words in ((2, "Regular"), (6, postscript)):
        font["name"].setName(words, identity, 3, 1, ENGLISH)
    font["CFF "].cff.fontNames[0] = postscript
    font["OS/2"].usWeightClass = weight
    folder.mkdir(parents=True, exist_ok=True)
    font.save(folder / name)


def fonts_of(pdf):
    """The names of the fonts in a PDF, of pictures too, without the mark of a subset."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = [one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]
        return {str(one.BaseFont).split("+")[1] for one in found if one.Subtype == "/Type0"}


@pytest.fixture
def settings(monkeypatch, tmp_path):
    """Sets `briefs.toml`, with no fonts on the machine but those under `share/fonts`."""

    def write(text):
        (tmp_path / "briefs.toml").write_text(text, "utf-8")
        briefs_toml.read.cache_clear()
        fonts.faces.cache_clear()

    monkeypatch.setattr(paths, "settings_file", lambda: tmp_path / "briefs.toml")
    monkeypatch.setattr(fonts, "folders", lambda: [tmp_path / "share/fonts"])
    fonts._installed.cache_clear()
    yield write
    for cached in (briefs_toml.read, fonts.faces, fonts._installed):
        cached.cache_clear()


def test_without_settings_the_fonts_are_those_that_come_along(settings):
    settings("")
    assert {use: face.family for use, face in fonts.faces().items()} == {
        "serif": "Noto Serif SC", "sans": "Noto Sans SC", "title": "Noto Sans SC",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["市政仿宋_GBK", "City Song", "city song"])
def test_a_font_is_found_by_its_chinese_or_its_english_name(settings, tmp_path, name):
    installed(tmp_path / "share/fonts/bureau")
    settings(f'[fonts]\nserif = ["方正仿宋_GBK", "{name}"]')
    assert fonts.faces()["serif"].family == "City Song"
    assert fonts.faces()["sans"].family == "Noto Sans SC"


def test_of_a_family_the_regular_weight_is_used(settings, tmp_path):
    installed(tmp_path / "share/fonts", weight=900, name="a.otf")
    installed(tmp_path / "share/fonts", weight=400, name="b.otf")
    settings('[fonts]\ntitle = ["市政仿宋_GBK"]')
    assert fonts.faces()["title"].file.name == "b.otf"


def test_a_damaged_font_file_is_passed_over(settings, tmp_path):
    (tmp_path / "share/fonts").mkdir(parents=True)
    (tmp_path / "share/fonts/a.ttf").write_bytes(b"no font")
    (tmp_path / "share/fonts/b.ttc").write_bytes(b"ttcf")
    settings('[fonts]\nserif = ["市政仿宋_GBK"]')
    assert fonts.faces()["serif"].family == "Noto Serif SC"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('fonts = "宋体"', "briefs.toml: fonts is a table, not '宋体'."),
        ('[fonts]\nserif = "宋体"', "briefs.toml: fonts.serif is a list, not '宋体'."),
        ("[fonts]\nkai = []", "briefs.toml: there is no key 'fonts.kai'. The keys are serif, sans, title."),
    ],
)
def test_a_wrong_setting_of_fonts_is_one_sentence(settings, text, said):
    settings(text)
    with pytest.raises(UsageError) as caught:
        fonts.faces()
    assert str(caught.value) == said


@pytest.mark.skipif(sys.platform != "linux", reason="fonts lie elsewhere")
def test_installed_faces_that_are_named_are_embedded_in_the_pdf(tmp_path):
    installed(tmp_path / "data/fonts")
    installed(tmp_path / "data/fonts", english=None, chinese="市政黑体_GBK", name="hei.otf")
    project = tmp_path / "project"
    project.mkdir()
    (project / "briefs.toml").write_text('[fonts]\nserif = ["市政仿宋_GBK"]\nsans = ["市政黑体_GBK"]\n', "utf-8")
    environment = {
        "PYTHONPATH": str(ROOT / "lib"),
        paths.HOME_VARIABLE: str(project),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "HOME": str(tmp_path),
        "PATH": "",
    }
    done = subprocess.run([sys.executable, "-c", SHOWN], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert not done.stderr, done.stderr.decode()
    names, pdf = done.stdout.split(b"\n", 1)
    assert names.decode() == "City Song 市政黑体_GBK 市政黑体_GBK"
    assert fonts_of(pdf) == {"CitySong-Identity-H", "Hei-Identity-H"}


@pytest.mark.parametrize(
    ("words", "weights"),
    [("甲**乙**", {"Bold", "Regular"}), ("# 乙\n\n甲", {"Bold", "Regular"}), ("甲\n\n乙", {"Regular"})],
)
def test_headings_and_emphasis_are_set_in_the_bold_weight_and_nothing_else(words, weights):
    set_as_pdf, _ = BriefPDF().from_notebook_node(new_notebook(cells=[new_markdown_cell(words)]))
    assert {name.removesuffix("-Identity-H").rpartition("-")[2] for name in fonts_of(set_as_pdf)} == weights


def test_no_character_of_private_use_counts_as_printable():
    assert ord("市") in fonts.characters()
    assert not any(0xE000 <= point <= 0xF8FF for point in fonts.characters())


@pytest.mark.parametrize("name", [None, "DejaVuSans.ttf", "STIXGeneral.ttf"])
def test_the_characters_are_those_that_the_fonts_have_names_for(name, monkeypatch):
    """Of the fonts that come along, and of fonts of the other kind of outlines, as a machine may have them."""
    own = [] if name is None else [Path(mpl.get_data_path()) / "fonts/ttf" / name]
    monkeypatch.setattr(fonts, "faces", lambda: {str(file): fonts.Face("of this machine", file) for file in own})
    named: set[int] = set()
    for file in [*(face.file for face in fonts.INCLUDED.values()), *own]:
        with TTFont(file, lazy=True) as font:
            named |= {point for point in font.getBestCmap() if unicodedata.category(chr(point)) not in fonts.NEVER}
    assert fonts.characters.__wrapped__() == named


@pytest.mark.parametrize("file", INCLUDED, ids=lambda file: file.stem)
def test_a_font_that_comes_along_has_every_character_of_gb_18030_at_level_2(file):
    with TTFont(file, lazy=True) as font:
        points = set(font.getBestCmap())
    assert not {chr(point) for point in level_2() - points}
    assert ord(LACKING) not in points  # else level 2 is without exception


def test_level_2_is_what_the_standard_lists():
    listed = "啊丂龥㐀䶵鿯龴𠂇ǹ€①⑩ぁ±→▲△▼▽●○■□︐"  # of one byte, of two, of four, and of private use before
    assert level_2().issuperset(map(ord, listed))
    assert level_2().isdisjoint(map(ord, "\x7f\ue000鿰䶶𠮷가"))
    assert len(set(TABLE)) == 8105 - 7909  # characters of the table, and those of them in plane 0


def test_the_fonts_that_come_along_are_those_that_were_made_and_their_licence_lies_beside_them():
    recorded = dict(reversed(line.split()) for line in (fonts.FOLDER / SUMS).read_text("utf-8").splitlines())
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in INCLUDED} == recorded
    assert set(recorded) == {f"Noto{kind}SC-{weight}.otf" for kind, weight in product(KINDS, WEIGHTS)}
    licence = (fonts.FOLDER / "OFL.txt").read_text("utf-8")
    for file in INCLUDED:
        with TTFont(file, lazy=True) as font:
            owner = font["name"].getDebugName(0).removeprefix("© ").removesuffix(".")
            assert f"Copyright {owner}" in licence and "Reserved Font Name" not in font["name"].getDebugName(13)


def test_fonts_of_the_settings_that_this_machine_does_not_have_are_named(monkeypatch):
    monkeypatch.setattr(fonts, "settings", lambda: Settings.model_validate({"fonts": {"serif": ["没有的宋体"]}}))
    assert fonts.not_installed() == {"serif": ["没有的宋体"]}
    assert doctor._fonts().endswith(" Not installed: 没有的宋体 (serif) of briefs.toml; the fonts that come along stand in.")
