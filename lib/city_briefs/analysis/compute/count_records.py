"""Scans: every metric of a table counted by region and month, in one query for each date column.

Flows are additive over months and regions. Stocks are semi-additive: they add up over regions, and over months only as changes.
Distinct counts, maxima and medians are not additive: they are counted from January, or the first month of a shorter span, to each
month, once for each region and again for each parent over all its records. Amounts are integers in units of 10**-scale, so that a
sum is the same in any order.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from city_briefs.analysis.compute import running_values
from city_briefs.analysis.compute.cube import Axes, Grid, Integers
from city_briefs.analysis.compute.dimensions import FLAG, KNOWN, WHOLE
from city_briefs.analysis.compute.maturity import regardless, source_of, with_years_known
from city_briefs.analysis.snapshot import Snapshot
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.common.periods import LENGTHS, YTD, Span, month_number
from city_briefs.model.columns_read import columns_read
from city_briefs.model.labels import UNSAID
from city_briefs.model.metric import AMOUNT_UNITS, TO_DATE, Derived, Metric, Rows
from city_briefs.model.table import DATE, Table

Counts = tuple[Integers, int, Integers | None, tuple[Integers, Integers] | None]
"""Amounts, their scale, the records behind them, and the limits of medians."""


class Scan:
    """The metrics of one table, by region and month; also by the members of a dimension, when `by` names its column.

    After KNOWN `by` names a column that dates outcomes; the members are then how many full years an outcome had been known on the
    last day that its region covers, or PENDING. After FLAG it names a column of yes or no; counted are then the rows that the metric
    would count if all said yes, by what they say. What is not additive is counted over each of `spans`, all other over YTD alone.
    """

    def __init__(
        self, snapshot: Snapshot, rows: Rows, metrics: Sequence[Metric], by: str = "", spans: Iterable[Span] = (YTD,)
    ) -> None:
        if by.startswith(FLAG):
            rows, metrics, by = source_of(rows), [regardless(metric) for metric in metrics], by.removeprefix(FLAG)
        self.snapshot, self.source, self.by = snapshot, rows, by
        self.metrics = metrics
        self.spans = {span: LENGTHS.get(span, running_values.YEAR) for span in spans}  # the months after which each begins anew
        self.covered = coverage(snapshot, rows)
        numbers = [month_number(month) for _, month in self.covered]
        self.axes = Axes(snapshot.regions, min(numbers, default=0), max(numbers, default=-1))

    def grids(self) -> dict[Span, dict[str, dict[str, Grid]]]:
        """Return the grids by span, metric id and part: WHOLE, or each member of `by` that has rows.

        Raises:
            DataError: a row names a region that is not in regions.csv.
            TypeError: a metric is a sum of floats, or its unit is an amount and it is not one sum; a bug of its definition.
        """
        counts = {(YTD, *key): counted for key, counted in self._additive().items()} if YTD in self.spans else {}
        for metric in self.metrics:
            counts |= self._to_date(metric)
        grids: dict[Span, dict[str, dict[str, Grid]]] = {span: {} for span in self.spans}
        for span in self.spans:
            for metric in (metric for metric in self.metrics if span == YTD or metric.form in TO_DATE):
                grids[span][metric.id] = {}
                if not self.by:
                    zeros = np.zeros(self.axes.shape, np.int64)
                    counts.setdefault((span, metric.id, WHOLE), (zeros, 0, zeros, None))
        known = {metric.id: self.axes.known(self._covered_by(metric)) for metric in self.metrics}
        for (span, name, part), counted in counts.items():
            grids[span][name][part] = self.axes.grid(known[name], *counted)
        return grids

    def _additive(self) -> dict[tuple[str, str], Counts]:
        """Count flows and stocks by metric id and part: one query for each date column, one more where a stock may have no first day."""
        plans: dict[tuple[str, str], list[Metric]] = defaultdict(list)
        for metric in self.metrics:
            if metric.form in ("flow", "stock"):
                plans[metric.on, ""].append(metric)
                if metric.form == "stock" and metric.until:
                    plans[metric.until, metric.on if self._optional(metric.on) else ""].append(metric)
        moved: dict[tuple[str, str], list[tuple[Integers, Integers | None]]] = defaultdict(list)
        scales: dict[str, int] = {}
        for (on, since), metrics in plans.items():
            rows = self._rows(on)
            if since:
                rows = rows.filter(rows[since].notnull())
            totals: dict[str, ir.Value] = {}
            for metric in metrics:
                total = metric.expression(rows)
                scales[metric.id], totals[metric.id] = exact(total)
                if metric.unit in AMOUNT_UNITS:
                    totals[f"{metric.id}/records"] = _records(metric, total)
            counted = _fetched(rows.group_by(*self._keys, "region", "month").aggregate(**totals))
            for part, group in self._parts(counted):
                for metric in metrics:
                    sign = -1 if metric.form == "stock" and on == metric.until else 1
                    counts = [name for name in (metric.id, f"{metric.id}/records") if name in totals]
                    amount, *records = [sign * self.axes.placed(group, name) for name in counts]
                    moved[metric.id, part].append((amount, records[0] if records else None))
        forms = {metric.id: metric.form for metric in self.metrics}
        return {key: _summed(parts, forms[key[0]], scales[key[0]]) for key, parts in moved.items()}

    def _to_date(self, metric: Metric) -> dict[tuple[Span, str, str], Counts]:
        """Count what is not additive, from the first month of each span: each region, and each parent over all its records; else empty."""
        if metric.form not in TO_DATE:
            return {}
        rows = self._rows(metric.on)
        column = metric.expression(rows)
        scale, value = exact(column) if metric.form != "distinct" else (0, column)
        rows = rows.mutate(value=value)
        rows = rows.filter(rows.value.notnull()).semi_join(self._reported(metric), ["region", "month"])
        if metric.form == "distinct":
            return self._distinct(metric, rows)
        parents = {parent for _, parent in self._parents}
        counted = _fetched(rows.group_by(*self._keys, "region", "month", "value").aggregate(count=rows.count()))
        counts: dict[tuple[Span, str, str], Counts] = {}
        for part, group in self._parts(counted):
            both = pd.concat([group[~group["region"].isin(parents)], self._of_parents(group)])
            for span, months in self.spans.items():
                records = running_values.sums(self.axes, self.axes.placed(both, "count"), months)
                if metric.form == "median":
                    middle, *limits = running_values.medians(self.axes, both, months)
                    counts[span, metric.id, part] = (middle, scale + 1, records, (limits[0], limits[1]))
                else:
                    counts[span, metric.id, part] = (running_values.maxima(self.axes, both, months), scale, records, None)
        return counts

    def _distinct(self, metric: Metric, rows: ir.Table) -> dict[tuple[Span, str, str], Counts]:
        """Count the different values of rows from the first month of each span, by span, metric id and part.

        `rows` has the columns region, month (a number) and value. A value counts in the first month of a span that has it: of all its
        months, in those before which there is none in the same span.
        """
        by_part: dict[str, list[pd.DataFrame]] = defaultdict(list)
        parents = {parent for _, parent in self._parents}
        for of_parents in (False, True):
            units = self._in_parents(rows) if of_parents else rows
            seen = units.select(*self._keys, "region", "value", "month").distinct()
            ordered = ibis.window(group_by=[*self._keys, "region", "value"], order_by="month")
            seen = seen.mutate(before=seen.month.lag().over(ordered))
            firsts = {
                f"in_{span}": (seen.before.isnull() | (seen.before // months != seen.month // months)).sum()
                for span, months in self.spans.items()
            }
            counted = _fetched(seen.group_by(*self._keys, "region", "month").aggregate(**firsts))
            for part, group in self._parts(counted if of_parents else counted[~counted["region"].isin(parents)]):
                by_part[part].append(group)
        return {
            (span, metric.id, part): (running_values.sums(self.axes, placed, months), 0, None, None)
            for part, groups in by_part.items()
            for span, months in self.spans.items()
            for placed in [self.axes.placed(pd.concat(groups), f"in_{span}")]
        }

    @property
    def _parents(self) -> list[tuple[str, str]]:
        """The code of each region with the code of each parent that it counts in: its city, its province; a parent counts in itself."""
        regions = self.snapshot.regions
        return [(code, parent.code) for parent in filter(regions.made_of, regions.all) for code in regions.below(parent)]

    def _of_parents(self, counted: pd.DataFrame) -> pd.DataFrame:
        """Return the counts with each region replaced by its parent, a row for each parent that it has."""
        pairs = pd.DataFrame(self._parents, columns=["region", "parent"])
        return counted.merge(pairs, on="region").drop(columns="region").rename(columns={"parent": "region"})

    def _in_parents(self, rows: ir.Table) -> ir.Table:
        """Return the rows with each region replaced by its parent; rows of a region that is not in regions.csv are left out."""
        regions, parents = zip(*self._parents, strict=True)
        pairs = pa.table({"region": pa.array(regions, pa.string()), "parent": pa.array(parents, pa.string())})
        return rows.join(ibis.memtable(pairs), "region").drop("region").rename(region="parent")

    def _covered_by(self, metric: Metric) -> set[tuple[str, str]]:
        """Return the (region, month) pairs that are covered with every column that a metric rests on, and that of `by`."""
        unsent = self.snapshot.unsent
        if not unsent:
            return self.covered
        columns = columns_read(metric) | {(table.name, self.by.removeprefix(KNOWN)) for table in metric.tables}
        lacking = [unsent[column] for column in columns if column in unsent]
        return set() if None in lacking else self.covered.difference(*filter(None, lacking))

    def _reported(self, metric: Metric) -> ir.Table:
        """Return the covered months of a metric as rows (region, month as a number); records outside of them are not counted."""
        covered = self._covered_by(metric)
        regions, months = zip(*sorted(covered), strict=True) if covered else ((), ())
        numbers = pa.array([month_number(month) for month in months], pa.int64())
        return ibis.memtable(pa.table({"region": pa.array(regions, pa.string()), "month": numbers}))

    @property
    def _keys(self) -> list[str]:
        return ["part"] if self.by else []

    def _parts(self, counted: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
        """Return the rows of each part; the part is WHOLE when nothing is broken down.

        Raises:
            DataError: a row names a region that is not in regions.csv.
        """
        if unknown := sorted(set(counted["region"]) - set(self.axes.codes)):
            raise DataError(
                chosen(
                    f"{shown(self.snapshot.path)}, {self.source.name}: there is no region '{unknown[0]}' in regions.csv. "
                    "Add it there, or count its rows under a region that is.",
                    f"{shown(self.snapshot.path)}的{self.source.name}：regions.csv里没有地区“{unknown[0]}”。请补上，或把这些行归入已有的地区。",
                )
            )
        return ((str(part), group) for part, group in counted.groupby("part")) if self.by else [(WHOLE, counted)]

    def _rows(self, on: str) -> ir.Table:
        """Return the rows whose date `on` is not empty, with the columns month (a number) and, when broken down, part."""
        rows = read(self.snapshot, self.source)
        day = rows[on]
        if day.type().is_string():  # YYYY-MM
            year, month = (day.substr(start, length).cast("int64") for start, length in ((0, 4), (5, 2)))
        else:
            year, month = day.year().cast("int64"), day.month().cast("int64")
        rows = rows.filter(day.notnull()).mutate(month=year * 12 + month - 1)
        if self.by.startswith(KNOWN):
            return with_years_known(rows, self.by.removeprefix(KNOWN), self.covered)
        return rows.mutate(part=rows[self.by].cast("string").fill_null(UNSAID)) if self.by else rows

    def _optional(self, name: str) -> bool:
        """Return whether a date column of a table may be empty; False of derived rows, which always have their dates."""
        return isinstance(self.source, Table) and any(
            column.name == name and column.type == DATE and not column.required for column in self.source.columns
        )


def coverage(snapshot: Snapshot, rows: Rows) -> set[tuple[str, str]]:
    """Return the (region, month) pairs covered by the reports of a table; of derived rows, those covered in all their sources."""
    if isinstance(rows, Derived):
        by_region = [source for source in rows.sources if "region" in source.schema.names]
        return set.intersection(*(snapshot.coverage.get(source.name, set()) for source in by_region))
    return snapshot.coverage.get(rows.name, set())


def read(snapshot: Snapshot, rows: Rows) -> ir.Table:
    """Return the rows of a table, or those derived from tables, as an ibis expression that has not been run."""
    if isinstance(rows, Derived):
        return rows.function(*map(snapshot.expression, rows.sources))
    return snapshot.expression(rows)


def _fetched(rows: ir.Table) -> pd.DataFrame:
    """Run a query and return its rows."""
    frame: pd.DataFrame = rows.to_pyarrow().to_pandas()
    return frame


def _summed(parts: Sequence[tuple[Integers, Integers | None]], form: str, scale: int) -> Counts:
    """Return the sum of signed counts; of a stock the running total, which is what came less what went up to each month."""
    amount = np.sum([amount for amount, _ in parts], axis=0)
    counts = [records for _, records in parts if records is not None]
    records = np.sum(counts, axis=0) if counts else None
    if form == "stock":
        amount, records = amount.cumsum(axis=1), None if records is None else records.cumsum(axis=1)
    return amount, scale, records, None


def exact(value: ir.Value) -> tuple[int, ir.Value]:
    """Return an exact number as a scale and an int64 expression, in units of 10**-scale.

    Raises:
        TypeError: it is neither an integer nor a decimal; a sum of floats differs from run to run.
    """
    kind = value.type()
    if kind.is_integer():
        return 0, value.cast("int64")
    if kind.is_decimal():
        scale = kind.scale or 0
        return scale, (value.cast(f"decimal(38,{scale})") * 10**scale).cast("int64")
    raise TypeError(f"{value.get_name()} is {kind}. A metric counts, or adds up integers or decimals.")


def _records(metric: Metric, total: ir.Value) -> ir.Value:
    """Return how many records a sum is made of.

    Raises:
        TypeError: the metric is not one sum.
    """
    operation = total.op()
    if not isinstance(operation, ops.Sum):
        raise TypeError(f"{metric.id} is in {metric.unit} and not one sum. Add up within the row: (rows.a + rows.b).sum().")
    return ops.Count(operation.arg, where=operation.where).to_expr()
