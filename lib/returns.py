"""What the regions return of metrics that the snapshot has no records of."""

from collections.abc import Callable, Mapping

import pandas as pd

from lib.errors import DataError
from lib.metric import Metric, Span
from lib.paths import shown
from lib.periods import month_name, month_number
from lib.scan import Axes, Grid
from lib.snapshot import Snapshot
from lib.tables import RETURNS

SCALE = 6  # decimals of a return


def grids(snapshot: Snapshot, spans: Mapping[Metric, Span], only_province: Callable[[Metric], bool]) -> dict[str, Grid]:
    """Per metric id its grid, read from `returns`; `spans` are the spans in which the metrics must have been returned.

    A return of the wrong span, of an unknown region or without its denominator is a DataError. What stands twice is not known.
    """
    rows = snapshot.rows(RETURNS)
    found: pd.DataFrame = rows.filter(rows.indicator.isin([metric.id for metric in spans])).to_pyarrow().to_pandas()
    by_indicator = dict(list(found.groupby("indicator")))
    return {
        metric.id: _grid(snapshot, metric, span, by_indicator[metric.id], only_province(metric)) for metric, span in spans.items()
    }


def _grid(snapshot: Snapshot, metric: Metric, span: Span, rows: pd.DataFrame, only_province: bool) -> Grid:
    """The returns of one indicator, with zeros for covered months of a flow in which nothing was returned."""
    _check(snapshot, metric, span, rows)
    coverage = snapshot.coverage.get(RETURNS.name, set()) if metric.form == "flow" else set()
    expected = {key for key in coverage if (key[0] == snapshot.regions.province.code) == only_province}
    numbers = [*map(month_number, rows["month"]), *(month_number(month) for _, month in expected)]
    axes = Axes(snapshot.regions, min(numbers), max(numbers))
    placed = rows.assign(month=list(map(month_number, rows["month"])))
    for half in ("numerator", "denominator"):
        placed[half] = [0 if pd.isna(value) else int(value.scaleb(SCALE)) for value in rows[half]]
    repeated = rows.duplicated(["region", "month"], keep=False)
    twice = axes.known(zip(rows["region"][repeated], rows["month"][repeated], strict=True))
    known = axes.known(expected | set(zip(rows["region"], rows["month"], strict=True))) & ~twice
    return Grid(
        axes.codes,
        [month_name(number) for number in range(axes.first, axes.last + 1)],
        known[:, 1:],
        axes.placed(placed, "numerator")[:, 1:],
        SCALE,
        axes.placed(placed, "denominator")[:, 1:] if metric.form == "ratio" else None,
        twice=twice[:, 1:],
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
            f"{where}: {metric.id} of {half['region']} for {half['month']} has no denominator. "
            "A ratio is returned with both halves."
        )
    if wrong := sorted(set(rows["span"]) - {span}):
        raise DataError(f"{where}: {metric.id} has the span '{wrong[0]}'. A {metric.form} is returned with the span {span}.")
