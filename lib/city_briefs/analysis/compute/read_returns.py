"""Returns: metrics that regions report as numbers, because the snapshot has no records of them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from city_briefs.analysis.compute.count_records import exact
from city_briefs.analysis.compute.cube import Axes, Grid, Integers, Truths
from city_briefs.analysis.snapshot import Snapshot
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.common.periods import month_name, month_number
from city_briefs.model.metric import Metric, ReturnSpan
from city_briefs.model.tables import RETURNS

SCALE = 6  # decimals of a return


def grids(snapshot: Snapshot, spans: Mapping[Metric, ReturnSpan]) -> dict[str, Grid]:
    """Return the grid of each metric by its id, read from `returns`; a cell that was returned twice is not known.

    `spans` are the metrics, each with the span in which it must have been returned.

    Raises:
        DataError: a return has another span, names a region that is not in regions.csv, or is a ratio without denominator.
    """
    rows = snapshot.expression(RETURNS)
    rows = rows.filter(rows.indicator.isin([metric.id for metric in spans]))
    year, month = (rows.month.substr(start, length).cast("int64") for start, length in ((0, 4), (5, 2)))
    halves = {half: exact(rows[half])[1] for half in ("numerator", "denominator")}
    returns: pd.DataFrame = rows.mutate(month=year * 12 + month - 1, **halves).to_pyarrow().to_pandas()
    numbers = [*returns["month"], *(month_number(month) for _, month in snapshot.coverage.get(RETURNS.name, ()))]
    axes = Axes(snapshot.regions, min(numbers, default=0), max(numbers, default=-1))
    covered = axes.known(snapshot.coverage.get(RETURNS.name, ()))
    by_indicator = dict(list(returns.groupby("indicator")))
    grids = {}
    for metric, span in spans.items():
        returned = by_indicator[metric.id]
        _check(snapshot, metric, span, returned)
        grids[metric.id] = _grid(axes, metric, returned, covered, axes.known(_doubtful(snapshot, metric, axes)))
    return grids


def times(snapshot: Snapshot) -> dict[str, Grid]:
    """Return how many times each indicator stands in `returns`, as a grid by indicator; regions not in regions.csv are left out."""
    rows = snapshot.expression(RETURNS)
    year, month = (rows.month.substr(start, length).cast("int64") for start, length in ((0, 4), (5, 2)))
    counted = rows.group_by("indicator", "region", month=year * 12 + month - 1).aggregate(times=rows.count())
    counts: pd.DataFrame = counted.to_pyarrow().to_pandas()
    axes = Axes(snapshot.regions, min(counts["month"], default=0), max(counts["month"], default=-1))
    placed = {
        str(name): axes.placed(group[group["region"].isin(axes.codes)], "times") for name, group in counts.groupby("indicator")
    }
    return {name: axes.grid(times > 0, times, 0, None) for name, times in placed.items()}


def _doubtful(snapshot: Snapshot, metric: Metric, axes: Axes) -> set[tuple[str, str]]:
    """Return the (region, month) pairs of which a return of the metric, or of no metric that can be read, was rejected.

    Such a month is known where it is covered all the same, as --accept has it.
    """
    cells = {
        (row["region"], row["month"])
        for row in snapshot.rejected(RETURNS)
        if row["month"] in axes.months and row["indicator"] in (metric.id, None)
    }
    return cells - snapshot.coverage.get(RETURNS.name, set())


def _grid(axes: Axes, metric: Metric, rows: pd.DataFrame, covered: Truths, doubtful: Truths) -> Grid:
    """Return the grid of one indicator; a cell that was returned twice is not known, and neither is a `doubtful` one.

    `covered` and `doubtful` have the shape of the axes.
    """
    times = axes.placed(rows.assign(times=1), "times")
    expected = _expected(axes, times, covered) if metric.form == "flow" else np.zeros_like(covered)
    return Grid(
        axes.codes,
        axes.months,
        (((times == 1) | (expected & (times == 0))) & ~doubtful)[:, 1:],
        axes.placed(rows, "numerator")[:, 1:],
        SCALE,
        axes.placed(rows, "denominator")[:, 1:] if metric.form == "ratio" else None,
        twice=(times > 1)[:, 1:],
    )


def _expected(axes: Axes, times: Integers, covered: Truths) -> Truths:
    """Return where a flow without a row is zero and not missing, in the shape of the axes (bool).

    These are the covered months of the years in which any city returned it; of the province, when it did and at most one of
    several cities.
    """
    expected = np.zeros_like(covered)
    for inside in filter(None, map(axes.regions.made_of, axes.regions.all)):
        members, cities = ([axes.codes.index(region.code) for region in some] for some in (inside.all, inside.cities))
        province = axes.codes.index(inside.province.code)
        for year in axes.windows():
            reporting = np.count_nonzero(times[cities, year].any(axis=1))
            if reporting:
                expected[members, year] = covered[members, year]
            by_itself = times[province, year].any()
            if reporting or by_itself:
                expected[province, year] = covered[province, year] & (by_itself and reporting < min(2, len(cities)))
    return expected


def _check(snapshot: Snapshot, metric: Metric, span: ReturnSpan, rows: pd.DataFrame) -> None:
    """Refuse returns that cannot be read as this metric.

    Raises:
        DataError: a region is not in regions.csv, a ratio has no denominator, or the span is another.
    """
    where = chosen(f"{shown(snapshot.path)}, returns", f"{shown(snapshot.path)}的returns")
    if unknown := sorted(set(rows["region"]) - set(snapshot.regions.by_code)):
        raise DataError(
            chosen(
                f"{where}: there is no region '{unknown[0]}' in regions.csv. Add it there, or count its rows under a region that is.",
                f"{where}：regions.csv里没有地区“{unknown[0]}”。请补上，或把这些行归入已有的地区。",
            )
        )
    if metric.form == "ratio" and rows["denominator"].isna().any():
        half = rows[rows["denominator"].isna()].iloc[0]
        raise DataError(
            chosen(
                f"{where}: {metric.id} of {half['region']} for {month_name(half['month'])} has no denominator. "
                "A ratio is returned with both halves.",
                f"{where}：{half['region']}{month_name(half['month'])}的{metric.id}没有分母。比率要同时报送分子和分母。",
            )
        )
    if wrong := sorted(set(rows["span"]) - {span}):
        raise DataError(
            chosen(
                f"{where}: {metric.id} has the span '{wrong[0]}'. A {metric.form} is returned with the span {span}.",
                f"{where}：{metric.id}的报送口径为“{wrong[0]}”。{metric.form}应按{span}报送。",
            )
        )
