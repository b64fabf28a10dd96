"""Monthly numbers of one city as returns, and the limits of a month by the formulas of the method in plain numbers."""

from collections.abc import Sequence
from itertools import pairwise

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import RETURNS
from tests.conftest import World, covered

LANZHOU = "620100"
EVEN = [60, 140, 100, 104, 96, 102, 200, 98, 101, 99, 103, 97]  # February has what January lacks, July twice as many
ODD = [140, 60, 96, 100, 104, 98, 200, 102, 99, 101, 97, 103]
YEARS = [*EVEN, *ODD, *EVEN]  # 2018 to 2020


def returned(world: World, *, first: int = 2018, rejected: Sequence[str] = (), **of_indicators: Sequence[float | None]) -> Scope:
    """A scope of Lanzhou up to the last month of indicators, each with a number for each month from January of `first` on.

    A month with None is not reported; where it is one of `rejected`, a row of it was rejected.
    """
    months = len(next(iter(of_indicators.values())))
    last = Period(first + (months - 1) // 12, (months - 1) % 12 + 1)
    names = [month for year in range(first, last.year + 1) for month in Period(year).months][:months]
    given = [
        {"region": LANZHOU, "month": month, "indicator": name, "numerator": str(number), "span": "month"}
        for name, numbers in of_indicators.items()
        for month, number in zip(names, numbers, strict=True)
        if number is not None
    ]
    reported = {row["month"] for row in given}
    coverage = [row for row in covered(RETURNS, [LANZHOU], range(first, last.year + 1)) if row["month"] in reported]
    gaps = [{"table": RETURNS.name, "region": LANZHOU, "month": month, "rows": "1"} for month in rejected]
    of = world.snapshot(coverage=coverage, returns=given, **({"rejected": gaps} if gaps else {}))
    return Scope.of(Results(of, CATALOGUE.values()), of.regions.find(LANZHOU), last)


def limits_by_hand(months: Sequence[float], through: int) -> list[float]:
    """The mean and the limits of the month `through` by the formulas in plain numbers; `months` are of 2018 to 2021.

    Of February they are those of January and February together.
    """

    def points(year):
        return [(year[0] + year[1]) / 2, *year[2:]]

    years = [points(months[start : start + 12]) for start in (0, 12, 24)]
    shares = [sum(year[place] / (sum(year) / 11) for year in years) / 3 for place in range(11)]
    factors = [share / (sum(shares) / 11) for share in shares]
    this_year = [(months[36] + months[37]) / 2, *months[38:]][: through - 1]
    first = points(months[12:24])[through - 2 :]  # the baseline begins with the same month two years before
    baseline = [
        value / factor
        for value, factor in zip(
            [*first, *years[2], *this_year[:-1]], [*factors[through - 2 :], *factors, *factors[: through - 2]], strict=True
        )
    ]
    mean = sum(baseline) / len(baseline)
    moving = sum(abs(later - earlier) for earlier, later in pairwise(baseline)) / (len(baseline) - 1)
    factor = factors[through - 2] * (2 if through == 2 else 1)
    return [round(limit * factor, 6) for limit in (mean, mean - 3 / 1.128 * moving, mean + 3 / 1.128 * moving)]
