"""Results: every metric by region and month, computed once for all of them in a handful of scans.

As one tidy table: metric, region (code), month (YYYY-MM), window (`month`, or `to_date`: January to that month), numerator,
denominator (null unless a ratio), records (null unless an amount, a maximum or a median: how many are behind it). A covered month
without records is a row of zero; a month that is not covered has no row. The province has rows only for what does not add up, and
for what it counts or returns itself.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from city_briefs.analysis.compute.aggregate import Amount, total
from city_briefs.analysis.compute.cube import WHOLE, Grid, Integers
from city_briefs.analysis.compute.cube_store import Cache
from city_briefs.analysis.compute.cubes import Computed, Provenance
from city_briefs.analysis.compute.population import Population
from city_briefs.analysis.snapshot import Snapshot
from city_briefs.common import read_log
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region, Regions
from city_briefs.model.metric import TO_DATE, Metric, breakdowns, needed, share_a_table
from city_briefs.model.tables import PARAMETERS, RETURNS, Table

COLUMNS = ["metric", "region", "month", "window", "numerator", "denominator", "records"]
ALL_OF = "*"  # after the code of a province: with all its regions


@dataclass(frozen=True)
class Parameter:
    """A number that a document fixes, in `unit`."""

    value: Decimal
    unit: str
    source: str


class Results:
    """The results of one snapshot, for the metrics asked for; each table is scanned when one of its metrics is first wanted.

    What a `cache` holds is taken from there, and what it lacks is kept in it.
    """

    def __init__(self, snapshot: Snapshot, metrics: Iterable[Metric], cache: Cache | None = None) -> None:
        self.snapshot, self.regions = snapshot, snapshot.regions
        self.metrics = {metric.id: metric for metric in needed(metrics)}
        self._computed = Computed(snapshot, self.metrics, cache)

    def within(self, region: Region) -> "Results":
        """These results, with the regions alone that `region` is compared with: its sums, shares and places are of those."""
        return self.among(self.snapshot.regions.within(region))

    def among(self, regions: Regions) -> "Results":
        """These results, with these of its regions alone."""
        if regions is self.regions:
            return self
        if regions.province.code not in self._within:
            self._within[regions.province.code] = within = copy(self)
            within.regions = regions
        return self._within[regions.province.code]

    @cached_property
    def _within(self) -> dict[str, "Results"]:
        return {}

    @property
    def table(self) -> pd.DataFrame:
        """The tidy table; its columns are COLUMNS, amounts are Decimals."""
        parts = [rows for metric in self.metrics.values() if len(rows := self.rows(metric))]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)

    def rows(self, metric: Metric) -> pd.DataFrame:
        """The rows of one metric in the tidy table; empty for one computed from two others, whose rows are theirs."""
        grid = self._grid(metric)
        return pd.DataFrame(columns=COLUMNS) if grid is None else _tidy(metric, grid, self.snapshot.regions)[COLUMNS]

    def provenance(self, metric: Metric) -> Provenance | None:
        """Where the metric comes from: records when the snapshot has them, else `returns`; None when it has neither."""
        read_log.note(("metric", metric.id), lambda: self.definition(metric))
        return self._computed.provenance(metric)

    def recall(self) -> list[Metric]:
        """Take from the cache what it holds, and compute nothing: the metrics counted from records that are at hand now."""
        at_hand = self._computed.recall()
        return [metric for metric in self.metrics.values() if metric.id in at_hand]

    def compute(self) -> None:
        """Compute all that the cache lacks, so that whoever shares it need not ask the engine of this snapshot."""
        self._computed.compute()

    def definition(self, metric: Metric) -> list[Any]:
        """Differs when anything has changed that a chapter may say of a metric without its numbers."""
        return [metric.hash, metric.label_en, metric.owner, metric.by, self.is_pair(metric), self._computed.provenance(metric)]

    def sources(self, metric: Metric) -> list[Table]:
        """The tables that the metric was computed from; empty when the snapshot has none of them."""
        if self.is_pair(metric):
            pair = (metric.pair.first, metric.pair.second)
            return list(dict.fromkeys(table for part in pair for table in self.sources(part)))
        provenance = self.provenance(metric)
        return [RETURNS] if provenance == "returns" else list(metric.tables) if provenance else []

    def is_pair(self, metric: Metric) -> bool:
        """Whether the metric is computed from two others here; a ratio that was returned as such is not."""
        return self._computed.is_pair(metric)

    def amount(self, metric: Metric, region: Region, period: Period, part: tuple[str, str] = (WHOLE, WHOLE)) -> Amount:
        """The metric of one region over a period: flows and ratios summed over its months, stocks taken in the last.

        The province is the sum of the regions that report: all cities, and each `other` from the year on in which it first did;
        what does not add up is counted anew over all their records. A stock counted from records rests on every month since the
        region first reported. `part` is a column and a value of it, to count only such rows.
        """
        if self.is_pair(metric):
            return self._of_pair(metric, region, period, part)
        if metric.form == "latest":
            return self.population.of(region, period)
        grid = self._grid(metric, *part)
        self._note(metric, region, period, part)
        members = self._members(metric, region, period)
        if grid is None:
            all_parts = self._grid(metric)
            grid = all_parts and Grid(all_parts.codes, all_parts.months, all_parts.known, np.zeros_like(all_parts.numerator))
        if grid is None:
            return Amount(missing={member: list(period.months) for member in members})
        last = period.months[-1:]
        if self.provenance(metric) == "records" and metric.form in TO_DATE:
            return total(grid, dict.fromkeys(members, period.months), [region], last)
        if self.provenance(metric) == "records" and metric.form == "stock":
            return total(grid, {member: grid.since_first_known(member, last[0]) for member in members}, members, last)
        months = last if metric.returned_span == "as_of" else period.months
        return total(grid, dict.fromkeys(members, months), members, months)

    def parts(self, metric: Metric, by: str) -> list[str]:
        """The values of a column that the metric is broken down by, in the order of their words.

        A column that it may not be broken down by is a UsageError, and so is a metric that was only returned.
        """
        columns = breakdowns(metric)
        if by not in columns:
            hint = f"It can by {', '.join(columns)}." if columns else "It cannot be at all."
            raise UsageError(f"{metric.id} cannot be broken down by '{by}'. {hint}")
        if self.provenance(metric) != "records":
            raise UsageError(f"{metric.id} is not counted from records in this snapshot, and so not broken down.")
        if metric.is_pair:
            halves = [half for half in (metric.pair.first, metric.pair.second) if by in half.by]
            return sorted({part for half in halves for part in self.parts(half, by)})
        read_log.note(("parts", metric.id, by, self.regions.province.code), lambda: self.counted(metric, by))
        return self.counted(metric, by)

    def counted(self, metric: Metric, by: str) -> list[str]:
        """The values of a column in which the metric counts anything here; others stand there because of another metric or province."""
        assert metric.rows
        grids = self._computed.counted(metric.rows, by).get(metric.id, {})
        codes = self.snapshot.regions.below(self.regions.province)
        return sorted(part for part, grid in grids.items() if grid.numerator[[grid.row[code] for code in codes]].any())

    def cells(self, place: str, metric: Metric, by: str, part: str, until: str) -> bytes:
        """What is known and counted of a metric up to a month, in a region or in a province with all its regions (see `_note`).

        Empty when there is nothing of it.
        """
        grid = self._grid(metric, by, part)
        codes = [place]
        if place.endswith(ALL_OF):
            codes = self.snapshot.regions.below(self.snapshot.regions.by_code[place.removesuffix(ALL_OF)])
        return b"" if grid is None else grid.content(codes, until)

    def _note(self, metric: Metric, region: Region, period: Period, part: tuple[str, str]) -> None:
        """Note what an amount rests on; what a province is the sum of rests on all its regions, and on all of the year."""
        inside = self.snapshot.regions.made_of(region)
        until = Period(period.year).months[-1] if inside else period.months[-1]
        place = f"{region.code}{ALL_OF}" if inside else region.code
        for by, value in {part, (WHOLE, WHOLE)}:
            question = (read_log.ROWS, place, metric.id, by, value, until)
            read_log.note(question, partial(self.cells, place, metric, by, value, until))

    def parameter(self, name: str, period: Period) -> Parameter | None:
        """A parameter as it was in force at the end of a period; None when there is none."""
        rows = [row for row in self.snapshot.listed(PARAMETERS) if row["name"] == name and row["effective_from"] <= period.end]
        last = max(rows, key=lambda row: row["effective_from"], default=None)
        return None if last is None else Parameter(Decimal(str(last["value"])), last["unit"], last["source"])

    def only_province(self, metric: Metric, period: Period) -> bool:
        """Whether in this year the province alone returns the metric; a return of its beside its cities' is only a check.

        The records of a city count so too when none of its counties reports.
        """
        year, code = str(period.year), self.regions.province.code
        read_log.note(("only_province", metric.id, year, code), lambda: self._only_province(metric, period))
        return self._only_province(metric, period)

    def _only_province(self, metric: Metric, period: Period) -> bool:
        province, year = self.regions.province, Period(period.year).months
        provenance = self._computed.provenance(metric)
        if provenance == "returns":
            grid = self._computed.times.get(metric.id)
        else:
            is_city = provenance and self.snapshot.regions.by_code[province.code].level == "city"
            grid = self._grid(metric) if is_city else None

        def reports(code: str) -> bool:
            return grid is not None and grid.knows_of(code, year[-1], year[0])

        parts = (code for city in self.regions.cities for code in self.snapshot.regions.below(city))
        return reports(province.code) and not any(map(reports, parts))

    def reporting(self, metric: Metric, region: Region, period: Period) -> list[Region]:
        """The regions whose sum is `region`: itself, or for the province all that must report; of a pair, its first half."""
        return self._members(metric.pair.first if self.is_pair(metric) else metric, region, period)

    def _of_pair(self, metric: Metric, region: Region, period: Period, part: tuple[str, str]) -> Amount:
        """A ratio with its halves, or a difference."""
        pair = metric.pair
        first, second = (
            self.amount(half, region, period, part if half is pair.first or share_a_table(pair.first, half) else (WHOLE, WHOLE))
            for half in (pair.first, pair.second)
        )
        missing, twice = second.missing | first.missing, second.twice | first.twice
        if metric.form == "difference":
            return Amount(first.numerator - second.numerator, missing=missing, twice=twice)
        return Amount(first.numerator, second.numerator, None, missing, twice, second.series, second.as_of)

    @cached_property
    def population(self) -> Population:
        """How many people live in each region."""
        return Population(self.snapshot)

    def _members(self, metric: Metric, region: Region, period: Period) -> list[Region]:
        """The regions whose sum is `region`."""
        inside = self.snapshot.regions.made_of(region)
        if inside is None or self.among(inside).only_province(metric, period):
            return [region]
        grid = self._grid(metric)
        end = Period(period.year).months[-1]
        units = [*inside.others, *([inside.province] if self.provenance(metric) == "records" else [])]
        parts = [part for city in inside.cities for part in self._members(metric, city, period)]
        return [*parts, *(unit for unit in units if grid and grid.knows_of(unit.code, end))]

    def _grid(self, metric: Metric, by: str = WHOLE, part: str = WHOLE) -> Grid | None:
        """The grid of a metric, or of a part of it; None when the snapshot has nothing of it."""
        provenance = self._computed.provenance(metric)
        if self.is_pair(metric) or metric.form in ("latest", "cited") or provenance is None:
            return None
        if provenance == "returns":
            return self._computed.returned[metric.id][WHOLE] if by == WHOLE else None
        assert metric.rows
        return self._computed.counted(metric.rows, by).get(metric.id, {}).get(part)


def _tidy(metric: Metric, grid: Grid, regions: Regions) -> pd.DataFrame:
    """A grid as rows of the tidy table; what does not add up has a province's once any region of it has reported."""
    reported = grid.known.copy()
    for parent in filter(regions.made_of, regions.all if metric.form in TO_DATE else ()):
        members = [grid.row[code] for code in regions.below(parent)]
        reported[grid.row[parent.code]] = grid.known[members].any(axis=0)
    rows, columns = np.nonzero(reported)

    def cells(amounts: Integers | None, scale: int = 0) -> pd.Series:
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
