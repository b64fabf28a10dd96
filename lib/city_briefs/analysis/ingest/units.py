"""Units of numbers, and the factors that convert them to the units of the tables."""

import re
from dataclasses import dataclass
from decimal import Decimal

from city_briefs.model.tables import DECIMAL, FLOAT, INT, Column

COUNTED = ("户", "件", "人", "人次", "起", "家", "家次", "个", "批次", "台", "次", "项", "宗")
MULTIPLES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
UNIT_IN_MEANING = re.compile(rf"（(.+)）$|({'|'.join(COUNTED)})数$")  # of a meaning: 罚款（元）, 死亡人数


@dataclass(frozen=True)
class Unit:
    """A unit: `factor` times `base`, the unit that the tables use."""

    base: str
    factor: Decimal

    @property
    def name(self) -> str:
        """Return the first of its names, such as 万元."""
        return next(word for word, unit in UNITS.items() if unit == self)


UNITS = {
    **{f"{many}{base}": Unit(base, Decimal(factor)) for base in ("元", *COUNTED) for many, factor in MULTIPLES.items()},
    **{
        word: Unit("吨", Decimal(factor))
        for word, factor in {"吨": "1", "千吨": "1000", "万吨": "10000", "公斤": "0.001", "千克": "0.001", "斤": "0.0005"}.items()
    },
    **{word: Unit("元/公斤", Decimal(factor)) for word, factor in {"元/公斤": "1", "元/千克": "1", "元/斤": "2", "元/吨": "0.001"}.items()},
    "分钟": Unit("分钟", Decimal(1)),
    "小时": Unit("分钟", Decimal(60)),
    "年": Unit("年", Decimal(1)),
}  # fmt: skip
ONE = Unit("", Decimal(1))


def is_number(column: Column) -> bool:
    """Return whether a column holds numbers; these have a unit and may be added up."""
    return column.type in (INT, FLOAT) or bool(DECIMAL.fullmatch(column.type))


def base(column: Column) -> str:
    """Return the unit of a column in the tables, such as 元; empty for a column whose unit differs by row."""
    if column.name == "year":
        return "年"
    match = UNIT_IN_MEANING.search(column.meaning_zh)
    name = (match[1] or match[2]) if match else column.meaning_zh
    return name if name in UNITS else ""


def may_be(column: Column, unit: Unit) -> bool:
    """Return whether the numbers of a column can be in this unit."""
    return is_number(column) and base(column) in ("", unit.base)


def unit(word: str, column: Column) -> Unit | None:
    """Return the unit of this name; None when there is none, or the column cannot be in it."""
    named = UNITS.get(word)
    return named if named and may_be(column, named) else None


def of_column(column: Column) -> list[str]:
    """Return the names of the units that a column can be in, the unit of the tables first; empty when it has none."""
    base_name = base(column)
    return sorted((word for word, candidate in UNITS.items() if may_be(column, candidate)), key=lambda word: word != base_name)
