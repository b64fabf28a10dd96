"""质量与标准。Source: the register of quality awards and the catalogue of standards and pilots."""

from __future__ import annotations

from city_briefs.model.ibis_on_demand import ir
from city_briefs.model.metric import flow, stock
from city_briefs.model.tables import AWARDS, STANDARDS

OWNER, QUALITY = "标准化处", "质量发展处"
PILOT = "pilot"  # stands in the catalogue of standards, and is none


@stock(
    AWARDS,
    since="granted_on",
    label="中国质量奖累计",
    label_en="China Quality Awards, cumulative",
    unit="个",
    better="higher",
    owner=QUALITY,
)
def china_quality_award_cum(rows: ir.Table) -> ir.NumericScalar:
    """截至期末累计获得中国质量奖（正奖）的个数，不含提名奖，自首次获奖起累计。"""
    return rows.count(where=(rows.award == "china_quality") & (rows.grade == "award"))


@stock(
    AWARDS,
    since="granted_on",
    label="中国质量奖提名奖累计",
    label_en="China Quality Award nominations, cumulative",
    unit="个",
    better="higher",
    owner=QUALITY,
)
def china_quality_nom_cum(rows: ir.Table) -> ir.NumericScalar:
    """截至期末累计获得中国质量奖提名奖的个数，自首次获奖起累计。"""
    return rows.count(where=(rows.award == "china_quality") & (rows.grade == "nomination"))


@stock(
    AWARDS,
    since="granted_on",
    label="省政府质量奖累计",
    label_en="provincial quality awards, cumulative",
    unit="个",
    better="higher",
    owner=QUALITY,
)
def prov_quality_award_cum(rows: ir.Table) -> ir.NumericScalar:
    """截至期末累计获得省政府质量奖（正奖）的个数，不含提名奖，自首次获奖起累计。"""
    return rows.count(where=(rows.award == "provincial_quality") & (rows.grade == "award"))


@stock(
    AWARDS,
    since="granted_on",
    label="省政府质量奖提名奖累计",
    label_en="provincial quality award nominations, cumulative",
    unit="个",
    better="higher",
    owner=QUALITY,
)
def prov_quality_nom_cum(rows: ir.Table) -> ir.NumericScalar:
    """截至期末累计获得省政府质量奖提名奖的个数，自首次获奖起累计。"""
    return rows.count(where=(rows.award == "provincial_quality") & (rows.grade == "nomination"))


@flow(STANDARDS, on="issued_on", label="新发布地方标准", label_en="local standards issued", unit="项", better="higher")
def local_standards_new(rows: ir.Table) -> ir.NumericScalar:
    """报告期内批准发布的地方标准项数，按发布日期计；其后废止的不扣减。"""
    return rows.count(where=rows.kind == "local")


@flow(STANDARDS, on="issued_on", label="指导发布团体标准", label_en="association standards guided", unit="项", better="higher")
def group_standards_guided(rows: ir.Table) -> ir.NumericScalar:
    """报告期内经指导发布的团体标准项数，按发布日期计；其后废止的不扣减。"""
    return rows.count(where=rows.kind == "group")


@flow(
    STANDARDS, on="issued_on", label="获批标准化示范试点", label_en="standardisation pilots approved", unit="项", better="higher"
)
def national_std_pilots(rows: ir.Table) -> ir.NumericScalar:
    """报告期内获国家标准委批复的标准化示范试点项目数，按批复日期计。"""
    return rows.count(where=rows.kind == PILOT)


@stock(
    STANDARDS,
    since="issued_on",
    until="abolished_on",
    by=("kind",),
    label="现行有效标准",
    label_en="standards in force",
    unit="项",
    better="higher",
)
def standards_in_force(rows: ir.Table) -> ir.NumericScalar:
    """期末已发布、尚未废止的地方标准和团体标准项数；示范试点项目不是标准，不计入。"""
    return rows.count(where=rows.kind != PILOT)
