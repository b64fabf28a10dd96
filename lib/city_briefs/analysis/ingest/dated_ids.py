"""Ids such as 3-1 that a spreadsheet took for dates."""

import pyarrow as pa
import pyarrow.compute as pc

DATE = r"^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$"
LENGTHS = pa.array([10, 19], pa.int32())  # of such a date, without and with its time
REMEDY = (
    "A spreadsheet took the id for a date: format the column as text, and write the ids again. One that is a date needs a letter."
)


def sentences(name: str, ids: pa.Array) -> pa.Array | None:
    """Return a sentence for each id of a column that is a date, null for the others; None when none is."""
    if not pc.any(pc.is_in(pc.binary_length(ids), value_set=LENGTHS)).as_py():
        return None
    dates = pc.match_substring_regex(ids, DATE).fill_null(False)
    says = pc.binary_join_element_wise(f"{name} is '", ids, f"'. {REMEDY}", "")
    return pc.if_else(dates, says, pa.scalar(None, pa.string())) if dates.true_count else None
