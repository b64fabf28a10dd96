"""The rows that were not accepted, as CSV that Excel opens: with where each came from and why, to be mended and sent again.

Text that a spreadsheet would run as a formula has a ' before it, as OWASP advises against CSV injection; a number is none.
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
from city_briefs.model.tables import Table

BOM = b"\xef\xbb\xbf"  # by which Excel knows UTF-8
REASONS = 10 * ROWS  # that are kept, of all sheets
RUN = r"^\s*[=+\-@\t\r＝＋－＠]"
NUMBER = r"^[+-]?[0-9.,]+([eE][+-]?[0-9]+)?$"


@dataclass
class WrittenRows:
    """What was written: how many rows of each table, and the reasons of the first rows of each sheet, by its number and theirs."""

    rows: Counter[str] = field(default_factory=Counter)
    reasons: defaultdict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, table: Table, batch: pa.RecordBatch) -> None:
        """Add rows of a table, which come in the order of sheets and rows."""
        self.rows[table.name] += len(batch)
        for sheet in pc.unique(batch[SHEET]).to_pylist():
            if lacking := min(ROWS - len(self.reasons[sheet]), REASONS - sum(map(len, self.reasons.values()))):
                some = batch.filter(pc.equal(batch[SHEET], sheet))[:lacking]
                self.reasons[sheet] |= dict(zip(some[ROW].to_pylist(), some[REASON].to_pylist(), strict=True))


def write(folder: Path, staging: StagingArea) -> WrittenRows:
    """Put `<table>.csv` into a folder for each table with such rows."""
    put = WrittenRows()
    for table in dict.fromkeys(count.sheet.source.table for count in staging.counts if count.rejected):
        folder.mkdir(exist_ok=True)
        _write_table(folder / f"{table.name}.csv", table, staging, put)
    return put


def _write_table(file: Path, table: Table, staging: StagingArea, put: WrittenRows) -> None:
    """The rows of one table."""
    names = {
        "file": pa.array([visible(sheet.source.name) for sheet in staging.sheets], pa.string()),
        "sheet": pa.array([sheet.name for sheet in staging.sheets], pa.string()),
    }
    kept = [REASON, *table.schema.names]
    schema = pa.schema([*((name, pa.string()) for name in names), (ROW, pa.int64()), *((name, pa.string()) for name in kept)])
    with file.open("wb") as out:
        out.write(BOM)
        with csv.CSVWriter(out, schema) as writer:
            for batch in staging.rejected_rows(table):
                places = [_without_formulas(of.take(batch[SHEET])) for of in names.values()]
                columns = [*places, batch[ROW], *(_without_formulas(batch[name]) for name in kept)]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
                put.add(table, batch)


def _without_formulas(texts: pa.Array) -> pa.Array:
    """Texts of which a spreadsheet runs none."""
    run = pc.and_not(pc.match_substring_regex(texts, RUN), pc.match_substring_regex(texts, NUMBER))
    return pc.if_else(run, pc.binary_join_element_wise("'", texts, ""), texts)
