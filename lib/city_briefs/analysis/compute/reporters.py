"""Reporters: who reports a metric in a year, and the regions whose sum a region is."""

from collections.abc import Iterable
from dataclasses import dataclass

from city_briefs.analysis.compute.cubes import Computed
from city_briefs.common import read_log
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region, Regions
from city_briefs.model.metric import Metric


@dataclass(frozen=True)
class Reporters:
    """Who reports among `regions`, of a snapshot with `all_regions`."""

    computed: Computed
    all_regions: Regions
    regions: Regions

    def of(self, metric: Metric, period: Period) -> list[Region]:
        """Return who returns the metric in this year: the province, and the first two of its cities and other regions.

        A city returns it by itself or by its counties. Where two cities do, they are summed, and the return of the province is not used.
        """
        province, provenance = self.regions.province, self.computed.provenance(metric)
        is_city = self.all_regions.by_code[province.code].level == "city"
        grid = self.computed.times.get(metric.id) if provenance == "returns" else self.computed.grid(metric) if is_city else None
        found = [] if grid is None else grid.reporters(self.regions, self.all_regions, Period(period.year).months)
        read_log.note(("reporters", metric.id, str(period.year), province.code), lambda: [region.code for region in found])
        return found

    def only_province(self, metric: Metric, period: Period) -> bool:
        """Return whether in this year only the province, and none of its cities, returns the metric.

        For a city with counties the same holds of its records: they count alone when no county reports.
        """
        reporters = self.of(metric, period)
        return self.regions.province in reporters and not _cities(reporters)

    def only_part(self, metric: Metric, period: Period) -> Region | None:
        """Return the city, or other region, that alone returns the metric in this year, so that the province has no number; else None."""
        reporters = self.of(metric, period) if self._is_returned_by_several(metric) else []
        return reporters[0] if len(reporters) == 1 and reporters[0] != self.regions.province else None

    def members(self, metric: Metric, region: Region, period: Period) -> list[Region]:
        """Return the regions whose sum is `region`: itself, or for a parent all that must report; of a pair, those of its first half."""
        members = self._summed(metric.pair.first if self.computed.is_pair(metric) else metric, region, period)
        if self.all_regions.made_of(region):
            read_log.note(
                (read_log.MEMBERS, region.code, metric.id, str(period.year)), lambda: [member.code for member in members]
            )
        return members

    def _summed(self, metric: Metric, region: Region, period: Period) -> list[Region]:
        """Return the regions whose sum is `region` for a metric that is no pair; `region` alone when it has no parts, or alone reports."""
        inside = self.all_regions.made_of(region)
        if inside is None or Reporters(self.computed, self.all_regions, inside)._is_of_itself(metric, period):
            return [region]
        grid = self.computed.grid(metric)
        end = Period(period.year).months[-1]
        units = [*inside.others, *([inside.province] if self.computed.noted_provenance(metric) == "records" else [])]
        parts = [part for city in inside.cities for part in self._summed(metric, city, period)]
        return [*parts, *(unit for unit in units if grid and grid.knows_of(unit.code, end))]

    def _is_of_itself(self, metric: Metric, period: Period) -> bool:
        """Return whether the province has its own number: it alone reports, or returns the metric as at most one of several cities does."""
        reporters = self.of(metric, period)
        return self.regions.province in reporters and len(_cities(reporters)) <= self._is_returned_by_several(metric)

    def _is_returned_by_several(self, metric: Metric) -> bool:
        return len(self.regions.cities) > 1 and self.computed.noted_provenance(metric) == "returns"


def _cities(regions: Iterable[Region]) -> list[Region]:
    return [region for region in regions if region.level == "city"]
