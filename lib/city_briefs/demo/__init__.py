"""Demo province: every table of a snapshot, synthetic but plausible, the same for the same seed on any machine.

Tables are made of whole arrays, each from a random stream of its own; the largest ones part by part, so that a province of any
size takes little memory. Special cases are listed in `city_briefs.demo.province`.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis import snapshot
from city_briefs.analysis.snapshot import Snapshot, check_place
from city_briefs.common import atomic_files, files, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.demo import devices, entities, food, market, property, quality, reference, requests, returns, supervision
from city_briefs.demo.province import WHOLE, Province, coverage, gansu, invented, write_regions
from city_briefs.demo.staged import Staged
from city_briefs.model.table import Table
from city_briefs.model.tables import (
    BENCHMARKS,
    COMPLAINTS,
    COVERAGE,
    CREDIT_RATINGS,
    ENTITIES,
    EQUIPMENT,
    EQUIPMENT_INSPECTIONS,
    FOOD_UNITS,
    PARAMETERS,
    PATENTS,
    TABLES,
    TARGETS,
)

SOURCE = "模拟数据"
REAL_CITIES, MOST_CITIES = 14, 2_800  # of Gansu; as many as the nation has counties
FEWEST_ENTITIES, MOST_ENTITIES = 1_000, 40_000_000  # ids have eight figures, and requests are more than twice as many
OF_NONE = (BENCHMARKS, PARAMETERS)  # tables that are of no region
LEAD_YEARS = 20  # whose registrations are still in the register
MADE_AT_ONCE: dict[str, Callable[[Province], pa.Table]] = {
    "inspections": supervision.inspections,
    "spot_checks": supervision.spot_checks,
    "hazards": supervision.hazards,
    "accidents": supervision.accidents,
    "cases": supervision.cases,
    "elevator_rescues": devices.elevator_rescues,
    "trademarks": property.trademarks,
    "ip_pledges": property.ip_pledges,
    "tech_transfers": property.tech_transfers,
    "standards": quality.standards,
    "awards": quality.awards,
    "cold_chain": market.cold_chain,
    "prices": market.prices,
    "returns": returns.returns,
    "population": reference.population,
    "benchmarks": reference.benchmarks,
}


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
    folder = atomic_files.begun(into.parent, f".parts-of-{into.name}")
    try:
        regions_file = paths.reference() / "regions.csv"
        if cities != REAL_CITIES:
            regions_file = folder / "regions.csv"
            write_regions([region for region_list, _ in regions_and_census for region in region_list.all], regions_file)
        with Staged(folder) as staged:
            for table, rows in _joined(provinces, entities // len(provinces)):
                staged.add(table, rows)
        return snapshot.write(
            into,
            staged.tables,
            regions_file=regions_file,
            source=SOURCE,
            ingested_at=f"{last + 1}-01-05",
            synthetic=True,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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


def _joined(provinces: Sequence[Province], count: int) -> Iterator[tuple[Table, pa.Table]]:
    """Yield the parts of all tables of the provinces, with so many entities each, as those of one snapshot.

    Each id gets the code of its province before it. Tables that belong to no region stand once.
    """
    for province in provinces:
        for table, rows in parts(province, count):
            if len(provinces) == 1:
                yield table, rows
            elif table not in OF_NONE:
                yield table, _with_province_code(rows, table, province.regions.province.code)
            elif province is provinces[0]:
                yield table, rows


def _with_province_code(rows: pa.Table, table: Table, code: str) -> pa.Table:
    """Return the rows with the code of the province before each id."""
    for index, name in enumerate(rows.column_names):
        if name.endswith("_id") or name in table.references:
            ids = pc.binary_join_element_wise(code, rows[name], "-")
            rows = rows.set_column(index, rows.schema.field(name), ids)
    return rows


def parts(province: Province, count: int) -> Iterator[tuple[Table, pa.Table]]:
    """Yield all tables of a province with so many entities, each in one part or in several that follow one another."""
    register, registered = entities.register(province, count)
    new_entities = np.zeros((len(province.years) + 1, len(province.units)), np.int64)
    for rows in registered:
        new_entities += reference.by_year(province, rows, "registered_on")
        yield ENTITIES, rows
    yield from ((CREDIT_RATINGS, rows) for rows in entities.ratings(register))
    yield from ((COMPLAINTS, rows) for rows in requests.complaints(province))
    yield from ((TABLES[name], make(province)) for name, make in MADE_AT_ONCE.items())
    device_arrays, equipment = devices.equipment(province)
    yield EQUIPMENT, equipment
    yield from ((EQUIPMENT_INSPECTIONS, rows) for rows in devices.equipment_inspections(province, device_arrays))
    food_units, patents = food.food_units(province), property.patents(province)
    yield FOOD_UNITS, food_units
    yield PATENTS, patents
    yield TARGETS, reference.targets(province, new_entities, food_units, patents)
    yield PARAMETERS, reference.parameters()
    yield COVERAGE, coverage(province)
