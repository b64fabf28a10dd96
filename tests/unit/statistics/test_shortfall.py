"""Shortfalls: the numbers of the method, and that one case fewer is never enough."""

from fractions import Fraction
from functools import partial
from random import Random

import pytest

from city_briefs.analysis.statistics.shortfall import more_with, more_without, to_add, to_close

FIFTH = Fraction(20, 100)


@pytest.mark.parametrize(
    ("part", "from_both", "strictly", "fewest"),
    [
        (30, True, False, 8),
        (30, False, False, 6),
        (26, True, False, 3),
        (30, False, True, 7),  # 24 of 120 lands on the threshold
        (24, True, True, 1),
        (24, True, False, 0),
        (3, True, True, 0),
    ],
)
def test_closing_cases_of_120_to_a_fifth(part, from_both, strictly, fewest):
    assert to_close(part, 120, FIFTH, from_both=from_both, strictly=strictly) == fewest


@pytest.mark.parametrize(("part", "threshold", "fewest"), [(404, "0.97", 4), (404, "0.96", 0), (419, "1", 1)])
def test_a_target_lacks_passes_at_an_equal_number_of_checks(part, threshold, fewest):
    assert to_add(part, 420, Fraction(threshold)) == fewest


def test_where_nothing_helps_there_is_no_number():
    assert to_close(5, 5, FIFTH, from_both=True) is None  # when all are closed there is no share
    assert to_close(5, 9, Fraction(0), from_both=False, strictly=True) is None
    assert more_with(419, 420, Fraction(1)) is None  # one that failed has failed
    assert more_without(1, 9, Fraction(0)) is None


def reached(after, threshold, *, at_least, strictly):
    """Whether a share of (part, whole) is past the threshold; there is none of nothing."""
    part, whole = after
    if part < 0 or whole <= 0:
        return False
    gap = (Fraction(part, whole) - threshold) * (1 if at_least else -1)
    return gap > 0 if strictly else gap >= 0


WAYS = {  # the function, what a number of cases makes of part and whole, and whether the share must rise
    "close from both": (partial(to_close, from_both=True), lambda part, whole, x: (part - x, whole - x), False),
    "close": (partial(to_close, from_both=False), lambda part, whole, x: (part - x, whole), False),
    "add": (to_add, lambda part, whole, x: (part + x, whole), True),
    "more without": (more_without, lambda part, whole, x: (part, whole + x), False),
    "more with": (more_with, lambda part, whole, x: (part + x, whole + x), True),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_the_fewest_for_random_numbers(way):
    draw = Random(23)
    function, after, at_least = WAYS[way]
    found = 0
    for _ in range(1500):
        whole = draw.randrange(1, 400)
        part, threshold = draw.randrange(whole + 1), Fraction(draw.randrange(0, 201), 200)
        strictly = draw.random() < 0.5
        fewest = function(part, whole, threshold, strictly=strictly)
        rule = {"at_least": at_least, "strictly": strictly}
        if fewest is None:
            assert not any(reached(after(part, whole, x), threshold, **rule) for x in (*range(200), 10**6))
            continue
        found += 1
        assert reached(after(part, whole, fewest), threshold, **rule)
        assert not fewest or not reached(after(part, whole, fewest - 1), threshold, **rule)
    assert found > 1000
