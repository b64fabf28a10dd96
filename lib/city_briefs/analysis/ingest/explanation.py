"""Explanations: how each sheet was read, so that whoever sent it can see whether it was understood."""

from dataclasses import dataclass

from city_briefs.analysis.ingest import messages_zh, units
from city_briefs.analysis.ingest.match_headers import HeaderMatch
from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.source_sheet import SourceSheet
from city_briefs.common.language import chosen
from city_briefs.model.table import Column

MOST_NOT_KEPT = 100  # columns that an explanation names


@dataclass(frozen=True)
class ExplainedColumn:
    """A column of the table: its header in the file, or its constant, and the unit of its numbers.

    `at` is the letters of the column in the file, empty for a constant and in a file without letters. `unit` is empty for what
    is no number; `is_stated` tells whether the file or `sources.toml` states it, or it is that of the table.
    """

    name: str
    title: str
    at: str
    header: str
    constant: str
    unit: str
    is_stated: bool

    @property
    def unit_text(self) -> str:
        """Return the unit, and where no unit is stated, that it is the one of the table; empty when there is none."""
        if not self.unit or self.is_stated:
            return self.unit
        return chosen(f"{self.unit} (not stated; that of the table)", f"{self.unit}（未注明，按本表单位）")


@dataclass(frozen=True)
class Explanation:
    """How one sheet was read. `heading_row` is the last row of the heading, None for a source that has types instead.

    `not_kept` are the headers of columns that are not read, the first ones of many.
    """

    sheet: SourceSheet
    heading_row: int | None
    columns: tuple[ExplainedColumn, ...]
    not_kept: tuple[str, ...]


def explain(raw_table: RawTable, header: HeaderMatch, sheet: SourceSheet) -> Explanation:
    """Return how a raw table is read by its matched headers."""
    return Explanation(
        sheet,
        None if raw_table.typed else header.first_row - 1,
        tuple(
            explained for column in raw_table.source.table.columns if (explained := _explained_column(raw_table, header, column))
        ),
        tuple(column.header for column in header.unknown_columns[:MOST_NOT_KEPT]),
    )


def _explained_column(raw_table: RawTable, header: HeaderMatch, column: Column) -> ExplainedColumn | None:
    """Return how a column is read; None for one that was not sent."""
    title = messages_zh.title(column)
    if not (matched := header.columns.get(column.name)):
        mapping = raw_table.source.columns.get(column.name)
        return ExplainedColumn(column.name, title, "", "", mapping.constant, "", False) if mapping and mapping.constant else None
    is_stated = matched.unit != units.ONE
    unit = (matched.unit.name if is_stated else units.base(column)) if units.is_number(column) else ""
    at = "" if raw_table.typed else matched.raw_name
    return ExplainedColumn(column.name, title, at, matched.header, "", unit, is_stated)
