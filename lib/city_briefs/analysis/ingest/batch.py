"""A lot: what became of one batch of a raw_table. Every row that was read is accepted, rejected or set aside, and none is lost."""

from dataclasses import dataclass

import pyarrow as pa

from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.validation.finding import RuleFindings
from city_briefs.model.tables import Table

REASON = "reason"  # the column of rejected rows that says, in a sentence each, why


@dataclass(frozen=True)
class ParsedBatch:
    """Rows of one batch.

    `accepted` has the table's columns in their types and ROW; `rejected` the same columns as the text that was sent, ROW and REASON.
    `aside` counts the rows that are no data: blank ones, notes under the table, total rows (which are checked, and not kept).
    """

    accepted: pa.Table
    rejected: pa.Table
    rule_findings: tuple[RuleFindings, ...] = ()
    aside: int = 0


def accepted_schema(table: Table) -> pa.Schema:
    """The columns of accepted rows."""
    return table.schema.append(pa.field(ROW, pa.int64(), nullable=False))


def rejected_schema(table: Table) -> pa.Schema:
    """The columns of rejected rows."""
    text = [pa.field(name, pa.string()) for name in table.schema.names]
    return pa.schema([*text, pa.field(ROW, pa.int64(), nullable=False), pa.field(REASON, pa.string(), nullable=False)])


def empty_batch(table: Table) -> ParsedBatch:
    """A lot without rows."""
    return ParsedBatch(accepted_schema(table).empty_table(), rejected_schema(table).empty_table())
