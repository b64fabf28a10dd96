"""Population: the denominator of metrics per head."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from city_briefs.analysis.compute.aggregate import ZERO, Amount
from city_briefs.analysis.snapshot import Snapshot
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.model.tables import POPULATION

YEAR_END = 12  # the month of a count whose basis is not in MONTHS
MONTHS = {"census": 11}


class Population:
    """The population counts of a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._counts: dict[str, list[dict[str, Any]]] | None = None  # once they were asked for

    def of(self, region: Region, period: Period) -> Amount:
        """Return the persons last counted at or before the end of a period, with series and month of the count.

        A parent without a count is the sum of its cities, when their last counts have the same series and month. Where there is no
        number, `missing` has the region with the last month of the period.
        """
        if last := self._last(region, period):
            return Amount(Decimal(last["persons"]), series=last["series"], as_of=last["month"])
        if inside := self.snapshot.regions.made_of(region):
            cities = [self.of(city, period) for city in inside.cities]
            if not any(city.missing for city in cities) and len({(city.series, city.as_of) for city in cities}) == 1:
                return Amount(sum((city.numerator for city in cities), ZERO), series=cities[0].series, as_of=cities[0].as_of)
        return Amount(missing={region: [period.months[-1]]})

    def counted(self, region: Region, period: Period) -> list[dict[str, Any]]:
        """Return the rows that `of` rests on: the last count of the region, else those of its cities; empty when there are none."""
        if last := self._last(region, period):
            return [last]
        inside = self.snapshot.regions.made_of(region)
        return [count for city in (inside.cities if inside else ()) for count in self.counted(city, period)]

    def _last(self, region: Region, period: Period) -> dict[str, Any] | None:
        """Return the last count of a region itself up to the end of a period; None when there is none."""
        rows = self.snapshot.listed(POPULATION)  # whoever asks notes it
        if self._counts is None:
            self._counts = _by_region(rows)
        counts = (count for count in self._counts[region.code] if count["month"] <= period.months[-1])
        return max(counts, key=_month, default=None)


def _by_region(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the counts of each region, by code, with the month of each."""
    counts = defaultdict(list)
    for row in rows:
        counts[row["region"]].append({**row, "month": f"{row['year']}-{MONTHS.get(row['basis'], YEAR_END):02}"})
    return counts


def _month(row: dict[str, Any]) -> str:
    return str(row["month"])
