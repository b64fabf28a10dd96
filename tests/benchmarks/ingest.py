"""How long rows take through the whole of `briefs ingest`, and how much memory: flat, however many there are.

    python -m tests.benchmarks.ingest      2 million entities of csv and of PostgreSQL, and 20 million of csv

The ids are in no order, so that nothing is won by rows that are sorted already. Every run is a process of its own, so that memory
is its peak and the time is that of the command with its start.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from city_briefs.common import regions
from city_briefs.model.tables import ENTITIES
from tests.helpers import REFERENCE
from tests.helpers.project import COMMAND
from tests.ingest.database import server

FEW, MANY = 2_000_000, 20_000_000
RUNS = 5  # of which the median counts
LOT = 131_072  # rows
SCATTER = 2_654_435_761  # an odd number, so that its multiples of 2**32 are all different
CSV_SECONDS, DATABASE_SECONDS, GIBIBYTES = 6, 15, 1.5  # targets, of 2 million rows


def entities(rows: int) -> Iterator[pa.Table]:
    """Entities of many years and all cities, a lot at a time."""
    cities = pa.array([city.code for city in regions.read(REFERENCE / "regions.csv").cities])
    words, industries = pa.array(["enterprise", "self_employed", "cooperative"]), pa.array(list("ABCDEFGHIJ"))
    for start in range(0, rows, LOT):
        scattered = np.arange(start, min(start + LOT, rows), dtype=np.int64) * SCATTER % 2**32
        days = pa.array((9_000 + scattered % 9_000).astype(np.int32)).cast(pa.date32())
        ended = pa.array((18_000 + scattered % 900).astype(np.int32), mask=scattered % 5 > 0).cast(pa.date32())
        none = pa.nulls(len(scattered))
        columns = [
            pa.array(np.char.add("E", scattered.astype(str))), cities.take(pa.array(scattered % len(cities))),
            words.take(pa.array(scattered % 3)), days, ended, none, none, industries.take(pa.array(scattered % 10)),
        ]  # fmt: skip
        arrays = [column.cast(kind) for column, kind in zip(columns, ENTITIES.schema.types, strict=True)]
        yield pa.table(arrays, schema=ENTITIES.schema)


def put_file(rows: int, file: Path) -> None:
    """Write entities as csv."""
    with csv.CSVWriter(file, ENTITIES.schema) as out:
        for lot in entities(rows):
            out.write_table(lot)


def put_database(rows: int, url: str) -> None:
    """Write entities into a table of a database."""
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(url) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest(ENTITIES.name, pa.RecordBatchReader.from_batches(ENTITIES.schema, _batches(rows)))
        connection.commit()


def _batches(rows: int) -> Iterator[pa.RecordBatch]:
    for lot in entities(rows):
        yield from lot.to_batches()


def measure(source: str, rows: int, runs: int, seconds: int | None) -> None:
    """Ingest a source some times; print the median of the seconds, and the highest peak of memory."""
    took, peaks = [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            words = ("ingest", source, "--into", f"{folder}/snapshot", "--strict")
            process = subprocess.Popen([sys.executable, "-c", COMMAND, *words], stdout=subprocess.DEVNULL)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            took.append(time.perf_counter() - began)
            peaks.append(used.ru_maxrss / 2**20)
        if process.returncode:
            raise SystemExit(f"The ingest ended with {process.returncode}.")
    what = "PostgreSQL" if source.startswith("postgresql") else "csv"
    target = f" (target {seconds} s)" if seconds else ""
    print(
        f"{rows / 1e6:.0f} million rows of {what}: {statistics.median(took):.1f} s{target}, peak {max(peaks):.2f} GiB (target {GIBIBYTES})"
    )


def main() -> None:
    """Measure both sizes of csv, and the database."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "entities.csv"
        for rows, runs, seconds in ((FEW, RUNS, CSV_SECONDS), (MANY, 1, None)):
            put_file(rows, file)
            measure(str(file), rows, runs, seconds)
    with server() as url:
        put_database(FEW, url)
        measure(url, FEW, RUNS, DATABASE_SECONDS)


if __name__ == "__main__":
    main()
