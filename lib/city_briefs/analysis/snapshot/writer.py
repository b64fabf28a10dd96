"""Writer of snapshots: only from tables without errors, as a whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from city_briefs.analysis.snapshot.corrections import Corrections
from city_briefs.analysis.snapshot.corrections import keep as keep_corrections
from city_briefs.analysis.snapshot.integrity import seal, snapshot_id
from city_briefs.analysis.snapshot.reader import Snapshot, load
from city_briefs.analysis.snapshot.snapshot_json import SYNTHETIC_NOTICE, Caveat, Description, file_name
from city_briefs.analysis.validation import Finding, findings
from city_briefs.common import atomic_files, files, regions
from city_briefs.common.errors import DataError
from city_briefs.common.hashing import file_hash
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.model.table import Table
from city_briefs.model.tables import REGIONS

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ERRORS = 5  # errors that the refusal quotes


def write(
    path: Path,
    tables: "Mapping[Table, pa.Table | Path]",
    *,
    regions_file: Path,
    source: str,
    ingested_at: str,
    sources: Mapping[Table, str] | None = None,
    synthetic: bool = False,
    notice: str = "",
    caveats: tuple[Caveat, ...] = (),
    checked_findings: Sequence[Finding] | None = None,
    corrections: Callable[[Snapshot], Corrections] | None = None,
    accompany: Callable[[Path, Snapshot], None] | None = None,
) -> Snapshot:
    """Write a snapshot and open it. An older snapshot at `path` is replaced.

    A big table is given as the path of its Parquet file. `source` is the source of all tables that `sources` does not name.
    `checked_findings` are the findings on the tables when these were checked before; None to check them now. Warnings are
    kept with the snapshot. `corrections` returns the corrections since an older snapshot, once the new tables can be read.
    `accompany` may put further files into the folder before it is in place.

    Raises:
        DataError: a table has errors, or `path` holds something else than a snapshot.
    """
    check_place(path)
    if checked_findings is None:
        checked_findings = findings(tables, regions.read(regions_file))
    if errors := [finding for finding in checked_findings if finding.severity == "error"]:
        raise DataError(_refusal(errors))
    folder = atomic_files.begun(path.parent, f".{path.name}")
    try:
        files.copy(regions_file, folder / "regions.csv")
        labels = {table.name: label for table, label in (sources or {}).items()}
        descriptions = {
            name: Description(*stored_as, labels.get(name, source), ingested_at)
            for name, stored_as in sorted(_stored(folder, tables).items())
        }
        manifest: dict[str, Any] = {
            "id": snapshot_id({name: description.hash for name, description in descriptions.items()}),
            "synthetic": synthetic,
            "notice": SYNTHETIC_NOTICE if synthetic else notice,
            "caveats": [asdict(caveat) for caveat in caveats],
            "findings": [asdict(finding) for finding in checked_findings],
            "tables": {name: asdict(description) for name, description in descriptions.items()},
        }
        _write_manifest(manifest, folder)
        written = load(folder)
        if corrections:
            manifest["corrections"] = keep_corrections(corrections(written), folder)
            _write_manifest(manifest, folder)
        if accompany:
            accompany(folder, written)
        _put_in_place(folder, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return load(path)


def _write_manifest(manifest: dict[str, Any], folder: Path) -> None:
    """Write `snapshot.json`, with a seal over all of it."""
    manifest["seal"] = seal(manifest)
    atomic_files.write_whole(folder / "snapshot.json", json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")


def _put_in_place(folder: Path, path: Path) -> None:
    """Move the folder to `path` in one step; after a power cut the old or the new snapshot is there."""
    for file in (*sorted(folder.rglob("*")), folder):
        atomic_files.sync(file)
    atomic_files.put(folder, path)
    atomic_files.sync(path.parent)


def check_place(path: Path) -> None:
    """Check that a snapshot can be written to this place.

    Raises:
        DataError: it holds something else, or cannot be written to.
    """
    if path.exists() and not (path / "snapshot.json").is_file() and (not path.is_dir() or any(path.iterdir())):
        raise DataError(
            chosen(
                f"{shown(path)} is there and is no snapshot. Name a folder that is not there yet, or one that holds a snapshot.",
                f"{shown(path)}已存在，但不是快照。请指定尚不存在的文件夹，或已有快照的文件夹。",
            )
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writable = os.access(path.parent, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise DataError(
            chosen(
                f"{shown(path.parent)} cannot be written to. Name another folder.",
                f"{shown(path.parent)}无法写入，请另指文件夹。",
            )
        )


def _stored(folder: Path, tables: "Mapping[Table, pa.Table | Path]") -> dict[str, tuple[int, str, str]]:
    """Store each table in the folder; return, by table name, its row count, content hash and file hash."""
    from city_briefs.analysis.snapshot.storage import canonical, content_hash, keep, row_groups, stored  # with Arrow

    regions_file = folder / file_name(REGIONS)
    region_rows = canonical(stored(regions_file, REGIONS), REGIONS)
    stored_tables = {REGIONS.name: (len(region_rows), content_hash(region_rows), file_hash(regions_file))}
    with tempfile.TemporaryDirectory(prefix=".sorted-", dir=folder) as spill:
        for table, rows in tables.items():
            if table is not REGIONS:
                stored_tables[table.name] = keep(row_groups(rows, table, Path(spill)), table, folder / file_name(table))
    return stored_tables


def _refusal(errors: list[Finding]) -> str:
    """Return why nothing was written: the number of errors, and the first of them, as the findings have them."""
    count = sum(1 + finding.more for finding in errors)
    first_errors = "\n".join(finding.text for finding in errors[:MOST_ERRORS])
    more = len(errors) - MOST_ERRORS
    kind = "1 error" if count == 1 else f"{count:,} errors"
    rest = chosen(f"\n{more} more are not shown here.", f"\n另有{more}处未列出。") if more > 0 else ""
    return chosen(
        f"The tables have {kind}. Correct them, and write the snapshot again.\n{first_errors}{rest}",
        f"各表有{count:,}处错误，请改正后重新生成快照。\n{first_errors}{rest}",
    )
