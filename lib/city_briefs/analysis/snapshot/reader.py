"""A snapshot as it is read."""

import hashlib
import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from city_briefs.analysis.snapshot.corrections import NAME, Correction, read
from city_briefs.analysis.snapshot.engines import Database, database
from city_briefs.analysis.snapshot.storage import canonical, content_hash, file_hash, file_name, stored
from city_briefs.analysis.validation import Finding
from city_briefs.common import read_log, regions
from city_briefs.common.blocks import SnapshotStamp
from city_briefs.common.errors import DataError, suggestion
from city_briefs.common.paths import CHECKED_VARIABLE, shown
from city_briefs.common.periods import Period
from city_briefs.model.tables import COVERAGE, REGIONS, TABLES, Table

RESTORE = "Make the snapshot anew, or bring back the one that was there."
SYNTHETIC_NOTICE = "模拟数据，仅供演示"


@dataclass(frozen=True)
class Description:
    """What `snapshot.json` says of one table. `hash` is of the rows: encoding and time leave it alone. `file` is of the bytes."""

    rows: int
    hash: str
    file: str
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
    """A snapshot that was opened and whose hashes were found right.

    `since` is the id of the one before, empty when none was named. `engine` is where its records are asked
    (`city_briefs.analysis.snapshot.engines`).
    """

    path: Path
    id: str
    synthetic: bool
    notice: str
    caveats: tuple[Caveat, ...]
    descriptions: dict[str, Description]
    findings: tuple[Finding, ...]
    since: str
    regions: regions.Regions
    engine: str = "duckdb"

    def has(self, table: Table) -> bool:
        """Whether it holds this table."""
        return table.name in self.descriptions

    def source(self, table: Table) -> str:
        """Where this table came from, as a source line prints it."""
        read_log.note(("source", table.name), lambda: self.descriptions[table.name].source)
        return self.descriptions[table.name].source

    @property
    def stamp(self) -> SnapshotStamp:
        """By what a document names the snapshot: the id, what every page must say, the day on which the newest of it came in."""
        ingested = max(description.ingested_at for description in self.descriptions.values())
        return {"id": self.id, "synthetic": self.synthetic, "notice": self.notice, "ingested_at": ingested}

    @property
    def said(self) -> list[Any]:
        """What a chapter may say of the snapshot as a whole."""
        return [self.synthetic, self.notice, [[caveat.text, caveat.metrics, caveat.views] for caveat in self.caveats]]

    @cached_property
    def database(self) -> Database:
        """What answers queries; made on first use, since DuckDB must not be connected before a fork."""
        return database(self.engine)

    def rows(self, table: Table, regions: Collection[str]) -> ir.Table:
        """The rows of some regions, by code, as an Ibis expression. A table that the snapshot lacks is a DataError."""
        rows = self.expression(table)
        for code in regions:
            read_log.note((read_log.REGION, code, table.name), partial(self.content, code, table))
        return rows.filter(rows.region.isin(regions))

    def content(self, region: str, table: Table) -> str | None:
        """The hash of the rows of one region; None when it lacks the table."""
        return content_hash(canonical(self._stored(table, region), table)) if self.has(table) else None

    def expression(self, table: Table) -> ir.Table:
        """One table as an Ibis expression, columns as in `city_briefs.model.tables`. A table that it lacks is a DataError."""
        if not self.has(table):
            raise DataError(f"{shown(self.path)} has no table {table.name}. It has {', '.join(self.descriptions)}.")
        if table not in self._expressions:
            content = self.descriptions[table.name].hash
            self._expressions[table] = self.database.table(table, self.path / file_name(table), content)
        return self._expressions[table]

    def listed(self, table: Table, region: str = "") -> list[dict[str, Any]]:
        """The rows of a small table, such as parameters, or those of a region, as dictionaries; empty when it lacks the table."""
        if region:
            read_log.note((read_log.REGION, region, table.name), partial(self.content, region, table))
        else:
            read_log.note(("table", table.name), lambda: self.hash(table))
        if (table, region) not in self._lists:
            self._lists[table, region] = self._stored(table, region).to_pylist() if self.has(table) else []
        return self._lists[table, region]

    def _stored(self, table: Table, region: str = "") -> pa.Table:
        """The rows of a table, or those of one region in it."""
        return pq.read_table(self.path / file_name(table), filters=[("region", "=", region)] if region else None)

    def corrections(self, metric: str, code: str, year: int) -> list[Correction]:
        """What was corrected of a metric in a region and year since the snapshot before, by month; a province's is that of all in it."""
        of_year = (one for one in self._corrected.get(metric, ()) if one.month.startswith(f"{year}-"))
        codes = self.regions.below(self.regions.by_code[code])
        found = [one for one in of_year if one.region in codes]
        read_log.note(("corrections", metric, code, str(year)), lambda: [one.words for one in found])
        return found

    @cached_property
    def _corrected(self) -> Mapping[str, list[Correction]]:
        return read(self.path) if self.since else {}

    def hash(self, table: Table) -> str | None:
        """The hash of the rows of a table; None when it lacks it."""
        return self.descriptions[table.name].hash if self.has(table) else None

    @cached_property
    def _expressions(self) -> dict[Table, ir.Table]:
        return {}

    @cached_property
    def _lists(self) -> dict[tuple[Table, str], list[dict[str, Any]]]:
        return {}

    @cached_property
    def coverage(self) -> dict[str, set[tuple[str, str]]]:
        """Per table name, the (region code, month) that were reported, zero rows included."""
        covered: dict[str, set[tuple[str, str]]] = {}
        rows = self._stored(COVERAGE)
        for table, *place in zip(*(rows[name].to_pylist() for name in ("table", "region", "month")), strict=True):
            covered.setdefault(table, set()).add((place[0], place[1]))
        return covered

    @cached_property
    def reported(self) -> dict[str, set[str]]:
        """Per month, the codes of the regions that reported at least one table for it."""
        by_month = self._stored(COVERAGE).group_by("month").aggregate([("region", "distinct")])
        return {month: set(regions) for month, regions in zip(*(column.to_pylist() for column in by_month), strict=True)}

    @property
    def years(self) -> list[int]:
        """The years it holds at least a month of, first to last."""
        years = sorted({int(month[:4]) for month in self.reported})
        read_log.note(("years",), lambda: years)
        return years

    def held(self, year: int) -> list[str]:
        """The months of `year` that at least one region reported, first to last; empty for a year it does not hold."""
        return sorted(set(self.reported) & set(Period(year).months))

    @property
    def latest_complete_year(self) -> int | None:
        """The last year for every month of which every city, or each of its counties, reported something; None when there is none."""
        units = {unit.code for unit in self.regions.units if unit.level != "other"}
        complete = (year for year in self.years if all(units <= self.reported.get(month, set()) for month in Period(year).months))
        return max(complete, default=None)


def snapshot_id(hashes: Mapping[str, str]) -> str:
    """The id of a snapshot, from the hashes of its tables."""
    return hashlib.sha256("".join(f"{name} {hashes[name]}\n" for name in sorted(hashes)).encode()).hexdigest()


def seal(said: Mapping[str, Any]) -> str:
    """SHA-256 of everything that `snapshot.json` says, the seal itself left out: a notice or a caveat does not change unseen."""
    rest = {name: value for name, value in said.items() if name != "seal"}
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def checked(path: Path) -> str:
    """Differs when a file of a snapshot may have been touched since: by name, size, time and place on the disk."""
    stats = [(file.relative_to(path).as_posix(), file.stat()) for file in sorted(path.rglob("*"))]
    return read_log.digest([[name, stat.st_size, stat.st_mtime_ns, stat.st_ino] for name, stat in stats])


def load(path: Path, engine: str = "duckdb") -> Snapshot:
    """The snapshot in `path`, after every hash was compared; those of tables not again in a kernel of a build that has done so.

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
        findings = tuple(Finding(**finding) for finding in said["findings"])
        caveats = tuple(Caveat(caveat["text"], tuple(caveat["metrics"]), tuple(caveat["views"])) for caveat in said["caveats"])
        if said["seal"] != seal(said):
            raise DataError(f"{shown(path)}/snapshot.json was changed after it was written: its seal differs. {RESTORE}")
        snapshot = (said["id"], said["synthetic"], SYNTHETIC_NOTICE if said["synthetic"] else said["notice"])
        if list(map(type, snapshot)) != [str, bool, str]:
            raise TypeError
        corrected = said.get("corrections")
        since = corrected["since"] if corrected else ""
    except (KeyError, TypeError, AttributeError):
        raise DataError(f"{shown(path)}/snapshot.json cannot be read. {RESTORE}") from None
    vouched = os.environ.get(CHECKED_VARIABLE) or None
    compare = vouched is None or vouched != checked(path)
    for name, description in descriptions.items():
        if name not in TABLES:
            raise DataError(
                f"{shown(path)}/snapshot.json names a table '{name}'.{suggestion(name, TABLES) or ' There is no such table.'}"
            )
        as_said = partial(_as_said, table=TABLES[name], description=description)
        _see(path / file_name(TABLES[name]), as_said if compare else Path.is_file)
    if corrected:
        _see(path / NAME, lambda file: file_hash(file) == corrected["file"])
    if snapshot[0] != snapshot_id({name: description.hash for name, description in descriptions.items()}):
        raise DataError(f"{shown(path)}/snapshot.json is not what its tables say: its id differs. {RESTORE}")
    for needed in (REGIONS, COVERAGE):
        if needed.name not in descriptions:
            raise DataError(f"{shown(path)} has no table {needed.name}. Every snapshot has one. {RESTORE}")
    return Snapshot(path, *snapshot, caveats, descriptions, findings, since, regions.read(path / "regions.csv"), engine)


def _see(file: Path, right: Callable[[Path], bool]) -> None:
    """See that a file is there and is what `snapshot.json` says; else it is a DataError that names the file."""
    if not file.is_file():
        raise DataError(f"{shown(file)} is missing. {RESTORE}")
    if not right(file):
        raise DataError(f"{shown(file)} is not what snapshot.json says: its hash differs. {RESTORE}")


def _as_said(file: Path, table: Table, description: Description) -> bool:
    """Whether a stored table is what it was: the same bytes, or, encoded anew, the same rows."""
    try:
        return file_hash(file) == description.file or content_hash(canonical(stored(file, table), table)) == description.hash
    except (OSError, pa.ArrowInvalid, pa.ArrowKeyError, KeyError):
        return False
