"""药品安全。Source: spot checks."""

from __future__ import annotations

from city_briefs.metrics.spot_checks import batches, first_tests, retests
from city_briefs.model.ibis_on_demand import ir
from city_briefs.model.metric import Pair, ratio

OWNER = "药品监督管理处"


@batches(label="药品监督抽检批次", label_en="drug batches spot-checked")
def drug_batches(rows: ir.Table) -> ir.NumericScalar:
    """报告期内药品监督抽检的批次数，按抽样日期计入当月；复检批次不计。"""
    return rows.count(where=first_tests(rows, "drug"))


@batches(label="药品监督抽检合格批次", label_en="drug batches that passed")
def drug_batches_passed(rows: ir.Table) -> ir.NumericScalar:
    """报告期内药品监督抽检中初次检验合格的批次数；复检后改判合格的不计入。"""
    return rows.count(where=first_tests(rows, "drug") & rows.passed)


@ratio(label="药品监督抽检合格率", label_en="drug spot-check pass rate", unit="%", decimals=2, better="higher")
def drug_pass_rate() -> Pair:
    """药品监督抽检初次检验合格批次占抽检批次的比重，以初检结果为准；各地区合并计算，不对比率取平均。"""
    return drug_batches_passed / drug_batches


@batches(label="药品复检批次", label_en="drug batches re-tested")
def drug_retests(rows: ir.Table) -> ir.NumericScalar:
    """报告期内对药品监督抽检结果进行复检的批次数，按复检样品的抽样日期计入当月。"""
    return rows.count(where=retests(rows, "drug"))


@batches(label="药品复检不合格批次", label_en="drug batches that failed the re-test")
def drug_retests_failed(rows: ir.Table) -> ir.NumericScalar:
    """报告期内药品复检仍不合格的批次数。"""
    return rows.count(where=retests(rows, "drug") & ~rows.passed)


@ratio(label="药品复检不合格率", label_en="drug re-test failure rate", unit="%", decimals=2, better="lower")
def drug_retest_failure_rate() -> Pair:
    """药品复检不合格批次占复检批次的比重；各地区合并计算，不对比率取平均。"""
    return drug_retests_failed / drug_retests
