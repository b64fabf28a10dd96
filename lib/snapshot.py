"""A snapshot: a folder of validated tables that never changes, known by the hash of its contents.

`<table>.parquet` for each table it has, `regions.csv`, and `snapshot.json`: the id, a seal over all that it says, per table the
rows, hash, source and day of ingest, whether it is synthetic, the notice that every page prints, and the caveats that travel with
its metrics.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from lib import regions
from lib.errors import DataError, suggestion
from lib.paths import shown
from lib.periods import Period
from lib.tables import COVERAGE, REGIONS, TABLES, Table

RESTORE = "Make the snapshot anew, or bring back the one that was there."
SYNTHETIC_NOTICE = "模拟数据，仅供演示"


@dataclass(frozen=True)
class Description:
    """What `snapshot.json` says of one table. `hash` is of the rows, not of the file: encoding and time leave it alone."""

    rows: int
    hash: str
    source: str
    ingested_at: str


@dataclass(frozen=True)
class Caveat:
    """A sentence that travels with some metrics, some views of them, or (both empty) with everything.

    The appendix prints it with any of its metrics; one that names metrics or views stands under each chart and table of them too.
    """

    text: str
    metrics: tuple[str, ...] = ()
    views: tuple[str, ...] = ()

    def concerns(self, metric: str, view: str | None = None) -> bool:
        """Whether it holds for a metric, or for one view of it."""
        return (not self.metrics or metric in self.metrics) and (view is None or not self.views or view in self.views)


@dataclass(frozen=True)
class Snapshot:
    """A snapshot that was opened and whose hashes were found right."""

    path: Path
    id: str
    synthetic: bool
    notice: str
    caveats: tuple[Caveat, ...]
    descriptions: dict[str, Description]
    regions: regions.Regions

    def has(self, table: Table) -> bool:
        """Whether it holds this table."""
        return table.name in self.descriptions

    def source(self, table: Table) -> str:
        """Where this table came from, as a source line prints it."""
        return self.descriptions[table.name].source

    @cached_property
    def connection(self) -> ibis.BaseBackend:
        """The engine that answers queries; made on first use, since DuckDB must not be connected before a fork."""
        return ibis.duckdb.connect()

    def rows(self, table: Table) -> ir.Table:
        """One table as an Ibis expression, columns as in `lib.tables`. A table that it lacks is a DataError."""
        if not self.has(table):
            raise DataError(f"{shown(self.path)} has no table {table.name}. It has {', '.join(self.descriptions)}.")
        return self.connection.read_parquet(self.path / f"{table.name}.parquet", table_name=table.name)

    def listed(self, table: Table) -> list[dict[str, Any]]:
        """The rows of a small table, such as parameters, each as a dictionary."""
        rows: list[dict[str, Any]] = self.rows(table).to_pyarrow().to_pylist()
        return rows

    @cached_property
    def coverage(self) -> dict[str, set[tuple[str, str]]]:
        """Per table name, the (region code, month) that were reported, zero rows included."""
        covered: dict[str, set[tuple[str, str]]] = {}
        for row in pq.read_table(self.path / "coverage.parquet").to_pylist():
            covered.setdefault(row["table"], set()).add((row["region"], row["month"]))
        return covered

    @cached_property
    def reported(self) -> dict[str, set[str]]:
        """Per month, the codes of the regions that reported at least one table for it."""
        reported: dict[str, set[str]] = {}
        for covered in self.coverage.values():
            for region, month in covered:
                reported.setdefault(month, set()).add(region)
        return reported

    @property
    def years(self) -> list[int]:
        """The years it holds at least a month of, first to last."""
        return sorted({int(month[:4]) for month in self.reported})

    def held(self, year: int) -> list[str]:
        """The months of `year` that at least one region reported, first to last; empty for a year it does not hold."""
        return sorted(set(self.reported) & set(Period(year).months))

    @property
    def latest_complete_year(self) -> int | None:
        """The last year for every month of which every city reported something; None when there is none."""
        cities = {city.code for city in self.regions.cities}
        complete = (
            year for year in self.years if all(cities <= self.reported.get(month, set()) for month in Period(year).months)
        )
        return max(complete, default=None)


def canonical(rows: pa.Table, table: Table) -> pa.Table:
    """The rows in the columns, types and order of the contract, sorted by all columns: the same contents are the same table."""
    return rows.select(table.schema.names).cast(table.schema).sort_by([(name, "ascending") for name in table.schema.names])


def content_hash(rows: pa.Table) -> str:
    """SHA-256 of the rows written as CSV, so that anyone can recompute it with any tool."""
    text = pa.BufferOutputStream()
    pyarrow.csv.write_csv(rows, text)
    return hashlib.sha256(text.getvalue()).hexdigest()


def snapshot_id(hashes: Mapping[str, str]) -> str:
    """The id of a snapshot, from the hashes of its tables."""
    return hashlib.sha256("".join(f"{name} {hashes[name]}\n" for name in sorted(hashes)).encode()).hexdigest()


def seal(said: Mapping[str, Any]) -> str:
    """SHA-256 of everything that `snapshot.json` says, the seal itself left out: a notice or a caveat does not change unseen."""
    rest = {name: value for name, value in said.items() if name != "seal"}
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def load(path: Path) -> Snapshot:
    """The snapshot in `path`, after every hash was recomputed.

    No snapshot there, a file that cannot be read, or one whose hash differs: a DataError that names the file.
    """
    try:
        said: dict[str, Any] = json.loads((path / "snapshot.json").read_text("utf-8"))
    except OSError:
        raise DataError(
            f"There is no snapshot in {shown(path)}. Name a folder that holds one, such as --data data/real."
        ) from None
    except ValueError:
        raise DataError(f"{shown(path)}/snapshot.json cannot be read. {RESTORE}") from None
    try:
        descriptions = {name: Description(**description) for name, description in said["tables"].items()}
        caveats = tuple(Caveat(caveat["text"], tuple(caveat["metrics"]), tuple(caveat["views"])) for caveat in said["caveats"])
        if said["seal"] != seal(said):
            raise DataError(f"{shown(path)}/snapshot.json was changed after it was written: its seal differs. {RESTORE}")
        snapshot = (said["id"], said["synthetic"], SYNTHETIC_NOTICE if said["synthetic"] else said["notice"])
        if list(map(type, snapshot)) != [str, bool, str]:
            raise TypeError
    except (KeyError, TypeError, AttributeError):
        raise DataError(f"{shown(path)}/snapshot.json cannot be read. {RESTORE}") from None
    for name, description in descriptions.items():
        file = path / (f"{name}.csv" if name == REGIONS.name else f"{name}.parquet")
        if name not in TABLES:
            raise DataError(
                f"{shown(path)}/snapshot.json names a table '{name}'.{suggestion(name, TABLES) or ' There is no such table.'}"
            )
        if not file.is_file():
            raise DataError(f"{shown(file)} is missing. {RESTORE}")
        if _file_hash(file, TABLES[name]) != description.hash:
            raise DataError(f"{shown(file)} is not what snapshot.json says: its hash differs. {RESTORE}")
    if snapshot[0] != snapshot_id({name: description.hash for name, description in descriptions.items()}):
        raise DataError(f"{shown(path)}/snapshot.json is not what its tables say: its id differs. {RESTORE}")
    for needed in (REGIONS, COVERAGE):
        if needed.name not in descriptions:
            raise DataError(f"{shown(path)} has no table {needed.name}. Every snapshot has one. {RESTORE}")
    return Snapshot(path, *snapshot, caveats, descriptions, regions.read(path / "regions.csv"))


def _file_hash(file: Path, table: Table) -> str | None:
    """The content hash of one stored table; None when the file is missing or no such table."""
    try:
        return content_hash(canonical(_read_csv(file) if file.suffix == ".csv" else pq.read_table(file), table))
    except (OSError, pa.ArrowInvalid, pa.ArrowKeyError, KeyError):
        return None


def _read_csv(file: Path) -> pa.Table:
    """The regions as text: a code keeps its leading zero."""
    options = pyarrow.csv.ConvertOptions(column_types=REGIONS.schema, strings_can_be_null=False)
    return pyarrow.csv.read_csv(file, convert_options=options)


def write(
    path: Path,
    tables: Mapping[Table, pa.Table],
    *,
    regions_file: Path,
    source: str,
    ingested_at: str,
    synthetic: bool = False,
    notice: str = "",
    caveats: tuple[Caveat, ...] = (),
) -> Snapshot:
    """Write a snapshot whole or not at all, and open it. An older one in its place is replaced; any other folder is a DataError."""
    if path.exists() and not (path / "snapshot.json").is_file() and (not path.is_dir() or any(path.iterdir())):
        raise DataError(
            f"{shown(path)} is there and is no snapshot. Name a folder that is not there yet, or one that holds a snapshot."
        )
    regions.read(regions_file)
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        shutil.copyfile(regions_file, folder / "regions.csv")
        contents = {table: canonical(rows, table) for table, rows in tables.items()}
        for table, rows in contents.items():
            pq.write_table(rows, folder / f"{table.name}.parquet", compression="zstd")
        contents[REGIONS] = canonical(_read_csv(folder / "regions.csv"), REGIONS)
        descriptions = {
            table.name: Description(len(rows), content_hash(rows), source, ingested_at) for table, rows in contents.items()
        }
        said: dict[str, Any] = {
            "id": snapshot_id({name: description.hash for name, description in descriptions.items()}),
            "synthetic": synthetic,
            "notice": SYNTHETIC_NOTICE if synthetic else notice,
            "caveats": [asdict(caveat) for caveat in caveats],
            "tables": {name: asdict(descriptions[name]) for name in sorted(descriptions)},
        }
        said["seal"] = seal(said)
        (folder / "snapshot.json").write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", "utf-8")
        folder.chmod(0o777 & ~_umask())
        load(folder)
        older = folder.with_name(f"{folder.name}.older")
        if path.exists():
            path.rename(older)
        folder.rename(path)
        shutil.rmtree(older, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return load(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
