"""The names of the files of a snapshot."""

from city_briefs.model.table import Table
from city_briefs.model.tables import REGIONS


def file_name(table: Table) -> str:
    """Return the name of the file of a table."""
    return f"{table.name}.csv" if table is REGIONS else f"{table.name}.parquet"
