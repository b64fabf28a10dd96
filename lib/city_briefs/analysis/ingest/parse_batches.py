"""Grids as lots: of each batch the rows as the table has them, and those that it cannot have, with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest import parse_values, personal_data
from city_briefs.analysis.ingest.batch import Lot, accepted_schema, rejected_schema
from city_briefs.analysis.ingest.match_headers import Heading, refused
from city_briefs.analysis.ingest.parse_columns import Cells, Reader, text
from city_briefs.analysis.ingest.raw_table import ROW, SURPLUS, Grid
from city_briefs.analysis.ingest.source import ROW_NUMBER, Origin
from city_briefs.analysis.ingest.staging import Sheet
from city_briefs.analysis.ingest.total_rows import Aside, Sums
from city_briefs.analysis.ingest.units import is_number
from city_briefs.analysis.validation.finding import LIMIT, Faults
from city_briefs.common.regions import Regions
from city_briefs.model.tables import FLOAT, Column


def read(grid: Grid, heading: Heading, regions: Regions) -> Iterator[Lot]:
    """The rows under a heading, batch by batch. Personal data in any column that is not dropped is a DataError."""
    reading = _Reading(grid, heading, regions)
    for batch in grid.rows(heading.first):
        if len(batch):
            yield reading.lot(batch)


@dataclass(frozen=True)
class _Wrong:
    """What is wrong with a column: a sentence for each row, empty where its value is right. `column` is empty for a whole row."""

    column: str
    rule: str
    says: pa.Array


@dataclass(frozen=True)
class _Reading:
    """One grid that is being read."""

    grid: Grid
    heading: Heading
    regions: Regions

    @cached_property
    def sheet(self) -> Sheet:
        """Where its findings are."""
        return self.heading.sheet(self.grid)

    @cached_property
    def readers(self) -> dict[Column, Reader]:
        """What reads each column of the table."""
        places, origins = self.heading.places, self.grid.source.columns
        return {
            column: Reader(column, self.regions, place.unit, origins.get(column.name, Origin()).values)
            if (place := places.get(column.name))
            else Reader(column, self.regions)
            for column in self.grid.source.table.columns
        }

    @cached_property
    def sums(self) -> Sums:
        """The sums of its columns of numbers so far."""
        return Sums([of.name for of in self.readers if is_number(of) and of.type != FLOAT and of.name in self.heading.places])

    def lot(self, batch: pa.RecordBatch) -> Lot:
        """What becomes of one batch."""
        sent = {column.name: self._sent(column, batch) for column in self.readers}
        cells = {column.name: reader(sent[column.name]) for column, reader in self.readers.items()}
        wrong = [*self._wrong(cells), *_surplus(batch)]
        unfit = reduce(pc.or_, [one.says.is_valid() for one in wrong], _nothing_in(batch))
        if not unfit.true_count:
            self._refuse_persons(batch, sent, wrong)
            self.sums.add({name: cells[name].values for name in self.sums.names})
            return Lot(self._accepted(cells, batch), rejected_schema(self.grid.source.table).empty_table())
        aside, faults = self._aside(batch, cells, unfit)
        data = pc.invert(aside)
        self._refuse_persons(batch.filter(data), {name: column.filter(data) for name, column in sent.items()}, wrong)
        for one in wrong:
            faults += self._faults(one, batch, sent, data)
        rejected = pc.and_(unfit, data)
        return Lot(
            self._accepted(cells, batch).filter(pc.invert(unfit)),
            self._rejected(sent, wrong, batch).filter(rejected),
            tuple(faults),
            aside.true_count,
        )

    def _sent(self, column: Column, batch: pa.RecordBatch) -> pa.Array:
        """The cells of a column as they were sent, or its constant."""
        if place := self.heading.places.get(column.name):
            return batch[place.at]
        constant = self.grid.source.columns.get(column.name, Origin()).constant
        if not constant:
            return pa.nulls(len(batch), pa.string())
        if ROW_NUMBER not in constant:
            return pa.repeat(constant, len(batch))
        return pc.binary_join_element_wise(*_around(constant, batch[ROW].cast(pa.string())), "")

    def _wrong(self, cells: dict[str, Cells]) -> Iterator[_Wrong]:
        """What is wrong with each column of a batch, in the order of the table."""
        for column in self.readers:
            one = cells[column.name]
            yield from (_Wrong(column.name, rule, says) for rule, says in one.misfits.items())
            if column.required and one.values.null_count:
                empty = reduce(pc.and_, [says.is_null() for says in one.misfits.values()], one.values.is_null())
                if empty.true_count:
                    sentence = pa.scalar(f"{column.name} is empty. Every row has one.")
                    yield _Wrong(column.name, "required", pc.if_else(empty, sentence, pa.scalar(None, pa.string())))

    def _accepted(self, cells: dict[str, Cells], batch: pa.RecordBatch) -> pa.Table:
        """All rows of a batch in the types of the table."""
        columns = [cells[column.name].values for column in self.readers]
        return pa.Table.from_arrays([*columns, batch[ROW]], schema=accepted_schema(self.grid.source.table))

    def _rejected(self, sent: dict[str, pa.Array], wrong: list[_Wrong], batch: pa.RecordBatch) -> pa.Table:
        """All rows of a batch as they were sent, with what is wrong with them."""
        reasons = reduce(_and, [one.says for one in wrong], pa.nulls(len(batch), pa.string()))
        columns = [self._as_sent(name, text(column)) for name, column in sent.items()]
        return pa.Table.from_arrays([*columns, batch[ROW], reasons], schema=rejected_schema(self.grid.source.table))

    def _as_sent(self, name: str, cells: pa.Array) -> pa.Array:
        """Cells as text; a number in another unit than its column's has that beside it, so that it can be sent again as it is."""
        place = self.heading.places.get(name)
        if place is None or place.unit.factor == 1:
            return cells
        bare = pc.match_substring_regex(cells, r"[0-9.]\s*$")
        return pc.if_else(bare, pc.binary_join_element_wise(cells, place.unit.name, ""), cells)

    def _aside(self, batch: pa.RecordBatch, cells: dict[str, Cells], unfit: pa.Array) -> tuple[pa.Array, list[Faults]]:
        """Which rows of a batch are no data; and the totals among them that are not the sum of the rows above."""
        numbers = pc.indices_nonzero(unfit)
        some = batch.select([name for name in batch.schema.names if name != SURPLUS]).take(numbers)
        region = self.heading.places.get("region")
        aside = Aside(pa.table({name: text(some[name]) for name in some.schema.names}), region.at if region else None)
        mask = pc.is_in(pa.array(range(len(batch)), pa.uint64()), numbers.filter(aside.mask.combine_chunks()))
        totals = [(at, word) for at, word in zip(numbers.to_pylist(), aside.total.to_pylist(), strict=True) if word]
        return mask, list(self._compared(batch, cells, unfit, totals))

    def _compared(
        self, batch: pa.RecordBatch, cells: dict[str, Cells], unfit: pa.Array, totals: list[tuple[int, str]]
    ) -> Iterator[Faults]:
        """The numbers of total rows that are not the sum of the accepted rows above."""
        summed = {name: cells[name].values for name in self.sums.names}
        start = 0
        for at, word in [*totals, (len(batch), "")]:
            kept = pc.invert(unfit[start:at])
            self.sums.add({name: column[start:at].filter(kept) for name, column in summed.items()})
            start = at + 1
            if word:
                said = {name: column[at].as_py() for name, column in summed.items()}
                for name, total in self.sums.differing(said, word):
                    says = (
                        f"the {word.strip()} of {name} is {said[name]}, and the accepted rows above it add up to {total}. "
                        "Correct the one that is wrong, or send the rows that are missing."
                    )
                    yield Faults([self.sheet.finding("warning", "sum", batch[ROW][at].as_py(), name, said[name], says)], 1)

    def _faults(self, wrong: _Wrong, batch: pa.RecordBatch, sent: dict[str, pa.Array], data: pa.Array) -> Iterator[Faults]:
        """The findings on one column by one rule, among the rows that are data."""
        at = pc.indices_nonzero(pc.and_(wrong.says.is_valid(), data))
        if len(at):
            values = text(sent[wrong.column]) if wrong.column else batch[SURPLUS]
            first = [array.take(at[:LIMIT]).to_pylist() for array in (batch[ROW], values, wrong.says)]
            found = [
                self.sheet.finding("error", wrong.rule, row, wrong.column, value, says)
                for row, value, says in zip(*first, strict=True)
            ]
            yield Faults(found, len(at))

    def _refuse_persons(self, batch: pa.RecordBatch, sent: dict[str, pa.Array], wrong: list[_Wrong]) -> None:
        """Refuse identity and telephone numbers in text, kept or not; what is a date, a number or a word is none of them."""
        table, places = self.grid.source.table, self.heading.places
        looked = {column.name for column in self.readers if parse_values.is_text(column)} | {one.column for one in wrong}
        kept = [(places[name], sent[name], name in {*table.key, *table.references}) for name in places if name in looked]
        for place, cells, numbers in [*kept, *((place, batch[place.at], False) for place in self.heading.unknown)]:
            if hit := personal_data.found(text(cells), numbers=numbers):
                raise refused(self.grid, place, f"row {batch[ROW][hit[0]]} has {hit[1]}")


def _surplus(batch: pa.RecordBatch) -> Iterator[_Wrong]:
    """The rows with more cells than the table has columns."""
    if SURPLUS in batch.schema.names and batch[SURPLUS].null_count < len(batch):
        says = "the row has more cells than the heading, so that none is sure to be in its place. Put one into each column."
        yield _Wrong("", "surplus", pc.if_else(batch[SURPLUS].is_valid(), pa.scalar(says), pa.scalar(None, pa.string())))


def _and(one: pa.Array, other: pa.Array) -> pa.Array:
    """The sentences of both."""
    return pc.coalesce(pc.binary_join_element_wise(one, other, " "), one, other)


def _nothing_in(batch: pa.RecordBatch) -> pa.Array:
    """Which rows have no cell at all."""
    columns = [batch[name] for name in batch.schema.names if name not in (ROW, SURPLUS)]
    if not all(column.null_count for column in columns):
        return pa.repeat(False, len(batch))
    return reduce(pc.and_, [column.is_null() for column in columns])


def _around(constant: str, numbers: pa.Array) -> Iterator[pa.Array | str]:
    """The parts of a constant, with the row's number between each two."""
    first, *rest = constant.split(ROW_NUMBER)
    yield pa.scalar(first)
    for part in rest:
        yield numbers
        yield pa.scalar(part)
