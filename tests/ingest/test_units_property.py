"""Whatever unit stands wherever, with columns in any order, merged cells and totals: the sum is the one that was meant, or it is asked."""

from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile

from hypothesis import given, settings

from city_briefs.analysis.ingest import match_headers, parse_batches
from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.common.errors import DataError
from tests.helpers.size import FULL
from tests.ingest.drawn_tables import as_workbook, tables
from tests.ingest.raw_tables import GANSU

DRAWS = settings(
    max_examples=2_000 if FULL else 100, derandomize=True, database=None,
)  # fmt: skip


def outcome(drawn):
    """The accepted numbers by row and column, and the rows that are asked; None when the table is refused."""
    try:
        batches = list(parse_batches.read(drawn.raw, match_headers.match(drawn.raw), GANSU))
    except DataError:
        return None
    accepted = {row[ROW]: row for batch in batches for row in batch.accepted.to_pylist()}
    return accepted, {row[ROW] for batch in batches for row in batch.rejected.to_pylist()}


def check(drawn):
    """Check that every sum is the one that was meant, or its rows are asked; return whether the table was read as a whole."""
    if (found := outcome(drawn)) is None:
        return False
    accepted, asked = found
    assert set(accepted) <= set(drawn.data_rows), f"a row that is none\n{drawn.told}"
    assert set(drawn.data_rows) <= {*accepted, *asked}, f"a row is lost\n{drawn.told}"
    for meaning in drawn.meanings:
        kept = [accepted[row][meaning.column] or Decimal(0) for row in meaning.rows if row in accepted]
        allowed = {meaning.sum} if len(kept) == len(meaning.rows) else {Decimal(0), meaning.sum}
        assert sum(kept) in allowed, f"{meaning}\n{drawn.told}"
    return not asked


def test_the_sum_is_the_one_that_was_meant_or_it_is_asked_and_most_are_read():
    outcomes = []

    @DRAWS
    @given(tables())
    def draw(drawn):
        is_read = check(drawn)
        if not drawn.raw.merged:  # a merged number is always asked
            outcomes.append(is_read)

    draw()
    assert sum(outcomes) > len(outcomes) / 2


@settings(DRAWS, max_examples=100 if FULL else 10)
@given(tables())
def test_so_it_is_in_a_workbook(drawn):
    with NamedTemporaryFile(suffix=".xlsx") as file:
        check(as_workbook(drawn, Path(file.name)))
