"""Results kept between processes: grids by the content that they were computed from, as Arrow files that are mapped and not read.

Nothing rests on it: an entry that is missing or damaged is computed again, and the folder may be deleted at any time.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from lib.grid import Grid

ROOM = 1 << 30  # bytes; beyond them the oldest entries go
CHECK = hashlib.sha256().digest_size  # bytes after the Arrow file that say whether it is whole
AMOUNTS = ("numerator", "denominator", "records")
TRUTHS = ("known", "twice")


class Cache:
    """The entries in one folder; each has the grids of one metric by part, under the key that its reader computes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, key: str) -> dict[str, Grid] | None:
        """The grids under a key, by part; None when there is no whole entry."""
        try:
            stored = pa.memory_map(str(self._file(key))).read_buffer()
        except OSError:
            return None
        content = stored.slice(0, max(0, stored.size - CHECK))
        if hashlib.sha256(content).digest() != stored.slice(content.size).to_pybytes():
            return None
        return _grids(pa.ipc.open_file(pa.BufferReader(content)).read_all())

    def keep(self, key: str, grids: Mapping[str, Grid]) -> None:
        """Put grids under a key, whole or not at all; where nothing can be written, or there is no month, nothing is kept."""
        if not all(grid.months for grid in grids.values()):
            return
        sink = pa.BufferOutputStream()
        table = _table(grids)
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        content = sink.getvalue()
        file = self._file(key)
        unfinished = file.with_name(f"{file.name}.{os.getpid()}")
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                unfinished.write_bytes(content.to_pybytes() + hashlib.sha256(content).digest())
                unfinished.replace(file)
            finally:
                unfinished.unlink(missing_ok=True)

    @contextmanager
    def reserved(self, name: str) -> Iterator[None]:
        """Let one process at a time compute what others need too; where files cannot be locked, each computes for itself."""
        try:
            import fcntl

            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / f"{name}.lock").open("w")
        except (ImportError, OSError):
            yield
            return
        with lock:
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def prune(self) -> None:
        """Take the oldest entries away, until the rest has room."""
        with suppress(OSError):
            entries = sorted(((file.stat(), file) for file in self.folder.glob("*.arrow*")), key=lambda one: one[0].st_mtime_ns)
            excess = sum(stat.st_size for stat, _ in entries) - ROOM
            for stat, file in entries:
                if excess <= 0:
                    break
                file.unlink(missing_ok=True)
                excess -= stat.st_size

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.arrow"


def _table(grids: Mapping[str, Grid]) -> pa.Table:
    """Grids as a table: a row per part and region, the months of each amount in one cell."""
    columns: dict[str, list[pa.Array]] = {}
    said: dict[str, str] = {}
    for part, grid in grids.items():
        columns.setdefault("part", []).append(pa.array([part] * len(grid.codes)))
        columns.setdefault("region", []).append(pa.array(grid.codes))
        amounts = {name: found for name in (*TRUTHS, *AMOUNTS) if (found := getattr(grid, name)) is not None}
        for name, cells in amounts.items():
            flat = np.ascontiguousarray(cells).reshape(-1)
            typed = flat.view(np.uint8) if name in TRUTHS else flat
            columns.setdefault(name, []).append(pa.FixedSizeListArray.from_arrays(pa.array(typed), len(grid.months)))
        said = {"scale": str(grid.scale), "months": " ".join(grid.months)}
    return pa.table({name: pa.concat_arrays(parts) for name, parts in columns.items()}).replace_schema_metadata(said)


def _grids(table: pa.Table) -> dict[str, Grid]:
    """The grids of such a table; their amounts are views of what is mapped."""
    if not len(table):
        return {}
    said = table.schema.metadata
    months = said[b"months"].decode().split()
    parts = table["part"].to_pylist()
    names = list(dict.fromkeys(parts))
    count = len(parts) // len(names)
    codes = table["region"].to_pylist()[:count]

    def cells(name: str) -> Any:
        if name not in table.column_names:
            return [None] * len(names)
        flat = table[name].chunk(0).flatten().to_numpy()
        typed = flat.view(np.bool_) if name in TRUTHS else flat
        return typed.reshape(len(names), count, len(months))

    found = {name: cells(name) for name in (*TRUTHS, *AMOUNTS)}
    scale = int(said[b"scale"])
    return {
        part: Grid(codes, months, scale=scale, **{name: amounts[place] for name, amounts in found.items()})
        for place, part in enumerate(names)
    }
