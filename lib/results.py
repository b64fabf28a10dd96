"""Results: every metric by region and month, computed once for all of them in a handful of scans.

One tidy table: metric, region (code), month (YYYY-MM), window, numerator, denominator (null unless a ratio). A covered month
without records is a row of zero; a month that is not covered has no row. Regions are those that report, so the province has rows
only for what nobody but the province returns.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Literal

import ibis.expr.types as ir
import pandas as pd

from lib.errors import DataError
from lib.metric import Metric, needed
from lib.paths import shown
from lib.periods import Period
from lib.regions import Region, Regions
from lib.snapshot import Snapshot
from lib.tables import RETURNS, Table

Provenance = Literal["records", "returns"]
COLUMNS = ["metric", "region", "month", "window", "numerator", "denominator"]
SPANS = {"flow": "month", "stock": "as_of", "ratio": "month"}  # the span of `returns` that each form reads
ZERO = Decimal(0)
NEVER = "9999-99"  # later than any month


@dataclass(frozen=True)
class Amount:
    """A metric over a period: its two halves, or who did not report which months of it."""

    numerator: Decimal = ZERO
    denominator: Decimal | None = None
    missing: dict[Region, list[str]] = field(default_factory=dict)


class Results:
    """The results of one snapshot, for the metrics asked for."""

    def __init__(self, snapshot: Snapshot, metrics: Iterable[Metric]) -> None:
        self.snapshot = snapshot
        self.metrics = {metric.id: metric for metric in needed(metrics)}

    @property
    def regions(self) -> Regions:
        """The regions of the snapshot."""
        return self.snapshot.regions

    @cached_property
    def table(self) -> pd.DataFrame:
        """The tidy table; its columns are COLUMNS, amounts are Decimals."""
        parts = [*self._from_records(), *self._from_returns()]
        return pd.concat(parts, ignore_index=True)[COLUMNS] if parts else pd.DataFrame(columns=COLUMNS)

    def provenance(self, metric: Metric) -> Provenance | None:
        """Where the metric comes from: records when the snapshot has them, else `returns`; None when it has neither."""
        if metric.form == "ratio":
            halves = {self.provenance(half) for half in (metric.halves.numerator, metric.halves.denominator)}
            if None not in halves and metric.id not in self._returned:
                return "returns" if "returns" in halves else "records"
        elif metric.table and self.snapshot.has(metric.table):
            return "records"
        return "returns" if metric.id in self._returned else None

    def sources(self, metric: Metric) -> list[Table]:
        """The tables that the metric was computed from; empty when the snapshot has none of them."""
        if metric.form == "ratio" and metric.id not in self._returned:
            halves = (metric.halves.numerator, metric.halves.denominator)
            return list(dict.fromkeys(table for half in halves for table in self.sources(half)))
        if self.provenance(metric) == "returns":
            return [RETURNS]
        return [metric.table] if metric.table and self.snapshot.has(metric.table) else []

    def amount(self, metric: Metric, region: Region, period: Period) -> Amount:
        """The metric of one region over a period: flows and ratios summed over its months, stocks taken in the last.

        The province is the sum of the regions that report: all cities, and each `other` from the year on in which it first did.
        """
        if metric.form == "ratio" and metric.id not in self._returned:
            over, under = (self.amount(half, region, period) for half in (metric.halves.numerator, metric.halves.denominator))
            return Amount(over.numerator, under.numerator, under.missing | over.missing)
        months = period.months[-1:] if metric.form == "stock" else period.months
        members = self._members(metric, region, period)
        missing = {
            member: gaps
            for member in members
            if (gaps := [month for month in months if (metric.id, member.code, month) not in self._index])
        }
        if missing:
            return Amount(missing=missing)
        found = [self._index[metric.id, member.code, month] for member in members for month in months]
        denominators = [denominator for _, denominator in found if denominator is not None]
        return Amount(sum((numerator for numerator, _ in found), ZERO), sum(denominators, ZERO) if denominators else None)

    @cached_property
    def _index(self) -> dict[tuple[str, str, str], tuple[Decimal, Decimal | None]]:
        table = self.table
        amounts = zip(table["numerator"], table["denominator"], strict=True)
        return dict(zip(zip(table["metric"], table["region"], table["month"], strict=True), amounts, strict=True))

    def _members(self, metric: Metric, region: Region, period: Period) -> list[Region]:
        """The regions whose sum is `region`."""
        if region.level != "province" or self._only_province(metric):
            return [region]
        reported = self._first_reported[metric.id]
        return [
            *self.regions.cities,
            *(other for other in self.regions.others if reported.get(other.code, NEVER) <= Period(period.year).months[-1]),
        ]

    @cached_property
    def _first_reported(self) -> dict[str, dict[str, str]]:
        """Per metric, the first month that each region code reported."""
        first: dict[str, dict[str, str]] = defaultdict(dict)
        for metric, code, month in self._index:
            first[metric][code] = min(month, first[metric].get(code, month))
        return first

    def _only_province(self, metric: Metric) -> bool:
        return self._returned.get(metric.id) == {self.regions.province.code} and self.provenance(metric) == "returns"

    @cached_property
    def _returned(self) -> dict[str, set[str]]:
        """Per indicator of `returns`, the codes of the regions that return it."""
        returned = defaultdict(set)
        if self.snapshot.has(RETURNS):
            for row in self.snapshot.rows(RETURNS).select("indicator", "region").distinct().to_pyarrow().to_pylist():
                returned[row["indicator"]].add(row["region"])
        return returned

    def _covered(self, table: Table) -> pd.DataFrame:
        """Region and month of all that was reported of a table."""
        return pd.DataFrame(sorted(self.snapshot.coverage.get(table.name, ())), columns=["region", "month"])

    def _from_records(self) -> list[pd.DataFrame]:
        """Flows and stocks of the tables that the snapshot has: one scan for each table and date column."""
        plans: dict[tuple[Table, str], list[Metric]] = defaultdict(list)
        for metric in self.metrics.values():
            if metric.table and self.snapshot.has(metric.table):
                plans[metric.table, metric.on].append(metric)
                if metric.form == "stock":
                    plans[metric.table, metric.until].append(metric)
        scans = {(table, on): self._scan(table, on, metrics) for (table, on), metrics in plans.items()}
        return [
            self._filled(metric, scans)
            for (table, on), metrics in plans.items()
            for metric in metrics
            if metric.on == on
        ]  # fmt: skip

    def _scan(self, table: Table, on: str, metrics: list[Metric]) -> pd.DataFrame:
        """One column per metric, one row per region and month that has records of that date."""
        rows = self.snapshot.rows(table)
        rows = rows.filter(rows[on].notnull()).mutate(month=rows[on].strftime("%Y-%m"))
        totals: dict[str, ir.NumericScalar] = {metric.id: metric.function(rows).cast("decimal(38,6)") for metric in metrics}
        found: pd.DataFrame = rows.group_by("region", "month").aggregate(**totals).to_pyarrow().to_pandas()
        self._check_regions(table, found)
        return found

    def _check_regions(self, table: Table, rows: pd.DataFrame) -> None:
        """Refuse rows of a region that there is not: they would be in no city and in no province."""
        if unknown := sorted(set(rows["region"]) - set(self.regions.by_code)):
            raise DataError(
                f"{shown(self.snapshot.path)}, {table.name}: there is no region '{unknown[0]}' in regions.csv. "
                "Add it there, or count its rows under a region that is."
            )

    def _filled(self, metric: Metric, scans: dict[tuple[Table, str], pd.DataFrame]) -> pd.DataFrame:
        """The rows of one metric for every covered region and month, zero where nothing was recorded."""
        assert metric.table
        keys = ["region", "month"]
        covered = self._covered(metric.table)
        came = scans[metric.table, metric.on][[*keys, metric.id]]
        if metric.form == "stock":
            went = scans[metric.table, metric.until][[*keys, metric.id]]
            gone, still = went.copy(), covered.copy()
            gone[metric.id], still[metric.id] = -went[metric.id], pd.Series(ZERO, covered.index)
            moved: pd.DataFrame = pd.concat([came, gone, still])
            monthly = moved.set_index(keys)[metric.id].groupby(level=keys).sum().rename_axis(keys)
            came = monthly.to_frame().reset_index()
            came[metric.id] = [total for _, one in monthly.groupby(level="region") for total in accumulate(one)]
        filled = covered.merge(came, on=keys, how="left")
        amounts = filled[metric.id].astype("object")
        return _tidy(metric, filled[keys].assign(numerator=amounts.where(amounts.notna(), ZERO), denominator=None))

    def _from_returns(self) -> list[pd.DataFrame]:
        """Metrics that the snapshot has no records of, as the regions returned them."""
        wanted = [
            metric for metric in self.metrics.values() if metric.id in self._returned and self.provenance(metric) == "returns"
        ]
        if not wanted:
            return []
        rows = self.snapshot.rows(RETURNS)
        found: pd.DataFrame = rows.filter(rows.indicator.isin([metric.id for metric in wanted])).to_pyarrow().to_pandas()
        return [_tidy(metric, self._reported(metric, found[found["indicator"] == metric.id])) for metric in wanted]

    def _reported(self, metric: Metric, rows: pd.DataFrame) -> pd.DataFrame:
        """The returns of one indicator, with zeros for covered months of a flow in which nothing was returned."""
        keys = ["region", "month"]
        self._check_regions(RETURNS, rows)
        if metric.form == "ratio" and rows["denominator"].isna().any():
            half = rows[rows["denominator"].isna()].iloc[0]
            raise DataError(
                f"{shown(self.snapshot.path)}, returns: {metric.id} of {half['region']} for {half['month']} has no denominator. "
                "A ratio is returned with both halves."
            )
        if wrong := sorted(set(rows["span"]) - {SPANS[metric.form]}):
            raise DataError(
                f"{shown(self.snapshot.path)}, returns: {metric.id} has the span '{wrong[0]}'. "
                f"A {metric.form} is returned with the span {SPANS[metric.form]}."
            )
        if rows.duplicated(keys).any():
            twice = rows[rows.duplicated(keys)].iloc[0]
            raise DataError(
                f"{shown(self.snapshot.path)}, returns: {metric.id} of {twice['region']} for {twice['month']} stands twice. "
                "A region returns an indicator once a month."
            )
        if metric.form == "flow":
            covered = self._covered(RETURNS)
            of_province = covered["region"] == self.regions.province.code
            covered = covered[of_province if self._only_province(metric) else ~of_province]
            rows = covered.merge(rows, on=keys, how="outer").fillna({"numerator": ZERO})
        below = rows["denominator"].astype("object")
        return rows.assign(denominator=below.where(below.notna(), None))


def _tidy(metric: Metric, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(metric=metric.id, window="month")
