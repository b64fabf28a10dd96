"""Lines of one sheet that are no records: told from the rows with data, set aside, and their totals compared with the rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest import parse_values, personal_data
from city_briefs.analysis.ingest.headings import normalized_header
from city_briefs.analysis.ingest.match_headers import HeaderMatch
from city_briefs.analysis.ingest.non_data_rows import OTHER_TABLE, NonDataRow, NonDataRows, may_be_no_record
from city_briefs.analysis.ingest.parse_columns import ParsedColumn, text
from city_briefs.analysis.ingest.raw_table import ROW, RawTable
from city_briefs.analysis.ingest.set_aside import LISTED, SetAsideRow
from city_briefs.analysis.ingest.source_sheet import SourceSheet
from city_briefs.analysis.ingest.total_rows import KeyedSums, RunningSums, WrongTotal, stated_records
from city_briefs.analysis.ingest.units import is_number
from city_briefs.analysis.validation.finding import RuleFindings, shortened
from city_briefs.common.regions import Regions
from city_briefs.model.table import FLOAT, Column

Cells = Mapping[str, ParsedColumn]
EXAMPLE_LEFT_OUT = "the row is an example and is left out. Delete it; if it is a record, give it an id of its own."
REST = "…"  # stands for the names and numbers of a line of signatures, which no report repeats


@dataclass(frozen=True)
class Separated:
    """The rows of a batch that are no data.

    `aside` says for each row whether it is set aside, and `below` has a sentence for each row that is rejected because it belongs
    to another table. `lines` are the first rows set aside that are not blank, and `more_lines` counts the others.
    """

    aside: pa.Array
    below: pa.Array
    lines: tuple[SetAsideRow, ...]
    more_lines: int
    rule_findings: list[RuleFindings]


@dataclass
class SheetLines:
    """The lines of one sheet, batch by batch."""

    raw_table: RawTable
    header: HeaderMatch
    sheet: SourceSheet
    regions: Regions
    _heading_below: int | None = field(default=None, init=False)  # the row of the heading of another table

    def add(self, cells: Cells, accepted: pa.Array | None = None) -> None:
        """Add the numbers of rows to the sums: of all rows, or of those that were accepted.

        Where each region has a line, that of a province is no part of a total.
        """
        if self._keyed.keys:
            of_parts = pc.invert(pc.is_in(cells["region"].values, value_set=self._provinces))
            accepted = of_parts if accepted is None else pc.and_(accepted, of_parts)
        rows = {name: cells[name].values for name in {*self._running.names, *self._keyed.keys}}
        if accepted is not None:
            rows = {name: values.filter(accepted) for name, values in rows.items()}
        self._running.add(rows, len(next(iter(cells.values())).values) if accepted is None else accepted.true_count)
        if self._keyed.keys:
            self._keyed.add(pa.table({name: rows[name] for name in [*self._keyed.keys, *self._keyed.names]}))

    def doubtful(self, cells: Cells, unfit: pa.Array) -> pa.Array | None:
        """Return which rows may be no data, as a boolean per row; None when all are sure to be. `unfit` rows do not fit the table."""
        words = may_be_no_record(cells[self._identifier].values) if self._identifier else None
        if words is None:
            return unfit if unfit.true_count or self._heading_below else None
        return pc.or_(unfit, words)

    def separate(self, batch: pa.RecordBatch, cells: Cells, unfit: pa.Array, doubtful: pa.Array) -> Separated:
        """Tell the rows of a batch that hold no data from the others, and compare totals with the rows that fit."""
        non_data = self._non_data_rows(batch, cells, doubtful)
        below = self._rows_below(batch, unfit, non_data)
        aside = _mask(non_data, len(batch))
        sentences = pa.array([below.get(index) for index in range(len(batch))], pa.string())
        accepted = pc.invert(reduce(pc.or_, [aside, unfit, sentences.is_valid()]))
        lines = [(index, row) for index, row in sorted(non_data.items()) if row.kind]
        found = [*self._totals(batch, cells, accepted, lines), *self._examples(batch, lines)]
        return Separated(
            aside,
            sentences,
            tuple(self._line(batch, index, row) for index, row in lines[:LISTED]),
            max(len(lines) - LISTED, 0),
            found,
        )

    def finish(self) -> Iterator[RuleFindings]:
        """Yield the findings on totals that can be compared only after the last row."""
        yield from map(self._wrong_total, [*self._running.leading(), *self._keyed.differing()])

    @cached_property
    def _columns(self) -> dict[str, Column]:
        """Return the columns of the table that were sent, by name."""
        return {column.name: column for column in self.raw_table.source.table.columns if column.name in self.header.columns}

    @cached_property
    def _identifier(self) -> str | None:
        """Return the column with the id of a row; None when a row has none."""
        key = self.raw_table.source.table.key
        return key[0] if len(key) == 1 and key[0] in self._columns else None

    @cached_property
    def _provinces(self) -> pa.Array:
        """Return the codes of the provinces."""
        return pa.array([region.code for region in self.regions.provinces])

    @cached_property
    def _running(self) -> RunningSums:
        return RunningSums(
            [name for name, column in self._columns.items() if is_number(column) and column.type != FLOAT and name != "year"]
        )

    @cached_property
    def _keyed(self) -> KeyedSums:
        key = self.raw_table.source.table.key
        is_by_region = len(key) > 1 and "region" in key and "region" in self._columns
        return KeyedSums(
            [name for name in key if name != "region" and name in self._columns] if is_by_region else [], self._running.names
        )

    @cached_property
    def _recognition(self) -> NonDataRows:
        """Return the recognition of rows that are no records, with the names of the raw columns."""
        table, raw = self.raw_table, {name: matched.raw_name for name, matched in self.header.columns.items()}
        above = [] if table.typed else table.head[: self.header.first_row - 1]
        return NonDataRows(
            headings={
                name: frozenset(normalized_header(cell) for row in above if (cell := row[place]))
                for place, name in enumerate(table.names)
            } if above else {},
            identifier=raw.get(self._identifier or ""),
            region=raw.get("region"),
            words=frozenset(raw[name] for name, column in self._columns.items() if column.words),
            numbers=frozenset(raw[name] for name, column in self._columns.items() if is_number(column)),
            kept=frozenset(raw.values()),
        )  # fmt: skip

    def _non_data_rows(self, batch: pa.RecordBatch, cells: Cells, doubtful: pa.Array) -> dict[int, NonDataRow]:
        """Return the rows of a batch that hold no data, by index."""
        at = pc.indices_nonzero(doubtful)
        names = [name for name in self.raw_table.names if name in batch.schema.names]
        rows = pa.RecordBatch.from_arrays([text(batch[name].take(at)) for name in names], names=names)
        anchors = [
            name
            for name, column in self._columns.items()
            if column.required and not is_number(column) and not parse_values.is_text(column)
        ]
        numbers = [name for name, column in self._columns.items() if is_number(column)]
        none = pa.repeat(False, len(at))
        anchored, numbered = (
            reduce(pc.or_, [cells[name].values.take(at).is_valid() for name in some], none) for some in (anchors, numbers)
        )
        province = pc.is_in(cells["region"].values.take(at), self._provinces) if "region" in self._columns else none
        places = at.to_pylist()
        return {places[index]: row for index, row in self._recognition.find(rows, anchored, numbered, province).items()}

    def _rows_below(self, batch: pa.RecordBatch, unfit: pa.Array, non_data: dict[int, NonDataRow]) -> dict[int, str]:
        """Return the sentence for each row that is rejected below the heading of another table; set aside the others in place.

        The heading is rejected itself, and so is a row that would fit this table. The table goes on where its heading is repeated.
        """
        if not self._heading_below and not any(row.kind == OTHER_TABLE for row in non_data.values()):
            return {}
        sentences: dict[int, str] = {}
        for index, (number, is_unfit) in enumerate(zip(batch[ROW].to_pylist(), unfit.to_pylist(), strict=True)):
            row = non_data.get(index)
            if row and row.kind == "heading":
                self._heading_below = None
            elif row and row.kind == OTHER_TABLE and not self._heading_below:
                self._heading_below = number
                sentences[index] = (
                    f"from row {number} on there is another table, which is not read. Put it into a sheet of its own."
                )
                del non_data[index]
            elif self._heading_below and (not row or row.kind in (OTHER_TABLE, "total")):
                if is_unfit:
                    non_data[index] = NonDataRow("below", *next(iter(self._filled(batch, index).items()), ("", "")))
                else:
                    sentences[index] = (
                        f"it stands below the heading of another table, in row {self._heading_below}. "
                        "Put that table into a sheet of its own."
                    )
        return sentences

    def _totals(
        self, batch: pa.RecordBatch, cells: Cells, accepted: pa.Array, lines: Sequence[tuple[int, NonDataRow]]
    ) -> Iterator[RuleFindings]:
        """Yield the findings on totals that do not add up, and add the accepted rows of the batch to the sums."""
        start, word_rows = 0, [(index, row.text) for index, row in lines if row.kind == "total"]
        for index, word in [*word_rows, (len(batch), "")]:
            part = {name: ParsedColumn(cells[name].values[start:index]) for name in cells}
            self.add(part, accepted[start:index])
            start = index + 1
            if not word:
                continue
            row, stated = batch[ROW][index].as_py(), {name: cells[name].values[index].as_py() for name in self._running.names}
            key = {name: value for name in self._keyed.keys if (value := cells[name].values[index].as_py()) is not None}
            if key:
                self._keyed.state(row, word, key, stated)
                continue
            records = {"": stated_records(word)} if self._identifier else {}
            yield from map(self._wrong_total, self._running.differing(row, word, {**records, **stated}))

    def _wrong_total(self, wrong: WrongTotal) -> RuleFindings:
        """Return the finding on a total that does not add up."""
        return RuleFindings([self.sheet.finding("warning", "sum", wrong.row, wrong.column, wrong.stated, wrong.sentence)], 1)

    def _examples(self, batch: pa.RecordBatch, lines: Sequence[tuple[int, NonDataRow]]) -> Iterator[RuleFindings]:
        """Yield the findings on example rows, which may be records after all."""
        for index, row in lines:
            if row.kind == "example":
                number = batch[ROW][index].as_py()
                yield RuleFindings(
                    [self.sheet.finding("warning", "example row", number, self._identifier or "", row.text, EXAMPLE_LEFT_OUT)], 1
                )

    def _line(self, batch: pa.RecordBatch, index: int, row: NonDataRow) -> SetAsideRow:
        """Return a row that is set aside, as it is listed; names of persons and their numbers are left out."""
        number = batch[ROW][index].as_py()
        words = " ".join(" ".join(self._filled(batch, index).values()).split())
        if row.kind == "signature" and len(words) > len(label := words.replace("：", ":").split(":")[0].split()[0]):
            words = label + REST
        if personal_data.first_personal_number(pa.array([words]), numbers=False):
            words = REST
        cell = f"{row.column}{number}" if self.raw_table.sheet and not self.raw_table.typed else ""
        return SetAsideRow(number, cell, shortened(words), row.kind)

    def _filled(self, batch: pa.RecordBatch, index: int) -> dict[str, str]:
        """Return the filled cells of a row by raw column."""
        row = {name: text(batch[name].slice(index, 1))[0].as_py() for name in self.raw_table.names}
        return {name: cell.strip() for name, cell in row.items() if cell and cell.strip()}


def _mask(non_data: Mapping[int, NonDataRow], count: int) -> pa.Array:
    """Return for each of so many rows whether it holds no data."""
    return pc.is_in(pa.array(range(count), pa.int64()), pa.array(list(non_data), pa.int64()))
