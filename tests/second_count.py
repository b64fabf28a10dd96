"""A second computation of every metric, in plain pandas, written from the printed definitions alone.

Nothing is shared with the program: rows are read from the files of the snapshot, filtered by date and region, and counted. Days are
numbered, months are text (YYYY-MM), an empty day is NEVER.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

NEVER = date.max.toordinal()
EPOCH = date(1970, 1, 1).toordinal()
EMPTY = "未填写"
CENSUS_MONTH, YEAR_END_MONTH = 11, 12
LATE_MINUTES = 30

Frames = Mapping[str, pd.DataFrame]
Number = Decimal | int
Halves = tuple[Number, Number]
Period = tuple[int, int]  # year, cut-off month


def months(period: Period) -> list[str]:
    year, through = period
    return [f"{year}-{month:02}" for month in range(1, through + 1)]


def first_day(period: Period) -> int:
    return date(period[0], 1, 1).toordinal()


def last_day(period: Period) -> int:
    year, through = period
    return date(year, through, monthrange(year, through)[1]).toordinal()


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """Every table of a snapshot; a month of the accident reports is also its first day, `reported_on`."""
    frames = {file.stem: pd.read_parquet(file).astype(object) for file in folder.glob("*.parquet")}
    for frame in frames.values():
        for name in frame:
            if name.endswith("_on") or name == "effective_from":
                days = pd.to_datetime(frame[name]).to_numpy("datetime64[D]")
                frame[name] = np.where(np.isnat(days), NEVER, days.astype(np.int64) + EPOCH)
    if "accidents" in frames:
        frames["accidents"]["reported_on"] = [
            date.fromisoformat(f"{month}-01").toordinal() for month in frames["accidents"].month
        ]
    return frames | {"regions": pd.read_csv(folder / "regions.csv", dtype=str)}


# Which rows are in the period.

When = Callable[[pd.DataFrame, Period], pd.DataFrame]


def during(on: str) -> When:
    """The rows dated from 1 January to the last day of the period."""
    return lambda rows, period: rows[(rows[on].to_numpy() >= first_day(period)) & (rows[on].to_numpy() <= last_day(period))]


def in_force(since: str, until: str = "") -> When:
    """The rows that have begun by the last day of the period and have not ended on it."""

    def rows_in_force(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
        begun = rows[since].to_numpy() <= last_day(period)
        return rows[begun & (rows[until].to_numpy() > last_day(period))] if until else rows[begun]

    return rows_in_force


def overdue_devices(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Of inspections with their devices: the devices in use whose latest due day, of inspections so far, has passed."""
    day = last_day(period)
    in_use = rows[(rows.in_use_on.to_numpy() <= day) & (rows.retired_on.to_numpy() > day)]
    so_far = in_use[in_use.inspected_on.to_numpy() <= day].sort_values("due_on").drop_duplicates("equipment_id", keep="last")
    return so_far[so_far.due_on.to_numpy() < day]


# What is made of the rows in the period.

How = Callable[[pd.DataFrame], Number | None]


def total(column: str) -> How:
    return lambda rows: sum(rows[column].dropna())


def different(column: str) -> How:
    return lambda rows: rows[column].nunique()


def largest(column: str) -> How:
    return lambda rows: max(rows[column].dropna(), default=None)


def middle(column: str) -> How:
    return lambda rows: median(map(Decimal, rows[column].dropna())) if rows[column].notna().any() else None


@dataclass(frozen=True)
class Count:
    """`how` many, of the rows `of` a snapshot, are there `when`; of amounts, `records` have a number in that column."""

    tables: tuple[str, ...]
    of: Callable[[Frames], pd.DataFrame]
    when: When
    how: How = len
    adds_up: bool = True


@dataclass(frozen=True)
class Ratio:
    """One metric over another, both kept."""

    above: str
    below: str


@dataclass(frozen=True)
class Difference:
    """One metric less another."""

    first: str
    second: str


@dataclass(frozen=True)
class Returned:
    """What the regions return; at the end of the period, or in each of its months."""

    at_end: bool = False
    halves: bool = False


@dataclass(frozen=True)
class People:
    """The population."""


@dataclass(frozen=True)
class Cited:
    """A parameter."""


Definition = Count | Ratio | Difference | Returned | People | Cited
FLOW, AT_END, AT_END_BY_HALVES = Returned(), Returned(at_end=True), Returned(at_end=True, halves=True)


def counts(table: str, *also: str) -> Callable[..., Count]:
    """A count of rows of a table, or of rows made of it and `also`."""

    def count(
        when: When,
        where: Callable[[pd.DataFrame], object] | None = None,
        how: How = len,
        of: Callable[[Frames], pd.DataFrame] = lambda frames: frames[table],
        adds_up: bool = True,
    ) -> Count:
        return Count((table, *also), lambda frames: of(frames)[where(of(frames))] if where else of(frames), when, how, adds_up)

    return count
