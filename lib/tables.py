"""The tables a snapshot may hold: their columns, types and meaning."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

STR, INT, DATE, BOOL = "str", "int", "date", "bool"
ARROW: dict[str, Callable[[], pa.DataType]] = {
    STR: pa.string,
    INT: pa.int64,
    DATE: pa.date32,
    BOOL: pa.bool_,
    "decimal(18,6)": lambda: pa.decimal128(18, 6),
}


@dataclass(frozen=True)
class Column:
    """One column. A type with bars, such as `month|as_of`, is a closed list of words, stored as text."""

    name: str
    type: str
    required: bool
    meaning_zh: str
    meaning_en: str

    @property
    def field(self) -> pa.Field:
        """Its Arrow field; a column that is not required may be empty."""
        return pa.field(self.name, ARROW.get(self.type, pa.string)(), nullable=not self.required)


@dataclass(frozen=True)
class Table:
    """One table. `label` is its name in Chinese, as a source line prints it."""

    name: str
    label: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """Its Arrow schema, columns in the order of the contract."""
        return pa.schema([column.field for column in self.columns])


REGION = Column("region", STR, True, "地区代码", "region code")

REGIONS = Table("regions", "行政区划", (
    Column("code", STR, True, "行政区划代码（GB/T 2260，六位）", "six-digit division code, primary key"),
    Column("name", STR, True, "全称", "full name, e.g. 兰州市"),
    Column("short", STR, True, "简称", "short name, e.g. 兰州"),
    Column("level", "province|city|county|other", True, "层级", "city gets packs; other (甘肃矿区, 东风场区, 其他 629999) counts in the province but gets none; county for a further level"),
    Column("parent", STR, False, "上级代码", "code of the province"),
))  # fmt: skip

POPULATION = Table("population", "人口", (
    REGION,
    Column("year", INT, True, "年份", "year"),
    Column("persons", INT, True, "人口数（人）", "persons"),
    Column("basis", "census|year_end", False, "口径", "census or year-end count, informational"),
    Column("series", STR, True, "口径系列", "e.g. 2010普查口径, 2020普查口径; growth across two series is refused"),
))  # fmt: skip

ENTITIES = Table("entities", "市场主体登记库", (
    Column("entity_id", STR, True, "登记编号（脱敏）", "pseudonymous id"),
    REGION,
    Column("kind", "enterprise|self_employed|cooperative", False, "主体类型", "企业 / 个体工商户 / 农民专业合作社"),
    Column("registered_on", DATE, True, "成立日期", "registered on"),
    Column("cancelled_on", DATE, False, "注销日期", "empty while in force"),
    Column("revoked_on", DATE, False, "吊销日期", "revoked but not cancelled still counts as registered; a parameter of the metric"),
    Column("converted_from", STR, False, "个转企原编号", "entity_id of the self-employed entity it grew out of"),
    Column("industry", STR, False, "行业门类（GB/T 4754）", "industry section letter"),
))  # fmt: skip

RETURNS = Table("returns", "各地上报汇总数", (
    Column("region", STR, True, "地区代码", "region code (620000 for figures that only the province reports)"),
    Column("month", STR, True, "所属月份 YYYY-MM", "month the figure belongs to"),
    Column("indicator", STR, True, "指标", "indicator id = a metric id of figures.csv or of the catalogue"),
    Column("numerator", "decimal(18,6)", True, "数值 / 分子", "value, or numerator of a ratio"),
    Column("denominator", "decimal(18,6)", False, "分母", "denominator of a ratio"),
    Column("span", "month|year_to_date|as_of", True, "统计口径", "当月 / 1月至当月累计 / 期末时点; ingest differences the cumulative ones and reports a fall"),
))  # fmt: skip

COVERAGE = Table("coverage", "报送范围", (
    Column("table", STR, True, "数据表", "table name"),
    REGION,
    Column("month", STR, True, "所属月份 YYYY-MM", "this region reported this table for this month, zero rows included; what is not covered is missing, not zero"),
))  # fmt: skip

TABLES = {table.name: table for table in (REGIONS, POPULATION, ENTITIES, RETURNS, COVERAGE)}
