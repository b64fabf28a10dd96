"""Names that become parameters, folders and files: what is none is refused by a sentence, and nothing is written."""

import ast
import csv

import papermill  # noqa: F401  # first: it knows our engines by name, and they are made of its own
import pytest

from city_briefs.common import paths, regions
from city_briefs.common.characters import visible
from city_briefs.common.errors import DataError, UsageError
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region, Regions
from city_briefs.production.engine.engines import Translator
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.plan import SnapshotRef, plan
from tests.hostile.corpus import CHAPTERS, CITIES, CODES, PACKS, PARAMETER_NAMES, PARAMETER_VALUES, VALUES, WORDS

CITY_BRIEF = packs_toml.packs()["city-brief"]
PACK = '[[pack]]\nid = {}\ntitle = "简报"\nper = "city"\naddressee = "市政府"\nchapters = [{}]\n'
HEADS = ("code", "name", "short", "level", "parent")
PROVINCE = Region("620000", "甘肃省", "甘肃", "province")


@pytest.mark.parametrize("name", PARAMETER_NAMES)
def test_no_parameter_of_another_name_is_taken(name):
    with pytest.raises(UsageError) as error:
        packs_toml.parameters(CITY_BRIEF, city="兰州市", year=2021, **{name: 1} if name not in ("year", "city") else {})
    assert str(error.value).startswith(f"city-brief takes city, year, through and span, not '{name}'.")


@pytest.mark.parametrize("value", PARAMETER_VALUES, ids=lambda value: repr(value)[:20])
def test_no_parameter_of_another_kind_is_taken(value):
    for given in ({"year": value}, {"year": 2021, "through": value if value != 2021.0 else 1.0}):
        with pytest.raises(UsageError, match=r"^city-brief: (year|through) is "):
            packs_toml.parameters(CITY_BRIEF, city="兰州市", **given)
    if not isinstance(value, str):
        with pytest.raises(UsageError, match=r"^city-brief: city is "):
            packs_toml.parameters(CITY_BRIEF, city=value, year=2021)


@pytest.mark.parametrize("name", [*WORDS, *VALUES, *CITIES], ids=lambda name: repr(name)[:20])
def test_a_city_of_any_name_is_one_text_in_its_notebook(name):
    given = packs_toml.parameters(CITY_BRIEF, city=name, year=2021).model_dump()
    cell = ast.parse(Translator.codify(given))
    assert [ast.unparse(line.targets[0]) for line in cell.body] == list(given)
    assert [ast.literal_eval(line.value) for line in cell.body] == list(given.values())


@pytest.mark.parametrize("word", CITIES, ids=repr)
def test_no_city_is_meant_by_other_words_than_its_own(briefs, tmp_path, word):
    code, out, err = briefs(
        "build", "--city", word, "--year", "2011", "--data", paths.root() / "data/real", "--out", tmp_path / "out"
    )
    assert (code, out) == (2, "") and err.startswith(f"There is no city '{visible(word)}'.")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", CODES, ids=repr)
def test_no_folder_is_named_by_what_is_no_code(tmp_path, code):
    with (tmp_path / "regions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [HEADS, ("620000", "甘肃省", "甘肃", "province", ""), (code, "兰州市", "兰州", "city", "620000")]
        )
    with pytest.raises((DataError, csv.Error)) as error:
        regions.read(tmp_path / "regions.csv")
    assert str(error.value) == (
        f"regions.csv, row 3: '{code}' is no code. A code has only letters and digits, since folders are named by it."
    )


@pytest.mark.parametrize("name", ["\x1b[2J", "兰州\x07市", "兰州\n市", "a\x00b", "\x9b31m"], ids=repr)
def test_no_region_has_a_name_that_a_terminal_obeys(tmp_path, name):
    rows = [HEADS, ("620000", "甘肃省", "甘肃", "province", ""), ("620100", name, "兰州", "city", "620000")]
    with (tmp_path / "regions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(DataError) as error:
        regions.read(tmp_path / "regions.csv")
    assert str(error.value) == "regions.csv, row 3: name has a control character, which a terminal would obey. Write it anew."


@pytest.mark.parametrize("code", ["..", "../../x", "/etc", "/", "a/b", "x\x00", "", "."])
def test_no_pack_lies_outside_of_the_outputs_whatever_its_region(tmp_path, code):
    city = Region(code, "兰州市", "兰州", "city", "620000")
    with pytest.raises(UsageError) as error:
        planned(tmp_path, Regions((PROVINCE, city)))
    assert str(error.value) == f"'{code}' names no folder in {tmp_path}/out. Name one by letters, digits and hyphens."


def planned(folder, known):
    source = SnapshotRef(folder / "snapshot")
    return plan([CITY_BRIEF], known, known.cities, [Period(2021)], source=source, out=folder / "out", formats=("html",))


@pytest.mark.parametrize(
    "link", ["2021", "2021/620100", "2021/620100/notebooks", "2021/620100/incomplete", ".chapters", ".chapters/2021/620100"]
)
def test_no_pack_is_written_through_a_link(briefs, tmp_path, link):
    outside, place = tmp_path / "outside", tmp_path / "out" / link
    outside.mkdir()
    place.parent.mkdir(parents=True)
    place.symlink_to(outside)
    with pytest.raises(UsageError) as error:
        planned(tmp_path, Regions((PROVINCE, Region("620100", "兰州市", "兰州", "city", "620000"))))
    assert str(error.value) == f"{place} is a link, and what is made stays in {tmp_path}/out. Take the link away."
    data = paths.root() / "data/real"
    code, _, err = briefs("build", "city-brief", "--city", "兰州", "--year", "2021", "--data", data, "--out", tmp_path / "out")
    assert code == 2 and list(outside.iterdir()) == [], err


def test_the_outputs_themselves_may_lie_elsewhere(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    assert planned(tmp_path, Regions((PROVINCE, Region("620100", "兰州市", "兰州", "city", "620000"))))


@pytest.mark.parametrize("name", PACKS, ids=repr)
def test_no_pack_has_an_id_that_is_no_name_of_a_file(tmp_path, name):
    with pytest.raises(UsageError, match=r"^packs\.toml, pack 1: id is a name of letters, digits and hyphens, not '"):
        listed(tmp_path, PACK.format(quoted(name), '"summary"'))


@pytest.mark.parametrize("name", CHAPTERS, ids=repr)
def test_no_chapter_has_a_name_that_is_none_of_a_file(tmp_path, name):
    with pytest.raises(
        UsageError, match=r"^packs\.toml, pack city-brief: chapters\.0 is a name of letters, digits and hyphens, not '"
    ):
        listed(tmp_path, PACK.format('"city-brief"', quoted(name)))


def listed(folder, text):
    (folder / "packs.toml").write_text(text, "utf-8")
    (folder / "summary.ipynb").touch()
    return packs_toml.packs(folder)


def quoted(text):
    """A text of TOML."""
    return '"' + "".join(f"\\u{ord(one):04X}" for one in text) + '"'
