"""Integrity of a snapshot: its id, its seal, and whether its files are what `snapshot.json` says."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from city_briefs.common import read_log
from city_briefs.common.errors import DataError
from city_briefs.common.hashing import file_hash
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.model.table import Table

RESTORE = "Make the snapshot anew, or bring back the one that was there."
RESTORE_ZH = "请重新生成快照，或恢复原有的快照。"


def snapshot_id(hashes: Mapping[str, str]) -> str:
    """Return the id of a snapshot: the hash over the hashes of its tables."""
    return hashlib.sha256("".join(f"{name} {hashes[name]}\n" for name in sorted(hashes)).encode()).hexdigest()


def seal(manifest: Mapping[str, Any]) -> str:
    """Return the SHA-256 over all of `snapshot.json` but the seal, so that no notice or caveat changes unseen."""
    sealed = {name: value for name, value in manifest.items() if name != "seal"}
    return hashlib.sha256(json.dumps(sealed, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def checked(path: Path) -> str:
    """Return a hash over name, size, time and inode of all files; it differs when a file may have been touched."""
    stats = [(file.relative_to(path).as_posix(), file.stat()) for file in sorted(path.rglob("*"))]
    return read_log.digest([[name, file_stat.st_size, file_stat.st_mtime_ns, file_stat.st_ino] for name, file_stat in stats])


def damaged(english: str, chinese: str) -> DataError:
    """Return the error for a snapshot that is not as it was written: what is wrong, in both languages, and the remedy."""
    return DataError(chosen(f"{english} {RESTORE}", f"{chinese}{RESTORE_ZH}"))


def check_file(file: Path, is_right: Callable[[Path], bool]) -> None:
    """Check that a file is there and is as `snapshot.json` states.

    Raises:
        DataError: it is not.
    """
    if not file.is_file():
        raise damaged(f"{shown(file)} is missing.", f"缺少{shown(file)}。")
    if not is_right(file):
        raise damaged(
            f"{shown(file)} is not what snapshot.json says: its hash differs.", f"{shown(file)}与snapshot.json所记的哈希值不符。"
        )


def is_unchanged(file: Path, table: Table, content: str, file_content: str) -> bool:
    """Return whether a stored table is unchanged: the same bytes or, encoded anew, the same rows."""
    try:
        return file_hash(file) == file_content or _has_rows(file, table, content)
    except OSError:
        return False


def _has_rows(file: Path, table: Table, content: str) -> bool:
    """Return whether a file holds the rows of this content hash."""
    import pyarrow as pa  # a file with the same bytes, as nearly all are, is not read by it

    from city_briefs.analysis.snapshot.storage import canonical, content_hash, stored

    try:
        return content_hash(canonical(stored(file, table), table)) == content
    except (pa.ArrowInvalid, pa.ArrowKeyError, KeyError):
        return False
