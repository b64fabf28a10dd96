"""The heading of a raw_table: which column of it is which column of the table, in what unit, and where the rows begin."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from unicodedata import normalize

from city_briefs.analysis.ingest import personal_data, units
from city_briefs.analysis.ingest.batch import REASON
from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.staging import SourceSheet
from city_briefs.analysis.ingest.units import Unit
from city_briefs.analysis.validation.finding import Finding, RuleFindings, shortened
from city_briefs.common.errors import DataError, nearest
from city_briefs.model.tables import Column, Table

REGION = ("地区", "市州", "区域")  # what offices call the column of regions, besides 地区代码
INSTRUCTIONS = "填报说明"  # the sheet of a template that explains and holds no data
FAULTS = "问题清单"  # the sheet of a copy sent back that lists what is wrong with the others
QUIET = {"序号", "file", "sheet", "row", REASON}  # that number rows or say where a rejected one came from; not kept and not told
REST = re.compile(r"（[^（]*）$|\s*YYYY.*$")  # of a meaning, what a heading may leave out
BRACKETED = re.compile(r"(.+)\((.+)\)")
UNIT_LINE = re.compile(r"(?:金额|计量)?单位:(.+?)\)?")
SHOWN = 20  # headings that a message lists


@dataclass(frozen=True)
class MatchedColumn:
    """A column of the raw_table: its name there, its heading as it was sent, and the unit of its numbers."""

    raw_name: str
    header: str
    unit: Unit = units.ONE


@dataclass(frozen=True)
class HeaderMatch:
    """Where each column of the table is found; `first` is the number of the first row under the heading.

    A column of the table that is not in `places` is a constant or empty. `unknown` columns are not kept, which `faults` says.
    """

    first_row: int
    columns: Mapping[str, MatchedColumn]
    unknown_columns: tuple[MatchedColumn, ...]
    rule_findings: tuple[RuleFindings, ...]

    def sheet(self, raw_table: RawTable) -> SourceSheet:
        """Where the rows of its raw_table are read from."""
        letters = (
            {} if raw_table.typed or not raw_table.sheet else {name: column.raw_name for name, column in self.columns.items()}
        )
        return SourceSheet(raw_table.source, raw_table.sheet, letters)


def match(raw_table: RawTable) -> HeaderMatch | None:
    """The heading of a raw_table; None when it holds nothing, or instructions.

    A heading that cannot be found, lacks a required column, has one twice or names persons is a DataError.
    """
    if raw_table.sheet in (INSTRUCTIONS, FAULTS) or not (raw_table.typed or any(_filled_count(row) for row in raw_table.head)):
        return None
    first, labels = (1, list(raw_table.names)) if raw_table.typed else _header_row(raw_table)
    above = [] if raw_table.typed else [cell for row in raw_table.head[: first - 1] for cell in row if cell]
    places = _matched_columns(raw_table, labels, above)
    _check_complete(raw_table, labels, places)
    found = {column.raw_name for column in places.values()}
    dropped = {normalized_header(label) for label in raw_table.source.drop}
    rest = [
        MatchedColumn(at, label)
        for at, label in zip(raw_table.names, labels, strict=True)
        if label and at not in found and normalized_header(label) not in dropped
    ]
    declared = [places[name] for name, mapping in raw_table.source.columns.items() if mapping.header]
    for column in (*declared, *rest):
        if personal_data.is_heading(column.header):
            raise personal_data_error(raw_table, column, f"'{shortened(column.header)}' is personal data")
    unknown = [column for column in rest if normalized_header(column.header) not in QUIET]
    return HeaderMatch(
        first, places, tuple(rest), tuple(_unknown_column_finding(raw_table, column, places) for column in unknown)
    )


def personal_data_error(raw_table: RawTable, column: MatchedColumn, what: str) -> DataError:
    """That a column holds personal data, where, and the remedy."""
    where = f"column {column.raw_name}" if not raw_table.typed else f"column {column.header}"
    heading = column.header.replace("\\", "\\\\").replace('"', '\\"')
    return DataError(
        f"{raw_table.name}, {where}: {what}, which no snapshot holds. "
        f'Leave the column out, or have it left out: drop = ["{heading}"] in sources.toml.'
    )


def normalized_header(label: str) -> str:
    """A heading without what does not tell it from another: case, width, blanks."""
    return "".join(normalize("NFKC", label).casefold().split())


def possible_headers(column: Column) -> Iterator[str]:
    """What the heading of a column may be."""
    short = REST.sub("", column.meaning_zh)
    yield from (column.name, column.meaning_zh, short, *short.split(" / "))
    if column.name == "region":
        yield from REGION


@cache
def columns_by_header(table: Table) -> dict[str, tuple[Column, Unit | None]]:
    """The columns of a table by every heading they may have; the unit, too, where the heading says it."""
    found: dict[str, tuple[Column, Unit | None]] = {}
    for column in table.columns:
        own = units.UNITS.get(units.base(column), units.ONE)
        said = {column.name, column.meaning_zh} if units.base(column) else set()
        found |= {normalized_header(title): (column, own if title in said else None) for title in possible_headers(column)}
        if column.meaning_zh in units.UNITS:
            found |= {word: (column, units.UNITS[word]) for word in units.of_column(column)}
    return found


def _identify_column(label: str, table: Table) -> tuple[Column, Unit | None] | None:
    """The column of the table that a heading names, with the unit in its bracket."""
    by_title, text = columns_by_header(table), normalized_header(label)
    if text in by_title:
        return by_title[text]
    if (found := BRACKETED.fullmatch(text)) and found[1] in by_title:
        column = by_title[found[1]][0]
        unit = units.unit(found[2], column)
        return (column, unit) if unit else None
    return None


def _header_row(raw_table: RawTable) -> tuple[int, list[str]]:
    """The number of the first row of data, and the headings above it, which may stand in two lines."""
    rows = [[(cell or "").strip() for cell in row] for row in raw_table.head]
    found = [(_score(raw_table.source, row), 1, number + 1, row) for number, row in enumerate(rows, start=1)]
    for number, (above, below) in enumerate(pairwise(rows), start=1):
        joined = [_join_header_lines(raw_table.source, *pair) for pair in zip(above, below, strict=True)]
        found.append((_score(raw_table.source, joined), 0, number + 2, joined))
    score, _, first, labels = max(found, key=lambda one: one[:2])
    if not score[0]:
        wanted = ", ".join(f"{column.meaning_zh} ({column.name})" for column in raw_table.source.table.columns if column.required)
        raise DataError(
            f"{raw_table.name}: there is no heading in the first {len(raw_table.head)} rows. Put one above the rows, with {wanted}; "
            "or say in sources.toml which heading means which column, or which sheet is meant."
        )
    return first, labels


def _score(source: DataSource, labels: list[str]) -> tuple[int, int]:
    """How many columns of the table some headings name, and how many units."""
    known = [found for label in labels if label and (found := _identify_column(label, source.table))]
    return len(_named_columns(source, labels)), sum(unit is not None for _, unit in known)


def _join_header_lines(source: DataSource, above: str, below: str) -> str:
    """What a heading of two lines says: both together where that names a column, or the line that does."""
    both = f"{above}（{below}）" if below in units.UNITS else above + below
    return next((label for label in (both, below, above) if _named_columns(source, [label])), above if above == below else both)


def _named_columns(source: DataSource, labels: list[str]) -> set[str]:
    """The columns of the table that these headings name."""
    declared = {normalized_header(mapping.header): name for name, mapping in source.columns.items() if mapping.header}
    named = {
        normalized_header(label): found[0].name for label in labels if label and (found := _identify_column(label, source.table))
    }
    return {name for label in map(normalized_header, labels) if (name := declared.get(label) or named.get(label))}


def _matched_columns(raw_table: RawTable, labels: list[str], above: list[str]) -> dict[str, MatchedColumn]:
    """Where the columns of the table are; one that is there twice is personal_data_error."""
    table, lines = raw_table.source.table, _units_above(raw_table, above)
    columns = {column.name: column for column in table.columns}
    declared = {normalized_header(mapping.header): name for name, mapping in raw_table.source.columns.items() if mapping.header}
    dropped = {normalized_header(label) for label in raw_table.source.drop}
    places: dict[str, MatchedColumn] = {}
    for at, label in zip(raw_table.names, labels, strict=True):
        text = normalized_header(label)
        named = _identify_column(label, table) if label and text not in dropped else None
        if text in declared:
            name = declared[text]
            unit = _declared_unit(raw_table.source, columns[name], text)
        elif named and named[0].name not in raw_table.source.columns:
            name, unit = named[0].name, named[1]
        else:
            continue
        if name in places:
            raise DataError(
                f"{raw_table.name}: the columns {places[name].raw_name} ('{shortened(places[name].header)}') and {at} ('{shortened(label)}') are "
                f"both {name}. Keep the one that is right, or give each table a sheet of its own."
            )
        places[name] = MatchedColumn(
            at, label, unit or next((line for line in lines if units.may_be(columns[name], line)), units.ONE)
        )
    return places


def _declared_unit(source: DataSource, column: Column, heading: str) -> Unit | None:
    """The unit that the declaration of a column gives, else the one in its heading's bracket."""
    bracket = BRACKETED.fullmatch(heading)
    return units.unit(source.columns[column.name].unit or (bracket[2] if bracket else ""), column)


def _units_above(raw_table: RawTable, above: list[str]) -> list[Unit]:
    """The units said above the table, as in 单位：万元; one that looks like a unit and is none is personal_data_error."""
    found = []
    for text in above:
        if line := UNIT_LINE.fullmatch(normalized_header(text).strip("()")):
            for word in re.split("[、,;]", line[1]):
                if word in units.UNITS:
                    found.append(units.UNITS[word])
                elif word.endswith(("元", "吨", "户", "件")):
                    raise DataError(
                        f"{raw_table.name}: the unit '{shortened(word)}' above the table is not known. Write it as 元, 万元 or 亿元."
                    )
    return found


def _check_complete(raw_table: RawTable, labels: list[str], places: Mapping[str, MatchedColumn]) -> None:
    """Refuse a raw_table without a column that is required, or that its declaration names."""
    has = f"It has {', '.join(shortened(label) for label in labels if label) if _filled_count(labels) <= SHOWN else f'{_filled_count(labels):,} others'}."
    for name, mapping in raw_table.source.columns.items():
        if mapping.header and name not in places:
            near = nearest(mapping.header, labels)
            raise DataError(
                f"{raw_table.name}: there is no column '{mapping.header}', which sources.toml names for {name}. {has}"
                + (f" Did you mean {near}?" if near else "")
            )
    taken = {column.header for column in places.values()}
    missing = [
        column
        for column in raw_table.source.table.columns
        if column.required and column.name not in {*places, *_constant_columns(raw_table)}
    ]
    if not missing:
        return
    near = nearest(REST.sub("", missing[0].meaning_zh), [label for label in labels if label and label not in taken])
    said = ", ".join(f"{column.meaning_zh} ({column.name})" for column in missing)
    hint = f" Is it '{near}'? Then name it so, or say so in sources.toml." if near else ""
    raise DataError(f"{raw_table.name}: there is no column {said}. {has}{hint}")


def _constant_columns(raw_table: RawTable) -> set[str]:
    return {name for name, mapping in raw_table.source.columns.items() if not mapping.header}


def _unknown_column_finding(raw_table: RawTable, column: MatchedColumn, places: Mapping[str, MatchedColumn]) -> RuleFindings:
    """That a column is not kept."""
    table = raw_table.source.table
    near = nearest(
        normalized_header(column.header),
        [title for title, (column, _) in columns_by_header(table).items() if column.name not in places],
    )
    hint = f"Did you mean {near}?" if near else "Leave it out, or say in sources.toml which column it is."
    text = f"{raw_table.name}: the column '{shortened(column.header)}' is not one of {table.name} and is not kept. {hint}"
    cell = "" if raw_table.typed or not raw_table.sheet else column.raw_name
    one = Finding(
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
    return RuleFindings([one], 1)


def _filled_count(row: list[str] | tuple[str | None, ...]) -> int:
    return sum(bool(cell and cell.strip()) for cell in row)
