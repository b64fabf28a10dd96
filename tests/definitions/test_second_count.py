"""Every metric over all regions and months equals a second computation, on a small demo."""

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.periods import LENGTHS, Period, Span
from city_briefs.common.regions import Region
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import TO_DATE, Metric
from tests.definitions.second_count import COUNTS, SecondCount
from tests.helpers.size import FULL, one_of_each

# Months of two years, the second with a planted gap, and all of them in the full size; of the years around them, what differs.
MONTHS = range(1, 13) if FULL else (1, 6, 12)
PERIODS = [
    *(Period(year, through) for year in (2021, 2022) for through in MONTHS),
    *(
        Period(*cut_off)
        for cut_off in ((2015, 12), (2017, 12), (2018, 3), (2019, 12), (2020, 10), (2020, 11), (2020, 12), (2023, 1))
    ),
]
SPANS = [
    period
    for year in (2021, 2022)
    for span in ("month", "quarter", "half")
    for period in (Period(year, through, span) for through in range(LENGTHS[span], 13, LENGTHS[span]))
    if FULL or period.slug in ("2021-M01", "2021-M03", "2022-M10", "2021-Q1", "2021-Q3", "2022-Q4", "2021-S1", "2022-S2")
]
COMPARED = one_of_each(
    CATALOGUE.values(), lambda metric: (metric.form, metric.tables, metric.on, metric.unit == "%")
)  # another scan each
BROKEN_DOWN = [(metric, by) for metric in CATALOGUE.values() for by in metric.by]


def computed(results: Results, metric: Metric, region: Region, period: Period, part=("", "")):
    """What the program says, as the second computation would."""
    if metric.form == "cited":
        return look(Scope.of(results, region, period), metric, "parameter").value
    amount = results.amount(metric, region, period, part)
    if amount.missing or amount.twice:
        return None
    return amount.numerator if amount.denominator is None else (amount.numerator, amount.denominator)


def counted(second: SecondCount, metric: Metric, region: Region, period: Period, part=("", "")):
    """What the second computation says."""
    return second.number(metric.id, region.code, (period.year, period.through, int(period.months[0][-2:])), part)


def test_every_metric_is_counted_a_second_time():
    assert set(COUNTS) == set(CATALOGUE)


@pytest.mark.parametrize("metric", COMPARED, ids=lambda metric: metric.id)
def test_both_computations_give_the_same(results, second, metric):
    differing = [
        f"{region} {period.slug}: {ours}, counted a second time {theirs}"
        for region in (results.regions.all if metric.form != "cited" else [results.regions.province])
        for period in [*PERIODS, *SPANS]
        for ours in [computed(results, metric, region, period)]
        for theirs in [counted(second, metric, region, period)]
        if ours != theirs
    ]
    assert not differing


@pytest.mark.parametrize("metric", [one for one in COMPARED if one.form in ("flow", "difference")], ids=lambda metric: metric.id)
def test_months_add_up_to_quarters_half_years_and_the_year(results, metric):
    def at(region: Region, through: int, span: Span):
        return computed(results, metric, region, Period(2021, through, span))

    for region in results.regions.all:
        months, quarters, halves = (
            [at(region, through, span) for through in range(length, 13, length)] for span, length in LENGTHS.items()
        )
        if None not in months:
            assert quarters == [sum(months[start : start + 3]) for start in range(0, 12, 3)]
            assert halves == [sum(quarters[:2]), sum(quarters[2:])]
            assert at(region, 12, "ytd") == sum(halves)


@pytest.mark.parametrize(("metric", "by"), BROKEN_DOWN, ids=lambda one: getattr(one, "id", one))
@pytest.mark.parametrize(
    "period", [Period(2021, 7), Period(2021, 7, "month"), Period(2021, 9, "quarter")], ids=lambda one: one.slug
)
def test_the_parts_are_counted_alike_and_add_up_to_the_whole(results, second, metric, by, period):
    parts = results.parts(metric, by)
    assert parts
    for region in (results.regions.province, results.regions.cities[0]):
        ours = [computed(results, metric, region, period, (by, part)) for part in parts]
        assert ours == [counted(second, metric, region, period, (by, part)) for part in parts]
        if metric.form not in TO_DATE:
            assert sum(ours) == computed(results, metric, region, period)


@pytest.mark.parametrize(
    "metric",
    [metric for metric in COMPARED if metric.form in ("flow", "stock", "maximum", "median")],
    ids=lambda metric: metric.id,
)
def test_as_many_records_are_behind_an_amount(results, second, metric):
    for region in results.regions.all:
        amount = results.amount(metric, region, Period(2021, 7))
        if amount.records is not None and not amount.missing:
            assert amount.records == len(second.values(metric.id, region.code, (2021, 7)))
