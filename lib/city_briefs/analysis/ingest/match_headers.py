"""The heading of a grid: which column of it is which column of the table, in what unit, and where the rows begin."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from unicodedata import normalize

from city_briefs.analysis.ingest import personal_data, units
from city_briefs.analysis.ingest.batch import REASON
from city_briefs.analysis.ingest.raw_table import Grid
from city_briefs.analysis.ingest.source import Source
from city_briefs.analysis.ingest.staging import Sheet
from city_briefs.analysis.ingest.units import Unit
from city_briefs.analysis.validation.finding import Faults, Finding, as_text
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
class Place:
    """A column of the grid: its name there, its heading as it was sent, and the unit of its numbers."""

    at: str
    heading: str
    unit: Unit = units.ONE


@dataclass(frozen=True)
class Heading:
    """Where each column of the table is found; `first` is the number of the first row under the heading.

    A column of the table that is not in `places` is a constant or empty. `unknown` columns are not kept, which `faults` says.
    """

    first: int
    places: Mapping[str, Place]
    unknown: tuple[Place, ...]
    faults: tuple[Faults, ...]

    def sheet(self, grid: Grid) -> Sheet:
        """Where the rows of its grid are read from."""
        letters = {} if grid.typed or not grid.sheet else {name: place.at for name, place in self.places.items()}
        return Sheet(grid.source, grid.sheet, letters)


def match(grid: Grid) -> Heading | None:
    """The heading of a grid; None when it holds nothing, or instructions.

    A heading that cannot be found, lacks a required column, has one twice or names persons is a DataError.
    """
    if grid.sheet in (INSTRUCTIONS, FAULTS) or not (grid.typed or any(_filled(row) for row in grid.head)):
        return None
    first, labels = (1, list(grid.names)) if grid.typed else _labels(grid)
    above = [] if grid.typed else [cell for row in grid.head[: first - 1] for cell in row if cell]
    places = _places(grid, labels, above)
    _complete(grid, labels, places)
    found = {place.at for place in places.values()}
    dropped = {plain(label) for label in grid.source.drop}
    rest = [
        Place(at, label)
        for at, label in zip(grid.names, labels, strict=True)
        if label and at not in found and plain(label) not in dropped
    ]
    declared = [places[name] for name, origin in grid.source.columns.items() if origin.heading]
    for place in (*declared, *rest):
        if personal_data.is_heading(place.heading):
            raise refused(grid, place, f"'{as_text(place.heading)}' is personal data")
    unknown = [place for place in rest if plain(place.heading) not in QUIET]
    return Heading(first, places, tuple(rest), tuple(_unknown(grid, place, places) for place in unknown))


def refused(grid: Grid, place: Place, what: str) -> DataError:
    """That a column holds personal data, where, and the remedy."""
    where = f"column {place.at}" if not grid.typed else f"column {place.heading}"
    heading = place.heading.replace("\\", "\\\\").replace('"', '\\"')
    return DataError(
        f"{grid.name}, {where}: {what}, which no snapshot holds. "
        f'Leave the column out, or have it left out: drop = ["{heading}"] in sources.toml.'
    )


def plain(label: str) -> str:
    """A heading without what does not tell it from another: case, width, blanks."""
    return "".join(normalize("NFKC", label).casefold().split())


def titles(column: Column) -> Iterator[str]:
    """What the heading of a column may be."""
    short = REST.sub("", column.meaning_zh)
    yield from (column.name, column.meaning_zh, short, *short.split(" / "))
    if column.name == "region":
        yield from REGION


@cache
def known(table: Table) -> dict[str, tuple[Column, Unit | None]]:
    """The columns of a table by every heading they may have; the unit, too, where the heading says it."""
    found: dict[str, tuple[Column, Unit | None]] = {}
    for column in table.columns:
        own = units.UNITS.get(units.base(column), units.ONE)
        said = {column.name, column.meaning_zh} if units.base(column) else set()
        found |= {plain(title): (column, own if title in said else None) for title in titles(column)}
        if column.meaning_zh in units.UNITS:
            found |= {word: (column, units.UNITS[word]) for word in units.of_column(column)}
    return found


def _identified(label: str, table: Table) -> tuple[Column, Unit | None] | None:
    """The column of the table that a heading names, with the unit in its bracket."""
    by_title, text = known(table), plain(label)
    if text in by_title:
        return by_title[text]
    if (found := BRACKETED.fullmatch(text)) and found[1] in by_title:
        column = by_title[found[1]][0]
        unit = units.unit(found[2], column)
        return (column, unit) if unit else None
    return None


def _labels(grid: Grid) -> tuple[int, list[str]]:
    """The number of the first row of data, and the headings above it, which may stand in two lines."""
    rows = [[(cell or "").strip() for cell in row] for row in grid.head]
    found = [(_score(grid.source, row), 1, number + 1, row) for number, row in enumerate(rows, start=1)]
    for number, (above, below) in enumerate(pairwise(rows), start=1):
        joined = [_joined(grid.source, *pair) for pair in zip(above, below, strict=True)]
        found.append((_score(grid.source, joined), 0, number + 2, joined))
    score, _, first, labels = max(found, key=lambda one: one[:2])
    if not score[0]:
        wanted = ", ".join(f"{column.meaning_zh} ({column.name})" for column in grid.source.table.columns if column.required)
        raise DataError(
            f"{grid.name}: there is no heading in the first {len(grid.head)} rows. Put one above the rows, with {wanted}; "
            "or say in sources.toml which heading means which column, or which sheet is meant."
        )
    return first, labels


def _score(source: Source, labels: list[str]) -> tuple[int, int]:
    """How many columns of the table some headings name, and how many units."""
    known = [found for label in labels if label and (found := _identified(label, source.table))]
    return len(_columns(source, labels)), sum(unit is not None for _, unit in known)


def _joined(source: Source, above: str, below: str) -> str:
    """What a heading of two lines says: both together where that names a column, or the line that does."""
    both = f"{above}（{below}）" if below in units.UNITS else above + below
    return next((label for label in (both, below, above) if _columns(source, [label])), above if above == below else both)


def _columns(source: Source, labels: list[str]) -> set[str]:
    """The columns of the table that these headings name."""
    declared = {plain(origin.heading): name for name, origin in source.columns.items() if origin.heading}
    named = {plain(label): found[0].name for label in labels if label and (found := _identified(label, source.table))}
    return {name for label in map(plain, labels) if (name := declared.get(label) or named.get(label))}


def _places(grid: Grid, labels: list[str], above: list[str]) -> dict[str, Place]:
    """Where the columns of the table are; one that is there twice is refused."""
    table, lines = grid.source.table, _unit_lines(grid, above)
    columns = {column.name: column for column in table.columns}
    declared = {plain(origin.heading): name for name, origin in grid.source.columns.items() if origin.heading}
    dropped = {plain(label) for label in grid.source.drop}
    places: dict[str, Place] = {}
    for at, label in zip(grid.names, labels, strict=True):
        text = plain(label)
        named = _identified(label, table) if label and text not in dropped else None
        if text in declared:
            name = declared[text]
            unit = _declared_unit(grid.source, columns[name], text)
        elif named and named[0].name not in grid.source.columns:
            name, unit = named[0].name, named[1]
        else:
            continue
        if name in places:
            raise DataError(
                f"{grid.name}: the columns {places[name].at} ('{as_text(places[name].heading)}') and {at} ('{as_text(label)}') are "
                f"both {name}. Keep the one that is right, or give each table a sheet of its own."
            )
        places[name] = Place(at, label, unit or next((line for line in lines if units.may_be(columns[name], line)), units.ONE))
    return places


def _declared_unit(source: Source, column: Column, heading: str) -> Unit | None:
    """The unit that the declaration of a column gives, else the one in its heading's bracket."""
    bracket = BRACKETED.fullmatch(heading)
    return units.unit(source.columns[column.name].unit or (bracket[2] if bracket else ""), column)


def _unit_lines(grid: Grid, above: list[str]) -> list[Unit]:
    """The units said above the table, as in 单位：万元; one that looks like a unit and is none is refused."""
    found = []
    for text in above:
        if line := UNIT_LINE.fullmatch(plain(text).strip("()")):
            for word in re.split("[、,;]", line[1]):
                if word in units.UNITS:
                    found.append(units.UNITS[word])
                elif word.endswith(("元", "吨", "户", "件")):
                    raise DataError(
                        f"{grid.name}: the unit '{as_text(word)}' above the table is not known. Write it as 元, 万元 or 亿元."
                    )
    return found


def _complete(grid: Grid, labels: list[str], places: Mapping[str, Place]) -> None:
    """Refuse a grid without a column that is required, or that its declaration names."""
    has = f"It has {', '.join(as_text(label) for label in labels if label) if _filled(labels) <= SHOWN else f'{_filled(labels):,} others'}."
    for name, origin in grid.source.columns.items():
        if origin.heading and name not in places:
            near = nearest(origin.heading, labels)
            raise DataError(
                f"{grid.name}: there is no column '{origin.heading}', which sources.toml names for {name}. {has}"
                + (f" Did you mean {near}?" if near else "")
            )
    taken = {place.heading for place in places.values()}
    missing = [
        column for column in grid.source.table.columns if column.required and column.name not in {*places, *_constants(grid)}
    ]
    if not missing:
        return
    near = nearest(REST.sub("", missing[0].meaning_zh), [label for label in labels if label and label not in taken])
    said = ", ".join(f"{column.meaning_zh} ({column.name})" for column in missing)
    hint = f" Is it '{near}'? Then name it so, or say so in sources.toml." if near else ""
    raise DataError(f"{grid.name}: there is no column {said}. {has}{hint}")


def _constants(grid: Grid) -> set[str]:
    return {name for name, origin in grid.source.columns.items() if not origin.heading}


def _unknown(grid: Grid, place: Place, places: Mapping[str, Place]) -> Faults:
    """That a column is not kept."""
    table = grid.source.table
    near = nearest(plain(place.heading), [title for title, (column, _) in known(table).items() if column.name not in places])
    hint = f"Did you mean {near}?" if near else "Leave it out, or say in sources.toml which column it is."
    text = f"{grid.name}: the column '{as_text(place.heading)}' is not one of {table.name} and is not kept. {hint}"
    cell = "" if grid.typed or not grid.sheet else place.at
    one = Finding(
        "warning", table.name, None, place.heading, "", "column unknown", text, file=grid.source.name, sheet=grid.sheet, cell=cell
    )
    return Faults([one], 1)


def _filled(row: list[str] | tuple[str | None, ...]) -> int:
    return sum(bool(cell and cell.strip()) for cell in row)
