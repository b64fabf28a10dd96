"""Columns of text, parsed to their types: as a whole where every cell is written as in the tables, else each distinct value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest import parse_values
from city_briefs.analysis.ingest.parse_values import LONGEST, Misfit, Parse, stripped
from city_briefs.analysis.ingest.units import ONE, Unit, is_number
from city_briefs.analysis.validation.finding import shortened
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.common.regions import Regions
from city_briefs.model.tables import BOOL, DATE, DECIMAL, FLOAT, INT, Column

Bytes = npt.NDArray[np.uint8]
EXACT = pa.decimal128(28, 10)  # in which a number is multiplied by the factor of its unit; times 亿 it has 37 digits of 38


def _byte_table(*chosen: int) -> npt.NDArray[np.bool_]:
    """Return an array of 256 booleans: which byte values are among `chosen`."""
    table = np.zeros(256, bool)
    table[list(chosen)] = True
    return table


# The bytes of a column that Arrow reads as we do; it takes 0x10 for a number, and so must not see an x.
PLAIN = {DATE: _byte_table(*b"0123456789-"), INT: _byte_table(*b"0123456789-"), FLOAT: _byte_table(*b"0123456789-.")}
# Text with none of these, in UTF-8, needs no stripping and is no formula: blanks of all widths begin and end so.
FIRST = _byte_table(*range(33), *b"=+-@", 0xC2, 0xE1, 0xE2, 0xE3, 0xEF)
LAST = _byte_table(*range(33), *range(0x80, 0x8C), 0x9F, 0xA0, 0xA8, 0xA9, 0xAF, 0xBF)
INSIDE = _byte_table(*range(32), 0x7F, 0xC2)  # control characters, and what those beyond ASCII begin with


@dataclass(frozen=True)
class ParsedColumn:
    """The values of a column in its type, null for a cell that is empty or does not fit.

    `misfits` holds, by rule, a sentence for each row that breaks it, and null for the others. `units` holds the unit of each
    cell as text where it is not that of the table, and null for the others; it is None where all are in that of the table.
    """

    values: pa.Array
    misfits: Mapping[str, pa.Array] = field(default_factory=dict)
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
            return ParsedColumn(typed)
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
        sentences: dict[str, dict[int, str]] = {}
        for number, sent in enumerate(encoded.dictionary.to_pylist()):
            value = None
            try:
                value = self._parse(clean) if (clean := stripped(sent)) else None
            except Misfit as misfit:
                sentence = f"{self.column.name} is '{shortened(clean)}'. {misfit.remedy}"
                sentences.setdefault(misfit.rule, {})[number] = sentence
            values.append(float(value) if self.column.type == FLOAT and value is not None else value)
        count, at = len(values), encoded.indices
        misfits = {
            rule: pa.array(map(by_number.get, range(count)), pa.string()).take(at) for rule, by_number in sentences.items()
        }
        return ParsedColumn(_typed_array(values, self.column).take(at), misfits)

    def _parse_text(self, texts: pa.Array) -> ParsedColumn:
        """Parse a column of text. Only doubtful cells are parsed one by one."""
        doubtful = _doubtful_texts(texts)
        if doubtful is None:
            return ParsedColumn(texts)
        parsed = self._parse_distinct(pc.if_else(doubtful, texts, pa.scalar(None, pa.string())))
        return ParsedColumn(pc.if_else(doubtful, parsed.values, texts), parsed.misfits)

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

    def _cast_typed(self, sent: pa.Array) -> pa.Array | None:
        """Return typed cells in the type of the column; None when the cast would lose something."""
        types, to = pa.types, self.column.field.type
        fits = {
            DATE: types.is_date(sent.type) or (types.is_timestamp(sent.type) and sent.type.tz is None),
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
            typed = pc.cast(sent, pa.date32(), safe=False) if self.column.type == DATE else sent.cast(to)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return None
        return typed if self._is_possible(typed) else None

    def _is_possible(self, cast: pa.Array) -> bool:
        """Return whether all dates or years of the column are in the range of periods."""
        if self.column.type == DATE:
            return _are_possible_dates(cast)
        return self.column.name != "year" or _are_within(cast, FIRST_YEAR, LAST_YEAR)


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


def _are_possible_dates(days: pa.Array) -> bool:
    """Return whether the years of all dates are in the range of periods."""
    return _are_within(days, date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


def _are_within(values: pa.Array, first: Any, last: Any) -> bool:
    """Return whether all values are from `first` to `last`."""
    ends = pc.min_max(values).as_py()
    return ends["min"] is None or (first <= ends["min"] and ends["max"] <= last)


def offsets_and_bytes(texts: pa.Array) -> tuple[npt.NDArray[np.int32], Bytes]:
    """Return the offsets at which texts begin and end (one more than texts, from 0), and the bytes of all texts."""
    _, ends, data = texts.buffers()
    offsets = np.frombuffer(ends, np.int32)[texts.offset : texts.offset + len(texts) + 1] if len(texts) else np.zeros(1, np.int32)
    start = offsets[0]
    return offsets - start, np.frombuffer(data or b"", np.uint8)[start : offsets[-1]]


def _doubtful_texts(texts: pa.Array) -> pa.Array | None:
    """Return which texts may be blank, have blanks around them or be unsafe, as a boolean per row; None when none is."""
    ends, data = offsets_and_bytes(texts)
    if not len(data):
        return pc.is_valid(texts) if texts.null_count < len(texts) else None
    begins, lengths = ends[:-1], np.diff(ends)
    last = len(data) - 1
    doubtful = (
        (lengths == 0) | (lengths > LONGEST) | FIRST[data[np.minimum(begins, last)]] | LAST[data[np.maximum(ends[1:] - 1, 0)]]
    )
    inside = np.flatnonzero(INSIDE[data])
    doubtful[np.searchsorted(ends, inside, side="right") - 1] = True
    if texts.null_count:
        doubtful &= texts.is_valid().to_numpy(zero_copy_only=False)
    return pa.array(doubtful) if doubtful.any() else None
