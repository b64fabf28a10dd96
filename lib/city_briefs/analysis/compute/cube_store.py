"""The cache of grids that processes share: an Arrow file for each cache key, mapped into memory and not read.

A missing or damaged entry is computed again, and the folder may be deleted at any time.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from city_briefs.analysis.compute.cube import Grid, Integers
from city_briefs.analysis.snapshot.storage import numbers
from city_briefs.common import atomic_files, file_lock, files

ROOM = 4 << 30  # bytes; beyond them the oldest entries go
CHECK = hashlib.sha256().digest_size  # bytes after the Arrow file that say whether it is whole
WIDTHS = (np.int8, np.int16, np.int32, np.int64)
AT_ONCE = 1 << 18  # bytes of an entry that are checked at a time
AMOUNTS = ("numerator", "denominator", "records", "low", "high")
TRUTHS = ("known", "twice")


class Cache:
    """The entries of one folder: each has the grids of one metric by part, under a cache key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, key: str) -> dict[str, Grid] | None:
        """Return the grids under a cache key, by part; None when there is no entry, or a damaged one."""
        file = self._file(key)
        try:
            size = _verified_size(file)
            stored = pa.memory_map(str(file)).read_buffer()
        except OSError:
            return None
        return None if size is None else _grids(pa.ipc.open_file(pa.BufferReader(stored.slice(0, size))).read_all())

    def keep(self, key: str, grids: Mapping[str, Grid]) -> None:
        """Keep grids under a cache key; nothing where the folder cannot be written to, or when a grid has no month."""
        if not all(grid.months for grid in grids.values()):
            return
        sink = pa.BufferOutputStream()
        table = _table(grids)
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        content = sink.getvalue()
        file = self._file(key)
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with atomic_files.whole(file) as unfinished:
                unfinished.write(content)
                unfinished.write(hashlib.sha256(content).digest())

    @contextmanager
    def reserved(self, name: str) -> Iterator[None]:
        """Hold the lock of a name while the body runs, so that one process computes; no lock where files cannot be locked."""
        with file_lock.held(self.folder / f"{name}.lock"):
            yield

    def prune(self) -> None:
        """Delete the oldest entries until the rest has at most ROOM bytes."""
        with suppress(OSError):
            entries = sorted(
                ((file.stat(), file) for file in self.folder.glob("*.arrow*")), key=lambda entry: entry[0].st_mtime_ns
            )
            excess = sum(stat.st_size for stat, _ in entries) - ROOM
            for stat, file in entries:
                if excess <= 0:
                    break
                file.unlink(missing_ok=True)
                excess -= stat.st_size

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.arrow"


def _verified_size(file: Path) -> int | None:
    """Return how many bytes of an entry are its Arrow file; None when they differ from the hash that follows them.

    The bytes are read for this and not mapped: mapped pages would stay in memory.

    Raises:
        OSError: there is no such file, or it cannot be read.
    """
    digest, left = hashlib.sha256(), max(0, file.stat().st_size - CHECK)
    size = left
    with files.opened(file) as stored:
        while left and (part := stored.read(min(AT_ONCE, left))):
            digest.update(part)
            left -= len(part)
        return size if not left and stored.read() == digest.digest() else None


def _table(grids: Mapping[str, Grid]) -> pa.Table:
    """Return grids as a table: a row for each part, and in each column the list of its cells, region by region.

    Cells have the narrowest integer type that holds them. Cells that all parts share stand in the first row alone.
    """
    first = next(iter(grids.values()), None)
    if first is None:
        return pa.table({"part": pa.array([], pa.string())})
    columns = {"part": pa.array(list(grids))}
    for name in (*TRUTHS, *AMOUNTS):
        if getattr(first, name) is not None:
            cells = np.stack([getattr(grid, name) for grid in grids.values()])
            shared = bool((cells == cells[:1]).all())
            flat = cells[:1].reshape(-1) if shared else cells.reshape(-1)
            typed = flat.view(np.uint8) if name in TRUTHS else _narrow(flat)
            lengths = [first.known.size * (not (shared and place)) for place in range(len(cells))]
            columns[name] = pa.LargeListArray.from_arrays(np.cumsum([0, *lengths]), pa.array(typed))
    metadata = {"scale": str(first.scale), "regions": " ".join(first.codes), "months": " ".join(first.months)}
    return pa.table(columns).replace_schema_metadata(metadata)


def _narrow(amounts: Integers) -> npt.NDArray[np.signedinteger[Any]]:
    """Return the amounts in the narrowest integer type that holds them all."""
    least, most = int(amounts.min(initial=0)), int(amounts.max(initial=0))
    kind = next(kind for kind in WIDTHS if np.iinfo(kind).min <= least and most <= np.iinfo(kind).max)
    return amounts.astype(kind)


def _grids(table: pa.Table) -> dict[str, Grid]:
    """Return the grids of a table made by `_table`, by part; their arrays are views of the mapped file."""
    if not len(table):
        return {}
    metadata = {name: word.decode() for name, word in table.schema.metadata.items()}
    codes, months = metadata[b"regions"].split(), metadata[b"months"].split()
    parts = table["part"].to_pylist()
    columns = {}
    for name in (name for name in (*TRUTHS, *AMOUNTS) if name in table.column_names):
        flat = numbers(table[name].chunk(0).values)
        cells = (flat.view(np.bool_) if name in TRUTHS else flat).reshape(-1, len(codes), len(months))
        columns[name] = np.broadcast_to(cells, (len(parts), len(codes), len(months)))
    return {
        part: Grid(codes, months, scale=int(metadata[b"scale"]), **{name: cells[place] for name, cells in columns.items()})
        for place, part in enumerate(parts)
    }
