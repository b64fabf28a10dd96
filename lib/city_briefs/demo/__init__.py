"""Demo province: every table of a snapshot, synthetic but plausible, the same for the same seed on any machine.

Tables are made of whole arrays, each from a random stream of its own. Special cases are listed in `city_briefs.demo.province`.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis import snapshot
from city_briefs.analysis.snapshot import Snapshot, check_place
from city_briefs.common import files, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.demo import devices, entities, food, market, property, quality, reference, requests, returns, supervision
from city_briefs.demo.province import WHOLE, Province, coverage, gansu, invented, write_regions
from city_briefs.model.tables import BENCHMARKS, PARAMETERS, TABLES, Table

SOURCE = "模拟数据"
REAL_CITIES, MOST_CITIES = 14, 2_800  # of Gansu; as many as the nation has counties
FEWEST_ENTITIES, MOST_ENTITIES = 1_000, 40_000_000  # ids have eight figures, and requests are more than twice as many
OF_NONE = (BENCHMARKS, PARAMETERS)  # tables that are of no region
LEAD_YEARS = 20  # whose registrations are still in the register


def write(
    into: Path, *, cities: int = REAL_CITIES, entities: int = WHOLE, years: tuple[int, int] = (2016, 2022), seed: int = 2021
) -> Snapshot:
    """Make the snapshot of a synthetic province, and open it.

    Up to 14 cities are those of Gansu, with their census; further cities are invented, and more than 21 are put into several
    provinces. `entities` is the number of entities in the register; other tables grow and shrink with it. `years` are the
    first and the last year.

    Raises:
        UsageError: a size or the years are out of range, or `into` holds a snapshot that is not synthetic.
        DataError: `into` holds something else, or cannot be written to.
    """
    if not 1 <= cities <= MOST_CITIES:
        raise UsageError(
            chosen(
                f"A demo province cannot have '{cities}' cities. It has 1 to {MOST_CITIES}.",
                f"模拟省不能有“{cities}”个市州。应为1至{MOST_CITIES}个。",
            )
        )
    if not FEWEST_ENTITIES <= entities <= MOST_ENTITIES:
        raise UsageError(
            chosen(
                f"A demo province cannot have '{entities}' entities. It has {FEWEST_ENTITIES:,} to {MOST_ENTITIES:,} of them.",
                f"模拟省不能有“{entities}”户市场主体。应为{FEWEST_ENTITIES:,}至{MOST_ENTITIES:,}户。",
            )
        )
    first, last = years
    if not FIRST_YEAR + LEAD_YEARS <= first <= last < LAST_YEAR:
        raise UsageError(
            chosen(
                f"There are no years '{first}-{last}'. The first comes first, such as 2016-2022.",
                f"没有“{first}-{last}”这段年份。起始年在前，如2016-2022。",
            )
        )
    check_place(into)
    _check_not_real(into)
    regions_and_census = [gansu(cities)] if cities <= REAL_CITIES else invented(cities, seed)
    scale = entities / WHOLE / len(regions_and_census)
    provinces = [
        Province(region_list, census, range(first, last + 1), scale, seed + number)
        for number, (region_list, census) in enumerate(regions_and_census)
    ]
    with TemporaryDirectory() as folder:
        regions_file = paths.reference() / "regions.csv"
        if cities != REAL_CITIES:
            regions_file = Path(folder) / "regions.csv"
            write_regions([region for region_list, _ in regions_and_census for region in region_list.all], regions_file)
        return snapshot.write(
            into,
            _joined([(province, tables(province, entities // len(regions_and_census))) for province in provinces]),
            regions_file=regions_file,
            source=SOURCE,
            ingested_at=f"{last + 1}-01-05",
            synthetic=True,
        )


def _check_not_real(into: Path) -> None:
    """Check that `into` holds no snapshot of real data; a demo that cannot be read any more may be replaced.

    Raises:
        UsageError: it does.
    """
    try:
        real = json.loads(files.read_text(into / "snapshot.json")).get("synthetic") is False
    except (OSError, ValueError, AttributeError):
        real = False
    if real:
        raise UsageError(
            chosen(
                f"{paths.shown(into)} holds a snapshot that is not synthetic. Name another folder for the demo province.",
                f"{paths.shown(into)}里的快照不是模拟数据。请为模拟省另指文件夹。",
            )
        )


def _joined(province_tables: list[tuple[Province, dict[Table, pa.Table]]]) -> dict[Table, pa.Table]:
    """Return the tables of all provinces as those of one snapshot.

    Each id gets the code of its province before it. Tables that belong to no region stand once.
    """
    if len(province_tables) == 1:
        return province_tables[0][1]
    return {
        table: first
        if table in OF_NONE
        else pa.concat_tables(
            _with_province_code(rows[table], table, province.regions.province.code) for province, rows in province_tables
        )
        for table, first in province_tables[0][1].items()
    }


def _with_province_code(rows: pa.Table, table: Table, code: str) -> pa.Table:
    """Return the rows with the code of the province before each id."""
    for index, name in enumerate(rows.column_names):
        if name.endswith("_id") or name in table.references:
            ids = pc.binary_join_element_wise(code, rows[name], "-")
            rows = rows.set_column(index, rows.schema.field(name), ids)
    return rows


def tables(province: Province, count: int) -> dict[Table, pa.Table]:
    """Return all tables of a province with so many entities."""
    register, registered = entities.register(province, count)
    device_arrays, equipment = devices.equipment(province)
    by_name = {
        "entities": registered,
        "credit_ratings": entities.ratings(province, register),
        "complaints": requests.complaints(province),
        "inspections": supervision.inspections(province),
        "spot_checks": supervision.spot_checks(province),
        "hazards": supervision.hazards(province),
        "accidents": supervision.accidents(province),
        "cases": supervision.cases(province),
        "equipment": equipment,
        "equipment_inspections": devices.equipment_inspections(province, device_arrays),
        "elevator_rescues": devices.elevator_rescues(province),
        "food_units": food.food_units(province),
        "patents": property.patents(province),
        "trademarks": property.trademarks(province),
        "ip_pledges": property.ip_pledges(province),
        "tech_transfers": property.tech_transfers(province),
        "standards": quality.standards(province),
        "awards": quality.awards(province),
        "cold_chain": market.cold_chain(province),
        "prices": market.prices(province),
        "returns": returns.returns(province),
        "population": reference.population(province),
        "benchmarks": reference.benchmarks(province),
        "parameters": reference.parameters(),
        "coverage": coverage(province),
    }
    by_name["targets"] = reference.targets(province, by_name)
    return {TABLES[name]: rows for name, rows in by_name.items()}
