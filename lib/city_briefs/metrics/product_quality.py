"""工业产品质量。Source: spot checks."""

from __future__ import annotations

from city_briefs.metrics.spot_checks import batches, first_tests, retests
from city_briefs.model.ibis_on_demand import ir
from city_briefs.model.metric import Pair, ratio

OWNER = "产品质量安全监督管理处"


@batches(label="工业产品监督抽查批次", label_en="industrial product batches spot-checked")
def product_batches(rows: ir.Table) -> ir.NumericScalar:
    """报告期内工业产品监督抽查的批次数，按抽样日期计入当月；复检批次不计。"""
    return rows.count(where=first_tests(rows, "product"))


@batches(label="工业产品监督抽查合格批次", label_en="industrial product batches that passed")
def product_batches_passed(rows: ir.Table) -> ir.NumericScalar:
    """报告期内工业产品监督抽查中初次检验合格的批次数；复检后改判合格的不计入。"""
    return rows.count(where=first_tests(rows, "product") & rows.passed)


@ratio(
    label="工业产品监督抽查总体合格率", label_en="industrial product spot-check pass rate", unit="%", decimals=2, better="higher"
)
def product_pass_rate() -> Pair:
    """工业产品监督抽查初次检验合格批次占抽查批次的比重，以初检结果为准；各地区合并计算，不对比率取平均。"""
    return product_batches_passed / product_batches


@batches(label="工业产品复检批次", label_en="industrial product batches re-tested")
def product_retests(rows: ir.Table) -> ir.NumericScalar:
    """报告期内对工业产品监督抽查结果进行复检的批次数，按复检样品的抽样日期计入当月。"""
    return rows.count(where=retests(rows, "product"))


@batches(label="工业产品复检不合格批次", label_en="industrial product batches that failed the re-test")
def product_retests_failed(rows: ir.Table) -> ir.NumericScalar:
    """报告期内工业产品复检仍不合格的批次数。"""
    return rows.count(where=retests(rows, "product") & ~rows.passed)


@ratio(label="工业产品复检不合格率", label_en="industrial product re-test failure rate", unit="%", decimals=2, better="lower")
def product_retest_failure_rate() -> Pair:
    """工业产品复检不合格批次占复检批次的比重；各地区合并计算，不对比率取平均。"""
    return product_retests_failed / product_retests
