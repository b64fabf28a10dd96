"""What all regions are counted for is counted once."""

import gc
import weakref

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.figure import Refusal
from city_briefs.analysis.figures.ranking import places_of
from city_briefs.analysis.figures.scope import Scope, counted_once
from city_briefs.common.periods import Period
from city_briefs.metrics.food_safety import food_pass_rate
from tests.conftest import THREE_CITIES

YEAR = Period(2021)


@pytest.fixture
def results(world):
    """Gives the results of three cities that reported nothing."""
    return lambda: Results(world.snapshot(regions=THREE_CITIES, coverage=[]), [food_pass_rate])


@pytest.fixture
def counting():
    """A function that is counted once, and what it was asked."""
    asked = []

    @counted_once
    def count(scope, word):
        asked.append((scope.region.name, scope.period.slug, word))
        return len(asked)

    return count, asked


def test_all_regions_of_a_period_are_counted_once(results, counting):
    count, asked = counting
    province = Scope(of := results(), of.regions.province, YEAR)
    assert [count(scope, "a") for scope in (province, *map(province.at, province.peers))] == [1, 1, 1, 1]
    assert asked == [("Norland", "2021", "a")]


def test_other_results_another_period_and_another_question_are_counted_anew(results, counting):
    count, _ = counting
    province = Scope(of := results(), of.regions.province, YEAR)
    others = Scope(among := results(), among.regions.province, YEAR)
    assert [count(province, "a"), count(province.year_before, "a"), count(province, "b"), count(others, "a")] == [1, 2, 3, 4]


def test_what_was_counted_goes_with_the_results_even_when_it_was_refused(results):
    of = results()
    ashford = Scope(of, of.regions.find("Ashford"), YEAR)
    reasons = []
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            places_of(ashford, food_pass_rate)
        reasons.append(str(refused.value))
    assert reasons == ["部分地区数据不全，不排位次（Ashford、Birchwood、Cedarton）"] * 2
    seen = weakref.ref(of)
    del of, ashford, refused
    gc.collect()
    assert seen() is None
