"""Batches of a raw table, parsed: the rows in the types of the table, and the rejected rows with their reasons."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, reduce

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest import parse_values, personal_data, row_units, scaled_numbers
from city_briefs.analysis.ingest.batch import ParsedBatch, accepted_schema, empty_batch, rejected_schema
from city_briefs.analysis.ingest.ditto_marks import DittoMarks
from city_briefs.analysis.ingest.match_headers import HeaderMatch, personal_data_error
from city_briefs.analysis.ingest.merged_numbers import MergedNumbers
from city_briefs.analysis.ingest.parse_columns import ColumnParser, ParsedColumn, text
from city_briefs.analysis.ingest.raw_table import ROW, SURPLUS, CellRemark, RawTable
from city_briefs.analysis.ingest.reader_remarks import ReaderRemarks
from city_briefs.analysis.ingest.sheet_lines import SheetLines
from city_briefs.analysis.ingest.source import ROW_NUMBER, ColumnMapping
from city_briefs.analysis.ingest.source_sheet import SourceSheet
from city_briefs.analysis.ingest.units import is_number
from city_briefs.analysis.validation.finding import LIMIT, RuleFindings, Severity
from city_briefs.common.language import chosen
from city_briefs.common.regions import Regions
from city_briefs.model.table import Column

REMARK = "remark"  # stands for the rules of the remarks of a reader, each of which is a finding of its own


def read(raw_table: RawTable, header: HeaderMatch, regions: Regions) -> Iterator[ParsedBatch]:
    """Yield the parsed batches of the rows under a header.

    Raises:
        DataError: a column that is not dropped holds personal data, or scaled numbers without their unit.
    """
    scaled_numbers.check(raw_table, header)
    parser = _BatchParser(raw_table, header, regions)
    for batch in raw_table.rows(header.first_row):
        if len(batch):
            yield parser.parse(batch)
    if rest := parser.rest():
        yield replace(empty_batch(raw_table.source.table), rule_findings=rest)


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
        columns, from_1904 = self.header.columns, self.raw_table.counts_from_1904
        return {
            column: ColumnParser(column, self.regions, matched.unit, self._mapped_values(column), counts_from_1904=from_1904)
            if (matched := columns.get(column.name))
            else ColumnParser(column, self.regions)
            for column in self.raw_table.source.table.columns
        }

    def _mapped_values(self, column: Column) -> Mapping[str, str]:
        """Return the values that stand for others; in a table with a line for each region, 全省 is the province."""
        declared = self.raw_table.source.columns.get(column.name, ColumnMapping()).values
        is_by_region = column.name == "region" and len(self.raw_table.source.table.key) > 1
        if not is_by_region or len(self.regions.provinces) > 1:
            return declared
        return {**declared, self.regions.province.whole: self.regions.province.code}

    @cached_property
    def lines(self) -> SheetLines:
        """Return the lines of the sheet that are no records, as far as they were read."""
        return SheetLines(self.raw_table, self.header, self.sheet, self.regions)

    @cached_property
    def marks(self) -> DittoMarks:
        """Return the reading of ditto marks."""
        return DittoMarks(self.raw_table.source.table)

    @cached_property
    def merged(self) -> MergedNumbers:
        """Return the merged numbers."""
        columns = self.header.columns
        return MergedNumbers(
            self.raw_table,
            {column.name: columns[column.name] for column in self.parsers if is_number(column) and column.name in columns},
        )

    @cached_property
    def remarks(self) -> ReaderRemarks:
        """Return the remarks of the reader."""
        return ReaderRemarks(self.raw_table, self.sheet)

    def parse(self, batch: pa.RecordBatch) -> ParsedBatch:
        """Parse one batch."""
        sent = {column.name: self._sent(column, batch) for column in self.parsers}
        cells = {column.name: self._parsed(column, parser, sent[column.name]) for column, parser in self.parsers.items()}
        cells |= row_units.parse_by_row(self.raw_table.source.table, self.header, self.parsers, batch, sent, cells)
        remarks = self.remarks.of_rows(batch)
        column_errors = [
            *self._column_errors(cells),
            *_surplus_errors(batch),
            *(_ColumnErrors(name, "merged number", says) for name, says in self.merged.sentences(batch)),
            *_remark_errors(remarks, batch),
        ]
        warnings = [
            _ColumnErrors(name, rule, says, "warning") for name, of in cells.items() for rule, says in of.warnings.items()
        ]
        unfit = reduce(pc.or_, [errors.sentences.is_valid() for errors in column_errors], _blank_rows(batch))
        doubtful = self.lines.doubtful(cells, unfit)
        if doubtful is None and not remarks:
            self._check_personal_data(batch, sent, column_errors)
            self.lines.add(cells)
            rule_findings = [each for says in warnings for each in self._rule_findings(says, batch, sent, pc.invert(unfit))]
            rejected = rejected_schema(self.raw_table.source.table).empty_table()
            return ParsedBatch(self._accepted(cells, batch), rejected, tuple(rule_findings))
        separated = self.lines.separate(batch, cells, unfit, unfit if doubtful is None else doubtful)
        if separated.below.null_count < len(batch):
            nothing = pa.scalar(None, pa.string())  # the other errors of these rows say nothing
            column_errors = [
                replace(errors, sentences=pc.if_else(separated.below.is_valid(), nothing, errors.sentences))
                for errors in column_errors
            ]
            column_errors.append(_ColumnErrors("", "another table", separated.below))
        unfit, data = pc.or_(unfit, separated.below.is_valid()), pc.invert(separated.aside)
        self._check_personal_data(batch.filter(data), {name: column.filter(data) for name, column in sent.items()}, column_errors)
        rule_findings = separated.rule_findings
        for errors in (*column_errors, *warnings):
            if errors.rule != REMARK:
                rule_findings += self._rule_findings(errors, batch, sent, data)
        rule_findings += [RuleFindings([self.remarks.finding(remark)], 1) for index, remark in remarks if data[index].as_py()]
        rejected = pc.and_(unfit, data)
        return ParsedBatch(
            self._accepted(cells, batch).filter(pc.invert(pc.or_(unfit, separated.aside))),
            self._rejected(sent, cells, column_errors, batch).filter(rejected),
            tuple(rule_findings),
            separated.aside.true_count,
            separated.lines,
            separated.more_lines,
        )

    def rest(self) -> tuple[RuleFindings, ...]:
        """Return the findings that can be made only after the last batch."""
        return (*self.lines.finish(), *self.remarks.rest())

    def _parsed(self, column: Column, parser: ColumnParser, sent: pa.Array) -> ParsedColumn:
        """Return the parsed cells of a column, with what its ditto marks repeat."""
        parsed = parser(sent)
        if self.raw_table.typed or is_number(column) or column.name not in self.header.columns:
            return parsed
        return self.marks.read(column, sent, parsed)

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

    def _rejected(
        self, sent: dict[str, pa.Array], cells: dict[str, ParsedColumn], column_errors: list[_ColumnErrors], batch: pa.RecordBatch
    ) -> pa.Table:
        """Return all rows of a batch in the schema of rejected rows: text as it was sent, and the reasons."""
        reasons = reduce(_join_sentences, [errors.sentences for errors in column_errors], pa.nulls(len(batch), pa.string()))
        columns = [self._as_sent(name, text(column), cells[name]) for name, column in sent.items()]
        return pa.Table.from_arrays([*columns, batch[ROW], reasons], schema=rejected_schema(self.raw_table.source.table))

    def _as_sent(self, name: str, cells: pa.Array, parsed: ParsedColumn) -> pa.Array:
        """Return cells as text; a number in another unit than the table's is followed by that unit.

        So the rejected row can be sent again as it is.
        """
        matched = self.header.columns.get(name)
        words = parsed.units
        if words is None:
            if matched is None or matched.unit.factor == 1:
                return cells
            words = pa.repeat(matched.unit.name, len(cells))
        without_unit = pc.and_(pc.match_substring_regex(cells, r"[0-9.)）]\s*$"), words.is_valid())
        return pc.if_else(without_unit, pc.binary_join_element_wise(cells, words, ""), cells)

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
                number, kind = batch[ROW][position_and_kind[0]], position_and_kind[1]
                kind_zh = personal_data.CHINESE_KINDS[kind]
                raise personal_data_error(self.raw_table, matched, chosen(f"row {number} has {kind}", f"第{number}行有{kind_zh}"))


def _surplus_errors(batch: pa.RecordBatch) -> Iterator[_ColumnErrors]:
    """Yield the errors of rows with more cells than the table has columns."""
    if SURPLUS in batch.schema.names and batch[SURPLUS].null_count < len(batch):
        says = "the row has more cells than the heading, so that none is sure to be in its place. Put one into each column."
        yield _ColumnErrors("", "surplus", pc.if_else(batch[SURPLUS].is_valid(), pa.scalar(says), pa.scalar(None, pa.string())))


def _remark_errors(remarks: Iterable[tuple[int, CellRemark]], batch: pa.RecordBatch) -> Iterator[_ColumnErrors]:
    """Yield what readers remarked of the rows of a batch that are to be rejected; `remarks` come with the index of their row."""
    sentences = {index: remark.english for index, remark in remarks if remark.severity == "error"}
    if sentences:
        yield _ColumnErrors("", REMARK, pa.array(map(sentences.get, range(len(batch))), pa.string()))


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
