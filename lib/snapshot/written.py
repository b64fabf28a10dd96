"""A snapshot as it is written: only from tables without errors, whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lib import regions
from lib.errors import DataError
from lib.findings import Finding, findings
from lib.paths import shown
from lib.snapshot.contents import canonical, content_hash, file_hash, file_name, stored
from lib.snapshot.opened import SYNTHETIC_NOTICE, Caveat, Description, Snapshot, load, seal, snapshot_id
from lib.tables import REGIONS, Table

SAID = 5  # errors that the refusal quotes
WRITERS = 2  # threads: one encodes a table while the other hashes it


def write(
    path: Path,
    tables: Mapping[Table, pa.Table],
    *,
    regions_file: Path,
    source: str,
    ingested_at: str,
    synthetic: bool = False,
    notice: str = "",
    caveats: tuple[Caveat, ...] = (),
) -> Snapshot:
    """Write a snapshot whole or not at all, and open it. An older one in its place is replaced; any other folder is a DataError.

    So are tables with errors; warnings are kept with the snapshot.
    """
    check_place(path)
    found = findings(tables, regions.read(regions_file))
    if errors := [finding for finding in found if finding.severity == "error"]:
        raise DataError(_refusal(errors))
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        shutil.copyfile(regions_file, folder / "regions.csv")
        descriptions = {
            name: Description(*counted, source, ingested_at) for name, counted in sorted(_stored(folder, tables).items())
        }
        said: dict[str, Any] = {
            "id": snapshot_id({name: description.hash for name, description in descriptions.items()}),
            "synthetic": synthetic,
            "notice": SYNTHETIC_NOTICE if synthetic else notice,
            "caveats": [asdict(caveat) for caveat in caveats],
            "findings": [asdict(finding) for finding in found],
            "tables": {name: asdict(description) for name, description in descriptions.items()},
        }
        said["seal"] = seal(said)
        (folder / "snapshot.json").write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", "utf-8")
        folder.chmod(0o777 & ~_umask())
        load(folder)
        older = folder.with_name(f"{folder.name}.older")
        if path.exists():
            path.rename(older)
        folder.rename(path)
        shutil.rmtree(older, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return load(path)


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


def _stored(folder: Path, tables: Mapping[Table, pa.Table]) -> dict[str, tuple[int, str, str]]:
    """The rows, content hash and file hash of each table, once it lies in the folder; the regions lie there already."""
    with ThreadPoolExecutor(WRITERS) as pool:
        begun = {}
        for table in (*(table for table in tables if table is not REGIONS), REGIONS):
            file = folder / file_name(table)
            rows = canonical(stored(file, REGIONS) if table is REGIONS else tables[table], table)
            kept = pool.submit(file_hash, file) if table is REGIONS else pool.submit(_kept, rows, file)
            begun[table.name] = (len(rows), pool.submit(content_hash, rows), kept)
        return {name: (rows, content.result(), file.result()) for name, (rows, content, file) in begun.items()}


def _kept(rows: pa.Table, file: Path) -> str:
    """The hash of the file that holds these rows, now that it is written."""
    pq.write_table(rows, file, compression="zstd")
    return file_hash(file)


def _refusal(errors: list[Finding]) -> str:
    """Why nothing was written: how many errors, and the first of them."""
    count = sum(1 + finding.more for finding in errors)
    said = [finding.text for finding in errors[:SAID]]
    rest = [f"{len(errors) - SAID} more are not shown here."] if len(errors) > SAID else []
    kind = "1 error" if count == 1 else f"{count:,} errors"
    return "\n".join([f"The tables have {kind}. Correct them, and write the snapshot again.", *said, *rest])


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
