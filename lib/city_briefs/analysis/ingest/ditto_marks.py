"""Ditto marks: cells such as 同上 or 〃, which repeat the cell above."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest.misfit import Misfit
from city_briefs.analysis.ingest.parse_columns import ParsedColumn, is_ascii, text
from city_briefs.analysis.ingest.text_scan import offsets_and_bytes
from city_briefs.analysis.ingest.total_rows import TOTAL
from city_briefs.model.table import Column, Table

MARKS = pa.array(["同上", "同前", "〃", "″", "〞", "〟", '"', "”", "“", "''", "’’", "′′", "〃〃", "″″", '""'])
LONGEST = max(len(mark.encode()) for mark in MARKS.to_pylist())
QUOTES = b"\"'"  # of which the marks in ASCII are made


@dataclass(frozen=True)
class DittoMarks:
    """The reading of ditto marks in a table, batch by batch: a mark takes the value of the row above it.

    Of an id or a number there is nothing to repeat.
    """

    table: Table
    _above: dict[str, pa.Array] = field(default_factory=dict)  # by column, the value of the last row that was read

    def read(self, column: Column, sent: pa.Array, parsed: ParsedColumn) -> ParsedColumn:
        """Return a parsed column whose ditto marks have the value above; a mark with nothing above it is a misfit."""
        above = self._above.get(column.name, pa.nulls(1, parsed.values.type))
        marks = self._marks(column, sent, parsed)
        if marks is not None:
            parsed = _repeated(column, sent, parsed, marks, above, is_id=self.table.key == (column.name,))
        self._above[column.name] = parsed.values[-1:]
        return parsed

    def _marks(self, column: Column, sent: pa.Array, parsed: ParsedColumn) -> pa.Array | None:
        """Return which cells are ditto marks, as a boolean per row; None when none is."""
        is_plain_text = pa.types.is_string(parsed.values.type) and not parsed.misfits
        if _has_none(parsed.values) if is_plain_text else not parsed.misfits:
            return None
        marks = pc.is_in(parsed.values if is_plain_text else pc.utf8_trim_whitespace(text(sent)), value_set=MARKS)
        return marks if marks.true_count else None


def _has_none(texts: pa.Array) -> bool:
    """Return whether it is plain at first sight that no text is a ditto mark; this takes far less time than to compare them."""
    ends, data = offsets_and_bytes(texts)
    if not data.size or int(np.diff(ends).min()) > LONGEST:
        return True
    return is_ascii(texts) and not any((data == quote).any() for quote in QUOTES)


def _repeated(
    column: Column, sent: pa.Array, parsed: ParsedColumn, marks: pa.Array, above: pa.Array, *, is_id: bool
) -> ParsedColumn:
    """Return the column with the values that its ditto marks repeat."""
    values = pc.if_else(marks, pa.scalar(None, parsed.values.type), parsed.values)
    if not is_id:
        with_above = pa.concat_arrays([above, values])
        if pa.types.is_string(values.type):  # the word of a total row is nothing to repeat
            is_total = pc.match_substring_regex(with_above, TOTAL).fill_null(False)
            with_above = pc.if_else(is_total, pa.scalar(None, values.type), with_above)
        places: list[int] = []  # of the value of each row, in `with_above`
        for place, is_mark in enumerate(marks.to_pylist(), start=1):
            places.append((places[-1] if places else 0) if is_mark else place)
        values = pc.if_else(marks, with_above.take(pa.array(places)), values)
    unread = pc.and_(marks, values.is_null())
    misfits = {rule: pc.if_else(marks, pa.scalar(None, pa.string()), says) for rule, says in parsed.misfits.items()}
    if unread.true_count:
        misfit = Misfit(
            "ditto",
            "An id is written out in every row." if is_id else "The row above has no value that it could repeat: write it out.",
        )
        says = pc.binary_join_element_wise(f"{column.name} is '", pc.utf8_trim_whitespace(text(sent)), f"'. {misfit.remedy}", "")
        misfits[misfit.rule] = pc.if_else(unread, says, pa.scalar(None, pa.string()))
    return ParsedColumn(values, {rule: says for rule, says in misfits.items() if says.null_count < len(says)}, parsed.warnings)
