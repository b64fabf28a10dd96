"""Remarks of a reader on cells, turned into findings when the rows that they concern are read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow as pa

from city_briefs.analysis.ingest.raw_table import ROW, CellRemark, RawTable
from city_briefs.analysis.ingest.source_sheet import SourceSheet
from city_briefs.analysis.validation.finding import Finding, RuleFindings


@dataclass
class ReaderRemarks:
    """The remarks of one raw table. A reader adds to them while its rows are read."""

    raw_table: RawTable
    sheet: SourceSheet
    _n_taken: int = 0

    def __post_init__(self) -> None:
        self._waiting: list[CellRemark] = []  # on rows that were not read yet
        self._names = {letters: name for name, letters in self.sheet.letters.items()}

    def of_rows(self, batch: pa.RecordBatch) -> list[tuple[int, CellRemark]]:
        """Return the remarks on the rows of a batch, each with the index of its row."""
        self._take()
        if not self._waiting:
            return []
        indices = {row: index for index, row in enumerate(batch[ROW].to_pylist())}
        here = [(indices[remark.row], remark) for remark in self._waiting if remark.row in indices]
        self._waiting = [remark for remark in self._waiting if remark.row not in indices]
        return here

    def rest(self) -> Iterator[RuleFindings]:
        """Yield the findings on what is no row of data: the sheet, its heading, and rows that were not read."""
        self._take()
        for remark in self._waiting:
            yield RuleFindings([self.finding(remark)], remark.count)
        self._waiting = []

    def finding(self, remark: CellRemark) -> Finding:
        """Return a remark as a finding."""
        name = self._names.get(remark.column, "")
        placed = self.sheet.finding(remark.severity, remark.rule, remark.row, name, remark.value, remark.english)
        if name or not remark.column or not remark.row or not self.sheet.name:
            return placed
        cell = f"{remark.column}{remark.row}"  # of a column that is not kept
        return replace(placed, cell=cell, text=f"{self.sheet.display_name}, cell {cell}: {remark.english}")

    def _take(self) -> None:
        """Take over the remarks that were added since."""
        added = self.raw_table.remarks[self._n_taken :]
        self._waiting += added
        self._n_taken += len(added)
