"""Rejected rows as CSV files that Excel opens: each row with its place and reason, to be corrected and sent again.

A text that a spreadsheet would run as a formula gets a ' before it, as OWASP advises against CSV injection. Numbers do not.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from city_briefs.analysis.ingest.batch import REASON
from city_briefs.analysis.ingest.control_characters import visible
from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.staging import SHEET, StagingArea
from city_briefs.analysis.ingest.workbook_style import ROWS
from city_briefs.common import files
from city_briefs.model.table import Table

BOM = b"\xef\xbb\xbf"  # by which Excel knows UTF-8
REASONS = 10 * ROWS  # that are kept, of all sheets
RUN = r"^\s*[=+\-@\t\r＝＋－＠]"
NUMBER = r"^[+-]?[0-9.,]+([eE][+-]?[0-9]+)?$"


@dataclass
class WrittenRows:
    """The rejected rows that were written: their count by table, and the first reasons by sheet number and row number."""

    rows: Counter[str] = field(default_factory=Counter)
    reasons: defaultdict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, table: Table, batch: pa.RecordBatch) -> None:
        """Add rows of a table, in the order of sheets and rows."""
        self.rows[table.name] += len(batch)
        for sheet in pc.unique(batch[SHEET]).to_pylist():
            if missing := min(ROWS - len(self.reasons[sheet]), REASONS - sum(map(len, self.reasons.values()))):
                first_rows = batch.filter(pc.equal(batch[SHEET], sheet))[:missing]
                self.reasons[sheet] |= dict(zip(first_rows[ROW].to_pylist(), first_rows[REASON].to_pylist(), strict=True))


def write(folder: Path, staging: StagingArea) -> WrittenRows:
    """Write `<table>.csv` for each table with rejected rows into a folder, and return what was written."""
    written_rows = WrittenRows()
    for table in dict.fromkeys(count.sheet.source.table for count in staging.counts if count.rejected):
        folder.mkdir(exist_ok=True)
        _write_table(folder / f"{table.name}.csv", table, staging, written_rows)
    return written_rows


def _write_table(file: Path, table: Table, staging: StagingArea, written_rows: WrittenRows) -> None:
    """Write the rejected rows of one table."""
    names = {
        "file": pa.array([visible(sheet.source.name) for sheet in staging.sheets], pa.string()),
        "sheet": pa.array([sheet.name for sheet in staging.sheets], pa.string()),
    }
    text_columns = [REASON, *_sent_columns(table, staging)]
    schema = pa.schema(
        [*((name, pa.string()) for name in names), (ROW, pa.int64()), *((name, pa.string()) for name in text_columns)]
    )
    with files.created(file) as out:
        out.write(BOM)
        with csv.CSVWriter(out, schema) as writer:
            for batch in staging.rejected_rows(table):
                places = [_without_formulas(column.take(batch[SHEET])) for column in names.values()]
                columns = [*places, batch[ROW], *(_without_formulas(batch[name]) for name in text_columns)]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
                written_rows.add(table, batch)


def _sent_columns(table: Table, staging: StagingArea) -> list[str]:
    """Return the columns of a table that any of its sources has; one that none has would be a column of zeros when sent again."""
    sheets = [sheet for sheet in staging.sheets if sheet.source.table is table]
    return [name for name in table.schema.names if any(sheet.sent is None or name in sheet.sent for sheet in sheets)]


def _without_formulas(texts: pa.Array) -> pa.Array:
    """Return the texts with a ' before each that a spreadsheet would run."""
    is_formula = pc.and_not(pc.match_substring_regex(texts, RUN), pc.match_substring_regex(texts, NUMBER))
    return pc.if_else(is_formula, pc.binary_join_element_wise("'", texts, ""), texts)
