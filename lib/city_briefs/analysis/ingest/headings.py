"""The heading of a raw table: its rows, the column of the table that each header names, and the units that it states."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from city_briefs.analysis.ingest import stated_units, units
from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.stated_units import Place, StatedUnit
from city_briefs.analysis.ingest.units import Unit
from city_briefs.common.characters import folded
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.model.table import Column, Table

REGION = ("地区", "市州", "区域")  # headers of the column of regions, besides 地区代码
REST = re.compile(r"（[^（]*）$|\s*YYYY.*$")  # the part of a column's meaning that a header may leave out
BRACKETED = re.compile(r"(.+)\((.+)\)")
BEFORE_A_UNIT = "/:,、-_ "  # between a header and its unit, besides brackets: 罚款/万元
BESIDE_UNITS = {"单位", "计量单位", "金额单位", "-", "—", "/", "空"}  # cells of a line of units that hold none
HEADING, ABOVE = Place("in the heading", "表头中"), Place("above the table", "表格上方")
Rows = list[list[str]]


@dataclass(frozen=True)
class Heading:
    """The heading of a raw table: the number of the first row of data, the headers, and the units stated in lines around it."""

    first_row: int
    headers: list[str]
    stated: tuple[StatedUnit, ...] = ()


def normalized_header(header: str) -> str:
    """Return a header without what does not tell it from another: case, width, blanks, and what nobody sees."""
    return folded(header)


def possible_headers(column: Column) -> Iterator[str]:
    """Yield all headers that a column may have."""
    short = REST.sub("", column.meaning_zh)
    yield from (column.name, column.meaning_zh, short, *short.split(" / "))
    if column.name == "region":
        yield from REGION


@cache
def columns_by_header(table: Table) -> dict[str, tuple[Column, Unit | None]]:
    """Return the columns of a table by every header that they may have, normalized.

    Each column comes with the unit that the header states, None where it states none.
    """
    by_header: dict[str, tuple[Column, Unit | None]] = {}
    for column in table.columns:
        unit = units.UNITS.get(units.base(column), units.ONE)
        with_unit = {column.name, *([column.meaning_zh] if "（" in column.meaning_zh else [])} if units.base(column) else set()
        by_header |= {
            normalized_header(title): (column, unit if title in with_unit else None) for title in possible_headers(column)
        }
        if column.meaning_zh in units.UNITS:
            by_header |= {word: (column, units.UNITS[word]) for word in units.of_column(column)}
    return by_header


def identify(header: str, table: Table) -> tuple[Column, tuple[Unit, ...]] | None:
    """Return the column that a header names, with the units that it states; None when it names no column.

    It states a unit in brackets or behind the name: 罚款（万元）, 罚款/万元, 罚款万元.
    """
    by_header, text = columns_by_header(table), normalized_header(header).translate(units.FORMS)
    if text in by_header:
        column, unit = by_header[text]
        return column, (unit,) if unit else ()
    bracketed = BRACKETED.fullmatch(text)
    title, words = (bracketed[1], bracketed[2]) if bracketed else _title_and_rest(text, by_header)
    if title not in by_header:
        return None
    column = by_header[title][0]
    found = [units.unit(word, column) for word in stated_units.word_list(words)]
    stated = tuple(unit for unit in found if unit)
    several = len(stated) > 1 and units.base(column)
    return (column, stated) if stated and len(stated) == len(found) and not several else None


def _title_and_rest(text: str, by_header: dict[str, tuple[Column, Unit | None]]) -> tuple[str, str]:
    """Return the longest header with which a text begins, and what follows it."""
    title = max((title for title in by_header if text.startswith(title)), key=len, default="")
    return title, text[len(title) :].lstrip(BEFORE_A_UNIT)


def heading(raw_table: RawTable) -> Heading:
    """Return the heading of a raw table, which may take up two rows, and a third with units.

    Raises:
        DataError: there is none, or a line around it states a unit that is not known.
    """
    if raw_table.typed:
        return Heading(1, list(raw_table.names))
    rows = [[(cell or "").strip() for cell in row] for row in raw_table.head]
    candidates = [(_score(raw_table.source, row), 1, number, row) for number, row in enumerate(rows, start=1)]
    for number, (upper, lower) in enumerate(pairwise(rows), start=1):
        headers = [_join_header_lines(raw_table.source, *pair) for pair in zip(upper, lower, strict=True)]
        candidates.append(((len(named_columns(raw_table.source, headers)), 0), 0, number, headers))
    score, is_single, start, headers = max(candidates, key=lambda candidate: candidate[:2])
    if not score[0]:
        wanted = ", ".join(f"{column.meaning_zh} ({column.name})" for column in raw_table.source.table.columns if column.required)
        wanted_zh = "、".join(column.meaning_zh for column in raw_table.source.table.columns if column.required)
        raise DataError(
            chosen(
                f"{raw_table.name}: there is no heading in the first {len(raw_table.head)} rows. "
                f"Put one above the rows, with {wanted}; "
                "or say in sources.toml which heading means which column, or which sheet is meant.",
                f"{raw_table.name_zh}：前{len(raw_table.head)}行中没有表头。请在数据上方写明表头（{wanted_zh}），"
                "或在sources.toml中说明各栏对应的表头、所用的工作表。",
            )
        )
    first = start + 1 if is_single else start + 2
    unit_row = _units_below(raw_table, rows[first - 1], first) if _is_unit_row(rows, first) else []
    lower_row = [] if is_single else _units_below(raw_table, rows[start], start + 1)
    stated = [*unit_row, *lower_row, *_units_above(raw_table, rows, start, is_upper=not is_single)]
    return Heading(first + bool(unit_row), headers, tuple(stated))


def _units_above(raw_table: RawTable, rows: Rows, start: int, *, is_upper: bool) -> Iterator[StatedUnit]:
    """Yield the units in the rows above the heading, which begins in row `start`, and in its upper row where it has two.

    A unit in brackets behind a word just above some columns is that of these columns: 金额（万元） above 罚款 and 没收. It is
    so to the next filled cell. Any other unit is that of the whole table.
    """
    last = start if is_upper else start - 1
    for number, row in enumerate(rows[:last], start=1):
        alone = [stated_units.whole(cell) for cell in row]
        apart = len({tuple(words) for words in alone if words}) > 1
        for at, text in _first_cells(row):
            if is_upper and number == last and identify(text, raw_table.source.table):
                continue
            place = replace(ABOVE, cell=_cell(raw_table, at, number))
            following = f" {row[at + 1]}" if text.rstrip(":： ").endswith("单位") and at + 1 < len(row) else ""
            for unit in stated_units.in_text(raw_table, text + following, place):
                is_of_columns = number >= start - 1 and at and not unit.explicit and (apart or not alone[at])
                yield replace(unit, columns=_columns_below(raw_table, row, at)) if is_of_columns else unit


def _first_cells(row: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the filled cells of a row with their places; merged cells, which are repeated, once."""
    for at, text in enumerate(row):
        if text and not (at and row[at - 1] == text):
            yield at, text


def _columns_below(raw_table: RawTable, row: list[str], at: int) -> frozenset[str]:
    """Return the letters of the columns that a cell of a row stands above: to the next that is filled otherwise."""
    end = next((further for further in range(at + 1, len(row)) if row[further] and row[further] != row[at]), len(row))
    return frozenset(raw_table.names[at:end])


def _is_unit_row(rows: Rows, number: int) -> bool:
    """Return whether a row holds nothing but units."""
    cells = [cell for cell in rows[number - 1] if cell and cell not in BESIDE_UNITS] if number <= len(rows) else []
    return bool(cells) and all(map(stated_units.whole, cells))


def _units_below(raw_table: RawTable, row: list[str], number: int) -> list[StatedUnit]:
    """Return the units that stand alone in the cells of a row of the heading, each for its column."""
    return [
        StatedUnit(
            word, unit, text, replace(HEADING, cell=_cell(raw_table, at, number)), columns=frozenset([name]), is_of_row=True
        )
        for at, (name, text) in enumerate(zip(raw_table.names, row, strict=True))
        for word in stated_units.whole(text)
        if (unit := units.named(word))
    ]


def _cell(raw_table: RawTable, at: int, row: int) -> str:
    """Return the name of a cell."""
    return f"{raw_table.names[at]}{row}"


def _score(source: DataSource, headers: list[str]) -> tuple[int, int]:
    """Return how many columns of the table these headers name, and how many units."""
    identified = [column_and_units for header in headers if header and (column_and_units := identify(header, source.table))]
    return len(named_columns(source, headers)), sum(bool(stated) for _, stated in identified)


def _join_header_lines(source: DataSource, upper: str, lower: str) -> str:
    """Return the header of two lines: both together if that names a column, else the line that does."""
    both = f"{upper}（{lower}）" if lower in units.UNITS else upper + lower
    return next((header for header in (both, lower, upper) if named_columns(source, [header])), upper if upper == lower else both)


def named_columns(source: DataSource, headers: list[str]) -> set[str]:
    """Return the names of the columns that these headers name."""
    declared = {normalized_header(mapping.header): name for name, mapping in source.columns.items() if mapping.header}
    named = {
        normalized_header(header): column_and_units[0].name
        for header in headers
        if header and (column_and_units := identify(header, source.table))
    }
    return {name for header in map(normalized_header, headers) if (name := declared.get(header) or named.get(header))}
