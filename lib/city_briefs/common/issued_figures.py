"""Issued figures: the values of periods as the editions for these periods first stated them.

They stand in one file of the register, which production derives from the signed editions there (`production.editions.first_issued`)
and never trusts over them; analysis only reads it. Without a register there are none.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from city_briefs.common import files, paths
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD, Period, Span
from city_briefs.common.read_log import digest

FILE = "first-issued.csv"


@dataclass(frozen=True, order=True)
class IssuedFigure:
    """The value of a metric in a region and period, as it was first issued.

    `synthetic` is 1 for data of the demo, else 0. `definition` is the hash of the metric then. The numbers are unrounded, as text;
    numerator and denominator are empty where there are none. `issued_on` (YYYY-MM-DD), `edition`, `pack` and `of`, the code of the
    region that it was made for, name the edition. `tables` are those it was counted from, each with the first digits of the hash of its
    rows then (complaints=0123456789ab returns=…); empty in a file of an older version, and for editions that did not say it.
    """

    metric: str
    region: str
    year: int
    through: int
    synthetic: int
    issued_on: str
    edition: int
    pack: str
    of: str
    definition: str
    value: str
    numerator: str
    denominator: str
    span: Span = YTD
    tables: str = ""

    @property
    def period(self) -> Period:
        """Its period."""
        return Period(self.year, self.through, self.span)

    @property
    def halves(self) -> tuple[Decimal | None, Decimal | None]:
        """Its numerator and its denominator, None where there is none."""
        numerator, denominator = (Decimal(half) if half else None for half in (self.numerator, self.denominator))
        return numerator, denominator

    @property
    def hashes(self) -> dict[str, str]:
        """The tables it was counted from, each with the first digits of the hash of its rows then; empty where that is not known."""
        return dict(table.split("=") for table in self.tables.split())


DIGITS = 12  # of the hash of a table
COLUMNS = [field.name for field in fields(IssuedFigure)]
FIRST_COLUMNS = COLUMNS[: COLUMNS.index("span")]  # of the file before it named spans and tables
NUMBERS = {field.name for field in fields(IssuedFigure) if field.type is int}


def text(figures: Iterable[IssuedFigure], columns: Sequence[str] = COLUMNS) -> str:
    """Return the file that holds the first of each metric, region, period and kind of data; the same whatever their order.

    `columns` are COLUMNS, or FIRST_COLUMNS for the file as older versions wrote it.
    """
    first: dict[tuple[object, ...], IssuedFigure] = {}
    for figure in sorted(figures):
        first.setdefault((figure.metric, figure.region, figure.period, figure.synthetic), figure)
    file = io.StringIO(newline="")
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(columns)
    rows.writerows([getattr(figure, name) for name in columns] for figure in first.values())
    return file.getvalue()


def read(content: str) -> list[IssuedFigure]:
    """Return the figures of such a file, or of some lines below its head, in their order."""
    rows = csv.DictReader(io.StringIO(content, newline=""), COLUMNS)
    return [
        IssuedFigure(**{name: int(cell) if name in NUMBERS else cell for name, cell in row.items() if cell is not None})  # type: ignore[arg-type]
        for row in rows
        if row["metric"] != COLUMNS[0]
    ]


def of(metric: str, region: str) -> list[IssuedFigure]:
    """Return the figures of a metric, by its id, in a region, by its code; the oldest period first.

    Raises:
        DataError: the file is none that production has written.
    """
    content = _content()
    lines = f"\n{metric},{region},"
    start = content.find(lines) + 1
    if not start:
        return []
    end = start
    try:
        while content.startswith(lines, end - 1):
            end = content.index("\n", end) + 1
        return read(content[start:end])
    except (ValueError, TypeError):
        raise _unread() from None


def content_hash() -> str:
    """Return the hash of all issued figures.

    Raises:
        DataError: the file cannot be read.
    """
    return digest(_content().encode())


def _content() -> str:
    """Return the file in the register; empty when there is none; one that cannot be read is a DataError."""
    file = paths.register() / FILE
    try:
        state = file.stat()
    except OSError:
        return ""
    try:
        return _read(file, state.st_mtime_ns, state.st_size)
    except (OSError, ValueError):
        raise _unread() from None


def _unread() -> DataError:
    file = paths.shown(paths.register() / FILE)
    return DataError(
        chosen(
            f"{file} cannot be read. `briefs build` makes it again from the editions that lie there.",
            f"{file}无法读取。`briefs build`会按所存的版次重新生成。",
        )
    )


@lru_cache(maxsize=1)
def _read(file: Path, changed: int, size: int) -> str:
    """Return a file; it is read again when its time or its size is another."""
    return files.read_text(file)
