"""A parsed batch: the accepted and the rejected rows of one batch of a raw table. No row that was read is lost."""

from dataclasses import dataclass

import pyarrow as pa

from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.set_aside import SetAsideRow
from city_briefs.analysis.validation.finding import RuleFindings
from city_briefs.model.table import Table

REASON = "reason"  # the column of rejected rows with the reason, in sentences


@dataclass(frozen=True)
class ParsedBatch:
    """The rows of one batch, after parsing.

    `accepted` has the columns of the table in their types, and ROW. `rejected` has the same columns as text, as they were
    sent, and ROW and REASON. `rule_findings` say what is wrong with the rejected rows. `aside` counts the rows that hold no
    data: blank rows, notes under the table, and total rows (which are compared with the sum of the rows, and not kept).
    `lines` are the first of them that are not blank, and `more_lines` counts the others.
    """

    accepted: pa.Table
    rejected: pa.Table
    rule_findings: tuple[RuleFindings, ...] = ()
    aside: int = 0
    lines: tuple[SetAsideRow, ...] = ()
    more_lines: int = 0


def accepted_schema(table: Table) -> pa.Schema:
    """Return the schema of accepted rows: the columns of the table, then ROW (int64)."""
    return table.schema.append(pa.field(ROW, pa.int64(), nullable=False))


def rejected_schema(table: Table) -> pa.Schema:
    """Return the schema of rejected rows: the columns of the table as text, then ROW (int64) and REASON (text)."""
    text = [pa.field(name, pa.string()) for name in table.schema.names]
    return pa.schema([*text, pa.field(ROW, pa.int64(), nullable=False), pa.field(REASON, pa.string(), nullable=False)])


def empty_batch(table: Table) -> ParsedBatch:
    """Return a parsed batch without rows, in the schemas of the table."""
    return ParsedBatch(accepted_schema(table).empty_table(), rejected_schema(table).empty_table())
