"""Grids as lots: of each batch the rows as the table has them, and those that it cannot have, with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest import parse_values, personal_data
from city_briefs.analysis.ingest.batch import ParsedBatch, accepted_schema, rejected_schema
from city_briefs.analysis.ingest.match_headers import HeaderMatch, personal_data_error
from city_briefs.analysis.ingest.parse_columns import ColumnParser, ParsedColumn, text
from city_briefs.analysis.ingest.raw_table import ROW, SURPLUS, RawTable
from city_briefs.analysis.ingest.source import ROW_NUMBER, ColumnMapping
from city_briefs.analysis.ingest.staging import SourceSheet
from city_briefs.analysis.ingest.total_rows import NonDataRows, RunningSums
from city_briefs.analysis.ingest.units import is_number
from city_briefs.analysis.validation.finding import LIMIT, RuleFindings
from city_briefs.common.regions import Regions
from city_briefs.model.tables import FLOAT, Column


def read(raw_table: RawTable, heading: HeaderMatch, regions: Regions) -> Iterator[ParsedBatch]:
    """The rows under a heading, batch by batch. Personal data in any column that is not dropped is a DataError."""
    parser = _BatchParser(raw_table, heading, regions)
    for batch in raw_table.rows(heading.first_row):
        if len(batch):
            yield parser.parse(batch)


@dataclass(frozen=True)
class _ColumnErrors:
    """What is wrong with a column: a sentence for each row, empty where its value is right. `column` is empty for a whole row."""

    column: str
    rule: str
    sentences: pa.Array


@dataclass(frozen=True)
class _BatchParser:
    """One raw_table that is being read."""

    raw_table: RawTable
    heading: HeaderMatch
    regions: Regions

    @cached_property
    def sheet(self) -> SourceSheet:
        """Where its findings are."""
        return self.heading.sheet(self.raw_table)

    @cached_property
    def parsers(self) -> dict[Column, ColumnParser]:
        """What reads each column of the table."""
        places, mappings = self.heading.columns, self.raw_table.source.columns
        return {
            column: ColumnParser(column, self.regions, place.unit, mappings.get(column.name, ColumnMapping()).values)
            if (place := places.get(column.name))
            else ColumnParser(column, self.regions)
            for column in self.raw_table.source.table.columns
        }

    @cached_property
    def sums(self) -> RunningSums:
        """The sums of its columns of numbers so far."""
        return RunningSums(
            [of.name for of in self.parsers if is_number(of) and of.type != FLOAT and of.name in self.heading.columns]
        )

    def parse(self, batch: pa.RecordBatch) -> ParsedBatch:
        """What becomes of one batch."""
        sent = {column.name: self._sent(column, batch) for column in self.parsers}
        cells = {column.name: reader(sent[column.name]) for column, reader in self.parsers.items()}
        wrong = [*self._column_errors(cells), *_surplus_errors(batch)]
        unfit = reduce(pc.or_, [one.sentences.is_valid() for one in wrong], _blank_rows(batch))
        if not unfit.true_count:
            self._check_personal_data(batch, sent, wrong)
            self.sums.add({name: cells[name].values for name in self.sums.names})
            return ParsedBatch(self._accepted(cells, batch), rejected_schema(self.raw_table.source.table).empty_table())
        aside, faults = self._non_data_rows(batch, cells, unfit)
        data = pc.invert(aside)
        self._check_personal_data(batch.filter(data), {name: column.filter(data) for name, column in sent.items()}, wrong)
        for one in wrong:
            faults += self._rule_findings(one, batch, sent, data)
        rejected = pc.and_(unfit, data)
        return ParsedBatch(
            self._accepted(cells, batch).filter(pc.invert(unfit)),
            self._rejected(sent, wrong, batch).filter(rejected),
            tuple(faults),
            aside.true_count,
        )

    def _sent(self, column: Column, batch: pa.RecordBatch) -> pa.Array:
        """The cells of a column as they were sent, or its constant."""
        if place := self.heading.columns.get(column.name):
            return batch[place.raw_name]
        constant = self.raw_table.source.columns.get(column.name, ColumnMapping()).constant
        if not constant:
            return pa.nulls(len(batch), pa.string())
        if ROW_NUMBER not in constant:
            return pa.repeat(constant, len(batch))
        return pc.binary_join_element_wise(*_constant_parts(constant, batch[ROW].cast(pa.string())), "")

    def _column_errors(self, cells: dict[str, ParsedColumn]) -> Iterator[_ColumnErrors]:
        """What is wrong with each column of a batch, in the order of the table."""
        for column in self.parsers:
            one = cells[column.name]
            yield from (_ColumnErrors(column.name, rule, says) for rule, says in one.misfits.items())
            if column.required and one.values.null_count:
                empty = reduce(pc.and_, [says.is_null() for says in one.misfits.values()], one.values.is_null())
                if empty.true_count:
                    sentence = pa.scalar(f"{column.name} is empty. Every row has one.")
                    yield _ColumnErrors(column.name, "required", pc.if_else(empty, sentence, pa.scalar(None, pa.string())))

    def _accepted(self, cells: dict[str, ParsedColumn], batch: pa.RecordBatch) -> pa.Table:
        """All rows of a batch in the types of the table."""
        columns = [cells[column.name].values for column in self.parsers]
        return pa.Table.from_arrays([*columns, batch[ROW]], schema=accepted_schema(self.raw_table.source.table))

    def _rejected(self, sent: dict[str, pa.Array], wrong: list[_ColumnErrors], batch: pa.RecordBatch) -> pa.Table:
        """All rows of a batch as they were sent, with what is wrong with them."""
        reasons = reduce(_join_sentences, [one.sentences for one in wrong], pa.nulls(len(batch), pa.string()))
        columns = [self._as_sent(name, text(column)) for name, column in sent.items()]
        return pa.Table.from_arrays([*columns, batch[ROW], reasons], schema=rejected_schema(self.raw_table.source.table))

    def _as_sent(self, name: str, cells: pa.Array) -> pa.Array:
        """ParsedColumn as text; a number in another unit than its column's has that beside it, so that it can be sent again as it is."""
        place = self.heading.columns.get(name)
        if place is None or place.unit.factor == 1:
            return cells
        bare = pc.match_substring_regex(cells, r"[0-9.]\s*$")
        return pc.if_else(bare, pc.binary_join_element_wise(cells, place.unit.name, ""), cells)

    def _non_data_rows(
        self, batch: pa.RecordBatch, cells: dict[str, ParsedColumn], unfit: pa.Array
    ) -> tuple[pa.Array, list[RuleFindings]]:
        """Which rows of a batch are no data; and the totals among them that are not the sum of the rows above."""
        numbers = pc.indices_nonzero(unfit)
        some = batch.select([name for name in batch.schema.names if name != SURPLUS]).take(numbers)
        region = self.heading.columns.get("region")
        aside = NonDataRows(pa.table({name: text(some[name]) for name in some.schema.names}), region.raw_name if region else None)
        mask = pc.is_in(pa.array(range(len(batch)), pa.uint64()), numbers.filter(aside.mask.combine_chunks()))
        totals = [(at, word) for at, word in zip(numbers.to_pylist(), aside.total.to_pylist(), strict=True) if word]
        return mask, list(self._check_totals(batch, cells, unfit, totals))

    def _check_totals(
        self, batch: pa.RecordBatch, cells: dict[str, ParsedColumn], unfit: pa.Array, totals: list[tuple[int, str]]
    ) -> Iterator[RuleFindings]:
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
                    yield RuleFindings([self.sheet.finding("warning", "sum", batch[ROW][at].as_py(), name, said[name], says)], 1)

    def _rule_findings(
        self, wrong: _ColumnErrors, batch: pa.RecordBatch, sent: dict[str, pa.Array], data: pa.Array
    ) -> Iterator[RuleFindings]:
        """The findings on one column by one rule, among the rows that are data."""
        at = pc.indices_nonzero(pc.and_(wrong.sentences.is_valid(), data))
        if len(at):
            values = text(sent[wrong.column]) if wrong.column else batch[SURPLUS]
            first = [array.take(at[:LIMIT]).to_pylist() for array in (batch[ROW], values, wrong.sentences)]
            found = [
                self.sheet.finding("error", wrong.rule, row, wrong.column, value, says)
                for row, value, says in zip(*first, strict=True)
            ]
            yield RuleFindings(found, len(at))

    def _check_personal_data(self, batch: pa.RecordBatch, sent: dict[str, pa.Array], wrong: list[_ColumnErrors]) -> None:
        """Refuse identity and telephone numbers in text, kept or not; what is a date, a number or a word is none of them."""
        table, places = self.raw_table.source.table, self.heading.columns
        looked = {column.name for column in self.parsers if parse_values.is_text(column)} | {one.column for one in wrong}
        kept = [(places[name], sent[name], name in {*table.key, *table.references}) for name in places if name in looked]
        for place, cells, numbers in [*kept, *((place, batch[place.raw_name], False) for place in self.heading.unknown_columns)]:
            if hit := personal_data.first_personal_number(text(cells), numbers=numbers):
                raise personal_data_error(self.raw_table, place, f"row {batch[ROW][hit[0]]} has {hit[1]}")


def _surplus_errors(batch: pa.RecordBatch) -> Iterator[_ColumnErrors]:
    """The rows with more cells than the table has columns."""
    if SURPLUS in batch.schema.names and batch[SURPLUS].null_count < len(batch):
        says = "the row has more cells than the heading, so that none is sure to be in its place. Put one into each column."
        yield _ColumnErrors("", "surplus", pc.if_else(batch[SURPLUS].is_valid(), pa.scalar(says), pa.scalar(None, pa.string())))


def _join_sentences(one: pa.Array, other: pa.Array) -> pa.Array:
    """The sentences of both."""
    return pc.coalesce(pc.binary_join_element_wise(one, other, " "), one, other)


def _blank_rows(batch: pa.RecordBatch) -> pa.Array:
    """Which rows have no cell at all."""
    columns = [batch[name] for name in batch.schema.names if name not in (ROW, SURPLUS)]
    if not all(column.null_count for column in columns):
        return pa.repeat(False, len(batch))
    return reduce(pc.and_, [column.is_null() for column in columns])


def _constant_parts(constant: str, numbers: pa.Array) -> Iterator[pa.Array | str]:
    """The parts of a constant, with the row's number between each two."""
    first, *rest = constant.split(ROW_NUMBER)
    yield pa.scalar(first)
    for part in rest:
        yield numbers
        yield pa.scalar(part)
