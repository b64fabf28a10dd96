"""Readers of files and databases: CSV, workbooks, Parquet and PostgreSQL become raw tables, or are refused."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.readers import csv, parquet, postgres, workbook
from city_briefs.analysis.ingest.source import DataSource, Kind
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

READERS: dict[Kind, Callable[[DataSource], Iterator[RawTable]]] = {
    "csv": csv.raw_tables,
    "xlsx": workbook.raw_tables,
    "parquet": parquet.raw_tables,
    "postgres": postgres.raw_tables,
}


def raw_tables(source: DataSource) -> Iterator[RawTable]:
    """Yield the raw tables of a source, one per sheet.

    Raises:
        DataError: the source is no table, at once or further down.
    """
    if isinstance(source.location, Path):
        _check_place(source.name, source.location)
    yield from READERS[source.kind](source)


def _check_place(name: str, place: Path) -> None:
    """Check that a file is there, inside the folder that was named, and not empty. `name` is its path below that folder.

    Raises:
        DataError: it is not.
    """
    if not place.is_file():
        raise DataError(
            chosen(
                f"{name} is not there, or is no file. Name a file or a folder.", f"{name}不存在或不是文件，请写明文件或文件夹。"
            )
        )
    folder = place.absolute().parents[len(Path(name).parts) - 1]
    if not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(folder)):
        raise DataError(
            chosen(
                f"{name} is a link out of its folder. Put the file itself there.",
                f"{name}是指向文件夹以外的链接，请放入文件本身。",
            )
        )
    if not place.stat().st_size:
        raise DataError(
            chosen(f"{name} is empty. Send a file with a heading and rows.", f"{name}是空文件，请报送有表头和数据行的文件。")
        )
