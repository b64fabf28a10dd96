"""Writes reference_values.csv: what SciPy and statsmodels say of the same numbers, against which the formulas are tested.

    uv run --with scipy==1.17.1 --with statsmodels==0.15.0 python tests/unit/statistics/reference_values.py

They are no test dependencies, since seaborn imports SciPy where it finds it, and the tests would then run in heavier processes than a
build. A row has the name of a formula, its numbers with blanks between, and the expected numbers.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

FILE = Path(__file__).with_name("reference_values.csv")
ALPHA = 2 * stats.norm.sf(1.96)  # of limits of 95 % as they are rounded here
SHARES = ((404, 420), (0, 30), (30, 30), (1, 40), (4937, 5084), (17, 61))
PAIRS = (
    ((404, 420), (395, 402)),
    ((4937, 5084), (4700, 4890)),
    ((28, 30), (25, 33)),
    ((30, 30), (27, 33)),
    ((3, 40), (20, 2000)),
)
COUNTS = ((14, 5), (12, 3), (0, 7), (9, 9))
P_VALUES = (0.001, 0.008, 0.012, 0.039, 0.041, 0.2, 0.5, 0.6, 0.7, 0.9)
REGIONS = ((4937, 5084), (333, 338), (404, 420), (1329, 1363), (1121, 1134), (2282, 2321))


def rows() -> Iterator[tuple[str, tuple[float, ...], tuple[float, ...]]]:
    """Yield the name of each formula, its numbers, and what is expected of it."""
    for part, whole in SHARES:
        yield "wilson", (part, whole), proportion_confint(part, whole, ALPHA, "wilson")
    for (part, whole), (base_part, base_whole) in PAIRS:
        numbers = (part, whole, base_part, base_whole)
        yield "newcombe", numbers, confint_proportions_2indep(*numbers, method="newcomb", compare="diff", alpha=ALPHA)
        if min(whole, base_whole) > 100:  # with fewer the test is exact
            yield "two_proportions", numbers, (proportions_ztest([part, base_part], [whole, base_whole])[0],)
        table = [[part, whole - part], [base_part, base_whole - base_part]]
        yield "fisher", numbers, (stats.fisher_exact(table)[1],)
    for count, base in COUNTS:
        yield "binomial", (count, base), (stats.binomtest(count, count + base, 0.5).pvalue,)
    yield "q_values", P_VALUES, tuple(multipletests(P_VALUES, method="fdr_bh")[1])
    parts, wholes = zip(*REGIONS, strict=True)
    table = [parts, [whole - part for part, whole in REGIONS]]
    yield "homogeneity", (*parts, *wholes), (stats.chi2_contingency(table, correction=False)[1],)
    for value, freedom in ((42.6, 13), (3.84, 1), (10.0, 4)):
        yield "chi_square_tail", (value, freedom), (stats.chi2.sf(value, freedom),)


def main() -> None:
    """Write the file."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["formula", "numbers", "expected"])
        for formula, numbers, expected in rows():
            writer.writerow([formula, " ".join(map(str, numbers)), " ".join(f"{float(number):.12g}" for number in expected)])


if __name__ == "__main__":
    main()
