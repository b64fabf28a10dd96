"""Columns of text, parsed to their types: as a whole where every cell is written as in the tables, else each distinct value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest import dates, ids, parse_values, text_scan
from city_briefs.analysis.ingest.control_characters import visible
from city_briefs.analysis.ingest.misfit import Misfit
from city_briefs.analysis.ingest.parse_values import UNSAFE, Parse, clean
from city_briefs.analysis.ingest.text_scan import byte_table, offsets_and_bytes
from city_briefs.analysis.ingest.units import ONE, Unit, is_number
from city_briefs.analysis.validation.finding import Severity, shortened
from city_briefs.common import clock
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.common.regions import Regions
from city_briefs.model.table import BOOL, DATE, DECIMAL, FLOAT, INT, Column

EXACT = pa.decimal128(28, 10)  # in which a number is multiplied by the factor of its unit; times 亿 it has 37 digits of 38


# The bytes of a column that Arrow reads as we do; it takes 0x10 for a number, and so must not see an x.
PLAIN = {DATE: byte_table(*b"0123456789-"), INT: byte_table(*b"0123456789-"), FLOAT: byte_table(*b"0123456789-.")}
# Parts of a day by the unit of a timestamp.
PER_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
LONGEST_COUNT = (1 << 63) - 1  # of nanoseconds, which end in the year 2262
EPOCH = date(1970, 1, 1)
FIRST_DAY, LAST_DAY = (date(FIRST_YEAR, 1, 1) - EPOCH).days, (date(LAST_YEAR, 12, 31) - EPOCH).days


@dataclass(frozen=True)
class ParsedColumn:
    """The values of a column in its type, null for a cell that is empty or does not fit.

    `misfits` holds, by rule, a sentence for each row that breaks it, and null for the others. `warnings` holds likewise what
    is to be said of a row that is kept. `units` holds the unit of each cell as text where it is not that of the table, and null
    for the others; it is None where all are in that of the table.
    """

    values: pa.Array
    misfits: Mapping[str, pa.Array] = field(default_factory=dict)
    warnings: Mapping[str, pa.Array] = field(default_factory=dict)
    units: pa.Array | None = None


@dataclass(frozen=True)
class ColumnParser:
    """The parser of one column of a table.

    Its numbers were sent in `unit`. `values` maps values of the source to those of the table. `base` is the unit that the
    tables have its numbers in, where the column itself does not tell it; empty where it is not known. Where the workbook
    `counts_from_1904`, the number of a day may be one of two.
    """

    column: Column
    regions: Regions
    unit: Unit = ONE
    values: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    counts_from_1904: bool = False

    def __call__(self, sent: pa.Array) -> ParsedColumn:
        """Parse the cells of one batch, of whatever type they were sent in."""
        if self.values:
            return self._parse_distinct(text(sent))
        if not pa.types.is_string(sent.type) and (typed := self._cast_typed(sent)) is not None:
            return typed
        if self.column in ids.ids():
            return self._parse_ids(ids.from_floats(sent) if pa.types.is_floating(sent.type) else text(sent))
        texts = text(sent)
        if parse_values.is_text(self.column):
            return self._parse_text(texts)
        cast = self._cast_column(texts) if self.column.type == DATE or is_number(self.column) else None
        return self._parse_distinct(texts) if cast is None else ParsedColumn(cast)

    @cached_property
    def _parse(self) -> Parse:
        """Return the parser of one cell."""
        parse = parse_values.parser(self.column, self.regions, self.unit, self.base)
        if self.counts_from_1904 and (self.column.type == DATE or self.column.name == "month"):
            parse = parse_values.without_numbers_of_days(parse)
        return parse_values.mapping_parser(self.values, parse) if self.values else parse

    def _parse_distinct(self, texts: pa.Array) -> ParsedColumn:
        """Parse each distinct value once."""
        encoded = texts.dictionary_encode()
        values: list[Any] = []
        sentences: dict[Severity, dict[str, dict[int, str]]] = {"error": {}, "warning": {}}
        for number, sent in enumerate(encoded.dictionary.to_pylist()):
            value = None
            try:
                value = self._parse(cell) if (cell := clean(sent)) else None
            except Misfit as misfit:
                sentences[misfit.severity].setdefault(misfit.rule, {})[number] = self._sentence(cell, misfit.remedy)
            values.append(float(value) if self.column.type == FLOAT and value is not None else value)
        count, at = len(values), encoded.indices
        misfits, warnings = (
            {rule: pa.array(map(by_number.get, range(count)), pa.string()).take(at) for rule, by_number in by_rule.items()}
            for by_rule in sentences.values()
        )
        return ParsedColumn(_typed_array(values, self.column).take(at), misfits, warnings)

    def _sentence(self, cell: str, remedy: str) -> str:
        """Return what is said of a cell."""
        return f"{self.column.name} is '{visible(shortened(cell), UNSAFE)}'. {remedy}"

    def _parse_ids(self, texts: pa.Array) -> ParsedColumn:
        """Parse a column of ids. What each of them alone does not tell, all of a batch do."""
        parsed = self._parse_text(texts, of_ids=True)
        values, misfits, warnings = ids.without_point(parsed.values), dict(parsed.misfits), dict(parsed.warnings)
        for misfit, unfit in ids.doubts(values):
            pairs = zip(values.to_pylist(), unfit.to_pylist(), strict=True)
            says = pa.array(
                [self._sentence(value, misfit.remedy) if is_unfit else None for value, is_unfit in pairs], pa.string()
            )
            if misfit.severity == "warning":
                warnings[misfit.rule] = says
                continue
            misfits[misfit.rule] = pc.coalesce(misfits.get(misfit.rule, says), says)
            values = pc.if_else(unfit, pa.scalar(None, pa.string()), values)
        return ParsedColumn(values, misfits, warnings)

    def _parse_text(self, texts: pa.Array, *, of_ids: bool = False) -> ParsedColumn:
        """Parse a column of text. Only doubtful cells are parsed one by one."""
        doubtful = text_scan.doubtful(texts, ids=of_ids)
        if doubtful is None:
            return ParsedColumn(texts)
        parsed = self._parse_distinct(pc.if_else(doubtful, texts, pa.scalar(None, pa.string())))
        return ParsedColumn(pc.if_else(doubtful, parsed.values, texts), parsed.misfits, parsed.warnings)

    def _cast_column(self, texts: pa.Array) -> pa.Array | None:
        """Return dates or numbers that are all written as in the tables; None when some are not."""
        plain = PLAIN.get(self.column.type, PLAIN[FLOAT])
        if not plain[offsets_and_bytes(texts)[1]].all():
            return None
        kind = self.column.field.type
        try:
            if self.unit.factor != 1:
                return pc.multiply(texts.cast(EXACT), pa.scalar(self.unit.factor)).cast(kind)
            cast = texts.cast(kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return None
        return cast if self._is_possible(cast) else None

    def _cast_typed(self, sent: pa.Array) -> ParsedColumn | None:
        """Return typed cells in the type of the column; None when the cast would lose something."""
        types, to = pa.types, self.column.field.type
        if (types.is_date(sent.type) or types.is_timestamp(sent.type)) and (
            self.column.type == DATE or self.column.name == "month"
        ):
            return self._cast_days(sent)
        fits = {
            BOOL: types.is_boolean(sent.type),
            INT: types.is_integer(sent.type),
            FLOAT: types.is_integer(sent.type)
            or (types.is_floating(sent.type) and bool(pc.all(pc.is_finite(sent), min_count=0).as_py())),
        }.get(
            self.column.type,
            bool(DECIMAL.fullmatch(self.column.type)) and (types.is_integer(sent.type) or types.is_decimal(sent.type)),
        )
        if not fits or self.unit.factor != 1:
            return None
        try:
            typed = sent.cast(to)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return None
        return ParsedColumn(typed) if self._is_possible(typed) else None

    def _is_possible(self, cast: pa.Array) -> bool:
        """Return whether all dates or years of the column are in the range of periods."""
        if self.column.type == DATE:
            return bool(pc.all(_are_possible(cast), min_count=0).as_py())
        if self.column.name != "year":
            return True
        ends = pc.min_max(cast).as_py()
        return ends["min"] is None or (ends["min"] >= FIRST_YEAR and ends["max"] <= LAST_YEAR)

    def _cast_days(self, sent: pa.Array) -> ParsedColumn:
        """Return dates, or moments, as days of the office or as months; those beyond the calendar as misfits."""
        possible = _are_possible(sent)
        days, misfits = pc.if_else(possible, sent, pa.scalar(None, sent.type)), {}
        if not pc.all(possible, min_count=0).as_py():
            sentence = f"{self.column.name} is beyond the calendar. It must be a day of {dates.YEARS}."
            misfits["possible date"] = pc.if_else(possible.fill_null(True), pa.scalar(None, pa.string()), pa.scalar(sentence))
        if pa.types.is_timestamp(sent.type) and sent.type.tz is not None:
            days = pc.local_timestamp(days.cast(pa.timestamp(sent.type.unit, clock.zone().key)))
        days = pc.cast(days, pa.date32(), safe=False)
        return ParsedColumn(days if self.column.type == DATE else pc.strftime(days.cast(pa.timestamp("s")), "%Y-%m"), misfits)


def text(sent: pa.Array) -> pa.Array:
    """Return cells as an array of text."""
    return sent if pa.types.is_string(sent.type) else sent.cast(pa.string())


def is_ascii(texts: pa.Array) -> bool:
    """Return whether texts have only characters of ASCII."""
    return bool((offsets_and_bytes(texts)[1] < 0x80).all())


def _typed_array(values: list[Any], column: Column) -> pa.Array:
    """Return values as an array in the type of the column."""
    if column.type == INT:
        return pa.array([None if value is None else int(value) for value in values], pa.int64())
    return pa.array(values, column.field.type)


def _are_possible(days: pa.Array) -> pa.Array:
    """Return whether the year of each date or timestamp is in the range of periods; null where there is none."""
    per_day = 1 if pa.types.is_date32(days.type) else PER_DAY["ms" if pa.types.is_date64(days.type) else days.type.unit]
    # As numbers, since no calendar has some of the days.
    numbers = days.cast(pa.int32() if per_day == 1 else pa.int64()).cast(pa.int64())
    first, last = max(FIRST_DAY * per_day, -LONGEST_COUNT), min((LAST_DAY + 1) * per_day - 1, LONGEST_COUNT)
    return pc.and_(pc.greater_equal(numbers, first), pc.less_equal(numbers, last))
