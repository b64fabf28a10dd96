"""Reader of snapshots: every hash is compared before a snapshot is used."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from city_briefs.analysis.snapshot.corrections import NAME, Correction, read
from city_briefs.analysis.snapshot.integrity import check_file, checked, damaged, is_unchanged, snapshot_id
from city_briefs.analysis.snapshot.snapshot_json import Caveat, Description, file_name, read_snapshot_json
from city_briefs.analysis.validation import Finding
from city_briefs.common import kept_answers, read_log, regions
from city_briefs.common.errors import DataError, suggestion
from city_briefs.common.hashing import file_hash, holds
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.paths import CHECKED_VARIABLE, kept_results, shown
from city_briefs.common.periods import Period
from city_briefs.model.table import Table
from city_briefs.model.tables import COVERAGE, GAPS, REGIONS, REJECTED, TABLES, UNSENT

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from city_briefs.analysis.snapshot.engines import Database
    from city_briefs.common.blocks import SnapshotStamp

STORED = TABLES | GAPS  # every table that a snapshot may hold, by name
SCHEME = 1  # of what is kept of coverage: raise it whenever the same rows would be another answer
RETIRED = {"editions"}  # tables of earlier versions, which nobody reads


@dataclass(frozen=True)
class Snapshot:
    """An open snapshot, whose hashes were found right.

    `since` is the id of the snapshot before, empty when there is none. `engine` is the name of the engine that answers
    queries (`city_briefs.analysis.snapshot.engines`).
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
        """Return whether the snapshot holds this table."""
        return table.name in self.descriptions

    def source(self, table: Table) -> str:
        """Return the source of this table, as a source line prints it."""
        read_log.note(("source", table.name), lambda: self.descriptions[table.name].source)
        return self.descriptions[table.name].source

    @property
    def stamp(self) -> "SnapshotStamp":
        """Return what a document prints of the snapshot: id, whether it is synthetic, notice, and the latest day of ingest."""
        ingested = max(description.ingested_at for description in self.descriptions.values())
        return {"id": self.id, "synthetic": self.synthetic, "notice": self.notice, "ingested_at": ingested}

    @property
    def notice_and_caveats(self) -> list[Any]:
        """Return what a chapter may print of the snapshot as a whole: whether it is synthetic, the notice, and the caveats."""
        return [self.synthetic, self.notice, [[caveat.text, caveat.metrics, caveat.views] for caveat in self.caveats]]

    @cached_property
    def database(self) -> "Database":
        """Return the engine that answers queries; connected on first use, since no connection may be open at a fork."""
        from city_briefs.analysis.snapshot.engines import database  # what is kept is found without it, and so without Ibis

        return database(self.engine)

    def rows(self, table: Table, regions: Collection[str]) -> "pa.Table":
        """Return the rows of these regions, by code, from the file of a table, whichever engine answers queries.

        They have the columns of `city_briefs.model.tables`.

        Raises:
            DataError: the snapshot has no such table.
        """
        self._check_has(table)
        from city_briefs.analysis.snapshot import stored_rows  # as above

        rows = stored_rows.of_regions(self.path / file_name(table), regions, table)
        for code in regions:
            read_log.note((read_log.REGION, code, table.name), partial(stored_rows.content, rows, table, code))
        return rows

    def content(self, region: str, table: Table) -> str | None:
        """Return the hash of the rows of one region; None when the snapshot lacks the table."""
        if not self.has(table):
            return None
        from city_briefs.analysis.snapshot import stored_rows  # as above

        return stored_rows.content(stored_rows.of_regions(self.path / file_name(table), [region], table), table, region)

    def _check_has(self, table: Table) -> None:
        """Check that the snapshot holds a table.

        Raises:
            DataError: it does not.
        """
        if not self.has(table):
            raise DataError(
                chosen(
                    f"{shown(self.path)} has no table {table.name}. It has {', '.join(self.descriptions)}.",
                    f"{shown(self.path)}没有表{table.name}，只有{'、'.join(self.descriptions)}。",
                )
            )

    def expression(self, table: Table) -> "ir.Table":
        """Return a table as an expression, with the columns of `city_briefs.model.tables`.

        Raises:
            DataError: the snapshot has no such table.
        """
        self._check_has(table)
        if table not in self._expressions:
            import ibis  # as above

            content = self.descriptions[table.name].hash
            stored = self.database.table(table, self.path / file_name(table), content)
            kinds = ibis.schema(table.schema)
            empty = {name: ibis.null(kinds[name]) for name in self._lacking(table)}
            self._expressions[table] = stored.mutate(**empty) if empty else stored
        return self._expressions[table]

    def _lacking(self, table: Table) -> list[str]:
        """Return the columns that a table has had only since the snapshot was made: no source of it has sent them."""
        if table is REGIONS:  # a text, of which a column is never missing
            return []
        from city_briefs.analysis.snapshot import stored_rows  # as above

        stored = stored_rows.column_names(self.path / file_name(table))
        return [column.name for column in table.columns if column.name not in stored]

    def listed(self, table: Table, region: str = "") -> list[dict[str, Any]]:
        """Return the rows of a small table, or those of one region, as dictionaries; empty when the snapshot lacks the table."""
        if region:
            read_log.note((read_log.REGION, region, table.name), partial(self.content, region, table))
        else:
            read_log.note((read_log.TABLE, table.name), lambda: self.hash(table))
        if (table, region) not in self._lists:
            self._lists[table, region] = self._stored(table, region).to_pylist() if self.has(table) else []
        return self._lists[table, region]

    def _stored(self, table: Table, region: str = "") -> "pa.Table":
        """Return the rows of a table, or those of one region, from its file."""
        from city_briefs.analysis.snapshot import stored_rows  # as above

        return stored_rows.rows(self.path / file_name(table), region)

    def corrections(self, metric: str, code: str, year: int) -> list[Correction]:
        """Return the corrections of a metric in a region and year, by month; those of a province cover all regions in it."""
        of_year = (correction for correction in self._corrected.get(metric, ()) if correction.month.startswith(f"{year}-"))
        codes = self.regions.below(self.regions.by_code[code])
        corrections = [correction for correction in of_year if correction.region in codes]
        read_log.note(("corrections", metric, code, str(year)), lambda: [correction.words for correction in corrections])
        return corrections

    @cached_property
    def _corrected(self) -> Mapping[str, list[Correction]]:
        """Return all corrections by metric id; empty when there is no snapshot before."""
        return read(self.path) if self.since else {}

    def hash(self, table: Table) -> str | None:
        """Return the hash of the rows of a table; None when the snapshot lacks it."""
        return self.descriptions[table.name].hash if self.has(table) else None

    @cached_property
    def _expressions(self) -> "dict[Table, ir.Table]":
        """Return the expressions made so far, by table."""
        return {}

    @cached_property
    def _lists(self) -> dict[tuple[Table, str], list[dict[str, Any]]]:
        """Return the rows read so far, by table and region code."""
        return {}

    @cached_property
    def coverage(self) -> dict[str, set[tuple[str, str]]]:
        """Return, by table name, the pairs (region code, month) that were reported, those with zero rows included."""
        covered: dict[str, set[tuple[str, str]]] = {}
        rows = self._stored(COVERAGE)
        for table, *region_and_month in zip(*(rows[name].to_pylist() for name in ("table", "region", "month")), strict=True):
            covered.setdefault(table, set()).add((region_and_month[0], region_and_month[1]))
        return covered

    def rejected(self, table: Table) -> list[dict[str, Any]]:
        """Return the rejected rows of a table by region and month, as REJECTED has them; empty when there were none."""
        return [row for row in self.listed(REJECTED) if row["table"] == table.name]

    @cached_property
    def unsent(self) -> dict[tuple[str, str], set[tuple[str, str]] | None]:
        """Return, by table name and column, the pairs (region code, month) whose sources lack the column; None when all do."""
        lacking: dict[tuple[str, str], set[tuple[str, str]] | None] = {
            (table.name, name): None for table in TABLES.values() if self.has(table) for name in self._lacking(table)
        }
        for row in self._stored(UNSENT).to_pylist() if self.has(UNSENT) else ():
            column = (row["table"], row["column"])
            cells = lacking.setdefault(column, set())
            if row["region"] is None or cells is None:
                lacking[column] = None
            else:
                cells.add((row["region"], row["month"]))
        return lacking

    @cached_property
    def reported(self) -> dict[str, set[str]]:
        """Return, by month, the codes of the regions that reported at least one table for it; it is kept with the results."""
        folder, rests_on = kept_results(), [SCHEME, self.hash(COVERAGE)]
        kept = folder and kept_answers.find(folder, "reported", rests_on)
        if kept:
            return {month: set(codes) for month, codes in kept.items()}
        from city_briefs.analysis.snapshot import stored_rows  # as above

        reported = stored_rows.reported(self.path / file_name(COVERAGE))
        if folder:
            kept_answers.keep(folder, "reported", rests_on, {month: sorted(codes) for month, codes in reported.items()})
        return reported

    @property
    def years(self) -> list[int]:
        """Return the years of which the snapshot holds at least one month, in order."""
        years = sorted({int(month[:4]) for month in self.reported})
        read_log.note(("years",), lambda: years)
        return years

    def held(self, year: int) -> list[str]:
        """Return the months of `year` that at least one region reported, in order; empty for a year without any."""
        return sorted(set(self.reported) & set(Period(year).months))

    @property
    def latest_complete_year(self) -> int | None:
        """Return the last year in which every city reported something for every month; None when there is none.

        For a city with counties, each of its counties must have reported.
        """
        units = {unit.code for unit in self.regions.units if unit.level != "other"}
        complete = (year for year in self.years if all(units <= self.reported.get(month, set()) for month in Period(year).months))
        return max(complete, default=None)


def load(path: Path, engine: str = "duckdb") -> Snapshot:
    """Open the snapshot in `path`, after every hash was compared; kernels of a build that did so do not compare tables again.

    Raises:
        DataError: there is no snapshot, a file cannot be read, or its hash differs; the file is named.
    """
    said = read_snapshot_json(path)
    descriptions, corrections = said.descriptions, said.corrections
    checked_before = os.environ.get(CHECKED_VARIABLE) or None
    must_compare = checked_before is None or checked_before != checked(path)
    for name, description in descriptions.items():
        if name in RETIRED:
            check_file(path / f"{name}.parquet", partial(holds, digest=description.file))
            continue
        if name not in STORED:
            raise DataError(
                chosen(
                    f"{shown(path)}/snapshot.json names a table '{name}'.{suggestion(name, TABLES) or ' There is no such table.'}",
                    f"{shown(path)}/snapshot.json写有表“{name}”。{suggestion_zh(name, TABLES) or '没有这张表。'}",
                )
            )
        unchanged = partial(is_unchanged, table=STORED[name], content=description.hash, file_content=description.file)
        check_file(path / file_name(STORED[name]), unchanged if must_compare else Path.is_file)
    if corrections:
        check_file(path / NAME, lambda file: file_hash(file) == corrections["file"])
    if said.id != snapshot_id({name: description.hash for name, description in descriptions.items()}):
        raise damaged(
            f"{shown(path)}/snapshot.json is not what its tables say: its id differs.",
            f"{shown(path)}/snapshot.json与各表不符，编号不一致。",
        )
    for needed in (REGIONS, COVERAGE):
        if needed.name not in descriptions:
            raise damaged(
                f"{shown(path)} has no table {needed.name}. Every snapshot has one.",
                f"{shown(path)}没有表{needed.name}，而每个快照都应有。",
            )
    descriptions = {name: description for name, description in descriptions.items() if name in STORED}
    return Snapshot(
        path, said.id, said.synthetic, said.notice, said.caveats, descriptions, said.findings,
        corrections["since"] if corrections else "", regions.read(path / "regions.csv"), engine,
    )  # fmt: skip
