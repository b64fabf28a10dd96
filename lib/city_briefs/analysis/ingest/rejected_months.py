"""Rejected rows by region and month, as far as their text tells: of what they are rows, nothing that was counted is complete."""

import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby

import pyarrow as pa

from city_briefs.analysis.ingest import dates, parse_values
from city_briefs.analysis.ingest.coverage import main_date
from city_briefs.analysis.ingest.misfit import Misfit
from city_briefs.analysis.ingest.parse_values import Parse, clean
from city_briefs.analysis.ingest.source import ColumnMapping
from city_briefs.analysis.ingest.source_sheet import SourceSheet
from city_briefs.analysis.ingest.staging import SHEET, StagingArea
from city_briefs.common.language import chosen
from city_briefs.common.periods import months_text
from city_briefs.common.regions import Regions
from city_briefs.model.table import Column
from city_briefs.model.tables import REJECTED, RETURNS, TABLES

IMPOSSIBLE_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月]\d")  # 2021-02-30: no date, and yet of a month
PLACES = 3  # regions with their months that a sentence names


@dataclass(frozen=True)
class RejectedRows:
    """Rejected rows of one table, region (its code) and month (YYYY-MM, empty where it cannot be read).

    `indicator` is the metric of rejected returns; empty where it cannot be read, and for other tables.
    """

    table: str
    region: str
    month: str
    indicator: str
    rows: int


def rejected_months(staging: StagingArea, regions: Regions, day: date) -> list[RejectedRows]:
    """Return the rejected rows of the tables that are reported by month, sorted; those whose region cannot be read are left out.

    A month after the declared period of its source, or after `day`, is none that can be read.
    """
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for table in dict.fromkeys(sheet.source.table for sheet in staging.sheets):
        if not (date_column := main_date(table)):
            continue
        names = ["region", date_column, *(["indicator"] if table is RETURNS else [])]
        rows = staging.lost_rows(table, names)
        texts = {
            (number, name): _RejectedTexts.of(name, staging.sheets[number], regions)
            for number in {row[SHEET] for row in rows}
            for name in names
        }
        for row in rows:
            value = {name: texts[row[SHEET], name].value(row[name]) for name in names}
            period = staging.sheet_of(row).source.period
            if region := value["region"]:
                month = value[date_column] if value[date_column] <= (period[1] if period else f"{day:%Y-%m}") else ""
                counts[table.name, region, month, value.get("indicator", "")] += row["rows"]
    return [RejectedRows(*key, rows) for key, rows in sorted(counts.items())]


def as_table(rejected: Iterable[RejectedRows]) -> pa.Table:
    """Return rejected rows in the schema of REJECTED."""
    return pa.Table.from_pylist(
        [{name: value or None for name, value in asdict(rows).items()} for rows in rejected], REJECTED.schema
    )


def uncovered_text(rejected: Iterable[RejectedRows], coverage: pa.Table, regions: Regions) -> str:
    """Return which regions and months are not covered because of rejected rows, in the language of messages; empty for none."""
    covered = {tuple(row.values()) for row in coverage.to_pylist()}
    open_rows = [rows for rows in rejected if not rows.month or (rows.table, rows.region, rows.month) not in covered]
    places = [(key, list(group)) for key, group in groupby(open_rows, key=lambda rows: (rows.table, rows.region))]
    texts = []
    for (table, region), group in places[:PLACES]:
        name = regions.by_code[region].name
        months = list(dict.fromkeys(rows.month for rows in group if rows.month))
        more = len(months) - 1
        english = (
            (months[0] + (f" and {more} more month{'s' * (more > 1)}" if more else ""))
            if months
            else "of no month that can be read"
        )
        chinese = f"{months_text(months)}" if months else "（月份无法识别）"
        texts.append(chosen(f"{table} {name} {english}", f"{TABLES[table].label}{name}{chinese}"))
    if left := len(places) - len(texts):
        texts.append(chosen(f"and {left} more", f"等{len(places)}处"))
    return chosen("; ", "；").join(texts)


@dataclass(frozen=True)
class _RejectedTexts:
    """The texts of one column of rejected rows of one sheet, read as the door reads them."""

    column: Column
    is_month: bool
    parsers: tuple[Parse, ...]

    @classmethod
    def of(cls, name: str, sheet: SourceSheet, regions: Regions) -> "_RejectedTexts":
        """Return what reads a column of a sheet.

        A row that was rejected after it was parsed has the text of the table, any other that of its source.
        """
        table = sheet.source.table
        column = next(column for column in table.columns if column.name == name)
        parse = parse_values.parser(column, regions)
        values = sheet.source.columns.get(name, ColumnMapping()).values
        return cls(column, name == main_date(table), (parse, parse_values.mapping_parser(values, parse)) if values else (parse,))

    def value(self, text: str | None) -> str:
        """Return the region code, the metric id or the month that a text stands for; empty when it cannot be read."""
        cell = clean(text or "")
        for parse in self.parsers:
            with suppress(Misfit):
                if cell and (value := parse(cell)):
                    return f"{value:%Y-%m}" if isinstance(value, date) else str(value)
        if not self.is_month:
            return ""
        impossible = IMPOSSIBLE_DAY.match(cell)
        return dates.month(f"{impossible[1]}-{impossible[2]}" if impossible else cell) or ""
