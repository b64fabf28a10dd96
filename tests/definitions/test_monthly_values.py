"""The months of every city, and those of the year before as then known, equal a second count in plain SQL on the demo."""

import duckdb
import pytest

from city_briefs.analysis.assessments.monthly_values import course
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics.business_environment import entity_stock
from city_briefs.metrics.consumer_rights import complaints_received, settlement_rate
from city_briefs.metrics.food_safety import food_pass_rate

# What a month of a region counts: part, whole, the part as known a year before the last day of the region, and what is pending then.
COUNTED = {
    complaints_received: ("complaints", "received_on", "transferred_from IS NULL", "true", "true", "false"),
    food_pass_rate: ("spot_checks", "sampled_on", "domain = 'food' AND retest_of IS NULL", "passed", "passed", "false"),
    settlement_rate: (
        "complaints", "received_on", "accepted AND kind = 'complaint'", "settled", "settled AND closed_on <= day - INTERVAL 1 YEAR",
        "closed_on IS NULL OR closed_on > day",
    ),
}  # fmt: skip


def second_count(folder, table, on, rows, part, part_then, pending):
    """Part, whole, part as then known and pending of each region and month that is covered; zeros where it has no rows."""
    counted = duckdb.sql(f"""
        WITH last AS (SELECT region, last_day(max(strptime(month || '-01', '%Y-%m-%d'))::DATE) AS day
                      FROM '{folder}/coverage.parquet' WHERE "table" = '{table}' GROUP BY region)
        SELECT k.region, k.month, count(*) FILTER ({part}), count(r.region), count(*) FILTER ({part_then}), count(*) FILTER ({pending})
        FROM '{folder}/coverage.parquet' k JOIN last USING (region)
        LEFT JOIN (SELECT * FROM '{folder}/{table}.parquet' WHERE {rows}) r
          ON r.region = k.region AND strftime(r.{on}, '%Y-%m') = k.month
        WHERE k."table" = '{table}' GROUP BY ALL
    """).fetchall()
    return {(region, month): numbers if numbers[1] else [0, 0, 0, 0] for region, month, *numbers in counted}


def number(metric, part, whole):
    """The value in the unit of the metric; None for a share of nothing."""
    return part if metric.form == "flow" else 100 * part / whole if whole else None


@pytest.mark.parametrize("year", [2021, 2022])
@pytest.mark.parametrize("metric", COUNTED, ids=lambda metric: metric.id)
def test_every_month_of_every_city_and_that_of_the_year_before_is_that_of_a_second_count(demo_results, metric, year):
    cells = second_count(demo_results.snapshot.path, *COUNTED[metric])
    compared = refused = 0
    for city in demo_results.regions.cities:
        for shown in course(Scope.of(demo_results, city, Period(year)), metric).months:
            own = cells.get((city.code, shown.month))
            before = cells.get((city.code, f"{year - 1}{shown.month[4:]}"))
            value = own and number(metric, own[0], own[1])
            then = before and number(metric, before[2], before[1])
            assert (shown.value.value is None) == (value is None)
            if value is not None:
                assert float(shown.value.value) == pytest.approx(value, abs=1e-9)
            is_pending = bool(own and own[1] and own[3] / own[1] >= 0.2)
            assert shown.is_pending == is_pending
            if is_pending and then is not None:
                refused += 1
                assert shown.before.refused.startswith("尚未办结的占")
            else:
                assert (shown.before.value is None) == (then is None)
            if shown.before.value is not None:
                compared += 1
                assert float(shown.before.value) == pytest.approx(then, abs=1e-9)
    assert compared > 100
    assert bool(refused) == (metric is settlement_rate and year == 2022)


def test_a_stock_is_that_of_the_end_of_each_month(demo_results):
    """Among those registered and not cancelled by its last day, of the cities that cover every month."""
    folder = demo_results.snapshot.path
    compared = 0
    for city in demo_results.regions.cities:
        for shown in course(Scope.of(demo_results, city, Period(2021)), entity_stock).months:
            if shown.value.value is None:
                assert "未报送" in shown.value.refused
                continue
            compared += 1
            for figure in (shown.value, shown.before):
                [(count,)] = duckdb.sql(f"""
                    SELECT count(*) FROM '{folder}/entities.parquet'
                    WHERE region = '{city.code}' AND registered_on <= '{figure.period.end}'
                      AND (cancelled_on IS NULL OR cancelled_on > '{figure.period.end}')
                """).fetchall()
                assert figure.value == count
    assert compared > 100
