"""What was corrected since the snapshot before, as a snapshot keeps it beside its tables."""

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from city_briefs.analysis.snapshot.storage import file_hash

NAME = "corrections.parquet"
DECIMALS = 10  # of a number as it is kept; more than are ever printed
NUMBER = pa.decimal128(38, DECIMALS)
SCHEMA = pa.schema(
    [*((name, pa.string()) for name in ("metric", "region", "month", "window")), ("before", NUMBER), ("after", NUMBER)]
)


@dataclass(frozen=True)
class Correction:
    """One number of a metric, region and month that is another than in the snapshot before, in the metric's unit.

    `window` is `month`, or `to_date` for January to that month. `before` or `after` is None where that snapshot does not know it.
    """

    metric: str
    region: str
    month: str
    window: str
    before: Decimal | None
    after: Decimal | None

    @property
    def words(self) -> list[str]:
        """All that it says, as text."""
        return list(map(str, astuple(self)))


@dataclass(frozen=True)
class Corrections:
    """What was corrected, by metric, region and month, since the snapshot whose id is `since`."""

    since: str
    rows: tuple[Correction, ...]


def keep(corrections: Corrections, folder: Path) -> dict[str, Any]:
    """What `snapshot.json` says of the corrections, once they lie in the folder."""
    rows = [asdict(one) | {"before": _kept(one.before), "after": _kept(one.after)} for one in corrections.rows]
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), folder / NAME, compression="zstd")
    return {"since": corrections.since, "rows": len(rows), "file": file_hash(folder / NAME)}


def read(folder: Path) -> Mapping[str, list[Correction]]:
    """The corrections in a folder by the id of their metric."""
    found: dict[str, list[Correction]] = {}
    for row in pq.read_table(folder / NAME).to_pylist():
        found.setdefault(row["metric"], []).append(Correction(**row))
    return found


def _kept(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(Decimal(1).scaleb(-DECIMALS))
