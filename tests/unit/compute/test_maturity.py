"""Outcomes that come later: both years at the same distance from their end, and the share that is still pending."""

import duckdb
import pytest

from city_briefs import demo
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import outcomes
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look, look_as_known
from city_briefs.common.periods import Period
from city_briefs.metrics.consumer_rights import settlement_rate
from city_briefs.model.tables import COMPLAINTS
from tests.conftest import THREE_CITIES, covered, figure
from tests.helpers.size import in_full

CITIES = ["9100", "9200", "9300"]
MANY = 40  # complaints of each kind, so that none is too few to compare


def complaints(*kinds):
    """`MANY` accepted complaints of Ashford for each kind: received, closed (empty while open), settled."""
    return [
        {"complaint_id": f"{received}-{closed}-{settled}-{number}", "region": "9100", "received_on": received, "kind": "complaint",
         "accepted": True, "closed_on": closed, "settled": settled}
        for received, closed, settled in kinds
        for number in range(MANY)
    ]  # fmt: skip


def snapshot_of(world, years, *kinds, through=12):
    coverage = covered(COMPLAINTS, CITIES, years[:-1]) + covered(COMPLAINTS, CITIES, years[-1:], through=through)
    return world.snapshot(regions=THREE_CITIES, coverage=coverage, complaints=complaints(*kinds))


def halves(world, years, *kinds, through=12):
    results = Results(snapshot_of(world, years, *kinds, through=through), [settlement_rate])
    scope = Scope.of(results, results.regions.find("Ashford"), Period(years[0], through))
    amount = outcomes.as_known(scope, settlement_rate, years[-1] - years[0])
    return amount.numerator / MANY, amount.denominator / MANY


@pytest.mark.parametrize(
    ("closed", "known"),
    [("2020-12-31", 1), ("2021-01-01", 0), (None, 0)],
    ids=["on the last day of that year", "a day later", "never"],
)
def test_an_outcome_counts_when_it_was_known_on_the_same_day_a_year_before(world, closed, known):
    assert halves(world, [2020, 2021], ("2020-12-01", closed, closed is not None or None)) == (known, 1)


@pytest.mark.parametrize(
    ("years", "closed", "known"),
    [
        ([2023, 2024], "2023-02-28", 1),
        ([2023, 2024], "2023-03-01", 0),
        ([2024, 2025], "2024-02-28", 1),
        ([2024, 2025], "2024-02-29", 0),
        ([2020, 2024], "2020-02-29", 1),
    ],
)
def test_the_day_before_29_february_is_28_february(world, years, closed, known):
    years = list(range(years[0], years[-1] + 1))
    assert halves(world, years, (f"{years[0]}-01-01", closed, True), through=2) == (known, 1)


def test_what_is_open_is_pending_and_what_is_settled_without_a_day_is_not_known(world):
    snapshot = snapshot_of(
        world, [2020, 2021], ("2021-03-01", "2021-04-01", True), ("2021-03-02", "2021-04-01", False),
        ("2021-03-03", "2021-04-01", True), ("2021-12-03", None, None),
    )  # fmt: skip
    shown = figure(snapshot, settlement_rate, "Ashford", 2021)
    assert (shown.text, shown.pending, shown.note) == ("50.0%", 0.25, "另有25.0%尚未办结")


def test_an_open_case_is_never_compared_with_a_matured_year(world):
    """A quarter was settled at the end of both years; of the year before, another quarter was settled since."""
    year = [("{}-03-01", "{}-04-01", True), ("{}-03-02", "{}-04-01", False), ("{}-03-03", "{}-04-01", False)]
    both = [tuple(word.format(y) if isinstance(word, str) else word for word in kind) for y in (2020, 2021) for kind in year]
    snapshot = snapshot_of(world, [2020, 2021], *both, ("2020-12-01", "2021-02-01", True), ("2021-12-01", None, None))
    refused = figure(snapshot, settlement_rate, "Ashford", 2021, view="change_pp").refused
    assert refused == "尚未办结的占25.0%，不作同期比较"
    assert figure(snapshot, settlement_rate, "Ashford", 2020).text == "50.0%"
    earlier, now = (
        look_as_known(Scope.of(Results(snapshot, [settlement_rate]), snapshot.regions.find("Ashford"), Period(2021)),
                      settlement_rate, Period(year))
        for year in (2020, 2021)
    )  # fmt: skip
    assert (earlier.text, earlier.view, now.text, now.view) == ("25.0%", "as_known", "25.0%", "value")


def test_with_a_fifth_or_more_pending_nothing_is_compared(world):
    snapshot = snapshot_of(
        world, [2020, 2021], ("2020-03-01", "2020-04-01", True),
        *((f"2021-03-0{day}", "2021-04-01", True) for day in range(1, 5)), ("2021-12-01", None, None),
    )  # fmt: skip
    assert figure(snapshot, settlement_rate, "Ashford", 2021, view="change_pp").refused == "尚未办结的占20.0%，不作同期比较"


@pytest.fixture(scope="module")
def shown(demo_results):
    return demo_results


@pytest.mark.parametrize("year", [2021, 2022])
def test_of_every_city_and_month_the_change_is_that_of_a_second_count(shown, year):
    """The same counted in plain SQL, from the records and the last month that each city covers."""
    folder = shown.snapshot.path
    counted = duckdb.sql(f"""
        WITH last AS (SELECT region, last_day(max(strptime(month || '-01', '%Y-%m-%d'))::DATE) AS day
                      FROM '{folder}/coverage.parquet' WHERE "table" = 'complaints' GROUP BY region)
        SELECT c.region, year(received_on) AS year, month(received_on) AS month, count(*) AS accepted,
               count(*) FILTER (settled) AS settled,
               count(*) FILTER (settled AND closed_on <= last.day - INTERVAL 1 YEAR) AS settled_then,
               count(*) FILTER (closed_on IS NULL OR closed_on > last.day) AS pending
        FROM '{folder}/complaints.parquet' c JOIN last USING (region)
        WHERE accepted AND kind = 'complaint' GROUP BY ALL
    """).fetchall()
    cells = {(region, of_year, month): numbers for region, of_year, month, *numbers in counted}

    def total(city, of_year, through, number):
        return sum(
            cells[city.code, of_year, month][number] for month in range(1, through + 1) if (city.code, of_year, month) in cells
        )

    compared = 0
    for city in shown.regions.cities:
        for through in range(1, 13):
            made = look(Scope.of(shown, city, Period(year, through)), settlement_rate, "change_pp")
            accepted, settled, pending = (total(city, year, through, number) for number in (0, 1, 3))
            accepted_then, settled_then = (total(city, year - 1, through, number) for number in (0, 2))
            if made.value is None:
                assert "数据不全" in made.refused or min(accepted, accepted_then) < 30 or pending / accepted >= 0.2
                continue
            compared += 1
            change = 100 * (settled / accepted - settled_then / accepted_then)
            assert float(made.value) == pytest.approx(change, abs=1e-9)
            assert float(made.pending) == pytest.approx(pending / accepted, abs=1e-12)
    assert compared > 100


@in_full
def test_where_both_are_told_apart_the_sign_at_the_end_of_the_year_is_that_of_the_matured_data(world, tmp_path):
    """A snapshot that ends with 2021 says of each city what is known of that year today."""
    whole = demo.write(tmp_path / "demo", entities=1_000_000, years=(2019, 2022))
    early = duckdb.sql(f"""
        SELECT complaint_id, region, received_on, kind, accepted, CASE WHEN closed_on <= '2021-12-31' THEN closed_on END AS closed_on,
               CASE WHEN closed_on <= '2021-12-31' THEN settled END AS settled
        FROM '{whole.path}/complaints.parquet' WHERE year(received_on) IN (2020, 2021) AND accepted AND kind = 'complaint'
    """).to_arrow_table()
    regions = [city.code for city in whole.regions.cities]
    coverage = covered(COMPLAINTS, regions, [2020, 2021])
    then, now = (
        Results(snapshot, [settlement_rate])
        for snapshot in (world.snapshot(coverage=coverage, complaints=early.to_pylist()), whole)
    )
    both = 0
    for city in (*whole.regions.cities, whole.regions.province):
        first, matured = (look(Scope.of(results, city, Period(2021)), settlement_rate, "change_pp") for results in (then, now))
        if {first.verdict, matured.verdict} <= {"up", "down"}:
            both += 1
            assert first.verdict == matured.verdict
    assert both > 2
