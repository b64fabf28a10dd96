"""Merged numbers: one number over several rows or columns, of which nobody can tell how often it counts."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from city_briefs.analysis.ingest.match_headers import MatchedColumn
from city_briefs.analysis.ingest.raw_table import ROW, MergedCells, RawTable


class MergedNumbers:
    """The merged cells of a raw table that touch columns of numbers."""

    def __init__(self, raw_table: RawTable, columns: Mapping[str, MatchedColumn]) -> None:
        """Keep the merged cells. `columns` are the matched columns of numbers by name."""
        self._by_column: dict[str, list[MergedCells]] = {}
        names = {column.raw_name: name for name, column in columns.items()}
        for merge in sorted(raw_table.merged, key=lambda merge: merge.first_row):
            if merge.last_row > merge.first_row or len(merge.columns) > 1:
                for letters in names.keys() & set(merge.columns):
                    self._by_column.setdefault(names[letters], []).append(merge)

    def sentences(self, batch: pa.RecordBatch) -> Iterator[tuple[str, pa.Array]]:
        """Yield each column with merged numbers in a batch, with a sentence for each of their rows, null for any other row."""
        rows = batch[ROW].to_numpy()
        for name, merges in self._by_column.items():
            at = np.searchsorted([merge.first_row for merge in merges], rows, side="right") - 1
            inside = (at >= 0) & (rows <= np.array([merge.last_row for merge in merges])[at])
            sentences: list[str | None] = [None] * len(rows)
            for index in np.flatnonzero(inside).tolist():
                merge = merges[at[index]]
                first = merge.columns[0]
                if first not in batch.schema.names or batch[first][index].is_valid:  # empty merged cells hold no number
                    sentences[index] = _sentence(merge)
            if any(sentences):
                yield name, pa.array(sentences, pa.string())


def _sentence(merge: MergedCells) -> str:
    """Return what is asked of merged cells."""
    cells = f"{merge.columns[0]}{merge.first_row}:{merge.columns[-1]}{merge.last_row}"
    if len(merge.columns) > 1:
        return (
            f"{cells} is merged over several columns, and which of them its number belongs to is not sure. "
            "Unmerge it and put the number into its column."
        )
    return (
        f"{cells} is merged, and how often its number counts is not sure. "
        "Unmerge it and give each row its own number, 0 where it has none."
    )
