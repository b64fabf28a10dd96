"""Small tables on a stage, as their sources would have put them there."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from city_briefs.analysis.ingest.batch import Lot, accepted_schema, rejected_schema
from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.source import Source
from city_briefs.analysis.ingest.staging import Sheet, Stage
from city_briefs.common import regions
from city_briefs.model.tables import Table
from tests.conftest import arrow, rows
from tests.helpers import REFERENCE

GANSU = regions.read(REFERENCE / "regions.csv")


def source(table: Table, name: str = "", **said) -> Source:
    """A csv file of a table, named for it unless said otherwise."""
    name = name or f"{table.name}.csv"
    return Source(name, "csv", Path(name), table, **said)


def put(stage: Stage, origin: Source | Sheet, given: str | Iterable[dict]) -> Sheet:
    """Rows put down as one lot, accepted; the heading is row 1."""
    sheet = Sheet(origin) if isinstance(origin, Source) else origin
    table = sheet.source.table
    accepted = arrow(table, rows(given) if isinstance(given, str) else given)
    numbered = accepted.append_column(ROW, pa.arange(2, len(accepted) + 2)).cast(accepted_schema(table))
    stage.add(sheet, Lot(numbered, rejected_schema(table).empty_table()))
    return sheet


def kept(stage: Stage, table: Table, *columns: str) -> list[tuple]:
    """What is accepted of a table, in the order of sheets and rows."""
    staged = stage.rows(table)
    return [tuple(row.values()) for row in stage.listed(staged.order_by("position").select(*(columns or table.schema.names)))]


def reasons(stage: Stage, table: Table) -> list[tuple[int, str]]:
    """Row and reason of every row that was rejected."""
    return [(row["row"], row["reason"]) for batch in stage.rejected(table) for row in batch.to_pylist()]


def texts(found) -> list[str]:
    """The sentences of findings, or of faults."""
    return [finding.text for one in found for finding in getattr(one, "findings", [one])]
