"""Grids made by hand, and what is read of them."""

from itertools import pairwise

import pyarrow as pa
from xlsxwriter.utility import xl_col_to_name

from city_briefs.analysis.ingest import match_headers, parse_batches
from city_briefs.analysis.ingest.raw_table import FOOT, HEAD, ROW, SURPLUS, RawTable
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common import regions
from city_briefs.model.tables import TABLES
from tests.helpers import ROOT

GANSU = regions.read(ROOT / "data/reference/regions.csv")


def source(table, name="", **declared):
    return DataSource(name or f"{table}.xlsx", "xlsx" if "xlsx" in (name or ".xlsx") else "csv", ROOT, TABLES[table], **declared)


def cells(text):
    """Rows as lines, cells between bars; an empty one is null."""
    return [tuple(cell.strip() or None for cell in line.split("|")) for line in text.strip().splitlines()]


def raw_table(of, rows, *, sheet="2021", at_once=1000, **noticed):
    """A raw table of text: of a workbook, when it has a sheet. Batches have `at_once` rows. `noticed` are merged cells and remarks."""
    rows = cells(rows) if isinstance(rows, str) else rows
    width = max(map(len, rows))
    full = [(*row, *(None,) * (width - len(row))) for row in rows]
    names = tuple(xl_col_to_name(number) for number in range(width))

    def batches(first):
        stops = [*range(first - 1, len(full), at_once), len(full)]
        for start, stop in pairwise(stops):
            columns = zip(*full[start:stop], strict=True)
            arrays = [pa.array(column, pa.string()) for column in columns]
            numbers = pa.array(range(start + 1, stop + 1), pa.int64())
            yield pa.RecordBatch.from_arrays(
                [*arrays, pa.nulls(stop - start, pa.string()), numbers], names=[*names, SURPLUS, ROW]
            )

    return RawTable(of, sheet, False, names, tuple(full[:HEAD]), batches, tuple(full[-FOOT:]), **noticed)


def typed(of, table):
    """A raw table with types, as Parquet and databases give it."""
    batch = table.combine_chunks().to_batches()[0]

    def batches(first):
        yield pa.RecordBatch.from_arrays(
            [*batch.columns, pa.array(range(1, len(batch) + 1), pa.int64())], names=[*batch.schema.names, ROW]
        )

    return RawTable(of, "", True, tuple(table.column_names), (), batches)


def read(of, known=GANSU):
    """The parsed batches of a raw table."""
    return list(parse_batches.read(of, match_headers.match(of), known))


def accepted(some):
    """The accepted rows of batches, without their numbers."""
    return pa.concat_tables([batch.accepted for batch in some]).drop_columns(ROW).to_pylist()


def lines(some):
    """The lines of batches that were set aside and are not blank: row, cell, text and kind."""
    return [(line.row, line.cell, line.text, line.kind) for batch in some for line in batch.lines]


def rejected(some):
    """The numbers of the rejected rows of batches."""
    return [row for batch in some for row in batch.rejected[ROW].to_pylist()]


def said(some):
    """What is said of batches."""
    return [finding.text for batch in some for faults in batch.rule_findings for finding in faults.findings]
