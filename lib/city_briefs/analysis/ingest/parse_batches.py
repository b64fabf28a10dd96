"""Batches of a raw table, parsed: the rows in the types of the table, and the rejected rows with their reasons."""

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
from city_briefs.analysis.validation.finding import LIMIT, RuleFindings, Severity
from city_briefs.common.regions import Regions
from city_briefs.model.tables import FLOAT, Column


def read(raw_table: RawTable, header: HeaderMatch, regions: Regions) -> Iterator[ParsedBatch]:
    """Yield the parsed batches of the rows under a header.

    Raises:
        DataError: a column that is not dropped holds personal data.
    """
    parser = _BatchParser(raw_table, header, regions)
    for batch in raw_table.rows(header.first_row):
        if len(batch):
            yield parser.parse(batch)


@dataclass(frozen=True)
class _ColumnErrors:
    """The errors, or warnings, of one column by one rule: a sentence per row, null where the value is right.

    `column` is empty for an error of a whole row.
    """

    column: str
    rule: str
    sentences: pa.Array
    severity: Severity = "error"


@dataclass(frozen=True)
class _BatchParser:
    """The parser of one raw table, batch by batch."""

    raw_table: RawTable
    header: HeaderMatch
    regions: Regions

    @cached_property
    def sheet(self) -> SourceSheet:
        """Return the sheet that findings name."""
        return self.header.sheet(self.raw_table)

    @cached_property
    def parsers(self) -> dict[Column, ColumnParser]:
        """Return the parser of each column of the table."""
        columns, mappings = self.header.columns, self.raw_table.source.columns
        return {
            column: ColumnParser(column, self.regions, matched.unit, mappings.get(column.name, ColumnMapping()).values)
            if (matched := columns.get(column.name))
            else ColumnParser(column, self.regions)
            for column in self.raw_table.source.table.columns
        }

    @cached_property
    def sums(self) -> RunningSums:
        """Return the running sums of the columns of exact numbers."""
        return RunningSums(
            [
                column.name
                for column in self.parsers
                if is_number(column) and column.type != FLOAT and column.name in self.header.columns
            ]
        )

    def parse(self, batch: pa.RecordBatch) -> ParsedBatch:
        """Parse one batch."""
        sent = {column.name: self._sent(column, batch) for column in self.parsers}
        cells = {column.name: reader(sent[column.name]) for column, reader in self.parsers.items()}
        column_errors = [*self._column_errors(cells), *_surplus_errors(batch)]
        warnings = [
            _ColumnErrors(name, rule, says, "warning") for name, of in cells.items() for rule, says in of.warnings.items()
        ]
        unfit = reduce(pc.or_, [errors.sentences.is_valid() for errors in column_errors], _blank_rows(batch))
        if not unfit.true_count:
            self._check_personal_data(batch, sent, column_errors)
            self.sums.add({name: cells[name].values for name in self.sums.names})
            rule_findings = [each for says in warnings for each in self._rule_findings(says, batch, sent, pc.invert(unfit))]
            rejected = rejected_schema(self.raw_table.source.table).empty_table()
            return ParsedBatch(self._accepted(cells, batch), rejected, tuple(rule_findings))
        aside, rule_findings = self._non_data_rows(batch, cells, unfit)
        data = pc.invert(aside)
        self._check_personal_data(batch.filter(data), {name: column.filter(data) for name, column in sent.items()}, column_errors)
        for errors in (*column_errors, *warnings):
            rule_findings += self._rule_findings(errors, batch, sent, data)
        rejected = pc.and_(unfit, data)
        return ParsedBatch(
            self._accepted(cells, batch).filter(pc.invert(unfit)),
            self._rejected(sent, column_errors, batch).filter(rejected),
            tuple(rule_findings),
            aside.true_count,
        )

    def _sent(self, column: Column, batch: pa.RecordBatch) -> pa.Array:
        """Return the cells of a column as they were sent, or its constant; nulls when the column was not sent."""
        if matched := self.header.columns.get(column.name):
            return batch[matched.raw_name]
        constant = self.raw_table.source.columns.get(column.name, ColumnMapping()).constant
        if not constant:
            return pa.nulls(len(batch), pa.string())
        if ROW_NUMBER not in constant:
            return pa.repeat(constant, len(batch))
        return pc.binary_join_element_wise(*_constant_parts(constant, batch[ROW].cast(pa.string())), "")

    def _column_errors(self, cells: dict[str, ParsedColumn]) -> Iterator[_ColumnErrors]:
        """Yield the errors of each column of a batch, in the order of the table."""
        for column in self.parsers:
            parsed = cells[column.name]
            yield from (_ColumnErrors(column.name, rule, says) for rule, says in parsed.misfits.items())
            if column.required and parsed.values.null_count:
                empty = reduce(pc.and_, [says.is_null() for says in parsed.misfits.values()], parsed.values.is_null())
                if empty.true_count:
                    sentence = pa.scalar(f"{column.name} is empty. Every row has one.")
                    yield _ColumnErrors(column.name, "required", pc.if_else(empty, sentence, pa.scalar(None, pa.string())))

    def _accepted(self, cells: dict[str, ParsedColumn], batch: pa.RecordBatch) -> pa.Table:
        """Return all rows of a batch in the schema of accepted rows."""
        columns = [cells[column.name].values for column in self.parsers]
        return pa.Table.from_arrays([*columns, batch[ROW]], schema=accepted_schema(self.raw_table.source.table))

    def _rejected(self, sent: dict[str, pa.Array], column_errors: list[_ColumnErrors], batch: pa.RecordBatch) -> pa.Table:
        """Return all rows of a batch in the schema of rejected rows: text as it was sent, and the reasons."""
        reasons = reduce(_join_sentences, [errors.sentences for errors in column_errors], pa.nulls(len(batch), pa.string()))
        columns = [self._as_sent(name, text(column)) for name, column in sent.items()]
        return pa.Table.from_arrays([*columns, batch[ROW], reasons], schema=rejected_schema(self.raw_table.source.table))

    def _as_sent(self, name: str, cells: pa.Array) -> pa.Array:
        """Return cells as text; a number in another unit than the table's is followed by that unit.

        So the rejected row can be sent again as it is.
        """
        matched = self.header.columns.get(name)
        if matched is None or matched.unit.factor == 1:
            return cells
        without_unit = pc.match_substring_regex(cells, r"[0-9.]\s*$")
        return pc.if_else(without_unit, pc.binary_join_element_wise(cells, matched.unit.name, ""), cells)

    def _non_data_rows(
        self, batch: pa.RecordBatch, cells: dict[str, ParsedColumn], unfit: pa.Array
    ) -> tuple[pa.Array, list[RuleFindings]]:
        """Return which rows of a batch hold no data (a boolean per row), and the findings on totals that do not add up."""
        numbers = pc.indices_nonzero(unfit)
        unfit_rows = batch.select([name for name in batch.schema.names if name != SURPLUS]).take(numbers)
        region = self.header.columns.get("region")
        non_data = NonDataRows(
            pa.table({name: text(unfit_rows[name]) for name in unfit_rows.schema.names}), region.raw_name if region else None
        )
        mask = pc.is_in(pa.array(range(len(batch)), pa.uint64()), numbers.filter(non_data.mask.combine_chunks()))
        totals = [(at, word) for at, word in zip(numbers.to_pylist(), non_data.total.to_pylist(), strict=True) if word]
        return mask, list(self._check_totals(batch, cells, unfit, totals))

    def _check_totals(
        self, batch: pa.RecordBatch, cells: dict[str, ParsedColumn], unfit: pa.Array, totals: list[tuple[int, str]]
    ) -> Iterator[RuleFindings]:
        """Yield a warning for each number of a total row that is not the sum of the accepted rows above."""
        number_columns = {name: cells[name].values for name in self.sums.names}
        start = 0
        for at, word in [*totals, (len(batch), "")]:
            kept = pc.invert(unfit[start:at])
            self.sums.add({name: column[start:at].filter(kept) for name, column in number_columns.items()})
            start = at + 1
            if word:
                stated = {name: column[at].as_py() for name, column in number_columns.items()}
                for name, total in self.sums.differing(stated, word):
                    says = (
                        f"the {word.strip()} of {name} is {stated[name]}, and the accepted rows above it add up to {total}. "
                        "Correct the one that is wrong, or send the rows that are missing."
                    )
                    yield RuleFindings(
                        [self.sheet.finding("warning", "sum", batch[ROW][at].as_py(), name, stated[name], says)], 1
                    )

    def _rule_findings(
        self, errors: _ColumnErrors, batch: pa.RecordBatch, sent: dict[str, pa.Array], data: pa.Array
    ) -> Iterator[RuleFindings]:
        """Yield the findings of one column by one rule, among the rows that hold data."""
        at = pc.indices_nonzero(pc.and_(errors.sentences.is_valid(), data))
        if len(at):
            values = text(sent[errors.column]) if errors.column else batch[SURPLUS]
            columns = [array.take(at[:LIMIT]).to_pylist() for array in (batch[ROW], values, errors.sentences)]
            findings = [
                self.sheet.finding(errors.severity, errors.rule, row, errors.column, value, says)
                for row, value, says in zip(*columns, strict=True)
            ]
            yield RuleFindings(findings, len(at))

    def _check_personal_data(self, batch: pa.RecordBatch, sent: dict[str, pa.Array], column_errors: list[_ColumnErrors]) -> None:
        """Refuse identity and telephone numbers in text columns, kept or not.

        Raises:
            DataError: a text holds such a number.
        """
        table, columns = self.raw_table.source.table, self.header.columns
        text_columns = {column.name for column in self.parsers if parse_values.is_text(column)} | {
            errors.column for errors in column_errors
        }
        kept_columns = [
            (columns[name], sent[name], name in {*table.key, *table.references}) for name in columns if name in text_columns
        ]
        for matched, cells, numbers in [
            *kept_columns,
            *((matched, batch[matched.raw_name], False) for matched in self.header.unknown_columns),
        ]:
            if position_and_kind := personal_data.first_personal_number(text(cells), numbers=numbers):
                raise personal_data_error(
                    self.raw_table, matched, f"row {batch[ROW][position_and_kind[0]]} has {position_and_kind[1]}"
                )


def _surplus_errors(batch: pa.RecordBatch) -> Iterator[_ColumnErrors]:
    """Yield the errors of rows with more cells than the table has columns."""
    if SURPLUS in batch.schema.names and batch[SURPLUS].null_count < len(batch):
        says = "the row has more cells than the heading, so that none is sure to be in its place. Put one into each column."
        yield _ColumnErrors("", "surplus", pc.if_else(batch[SURPLUS].is_valid(), pa.scalar(says), pa.scalar(None, pa.string())))


def _join_sentences(first: pa.Array, second: pa.Array) -> pa.Array:
    """Return the sentences of both arrays, joined row by row."""
    return pc.coalesce(pc.binary_join_element_wise(first, second, " "), first, second)


def _blank_rows(batch: pa.RecordBatch) -> pa.Array:
    """Return which rows have no cell at all, as a boolean per row."""
    columns = [batch[name] for name in batch.schema.names if name not in (ROW, SURPLUS)]
    if not all(column.null_count for column in columns):
        return pa.repeat(False, len(batch))
    return reduce(pc.and_, [column.is_null() for column in columns])


def _constant_parts(constant: str, numbers: pa.Array) -> Iterator[pa.Array | str]:
    """Yield the parts of a constant, with the number of the row between each two."""
    first, *rest = constant.split(ROW_NUMBER)
    yield pa.scalar(first)
    for part in rest:
        yield numbers
        yield pa.scalar(part)
