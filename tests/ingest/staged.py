"""Small tables in the staging area, as their sources would have put them there."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from city_briefs.analysis.ingest.batch import ParsedBatch, accepted_schema, rejected_schema
from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.source_sheet import SourceSheet
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.common import regions
from city_briefs.model.table import Table
from tests.conftest import arrow, rows
from tests.helpers import REFERENCE

GANSU = regions.read(REFERENCE / "regions.csv")


def source(table: Table, name: str = "", **said) -> DataSource:
    """A csv file of a table, named for it unless said otherwise."""
    name = name or f"{table.name}.csv"
    return DataSource(name, "csv", Path(name), table, **said)


def put(staging: StagingArea, origin: DataSource | SourceSheet, given: str | Iterable[dict]) -> SourceSheet:
    """Rows put down as one batch, accepted; the heading is row 1."""
    sheet = SourceSheet(origin) if isinstance(origin, DataSource) else origin
    table = sheet.source.table
    accepted = arrow(table, rows(given) if isinstance(given, str) else given)
    numbered = accepted.append_column(ROW, pa.arange(2, len(accepted) + 2)).cast(accepted_schema(table))
    staging.add(sheet, ParsedBatch(numbered, rejected_schema(table).empty_table()))
    return sheet


def kept(staging: StagingArea, table: Table, *columns: str) -> list[tuple]:
    """What is accepted of a table, in the order of sheets and rows."""
    staged = staging.rows(table)
    return [tuple(row.values()) for row in staging.fetch(staged.order_by("position").select(*(columns or table.schema.names)))]


def reasons(staging: StagingArea, table: Table) -> list[tuple[int, str]]:
    """Row and reason of every row that was rejected."""
    return [(row["row"], row["reason"]) for batch in staging.rejected_rows(table) for row in batch.to_pylist()]


def texts(found) -> list[str]:
    """The sentences of findings, or of faults."""
    return [finding.text for one in found for finding in getattr(one, "findings", [one])]
