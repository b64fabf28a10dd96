"""The formulas against SciPy and statsmodels, whose values stand in reference_values.csv (reference_values.py writes it)."""

import csv
from pathlib import Path

import pytest

from city_briefs.analysis.statistics import comparisons, intervals, outliers, places

with Path(__file__).with_name("reference_values.csv").open(encoding="utf-8") as file:
    ROWS = [
        pytest.param(row["formula"], *([float(number) for number in row[name].split()] for name in ("numbers", "expected")),
                     id=f"{row['formula']} {row['numbers'][:30]}")
        for row in csv.DictReader(file)
    ]  # fmt: skip


def limits(interval):
    return [interval.low, interval.high]


def halves(numbers):
    """The first and the second half of the numbers."""
    return numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]


FORMULAS = {
    "wilson": lambda numbers: limits(intervals.wilson(*numbers)),
    "newcombe": lambda numbers: limits(intervals.newcombe(*numbers)),
    "two_proportions": lambda numbers: [comparisons.two_proportions(*numbers).z],
    "fisher": lambda numbers: [comparisons._fisher(*map(int, numbers))],
    "binomial": lambda numbers: [comparisons.two_counts(*numbers).p],
    "q_values": outliers.q_values,
    "homogeneity": lambda numbers: [places.homogeneity(*halves(numbers))],
    "chi_square_tail": lambda numbers: [places.chi_square_tail(numbers[0], int(numbers[1]))],
}


@pytest.mark.parametrize(("formula", "numbers", "expected"), ROWS)
def test_a_formula_gives_what_scipy_and_statsmodels_give(formula, numbers, expected):
    assert FORMULAS[formula](numbers) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_every_formula_has_a_row():
    assert {row.values[0] for row in ROWS} == set(FORMULAS)
