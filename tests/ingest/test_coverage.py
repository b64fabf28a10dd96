"""Coverage says what was reported: as declared, or as the rows show, and never a zero that nobody reported."""

from city_briefs.analysis.ingest.coverage import coverage
from city_briefs.model.tables import ACCIDENTS, COMPLAINTS, COVERAGE, PARAMETERS, RETURNS, TARGETS
from tests.ingest.staged import GANSU, put, source

UNITS = {region.code for region in (*GANSU.cities, *GANSU.others)}
TWO = """
    complaint_id  region  kind       received_on
    1             620100  complaint  2021-02-03
    2             620200  complaint  2021-05-03
"""
RETURNED = """
    region  month    indicator     numerator  span
    620100  2021-02  new_entities  7          month
    620000  2021-03  new_entities  5          month
"""


def covered(staging, *sources):
    """Per table, the months of each region."""
    found = {}
    for row in coverage(staging, sources, GANSU).to_pylist():
        found.setdefault(row["table"], {}).setdefault(row["region"], []).append(row["month"])
    return found


def test_a_declared_period_is_covered_for_all_regions_with_rows_or_without(staging):
    complaints = source(COMPLAINTS, period=("2021-01", "2021-03"))
    put(staging, complaints, [])
    assert covered(staging, complaints) == {"complaints": {code: ["2021-01", "2021-02", "2021-03"] for code in UNITS}}


def test_only_the_regions_that_report_are_covered_when_they_are_declared(staging):
    complaints = source(COMPLAINTS, period=("2021-01", "2021-02"), reporting=("620100",))
    assert covered(staging, complaints) == {"complaints": {"620100": ["2021-01", "2021-02"]}}


def test_periods_of_several_sources_add_up(staging):
    one = source(COMPLAINTS, "a.csv", period=("2021-01", "2021-01"), reporting=("620100",))
    other = source(COMPLAINTS, "b.csv", period=("2021-12", "2022-01"), reporting=("620100", "620200"))
    assert covered(staging, one, other) == {
        "complaints": {"620100": ["2021-01", "2021-12", "2022-01"], "620200": ["2021-12", "2022-01"]}
    }


def test_undeclared_it_runs_from_the_first_to_the_last_month_with_rows_less_months_without_any(staging):
    complaints = source(COMPLAINTS)
    put(staging, complaints, TWO)
    assert covered(staging, complaints) == {"complaints": {code: ["2021-02", "2021-05"] for code in ("620100", "620200")}}


def test_an_undeclared_source_covers_the_regions_and_months_that_it_names_and_none_of_another(staging):
    one, other = source(COMPLAINTS, "兰州.csv"), source(COMPLAINTS, "嘉峪关.csv")
    put(staging, one, TWO.replace("620200", "620100"))
    put(staging, other, "complaint_id region kind received_on\n3 620200 complaint 2021-05-09")
    assert covered(staging, one, other) == {"complaints": {"620100": ["2021-02", "2021-05"], "620200": ["2021-05"]}}


def test_the_regions_that_report_are_covered_without_rows_where_they_are_declared(staging):
    complaints = source(COMPLAINTS, reporting=("620100", "620200", "620300"))
    put(staging, complaints, TWO)
    assert covered(staging, complaints)["complaints"]["620300"] == ["2021-02", "2021-05"]


def test_a_row_outside_of_the_declared_period_is_covered_too_and_its_region_alone(staging):
    complaints = source(COMPLAINTS, period=("2021-03", "2021-05"))
    put(staging, complaints, TWO)
    found = covered(staging, complaints)["complaints"]
    assert found["620100"] == ["2021-02", "2021-03", "2021-04", "2021-05"]
    assert found["620200"] == ["2021-03", "2021-04", "2021-05"]


def test_the_province_is_covered_where_it_has_rows(staging):
    complaints = source(COMPLAINTS)
    put(staging, complaints, TWO.replace("620200", "620000"))
    assert covered(staging, complaints)["complaints"].keys() == {"620100", "620000"}


def test_a_missing_return_is_not_a_zero_and_neither_is_a_missing_accident(staging):
    returns, accidents = source(RETURNS), source(ACCIDENTS)
    put(staging, returns, RETURNED)
    put(staging, accidents, "region month domain grade count\n620100 2021-02 food ordinary 0")
    assert covered(staging, returns, accidents) == {
        "returns": {"620100": ["2021-02"], "620000": ["2021-03"]},
        "accidents": {"620100": ["2021-02"]},
    }


def test_what_is_not_reported_by_month_is_not_covered(staging):
    assert covered(staging, source(TARGETS, period=("2021-01", "2021-12")), source(PARAMETERS)) == {}


def test_coverage_that_was_sent_is_covered(staging):
    sent = source(COVERAGE)
    put(staging, sent, "table region month\ncases 620100 2021-01")
    assert covered(staging, sent) == {"cases": {"620100": ["2021-01"]}}
