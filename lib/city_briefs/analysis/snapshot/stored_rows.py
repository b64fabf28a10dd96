"""The rows of the files of a snapshot, as Arrow reads them; who only asks what a snapshot says of itself does not import this."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from city_briefs.analysis.snapshot.storage import numbers


def rows(file: Path, region: str = "") -> pa.Table:
    """Return the rows of a table, or those of one region."""
    if region:
        return pq.read_table(file, filters=[("region", "=", region)])
    with pq.ParquetFile(file) as opened:  # not `read_table`, which imports pandas
        return opened.read()


def column_names(file: Path) -> list[str]:
    """Return the names of the columns of a table."""
    return list(pq.read_schema(file).names)


def reported(coverage: Path) -> dict[str, set[str]]:
    """Return, by month, the codes of the regions that reported at least one table for it."""
    columns = ["month", "region"]
    with pq.ParquetFile(coverage, read_dictionary=columns) as opened:
        covered = opened.read(columns)
    (months, of_rows), (codes, of_regions) = (_encoded(covered[name]) for name in columns)
    by_month: dict[str, set[str]] = {}
    pairs = np.bincount(
        of_rows.astype(np.int64) * len(codes) + of_regions
    )  # not `np.unique`, which imports more than all of this
    for pair in np.flatnonzero(pairs).tolist():
        month, region = divmod(pair, len(codes))
        by_month.setdefault(months[month], set()).add(codes[region])
    return by_month


def _encoded(column: pa.ChunkedArray) -> tuple[list[str], np.ndarray]:
    """Return the texts of a column that is full and read as a dictionary, each once, and for each row the number of its text."""
    encoded = column.unify_dictionaries().combine_chunks()
    return encoded.dictionary.to_pylist(), numbers(encoded.indices)
