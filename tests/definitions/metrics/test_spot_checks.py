"""抽检: what the batches, pass rates and re-tests of food, drugs and products count alike, restated as rows."""

import pytest

from city_briefs.metrics import CATALOGUE
from city_briefs.model.labels import UNSAID
from city_briefs.model.tables import SPOT_CHECKS
from tests.conftest import covered, rows, value
from tests.definitions.metrics.breakdown import part

LANZHOU = "620100"
DOMAINS = {"food": "product", "drug": "food", "product": "drug"}  # each with another one, which is not to be counted with it


@pytest.fixture(params=DOMAINS)
def domain(request):
    return request.param


@pytest.fixture
def checks(world, domain):
    return world.snapshot(
        coverage=covered(SPOT_CHECKS, [LANZHOU], [2021]),
        spot_checks=rows(f"""
            batch_id  region  domain             category  sampled_on  passed  retest_of
            a         620100  {domain}           one       2021-01-01  True    -
            b         620100  {domain}           one       2021-06-30  False   -
            c         620100  {domain}           -         2021-12-31  True    -
            d         620100  {domain}           two       2021-07-01  False   -
            b2        620100  {domain}           one       2021-07-31  True    b
            d2        620100  {domain}           two       2021-08-01  False   d
            x         620100  {DOMAINS[domain]}  one       2021-03-01  False   -
            x2        620100  {DOMAINS[domain]}  one       2021-03-02  False   x
            n         620100  {domain}           one       2022-01-01  True    -
        """),
    )


@pytest.fixture
def counted(checks, domain):
    """What a metric of the domain counts, by the end of its name."""
    return lambda name, through=12: value(checks, CATALOGUE[f"{domain}_{name}"], LANZHOU, 2021, through=through)


def test_a_retest_is_not_a_batch_of_its_own(counted):
    assert counted("batches") == 4  # a b c d
    assert counted("batches", through=6) == 2  # a, and b on the last day of June
    assert counted("batches", through=5) == 1


def test_the_first_result_decides_and_not_the_retest(counted):
    assert counted("batches_passed") == 2  # a c; b passed only when re-tested
    assert counted("pass_rate") == 50


def test_retests_count_in_the_month_they_were_sampled(counted):
    assert counted("retests", through=6) == 0
    assert counted("retests", through=7) == 1  # b2
    assert counted("retests") == 2  # d2 too, x2 is of another domain
    assert counted("retests_failed", through=7) == 0
    assert counted("retests_failed") == 1  # d2
    assert counted("retest_failure_rate") == 50


def test_batches_are_broken_down_by_category(checks, domain):
    def parts(name, *words):
        return [part(checks, CATALOGUE[f"{domain}_{name}"], LANZHOU, 2021, "category", word) for word in words]

    assert parts("batches", "one", "two", UNSAID) == [2, 1, 1]
    assert parts("batches_passed", "one", "two") == [1, 0]
    assert parts("retests", "one", "two") == [1, 1]
    assert parts("retests_failed", "one", "two") == [0, 1]
