"""A data source: one file, or one query of a database, that fills one table, and the mapping of its columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from city_briefs.model.table import Table

Kind = Literal["csv", "xlsx", "parquet", "postgres"]
ROW_NUMBER = "#"  # stands for the number of the row in a constant


@dataclass(frozen=True)
class ColumnMapping:
    """Where a column of the table comes from: the column under `header` in the source, or a `constant` for every row.

    In a constant, # stands for the number of the row. `values` maps values of the source to those of the table; a key may
    have * and ?, as file names do, and the first key that matches is used. `unit` is the unit of the numbers in the source,
    such as 万元; empty for the unit of the table.
    """

    header: str = ""
    constant: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    unit: str = ""


@dataclass(frozen=True)
class DataSource:
    """One file, or one query of a database, and the table that its rows belong to.

    `name` is its name in messages and in the report: the path below the given folder, or schema and table of a database.
    `location` is the file, or the address of the database. `columns` holds the declared column mappings; any other column is
    matched by its header. Columns whose headers are in `drop` are not read. `sheet` is the sheet to read, empty for all
    sheets. `period` is the first and the last month (YYYY-MM) that it reports, None when not declared. `reporting` holds the
    codes of the regions that it reports for, empty for all. `label` is printed in the source line of a brief. `is_declared` says
    that a declaration names it, so that it has to have rows.
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
    is_declared: bool = False
