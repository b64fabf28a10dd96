"""A snapshot as it is written: only from tables without errors, whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from city_briefs.analysis.snapshot.corrections import Corrections
from city_briefs.analysis.snapshot.corrections import keep as keep_corrections
from city_briefs.analysis.snapshot.reader import SYNTHETIC_NOTICE, Caveat, Description, Snapshot, load, seal, snapshot_id
from city_briefs.analysis.snapshot.storage import canonical, content_hash, file_hash, file_name, keep, row_groups, stored
from city_briefs.analysis.validation import Finding, findings
from city_briefs.common import atomic_files, regions
from city_briefs.common.errors import DataError
from city_briefs.common.paths import shown
from city_briefs.model.tables import REGIONS, Table

SAID = 5  # errors that the refusal quotes


def write(
    path: Path,
    tables: Mapping[Table, pa.Table | Path],
    *,
    regions_file: Path,
    source: str,
    ingested_at: str,
    sources: Mapping[Table, str] | None = None,
    synthetic: bool = False,
    notice: str = "",
    caveats: tuple[Caveat, ...] = (),
    found: Sequence[Finding] | None = None,
    corrections: Callable[[Snapshot], Corrections] | None = None,
    accompany: Callable[[Path, Snapshot], None] | None = None,
) -> Snapshot:
    """Write a snapshot whole or not at all, and open it. An older one in its place is replaced; any other folder is a DataError.

    So are tables with errors; warnings are kept with the snapshot. A big table is given as the Parquet file that holds it, as
    `findings` takes it. `source` is that of the tables that `sources` does not name. `found` are the findings of the tables, when
    they are known already; they are looked for when it is None. `corrections` says what was corrected since an
    older snapshot, once the new tables can be read. `accompany` may put further files into the folder before it is in place.
    """
    check_place(path)
    if found is None:
        found = findings(tables, regions.read(regions_file))
    if errors := [finding for finding in found if finding.severity == "error"]:
        raise DataError(_refusal(errors))
    folder = atomic_files.begun(path.parent, f".{path.name}")
    try:
        shutil.copyfile(regions_file, folder / "regions.csv")
        named = {table.name: label for table, label in (sources or {}).items()}
        descriptions = {
            name: Description(*counted, named.get(name, source), ingested_at)
            for name, counted in sorted(_stored(folder, tables).items())
        }
        said: dict[str, Any] = {
            "id": snapshot_id({name: description.hash for name, description in descriptions.items()}),
            "synthetic": synthetic,
            "notice": SYNTHETIC_NOTICE if synthetic else notice,
            "caveats": [asdict(caveat) for caveat in caveats],
            "findings": [asdict(finding) for finding in found],
            "tables": {name: asdict(description) for name, description in descriptions.items()},
        }
        _say(said, folder)
        written = load(folder)
        if corrections:
            said["corrections"] = keep_corrections(corrections(written), folder)
            _say(said, folder)
        if accompany:
            accompany(folder, written)
        _put_in_place(folder, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return load(path)


def _say(said: dict[str, Any], folder: Path) -> None:
    """Write `snapshot.json` with a seal over all that it says now."""
    said["seal"] = seal(said)
    (folder / "snapshot.json").write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", "utf-8", newline="\n")


def _put_in_place(folder: Path, path: Path) -> None:
    """Let the folder be at `path`, and an older one where the folder was; a power cut or a kill leaves the one or the other."""
    for file in (*sorted(folder.rglob("*")), folder):
        _sync(file)
    atomic_files.put(folder, path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Have a file or folder on disk, and not only on its way there; Windows knows this of no folder."""
    if os.name == "posix":
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def check_place(path: Path) -> None:
    """Refuse, as a DataError, a place where no snapshot can be written: of anything else, or one that cannot be written to."""
    if path.exists() and not (path / "snapshot.json").is_file() and (not path.is_dir() or any(path.iterdir())):
        raise DataError(
            f"{shown(path)} is there and is no snapshot. Name a folder that is not there yet, or one that holds a snapshot."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writable = os.access(path.parent, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise DataError(f"{shown(path.parent)} cannot be written to. Name another folder.")


def _stored(folder: Path, tables: Mapping[Table, pa.Table | Path]) -> dict[str, tuple[int, str, str]]:
    """The rows, content hash and file hash of each table, once it lies in the folder; the regions lie there already."""
    regions_file = folder / file_name(REGIONS)
    known = canonical(stored(regions_file, REGIONS), REGIONS)
    counted = {REGIONS.name: (len(known), content_hash(known), file_hash(regions_file))}
    with tempfile.TemporaryDirectory(prefix=".sorted-", dir=folder) as spill:
        for table, rows in tables.items():
            if table is not REGIONS:
                counted[table.name] = keep(row_groups(rows, table, Path(spill)), table, folder / file_name(table))
    return counted


def _refusal(errors: list[Finding]) -> str:
    """Why nothing was written: how many errors, and the first of them."""
    count = sum(1 + finding.more for finding in errors)
    said = [finding.text for finding in errors[:SAID]]
    rest = [f"{len(errors) - SAID} more are not shown here."] if len(errors) > SAID else []
    kind = "1 error" if count == 1 else f"{count:,} errors"
    return "\n".join([f"The tables have {kind}. Correct them, and write the snapshot again.", *said, *rest])
