"""A province beside its regions is compared with them and never counted again; alone it is data."""

import pytest

from city_briefs.analysis.ingest.checks import province_rows
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.common.regions import Region, Regions
from city_briefs.model.tables import ACCIDENTS, POPULATION, RETURNS
from tests.ingest.staged import GANSU, kept, put, reasons, source, texts

HEAD = "region month domain grade count deaths\n"


@pytest.fixture
def staging(tmp_path):
    with StagingArea(tmp_path / "snapshot") as area:
        yield area


def accidents(staging, *rows, name="a.csv"):
    return put(staging, source(ACCIDENTS, name), HEAD + "\n".join(rows))


def listed(staging):
    return [(line.row, line.text, line.kind) for count in staging.counts for line in count.lines]


def test_the_sum_of_the_regions_is_set_aside(staging):
    accidents(staging, "620100 2021-01 food ordinary 2 1", "620000 2021-01 food ordinary 5 1", "620200 2021-01 food ordinary 3 -")
    assert province_rows.set_aside_totals(staging, GANSU) == []
    assert kept(staging, ACCIDENTS, "region", "count") == [("620100", 2), ("620200", 3)]
    assert listed(staging) == [(3, "620000 2021-01 food ordinary 5 1", "province")]
    assert [(count.accepted, count.rejected, count.aside) for count in staging.counts] == [(2, 0, 1)]


def test_a_sum_that_differs_is_a_warning_also_when_it_stands_in_another_file(staging):
    accidents(staging, "620100 2021-01 food ordinary 2 1", "620200 2021-01 food ordinary 3 0")
    accidents(staging, "620000 2021-01 food ordinary 6 2", name="b.csv")
    found = province_rows.set_aside_totals(staging, GANSU)
    assert {finding.severity for one in found for finding in one.findings} == {"warning"}
    assert texts(found) == [
        "b.csv, row 2: count of 620000 for 2021-01, food, ordinary is 6, and its regions add up to 5. "
        "Correct the one that is wrong; the regions are what counts.",
        "b.csv, row 2: deaths of 620000 for 2021-01, food, ordinary is 2, and its regions add up to 1. "
        "Correct the one that is wrong; the regions are what counts.",
    ]
    assert kept(staging, ACCIDENTS, "region") == [("620100",), ("620200",)]


def test_a_province_alone_is_data(staging):
    accidents(staging, "620100 2021-01 food ordinary 2 1")
    accidents(staging, "620000 2021-02 food ordinary 2 1", "620000 2021-01 drug ordinary 1 0", name="b.csv")
    assert province_rows.set_aside_totals(staging, GANSU) == []
    assert len(kept(staging, ACCIDENTS)) == 3


def test_an_accident_of_the_province_beside_other_ones_of_its_regions_is_asked_for_and_a_zero_is_not(staging):
    accidents(
        staging, "620100 2021-01 food ordinary 2 1", "620000 2021-01 food larger 1 0", "620000 2021-01 drug larger 0 0",
        "620000 2021-02 food larger 1 0",
    )  # fmt: skip
    found = texts(province_rows.set_aside_totals(staging, GANSU))
    sentence = (
        "region is '620000', the total of its regions, and none of them has a row for 2021-01, food, larger. "
        "Add the rows of the regions; what is the province's own goes into a file of its own."
    )
    assert found == [f"a.csv, row 3: {sentence}"]
    assert (reasons(staging, ACCIDENTS), [row[0] for row in listed(staging)]) == ([(3, sentence)], [4])
    assert kept(staging, ACCIDENTS, "region", "month") == [("620100", "2021-01"), ("620000", "2021-02")]


def test_returns_of_a_month_and_metric_are_compared_with_those_of_the_regions(staging):
    head = "region month indicator numerator denominator span\n"
    rows = [
        "620100 2021-01 onestop_funds 5 - month",
        "620000 2021-01 onestop_funds 6.5 - month",
        "620000 2021-02 onestop_funds 7 - month",
    ]
    put(staging, source(RETURNS), head + "\n".join(rows))
    assert texts(province_rows.set_aside_totals(staging, GANSU)) == [
        "returns.csv, row 3: numerator of 620000 for 2021-01, onestop_funds, month is 6.5, and its regions add up to 5. "
        "Correct the one that is wrong; the regions are what counts."
    ]
    assert kept(staging, RETURNS, "region", "month") == [("620100", "2021-01"), ("620000", "2021-02")]


def test_a_city_beside_its_counties_is_their_total_and_the_province_that_of_all(staging):
    county = [Region(f"62010{number}", f"{number}区", f"{number}区", "county", "620100") for number in (2, 3)]
    rows = [f"{code} 2021-01 food ordinary {count} 0" for code, count in (("620102", 1), ("620103", 2), ("620100", 3), ("620200", 4), ("620000", 7))]  # fmt: skip
    accidents(staging, *rows)
    assert province_rows.set_aside_totals(staging, Regions((*GANSU.all, *county))) == []
    assert kept(staging, ACCIDENTS, "region") == [("620102",), ("620103",), ("620200",)]


def test_a_province_has_a_population_of_its_own(staging):
    put(staging, source(POPULATION), "region year persons basis series\n620000 2021 9 census s\n620100 2021 4 census s")
    assert province_rows.set_aside_totals(staging, GANSU) == []
    assert len(kept(staging, POPULATION)) == 2
