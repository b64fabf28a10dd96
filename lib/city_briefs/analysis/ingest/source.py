"""A source: one file, or one query of a database, that fills one table; and where each column of the table comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from city_briefs.model.tables import Table

Kind = Literal["csv", "xlsx", "parquet", "postgres"]
ROW_NUMBER = "#"  # in a constant: the number of the row


@dataclass(frozen=True)
class ColumnMapping:
    """Where a column of a table comes from: the source's own `heading`, or a `constant` for every row, in which # is the row's number.

    `values` maps the source's values to the table's; a key may have * and ? as file names do, and the first that fits holds. `unit` is
    that of the source's numbers, such as 万元.
    """

    header: str = ""
    constant: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    unit: str = ""


@dataclass(frozen=True)
class DataSource:
    """One file, or one query of a database, and the table that its rows belong to.

    `name` is how messages and the report call it: the path below the folder that was given, or schema and table of a database. Columns
    that `columns` does not declare are found by their headings; the headings in `drop` are not read. `sheet` is empty for every sheet.
    `period` is the first and last month (YYYY-MM) that the source reports, None when it was not declared; `reporting` the codes of the
    regions that it reports for, empty for all. `label` is what a source line of a brief prints.
    """

    name: str
    kind: Kind
    location: Path | str
    table: Table
    sheet: str = ""
    query: str = ""
    columns: Mapping[str, ColumnMapping] = field(default_factory=dict, hash=False)
    drop: tuple[str, ...] = ()
    period: tuple[str, str] | None = None
    reporting: tuple[str, ...] = ()
    label: str = ""
