"""Events: when and where the rows of a table happen, by year, season, weekday and city."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from city_briefs.demo.draws import Draws, Floats, Ints
from city_briefs.demo.province import Province, day

OFFICE = (0.8, 0.6, 1.1, 1.1, 1.1, 1.1, 1.0, 1.0, 1.1, 0.95, 1.1, 1.1)  # what a bureau does: little over the Spring Festival
WEEKEND = 0.15  # of a working day
DRIFT, MONTHLY, DAILY = 0.03, 0.06, 0.2  # how far a city grows apart in a year, and months and days go up and down


@dataclass(frozen=True)
class Events:
    """One event per row, by day: the position of its unit, and its day since 1970."""

    unit: npt.NDArray[np.int16]
    day: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.day)

    @property
    def year(self) -> npt.NDArray[np.int64]:
        """Return the year of each event."""
        return self.day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def expected(province: Province, draws: Draws, totals: Mapping[int, int], pull: float) -> Floats:
    """Return how many events each unit (column) has in each year (row). Units grow apart; a unit has none before it reports."""
    drift = draws.noise(DRIFT, len(totals), len(province.units)).cumprod(axis=0)
    reporting = np.array([[year >= province.since(unit) for unit in province.units] for year in totals])
    shares = province.weights(pull) * drift * reporting
    return shares / shares.sum(axis=1, keepdims=True) * np.array(list(totals.values()))[:, None]


@dataclass(frozen=True)
class Calendar:
    """How many events are expected on each day in each unit, laid end to end: one event is drawn in every step of length 1.

    So the totals come out exactly, and only their distribution is random.
    """

    first_day: int
    units: int
    count: int
    ends: Floats  # where the expectation of each day and unit ends; by day, then by unit
    last: int  # the last day and unit on which anything is expected

    def at(self, numbers: Ints, shares: Floats) -> Events:
        """Return the events with these numbers, from 0; each lies at its share of its step."""
        cells = np.minimum(np.searchsorted(self.ends, numbers + shares, side="right"), self.last)
        days, unit = np.divmod(cells, self.units)
        return Events(unit.astype(np.int16), (self.first_day + days).astype(np.int32))

    def between(self, first_day: int, last_day: int) -> tuple[int, int]:
        """Return the first number of the events that may lie on these days, and the one after the last."""
        first, end = np.clip((first_day - self.first_day, last_day + 1 - self.first_day), 0, len(self.ends) // self.units)
        before, inside = (self.ends[cell * self.units - 1] if cell else 0 for cell in (first, end))
        return max(int(before) - 1, 0), min(int(inside) + 1, self.count)


def calendar(
    province: Province,
    draws: Draws,
    totals: Mapping[int, int],
    *,
    pull: float = 1,
    season: Sequence[float] = OFFICE,
    weekend: float = WEEKEND,
    planned: Floats | None = None,
) -> Calendar:
    """Return the calendar of exactly as many events as `totals` has for each year.

    `planned` gives the number of events of each unit (column) in each year (row); None for the result of `expected`.
    """
    yearly = expected(province, draws, totals, pull) if planned is None else planned
    days = np.arange(day(min(totals)), day(max(totals) + 1))
    dates = days.astype("datetime64[D]")
    year = dates.astype("datetime64[Y]").astype(int) + 1970 - min(totals)
    month = dates.astype("datetime64[M]").astype(int) - (min(totals) - 1970) * 12
    day_weights = np.array(season)[month % 12] * np.where((days + 3) % 7 >= 5, weekend, 1.0)  # 1 January 1970 was a Thursday
    day_weights *= draws.noise(DAILY, len(days))
    cells = day_weights[:, None] * draws.noise(MONTHLY, month[-1] + 1, len(province.units))[month]
    starts = np.flatnonzero(np.diff(year, prepend=-1))
    cells *= (yearly / np.add.reduceat(cells, starts, axis=0))[year]
    return Calendar(int(days[0]), len(province.units), sum(totals.values()), cells.cumsum(), int(np.flatnonzero(cells)[-1]))


def events(
    province: Province,
    draws: Draws,
    totals: Mapping[int, int],
    *,
    pull: float = 1,
    season: Sequence[float] = OFFICE,
    weekend: float = WEEKEND,
) -> Events:
    """Return exactly as many events as `totals` has for each year, all at once."""
    planned = calendar(province, draws, totals, pull=pull, season=season, weekend=weekend)
    return planned.at(np.arange(planned.count), draws.shares(planned.count))
