"""Grids: a cube of one metric, or of one member of a breakdown, by region and month in exact integers; and the axes that they share."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from city_briefs.common.periods import month_name, month_number
from city_briefs.common.regions import Region, Regions
from city_briefs.model.metric import TO_DATE, Metric

if TYPE_CHECKING:
    import pandas as pd  # at run time only where records are counted or a table is asked for: what is kept is read without

Integers = npt.NDArray[np.signedinteger]  # of any width; a sum of them is one of int64
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """One metric by region and month: arrays of len(codes) rows and len(months) columns, all of the same shape.

    `numerator`, `denominator`, `records`, `low` and `high` are integers of any width, all but `records` in units of 10**-scale;
    `known` and `twice` are booleans. `known` marks the cells that were reported. `denominator` is None but for a returned ratio.
    `records` is the number of records behind a sum, a maximum or a median, None for other metrics. `low` and `high` are the limits
    between which a median lies with 95 %; None for other metrics. `twice` marks cells that were returned more than once and so are
    not known; None for what is counted from records. Months are consecutive, YYYY-MM.
    """

    codes: Sequence[str]
    months: Sequence[str]
    known: Truths
    numerator: Integers
    scale: int = 0
    denominator: Integers | None = None
    records: Integers | None = None
    twice: Truths | None = None
    low: Integers | None = None
    high: Integers | None = None

    @cached_property
    def _first(self) -> int:
        """The number of the first month; of a grid without months, larger than any."""
        return month_number(self.months[0]) if self.months else sys.maxsize

    @cached_property
    def row(self) -> dict[str, int]:
        """The index of the row of each region, by code."""
        return {code: place for place, code in enumerate(self.codes)}

    def place(self, month: str) -> int:
        """Return the index of the column of a month; it is negative or too large when the grid lacks the month."""
        return month_number(month) - self._first

    def knows_of(self, code: str, until: str, since: str = "") -> bool:
        """Return whether any month of a region is known up to `until`; only from `since` on, when it is named."""
        months = slice(max(0, self.place(since)) if since else 0, max(0, self.place(until) + 1))
        return bool(self.known[self.row[code], months].any())

    def reporters(self, regions: Regions, all_regions: Regions, months: Sequence[str]) -> list[Region]:
        """Return who of `regions` knows any of consecutive months: the province, and the first two of its cities and other regions.

        A city knows what any region below it knows.
        """

        def knows(code: str) -> bool:
            return self.knows_of(code, months[-1], months[0])

        parts = (part for part in (*regions.cities, *regions.others) if any(map(knows, all_regions.below(part))))
        return [*([regions.province] if knows(regions.province.code) else []), *islice(parts, 2)]

    def unknown(self, region: Region, months: Sequence[str]) -> list[str]:
        """Return those of some months that are not known of a region, in their order; empty when all are."""
        row = self.known[self.row[region.code]].tolist()
        places = [self.place(month) for month in months]
        return [month for month, place in zip(months, places, strict=True) if not (0 <= place < len(row) and row[place])]

    def stands_twice(self, region: Region, month: str) -> bool:
        """Return whether a month of a region is not known because it was returned more than once."""
        place = self.place(month)
        return self.twice is not None and 0 <= place < len(self.months) and bool(self.twice[self.row[region.code], place])

    def last_known(self, code: str) -> str:
        """Return the last month that is known of a region; empty for none."""
        places = np.flatnonzero(self.known[self.row[code]])
        return self.months[places[-1]] if places.size else ""

    def reaches(self, last: str, months: int) -> bool:
        """Return whether it has so many months up to the last one."""
        return months - 1 <= self.place(last) < len(self.months)

    def sums(self, codes: Iterable[str], last: str, months: int) -> list[float] | None:
        """Return the sum of regions in each of so many months up to the last one; None when a month of one is not known."""
        end = self.place(last)
        cells = np.ix_([self.row[code] for code in codes], range(end - months + 1, end + 1))
        if not self.known[cells].all():
            return None
        return [float(number) / 10**self.scale for number in self.numerator[cells].sum(axis=0).tolist()]

    def of_nothing(self) -> "Grid":
        """Return a grid of which as much is known, and in which nothing was counted."""
        return Grid(self.codes, self.months, self.known, np.zeros_like(self.numerator))

    def since_first_known(self, region: Region, last: str) -> list[str]:
        """Return the months from the first known one of a region to `last`; `last` alone when none is known before it."""
        row = self.known[self.row[region.code]]
        first = self.months[row.argmax()] if row.any() else last
        return [month for month in self.months if first <= month < last] + [last]


@dataclass(frozen=True)
class Axes:
    """The axes of the arrays that grids are made from: regions, and months from `first` to `last` as numbers.

    Column 0 gathers what came before the first month. A Grid is without it.
    """

    regions: Regions
    first: int
    last: int

    @property
    def codes(self) -> list[str]:
        """The codes of all regions in the order of the rows, the province first."""
        return list(self.regions.by_code)

    @property
    def months(self) -> list[str]:
        """The months as YYYY-MM, without column 0."""
        return [month_name(number) for number in range(self.first, self.last + 1)]

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of an array: regions, and months with column 0."""
        return len(self.codes), self.last - self.first + 2

    def grid(
        self,
        known: Truths,
        numerator: Integers,
        scale: int,
        records: Integers | None,
        limits: tuple[Integers, Integers] | None = None,
    ) -> Grid:
        """Return the grid of arrays of this shape, without their column 0. `limits` are those of a median."""
        low, high = (limit[:, 1:] for limit in limits) if limits else (None, None)
        records = None if records is None else records[:, 1:]
        return Grid(self.codes, self.months, known[:, 1:], numerator[:, 1:], scale, records=records, low=low, high=high)

    def known(self, covered: Iterable[tuple[str, str]]) -> Truths:
        """Return an array of this shape (bool) that is true where a pair of region code and month is covered.

        Pairs of a region that is not on the axis are passed over. Every month has to be on the axis.
        """
        cells = np.zeros(self.shape, bool)
        places = {code: place for place, code in enumerate(self.codes)}
        for code, month in covered:
            if code in places:
                cells[places[code], month_number(month) - self.first + 1] = True
        return cells

    def placed(self, counts: "pd.DataFrame", name: str) -> Integers:
        """Return an array of this shape (int64) with a column of counts summed at region and month; 0 where there is no row.

        `counts` has the columns region, month (a number) and `name`. Earlier months go into column 0, later ones are left out.
        """
        import pandas as pd

        placed = np.zeros(self.shape, np.int64)
        rows = pd.Index(self.codes).get_indexer(pd.Index(counts["region"]))
        columns = np.maximum(counts["month"].to_numpy(np.int64) - self.first + 1, 0)
        within = columns < self.shape[1]
        amounts = counts[name].fillna(0).to_numpy(np.int64)
        np.add.at(placed, (rows[within], columns[within]), amounts[within])
        return placed

    def windows(self, months: int = 12) -> list[slice]:
        """Return the columns of each calendar year, or of each part of one of so many months, without column 0."""
        numbers = np.arange(self.first, self.last + 1) // months
        return [
            slice(group.min() + 1, group.max() + 2)
            for window in np.unique(numbers)
            for group in [np.flatnonzero(numbers == window)]
        ]


def tidy(metric: Metric, grid: Grid, regions: Regions) -> "pd.DataFrame":
    """Return the known cells of a grid as rows of the tidy table; what is not additive has a row of a parent once any member reported."""
    import pandas as pd

    reported = grid.known.copy()
    for parent in filter(regions.made_of, regions.all if metric.form in TO_DATE else ()):
        members = [grid.row[code] for code in regions.below(parent)]
        reported[grid.row[parent.code]] = grid.known[members].any(axis=0)
    rows, columns = np.nonzero(reported)

    def cells(amounts: Integers | None, scale: int = 0) -> "pd.Series":
        numbers = [None] * len(rows) if amounts is None else [
            Decimal(int(amount)).scaleb(-scale) for amount in amounts[rows, columns]
        ]  # fmt: skip
        return pd.Series(numbers, dtype=object)

    return pd.DataFrame(
        {
            "metric": metric.id,
            "region": np.array(grid.codes, object)[rows],
            "month": np.array(grid.months, object)[columns],
            "window": "to_date" if metric.form in TO_DATE else "month",
            "numerator": cells(grid.numerator, grid.scale),
            "denominator": cells(grid.denominator, grid.scale),
            "records": cells(grid.records),
        }
    )
