"""Events: when and where the rows of a table happen, by year, season, weekday and city."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from city_briefs.demo.draws import Draws, Floats
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


def events(
    province: Province,
    draws: Draws,
    totals: Mapping[int, int],
    *,
    pull: float = 1,
    season: Sequence[float] = OFFICE,
    weekend: float = WEEKEND,
    planned: Floats | None = None,
) -> Events:
    """Return exactly as many events as `totals` has for each year.

    `planned` gives the number of events of each unit (column) in each year (row); None for the result of `expected`. The
    expectations of all days and units are laid end to end, and one event is drawn in every step of length 1. So the totals
    come out exactly, and only their distribution is random.
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
    ends = cells.cumsum()
    count = sum(totals.values())
    cell_numbers = np.searchsorted(ends, np.arange(count) + draws.random.random(count), side="right")
    day_numbers, unit = np.divmod(np.minimum(cell_numbers, np.flatnonzero(cells)[-1]), len(province.units))
    return Events(unit.astype(np.int16), (days[0] + day_numbers).astype(np.int32))
