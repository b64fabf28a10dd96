"""The rows that were not accepted, as CSV that Excel opens: with where each came from and why, to be mended and sent again.

Text that a spreadsheet would run as a formula has a ' before it, as OWASP advises against CSV injection; a number is none.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from lib.ingest.characters import coded
from lib.ingest.grid import ROW
from lib.ingest.lot import REASON
from lib.ingest.stage import SHEET, Stage
from lib.tables import Table

BOM = b"\xef\xbb\xbf"  # by which Excel knows UTF-8
RUN = r"^\s*[=+\-@\t\r＝＋－＠]"
NUMBER = r"^[+-]?[0-9.,]+([eE][+-]?[0-9]+)?$"


def write(folder: Path, stage: Stage) -> dict[str, int]:
    """Put `<table>.csv` into a folder for each table with such rows; how many of these there are, by table."""
    tables = dict.fromkeys(count.sheet.source.table for count in stage.counts if count.rejected)
    if tables:
        folder.mkdir()
    return {table.name: _write(folder / f"{table.name}.csv", table, stage) for table in tables}


def _write(file: Path, table: Table, stage: Stage) -> int:
    """The rows of one table, as many as there are."""
    names = {
        "file": pa.array([coded(sheet.source.name) for sheet in stage.sheets], pa.string()),
        "sheet": pa.array([sheet.name for sheet in stage.sheets], pa.string()),
    }
    kept = [REASON, *table.schema.names]
    schema = pa.schema([*((name, pa.string()) for name in names), (ROW, pa.int64()), *((name, pa.string()) for name in kept)])
    rows = 0
    with file.open("wb") as out:
        out.write(BOM)
        with csv.CSVWriter(out, schema) as writer:
            for batch in stage.rejected(table):
                places = [_safe(of.take(batch[SHEET])) for of in names.values()]
                columns = [*places, batch[ROW], *(_safe(batch[name]) for name in kept)]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
                rows += len(batch)
    return rows


def _safe(texts: pa.Array) -> pa.Array:
    """Texts of which a spreadsheet runs none."""
    run = pc.and_not(pc.match_substring_regex(texts, RUN), pc.match_substring_regex(texts, NUMBER))
    return pc.if_else(run, pc.binary_join_element_wise("'", texts, ""), texts)
