"""The staging: what was accepted and rejected so far, on disk, so that a table of any size takes no memory."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from city_briefs.analysis.ingest.batch import REASON, ParsedBatch, accepted_schema, rejected_schema
from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.validation.duckdb_tables import BATCH_ROWS, bounded
from city_briefs.analysis.validation.finding import Finding, Severity, shortened
from city_briefs.common import atomic_files
from city_briefs.model.tables import Table

SHEET = "sheet"  # the column of staged rows that holds the number of their sheet, in the order in which sheets came
POSITION = "position"  # of a row among those of its table that are accepted, in the order of sheets and then of rows
SCHEMAS = {"accepted": accepted_schema, "rejected": rejected_schema}


@dataclass(frozen=True)
class SourceSheet:
    """Where rows of one table were read from: a source, and which sheet of it when it has any.

    `letters` are, per column of the table, those of the spreadsheet's column that it stands in; empty for what has no cells.
    """

    source: DataSource
    name: str = ""
    letters: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)

    @property
    def display_name(self) -> str:
        """As messages call it: the file, with its sheet when it has one."""
        return f"{self.source.name}, sheet {self.name}" if self.name else self.source.name

    def cell(self, row: int, column: str) -> str:
        """The cell of a row, such as C5; empty when the sheet has none, or no such column."""
        return f"{self.letters[column]}{row}" if column in self.letters else ""

    def finding(self, severity: Severity, rule: str, row: int | None, column: str, value: Any, says: str) -> Finding:
        """A finding whose text is `says` with its place before it; `row` is None for what concerns no single row."""
        cell = self.cell(row, column) if row else ""
        at = f"{self.display_name}, cell {cell}" if cell else f"{self.display_name}, row {row}" if row else self.display_name
        table, text = self.source.table.name, f"{at}: {says}"
        return Finding(
            severity, table, row, column, shortened(value), rule, text, file=self.source.name, sheet=self.name, cell=cell
        )


@dataclass(frozen=True)
class SheetCounts:
    """How many rows of a sheet were accepted and rejected, and how many lines of it were set aside, being no rows."""

    sheet: SourceSheet
    accepted: int
    rejected: int
    aside: int

    @property
    def rows(self) -> int:
        """The rows that were read: none is lost."""
        return self.accepted + self.rejected


class StagingArea:
    """Rows of all tables, in a folder of their own beside the place that the snapshot will have, for its owner alone."""

    def __init__(self, snapshot: Path) -> None:
        self.folder = atomic_files.begun(snapshot.parent, f".{snapshot.name}")
        self.sheets: list[SourceSheet] = []
        self._accepted: dict[Table, Path] = {}
        self._rejected: defaultdict[Table, list[Path]] = defaultdict(list)
        self._writers: dict[tuple[Table, str], pq.ParquetWriter] = {}
        self._counts: Counter[tuple[SourceSheet, str]] = Counter()
        self._files_and_tables = 0
        self._connection = bounded(self.folder / "spill")
        self._rows: dict[Table, ir.Table] = {}

    def __enter__(self) -> "StagingArea":
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.disconnect()
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, sheet: SourceSheet, batch: ParsedBatch) -> None:
        """Put down a batch of a sheet. Sheets and lots come in their order; one without rows is known to have been sent."""
        if sheet not in self._numbers:
            self.sheets.append(sheet)
        table, number = sheet.source.table, pa.scalar(self._numbers[sheet], pa.int16())
        self._append(table, "accepted", batch.accepted, number)
        if len(batch.rejected):
            self._append(table, "rejected", batch.rejected, number)
        self._counts.update(
            {(sheet, "accepted"): len(batch.accepted), (sheet, "rejected"): len(batch.rejected), (sheet, "aside"): batch.aside}
        )

    def close(self) -> None:
        """End the writing of files; they can be read from now on."""
        while self._writers:
            self._writers.popitem()[1].close()

    @property
    def tables(self) -> dict[Table, Path]:
        """The file of accepted rows of each table, with ROW and SHEET beside its columns."""
        self.close()
        return dict(self._accepted)

    def rejected_rows(self, table: Table) -> Iterator[pa.RecordBatch]:
        """The rejected rows of a table as text, with ROW, REASON and SHEET, in the order of sheets and rows."""
        self.close()
        if files := self._rejected[table]:
            yield from self._batches(self._connection.read_parquet(files).order_by(SHEET, ROW))

    @property
    def counts(self) -> list[SheetCounts]:
        """What became of the rows of each sheet."""
        kinds = ("accepted", "rejected", "aside")
        return [SheetCounts(sheet, *(self._counts[sheet, kind] for kind in kinds)) for sheet in self.sheets]

    def __contains__(self, table: Table) -> bool:
        return table in self._accepted

    def rows(self, table: Table) -> ir.Table:
        """The accepted rows of a table, with ROW, SHEET and POSITION."""
        self.close()
        if table not in self._rows:
            stored = self._connection.read_parquet(self._accepted[table], file_row_number=True)
            self._rows[table] = stored.rename({POSITION: "file_row_number"})
        return self._rows[table]

    def fetch(self, rows: ir.Table) -> list[dict[str, Any]]:
        """Rows as dictionaries, of a query that gives few."""
        return list(self._connection.to_pyarrow(rows).to_pylist())

    @contextmanager
    def materialized(self, rows: ir.Table) -> Iterator[ir.Table]:
        """The rows of a query, computed once for all that is asked of them."""
        self._files_and_tables += 1
        name = f"gathered_{self._files_and_tables}"
        try:
            yield self._connection.create_table(name, rows, temp=True)
        finally:
            self._connection.con.execute(f"DROP TABLE IF EXISTS {name}")  # Ibis drops none in this version of DuckDB

    def sheet_of(self, row: Mapping[str, Any]) -> SourceSheet:
        """The sheet that a staged row stands in."""
        return self.sheets[row[SHEET]]

    def row_places(self, rows: ir.Table, sheet: str = SHEET, row: str = ROW) -> ir.StringValue:
        """Where rows of a query stand, as a sentence says it; `sheet` and `row` are the columns with the numbers of these."""
        sheets = rows[sheet].cases(*((number, known.display_name) for number, known in enumerate(self.sheets)), else_="")
        return ibis.literal("row ") + rows[row].cast("string") + " of " + sheets

    def reject(self, table: Table, caught: ir.Table) -> None:
        """Move rows to the rejected ones. `caught` has their POSITION and REASON; of several reasons all are kept, sorted."""
        reasons = caught.group_by(POSITION).aggregate(reason=caught[REASON].group_concat(" ", order_by=caught[REASON]))
        with self.materialized(reasons) as known:
            rows = self.rows(table)
            text = {name: rows[name].cast("string") for name in table.schema.names}
            out = rows.mutate(**text).inner_join(known, POSITION).order_by(POSITION)
            with self._new_writer(table, "rejected") as writer:
                for batch in self._batches(out.select(writer.schema.names)):
                    rejected = pa.table(batch).cast(writer.schema)
                    writer.write_table(rejected)
                    self._recount(rejected[SHEET])
            self.replace(table, rows.anti_join(known, POSITION).order_by(POSITION))

    def _recount(self, numbers: pa.ChunkedArray) -> None:
        """SheetCounts as rejected what was accepted before; `numbers` are the rows' sheets."""
        for known in pc.value_counts(numbers.combine_chunks()).to_pylist():
            sheet, count = self.sheets[known["values"]], known["counts"]
            self._counts.update({(sheet, "accepted"): -count, (sheet, "rejected"): count})

    def replace(self, table: Table, rows: ir.Table) -> None:
        """Put other rows in the place of the accepted ones, from which they were made; they have ROW and SHEET."""
        older = self._accepted[table]
        with self._new_writer(table, "accepted") as writer:
            for batch in self._batches(rows.select(writer.schema.names)):
                writer.write_table(pa.table(batch).cast(writer.schema))
        older.unlink()
        self._rows.pop(table, None)

    def with_source_places(self, found: Iterable[Finding]) -> list[Finding]:
        """Findings of the staged tables with the place where their sender finds it."""
        return [self._with_source_place(finding) for finding in found]

    def _with_source_place(self, finding: Finding) -> Finding:
        table = next((table for table in self._accepted if table.name == finding.table), None)
        if finding.row is None or table is None:
            return finding
        rows = self.rows(table)
        row = self.fetch(rows.filter(rows[POSITION] == finding.row - 1).select(ROW, SHEET))[0]
        says = finding.text.removeprefix(f"{finding.table}, row {finding.row}: ")
        placed = self.sheet_of(row).finding(finding.severity, finding.rule, row[ROW], finding.column, finding.value, says)
        return replace(placed, more=finding.more)

    @property
    def _numbers(self) -> dict[SourceSheet, int]:
        return {sheet: number for number, sheet in enumerate(self.sheets)}

    def _append(self, table: Table, kind: str, rows: pa.Table, number: pa.Scalar) -> None:
        """Append rows of one sheet."""
        writer = self._writers.get((table, kind)) or self._writers.setdefault((table, kind), self._new_writer(table, kind))
        numbered = rows.append_column(SHEET, pa.repeat(number, len(rows)))
        writer.write_table(numbered.cast(writer.schema))

    def _new_writer(self, table: Table, kind: str) -> pq.ParquetWriter:
        """A new file of accepted or rejected rows; a file that was closed cannot be appended to."""
        self._files_and_tables += 1
        file = self.folder / f"{table.name}-{self._files_and_tables}.parquet"
        if kind == "accepted":
            self._accepted[table] = file
        else:
            self._rejected[table].append(file)
        return pq.ParquetWriter(
            file, _with_sheet(SCHEMAS[kind](table)), compression="lz4", use_dictionary=False
        )  # fast, not small

    def _batches(self, rows: ir.Table) -> Iterator[pa.RecordBatch]:
        # Not by Ibis, which gathers the whole result before it hands out the first batch.
        return self._connection.con.sql(self._connection.compile(rows)).to_arrow_reader(BATCH_ROWS)


def _with_sheet(schema: pa.Schema) -> pa.Schema:
    return schema.append(pa.field(SHEET, pa.int16(), nullable=False))
