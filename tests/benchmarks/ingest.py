"""How long staged rows take to become a snapshot, and how much memory: flat, however many there are.

    python -m tests.benchmarks.ingest      2 million entities, and ten times as many

The ids are in no order, so that nothing is won by rows that are sorted already. Every run is a process of its own, so that memory
is its peak.
"""

import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from lib import regions, snapshot
from lib.ingest import gates
from lib.ingest.coverage import coverage
from lib.ingest.lot import Lot, accepted_schema, rejected_schema
from lib.ingest.source import Source
from lib.ingest.stage import Sheet, Stage
from lib.paths import REFERENCE
from lib.tables import COVERAGE, ENTITIES

SIZES = (2_000_000, 20_000_000)
LOT = 131_072  # rows
SCATTER = 2_654_435_761  # an odd number, so that its multiples of 2**32 are all different
TARGET_GIB = 1.5
DAY = date(2022, 1, 5)  # of the ingest; no date lies after it


def lots(rows: int, cities: list[str]):
    """Entities of many years and all cities, a lot at a time."""
    words = pa.array(["enterprise", "self_employed", "cooperative"])
    industries = pa.array(list("ABCDEFGHIJ"))
    for start in range(0, rows, LOT):
        number = np.arange(start, min(start + LOT, rows), dtype=np.int64)
        scattered = number * SCATTER % 2**32
        days = pa.array((9_000 + scattered % 9_000).astype(np.int32)).cast(pa.date32())
        ended = pa.array((18_000 + scattered % 900).astype(np.int32), mask=scattered % 5 > 0).cast(pa.date32())
        none = pa.nulls(len(number))
        columns = [
            pa.array(np.char.add("E", scattered.astype(str))), pa.array(cities).take(pa.array(scattered % len(cities))),
            words.take(pa.array(scattered % 3)), days, ended, none, none, industries.take(pa.array(scattered % 10)), pa.array(number + 2),
        ]  # fmt: skip
        schema = accepted_schema(ENTITIES)
        arrays = [column.cast(kind) for column, kind in zip(columns, schema.types, strict=True)]
        yield Lot(pa.table(arrays, schema=schema), rejected_schema(ENTITIES).empty_table())


def measure(rows: int) -> None:
    """One run: print the seconds of each step, and the peak memory."""
    known = regions.read(REFERENCE / "regions.csv")
    source = Source("entities.csv", "csv", "entities.csv", ENTITIES)
    staged = 0.0
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder) / "snapshot") as stage:
        for lot in lots(rows, [city.code for city in known.cities]):
            began = time.perf_counter()
            stage.add(Sheet(source), lot)
            staged += time.perf_counter() - began
        began = time.perf_counter()
        gates.keep_out(stage, known, DAY)
        ruled = time.perf_counter()
        covered = coverage(stage, [source], known)
        found = gates.warnings(stage, known, covered)
        warned = time.perf_counter()
        tables = {**stage.tables, COVERAGE: covered}
        place, regions_file = Path(folder) / "snapshot", REFERENCE / "regions.csv"
        snapshot.write(place, tables, regions_file=regions_file, source="x", ingested_at=str(DAY), found=found)
        ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    steps = {"staged": staged, "errors": ruled - began, "warnings": warned - ruled, "written": ended - warned}
    said = ", ".join(f"{step} {seconds:.2f} s" for step, seconds in steps.items())
    print(f"{rows / 1e6:.0f} million rows: {said}; in all {sum(steps.values()):.1f} s, peak {peak:.2f} GiB (target {TARGET_GIB})")


def main(named: list[str]) -> None:
    """Measure both sizes."""
    if named:
        measure(int(named[0]))
        return
    for rows in SIZES:
        subprocess.run([sys.executable, "-W", "ignore", "-m", "tests.benchmarks.ingest", str(rows)], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
