"""The rows of the files of a snapshot, as Arrow reads them; who only asks what a snapshot says of itself does not import this."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from city_briefs.analysis.snapshot.storage import canonical, content_hash, numbers
from city_briefs.model.table import Table


def rows(file: Path, region: str = "") -> pa.Table:
    """Return the rows of a table, or those of one region."""
    if region:
        return pq.read_table(file, filters=[("region", "=", region)])
    with pq.ParquetFile(file) as opened:  # not `read_table`, which imports pandas
        return opened.read()


def of_regions(file: Path, codes: Collection[str], table: Table) -> pa.Table:
    """Return the rows of these regions in the columns of the table; one that the file lacks, which nobody has sent, is null."""
    import pyarrow.compute as pc  # whoever only reads a snapshot need not wait for it

    stored = pq.read_table(file, filters=pc.field("region").isin(pa.array(codes, pa.string())))
    for field in table.schema:
        if field.name not in stored.column_names:
            stored = stored.append_column(field, pa.nulls(len(stored), field.type))
    return stored.select(table.schema.names)


def content(rows: pa.Table, table: Table, region: str) -> str:
    """Return the hash of those rows that are of one region."""
    import pyarrow.compute as pc  # as above

    return content_hash(canonical(rows.filter(pc.equal(rows["region"], region)), table))


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
