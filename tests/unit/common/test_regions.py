"""Regions are data."""

import pytest

from city_briefs.common import regions
from city_briefs.common.errors import DataError, UsageError
from tests.conftest import THREE_CITIES
from tests.helpers import ROOT

GANSU = regions.read(ROOT / "data/reference/regions.csv")


@pytest.mark.parametrize(
    "word",
    [
        "兰州市",
        "兰州",
        "620100",
        " 兰州 ",
        "甘肃省兰州市",
        "甘肃兰州",
        "兰 州 市",
        "６２０１００",
        "620100000000",
        "620100 兰州市",
    ],
)
def test_a_city_is_found_by_name_short_name_or_code(word):
    assert GANSU.find(word).code == "620100"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("兰洲", "There is no city '兰洲'. Did you mean 兰州市 (620100)?"),
        ("62010", "There is no city '62010'. Did you mean 兰州市 (620100)?"),
        ("张液", "There is no city '张液'. Did you mean 张掖市 (620700)?"),
        ("秦州", "There is no city '秦州'. `regions.csv` lists the regions."),
        ("甘肃省秦安县", "There is no city '甘肃省秦安县'. `regions.csv` lists the regions."),
        ("兰州市城关区", "There is no city '兰州市城关区'. `regions.csv` lists the regions."),
        ("620102", "There is no city '620102'. Did you mean 兰州市 (620100)?"),
        ("lanzhou", "There is no city 'lanzhou'. `regions.csv` lists the regions."),
        ("兰州\u200b", "There is no city '兰州\u200b'. `regions.csv` lists the regions."),
        ("Atlantis", "There is no city 'Atlantis'. `regions.csv` lists the regions."),
    ],
)
def test_an_unknown_city_is_answered_with_the_nearest(word, message):
    with pytest.raises(UsageError) as error:
        GANSU.find(word)
    assert str(error.value) == message


def test_case_does_not_matter_and_a_prefecture_has_a_shorter_name(tmp_path):
    (tmp_path / "regions.csv").write_text(THREE_CITIES, "utf-8")
    assert regions.read(tmp_path / "regions.csv").find("ASHFORD").code == "9100"
    assert [GANSU.find(word).code for word in ("甘南州", "临夏州")] == ["623000", "622900"]


COUNTIES = """code,name,short,level,parent
620000,甘肃省,甘肃,province,
620100,兰州市,兰州,city,620000
620200,天水市,天水,city,620000
620102,兰州市城关区,兰州城关,county,620100
620202,天水市城关区,天水城关,county,620200
"""


@pytest.fixture
def divided(tmp_path):
    (tmp_path / "regions.csv").write_text(COUNTIES, "utf-8")
    return regions.read(tmp_path / "regions.csv")


def test_a_county_is_found_after_the_regions_above_it(divided):
    assert [divided.find(word).code for word in ("甘肃省兰州市城关区", "兰州城关区", "天水市城关区", "620202000000")] == [
        "620102", "620102", "620202", "620202",
    ]  # fmt: skip
    assert divided.names.city_around("兰州市七里河区") is None  # its counties are regions here, and this is none of them


def test_a_name_of_two_regions_is_refused_with_both(divided, monkeypatch):
    both = "兰州市城关区 (620102) or 天水市城关区 (620202)"
    with pytest.raises(UsageError) as error:
        divided.find("城关区")
    assert str(error.value) == f"'城关区' may be {both}. Write the code, or the name with its city before it."
    monkeypatch.setattr("city_briefs.common.language.is_chinese", lambda: True)
    with pytest.raises(UsageError) as error:
        divided.find("城关区")
    assert str(error.value) == "“城关区”可能指兰州市城关区（620102）、天水市城关区（620202）。请写代码，或在名称前加上所属城市。"
    with pytest.raises(UsageError) as error:
        GANSU.find("兰洲")
    assert str(error.value) == "没有“兰洲”这个地区。是否指兰州市（620100）？"
    with pytest.raises(UsageError) as error:
        GANSU.find("秦州")
    assert str(error.value) == "没有“秦州”这个地区。可用的地区见regions.csv。"


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
