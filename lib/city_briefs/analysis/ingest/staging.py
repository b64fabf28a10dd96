"""Staging: accepted and rejected rows on disk until the snapshot is written, so that memory does not grow with the rows."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from city_briefs.analysis.ingest.batch import REASON, ParsedBatch, accepted_schema, rejected_schema
from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.set_aside import LISTED, SetAsideRow
from city_briefs.analysis.ingest.source_sheet import SheetCounts, SourceSheet
from city_briefs.analysis.validation.duckdb_tables import BATCH_ROWS, bounded
from city_briefs.analysis.validation.finding import Finding, shortened
from city_briefs.common import atomic_files
from city_briefs.model.table import Table

SHEET = "sheet"  # the column with the number of the sheet of a row, in the order in which sheets were read
REPEATED = "repeated"  # the column that says of a rejected row that an equal one was accepted, so that nothing of it is lost
POSITION = "position"  # the column with the number of an accepted row in its table, in the order of sheets and then of rows
SCHEMAS = {"accepted": accepted_schema, "rejected": rejected_schema}


class StagingArea:
    """The accepted and rejected rows of all tables, in a private folder beside the place of the snapshot."""

    def __init__(self, snapshot: Path) -> None:
        self.folder = atomic_files.begun(snapshot.parent, f".{snapshot.name}")
        self.sheets: list[SourceSheet] = []
        self._accepted: dict[Table, Path] = {}
        self._rejected: defaultdict[Table, list[Path]] = defaultdict(list)
        self._writers: dict[tuple[Table, str], pq.ParquetWriter] = {}
        self._counts: Counter[tuple[SourceSheet, str]] = Counter()
        self._lines: defaultdict[SourceSheet, list[SetAsideRow]] = defaultdict(list)
        self._files_and_tables = 0
        self._connection = bounded(self.folder / "spill")
        self._rows: dict[Table, ir.Table] = {}
        self._answers: dict[tuple[Path, str], list[dict[str, Any]]] = {}

    def __enter__(self) -> "StagingArea":
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.disconnect()
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, sheet: SourceSheet, batch: ParsedBatch) -> None:
        """Add a parsed batch of a sheet; sheets and batches come in their order.

        A batch without rows records that the sheet was sent.
        """
        if sheet not in self._numbers:
            self.sheets.append(sheet)
        table, number = sheet.source.table, pa.scalar(self._numbers[sheet], pa.int16())
        self._append(table, "accepted", batch.accepted, number)
        if len(batch.rejected):
            lost = pa.repeat(pa.scalar(False), len(batch.rejected))
            self._append(table, "rejected", batch.rejected.append_column(REPEATED, lost), number)
        self._counts.update(
            {(sheet, "accepted"): len(batch.accepted), (sheet, "rejected"): len(batch.rejected), (sheet, "aside"): batch.aside}
        )
        self._list(sheet, batch.lines)
        self._counts[sheet, "more"] += batch.more_lines

    def close(self) -> None:
        """Close the files that are written, so that they can be read."""
        while self._writers:
            self._writers.popitem()[1].close()

    @property
    def tables(self) -> dict[Table, Path]:
        """Return the file of accepted rows of each table, with ROW and SHEET beside its columns."""
        self.close()
        return dict(self._accepted)

    def rejected_rows(self, table: Table) -> Iterator[pa.RecordBatch]:
        """Yield the rejected rows of a table as text, with ROW, REASON, REPEATED and SHEET, in the order of sheets and rows."""
        self.close()
        if files := self._rejected[table]:
            yield from self._batches(self._connection.read_parquet(files).order_by(SHEET, ROW))

    def lost_rows(self, table: Table, columns: Sequence[str]) -> list[dict[str, Any]]:
        """Count the rejected rows that no accepted row repeats, by SHEET and by the text of some columns, as `rows`."""
        self.close()
        if not self._rejected[table]:
            return []
        rejected = self._connection.read_parquet(self._rejected[table])
        return self.fetch(
            rejected.filter(~rejected[REPEATED]).group_by(SHEET, *columns).aggregate(rows=lambda rows: rows.count())
        )

    @property
    def counts(self) -> list[SheetCounts]:
        """Return the row counts of each sheet, in order."""
        return [
            SheetCounts(
                sheet,
                self._counts[sheet, "accepted"],
                self._counts[sheet, "rejected"],
                self._counts[sheet, "aside"],
                tuple(self._lines[sheet]),
                self._counts[sheet, "more"],
            )
            for sheet in self.sheets
        ]

    def _list(self, sheet: SourceSheet, lines: Sequence[SetAsideRow]) -> None:
        """List rows of a sheet that are set aside, as many as are listed, and count the others."""
        listed = lines[: LISTED - len(self._lines[sheet])]
        self._lines[sheet] += listed
        self._counts[sheet, "more"] += len(lines) - len(listed)

    def __contains__(self, table: Table) -> bool:
        return table in self._accepted

    def rows(self, table: Table) -> ir.Table:
        """Return the accepted rows of a table as an expression, with ROW, SHEET and POSITION."""
        self.close()
        if table not in self._rows:
            stored = self._connection.read_parquet(self._accepted[table], file_row_number=True)
            self._rows[table] = stored.rename({POSITION: "file_row_number"})
        return self._rows[table]

    def fetch(self, rows: ir.Table) -> list[dict[str, Any]]:
        """Return the rows of a query as dictionaries; for queries with few rows."""
        return list(self._connection.to_pyarrow(rows).to_pylist())

    def fetch_once(self, table: Table, name: str, rows: ir.Table) -> list[dict[str, Any]]:
        """Return the rows of a query on one table as `fetch` does; it is computed again only when the table has changed.

        `name` tells the queries on the table apart.
        """
        key = self.tables[table], name  # a table that has changed is in another file
        if key not in self._answers:
            self._answers[key] = self.fetch(rows)
        return self._answers[key]

    @contextmanager
    def materialized(self, rows: ir.Table) -> Iterator[ir.Table]:
        """Compute the rows of a query once, as a temporary table that is dropped at the end."""
        self._files_and_tables += 1
        name = f"gathered_{self._files_and_tables}"
        try:
            yield self._connection.create_table(name, rows, temp=True)
        finally:
            self._connection.con.execute(f"DROP TABLE IF EXISTS {name}")  # Ibis drops none in this version of DuckDB

    def sheet_of(self, row: Mapping[str, Any]) -> SourceSheet:
        """Return the sheet of a staged row."""
        return self.sheets[row[SHEET]]

    def row_places(self, rows: ir.Table, sheet: str = SHEET, row: str = ROW) -> ir.StringValue:
        """Return the place of each row as text, such as "row 3 of a.csv".

        `sheet` and `row` are the names of the columns with the numbers of sheet and row.
        """
        sheets = rows[sheet].cases(
            *((number, source_sheet.display_name) for number, source_sheet in enumerate(self.sheets)), else_=""
        )
        return ibis.literal("row ") + rows[row].cast("string") + " of " + sheets

    def reject(self, table: Table, rejected_positions: ir.Table) -> None:
        """Move rows to the rejected ones.

        `rejected_positions` has the columns POSITION, REASON and REPEATED. Several reasons of a row are joined, sorted.
        """
        reasons = rejected_positions.group_by(POSITION).aggregate(
            reason=rejected_positions[REASON].group_concat(" ", order_by=rejected_positions[REASON]),
            repeated=rejected_positions[REPEATED].all(),
        )
        with self.materialized(reasons) as reasons_by_position:
            rows = self.rows(table)
            text = {name: rows[name].cast("string") for name in table.schema.names}
            joined = rows.mutate(**text).inner_join(reasons_by_position, POSITION).order_by(POSITION)
            with self._new_writer(table, "rejected") as writer:
                for batch in self._batches(joined.select(writer.schema.names)):
                    rejected = pa.table(batch).cast(writer.schema)
                    writer.write_table(rejected)
                    self._recount(rejected[SHEET])
            self.replace(table, rows.anti_join(reasons_by_position, POSITION).order_by(POSITION))

    def set_aside(self, table: Table, positions: Sequence[int], kind: str) -> None:
        """Set aside accepted rows that are no data after all. `kind` says why (a key of `set_aside.REASONS`)."""
        if not positions:
            return
        rows = self.rows(table)
        for row in self.fetch(rows.filter(rows[POSITION].isin(positions)).order_by(POSITION)):
            sheet, filled = self.sheet_of(row), [str(row[name]) for name in table.schema.names if row[name] is not None]
            self._counts.update({(sheet, "accepted"): -1, (sheet, "aside"): 1})
            self._list(sheet, [SetAsideRow(row[ROW], sheet.cell(row[ROW], "region"), shortened(" ".join(filled)), kind)])
        self.replace(table, rows.filter(rows[POSITION].notin(positions)).order_by(POSITION))

    def _recount(self, numbers: pa.ChunkedArray) -> None:
        """Count accepted rows as rejected; `numbers` holds the sheet number of each row."""
        for sheet_count in pc.value_counts(numbers.combine_chunks()).to_pylist():
            sheet, count = self.sheets[sheet_count["values"]], sheet_count["counts"]
            self._counts.update({(sheet, "accepted"): -count, (sheet, "rejected"): count})

    def replace(self, table: Table, rows: ir.Table) -> None:
        """Replace the accepted rows of a table by rows made from them, with ROW and SHEET."""
        older = self._accepted[table]
        with self._new_writer(table, "accepted") as writer:
            for batch in self._batches(rows.select(writer.schema.names)):
                writer.write_table(pa.table(batch).cast(writer.schema))
        older.unlink()
        self._rows.pop(table, None)

    def with_source_places(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return findings on staged tables with the places in the files of their senders."""
        return [self._with_source_place(finding) for finding in findings]

    def _with_source_place(self, finding: Finding) -> Finding:
        """Return a finding with its place in the file; unchanged when it concerns no staged row."""
        table = next((table for table in self._accepted if table.name == finding.table), None)
        if finding.row is None or table is None:
            return finding
        rows = self.rows(table)
        row = self.fetch(rows.filter(rows[POSITION] == finding.row - 1).select(ROW, SHEET))[0]
        sentence = finding.text.removeprefix(f"{finding.table}, row {finding.row}: ")
        placed = self.sheet_of(row).finding(finding.severity, finding.rule, row[ROW], finding.column, finding.value, sentence)
        return replace(placed, more=finding.more)

    @property
    def _numbers(self) -> dict[SourceSheet, int]:
        """Return the number of each sheet."""
        return {sheet: number for number, sheet in enumerate(self.sheets)}

    def _append(self, table: Table, kind: str, rows: pa.Table, number: pa.Scalar) -> None:
        """Append rows of one sheet to the accepted or rejected ones."""
        writer = self._writers.get((table, kind)) or self._writers.setdefault((table, kind), self._new_writer(table, kind))
        numbered = rows.append_column(SHEET, pa.repeat(number, len(rows)))
        writer.write_table(numbered.cast(writer.schema))

    def _new_writer(self, table: Table, kind: str) -> pq.ParquetWriter:
        """Open a new file of accepted or rejected rows; a closed file cannot be appended to."""
        self._files_and_tables += 1
        file = self.folder / f"{table.name}-{self._files_and_tables}.parquet"
        if kind == "accepted":
            self._accepted[table] = file
        else:
            self._rejected[table].append(file)
        schema = _with_sheet(SCHEMAS[kind](table) if kind == "accepted" else _with_repeated(SCHEMAS[kind](table)))
        return pq.ParquetWriter(file, schema, compression="lz4", use_dictionary=False)  # fast, not small

    def _batches(self, rows: ir.Table) -> Iterator[pa.RecordBatch]:
        # Not by Ibis, which gathers the whole result before it hands out the first batch.
        """Yield the rows of a query in batches."""
        return self._connection.con.sql(self._connection.compile(rows)).to_arrow_reader(BATCH_ROWS)


def _with_repeated(schema: pa.Schema) -> pa.Schema:
    """Return the schema of rejected rows with REPEATED (bool) added."""
    return schema.append(pa.field(REPEATED, pa.bool_(), nullable=False))


def _with_sheet(schema: pa.Schema) -> pa.Schema:
    """Return the schema with SHEET (int16) added."""
    return schema.append(pa.field(SHEET, pa.int16(), nullable=False))
