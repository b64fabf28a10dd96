"""A pack that is made only of something, such as the notice of lights: none where nothing is on, unless an edition has to be put right."""

import nbformat
import pytest

from city_briefs.production.editions import manifest
from city_briefs.production.editions.signature import VARIABLE
from tests.helpers.province import Province, chapter
from tests.helpers.signing import Key
from tests.helpers.written import words

PACK = """
[[pack]]
id = "notice"
title = "黄灯警示单"
per = "city"
addressee = "被警示地区"
chapters = ["lights"]
only_of_something = true
"""
NOTHING = "没有亮灯的事项，6项未能判定"
SIGNED = ("--by", "签发甲", "--on", "2022-01-20")


def hazards(**overdue):
    """Forty open hazards of each city, so many of them overdue."""
    head = "hazard_id  region  domain  level  found_on    due_on      measure"
    lines = [
        f"{code}-{place}  {code}  food  major  2021-06-01  {'2021-08-01' if place < late else '2022-08-01'}  sealed"
        for code, late in zip(("9100", "9200"), overdue.values(), strict=True)
        for place in range(40)
    ]
    return "\n".join(["", *("    " + line for line in (head, *lines)), ""])


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return Key(tmp_path_factory.mktemp("keys"), 1)


@pytest.fixture(scope="module")
def drafted(tmp_path_factory):
    """A province in which one city has a light and the other none, with what was built of it."""
    made = Province(tmp_path_factory.mktemp("notices"))
    (made.root / "notebooks/packs.toml").write_text(PACK, "utf-8")
    nbformat.write(chapter("lights", "lights()"), made.root / "notebooks/lights.ipynb")
    made.data(tmp_path_factory.mktemp("data") / "first", hazards=hazards(ashford=20, birchwood=0))
    made.said = made.briefs("build", "--year", "2021", "--jobs", "1", "--format", "html")
    return made


@pytest.fixture
def province(drafted, tmp_path):
    return drafted.copied(tmp_path)


def made_of(province, code):
    """The documents that stand of a city, and what its manifest says of there being none."""
    folder = province.out / "2021" / code
    return [file.name for file in folder.glob("*.html")], manifest.read(folder)["notice"].get("nothing")


def test_it_is_made_where_a_light_is_on_and_the_index_says_that_there_is_none_elsewhere(drafted):
    assert (drafted.said.returncode, drafted.said.stderr.count("notice")) == (0, 2)
    assert "2 of 2 packs written.\n1 of them have nothing to list, and so no documents.\n" in drafted.said.stdout
    assert made_of(drafted, "9100") == (["notice.html"], None)
    assert made_of(drafted, "9200") == ([], NOTHING)
    assert f"无（{NOTHING}）" in words((drafted.out / "index.html").read_bytes(), "html")
    assert drafted.briefs("verify", "outputs").stdout == "outputs is as it was made. Packs: 2; files: 3. Not signed.\n"


def test_what_is_not_made_is_up_to_date_and_waits_for_nobody(province, key):
    assert {pack["status"] for pack in province.build("--year", "2021", "--format", "html")["packs"]} == {"kept"}
    signing = {VARIABLE: str(key.private)}
    done = province.briefs("approve", "notice", "--city", "Birchwood", "--year", "2021", *SIGNED, **signing)
    assert (done.returncode, done.stderr) == (
        2,
        f"Birchwood 2021: notice has no documents, so there is nothing to approve: {NOTHING}.\n",
    )
    done = province.briefs("approve", "--all", "--yes", *SIGNED, **signing)
    assert done.stdout.splitlines()[0] == "Ashford 2021: notice, draft of edition 1"
    assert "Birchwood" not in done.stdout


def test_the_draft_goes_with_the_light_and_comes_with_it(province, tmp_path):
    province.data(tmp_path / "second", hazards=hazards(ashford=0, birchwood=20))
    province.build("--year", "2021", "--jobs", "1", "--format", "html")
    assert made_of(province, "9100") == ([], NOTHING)
    assert made_of(province, "9200") == (["notice.html"], None)


def test_an_edition_of_which_the_light_is_put_out_by_a_correction_gets_a_next_one_that_says_so(province, key, tmp_path):
    signing = {VARIABLE: str(key.private)}
    assert province.briefs("approve", "notice", "--city", "Ashford", "--year", "2021", *SIGNED, **signing).returncode == 0
    province.data(tmp_path / "second", hazards=hazards(ashford=0, birchwood=0))
    province.build("--year", "2021", "--jobs", "1", "--format", "html")
    assert made_of(province, "9100") == (["notice.html"], None)
    assert manifest.read(province.out / "2021/9100")["notice"]["edition"] == 2
    assert "均未亮灯" in words((province.out / "2021/9100/notice.html").read_bytes(), "html")
