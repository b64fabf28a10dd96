"""Pace: the share that is due by the season of three years, and by calendar days where no season can be taken."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from city_briefs.analysis.assessments import pace
from city_briefs.analysis.assessments.pace import BY_SEASON
from city_briefs.analysis.assessments.targets import standings
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import RETURNS
from tests.conftest import THREE_CITIES, covered

CITIES = ["9100", "9200", "9300"]
HALF_YEARS = {2018: (220, 1000), 2019: (250, 1050), 2020: (240, 1100)}  # January to June, and the year


def scope_of(world, metric="new_entities", years=HALF_YEARS, now=300, through=6, *, as_of=False):
    """Ashford returns the halves of each year in June and December, and nothing in the other months; `now` in June 2021."""
    given = {year: {6: half, 12: whole if as_of else whole - half} for year, (half, whole) in years.items()} | {2021: {6: now}}
    returns = [
        {
            "region": "9100", "month": f"{year}-{month:02}", "indicator": metric, "span": "as_of" if as_of else "month",
            "numerator": str(halves.get(month, max([0, *(n for m, n in halves.items() if m < month)]) if as_of else 0)),
        }
        for year, halves in given.items()
        for month in range(1, 13)
    ]  # fmt: skip
    aims = [
        {"region": "9100", "metric": metric, "view": "value", "year": "2021", "value": "1200", "source": "任务书",
         "comparison": "at_least", "due_on": date(2021, 12, 31)}
    ]  # fmt: skip
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, given), returns=returns, targets=aims)
    return Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find("Ashford"), Period(2021, through))


def due(scope, metric="new_entities", on=date(2021, 12, 31)):
    found = pace.pace(scope, CATALOGUE[metric], on)
    return round(found.share, 2), found.basis


def test_the_share_that_is_due_is_the_mean_of_three_years(world):
    scope = scope_of(world)
    assert due(scope) == (Decimal("22.54"), "按近三年进度")
    [one] = standings(scope)
    assert (round(one.expected, 1), one.light) == (Decimal("270.5"), "正常")


@pytest.mark.parametrize(("now", "light"), [(210, "滞后"), (211, "正常"), (220, "正常")])
def test_behind_is_more_than_five_points_below_what_is_due(world, now, light):
    """22.54 % less 5 are 17.54 % of 1200, 210.5; by calendar days, 49.6 % less 5, all three would be behind."""
    [one] = standings(scope_of(world, now=now))
    assert one.light == light


@pytest.mark.parametrize(
    ("years", "why"),
    [
        ({2019: (250, 1050), 2020: (240, 1100)}, "历史不足三年"),
        ({2017: (220, 1000), 2019: (250, 1050), 2020: (240, 1100)}, "历史不足三年"),
        (HALF_YEARS | {2019: (10, 29)}, "近三年有的年份基数过小"),
        (HALF_YEARS | {2019: (0, 0)}, "近三年有的年份基数过小"),
        (HALF_YEARS | {2019: (1100, 1050)}, "近三年有的年份进度不在0—100%之间"),
    ],
)
def test_without_a_season_it_is_by_calendar_days_and_says_why(world, years, why):
    assert due(scope_of(world, years=years)) == (Decimal("49.59"), f"按日历天数（{why}）")


def test_a_year_of_thirty_is_enough(world):
    assert due(scope_of(world, years=HALF_YEARS | {2019: (10, 30)}))[1] == BY_SEASON


def test_a_month_that_is_not_known_is_no_full_year(world):
    """In March 2021 March of the years before is needed too, and it was returned; in 2022 the year 2021 has not ended."""
    scope = scope_of(world)
    short = world.snapshot(
        regions=THREE_CITIES,
        coverage=[row for row in covered(RETURNS, CITIES, [2018, 2019, 2020, 2021]) if row["month"] != "2019-09"],
        returns=[],
    )
    assert due(scope)[1] == BY_SEASON
    assert due(Scope.of(Results(short, CATALOGUE.values()), short.regions.find("Ashford"), Period(2021, 6)))[1] == (
        "按日历天数（历史不足三年）"
    )


def test_a_target_that_is_due_before_the_year_ends_has_the_season_up_to_that_month(world):
    """By June a year has what it has by September, so all of it is due in June; in March nothing was ever done."""
    assert due(scope_of(world), on=date(2021, 9, 30)) == (100, BY_SEASON)
    assert due(scope_of(world, through=3), on=date(2021, 9, 30)) == (0, BY_SEASON)
    assert due(scope_of(world), on=date(2021, 6, 30)) == (100, BY_SEASON)
    assert due(scope_of(world), on=date(2021, 9, 29)) == (Decimal("66.54"), "按日历天数（完成时限不在月末）")
    assert due(scope_of(world), on=date(2022, 3, 31)) == (Decimal("39.78"), "按日历天数（完成时限不在月末）")


def test_different_units_since_january_have_a_season_too(world):
    assert CATALOGUE["units_with_repeated_problems"].form == "distinct"
    scope = scope_of(world, "units_with_repeated_problems", as_of=True)
    assert due(scope, "units_with_repeated_problems") == (Decimal("22.54"), BY_SEASON)


def test_a_level_goes_by_calendar_days(world):
    scope = scope_of(world, "enterprise_stock", as_of=True)
    assert due(scope, "enterprise_stock") == (Decimal("49.59"), "按日历天数（不是累计数）")


def test_the_bases_name_their_targets():
    lines = pace.bases(
        [("甲", pace.Pace(Decimal(50))), ("乙", pace.Pace(Decimal(50), "历史不足三年")), ("丙", pace.Pace(Decimal(1)))]
    )
    assert lines == ["应达进度按近三年进度计算：甲、丙", "应达进度按日历天数计算：乙（历史不足三年）"]


@pytest.mark.parametrize(("year", "fewest"), [(2017, 0), (2021, 60), (2022, 60)])
def test_every_pace_of_the_demo_equals_a_count_in_sql(demo_province, demo_results, year, fewest):
    """Every target of every city and month; of those of the demo only new_entities adds up from January."""
    with duckdb.connect() as base:
        for name in ("entities", "coverage"):
            base.execute(f"create view {name} as select * from '{demo_province.path}/{name}.parquet'")
        shares = base.execute(
            """
            with months as (
                select region, year(month_on) y, month(month_on) m, n from (
                    select c.region, strptime(c.month, '%Y-%m')::date month_on, (
                        select count(*) from entities e
                        where e.region = c.region and strftime(e.registered_on, '%Y-%m') = c.month
                    ) n
                    from coverage c where c."table" = 'entities'
                )
            ),
            years as (select region, y, count(*) known, sum(n) whole from months group by all),
            shares as (
                select a.region, a.y, a.m, 1.0 * sum(b.n) / y.whole share
                from months a join months b on b.region = a.region and b.y = a.y and b.m <= a.m
                join years y on y.region = a.region and y.y = a.y where y.known = 12 and y.whole >= 30
                group by a.region, a.y, a.m, y.whole
            )
            select region, m, 100 * avg(share) from shares where y between ? - 3 and ? - 1 group by region, m having count(*) = 3
            """,
            [year, year],
        ).fetchall()
    expected = {(region, month): share for region, month, share in shares}
    seasonal = 0
    for city in demo_results.regions.cities:
        for through in range(1, 13):
            scope = Scope.of(demo_results, city, Period(year, through))
            for one in standings(scope):
                if one.pace is None:
                    continue
                days = 100 * scope.period.days / Period(year).days
                counted = expected.get((city.code, through)) if one.metric.id == "new_entities" else None
                assert float(one.pace.share) == pytest.approx(counted if counted is not None else days, abs=1e-9)
                assert (one.pace.basis == BY_SEASON) == (counted is not None)
                seasonal += one.pace.basis == BY_SEASON
    assert seasonal >= fewest
