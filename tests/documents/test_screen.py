"""The pages for the screen, by their files: every page leads to every other, none is too large, and each brings the font of its words."""

import base64
import io
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from city_briefs.common.theme import screen_fonts
from city_briefs.production.packs import packs_toml
from tests.helpers import NOTEBOOKS
from tests.helpers.project import Project
from tests.helpers.size import in_full

CLICKS = 3
KIB = 1024
WITHOUT_FONTS, WITH_FONTS = 350 * KIB, 750 * KIB
FONT = re.compile(r"base64,([A-Za-z0-9+/=]+)\) format")


class Page(HTMLParser):
    """The addresses to which a page leads, its ids, and its words."""

    def __init__(self, file):
        super().__init__()
        self.links, self.ids, self.words = [], set(), []
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.links += [given["href"]] if tag == "a" and "href" in given else []
        self.ids |= {given["id"]} if "id" in given else set()
        self.words += [given.get("data-definition", "")]

    def handle_data(self, data):
        if self.cdata_elem is None:  # else it is a style or a script
            self.words.append(data)


def crawled(root):
    """The pages below a folder by their files, and of each the files to which it leads; an address or a place that is not there is a fault."""
    pages = {file: Page(file) for file in root.rglob("*.html") if not {".chapters", "incomplete"} & set(file.parts)}
    leads, dead = {}, []
    for file, page in pages.items():
        leads[file] = set()
        for link in page.links:
            address, _, place = link.partition("#")
            target = (file.parent / unquote(address)).resolve() if address else file
            if not target.is_file():
                dead.append((file.relative_to(root).as_posix(), link))
            elif target in pages:
                leads[file].add(target)
                if address == "" and place not in pages[target].ids:
                    dead.append((file.relative_to(root).as_posix(), link))
    return leads, dead


def farthest(leads):
    """The most clicks from a page to another; None where there is no way."""
    most = 0
    for first in leads:
        reached, clicks = {first}, 0
        while reached != set(leads):
            further = reached.union(*(leads[file] for file in reached))
            if further == reached:
                return None
            reached, clicks = further, clicks + 1
        most = max(most, clicks)
    return most


def test_every_page_leads_to_every_other_in_three_clicks_and_no_link_is_dead(packs_built):
    leads, dead = crawled(packs_built.resolve())
    assert dead == []
    assert len(leads) > len(packs_toml.packs()) and farthest(leads) <= CLICKS


@in_full
def test_so_do_the_pages_of_two_cities_and_the_province_over_two_years(tmp_path, demo_province):
    project = Project(tmp_path)
    (project.root / "notebooks/packs.toml").write_text((NOTEBOOKS / "packs.toml").read_text("utf-8"), "utf-8")
    regions = [word for name in ("兰州", "金昌", "甘肃省") for word in ("--city", name)]
    project.build(*regions, "--year", "2021", "--year", "2022", "--data", str(demo_province.path))
    leads, dead = crawled(project.out.resolve())
    assert dead == []
    assert farthest(leads) <= CLICKS


def test_a_crawler_tells_a_dead_link_and_a_page_without_a_way(tmp_path):
    (tmp_path / "a.html").write_text('<a href="b.html">b</a><a href="none.html">c</a><a href="#nowhere">d</a>', "utf-8")
    (tmp_path / "b.html").write_text("b", "utf-8")
    leads, dead = crawled(tmp_path.resolve())
    assert dead == [("a.html", "none.html"), ("a.html", "#nowhere")]
    assert farthest(leads) is None


def test_a_form_that_was_not_made_is_linked_by_no_page_until_it_is(tmp_path):
    project = Project(tmp_path)
    brief = project.out / "2011/620500/city-brief.html"
    for asked, linked in (("html", []), ("pdf", ["city-brief.pdf"])):
        project.build("city-brief", "--year", "2011", "--city", "天水", "--format", asked)
        assert [link for link in Page(brief).links if link.startswith("city-brief.")] == linked
    assert project.briefs("verify", "outputs", "--rebuild").returncode == 0


def test_no_page_is_too_large(packs_built):
    sizes = {}
    for file in packs_built.rglob("*.html"):
        page = file.read_text("utf-8")
        fonts = sum(map(len, FONT.findall(page)))
        sizes[file.relative_to(packs_built).as_posix()] = (len(page.encode()) - fonts, len(page.encode()))
    assert {name: size for name, size in sizes.items() if size[0] > WITHOUT_FONTS or size[1] > WITH_FONTS} == {}


def embedded(page):
    """The characters that each font of a page has."""
    return [set(TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap()) for font in FONT.findall(page)]


def test_a_page_brings_the_font_of_its_words(packs_built):
    with TTFont(screen_fonts.FACE.file, lazy=True) as font:
        known = set(font.getBestCmap())
    for file in packs_built.rglob("*.html"):
        regular, *_ = embedded(file.read_text("utf-8"))
        assert set(map(ord, "".join(Page(file).words))) & known <= regular, file


@pytest.mark.parametrize(
    ("page", "bold"),
    [
        ("<p>甲<b>乙</b></p>", "乙"),
        ('<p class="conclusion">丙</p><dl><dt>丁</dt><dd>戊</dd></dl>', "丙丁"),
        ('<span class="mark light">己</span><span class="mark watch">庚</span>', "己"),
        ("<p>辛</p>", None),
    ],
)
def test_the_bold_font_has_what_is_bold_and_no_other_character(page, bold):
    regular, *heavy = embedded(screen_fonts.embedded(f"<style>{screen_fonts.PLACE}</style>{page}"))
    assert regular >= set(map(ord, re.sub("<[^>]*>", "", page)))
    assert [set(map(chr, font)) - set(" ") for font in heavy] == ([set(bold)] if bold else [])


def test_the_font_has_the_same_bytes_each_time():
    made = screen_fonts._subset(screen_fonts.FACE.file, frozenset(map(ord, "甘肃12")))
    screen_fonts._subset.cache_clear()
    assert screen_fonts._subset(screen_fonts.FACE.file, frozenset(map(ord, "21肃甘"))) == made


def test_the_font_draws_its_characters_as_the_whole_font_does_and_has_no_other():
    words = "甘肃省2021年，鿃𠀀"
    with (
        TTFont(screen_fonts.FACE.file, lazy=True) as whole,
        TTFont(io.BytesIO(screen_fonts._subset(screen_fonts.FACE.file, frozenset(map(ord, words))))) as part,
    ):
        known = {point: name for point, name in whole.getBestCmap().items() if chr(point) in words}
        assert set(part.getBestCmap()) == set(known) != set(map(ord, words))
        assert len(part.getGlyphOrder()) == len(known) + 1  # with the box of what it lacks
        for point, name in known.items():
            assert drawing(part, part.getBestCmap()[point]) == drawing(whole, name), chr(point)
        assert sorted({record.nameID for record in part["name"].names}) == [0, 1, 2, 4, 6, 13, 14]


def drawing(font, name):
    """The width and the lines of a glyph, by its name."""
    pen, glyph = RecordingPen(), font.getGlyphSet()[name]
    glyph.draw(pen)
    return glyph.width, pen.value
