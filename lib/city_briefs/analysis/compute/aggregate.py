"""An amount: what a metric came to over a period, or who has not reported it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from city_briefs.analysis.compute.cube import Grid, Integers
from city_briefs.common.regions import Region

ZERO = Decimal(0)


@dataclass(frozen=True)
class Amount:
    """A metric over a period: its two halves, or who did not report which months of it, or reported them twice.

    `records` are behind an amount, a maximum or a median. `series` and `as_of` are those of the population that it is divided by.
    """

    numerator: Decimal = ZERO
    denominator: Decimal | None = None
    records: Decimal | None = None
    missing: dict[Region, list[str]] = field(default_factory=dict)
    twice: dict[Region, list[str]] = field(default_factory=dict)
    series: str = ""
    as_of: str = ""


def total(grid: Grid, needed: Mapping[Region, Sequence[str]], counted: list[Region], months: Sequence[str]) -> Amount:
    """The sum of the `counted` regions over the months, if every region reported the months `needed` of it; else who did not."""
    missing: dict[Region, list[str]] = {}
    twice: dict[Region, list[str]] = {}
    for region, needs in needed.items():
        if unknown := grid.unknown(region, needs):
            repeated = [month for month in unknown if grid.stands_twice(region, month)]
            gaps = [month for month in unknown if month not in repeated]
            missing |= {region: gaps} if gaps else {}
            twice |= {region: repeated} if repeated else {}
    if missing or twice:
        return Amount(missing=missing, twice=twice)
    cells = np.ix_([grid.row[region.code] for region in counted], [grid.place(month) for month in months])

    def added(amounts: Integers | None, scale: int = 0) -> Decimal | None:
        return None if amounts is None else Decimal(int(amounts[cells].sum())).scaleb(-scale)

    return Amount(added(grid.numerator, grid.scale) or ZERO, added(grid.denominator, grid.scale), added(grid.records))
