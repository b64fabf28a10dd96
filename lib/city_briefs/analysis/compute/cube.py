"""A grid: one metric, or a part of it, by region and month, in exact integers; and the axes that the grids of a table share."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from city_briefs.common.periods import month_name, month_number
from city_briefs.common.regions import Region, Regions

Integers = npt.NDArray[np.signedinteger]  # of any width; a sum of them is one of int64
Truths = npt.NDArray[np.bool_]
WHOLE = ""  # the part of a metric that is not broken down


@dataclass(frozen=True)
class Grid:
    """One metric: a row per region code, a column per month.

    `known` says what was reported. `records` counts what is behind an amount, a maximum or a median. `twice` marks what stands
    more than once and so is not known.
    """

    codes: Sequence[str]
    months: Sequence[str]
    known: Truths
    numerator: Integers
    scale: int = 0
    denominator: Integers | None = None
    records: Integers | None = None
    twice: Truths | None = None

    @cached_property
    def _first(self) -> int:
        return month_number(self.months[0]) if self.months else sys.maxsize

    @cached_property
    def row(self) -> dict[str, int]:
        """The row of each region, by code."""
        return {code: place for place, code in enumerate(self.codes)}

    def place(self, month: str) -> int:
        """The column of a month; it lies outside when the grid does not reach so far."""
        return month_number(month) - self._first

    def content(self, codes: Sequence[str], until: str) -> bytes:
        """Everything known and counted of these regions, from the first month up to `until`."""
        rows = [self.row[code] for code in codes]
        columns = slice(0, max(0, self.place(until) + 1))
        amounts = (self.known, self.twice, self.numerator, self.denominator, self.records)
        axes = f"{' '.join(codes)} {self.months[:1]} {self.scale}".encode()
        selected = (cells if cells is None else cells[rows, columns].astype(np.int64) for cells in amounts)
        return b"|".join([axes, *(b"" if cells is None else cells.tobytes() for cells in selected)])

    def knows_of(self, code: str, until: str, since: str = "") -> bool:
        """Whether anything is known of a region up to a month, or in the months since another."""
        months = slice(max(0, self.place(since)) if since else 0, max(0, self.place(until) + 1))
        return bool(self.known[self.row[code], months].any())

    def unknown(self, region: Region, months: Sequence[str]) -> list[str]:
        """Those of some months of which nothing is known of a region."""
        row = self.known[self.row[region.code]].tolist()
        places = [self.place(month) for month in months]
        return [month for month, place in zip(months, places, strict=True) if not (0 <= place < len(row) and row[place])]

    def stands_twice(self, region: Region, month: str) -> bool:
        """Whether a month of a region is not known because it was returned twice."""
        place = self.place(month)
        return self.twice is not None and 0 <= place < len(self.months) and bool(self.twice[self.row[region.code], place])

    def since_first_known(self, region: Region, last: str) -> list[str]:
        """The months from the first one known of a region to the last; only the last, when it comes before."""
        row = self.known[self.row[region.code]]
        first = self.months[row.argmax()] if row.any() else last
        return [month for month in self.months if first <= month < last] + [last]


@dataclass(frozen=True)
class Axes:
    """The regions and months of a grid; months are numbered, and the column 0 gathers all that came before the first."""

    regions: Regions
    first: int
    last: int

    @property
    def codes(self) -> list[str]:
        """The codes of all regions, the province's first."""
        return list(self.regions.by_code)

    @property
    def months(self) -> list[str]:
        """The months, without what came before."""
        return [month_name(number) for number in range(self.first, self.last + 1)]

    @property
    def shape(self) -> tuple[int, int]:
        """Regions, and months with the column of what came before."""
        return len(self.codes), self.last - self.first + 2

    def grid(self, known: Truths, numerator: Integers, scale: int, records: Integers | None) -> Grid:
        """The grid, without the column of what came before."""
        return Grid(
            self.codes, self.months, known[:, 1:], numerator[:, 1:], scale, records=None if records is None else records[:, 1:]
        )

    def known(self, covered: Iterable[tuple[str, str]]) -> Truths:
        """What is covered; months outside of the axis and unknown regions are passed over."""
        cells = np.zeros(self.shape, bool)
        places = {code: place for place, code in enumerate(self.codes)}
        for code, month in covered:
            if code in places:
                cells[places[code], month_number(month) - self.first + 1] = True
        return cells

    def placed(self, counts: pd.DataFrame, name: str) -> Integers:
        """A column of counts at its region and month; what is earlier goes into column 0, what is later is left out."""
        placed = np.zeros(self.shape, np.int64)
        rows = pd.Index(self.codes).get_indexer(pd.Index(counts["region"]))
        columns = np.maximum(counts["month"].to_numpy(np.int64) - self.first + 1, 0)
        within = columns < self.shape[1]
        amounts = counts[name].fillna(0).to_numpy(np.int64)
        np.add.at(placed, (rows[within], columns[within]), amounts[within])
        return placed

    def years(self) -> list[slice]:
        """The columns of each calendar year."""
        numbers = np.arange(self.first, self.last + 1) // 12
        return [
            slice(group.min() + 1, group.max() + 2) for year in np.unique(numbers) for group in [np.flatnonzero(numbers == year)]
        ]
