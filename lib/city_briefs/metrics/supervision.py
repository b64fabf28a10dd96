"""监督检查。Source: the records of inspections; 家次 are inspections, 家 are different subjects."""

from __future__ import annotations

from city_briefs.metrics.business_environment import entity_stock
from city_briefs.model.ibis_on_demand import ibis, ir
from city_briefs.model.metric import Pair, derived, distinct, flow, ratio
from city_briefs.model.tables import INSPECTIONS

OWNER = "信用监督管理处"
REPEATED = 3  # inspections of one subject that found problems in a year; with the next one it is on the list


@derived("多次发现问题的监督检查", INSPECTIONS)
def repeated_problems(inspections: ir.Table) -> ir.Table:
    """Return the inspections that found problems at a subject for the fourth time in a calendar year and region, or later."""
    problems = inspections.filter(inspections.problem_found, inspections.subject_id.notnull())
    same = [problems.region, problems.subject_id, problems.inspected_on.year()]
    numbered = problems.mutate(
        before=ibis.row_number().over(group_by=same, order_by=[problems.inspected_on, problems.inspection_id])
    )
    return numbered.filter(numbered.before >= REPEATED)


@flow(INSPECTIONS, on="inspected_on", by=("domain", "method"), label="监督检查", label_en="inspections", unit="家次")
def inspections_total(rows: ir.Table) -> ir.NumericScalar:
    """报告期内开展的各类监督检查家次，同一单位检查多次的按次计。"""
    return rows.count()


@distinct(INSPECTIONS, on="inspected_on", by=("domain",), label="受检单位", label_en="units inspected", unit="家")
def units_inspected(rows: ir.Table) -> ir.Column:
    """年初以来接受监督检查的单位家数，同一单位只计一次；未填写受检单位的不计。"""
    return rows.subject_id


@distinct(
    INSPECTIONS,
    on="inspected_on",
    label="检查特种设备单位",
    label_en="special-equipment units inspected",
    unit="家",
    better="higher",
    owner="特种设备安全监察处",
)
def se_units_inspected(rows: ir.Table) -> ir.Column:
    """年初以来接受特种设备检查的生产、经营、使用及检验检测单位家数，同一单位只计一次；未填写受检单位的不计。"""
    return (rows.domain == "special_equipment").ifelse(rows.subject_id, None)


@ratio(per=10_000, label="每万户市场主体检查家次", label_en="inspections per 10 000 entities", unit="家次/万户", decimals=2)
def inspections_per_10k_entities() -> Pair:
    """报告期内监督检查家次与期末实有市场主体户数之比。"""
    return inspections_total / entity_stock


@flow(
    INSPECTIONS,
    on="inspected_on",
    by=("domain",),
    undated="problem_found",
    label="已有结论的监督检查",
    label_en="inspections with a finding on record",
    unit="家次",
)
def inspections_judged(rows: ir.Table) -> ir.NumericScalar:
    """报告期内填写了是否发现问题的监督检查家次；未填写的不计。"""
    return rows.count(where=rows.problem_found.notnull())


@flow(
    INSPECTIONS,
    on="inspected_on",
    by=("domain",),
    undated="problem_found",
    label="发现问题的监督检查",
    label_en="inspections that found problems",
    unit="家次",
)
def problems_found(rows: ir.Table) -> ir.NumericScalar:
    """报告期内发现问题的监督检查家次。"""
    return rows.count(where=rows.problem_found)


@ratio(label="检查问题发现率", label_en="problem-found rate", unit="%", decimals=1)
def problem_found_rate() -> Pair:
    """发现问题的检查家次占已有结论的检查家次的比重；各地区合并计算，不对比率取平均。"""
    return problems_found / inspections_judged


@distinct(
    repeated_problems,
    on="inspected_on",
    undated="problem_found",
    label="多次发现问题的单位",
    label_en="units with problems more than three times",
    unit="家",
    better="lower",
)
def units_with_repeated_problems(rows: ir.Table) -> ir.Column:
    """年初以来在同一地区的监督检查中发现问题超过3次的单位家数，同一单位只计一次；未填写受检单位的不计。"""
    return rows.subject_id


@flow(
    INSPECTIONS,
    on="inspected_on",
    by=("domain",),
    label="“双随机、一公开”检查",
    label_en="double-random inspections",
    unit="家次",
)
def double_random_inspections(rows: ir.Table) -> ir.NumericScalar:
    """报告期内以双随机方式开展的监督检查家次。"""
    return rows.count(where=rows.method == "double_random")


@distinct(INSPECTIONS, on="inspected_on", by=("domain",), label="双随机抽查单位", label_en="units inspected at random", unit="家")
def double_random_units(rows: ir.Table) -> ir.Column:
    """年初以来以双随机方式检查的单位家数，同一单位只计一次；未填写受检单位的不计。"""
    return (rows.method == "double_random").ifelse(rows.subject_id, None)


@ratio(label="双随机抽查比例", label_en="share of entities inspected at random", unit="%", decimals=2, better="higher")
def double_random_coverage() -> Pair:
    """年初以来双随机抽查单位家数占期末实有市场主体户数的比重；各地区合并计算，不对比率取平均。"""
    return double_random_units / entity_stock


@flow(
    INSPECTIONS,
    on="inspected_on",
    by=("domain",),
    undated="published",
    label="已公示结果的监督检查",
    label_en="inspections published",
    unit="家次",
)
def inspections_published(rows: ir.Table) -> ir.NumericScalar:
    """报告期内已向社会公示检查结果的监督检查家次；未填写是否公示的按未公示计。"""
    return rows.count(where=rows.published)


@ratio(label="检查结果公示率", label_en="share of inspections published", unit="%", decimals=1, better="higher")
def publication_rate() -> Pair:
    """已公示结果的检查家次占全部监督检查家次的比重；各地区合并计算，不对比率取平均。"""
    return inspections_published / inspections_total


@distinct(
    INSPECTIONS,
    on="inspected_on",
    by=("domain",),
    undated="published",
    label="已公示检查结果的单位",
    label_en="units with a published inspection",
    unit="家",
)
def units_published(rows: ir.Table) -> ir.Column:
    """年初以来至少有一次检查结果已公示的单位家数，同一单位只计一次；未填写受检单位的不计。"""
    return rows.published.ifelse(rows.subject_id, None)


@ratio(
    label="受检单位公示率", label_en="share of inspected units with a published inspection", unit="%", decimals=1, better="higher"
)
def unit_publication_rate() -> Pair:
    """已公示检查结果的单位占受检单位的比重，均按家计；各地区合并计算，不对比率取平均。"""
    return units_published / units_inspected
