"""What the regions return of metrics that the snapshot has no records of."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from lib.errors import DataError
from lib.metric import Metric, Span
from lib.paths import shown
from lib.periods import month_name, month_number
from lib.scan import Axes, Grid, Truths, exact
from lib.snapshot import Snapshot
from lib.tables import RETURNS

SCALE = 6  # decimals of a return


def grids(snapshot: Snapshot, spans: Mapping[Metric, Span], only_province: Callable[[Metric], bool]) -> dict[str, Grid]:
    """Per metric id its grid, read from `returns`; `spans` are the spans in which the metrics must have been returned.

    A return of the wrong span, of an unknown region or without its denominator is a DataError. What stands twice is not known.
    """
    rows = snapshot.rows(RETURNS)
    rows = rows.filter(rows.indicator.isin([metric.id for metric in spans]))
    year, month = (rows.month.substr(start, length).cast("int64") for start, length in ((0, 4), (5, 2)))
    halves = {half: exact(rows[half])[1] for half in ("numerator", "denominator")}
    found: pd.DataFrame = rows.mutate(month=year * 12 + month - 1, **halves).to_pyarrow().to_pandas()
    numbers = [*found["month"], *(month_number(month) for _, month in snapshot.coverage.get(RETURNS.name, ()))]
    axes = Axes(snapshot.regions, min(numbers, default=0), max(numbers, default=-1))
    covered = axes.known(snapshot.coverage.get(RETURNS.name, ()))
    by_indicator = dict(list(found.groupby("indicator")))
    grids = {}
    for metric, span in spans.items():
        returned = by_indicator[metric.id]
        _check(snapshot, metric, span, returned)
        grids[metric.id] = _grid(axes, metric, returned, _expected(axes, metric, covered, only_province(metric)))
    return grids


def _expected(axes: Axes, metric: Metric, covered: Truths, only_province: bool) -> Truths:
    """Where a flow without a row is a zero: in what is covered by those who return it."""
    expected = covered.copy() if metric.form == "flow" else np.zeros_like(covered)
    province = axes.codes.index(axes.regions.province.code)
    expected[np.arange(len(expected)) != province if only_province else [province]] = False
    return expected


def _grid(axes: Axes, metric: Metric, rows: pd.DataFrame, expected: Truths) -> Grid:
    """The returns of one indicator; what stands twice is not known."""
    times = axes.placed(rows.assign(times=1), "times")
    return Grid(
        axes.codes,
        axes.months,
        ((times == 1) | (expected & (times == 0)))[:, 1:],
        axes.placed(rows, "numerator")[:, 1:],
        SCALE,
        axes.placed(rows, "denominator")[:, 1:] if metric.form == "ratio" else None,
        twice=(times > 1)[:, 1:],
    )


def _check(snapshot: Snapshot, metric: Metric, span: Span, rows: pd.DataFrame) -> None:
    """Refuse what cannot be read as this metric."""
    where = f"{shown(snapshot.path)}, returns"
    if unknown := sorted(set(rows["region"]) - set(snapshot.regions.by_code)):
        raise DataError(
            f"{where}: there is no region '{unknown[0]}' in regions.csv. Add it there, or count its rows under a region that is."
        )
    if metric.form == "ratio" and rows["denominator"].isna().any():
        half = rows[rows["denominator"].isna()].iloc[0]
        raise DataError(
            f"{where}: {metric.id} of {half['region']} for {month_name(half['month'])} has no denominator. "
            "A ratio is returned with both halves."
        )
    if wrong := sorted(set(rows["span"]) - {span}):
        raise DataError(f"{where}: {metric.id} has the span '{wrong[0]}'. A {metric.form} is returned with the span {span}.")
