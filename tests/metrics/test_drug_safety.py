"""药品安全: each definition restated as rows."""

import pytest

from lib.metrics.drug_safety import (
    drug_batches,
    drug_batches_passed,
    drug_pass_rate,
    drug_retest_failure_rate,
    drug_retests,
    drug_retests_failed,
)
from lib.scan import UNSAID
from lib.tables import SPOT_CHECKS
from tests.conftest import covered, rows, value
from tests.metrics.breakdown import part

LANZHOU = "620100"


@pytest.fixture
def checks(world):
    return world.snapshot(
        coverage=covered(SPOT_CHECKS, [LANZHOU], [2021]),
        spot_checks=rows("""
            batch_id  region  domain   category  sampled_on  passed  retest_of
            a         620100  drug     one       2021-01-01  True    -
            b         620100  drug     one       2021-06-30  False   -
            c         620100  drug     -         2021-12-31  True    -
            d         620100  drug     two       2021-07-01  False   -
            b2        620100  drug     one       2021-07-31  True    b
            d2        620100  drug     two       2021-08-01  False   d
            x         620100  food     one       2021-03-01  False   -
            x2        620100  food     one       2021-03-02  False   x
            n         620100  drug     one       2022-01-01  True    -
        """),
    )


def test_a_retest_is_not_a_batch_of_its_own(checks):
    assert value(checks, drug_batches, LANZHOU, 2021) == 4  # a b c d
    assert value(checks, drug_batches, LANZHOU, 2021, through=6) == 2  # a, and b on the last day of June
    assert value(checks, drug_batches, LANZHOU, 2021, through=5) == 1


def test_the_first_result_decides_and_not_the_retest(checks):
    assert value(checks, drug_batches_passed, LANZHOU, 2021) == 2  # a c; b passed only when re-tested
    assert value(checks, drug_pass_rate, LANZHOU, 2021) == 50


def test_retests_count_in_the_month_they_were_sampled(checks):
    assert value(checks, drug_retests, LANZHOU, 2021, through=6) == 0
    assert value(checks, drug_retests, LANZHOU, 2021, through=7) == 1  # b2
    assert value(checks, drug_retests, LANZHOU, 2021) == 2  # d2 too, x2 is of another domain
    assert value(checks, drug_retests_failed, LANZHOU, 2021, through=7) == 0
    assert value(checks, drug_retests_failed, LANZHOU, 2021) == 1  # d2
    assert value(checks, drug_retest_failure_rate, LANZHOU, 2021) == 50


def test_batches_are_broken_down_by_category(checks):
    assert [part(checks, drug_batches, LANZHOU, 2021, "category", word) for word in ("one", "two", UNSAID)] == [2, 1, 1]
    assert [part(checks, drug_batches_passed, LANZHOU, 2021, "category", word) for word in ("one", "two")] == [1, 0]
    assert [part(checks, drug_retests, LANZHOU, 2021, "category", word) for word in ("one", "two")] == [1, 1]
    assert [part(checks, drug_retests_failed, LANZHOU, 2021, "category", word) for word in ("one", "two")] == [0, 1]
