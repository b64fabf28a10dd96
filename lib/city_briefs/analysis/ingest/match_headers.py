"""Headers of a raw table, matched with the columns of its table: the header row, the units, and the first row of data."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from city_briefs.analysis.ingest import personal_data, units
from city_briefs.analysis.ingest.batch import REASON
from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.staging import SourceSheet
from city_briefs.analysis.ingest.units import Unit
from city_briefs.analysis.validation.finding import Finding, RuleFindings, shortened
from city_briefs.common.characters import folded
from city_briefs.common.errors import DataError, nearest
from city_briefs.model.tables import Column, Table

REGION = ("地区", "市州", "区域")  # headers of the column of regions, besides 地区代码
INSTRUCTIONS = "填报说明"  # the sheet of a template with the instructions, which holds no data
FAULTS = "问题清单"  # the sheet of a marked copy with the list of faults
QUIET = {"序号", "file", "sheet", "row", REASON}  # columns with the number or the place of a row; dropped without a warning
REST = re.compile(r"（[^（]*）$|\s*YYYY.*$")  # the part of a column's meaning that a header may leave out
BRACKETED = re.compile(r"(.+)\((.+)\)")
UNIT_LINE = re.compile(r"(?:金额|计量)?单位:(.+?)\)?")
SHOWN = 20  # headers that a message lists


@dataclass(frozen=True)
class MatchedColumn:
    """A column of a raw table: its name there, its header as it was sent, and the unit of its numbers."""

    raw_name: str
    header: str
    unit: Unit = units.ONE


@dataclass(frozen=True)
class HeaderMatch:
    """The matched columns by the names of the table's columns; `first_row` is the number of the first row of data.

    A column of the table that is missing in `columns` is a constant or empty. `unknown_columns` are not kept, and
    `rule_findings` has a warning for each.
    """

    first_row: int
    columns: Mapping[str, MatchedColumn]
    unknown_columns: tuple[MatchedColumn, ...]
    rule_findings: tuple[RuleFindings, ...]

    def sheet(self, raw_table: RawTable) -> SourceSheet:
        """Return the sheet that the rows of the raw table are read from, with the letters of the matched columns."""
        letters = (
            {} if raw_table.typed or not raw_table.sheet else {name: column.raw_name for name, column in self.columns.items()}
        )
        return SourceSheet(raw_table.source, raw_table.sheet, letters)


def match(raw_table: RawTable) -> HeaderMatch | None:
    """Match the headers of a raw table; None when it has no cells, or is a sheet of instructions.

    Raises:
        DataError: there is no header row, a required column is missing, a column stands twice, or one holds personal
            data.
    """
    if raw_table.sheet in (INSTRUCTIONS, FAULTS) or not (raw_table.typed or any(_n_filled(row) for row in raw_table.head)):
        return None
    first, headers = (1, list(raw_table.names)) if raw_table.typed else _header_row(raw_table)
    cells_above = [] if raw_table.typed else [cell for row in raw_table.head[: first - 1] for cell in row if cell]
    columns = _matched_columns(raw_table, headers, cells_above)
    _check_complete(raw_table, headers, columns)
    matched = {column.raw_name for column in columns.values()}
    dropped = {normalized_header(header) for header in raw_table.source.drop}
    unmatched = [
        MatchedColumn(at, header)
        for at, header in zip(raw_table.names, headers, strict=True)
        if header and at not in matched and normalized_header(header) not in dropped
    ]
    declared = [columns[name] for name, mapping in raw_table.source.columns.items() if mapping.header]
    for column in (*declared, *unmatched):
        if personal_data.is_personal_header(column.header):
            raise personal_data_error(raw_table, column, f"'{shortened(column.header)}' is personal data")
    unknown = [column for column in unmatched if normalized_header(column.header) not in QUIET]
    return HeaderMatch(
        first, columns, tuple(unmatched), tuple(_unknown_column_finding(raw_table, column, columns) for column in unknown)
    )


def personal_data_error(raw_table: RawTable, column: MatchedColumn, reason: str) -> DataError:
    """Return the error for a column with personal data: its place, and the remedy."""
    where = f"column {column.raw_name}" if not raw_table.typed else f"column {column.header}"
    quoted_header = column.header.replace("\\", "\\\\").replace('"', '\\"')
    return DataError(
        f"{raw_table.name}, {where}: {reason}, which no snapshot holds. "
        f'Leave the column out, or have it left out: drop = ["{quoted_header}"] in sources.toml.'
    )


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
        with_unit = {column.name, column.meaning_zh} if units.base(column) else set()
        by_header |= {
            normalized_header(title): (column, unit if title in with_unit else None) for title in possible_headers(column)
        }
        if column.meaning_zh in units.UNITS:
            by_header |= {word: (column, units.UNITS[word]) for word in units.of_column(column)}
    return by_header


def _identify_column(header: str, table: Table) -> tuple[Column, Unit | None] | None:
    """Return the column that a header names, with the unit in its brackets, else None; None when it names no column."""
    by_title, text = columns_by_header(table), normalized_header(header)
    if text in by_title:
        return by_title[text]
    if (match := BRACKETED.fullmatch(text)) and match[1] in by_title:
        column = by_title[match[1]][0]
        unit = units.unit(match[2], column)
        return (column, unit) if unit else None
    return None


def _header_row(raw_table: RawTable) -> tuple[int, list[str]]:
    """Return the number of the first row of data, and the headers above it, which may take up two rows."""
    rows = [[(cell or "").strip() for cell in row] for row in raw_table.head]
    candidates = [(_score(raw_table.source, row), 1, number + 1, row) for number, row in enumerate(rows, start=1)]
    for number, (upper, lower) in enumerate(pairwise(rows), start=1):
        headers = [_join_header_lines(raw_table.source, *pair) for pair in zip(upper, lower, strict=True)]
        candidates.append((_score(raw_table.source, headers), 0, number + 2, headers))
    score, _, first, best_headers = max(candidates, key=lambda candidate: candidate[:2])
    if not score[0]:
        wanted = ", ".join(f"{column.meaning_zh} ({column.name})" for column in raw_table.source.table.columns if column.required)
        raise DataError(
            f"{raw_table.name}: there is no heading in the first {len(raw_table.head)} rows. Put one above the rows, with {wanted}; "
            "or say in sources.toml which heading means which column, or which sheet is meant."
        )
    return first, best_headers


def _score(source: DataSource, headers: list[str]) -> tuple[int, int]:
    """Return how many columns of the table these headers name, and how many units."""
    identified = [column_and_unit for header in headers if header and (column_and_unit := _identify_column(header, source.table))]
    return len(_named_columns(source, headers)), sum(unit is not None for _, unit in identified)


def _join_header_lines(source: DataSource, upper: str, lower: str) -> str:
    """Return the header of two lines: both together if that names a column, else the line that does."""
    both = f"{upper}（{lower}）" if lower in units.UNITS else upper + lower
    return next(
        (header for header in (both, lower, upper) if _named_columns(source, [header])), upper if upper == lower else both
    )


def _named_columns(source: DataSource, headers: list[str]) -> set[str]:
    """Return the names of the columns that these headers name."""
    declared = {normalized_header(mapping.header): name for name, mapping in source.columns.items() if mapping.header}
    named = {
        normalized_header(header): column_and_unit[0].name
        for header in headers
        if header and (column_and_unit := _identify_column(header, source.table))
    }
    return {name for header in map(normalized_header, headers) if (name := declared.get(header) or named.get(header))}


def _matched_columns(raw_table: RawTable, headers: list[str], cells_above: list[str]) -> dict[str, MatchedColumn]:
    """Return the matched columns of the table by name.

    Raises:
        DataError: a column stands twice.
    """
    table, units_above = raw_table.source.table, _units_above(raw_table, cells_above)
    table_columns = {column.name: column for column in table.columns}
    declared = {normalized_header(mapping.header): name for name, mapping in raw_table.source.columns.items() if mapping.header}
    dropped = {normalized_header(header) for header in raw_table.source.drop}
    columns: dict[str, MatchedColumn] = {}
    for raw_name, header in zip(raw_table.names, headers, strict=True):
        normalized = normalized_header(header)
        identified = _identify_column(header, table) if header and normalized not in dropped else None
        if normalized in declared:
            name = declared[normalized]
            unit = _declared_unit(raw_table.source, table_columns[name], normalized)
        elif identified and identified[0].name not in raw_table.source.columns:
            name, unit = identified[0].name, identified[1]
        else:
            continue
        if name in columns:
            raise DataError(
                f"{raw_table.name}: the columns {columns[name].raw_name} ('{shortened(columns[name].header)}') and "
                f"{raw_name} ('{shortened(header)}') are "
                f"both {name}. Keep the one that is right, or give each table a sheet of its own."
            )
        columns[name] = MatchedColumn(
            raw_name,
            header,
            unit or next((unit_above for unit_above in units_above if units.may_be(table_columns[name], unit_above)), units.ONE),
        )
    return columns


def _declared_unit(source: DataSource, column: Column, header: str) -> Unit | None:
    """Return the unit that is declared for a column, else the one in the brackets of its header; None when there is neither."""
    bracket = BRACKETED.fullmatch(header)
    return units.unit(source.columns[column.name].unit or (bracket[2] if bracket else ""), column)


def _units_above(raw_table: RawTable, cells_above: list[str]) -> list[Unit]:
    """Return the units stated above the table, such as 单位：万元.

    Raises:
        DataError: a word looks like a unit and is not known.
    """
    stated = []
    for text in cells_above:
        if line := UNIT_LINE.fullmatch(normalized_header(text).strip("()")):
            for word in re.split("[、,;]", line[1]):
                if word in units.UNITS:
                    stated.append(units.UNITS[word])
                elif word.endswith(("元", "吨", "户", "件")):
                    raise DataError(
                        f"{raw_table.name}: the unit '{shortened(word)}' above the table is not known. Write it as 元, 万元 or 亿元."
                    )
    return stated


def _check_complete(raw_table: RawTable, headers: list[str], columns: Mapping[str, MatchedColumn]) -> None:
    """Check that every required and every declared column is there.

    Raises:
        DataError: a column is missing.
    """
    has = (
        f"It has "
        f"{', '.join(shortened(text) for text in headers if text) if _n_filled(headers) <= SHOWN else f'{_n_filled(headers):,} others'}."
    )
    for name, mapping in raw_table.source.columns.items():
        if mapping.header and name not in columns:
            similar = nearest(mapping.header, headers)
            raise DataError(
                f"{raw_table.name}: there is no column '{mapping.header}', which sources.toml names for {name}. {has}"
                + (f" Did you mean {similar}?" if similar else "")
            )
    matched_headers = {column.header for column in columns.values()}
    missing = [
        column
        for column in raw_table.source.table.columns
        if column.required and column.name not in {*columns, *_constant_columns(raw_table)}
    ]
    if not missing:
        return
    similar = nearest(
        REST.sub("", missing[0].meaning_zh), [header for header in headers if header and header not in matched_headers]
    )
    missing_names = ", ".join(f"{column.meaning_zh} ({column.name})" for column in missing)
    hint = f" Is it '{similar}'? Then name it so, or say so in sources.toml." if similar else ""
    raise DataError(f"{raw_table.name}: there is no column {missing_names}. {has}{hint}")


def _constant_columns(raw_table: RawTable) -> set[str]:
    """Return the names of the columns that are declared as constants."""
    return {name for name, mapping in raw_table.source.columns.items() if not mapping.header}


def _unknown_column_finding(raw_table: RawTable, column: MatchedColumn, columns: Mapping[str, MatchedColumn]) -> RuleFindings:
    """Return the warning that a column is not kept."""
    table = raw_table.source.table
    similar = nearest(
        normalized_header(column.header),
        [header for header, (column, _) in columns_by_header(table).items() if column.name not in columns],
    )
    hint = f"Did you mean {similar}?" if similar else "Leave it out, or say in sources.toml which column it is."
    text = f"{raw_table.name}: the column '{shortened(column.header)}' is not one of {table.name} and is not kept. {hint}"
    cell = "" if raw_table.typed or not raw_table.sheet else column.raw_name
    finding = Finding(
        "warning",
        table.name,
        None,
        column.header,
        "",
        "column unknown",
        text,
        file=raw_table.source.name,
        sheet=raw_table.sheet,
        cell=cell,
    )
    return RuleFindings([finding], 1)


def _n_filled(row: list[str] | tuple[str | None, ...]) -> int:
    """Return how many cells are not blank."""
    return sum(bool(cell and cell.strip()) for cell in row)
