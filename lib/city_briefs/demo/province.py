"""Province of the demo: its regions, their sizes, the years, which unit reports what since when, and the cases that are planted."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from city_briefs.common import files, paths, regions
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region, Regions
from city_briefs.demo.draws import Draws, Floats
from city_briefs.model.tables import COVERAGE, POPULATION, RETURNS, STANDARDS, TABLES, TARGETS

# Planted, so that every refusal and every guard has something to show. `data/README.md` lists each with a command that shows it. A city
# is given by its real code: a province whose cities are invented, or that is too small to have the city, goes without.
BAD_YEAR = ("620300", 2020)  # 金昌: new registrations fall
BAD_YEAR_KEEPS = 0.75  # of the year before
UNREPORTED = ("complaints", "621100", ("2022-05", "2022-06"))  # 定西 did not report this table for these months
RETURNED_TWICE = ("enforcement_vehicles", "620400", "2020-12")  # 白银: two rows with different numbers
SECOND_RETURN_ADDS = 3
SMALL_BASE = ("620200", 6)  # 嘉峪关: so many patent pledges in every year, too few for a percentage
TIE = ("trusted_consumer_streets", "620700", "620900", 2021)  # 张掖 and 酒泉: the same number in every month
LATE_UNIT_SINCE = 2018  # the year from which a unit beside the cities reports, 甘肃矿区 where it is Gansu
SERIES_BREAK = 2020  # the first year of the new population series
GROWTH_OF_NEW_ENTITIES = {2017: 0.064, 2018: 0.078, 2019: 0.052, 2020: 0.036, 2021: 0.121, 2022: 0.049}  # first two digits: 2021
CHECKED = "verified_instruments"  # the province returns it too, equal to what its regions return
CANTEENS_FULL = 2021  # at the end of this year every school canteen has a bright kitchen

WHOLE = 2_000_000  # entities of a province at scale 1
KEPT_ROWS = 500  # a year: a table with fewer does not shrink with the province, or there would be nothing to see
REPORTING_OTHERS = {"623100": LATE_UNIT_SINCE, "629999": 0, "990100": LATE_UNIT_SINCE, "999900": 0}  # code: first year
OTHER_SHARE = 0.003  # of the province, for each unit beside the cities
LEVEL_YEAR = 2021  # levels of the tables are given for this year
LUCK = 0.015  # how far a year is above or below its trend
MEDIAN_PERSONS = 2_600_000  # of an invented city
LARGEST, USUAL = (
    21,
    14,
)  # cities of one province, 21 as in 四川, the most there are; cities of each, where there are several provinces
OF_PROVINCE = (RETURNS, STANDARDS)  # tables in which the province has rows of its own
NOT_REPORTED = (POPULATION, TARGETS, COVERAGE)  # have a column region, and come from elsewhere


@dataclass(frozen=True)
class Province:
    """The province that all tables are made for. `census` holds the persons of each city in 2020, in the order of the cities."""

    regions: Regions
    census: tuple[int, ...]
    years: range
    scale: float
    seed: int

    @cached_property
    def units(self) -> list[Region]:
        """Return the regions that report: all cities, then the units beside them that ever do."""
        return [*self.regions.cities, *(unit for unit in self.regions.others if unit.code in REPORTING_OTHERS)]

    @property
    def codes(self) -> list[str]:
        """Return the codes of the units."""
        return [unit.code for unit in self.units]

    @property
    def first_day(self) -> int:
        """Return 1 January of the first year, in days since 1970."""
        return day(self.years[0])

    @property
    def last_day(self) -> int:
        """Return 31 December of the last year, in days since 1970."""
        return day(self.years[-1] + 1) - 1

    @property
    def months(self) -> list[str]:
        """Return all months (YYYY-MM), in order."""
        return [month for year in self.years for month in Period(year).months]

    def draws(self, name: str) -> Draws:
        """Return the random stream of one table."""
        return Draws(self.seed, name)

    def since(self, unit: Region) -> int:
        """Return the first year that a unit reports; 0 for a unit that always does."""
        return REPORTING_OTHERS.get(unit.code, 0)

    def place(self, code: str) -> int | None:
        """Return the position of a region code among the units; None when this province does not have it."""
        return self.codes.index(code) if code in self.codes else None

    def weights(self, pull: float = 1) -> Floats:
        """Return the share of each unit. Cities are weighted by their persons, the capital (the first) `pull` times as much."""
        cities = np.array(self.census, float)
        cities[0] *= pull
        others = len(self.units) - len(cities)
        return np.concatenate([cities / cities.sum() * (1 - OTHER_SHARE * others), np.full(others, OTHER_SHARE)])

    def size(self, rows: float) -> int:
        """Return the number of rows at the scale of this province, for `rows` at scale 1."""
        return round(max(rows * self.scale, min(rows, KEPT_ROWS)))

    def yearly(self, draws: Draws, level: float, growth: float, before: int = 0) -> dict[int, int]:
        """Return the rows by year, growing steadily to and from the level of LEVEL_YEAR; it begins `before` years earlier."""
        years = range(self.years[0] - before, self.years[-1] + 1)
        luck = draws.noise(LUCK, len(years))
        return {
            year: self.size(level * (1 + growth) ** (year - LEVEL_YEAR) * factor)
            for year, factor in zip(years, luck, strict=True)
        }


def coverage(province: Province) -> pa.Table:
    """Return the table `coverage`: all months of all tables of records, without planted gaps and months before a unit reports."""
    months = {
        unit.code: [month for month in province.months if int(month[:4]) >= province.since(unit)] for unit in province.units
    }
    province_months = {province.regions.province.code: province.months}
    left_out = {(UNREPORTED[0], UNREPORTED[1], month) for month in UNREPORTED[2]}
    covered = [
        (table.name, code, month)
        for table in TABLES.values()
        if "region" in table.schema.names and table not in NOT_REPORTED
        for code, reported in (months | (province_months if table in OF_PROVINCE else {})).items()
        for month in reported
    ]
    columns = zip(*(row for row in covered if row not in left_out), strict=True)
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=COVERAGE.schema)


def day(year: int, month: int = 1) -> int:
    """Return the first of a month in days since 1970."""
    return (date(year, month, 1) - date(1970, 1, 1)).days


def gansu(cities: int) -> tuple[Regions, tuple[int, ...]]:
    """Return the first `cities` cities of the reference data, with their census."""
    reference_regions = regions.read(paths.reference() / "regions.csv")
    with files.opened_text(paths.reference() / "population.csv") as file:
        persons = {row["region"]: int(row["persons"]) for row in csv.DictReader(file)}
    kept = reference_regions.cities[:cities]
    return Regions((reference_regions.province, *kept, *reference_regions.others)), tuple(persons[city.code] for city in kept)


def invented(cities: int, seed: int) -> list[tuple[Regions, tuple[int, ...]]]:
    """Return as many invented cities with drawn populations: in one province, or in several when one would be too large."""
    persons = [int(hundreds) for hundreds in Draws(seed, "regions").around(MEDIAN_PERSONS / 100, 0.6, cities) * 100]
    if cities <= LARGEST:
        province = Region("900000", "模拟省", "模拟", "province")
        others = [Region(code, name, name, "other", province.code) for code, name in (("990100", "模拟矿区"), ("999900", "其他"))]
        return [(Regions((province, *_cities(province, range(cities)), *others)), tuple(persons))]
    provinces = []
    for province_number, numbers in enumerate(np.array_split(np.arange(cities), -(-cities // USUAL)), start=1):
        province = Region(f"99{province_number:03}0", f"模拟{province_number:02}省", f"模拟{province_number:02}省", "province")
        provinces.append((Regions((province, *_cities(province, numbers))), tuple(persons[number] for number in numbers)))
    return provinces


def _cities(province: Region, numbers: Iterable[int]) -> list[Region]:
    """Return invented cities of a province."""
    codes_and_names = ((f"9{number + 1:04}0", f"模拟{number + 1:03}") for number in numbers)
    return [Region(code, f"{name}市", name, "city", province.code) for code, name in codes_and_names]


def write_regions(regions: Iterable[Region], file: Path) -> None:
    """Write the regions as a `regions.csv`."""
    lines = [("code", "name", "short", "level", "parent")]
    lines += [(region.code, region.name, region.short, region.level, region.parent) for region in regions]
    files.write_new(file, "".join(",".join(line) + "\n" for line in lines))


def shared_out(total: int, weights: Mapping[int, float] | Iterable[tuple[int, float]]) -> dict[int, int]:
    """Return a whole number divided into whole parts in proportion to their weights."""
    shares = dict(weights)
    ends = np.rint(np.cumsum(list(shares.values())) / sum(shares.values()) * total).astype(int)
    return dict(zip(shares, map(int, np.diff(ends, prepend=0)), strict=True))
