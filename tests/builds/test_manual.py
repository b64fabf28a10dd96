"""The manual of metrics is made along with the pages that lead to it: no link of the outputs is dead."""

from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from city_briefs.production.editions import manifest
from tests.helpers.project import Project

PACKS = """
[[pack]]
id = "{id}"
title = "简报"
per = "city"
span = "{span}"
addressee = "省局"
chapters = ["all-metrics"]
appendix = "manual"

[[pack]]
id = "metric-manual"
title = "指标口径手册"
per = "province"
addressee = "全省"
chapters = ["metric-manual"]
"""


def links(folder):
    """Where the pages under a folder lead, each with its page; not those within a page and those of other kinds."""
    for page in folder.rglob("*.html"):
        for link in BeautifulSoup(page.read_text("utf-8"), "html.parser").find_all("a", href=True):
            if not link["href"].startswith(("#", "data:", "http")):
                yield page, unquote(link["href"])


def dead(folder):
    """The links that lead to no file, or to no place in it."""
    read = {}
    for page, address in links(folder):
        name, _, anchor = address.partition("#")
        there = (page.parent / name).resolve()
        if there not in read:
            read[there] = there.read_text("utf-8") if there.suffix == ".html" and there.exists() else ""
        if not there.exists() or (anchor and f'id="{anchor}"' not in read[there]):
            yield page.relative_to(folder), address


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path)
    (made.root / "notebooks/packs.toml").write_text(PACKS.format(id="city-brief", span="ytd"), "utf-8")
    return made


@pytest.mark.parametrize(("span", "through", "manual"), [("ytd", "12", "2011"), ("month", "3", "2011-03")])
def test_no_link_of_one_city_alone_is_dead(project, span, through, manual):
    (project.root / "notebooks/packs.toml").write_text(PACKS.format(id="city-brief", span=span), "utf-8")
    if span == "month":
        project.edit("all-metrics", "parameters", 'city = "天水市"\nyear = 2011\nthrough = 3\nspan = "month"')
    project.build("city-brief", "--city", "天水", "--year", "2011", "--through", through, "--format", "html")
    to_manual = [address for _, address in links(project.out) if "metric-manual.html#metric-" in address]
    assert len(to_manual) >= 2
    assert list(dead(project.out)) == []
    assert (project.out / manual / "620000/metric-manual.html").is_file()


def test_all_have_one_manual_and_it_is_not_made_twice(project):
    done = project.build("--year", "2011", "--format", "html")
    assert done["built"] == 15
    assert list(dead(project.out)) == []
    again = project.build("city-brief", "--city", "天水", "--year", "2011", "--format", "html")
    assert (again["built"], again["kept"]) == (0, 2)


def test_along_with_a_page_it_is_a_page_and_stays_in_the_formats_in_which_it_stands(project):
    of_one_city = ("city-brief", "--city", "天水", "--year", "2011")
    project.build(*of_one_city)
    place = project.out / "2011/620000"
    assert sorted(file.name for file in place.glob("metric-manual.*")) == ["metric-manual.html"]
    assert list(dead(project.out)) == []
    project.build("metric-manual", "--year", "2011", "--format", "html", "--format", "pdf")
    both = ["metric-manual.html", "metric-manual.pdf"]
    assert sorted(file.name for file in place.glob("metric-manual.*")) == both
    (place / "metric-manual.zip").write_bytes(b"of a reader")
    project.edit("metric-manual", "parameters", 'province = "甘肃省"\nyear = 2012\nthrough = 12')
    assert project.build(*of_one_city, "--format", "html")["built"] == 1
    assert {*manifest.read(place)["metric-manual"]["outputs"]} >= {*both}
    assert list(dead(project.out)) == []


def test_a_format_without_links_makes_no_manual(project):
    done = project.build("city-brief", "--city", "天水", "--year", "2011", "--format", "xlsx")
    assert done["built"] == 1
