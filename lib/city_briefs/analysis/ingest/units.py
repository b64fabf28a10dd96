"""Units of numbers, and the factors that convert them to the units of the tables."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from unicodedata import normalize

from city_briefs.metrics import CATALOGUE
from city_briefs.model.table import DECIMAL, FLOAT, INT, Column, Table

COUNTED = (
    "户", "件", "人", "人次", "起", "家", "家次", "个", "批次", "台", "次", "项", "宗",
    "名", "份", "张", "条", "笔", "批", "辆", "只", "套",
)  # fmt: skip
ALIKE = (frozenset("户家"), frozenset("人名"), frozenset("件起宗"))  # which offices write of the same things
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
PERCENT = "%"
METRICS = ("indicator", "metric")  # the column with the metric of a row, in whose unit its numbers are
UNIT_IN_MEANING = re.compile(rf"（(.+)）$|({'|'.join(COUNTED)})数$")  # of a meaning: 罚款（元）, 死亡人数
RENMINBI = re.compile(r"\(?(?:人民币|rmb|cny)\)?")  # around 元, which is no other
FORMS = str.maketrans("萬億圓圆個噸戶單額幣計【】[]〔〕", "万亿元元个吨户单额币计()()()")


@dataclass(frozen=True)
class Unit:
    """A unit: `factor` times `base`, the unit that the tables use. `base` is empty for a bare 万, which is so many of any unit."""

    base: str
    factor: Decimal

    @property
    def name(self) -> str:
        """Return the first of its names, such as 万元."""
        if not self.base:
            return next(word for word, factor in MULTIPLES.items() if factor == self.factor)
        return next((word for word, unit in UNITS.items() if unit == self), self.base)


UNITS = {
    **{f"{many}{base}": Unit(base, Decimal(factor)) for base in ("元", *COUNTED) for many, factor in MULTIPLES.items()},
    **{
        word: Unit("吨", Decimal(factor))
        for word, factor in {
            "吨": "1", "千吨": "1000", "万吨": "10000", "公斤": "0.001", "千克": "0.001", "kg": "0.001", "斤": "0.0005", "克": "0.000001",
        }.items()
    },
    **{
        word: Unit("元/公斤", Decimal(factor))
        for word, factor in {"元/公斤": "1", "元/千克": "1", "元/kg": "1", "元/斤": "2", "元/吨": "0.001"}.items()
    },
    **{word: Unit("分钟", Decimal(1)) for word in ("分钟", "分")},
    **{word: Unit("分钟", Decimal(60)) for word in ("小时", "个小时")},
    **{word: Unit("年", Decimal(1)) for word in ("年", "年度")},
    **{word: Unit(PERCENT, Decimal(1)) for word in (PERCENT, "百分点", "个百分点", "百分比")},
    "‰": Unit(PERCENT, Decimal("0.1")),
}  # fmt: skip
ONE = Unit("", Decimal(1))


def normalized(word: str) -> str:
    """Return the word of a unit without what does not tell it from another: width, case, blanks, brackets, 人民币."""
    plain = "".join(normalize("NFKC", word).casefold().split()).translate(FORMS)
    return re.sub(r"^\((.+)\)$", r"\1", RENMINBI.sub("", plain)) or plain


def is_number(column: Column) -> bool:
    """Return whether a column holds numbers; these have a unit and may be added up."""
    return column.type in (INT, FLOAT) or bool(DECIMAL.fullmatch(column.type))


@cache
def base(column: Column) -> str:
    """Return the unit of a column in the tables, such as 元; empty for a column whose unit differs by row."""
    if column.name == "year":
        return "年"
    match = UNIT_IN_MEANING.search(column.meaning_zh)
    name = (match[1] or match[2]) if match else column.meaning_zh
    return name if name in UNITS else ""


def metric_column(table: Table) -> str | None:
    """Return the name of the column with the metric of each row; None when the table has none."""
    return next((column.name for column in table.columns if column.name in METRICS), None)


def differs_by_row(table: Table, column: Column) -> bool:
    """Return whether the unit of a column is that of the metric of the row."""
    return is_number(column) and not base(column) and metric_column(table) is not None


def named(word: str) -> Unit | None:
    """Return the unit of this name, also that of a metric or a bare 万; None when there is none."""
    plain = normalized(word)
    if known := UNITS.get(plain) or _metric_units().get(plain):
        return known
    return Unit("", Decimal(MULTIPLES[plain])) if plain and plain in MULTIPLES else None


def converted(named_unit: Unit, base_name: str) -> Unit | None:
    """Return the unit for numbers that the tables have in `base_name`; None when these cannot be in it."""
    if not named_unit.base:
        return UNITS.get(f"{named_unit.name}{base_name}") if base_name else None
    return named_unit if is_alike(named_unit.base, base_name) else None


def is_alike(word: str, base_name: str) -> bool:
    """Return whether both are one base unit, or are written of the same things, such as 户 and 家; 个 is written of all."""
    options = {base_name, *re.split("[()（）]", base_name)}  # 件（起）
    return (
        word in options
        or (word == "个" and bool(options & set(COUNTED)))
        or any(word in alike and options & alike for alike in ALIKE)
    )


def may_be(column: Column, unit: Unit) -> bool:
    """Return whether the numbers of a column can be in this unit; any can be of a column whose unit differs by row."""
    return is_number(column) and (not base(column) or converted(unit, base(column)) is not None)


def unit(word: str, column: Column) -> Unit | None:
    """Return the unit of this name for a column; None when there is none, or the column cannot be in it."""
    known = named(word)
    if known is None or not may_be(column, known):
        return None
    return converted(known, base(column)) if base(column) else known


def of_column(column: Column) -> list[str]:
    """Return the names of the units that a column can be in, the unit of the tables first; empty when it has none."""
    base_name = base(column)
    return sorted((word for word, candidate in UNITS.items() if may_be(column, candidate)), key=lambda word: word != base_name)


@cache
def _metric_units() -> dict[str, Unit]:
    """Return the units of metrics that are none of UNITS, such as 件/万人, by their normalized names."""
    names = {metric.unit for metric in CATALOGUE.values()} - set(UNITS)
    return {normalized(name): Unit(name, Decimal(1)) for name in names}
