"""Every metric over all regions and months equals a second computation, on a small demo."""

import pytest

from lib import demo
from lib.metric import Metric
from lib.metrics import CATALOGUE
from lib.periods import Period
from lib.regions import Region
from lib.results import Results
from lib.snapshot import Snapshot
from lib.views import look
from tests.second_count import COUNTS, SecondCount

# All months of two years, the second with a planted gap; of the years around them, what differs.
PERIODS = [
    *(Period(year, through) for year in (2021, 2022) for through in range(1, 13)),
    *(
        Period(*cut_off)
        for cut_off in ((2015, 12), (2017, 12), (2018, 3), (2019, 12), (2020, 10), (2020, 11), (2020, 12), (2023, 1))
    ),
]
BROKEN_DOWN = [(metric, by) for metric in CATALOGUE.values() for by in metric.by]


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory) -> Snapshot:
    return demo.write(tmp_path_factory.mktemp("demo") / "snapshot", entities=20_000)


@pytest.fixture(scope="session")
def results(small_demo) -> Results:
    return Results(small_demo, CATALOGUE.values())


@pytest.fixture(scope="session")
def second(small_demo) -> SecondCount:
    return SecondCount(small_demo.path)


def computed(results: Results, metric: Metric, region: Region, period: Period, part=("", "")):
    """What the program says, as the second computation would."""
    if metric.form == "cited":
        return look(results, metric, "parameter", region, period).value
    amount = results.amount(metric, region, period, part)
    if amount.missing or amount.twice:
        return None
    return amount.numerator if amount.denominator is None else (amount.numerator, amount.denominator)


def test_every_metric_is_counted_a_second_time():
    assert list(CATALOGUE) == [metric for metric in CATALOGUE if metric in COUNTS] and set(COUNTS) <= set(CATALOGUE)


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=lambda metric: metric.id)
def test_both_computations_give_the_same(results, second, metric):
    differing = [
        f"{region} {period.slug}: {ours}, counted a second time {theirs}"
        for region in results.regions.all
        for period in PERIODS
        for ours in [computed(results, metric, region, period)]
        for theirs in [second.number(metric.id, region.code, (period.year, period.through))]
        if ours != theirs
    ]
    assert not differing
