"""`snapshot.json`: what it says of the tables of a snapshot, where they come from, and what is printed with them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from city_briefs.analysis.snapshot.integrity import damaged, seal
from city_briefs.analysis.validation import Finding
from city_briefs.common import files
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.model.table import Table
from city_briefs.model.tables import REGIONS

SYNTHETIC_NOTICE = "模拟数据，仅供演示"


@dataclass(frozen=True)
class Description:
    """The provenance of one table in `snapshot.json`: row count, hashes, source, and day of ingest (YYYY-MM-DD).

    `hash` is of the rows, whatever their encoding and the time of writing; `file` is of the bytes of the file.
    """

    rows: int
    hash: str
    file: str
    source: str
    ingested_at: str


@dataclass(frozen=True)
class Caveat:
    """A sentence that is printed with some metrics, with some views of them, or (both empty) with everything.

    The appendix prints it with each of its metrics. If it names metrics or views, it also stands under each of their charts
    and tables.
    """

    text: str
    metrics: tuple[str, ...] = ()
    views: tuple[str, ...] = ()

    def concerns(self, metric: str, view: str | None = None) -> bool:
        """Return whether the caveat holds for a metric, or for one view of it."""
        return (not self.metrics or metric in self.metrics) and (view is None or not self.views or view in self.views)


@dataclass(frozen=True)
class SnapshotJson:
    """What `snapshot.json` says; `corrections` has the file of corrections and the id of the snapshot before, if there was one."""

    id: str
    synthetic: bool
    notice: str
    caveats: tuple[Caveat, ...]
    descriptions: dict[str, Description]
    findings: tuple[Finding, ...]
    corrections: Mapping[str, str] | None


def file_name(table: Table) -> str:
    """Return the name of the file of a table, beside `snapshot.json`."""
    return f"{table.name}.csv" if table is REGIONS else f"{table.name}.parquet"


def read_snapshot_json(path: Path) -> SnapshotJson:
    """Read the `snapshot.json` of the snapshot in `path`; its seal is compared, the tables are not.

    Raises:
        DataError: there is no snapshot, or the file cannot be read or was changed.
    """
    try:
        said: dict[str, Any] = json.loads(files.read_text(path / "snapshot.json"))
    except OSError:
        raise DataError(
            chosen(
                f"There is no snapshot in {shown(path)}. Name a folder that holds one, such as --data data/real.",
                f"{shown(path)}里没有快照。请指定有快照的文件夹，如--data data/real。",
            )
        ) from None
    except ValueError:
        raise damaged(f"{shown(path)}/snapshot.json cannot be read.", f"{shown(path)}/snapshot.json无法读取。") from None
    try:
        descriptions = {name: Description(**description) for name, description in said["tables"].items()}
        findings = tuple(Finding(**finding) for finding in said["findings"])
        caveats = tuple(Caveat(caveat["text"], tuple(caveat["metrics"]), tuple(caveat["views"])) for caveat in said["caveats"])
        if said["seal"] != seal(said):
            raise damaged(
                f"{shown(path)}/snapshot.json was changed after it was written: its seal differs.",
                f"{shown(path)}/snapshot.json生成后被改动过，封签不符。",
            )
        identity = (said["id"], said["synthetic"], SYNTHETIC_NOTICE if said["synthetic"] else said["notice"])
        if list(map(type, identity)) != [str, bool, str]:
            raise TypeError
        corrections = said.get("corrections") or None
        if corrections:
            corrections["since"]  # one without it cannot be read
    except (KeyError, TypeError, AttributeError):
        raise damaged(f"{shown(path)}/snapshot.json cannot be read.", f"{shown(path)}/snapshot.json无法读取。") from None
    return SnapshotJson(*identity, caveats, descriptions, findings, corrections)
