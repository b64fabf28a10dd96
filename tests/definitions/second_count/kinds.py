"""What the definitions are written with: rows with numbered days, when they count, and what is counted of them."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

NEVER = date.max.toordinal()
EPOCH = date(1970, 1, 1).toordinal()

Frames = Mapping[str, pd.DataFrame]
Number = Decimal | int
Period = tuple[int, int] | tuple[int, int, int]  # year, last month and, when it is not January, the first


def months(period: Period) -> list[str]:
    year, through, first = (*period, 1)[:3]
    return [f"{year}-{month:02}" for month in range(first, through + 1)]


def first_day(period: Period) -> int:
    year, _, first = (*period, 1)[:3]
    return date(year, first, 1).toordinal()


def last_day(period: Period) -> int:
    year, through = period[:2]
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


@dataclass(frozen=True)
class During:
    """The rows dated in the period."""

    on: str
    at_end = False

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.on,)

    def __call__(self, rows: pd.DataFrame, period: Period) -> pd.DataFrame:
        days = rows[self.on].to_numpy()
        return rows[(days >= first_day(period)) & (days <= last_day(period))]


@dataclass(frozen=True)
class InForce:
    """The rows that have begun by the last day of the period and have not ended by then."""

    since: str
    until: str = ""
    at_end = True

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.since, self.until) if self.until else (self.since,)

    def __call__(self, rows: pd.DataFrame, period: Period) -> pd.DataFrame:
        begun = rows[rows[self.since].to_numpy() <= last_day(period)]
        return begun[begun[self.until].to_numpy() > last_day(period)] if self.until else begun


class OverdueDevices:
    """Of inspections with their devices: the devices in use whose latest due day, of inspections so far, has passed."""

    at_end = True
    needs = ("in_use_on", "retired_on", "inspected_on", "due_on", "equipment_id")

    def __call__(self, rows: pd.DataFrame, period: Period) -> pd.DataFrame:
        day = last_day(period)
        so_far = InForce("in_use_on", "retired_on")(rows, period)[lambda rows: rows.inspected_on <= day]
        latest = so_far.sort_values("due_on").drop_duplicates("equipment_id", keep="last")
        return latest[latest.due_on < day]


How = Callable[[pd.Series], Number]


def largest(values: pd.Series) -> Number:
    return max(values, default=0)


def middle(values: pd.Series) -> Number:
    return median(map(Decimal, values)) if len(values) else 0


@dataclass(frozen=True)
class Count:
    """The rows `of` some tables that are there `when`: how many, or `how` of the values in `column`."""

    tables: tuple[str, ...]
    of: Callable[[Frames], pd.DataFrame]
    when: During | InForce | OverdueDevices
    column: str
    how: How

    @property
    def adds_up(self) -> bool:
        return self.how in (len, sum)


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
    """What the regions return, in each month of the period or at its end; of a ratio both halves."""

    at_end: bool = False
    halves: bool = False


@dataclass(frozen=True)
class People:
    """The population."""


@dataclass(frozen=True)
class Cited:
    """A number of a document."""


Definition = Count | Ratio | Difference | Returned | People | Cited
Where = Callable[[pd.DataFrame], "pd.Series[bool]"]


def count(table: str, when: During | InForce, where: Where | None = None, column: str = "region", how: How = len) -> Count:
    """The rows of one table that obey `where`."""
    return Count((table,), lambda frames: frames[table][where(frames[table])] if where else frames[table], when, column, how)


def is_a(column: str, *words: str) -> Where:
    return lambda rows: rows[column].isin(words)


def true(column: str) -> Where:
    """An empty one is not true."""
    return lambda rows: rows[column].eq(True)


def filled(column: str) -> Where:
    return lambda rows: rows[column].notna()


def both(*wheres: Where) -> Where:
    return lambda rows: np.logical_and.reduce([where(rows) for where in wheres])


def no(where: Where) -> Where:
    return lambda rows: ~where(rows)
