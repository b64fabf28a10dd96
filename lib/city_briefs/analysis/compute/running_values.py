"""Running values: sums, maxima and medians of monthly counts up to each month, which begin anew after so many months of a year."""

import numpy as np
import pandas as pd

from city_briefs.analysis.compute.cube import Axes, Integers
from city_briefs.analysis.statistics.intervals import median_ranks

YEAR = 12  # months


def sums(axes: Axes, counts: Integers, months: int) -> Integers:
    """Return the running sums of counts (regions x months, int64)."""
    counts = counts.copy()
    for window in axes.windows(months):
        counts[:, window] = counts[:, window].cumsum(axis=1)
    return counts


def maxima(axes: Axes, counted: pd.DataFrame, months: int) -> Integers:
    """Return the largest value up to each month (regions x months, int64); 0 where there is no value."""
    of_months = counted.groupby(["region", "month"]).agg(value=("value", "max")).reset_index()
    largest = axes.placed(of_months, "value")
    largest[:, 0] = 0
    for window in axes.windows(months):
        largest[:, window] = np.maximum.accumulate(largest[:, window], axis=1)
    return largest


def medians(axes: Axes, counted: pd.DataFrame, months: int) -> tuple[Integers, Integers, Integers]:
    """Return the median up to each month, and its two limits (each regions x months, int64).

    They are 0 where there is no value, and in units ten times finer than the values, since a median may be the middle of two of
    them. `counted` has the columns region, month (a number), value and count.
    """
    middles, lows, highs = (np.zeros(axes.shape, np.int64) for _ in range(3))
    rows = {code: row for row, code in enumerate(axes.codes)}
    for key, group in counted.assign(year=counted["month"] // YEAR).groupby(["region", "year"]):
        code, year = str(key[0]), int(str(key[1]))
        values, of_value = np.unique(group["value"].to_numpy(np.int64), return_inverse=True)
        counts = np.zeros((YEAR, len(values)), np.int64)
        np.add.at(counts, (group["month"].to_numpy(np.int64) % YEAR, of_value), group["count"].to_numpy(np.int64))
        so_far = counts.reshape(-1, months, len(values)).cumsum(axis=1).cumsum(axis=2).reshape(YEAR, -1)
        columns = year * YEAR + np.arange(YEAR) - axes.first + 1
        known = np.flatnonzero((so_far[:, -1] > 0) & (columns >= 1) & (columns < axes.shape[1]))
        totals = so_far[known, -1].tolist()
        ranks = np.array([((total + 1) // 2, total // 2 + 1, *median_ranks(total)) for total in totals]).reshape(-1, 4)
        low, high, least, most = values[(so_far[known, None, :] < ranks[:, :, None]).sum(axis=2)].T
        place = rows[code], columns[known]
        middles[place], lows[place], highs[place] = (low + high) * 5, least * 10, most * 10
    return middles, lows, highs
