"""Reference tables, which are set or published and not reported: population, targets, benchmarks and parameters."""

from datetime import date
from math import ceil, floor, log10
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.demo.draws import Ints
from city_briefs.demo.province import LEVEL_YEAR, SERIES_BREAK, Province
from city_briefs.model.table import Table
from city_briefs.model.tables import BENCHMARKS, PARAMETERS, POPULATION, TARGETS

SOURCE = "模拟：{}"
OLD_SERIES, NEW_SERIES = "2010普查口径", "2020普查口径"
PUBLISHED_CENSUS = 25_019_800  # Gansu's; its 14 cities add up to a little more through rounding
OLD_TO_NEW = 26_474_300 / 25_019_800  # Gansu at the end of 2019, on the old series, to its census of 2020
PERSONS_GROWTH = -0.0048  # a year on either series; Gansu had 24,900,200 at the end of 2021

RISE = {"new_entities": 0.06, "bright_kitchen_units": 0.1, "inv_patents_per_10k": 0.1}  # over the year before
FIXED = {  # metric: view, value, comparison, also set for each city
    "entity_stock": ("yoy", 8.0, "at_least", True),
    "product_pass_rate": ("value", 92.0, "at_least", True),
    "settlement_rate": ("value", 65.0, "at_least", True),
    "school_canteen_coverage": ("value", 100.0, "at_least", True),
    "patent_exam_months": ("value", 6.0, "at_most", False),
}
GANKUAIBAN_ITEMS, GANKUAIBAN_MORE = 64, 9  # the target for LEVEL_YEAR, and how many more each year

BENCHMARK_LEVELS: dict[str, tuple[float, dict[str, float]]] = {  # metric: growth a year, and value in LEVEL_YEAR by area
    "entity_stock": (0.11, {"全国": 154_000_000, "广东": 15_260_000, "上海": 3_180_000, "安徽": 6_600_000}),
    "inv_patents_per_10k": (0.15, {"全国": 19.1, "广东": 34.6, "上海": 36.4, "安徽": 19.9}),
    "food_pass_rate": (0.0005, {"全国": 97.4, "广东": 97.6, "上海": 98.5, "安徽": 98.1}),
    "high_value_patents_per_10k": (0.19, {"全国": 7.5, "广东": 16.8, "上海": 17.9, "安徽": 6.6}),
}
AREAS = ("全国", "广东", "上海", "安徽")
FEW = 10_000  # a published number above it is in hundreds
BENCHMARK_GROWTHS = {"new_entities": 9.0, "inv_grants": 15.0}  # %, about

PARAMETER_ROWS = (
    ("markup_ceiling", 35.0, "%", date(2015, 1, 1), "商品进销差率管理办法"),
    ("markup_ceiling", 30.0, "%", date(2021, 2, 1), "商品进销差率管理办法（修订）"),
    ("whistle_reward_cap", 500_000.0, "元", date(2015, 1, 1), "食品安全举报奖励办法"),
)


def parameters() -> pa.Table:
    """Return the table of fixed numbers; one of them was changed."""
    return _listed(
        PARAMETERS,
        [
            {"name": name, "value": value, "unit": unit, "effective_from": since, "source": SOURCE.format(source)}
            for name, value, unit, since, source in PARAMETER_ROWS
        ],
    )


def benchmarks(province: Province) -> pa.Table:
    """Return the table of benchmarks: the values of other areas, for every year."""
    draws = province.draws(BENCHMARKS.name)
    benchmark_rows = []
    for year in province.years:
        for area in AREAS:
            for metric, (growth, values) in BENCHMARK_LEVELS.items():
                value = values[area] * (1 + growth) ** (year - LEVEL_YEAR)
                benchmark_rows.append(_benchmark(area, metric, "value", year, round(value, -2 if value > FEW else 2)))
            for metric, usual in BENCHMARK_GROWTHS.items():
                growth = usual * float(draws.noise(0.4, 1)[0])
                benchmark_rows.append(_benchmark(area, metric, "yoy", year, round(growth, 2)))
    return _listed(BENCHMARKS, benchmark_rows)


def _benchmark(area: str, metric: str, view: str, year: int, value: float) -> dict[str, Any]:
    """Return one row of the table of benchmarks."""
    return {
        "area": area,
        "metric": metric,
        "view": view,
        "year": year,
        "value": value,
        "source": SOURCE.format(f"{area}市场监管统计公报"),
        "as_of": date(year, 12, 31),
    }


def population(province: Province) -> pa.Table:
    """Return the table of persons in the province and its cities: a census in SERIES_BREAK, year-ends in the other years."""
    return _listed(
        POPULATION,
        [
            {
                "region": code,
                "year": year,
                "persons": persons,
                "basis": "census" if year == SERIES_BREAK else "year_end",
                "series": OLD_SERIES if year < SERIES_BREAK else NEW_SERIES,
            }
            for year in province.years
            for code, persons in _persons(province, year).items()
        ],
    )


def _persons(province: Province, year: int) -> dict[str, int]:
    """Return the persons by region code, rounded to hundreds; those of the census are not rounded."""
    is_gansu = sum(province.census) // 1_000 == PUBLISHED_CENSUS // 1_000
    census = {province.regions.province.code: PUBLISHED_CENSUS if is_gansu else sum(province.census)}
    census |= dict(zip((city.code for city in province.regions.cities), province.census, strict=True))
    if year == SERIES_BREAK:
        return census
    grown = (1 + PERSONS_GROWTH) ** (year - SERIES_BREAK + (year < SERIES_BREAK))
    factor = grown * (OLD_TO_NEW if year < SERIES_BREAK else 1)
    return {code: round(persons * factor / 100) * 100 for code, persons in census.items()}


def targets(province: Province, new_entities: Ints, food_units: pa.Table, patents: pa.Table) -> pa.Table:
    """Return the targets for the year after each year: more than there was then, or a fixed number.

    `new_entities` is the result of `by_year`.
    """
    inventions = patents.filter(pc.equal(patents["kind"], "invention"))
    bases = {
        "new_entities": new_entities[1:],
        "bright_kitchen_units": _in_force(province, food_units, "bright_kitchen_on", "closed_on"),
        "inv_patents_per_10k": _in_force(province, inventions, "granted_on", "lapsed_on"),
    }
    target_rows = []
    province_region = province.regions.province
    for year_row, year in enumerate(province.years):
        persons = _persons(province, year)
        for position, region in enumerate((province_region, *province.regions.cities)):
            for metric, counts in bases.items():
                target_base = int(counts[year_row].sum() if region == province_region else counts[year_row, position - 1]) * (
                    1 + RISE[metric]
                )
                if target_base:
                    value = (
                        round(target_base * 10_000 / persons[region.code], 2)
                        if metric == "inv_patents_per_10k"
                        else _round_number(target_base)
                    )
                    target_rows.append(_target(region.code, metric, "value", year + 1, value, "at_least"))
            for metric, (view, value, comparison, by_city) in FIXED.items():
                if by_city or region == province_region:
                    target_rows.append(_target(region.code, metric, view, year + 1, value, comparison))
        items = float(GANKUAIBAN_ITEMS + GANKUAIBAN_MORE * (year + 1 - LEVEL_YEAR))
        target_rows.append(_target(province_region.code, "gankuaiban_items", "value", year + 1, items, "at_least"))
    return _listed(TARGETS, target_rows)


def _target(region: str, metric: str, view: str, year: int, value: float, comparison: str) -> dict[str, Any]:
    """Return one row of the table of targets."""
    return {
        "region": region,
        "metric": metric,
        "view": view,
        "year": year,
        "value": value,
        "comparison": comparison,
        "due_on": date(year, 12, 31),
        "source": SOURCE.format(f"{year}年度市场监管工作目标任务书"),
    }


def _round_number(value: float) -> float:
    """Return the next larger number with two digits before its zeros."""
    step = 10 ** max(floor(log10(value)) - 1, 0)
    return float(ceil(value / step) * step)


def _in_force(province: Province, rows: pa.Table, since: str, until: str) -> npt.NDArray[np.int64]:
    """Return how many rows of each unit (column) are in force at the end of each year (row).

    Rows without a first day never are.
    """
    rows = rows.filter(pc.is_valid(rows[since]))
    return (by_year(province, rows, since) - by_year(province, rows, until)).cumsum(axis=0)[1:]


def by_year(province: Province, rows: pa.Table, date_column: str) -> npt.NDArray[np.int64]:
    """Return how many rows of each unit (column) have their date in each year (row); the first row counts all earlier dates."""
    rows = rows.filter(pc.is_valid(rows[date_column]))
    year = np.maximum(pc.year(rows[date_column]).to_numpy() - province.years[0] + 1, 0)
    unit = pc.index_in(rows["region"], value_set=pa.array(province.codes)).to_numpy()
    width = len(province.units)
    return np.bincount(year * width + unit, minlength=(len(province.years) + 1) * width).reshape(-1, width)


def _listed(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    """Return the rows as a table in its schema."""
    return pa.Table.from_pylist(rows, schema=table.schema)
