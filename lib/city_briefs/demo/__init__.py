"""The demo province: every table of a snapshot, invented but plausible, the same for the same seed on any machine.

Each table is made in whole arrays, from a random stream of its own. What is planted in it is in `city_briefs.demo.planted`.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis import snapshot
from city_briefs.analysis.snapshot import Snapshot, check_place
from city_briefs.common import paths
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.demo import devices, entities, food, market, property, quality, reference, requests, returns, supervision
from city_briefs.demo.coverage import coverage
from city_briefs.demo.province import WHOLE, Province, gansu, invented, write_regions
from city_briefs.model.tables import BENCHMARKS, PARAMETERS, TABLES, Table

SOURCE = "模拟数据"
REAL_CITIES, MOST_CITIES = 14, 2_800  # of Gansu; as many as the nation has counties
FEWEST_ENTITIES, MOST_ENTITIES = 1_000, 40_000_000  # ids have eight figures, and requests are more than twice as many
OF_NONE = (BENCHMARKS, PARAMETERS)  # tables that are of no region
LEAD_YEARS = 20  # whose registrations are still in the register


def write(
    into: Path, *, cities: int = REAL_CITIES, entities: int = WHOLE, years: tuple[int, int] = (2016, 2022), seed: int = 2021
) -> Snapshot:
    """The snapshot of a synthetic province, made and opened.

    Up to 14 cities are Gansu's with their census; more are invented, and beyond 21 in several provinces. Records grow and shrink
    with `entities`, those in the register in all. `years` are the first and the last. A size or years that cannot be are a
    UsageError, and so is the place of a snapshot that is not synthetic.
    """
    if not 1 <= cities <= MOST_CITIES:
        raise UsageError(f"A demo province cannot have '{cities}' cities. It has 1 to {MOST_CITIES}.")
    if not FEWEST_ENTITIES <= entities <= MOST_ENTITIES:
        raise UsageError(
            f"A demo province cannot have '{entities}' entities. It has {FEWEST_ENTITIES:,} to {MOST_ENTITIES:,} of them."
        )
    first, last = years
    if not FIRST_YEAR + LEAD_YEARS <= first <= last < LAST_YEAR:
        raise UsageError(f"There are no years '{first}-{last}'. The first comes first, such as 2016-2022.")
    check_place(into)
    _keep_off_what_is_real(into)
    parts = [gansu(cities)] if cities <= REAL_CITIES else invented(cities, seed)
    scale = entities / WHOLE / len(parts)
    provinces = [
        Province(known, census, range(first, last + 1), scale, seed + place) for place, (known, census) in enumerate(parts)
    ]
    with TemporaryDirectory() as folder:
        regions_file = paths.reference() / "regions.csv"
        if cities != REAL_CITIES:
            regions_file = Path(folder) / "regions.csv"
            write_regions([region for known, _ in parts for region in known.all], regions_file)
        return snapshot.write(
            into,
            _together([(province, tables(province, entities // len(parts))) for province in provinces]),
            regions_file=regions_file,
            source=SOURCE,
            ingested_at=f"{last + 1}-01-05",
            synthetic=True,
        )


def _keep_off_what_is_real(into: Path) -> None:
    """Refuse to replace a snapshot that is not synthetic; a demo that cannot be read any more is replaced."""
    try:
        real = json.loads((into / "snapshot.json").read_text("utf-8")).get("synthetic") is False
    except (OSError, ValueError, AttributeError):
        real = False
    if real:
        raise UsageError(
            f"{paths.shown(into)} holds a snapshot that is not synthetic. Name another folder for the demo province."
        )


def _together(parts: list[tuple[Province, dict[Table, pa.Table]]]) -> dict[Table, pa.Table]:
    """The tables of all provinces as those of one snapshot: each id begins with its province's code, what is of none stands once."""
    if len(parts) == 1:
        return parts[0][1]
    return {
        table: first
        if table in OF_NONE
        else pa.concat_tables(_named(rows[table], table, province.regions.province.code) for province, rows in parts)
        for table, first in parts[0][1].items()
    }


def _named(rows: pa.Table, table: Table, code: str) -> pa.Table:
    for place, name in enumerate(rows.column_names):
        if name.endswith("_id") or name in table.references:
            ids = pc.binary_join_element_wise(code, rows[name], "-")
            rows = rows.set_column(place, rows.schema.field(name), ids)
    return rows


def tables(province: Province, count: int) -> dict[Table, pa.Table]:
    """All tables of a province with so many entities."""
    register, registered = entities.register(province, count)
    known_devices, equipment = devices.equipment(province)
    made = {
        "entities": registered,
        "credit_ratings": entities.ratings(province, register),
        "complaints": requests.complaints(province),
        "inspections": supervision.inspections(province),
        "spot_checks": supervision.spot_checks(province),
        "hazards": supervision.hazards(province),
        "accidents": supervision.accidents(province),
        "cases": supervision.cases(province),
        "equipment": equipment,
        "equipment_inspections": devices.equipment_inspections(province, known_devices),
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
    made["targets"] = reference.targets(province, made)
    return {TABLES[name]: rows for name, rows in made.items()}
