"""Rows of the CSV files that an office keeps, by their columns."""

import csv
import io
from collections.abc import Mapping, Sequence

from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

ENCODINGS = ("utf-8-sig", "gb18030")  # as offices save


def read(
    content: bytes, name: str, columns: Sequence[str], remedy: str, aliases: Mapping[str, str] | None = None
) -> list[tuple[int, dict[str, str]]]:
    """Return each row with its number, that of the head being 1: its cells by column, stripped; rows that are empty are left out.

    Columns of the office's own are not read. `name` is that of the file, `remedy` what to do about a row with too many cells, in the
    language of messages. `aliases` are other words for columns that may stand in the head.

    Raises:
        DataError: the encoding is neither of two, a column is not there once, a row has more cells than there are columns.
    """
    try:
        rows = list(csv.reader(io.StringIO(_text(content, name), newline=""))) or [[]]
    except csv.Error as error:
        raise DataError(
            chosen(
                f"{name} cannot be read: {error}. Save it again as CSV in UTF-8.",
                f"{name}无法读取：{error}。请另存为UTF-8编码的CSV。",
            )
        ) from None
    head = [(aliases or {}).get(cell.strip(), cell.strip()) for cell in rows[0]]
    for column in columns:
        if head.count(column) != 1:
            how, how_zh = ("twice", f"有两个{column}栏") if column in head else ("not at all", f"没有{column}栏")
            raise DataError(
                chosen(
                    f"{name} has the column {column} {how}. Its columns are {', '.join(columns)}.",
                    f"{name}{how_zh}。各栏应为{'、'.join(columns)}。",
                )
            )
    named = []
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row[len(head) :]):
            raise DataError(
                chosen(
                    f"{name}, row {number} has more cells than there are columns. {remedy}",
                    f"{name}第{number}行的单元格多于栏数。{remedy}",
                )
            )
        cells = {column: cell.strip() for column, cell in zip(head, row, strict=False)}
        if any(cells.values()):
            named.append((number, {column: cells.get(column, "") for column in columns}))
    return named


def _text(content: bytes, name: str) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(
        chosen(
            f"{name} is neither UTF-8 nor GB18030. Save it again as CSV in UTF-8.",
            f"{name}的编码既不是UTF-8也不是GB18030。请另存为UTF-8编码的CSV。",
        )
    )
