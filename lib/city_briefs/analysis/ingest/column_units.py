"""The unit of each column of a raw table, from its header, the lines around the table, and `sources.toml`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from city_briefs.analysis.ingest import stated_units, units
from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.stated_units import Place, StatedUnit
from city_briefs.analysis.ingest.units import Unit
from city_briefs.analysis.validation.finding import Finding, RuleFindings, shortened
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.model.table import Column

SHEET_NAME, FILE_NAME = Place("in the name of the sheet", "工作表名称中"), Place("in the name of the file", "文件名中")
BELOW = Place("below the table", "表格下方")


@dataclass(frozen=True)
class NumberColumn:
    """A matched column of numbers: its letters or name in the raw table, its header, and the units that are given for it.

    `declared` is the unit that `sources.toml` gives, `own` those of its header.
    """

    column: Column
    raw_name: str
    header: str
    declared: Unit | None
    own: tuple[Unit, ...]


def around(raw_table: RawTable, first_row: int) -> Iterator[StatedUnit]:
    """Yield the units that are stated below the table, in the name of the sheet and in that of the file.

    `first_row` is the number of the first row of data.

    Raises:
        DataError: one is not known, or the name may or may not state one.
    """
    for texts in _lines_below(raw_table, first_row):
        for at, text in enumerate(texts) if len(texts) <= stated_units.NOTE_CELLS else ():
            following = f" {texts[at + 1]}" if text.rstrip(":： ").endswith("单位") and at + 1 < len(texts) else ""
            alone = len(texts) == 1 and text[0] in "（("
            stated = stated_units.in_text(raw_table, text + following, BELOW, alone=alone)
            yield from (unit for unit in stated if unit.explicit or len(texts) == 1)
    if raw_table.sheet:
        yield from stated_units.in_name(raw_table, raw_table.sheet, SHEET_NAME)
    if isinstance(raw_table.source.location, Path):
        yield from stated_units.in_name(raw_table, Path(raw_table.source.name).stem, FILE_NAME)


def _lines_below(raw_table: RawTable, first_row: int) -> list[tuple[str, ...]]:
    """Return the different texts of each of the last rows that are not blank, without those above the first row of data."""
    head = [(number, texts) for number, row in enumerate(raw_table.head, start=1) if (texts := _texts(row))]
    foot = [texts for row in raw_table.foot if (texts := _texts(row))]
    both = next(
        (count for count in range(min(len(head), len(foot)), 0, -1) if [texts for _, texts in head[-count:]] == foot[:count]), 0
    )
    above = sum(number < first_row for number, _ in head[len(head) - both :])
    return foot[above:]


def _texts(row: tuple[str | None, ...]) -> tuple[str, ...]:
    """Return the different texts of a row."""
    return tuple(dict.fromkeys(text for cell in row if (text := (cell or "").strip())))


def by_column(raw_table: RawTable, columns: Sequence[NumberColumn], stated: Sequence[StatedUnit]) -> dict[str, tuple[Unit, ...]]:
    """Return the unit of each column by its name; of a column whose unit differs by row, all that are stated.

    Raises:
        DataError: a column may be in two units, or a stated unit is that of no column.
    """
    chosen_units: dict[str, tuple[Unit, ...]] = {}
    used: set[StatedUnit] = set()
    for number_column in columns:
        beside = [item for item in stated if item.columns and number_column.raw_name in item.columns]
        _check_declared(raw_table, number_column, [*beside, *(item for item in stated if item.columns is None)])
        own = [*number_column.own, *_fitting(raw_table, number_column, beside)]
        given = [number_column.declared] if number_column.declared else own
        if not given:
            given = _fitting(raw_table, number_column, [item for item in stated if item.columns is None])
        distinct = tuple(dict.fromkeys(given))
        if len(distinct) > 1 and not units.differs_by_row(raw_table.source.table, number_column.column):
            raise _two_units(raw_table, number_column, distinct[0], distinct[1], beside or stated)
        chosen_units[number_column.column.name] = distinct
        used |= {item for item in stated if _unit_for(raw_table, number_column, item) in distinct}
    for item in stated:
        _check_used(raw_table, columns, item, chosen_units, used)
    _check_covered(raw_table, columns, stated, chosen_units)
    return chosen_units


def _unit_for(raw_table: RawTable, number_column: NumberColumn, item: StatedUnit) -> Unit | None:
    """Return the stated unit for a column; None when the column is not in its place, or cannot be in it."""
    column = number_column.column
    if item.columns is not None and number_column.raw_name not in item.columns:
        return None
    if base := units.base(column):
        return units.converted(item.unit, base)
    return item.unit if units.differs_by_row(raw_table.source.table, column) else None


def _fitting(raw_table: RawTable, number_column: NumberColumn, stated: Sequence[StatedUnit]) -> list[Unit]:
    """Return those of some stated units that a column can be in."""
    return [unit for item in stated if (unit := _unit_for(raw_table, number_column, item))]


def _check_declared(raw_table: RawTable, number_column: NumberColumn, stated: Sequence[StatedUnit]) -> None:
    """Check that the file gives no other unit than `sources.toml`.

    Raises:
        DataError: it does.
    """
    declared = number_column.declared
    others = [unit for unit in (*number_column.own, *_fitting(raw_table, number_column, stated)) if unit != declared]
    if declared and others:
        header = shortened(number_column.header)
        raise DataError(chosen(
            f"{raw_table.name}: sources.toml gives the column '{header}' the unit {declared.name}, and the file {others[0].name}. "
            "Correct the one that is wrong.",
            f"{raw_table.name}：sources.toml声明“{header}”栏的计量单位为{declared.name}，而文件中写的是{others[0].name}，请更正有误的一处。",
        ))  # fmt: skip


def _two_units(
    raw_table: RawTable, number_column: NumberColumn, first: Unit, second: Unit, stated: Sequence[StatedUnit]
) -> DataError:
    """Return the error for a column that may be in two units."""
    header, places = shortened(number_column.header), _places([item for item in stated if item.unit in (first, second)])
    return DataError(chosen(
        f"{raw_table.name}: the column '{header}' may be in {first.name} or in {second.name}, and the file gives both as its unit"
        f"{f' ({places[0]})' if places[0] else ''}. Write the right one into the heading, and take the other out.",
        f"{raw_table.name}：“{header}”栏的计量单位写了{first.name}和{second.name}两种{f'（{places[1]}）' if places[1] else ''}，"
        "请在表头注明正确的单位，删去另一个。",
    ))  # fmt: skip


def _check_used(
    raw_table: RawTable, columns: Sequence[NumberColumn], item: StatedUnit, units_by_name: Mapping[str, tuple[Unit, ...]],
    used: set[StatedUnit],
) -> None:  # fmt: skip
    """Check that a stated unit is that of a column. A word such as 件 changes no number where each column has a unit of its own.

    Raises:
        DataError: it is that of no column.
    """
    bases = {number_column.column.name: units.base(number_column.column) for number_column in columns}
    if item in used:
        taking = {bases[name] for name, given in units_by_name.items() if given and _is_bare_of(item, given, bases[name])}
        if len(taking) > 1 and not item.unit.base:
            first, second = sorted(f"{item.word}{base}" for base in taking)[:2]
            place = _place(item)
            raise DataError(chosen(
                f"{raw_table.name}: '{shortened(item.text)}' {place[0]} may mean {first} or {second}. Write out which.",
                f"{raw_table.name}：{place[1]}的“{shortened(item.text)}”可能指{first}，也可能指{second}，请写明。",
            ))  # fmt: skip
        return
    if item.is_plain_count and (not item.explicit or all(number_column.own for number_column in columns)):
        return
    place, text = _place(item), shortened(item.text)
    rival = next((number_column for number_column in columns if _unit_for(raw_table, number_column, item)), None)
    if rival:
        header, other = shortened(rival.header), units_by_name[rival.column.name][0].name
        raise DataError(chosen(
            f"{raw_table.name}: '{text}' {place[0]} gives the unit {item.word}, and the column '{header}' is in {other} by its heading. "
            "Write the right one into the heading, and take the other out.",
            f"{raw_table.name}：{place[1]}的“{text}”写明单位为{item.word}，而“{header}”栏的表头写的是{other}，请在表头注明正确的单位，删去另一个。",
        ))  # fmt: skip
    raise DataError(chosen(
        f"{raw_table.name}: '{text}' {place[0]} gives the unit {item.word}, and no column can be in it. "
        "Write the unit of each column into its heading, such as 罚款（万元）, and take it out there.",
        f"{raw_table.name}：{place[1]}的“{text}”写明单位为{item.word}，但没有一栏适用。请在各栏表头注明单位，如“罚款（万元）”，并删去此处。",
    ))  # fmt: skip


def _is_bare_of(item: StatedUnit, given: tuple[Unit, ...], base: str) -> bool:
    """Return whether a column has its unit from a bare 万."""
    return not item.unit.base and bool(base) and given == (units.converted(item.unit, base),)


def _without_unit(
    columns: Sequence[NumberColumn], units_by_name: Mapping[str, tuple[Unit, ...]]
) -> Iterator[tuple[NumberColumn, NumberColumn]]:
    """Yield each column in a unit that is not the table's, with one of its kind that no unit is given for: 罚款（万元）, 没收."""
    for with_unit, without in permutations(columns, 2):
        base, given = units.base(without.column), units_by_name[with_unit.column.name]
        is_open = not (with_unit.declared or without.declared or units_by_name[without.column.name])
        if base and base == units.base(with_unit.column) and is_open and any(unit.factor != 1 for unit in given):
            yield with_unit, without


def no_unit_findings(
    raw_table: RawTable, columns: Sequence[NumberColumn], units_by_name: Mapping[str, tuple[Unit, ...]]
) -> Iterator[RuleFindings]:
    """Yield a warning for each column without a unit beside one of its kind that has another than the table's."""
    table = raw_table.source.table
    for with_unit, without in _without_unit(columns, units_by_name):
        header, base, unit = shortened(without.header), units.base(without.column), units_by_name[with_unit.column.name][0]
        text = (
            f"{raw_table.name}: the column '{shortened(with_unit.header)}' is in {unit.name}, and '{header}', for which no unit is "
            f"given, is read in {base}. Write the unit into the heading: {header}（{base}） or {header}（{unit.name}）."
        )
        cell = without.raw_name if raw_table.sheet else ""
        finding = Finding(
            "warning", table.name, None, without.header, base, "no unit", text, file=raw_table.source.name, sheet=raw_table.sheet,
            cell=cell,
        )  # fmt: skip
        yield RuleFindings([finding], 1)


def _check_covered(
    raw_table: RawTable, columns: Sequence[NumberColumn], stated: Sequence[StatedUnit],
    units_by_name: Mapping[str, tuple[Unit, ...]],
) -> None:  # fmt: skip
    """Check that a unit which stands above some columns leaves out none of their kind that has no unit.

    Raises:
        DataError: that column may be in the same unit, or in that of the table.
    """
    for with_unit, without in _without_unit(columns, units_by_name):
        above = next(
            (item for item in stated if item.columns and with_unit.raw_name in item.columns and not item.is_of_row), None
        )
        if above:
            header, place = shortened(without.header), _place(above)
            raise DataError(chosen(
                f"{raw_table.name}: '{shortened(above.text)}' {place[0]} gives the unit {above.word}, and '{header}' may be in it or not. "
                "Write the unit of each column into its heading.",
                f"{raw_table.name}：{place[1]}的“{shortened(above.text)}”写明单位为{above.word}，不能确定“{header}”栏是否适用。请在各栏表头注明单位。",
            ))  # fmt: skip


def _place(item: StatedUnit) -> tuple[str, str]:
    """Return where a unit is stated, in English and in Chinese."""
    place = item.place
    return (
        (f"{place.english} ({place.cell})", f"{place.chinese}（{place.cell}）") if place.cell else (place.english, place.chinese)
    )


def _places(stated: Sequence[StatedUnit]) -> tuple[str, str]:
    """Return where units are stated, in English and in Chinese; empty when none is."""
    places = list(dict.fromkeys(map(_place, stated)))
    return ", ".join(place[0] for place in places), "、".join(place[1] for place in places)
