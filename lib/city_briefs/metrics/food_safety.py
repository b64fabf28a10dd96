"""食品安全。Source: spot checks, and the register of food businesses."""

from __future__ import annotations

from city_briefs.metrics.spot_checks import batches, first_tests, retests
from city_briefs.model.ibis_on_demand import ir
from city_briefs.model.metric import Pair, ratio, stock
from city_briefs.model.tables import FOOD_UNITS

OWNER, CATERING = "食品安全抽检监测处", "食品经营安全监督管理处"


@batches(label="食品监督抽检批次", label_en="food batches spot-checked")
def food_batches(rows: ir.Table) -> ir.NumericScalar:
    """报告期内食品监督抽检的批次数，按抽样日期计入当月；复检批次不计。"""
    return rows.count(where=first_tests(rows, "food"))


@batches(label="食品监督抽检合格批次", label_en="food batches that passed")
def food_batches_passed(rows: ir.Table) -> ir.NumericScalar:
    """报告期内食品监督抽检中初次检验合格的批次数；复检后改判合格的不计入。"""
    return rows.count(where=first_tests(rows, "food") & rows.passed)


@ratio(label="食品监督抽检合格率", label_en="food spot-check pass rate", unit="%", decimals=2, better="higher")
def food_pass_rate() -> Pair:
    """食品监督抽检初次检验合格批次占抽检批次的比重，以初检结果为准；各地区合并计算，不对比率取平均。"""
    return food_batches_passed / food_batches


@batches(label="食品复检批次", label_en="food batches re-tested")
def food_retests(rows: ir.Table) -> ir.NumericScalar:
    """报告期内对食品监督抽检结果进行复检的批次数，按复检样品的抽样日期计入当月。"""
    return rows.count(where=retests(rows, "food"))


@batches(label="食品复检不合格批次", label_en="food batches that failed the re-test")
def food_retests_failed(rows: ir.Table) -> ir.NumericScalar:
    """报告期内食品复检仍不合格的批次数。"""
    return rows.count(where=retests(rows, "food") & ~rows.passed)


@ratio(label="食品复检不合格率", label_en="food re-test failure rate", unit="%", decimals=2, better="lower")
def food_retest_failure_rate() -> Pair:
    """食品复检不合格批次占复检批次的比重；各地区合并计算，不对比率取平均。"""
    return food_retests_failed / food_retests


@stock(
    FOOD_UNITS,
    since="opened_on",
    until="closed_on",
    by=("kind",),
    label="食品生产经营单位",
    label_en="food businesses open",
    unit="家",
    owner=CATERING,
)
def food_units_open(rows: ir.Table) -> ir.NumericScalar:
    """期末在营的食品生产经营单位家数，包括餐饮、学校食堂、生产和销售单位。"""
    return rows.count()


@stock(
    FOOD_UNITS,
    since="bright_kitchen_on",
    until="closed_on",
    by=("kind",),
    label="“互联网+明厨亮灶”单位",
    label_en="units with internet-connected open kitchens",
    unit="家",
    better="higher",
    owner=CATERING,
)
def bright_kitchen_units(rows: ir.Table) -> ir.NumericScalar:
    """期末已接入“互联网+明厨亮灶”且仍在营的单位家数；停业的不计。"""
    return rows.count()


@stock(FOOD_UNITS, since="opened_on", until="closed_on", label="学校食堂", label_en="school canteens", unit="家", owner=CATERING)
def school_canteens(rows: ir.Table) -> ir.NumericScalar:
    """期末在营的学校食堂家数。"""
    return rows.count(where=rows.kind == "school_canteen")


@stock(
    FOOD_UNITS,
    since="bright_kitchen_on",
    until="closed_on",
    label="接入明厨亮灶的学校食堂",
    label_en="school canteens with open kitchens",
    unit="家",
    better="higher",
    owner=CATERING,
)
def school_canteens_bright(rows: ir.Table) -> ir.NumericScalar:
    """期末已接入“互联网+明厨亮灶”且仍在营的学校食堂家数。"""
    return rows.count(where=rows.kind == "school_canteen")


@ratio(
    label="学校食堂明厨亮灶覆盖率",
    label_en="school-canteen coverage with open kitchens",
    unit="%",
    better="higher",
    owner=CATERING,
)
def school_canteen_coverage() -> Pair:
    """期末已接入“互联网+明厨亮灶”的学校食堂占在营学校食堂的比重；各地区合并计算，不对比率取平均。"""
    return school_canteens_bright / school_canteens
