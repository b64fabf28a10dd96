"""市场秩序。Source: the register of penalty cases."""

from __future__ import annotations

from city_briefs.metrics.business_environment import entity_stock
from city_briefs.model.ibis_on_demand import ibis, ir
from city_briefs.model.metric import Pair, flow, maximum, ratio
from city_briefs.model.tables import CASES

OWNER, PRICES = "执法稽查处", "价格监督检查和反不正当竞争处"


@flow(CASES, on="closed_on", by=("field",), label="查处各类经济违法案件", label_en="economic-violation cases handled", unit="起")
def cases_total(rows: ir.Table) -> ir.NumericScalar:
    """报告期内结案的各类经济违法行政处罚案件起数，按结案日期计。"""
    return rows.count()


@flow(CASES, on="closed_on", by=("field",), label="罚没款总额", label_en="fines and confiscations", unit="元")
def fines_total(rows: ir.Table) -> ir.NumericScalar:
    """报告期内结案案件的罚款与没收金额之和，按结案日期计。"""
    return (rows.fine_yuan + rows.confiscated_yuan).sum()


@ratio(per=10_000, label="每万户市场主体案件数", label_en="cases per 10,000 entities", unit="起/万户", decimals=2)
def cases_per_10k_entities() -> Pair:
    """报告期内结案案件起数与期末实有市场主体户数之比，即办案率；各地区合并计算，不对比率取平均。"""
    return cases_total / entity_stock


@ratio(label="案均罚没款", label_en="fines and confiscations per case", unit="元/起", decimals=2)
def fine_per_case() -> Pair:
    """报告期内罚没款总额与结案案件起数之比；未予罚没的案件计入分母。"""
    return fines_total / cases_total


@flow(
    CASES,
    on="closed_on",
    by=("field",),
    undated="published",
    label="公开曝光典型违法案件",
    label_en="typical cases published",
    unit="起",
)
def typical_cases_exposed(rows: ir.Table) -> ir.NumericScalar:
    """报告期内结案并作为典型案件公开曝光的案件起数，按结案日期计；未填写是否曝光的不计。"""
    return rows.count(where=rows.published)


@flow(
    CASES,
    on="closed_on",
    undated="published",
    label="公开曝光价格违法典型案例",
    label_en="price cases published",
    unit="件（起）",
    owner=PRICES,
)
def price_cases_exposed(rows: ir.Table) -> ir.NumericScalar:
    """报告期内结案并公开曝光的价格违法典型案例数，是公开曝光典型违法案件中价格领域的部分。"""
    return rows.count(where=rows.published & (rows.field == "price"))


@maximum(CASES, on="closed_on", label="价格违法大额罚单", label_en="largest fine for a price violation", unit="元", owner=PRICES)
def price_fine_max(rows: ir.Table) -> ir.Column:
    """本年1月至期末结案的价格违法案件中，单个案件的最高罚款金额，不含没收金额。"""
    return ibis.ifelse(rows.field == "price", rows.fine_yuan, None)
