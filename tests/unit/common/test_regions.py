"""Regions are data."""

import pytest

from city_briefs.common import regions
from city_briefs.common.errors import DataError, UsageError
from tests.conftest import THREE_CITIES
from tests.helpers import ROOT

GANSU = regions.read(ROOT / "data/reference/regions.csv")


@pytest.mark.parametrize("word", ["兰州市", "兰州", "620100", " 兰州 "])
def test_a_city_is_found_by_name_short_name_or_code(word):
    assert GANSU.find(word).code == "620100"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("兰洲", "There is no city '兰洲'. Did you mean 兰州市 (620100)?"),
        ("62010", "There is no city '62010'. Did you mean 兰州市 (620100)?"),
        ("Atlantis", "There is no city 'Atlantis'. `regions.csv` lists the regions."),
    ],
)
def test_an_unknown_city_is_answered_with_the_nearest(word, message):
    with pytest.raises(UsageError) as error:
        GANSU.find(word)
    assert str(error.value) == message


def test_gansu_has_its_cities_and_what_is_reported_beside_them():
    assert (len(GANSU.cities), GANSU.province.name) == (14, "甘肃省")
    assert [other.code for other in GANSU.others] == ["620171", "623100", "623200", "629999"]


def test_the_order_is_province_cities_by_code_then_others():
    assert [region.level for region in GANSU.all] == ["province"] + ["city"] * 14 + ["other"] * 4
    assert [city.code for city in GANSU.cities] == sorted(city.code for city in GANSU.cities)


@pytest.mark.parametrize(("code", "whole"), [("620000", "全省"), ("620100", "全市"), ("622900", "全州"), ("629999", "其他")])
def test_prose_speaks_of_a_whole_region(code, whole):
    assert GANSU.by_code[code].whole == whole


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            (",Ashford,Ashford,", ",,Ashford,"),
            "regions.csv, row 3: name is empty. Every region has a code, name, short name and level.",
        ),
        (
            ("9100,Ashford,Ashford,city", "9100,Ashford,Ashford,town"),
            "regions.csv, row 3: there is no level 'town'. A level is one of province, city, county, other.",
        ),
        (("9200,", "9100,"), "regions.csv, row 4: '9100' stands twice. A code or a name means one region."),
        (
            ("Birchwood,Birchwood", "Birch,Ashford"),
            "regions.csv, row 4: 'Ashford' stands twice. A code or a name means one region.",
        ),
        (
            ("9100,", "../9100,"),
            "regions.csv, row 3: '../9100' is no code. A code has only letters and digits, since folders are named by it.",
        ),
        (("Norland,province", "Norland,city"), "regions.csv has no region of level province. It must have one."),
        (
            ("9300,Cedarton,Cedarton,city,9000", "9300,Cedarton,Cedarton,city,\n8000,Sudland,Sudland,province,"),
            "regions.csv: Cedarton (9300) has the parent '', which is no province. "
            "Where there are several provinces, each region names its own.",
        ),
    ],
)
def test_a_faulty_row_is_named(tmp_path, change, message):
    file = tmp_path / "regions.csv"
    file.write_text(THREE_CITIES.replace(*change), "utf-8")
    with pytest.raises(DataError) as error:
        regions.read(file)
    assert str(error.value) == message


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(DataError) as error:
        regions.read(tmp_path / "regions.csv")
    assert str(error.value) == (
        f"{tmp_path}/regions.csv cannot be read: No such file or directory. "
        "Put the file back; `briefs init` in an empty folder makes one of Gansu."
    )
