"""A scope: the results of one region over one period, seen among the regions that it is compared with."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import TypeVar, TypeVarTuple

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.snapshot import Snapshot
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.model.metric import Metric

Counted = TypeVar("Counted")
Besides = TypeVarTuple("Besides")


@dataclass(frozen=True)
class Scope:
    """Results, region and period of which a figure, a judgement or a block is made.

    `results` have only the regions that `region` is compared with, and `region` has the level that it has among these: a city with
    counties is a city in its province, and a county is to its city what a city is to its province. `Scope.of` sees to both.
    """

    results: Results
    region: Region
    period: Period

    @classmethod
    def of(cls, results: Results, region: Region, period: Period) -> "Scope":
        """Return the scope of a region, whatever regions `results` have."""
        among = results.within(region)
        return cls(among, among.regions.by_code[region.code], period)

    def at(self, region: Region) -> "Scope":
        """Return the scope of another region over the same period."""
        return Scope.of(self.results, region, self.period)

    def over(self, period: Period) -> "Scope":
        """Return the scope of the same region over another period."""
        return replace(self, period=period)

    @property
    def year_before(self) -> "Scope":
        """The scope of the same region over the same months a year before."""
        return self.over(self.period.year_before)

    @property
    def to_date(self) -> "Scope":
        """The scope of the same region from January to the end of the period."""
        return self.over(self.period.to_date)

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that the results are computed from."""
        return self.results.snapshot

    @property
    def whole(self) -> Region:
        """The region that the regions of these results are parts of: the province, and for counties their city."""
        return self.results.regions.province

    @property
    def peers(self) -> tuple[Region, ...]:
        """The regions that are ranked: the cities, and for counties the counties of their city."""
        return self.results.regions.cities

    def amount(self, metric: Metric, part: tuple[str, str] = ("", "")) -> Amount:
        """Return the amount of a metric in the unit of its halves; of one member of a dimension when `part` is, say, ("domain", "food")."""
        return self.results.amount(metric, self.region, self.period, part)

    def reporting(self, metric: Metric) -> list[Region]:
        """Return the regions whose reports the amount of a metric is made of; empty when nobody reports it."""
        return self.results.reporters.members(metric, self.region, self.period)


def counted_once(count: Callable[[Scope, *Besides], Counted]) -> Callable[[Scope, *Besides], Counted]:
    """Return a function of all regions of a scope that counts once for each results, period, and what it is given besides.

    It is given the whole as the region of the scope: what it counted is kept for all regions, also for those of the chapters to come.
    """

    @wraps(count)
    def once(scope: Scope, *besides: *Besides) -> Counted:
        of_all = replace(scope, region=scope.whole)
        return scope.results.once((count, scope.period, *besides), lambda: count(of_all, *besides))

    return once
