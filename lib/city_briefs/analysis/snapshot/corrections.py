"""Corrections: the figures that were revised since the snapshot before, as a snapshot keeps them beside its tables."""

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from city_briefs.common.hashing import file_hash

NAME = "corrections.parquet"
DECIMALS = 10  # of a number as it is kept; more than are ever printed
DIGITS = 38  # of such a number


@dataclass(frozen=True)
class Correction:
    """One revised figure of a metric, region code and month, in the unit of the metric.

    `before` is the figure in the snapshot before, `after` the one in this snapshot; None where a snapshot does not know it.
    `window` is `month`, or `to_date` for January to that month.
    """

    metric: str
    region: str
    month: str
    window: str
    before: Decimal | None
    after: Decimal | None

    @property
    def words(self) -> list[str]:
        """Return all fields as text, in their order."""
        return list(map(str, astuple(self)))


@dataclass(frozen=True)
class Corrections:
    """The revised figures, by metric, region and month, since the snapshot whose id is `since`."""

    since: str
    rows: tuple[Correction, ...]


def keep(corrections: Corrections, folder: Path) -> dict[str, Any]:
    """Write the corrections into the folder, and return the entry of `snapshot.json` for them."""
    import pyarrow as pa  # whoever reads a snapshot without corrections does not wait for it
    import pyarrow.parquet as pq

    number = pa.decimal128(DIGITS, DECIMALS)
    texts = [(name, pa.string()) for name in ("metric", "region", "month", "window")]
    schema = pa.schema([*texts, ("before", number), ("after", number)])
    rows = [
        asdict(correction) | {"before": _kept(correction.before), "after": _kept(correction.after)}
        for correction in corrections.rows
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / NAME, compression="zstd")
    return {"since": corrections.since, "rows": len(rows), "file": file_hash(folder / NAME)}


def read(folder: Path) -> Mapping[str, list[Correction]]:
    """Read the corrections in a folder, by the id of their metric."""
    import pyarrow.parquet as pq  # as above

    by_metric: dict[str, list[Correction]] = {}
    for row in pq.read_table(folder / NAME).to_pylist():
        by_metric.setdefault(row["metric"], []).append(Correction(**row))
    return by_metric


def _kept(number: Decimal | None) -> Decimal | None:
    """Return a number with the decimals that are kept; None for None."""
    return None if number is None else number.quantize(Decimal(1).scaleb(-DECIMALS))
