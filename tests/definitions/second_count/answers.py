"""The number of one region and period, or None when it was not wholly reported."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pandas as pd

from tests.definitions.second_count.definitions import COUNTS
from tests.definitions.second_count.kinds import (
    Count,
    Difference,
    Number,
    People,
    Period,
    Ratio,
    Returned,
    last_day,
    months,
    read,
)

EMPTY = "未填写"
CENSUS_MONTH, YEAR_END_MONTH = 11, 12

Halves = tuple[Number, Number]
Part = tuple[str, str]  # a column and a value of it
Reported = frozenset[tuple[str, str]]  # region and month
WHOLE = ("", "")


class SecondCount:
    """All numbers of one snapshot."""

    def __init__(self, folder: Path) -> None:
        self.frames = read(folder)
        regions = self.frames["regions"]
        self.cities, self.others = (list(regions.code[regions.level == level]) for level in ("city", "other"))
        [self.province] = regions.code[regions.level == "province"]
        # What is asked again and again is computed once.
        for step in ("number", "covered", "first_month", "rows", "rows_in", "rows_of", "returned"):
            setattr(self, step, cache(getattr(self, step)))

    def number(self, metric: str, region: str, period: Period, part: Part = WHOLE) -> Number | Halves | None:
        """The metric of one region; of a ratio both halves. None when a part of it was not reported."""
        match COUNTS[metric]:
            case Count(how=how):
                values = self.values(metric, region, period, part)
                return None if values is None else how(values)
            case Ratio(first, second) | Difference(first, second):
                terms = self.number(first, region, period), self.number(second, region, period)
                return None if None in terms else terms if isinstance(COUNTS[metric], Ratio) else terms[0] - terms[1]
            case Returned():
                return self.sum_of_returns(metric, region, period)
            case People():
                return self.people(region, period)
            case _:
                return self.cited(metric, period)

    def values(self, metric: str, region: str, period: Period, part: Part = WHOLE) -> pd.Series | None:
        """What a metric is counted from: the value of each of its records in the period."""
        definition = COUNTS[metric]
        covered = self.covered(definition.tables)
        members = self.members(covered, region, period, [*self.others, self.province])
        needed = {(member, month) for member in members for month in self.needed(definition, covered, member, period)}
        return (
            definition.when(self.rows_of(metric, part, tuple(members)), period)[definition.column] if needed <= covered else None
        )

    def needed(self, definition: Count, reported: Reported, region: str, period: Period) -> list[str]:
        """The months that must have been reported: those of the period; of what is in force, all since the region first did."""
        if not definition.when.at_end:
            return months(period)
        last = months(period)[-1]
        first = min(self.first_month(reported, region), last)
        years = range(int(first[:4]), period[0] + 1)
        return [month for year in years for month in months((year, 12)) if first <= month <= last]

    def members(self, reported: Reported, region: str, period: Period, beside: Iterable[str]) -> list[str]:
        """The regions that a region is made of: the province of its cities, and of the rest from the year on in which it began."""
        if region != self.province:
            return [region]
        begun = (one for one in beside if self.first_month(reported, one) <= f"{period[0]}-12")
        return [*self.cities, *begun]

    def first_month(self, reported: Reported, region: str) -> str:
        return min((month for code, month in reported if code == region), default="9999-12")

    def covered(self, tables: tuple[str, ...]) -> Reported:
        """The months of regions that reported all of these tables."""
        coverage = self.frames["coverage"]
        return frozenset.intersection(
            *(
                frozenset(coverage[coverage.table == table][["region", "month"]].itertuples(index=False, name=None))
                for table in tables
            )
        )

    def rows(self, metric: str) -> pd.DataFrame:
        """The rows of a metric that have a value."""
        rows = COUNTS[metric].of(self.frames)
        return rows[rows[COUNTS[metric].column].notna()]

    def rows_in(self, metric: str, regions: tuple[str, ...] | None) -> pd.DataFrame:
        """Those in some regions; None: in all."""
        rows = self.rows(metric)
        return rows if regions is None else rows[rows.region.isin(regions)]

    def rows_of(self, metric: str, part: Part, regions: tuple[str, ...] | None) -> pd.DataFrame:
        """Those with one word in a column, and of them the columns that the definition looks at."""
        definition, rows, (column, word) = COUNTS[metric], self.rows_in(metric, regions), part
        rows = rows[rows[column].fillna(EMPTY) == word] if column else rows
        return rows[list({definition.column, *definition.when.needs})]

    def returned(self, metric: str) -> tuple[dict[tuple[str, str], list[Halves]], Reported, frozenset[str]]:
        """What was returned of a metric by region and month, what of it is known, and the years in which only the province returns it.

        What stands twice is not known; of a flow, nothing in a month that was covered is known to be zero.
        """
        rows = self.frames["returns"]
        found = defaultdict(list)
        for row in rows[rows.indicator == metric].itertuples():
            found[row.region, row.month].append((row.numerator, row.denominator))
        by_cities = {month[:4] for code, month in found if code in self.cities}
        by_province = {month[:4] for code, month in found if code == self.province} - by_cities
        known = {key for key, values in found.items() if len(values) == 1}
        if not COUNTS[metric].at_end:
            for code, month in self.covered(("returns",)):
                returns = by_province if code == self.province else by_cities
                if month[:4] in returns and (code, month) not in found:
                    known.add((code, month))
        return dict(found), frozenset(known), frozenset(by_province)

    def sum_of_returns(self, metric: str, region: str, period: Period) -> Number | Halves | None:
        """What the regions returned, in the months of the period or in its last."""
        definition, (found, known, by_province) = COUNTS[metric], self.returned(metric)
        members = [region] if str(period[0]) in by_province else self.members(known, region, period, self.others)
        needed = months(period)[-1:] if definition.at_end else months(period)
        if not wholly(members, needed, known):
            return None
        values = [value for member in members for month in needed for value in found.get((member, month), [])]
        above = sum(numerator for numerator, _ in values)
        return (above, sum(denominator for _, denominator in values)) if definition.halves else above

    def people(self, region: str, period: Period) -> Number | None:
        """The last population at or before the end of the period; the province's own, else the sum of its cities' of one count."""
        last = self.last_count(region, period)
        if last or region != self.province:
            return last and last[1]
        cities = [self.last_count(city, period) for city in self.cities]
        if None in cities or len({count for count, _ in cities}) > 1:
            return None
        return sum(persons for _, persons in cities)

    def last_count(self, region: str, period: Period) -> tuple[tuple[str, str], int] | None:
        """Month and series of the last count of a region, and its persons."""
        found = [
            ((f"{row.year}-{CENSUS_MONTH if row.basis == 'census' else YEAR_END_MONTH}", row.series), row.persons)
            for row in self.frames["population"].itertuples()
            if row.region == region
        ]
        return max((count for count in found if count[0][0] <= months(period)[-1]), default=None)

    def cited(self, name: str, period: Period) -> Decimal | None:
        """The parameter that was in force on the last day."""
        rows = self.frames["parameters"]
        so_far = rows[(rows["name"] == name) & (rows.effective_from <= last_day(period))].sort_values("effective_from")
        return Decimal(str(so_far.value.iloc[-1])) if len(so_far) else None


def wholly(members: Iterable[str], needed: Iterable[str], reported: Iterable[tuple[str, str]]) -> bool:
    """Whether all members reported all months needed."""
    return {(member, month) for member in members for month in needed} <= reported
