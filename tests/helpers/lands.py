"""Lands of any size: a province of so many cities with Chinese or Latin names, and a snapshot of every table of it."""

from pathlib import Path

import pyarrow as pa

from city_briefs import demo
from city_briefs.analysis import snapshot
from city_briefs.common.regions import Region, Regions
from city_briefs.demo.province import Province, write_regions
from city_briefs.model.table import Table

YEARS = range(2020, 2022)
SIGNS = "子丑寅卯辰巳午未申酉戌亥甲乙丙丁戊己庚辛壬癸"
PERSONS = 2_600_000
CITY = 1  # the place of the city whose packs are made: Ward 2, which begins as Ward 24 does


def land(count: int, script: str) -> Regions:
    """Return a province of so many cities; "latin" names end in a digit, and one begins as another does: Ward 2, Ward 24."""
    province, rest = {
        "latin": (Region("9000", "Norland", "Norland", "province"), Region("9990", "Elsewhere", "Elsewhere", "other", "9000")),
        "chinese": (Region("9000", "北方省", "北方", "province"), Region("9990", "省直单位", "省直", "other", "9000")),
    }[script]
    return Regions((province, *(_city(number, script) for number in range(1, count + 1)), rest))


def _city(number: int, script: str) -> Region:
    code = f"91{number:02}"
    if script == "latin":
        return Region(code, f"Ward {number}", f"Ward {number}", "city", "9000")
    short = SIGNS[number // len(SIGNS)] + SIGNS[number % len(SIGNS)]
    return Region(
        code,
        f"{short}城民族自治州" if number % 5 == 0 else f"{short}市",
        f"{short}城" if number % 5 == 0 else short,
        "city",
        "9000",
    )


def tables_of(province: Province, entities: int) -> dict[Table, pa.Table]:
    """Return all tables of a synthetic province with so many entities."""
    parts: dict[Table, list[pa.Table]] = {}
    for table, rows in demo.parts(province, entities):
        parts.setdefault(table, []).append(rows)
    return {table: pa.concat_tables(rows) for table, rows in parts.items()}


def snapshot_of(regions: Regions, into: Path, entities: int = 4_000) -> snapshot.Snapshot:
    """Make the snapshot of a land, every table of it in two years."""
    census = tuple(PERSONS + 10_000 * place for place, _ in enumerate(regions.cities))
    province = Province(regions, census, YEARS, entities / 2_000_000, 2021)
    into.mkdir(parents=True)
    write_regions(regions.all, into / "regions.csv")
    return snapshot.write(
        into / "snapshot", tables_of(province, entities), regions_file=into / "regions.csv", source="测试数据",
        ingested_at="2022-01-05", synthetic=True,
    )  # fmt: skip
