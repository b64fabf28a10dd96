"""The demo province: its regions, their sizes, who reports since when, and the years."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np

from city_briefs.common import paths, regions
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region, Regions
from city_briefs.demo.draws import Draws, Floats
from city_briefs.demo.planted import LATE_UNIT_SINCE

WHOLE = 2_000_000  # entities of a province at scale 1
KEPT_ROWS = 500  # a year: a table with fewer does not shrink with the province, or there would be nothing to see
REPORTING_OTHERS = {"623100": LATE_UNIT_SINCE, "629999": 0, "990100": LATE_UNIT_SINCE, "999900": 0}  # code: first year
OTHER_SHARE = 0.003  # of the province, for each unit beside the cities
LEVEL_YEAR = 2021  # levels of the tables are given for this year
LUCK = 0.015  # how far a year is above or below its trend
MEDIAN_PERSONS = 2_600_000  # of an invented city
LARGEST, USUAL = 21, 14  # cities of a province, as 四川 has the most of those that there are; where there are several, of each


@dataclass(frozen=True)
class Province:
    """What all tables are made for. `census` has the persons of each city in 2020, in the order of the cities."""

    regions: Regions
    census: tuple[int, ...]
    years: range
    scale: float
    seed: int

    @cached_property
    def units(self) -> list[Region]:
        """The regions that report: all cities, then the units beside them that ever do."""
        return [*self.regions.cities, *(unit for unit in self.regions.others if unit.code in REPORTING_OTHERS)]

    @property
    def codes(self) -> list[str]:
        """The codes of the units."""
        return [unit.code for unit in self.units]

    @property
    def first_day(self) -> int:
        """1 January of the first year, in days since 1970."""
        return day(self.years[0])

    @property
    def last_day(self) -> int:
        """31 December of the last year, in days since 1970."""
        return day(self.years[-1] + 1) - 1

    @property
    def months(self) -> list[str]:
        """All months, first to last."""
        return [month for year in self.years for month in Period(year).months]

    def draws(self, name: str) -> Draws:
        """The random stream of one table."""
        return Draws(self.seed, name)

    def since(self, unit: Region) -> int:
        """The first year that a unit reports."""
        return REPORTING_OTHERS.get(unit.code, 0)

    def place(self, code: str) -> int | None:
        """The place of a code among the units; None when this province does not have it."""
        return self.codes.index(code) if code in self.codes else None

    def weights(self, pull: float = 1) -> Floats:
        """The part of each unit: cities by their people, the first, the capital, `pull` times as much as its own."""
        cities = np.array(self.census, float)
        cities[0] *= pull
        others = len(self.units) - len(cities)
        return np.concatenate([cities / cities.sum() * (1 - OTHER_SHARE * others), np.full(others, OTHER_SHARE)])

    def size(self, rows: float) -> int:
        """The rows of a province of this scale, for those a year (or in all) of a whole one."""
        return round(max(rows * self.scale, min(rows, KEPT_ROWS)))

    def yearly(self, draws: Draws, level: float, growth: float, before: int = 0) -> dict[int, int]:
        """Rows by year, growing about steadily to and from the level of LEVEL_YEAR; `before` years more ahead of the first."""
        years = range(self.years[0] - before, self.years[-1] + 1)
        luck = draws.noise(LUCK, len(years))
        return {
            year: self.size(level * (1 + growth) ** (year - LEVEL_YEAR) * factor)
            for year, factor in zip(years, luck, strict=True)
        }


def day(year: int, month: int = 1, of_month: int = 1) -> int:
    """A date in days since 1970."""
    return (date(year, month, of_month) - date(1970, 1, 1)).days


def gansu(cities: int) -> tuple[Regions, tuple[int, ...]]:
    """The first so many cities of the reference data with their census."""
    known = regions.read(paths.reference() / "regions.csv")
    with (paths.reference() / "population.csv").open(encoding="utf-8") as file:
        persons = {row["region"]: int(row["persons"]) for row in csv.DictReader(file)}
    kept = known.cities[:cities]
    return Regions((known.province, *kept, *known.others)), tuple(persons[city.code] for city in kept)


def invented(cities: int, seed: int) -> list[tuple[Regions, tuple[int, ...]]]:
    """So many cities that there are not, with drawn populations: in one province, or in several when it would be too large."""
    persons = [int(drawn) for drawn in Draws(seed, "regions").around(MEDIAN_PERSONS / 100, 0.6, cities) * 100]
    if cities <= LARGEST:
        whole = Region("900000", "模拟省", "模拟", "province")
        others = [Region(code, name, name, "other", whole.code) for code, name in (("990100", "模拟矿区"), ("999900", "其他"))]
        return [(Regions((whole, *_cities(whole, range(cities)), *others)), tuple(persons))]
    found = []
    for number, places in enumerate(np.array_split(np.arange(cities), -(-cities // USUAL)), start=1):
        whole = Region(f"99{number:03}0", f"模拟{number:02}省", f"模拟{number:02}省", "province")
        found.append((Regions((whole, *_cities(whole, places))), tuple(persons[place] for place in places)))
    return found


def _cities(whole: Region, places: Iterable[int]) -> list[Region]:
    named = ((f"9{place + 1:04}0", f"模拟{place + 1:03}") for place in places)
    return [Region(code, f"{name}市", name, "city", whole.code) for code, name in named]


def write_regions(known: Iterable[Region], file: Path) -> None:
    """The regions as a `regions.csv`."""
    lines = [("code", "name", "short", "level", "parent")]
    lines += [(region.code, region.name, region.short, region.level, region.parent) for region in known]
    file.write_text("".join(",".join(line) + "\n" for line in lines), "utf-8", newline="\n")


def shared_out(total: int, weights: Mapping[int, float] | Iterable[tuple[int, float]]) -> dict[int, int]:
    """A whole number in whole parts as large as their weights."""
    parts = dict(weights)
    ends = np.rint(np.cumsum(list(parts.values())) / sum(parts.values()) * total).astype(int)
    return dict(zip(parts, map(int, np.diff(ends, prepend=0)), strict=True))
