"""Amounts: cells of a grid summed over regions and months, or the gaps in the reports that forbid the sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from city_briefs.common.regions import Region

if TYPE_CHECKING:
    from city_briefs.analysis.compute.cube import Grid, Integers

ZERO = Decimal(0)


@dataclass(frozen=True)
class Amount:
    """A metric of one region over a period, in the unit of the metric; its numbers hold only when `missing` and `twice` are empty.

    `denominator` is None but for a ratio. `records` is the number of records behind a sum, a maximum or a median; else None. `low` and
    `high` are the limits of a median, between which it lies with 95 %; else None.
    `missing` and `twice` are the months (YYYY-MM) that a region did not report, or returned more than once. `series` and `as_of` (a
    month) are those of the population in the denominator, empty when there is none.
    """

    numerator: Decimal = ZERO
    denominator: Decimal | None = None
    records: Decimal | None = None
    missing: dict[Region, list[str]] = field(default_factory=dict)
    twice: dict[Region, list[str]] = field(default_factory=dict)
    series: str = ""
    as_of: str = ""
    low: Decimal | None = None
    high: Decimal | None = None


def total(grid: "Grid", needed: Mapping[Region, Sequence[str]], counted: list[Region], months: Sequence[str]) -> Amount:
    """Return the sum of the `counted` regions over the months; with the gaps in its place when any month of `needed` is not known.

    `needed` has, for each region, the months that it must have reported.
    """
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
    import numpy as np  # which is here already, where there is a grid

    cells = np.ix_([grid.row[region.code] for region in counted], [grid.place(month) for month in months])

    def added(amounts: "Integers | None", scale: int = 0) -> Decimal | None:
        return None if amounts is None else Decimal(int(amounts[cells].sum())).scaleb(-scale)

    return Amount(
        added(grid.numerator, grid.scale) or ZERO, added(grid.denominator, grid.scale), added(grid.records),
        low=added(grid.low, grid.scale), high=added(grid.high, grid.scale),
    )  # fmt: skip
