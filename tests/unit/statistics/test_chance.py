"""With equal true rates few changes are told apart: one in twenty, and fewer where numbers are small."""

import numpy as np
import pytest

from city_briefs.analysis.statistics.comparisons import two_counts, two_proportions
from tests.helpers.size import FULL

DRAWS = 20_000 if FULL else 2_000
PROPORTIONS = ((420, 402, 0.97), (5084, 4890, 0.968), (40, 60, 0.9), (200, 300, 0.5), (1000, 100, 0.99))  # two bases, true rate
COUNTS = (5, 12, 40, 300, 5000)  # events that are expected in a year
ONE = 0.058 if FULL else 0.068  # the most of one case: 5 %, what the normal limit adds, and the chance of the draws
ALL = 0.05 if FULL else 0.052


def of_proportions(whole, base, rate, seed):
    """The share of changes between two years of the same true rate that are told apart."""
    chance = np.random.default_rng(seed)
    years = zip(*(chance.binomial(size, rate, DRAWS).tolist() for size in (whole, base)), strict=True)
    return np.mean([two_proportions(now, whole, before, base).is_told_apart for now, before in years])


def of_counts(mean, seed):
    """The share of changes between two years of the same expected count that are told apart."""
    chance = np.random.default_rng(seed)
    years = zip(*(chance.poisson(mean, DRAWS).tolist() for _ in range(2)), strict=True)
    return np.mean([two_counts(now, before).is_told_apart for now, before in years])


@pytest.fixture(scope="module")
def shares():
    """The share that is told apart, of each case."""
    proportions = {case: of_proportions(*case, seed) for seed, case in enumerate(PROPORTIONS)}
    return proportions | {case: of_counts(case, 100 + seed) for seed, case in enumerate(COUNTS)}


@pytest.mark.parametrize("case", [*PROPORTIONS, *COUNTS], ids=str)
def test_chance_is_seldom_taken_for_a_change(shares, case):
    assert 0 < shares[case] < ONE


def test_of_all_changes_at_most_one_in_twenty_is_coloured_by_chance(shares):
    assert np.mean(list(shares.values())) <= ALL
