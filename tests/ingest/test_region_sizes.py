"""A region whose numbers are thousands of times those of the others is named: its unit was forgotten, or put twice."""

import pytest

from city_briefs.analysis.ingest.checks.region_sizes import region_size_findings
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.model.tables import POPULATION, RETURNS, TARGETS
from tests.ingest.staged import GANSU, put, source, texts

PEOPLE = "region year persons basis series\n"
RETURN = "region month indicator numerator denominator span\n"
TARGET = "region metric view year value comparison source\n"


def said(folder, table, given):
    """What is said of the rows of a table."""
    folder.mkdir(exist_ok=True)
    with StagingArea(folder / "snapshot") as staging:
        put(staging, source(table), given)
        staging.close()
        return texts(region_size_findings(staging, table, GANSU))


def test_a_city_with_437_persons_is_named(tmp_path):
    rows = ["620100 2021 437 census a", "620300 2021 438018 census a", "620400 2021 1512110 census a"]
    assert said(tmp_path, POPULATION, PEOPLE + "\n".join(rows)) == [
        "population.csv, row 2: 620100: persons is '437', some 2,231 times less than in the other regions (about 975064). "
        "See whether it is in 万: write it in the unit of the table."
    ]


def test_of_two_cities_either_may_be_wrong(tmp_path):
    found = said(tmp_path, POPULATION, PEOPLE + "620100 2021 437 census a\n620300 2021 438018 census a")
    assert ["persons is '437'" in found[0], "persons is '438018'" in found[1]] == [True, True]


@pytest.mark.parametrize(
    "rows",
    ["620100 2021 4359446 census a\n620200 2021 312663 census a", "620100 2021 437 census a\n620300 2020 438018 census a",
     "620000 2021 25019831 census a\n629999 2021 437 census a\n620100 2021 4359446 census a"],
)  # fmt: skip
def test_cities_of_ordinary_sizes_other_years_and_other_levels_are_not_compared(tmp_path, rows):
    assert said(tmp_path, POPULATION, PEOPLE + rows) == []


def test_a_return_in_wan_among_others_in_units(tmp_path):
    rows = [
        "620100 2021-01 onestop_funds 12 - month",
        "620300 2021-01 onestop_funds 110000 - month",
        "620400 2021-01 onestop_funds 130000 - month",
    ]
    assert said(tmp_path, RETURNS, RETURN + "\n".join(rows)) == [
        "returns.csv, row 2: onestop_funds of 620100: numerator is '12', some 10,000 times less than in the other regions "
        "(about 120000). See whether it is in 万: write it in the unit of the table."
    ]
    assert said(tmp_path / "few", RETURNS, RETURN + "\n".join(rows[:2])) == []


def test_a_target_in_wan_among_others_in_units(tmp_path):
    rows = "\n".join(
        f"{code} new_entities value 2021 {value} at_least a"
        for code, value in (("620100", 2), ("620300", 20_000), ("620400", 18_000))
    )
    assert "620100: value is '2.0'" in said(tmp_path, TARGETS, TARGET + rows)[0]
