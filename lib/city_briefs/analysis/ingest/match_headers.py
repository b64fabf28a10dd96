"""Headers of a raw table, matched with the columns of its table: the header row, the units, and the first row of data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from city_briefs.analysis.ingest import column_units, personal_data, stated_units, units
from city_briefs.analysis.ingest.batch import REASON
from city_briefs.analysis.ingest.column_units import NumberColumn
from city_briefs.analysis.ingest.headings import (
    BRACKETED,
    HEADING,
    REST,
    columns_by_header,
    heading,
    identify,
    normalized_header,
)
from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.source_sheet import SourceSheet
from city_briefs.analysis.ingest.units import Unit
from city_briefs.analysis.validation.finding import Finding, RuleFindings, shortened
from city_briefs.common.errors import DataError, nearest, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.model.table import Column

INSTRUCTIONS = "填报说明"  # the sheet of a template with the instructions, which holds no data
LISTS = "选项"  # the hidden sheet of a template with its drop-down lists, of which a cell itself holds 255 characters at most
FAULTS = "问题清单"  # the sheet of a marked copy with the list of faults
QUIET = {"序号", "file", "sheet", "row", REASON}  # columns with the number or the place of a row; dropped without a warning
UNIT_COLUMNS = ("计量单位", "金额单位", "数据单位", "数值单位")  # headers of a column with the unit of each row
MAYBE_UNIT_COLUMN = "单位"
SHOWN = 20  # headers that a message lists


@dataclass(frozen=True)
class MatchedColumn:
    """A column of a raw table: its name there, its header as it was sent, and the unit of its numbers.

    `stated` are the units that the file gives for a column whose unit differs by row; there may be several.
    """

    raw_name: str
    header: str
    unit: Unit = units.ONE
    stated: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class HeaderMatch:
    """The matched columns by the names of the table's columns; `first_row` is the number of the first row of data.

    A column of the table that is missing in `columns` is a constant or empty. `unknown_columns` are not kept, and
    `rule_findings` has a warning for each. `unit_column` gives the unit of each row; None without one.
    """

    first_row: int
    columns: Mapping[str, MatchedColumn]
    unknown_columns: tuple[MatchedColumn, ...]
    rule_findings: tuple[RuleFindings, ...]
    unit_column: MatchedColumn | None = None

    def sheet(self, raw_table: RawTable) -> SourceSheet:
        """Return the sheet that the rows of the raw table are read from, with the letters of the matched columns."""
        letters = (
            {} if raw_table.typed or not raw_table.sheet else {name: column.raw_name for name, column in self.columns.items()}
        )
        constants = {name for name, mapping in raw_table.source.columns.items() if mapping.constant}
        return SourceSheet(raw_table.source, raw_table.sheet, letters, frozenset({*self.columns, *constants}))


def match(raw_table: RawTable) -> HeaderMatch | None:
    """Match the headers of a raw table; None when it has no cells, or is a sheet of instructions.

    Raises:
        DataError: there is no header row, a required column is missing, a column stands twice, one holds personal data, or
            the units are in doubt.
    """
    if raw_table.sheet in (INSTRUCTIONS, FAULTS) or not (raw_table.typed or any(_n_filled(row) for row in raw_table.head)):
        return None
    head = heading(raw_table)
    headers = head.headers
    columns, number_columns = _matched_columns(raw_table, headers)
    _check_complete(raw_table, headers, columns)
    unit_column = _unit_column(raw_table, headers, columns) if number_columns else None
    matched = {column.raw_name for column in columns.values()}
    dropped = {normalized_header(header) for header in raw_table.source.drop}
    unmatched = [
        MatchedColumn(at, header)
        for at, header in zip(raw_table.names, headers, strict=True)
        if header and at not in matched and normalized_header(header) not in dropped
    ]
    stated = [*head.stated, *column_units.around(raw_table, head.first_row)]
    for column in list(unmatched) if not raw_table.typed else ():
        if lines := [unit for unit in stated_units.in_text(raw_table, column.header, HEADING, alone=False) if unit.explicit]:
            stated += lines
            unmatched.remove(column)
    declared = [columns[name] for name, mapping in raw_table.source.columns.items() if mapping.header]
    for column in (*declared, *unmatched):
        if personal_data.is_personal_header(column.header):
            header = shortened(column.header)
            raise personal_data_error(raw_table, column, chosen(f"'{header}' is personal data", f"“{header}”是个人信息"))
    unknown = [column for column in unmatched if normalized_header(column.header) not in QUIET and column != unit_column]
    units_by_name = column_units.by_column(raw_table, number_columns, stated)
    for name, given in units_by_name.items():
        columns[name] = replace(columns[name], unit=given[0] if len(given) == 1 else units.ONE, stated=given)
    return HeaderMatch(
        head.first_row,
        columns,
        tuple(unmatched),
        (
            *(_unknown_column_finding(raw_table, column, columns) for column in unknown),
            *(() if unit_column else column_units.no_unit_findings(raw_table, number_columns, units_by_name)),
        ),
        unit_column,
    )


def personal_data_error(raw_table: RawTable, column: MatchedColumn, reason: str) -> DataError:
    """Return the error for a column with personal data: its place, and the remedy."""
    where = f"column {column.raw_name}" if not raw_table.typed else f"column {column.header}"
    where_zh = f"{column.raw_name}列" if not raw_table.typed else f"“{column.header}”栏"
    quoted_header = column.header.replace("\\", "\\\\").replace('"', '\\"')
    return DataError(
        chosen(
            f"{raw_table.name}, {where}: {reason}, which no snapshot holds. "
            f'Leave the column out, or have it left out: drop = ["{quoted_header}"] in sources.toml.',
            f"{raw_table.name_zh}{where_zh}：{reason}，按规定不予接收。"
            f'请删去该栏，或在sources.toml中写drop = ["{quoted_header}"]。',
        )
    )


def _matched_columns(raw_table: RawTable, headers: list[str]) -> tuple[dict[str, MatchedColumn], list[NumberColumn]]:
    """Return the matched columns of the table by name, and those of numbers with the units that are given for each.

    Raises:
        DataError: a column stands twice.
    """
    table, source = raw_table.source.table, raw_table.source
    table_columns = {column.name: column for column in table.columns}
    declared = {normalized_header(mapping.header): name for name, mapping in source.columns.items() if mapping.header}
    dropped = {normalized_header(header) for header in source.drop}
    columns: dict[str, MatchedColumn] = {}
    number_columns: list[NumberColumn] = []
    for raw_name, header in zip(raw_table.names, headers, strict=True):
        normalized = normalized_header(header)
        identified = identify(header, table) if header and normalized not in dropped else None
        if normalized in declared:
            column = table_columns[declared[normalized]]
            unit, own = _declared_unit(source, column), _units_in_header(raw_table, normalized, column)
        elif identified and identified[0].name not in source.columns:
            column, unit, own = identified[0], None, identified[1]
        else:
            continue
        if column.name in columns:
            other = columns[column.name]
            raise DataError(
                chosen(
                    f"{raw_table.name}: the columns {other.raw_name} ('{shortened(other.header)}') and "
                    f"{raw_name} ('{shortened(header)}') are "
                    f"both {column.name}. Keep the one that is right, or give each table a sheet of its own.",
                    f"{raw_table.name_zh}：{other.raw_name}列（{shortened(other.header)}）与{raw_name}列"
                    f"（{shortened(header)}）都是{column.name}，请保留正确的一列，或将两张表分放在两张工作表中。",
                )
            )
        columns[column.name] = MatchedColumn(raw_name, header)
        if units.is_number(column) and column.name != "year":
            number_columns.append(NumberColumn(column, raw_name, header, unit, own))
    return columns, number_columns


def _declared_unit(source: DataSource, column: Column) -> Unit | None:
    """Return the unit that is declared for a column; None when none is."""
    return units.unit(source.columns[column.name].unit, column) if source.columns[column.name].unit else None


def _units_in_header(raw_table: RawTable, header: str, column: Column) -> tuple[Unit, ...]:
    """Return the units in the brackets of a header that is declared, or the one behind its name; empty without one.

    Raises:
        DataError: the brackets hold a unit that is not known, or that the column cannot be in.
    """
    if bracketed := BRACKETED.fullmatch(header):
        words = stated_units.word_list(bracketed[2])
        fitting = tuple(unit for word in words if (unit := units.unit(word, column)))
        if units.is_number(column) and not fitting and (words or stated_units.names_unit(bracketed[2])):
            raise stated_units.unknown_unit(raw_table, bracketed[2], HEADING)
        return fitting
    behind = max((word for word in units.of_column(column) if header.endswith(word)), key=len, default="")
    unit = units.UNITS.get(behind)
    return (unit,) if unit and unit.factor != 1 else ()


def _unit_column(raw_table: RawTable, headers: list[str], columns: Mapping[str, MatchedColumn]) -> MatchedColumn | None:
    """Return the column that gives the unit of each row; None without one.

    A column 单位 is one only when it has units, since offices are 单位 too.
    """
    matched, dropped = (
        {column.raw_name for column in columns.values()},
        {normalized_header(name) for name in raw_table.source.drop},
    )
    for at, (raw_name, header) in enumerate(zip(raw_table.names, headers, strict=True)):
        text = normalized_header(header)
        if raw_name in matched or text in dropped or text not in (*UNIT_COLUMNS, MAYBE_UNIT_COLUMN):
            continue
        cells = [row[at] for row in (*raw_table.head, *raw_table.foot) if row[at] and normalized_header(row[at] or "") != text]
        if text in UNIT_COLUMNS or any(units.named(cell or "") for cell in cells):
            return MatchedColumn(raw_name, header)
    return None


def _check_complete(raw_table: RawTable, headers: list[str], columns: Mapping[str, MatchedColumn]) -> None:
    """Check that every required and every declared column is there.

    Raises:
        DataError: a column is missing.
    """
    filled = [shortened(text) for text in headers if text]
    has = f"It has {', '.join(filled) if len(filled) <= SHOWN else f'{len(filled):,} others'}."
    has_zh = f"已有{'、'.join(filled) if len(filled) <= SHOWN else f'其他{len(filled)}栏'}。"
    for name, mapping in raw_table.source.columns.items():
        if mapping.header and name not in columns:
            raise DataError(
                chosen(
                    f"{raw_table.name}: there is no column '{mapping.header}', which sources.toml names for {name}. {has}"
                    f"{suggestion(mapping.header, headers)}",
                    f"{raw_table.name_zh}：没有sources.toml为{name}写明的“{mapping.header}”栏。{has_zh}"
                    f"{suggestion_zh(mapping.header, headers)}",
                )
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
    missing_zh = "、".join(f"{column.meaning_zh}（{column.name}）" for column in missing)
    hint_zh = f"是不是“{similar}”？是则请改名，或在sources.toml中说明。" if similar else ""
    raise DataError(
        chosen(
            f"{raw_table.name}: there is no column {missing_names}. {has}{hint}",
            f"{raw_table.name_zh}：缺少{missing_zh}栏。{has_zh}{hint_zh}",
        )
    )


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
