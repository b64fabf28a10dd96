"""营商环境。Source: the register of market entities, or what the cities return of it."""

from __future__ import annotations

from city_briefs.metrics.population import population
from city_briefs.model.ibis_on_demand import ir
from city_briefs.model.metric import Pair, difference, flow, ratio, stock
from city_briefs.model.tables import ENTITIES

OWNER = "登记注册处"
OTHER_KINDS = ("self_employed", "cooperative")  # everything else registered is an enterprise, a kind left empty included


@flow(
    ENTITIES,
    on="registered_on",
    by=("kind", "industry"),
    label="新设立市场主体",
    label_en="newly registered entities",
    unit="户",
    better="higher",
)
def new_entities(rows: ir.Table) -> ir.NumericScalar:
    """报告期内登记成立的市场主体户数，包括企业、个体工商户和农民专业合作社。

    按成立日期计入当月；其后注销、吊销的不扣减。
    """
    return rows.count()


@flow(
    ENTITIES,
    on="registered_on",
    by=("industry",),
    label="新设企业",
    label_en="newly registered enterprises",
    unit="户",
    better="higher",
)
def new_enterprises(rows: ir.Table) -> ir.NumericScalar:
    """报告期内登记成立的企业户数，不包括个体工商户和农民专业合作社及其分支机构。

    未填写主体类型的按企业计。
    """
    return rows.count(where=rows.kind.isnull() | rows.kind.notin(OTHER_KINDS))


@ratio(label="新设主体中企业占比", label_en="share of enterprises among new entities", unit="%", decimals=1, better="higher")
def enterprise_share_of_new() -> Pair:
    """新设企业占新设立市场主体的比重；各地区合并计算，不对比率取平均。"""
    return new_enterprises / new_entities


@stock(
    ENTITIES,
    since="registered_on",
    until="cancelled_on",
    by=("kind", "industry"),
    label="实有市场主体",
    label_en="entities in force",
    unit="户",
    better="higher",
)
def entity_stock(rows: ir.Table) -> ir.NumericScalar:
    """期末登记在册的市场主体户数，即已登记成立、尚未注销的市场主体。

    吊销未注销的仍计入。
    """
    return rows.count()


@stock(
    ENTITIES,
    since="registered_on",
    until="cancelled_on",
    by=("industry",),
    label="实有企业",
    label_en="enterprises in force",
    unit="户",
    better="higher",
)
def enterprise_stock(rows: ir.Table) -> ir.NumericScalar:
    """期末登记在册、尚未注销的企业户数；吊销未注销的仍计入，未填写主体类型的按企业计。"""
    return rows.count(where=rows.kind.isnull() | rows.kind.notin(OTHER_KINDS))


@ratio(label="企业占市场主体比重", label_en="share of enterprises among entities in force", unit="%", decimals=1, better="higher")
def enterprise_share() -> Pair:
    """期末实有企业占实有市场主体的比重；各地区合并计算，不对比率取平均。"""
    return enterprise_stock / entity_stock


@flow(ENTITIES, on="cancelled_on", by=("kind", "industry"), label="注销市场主体", label_en="entities cancelled", unit="户")
def entities_cancelled(rows: ir.Table) -> ir.NumericScalar:
    """报告期内办理注销登记的市场主体户数，按注销日期计入当月；只被吊销的不计。"""
    return rows.count()


@difference(label="净增市场主体", label_en="net new entities", unit="户", better="higher")
def net_new_entities() -> Pair:
    """报告期内新设立市场主体户数减去注销户数。"""
    return new_entities - entities_cancelled


@flow(
    ENTITIES,
    on="registered_on",
    by=("industry",),
    label="个体工商户转型升级为企业",
    label_en="self-employed turned enterprise",
    unit="户",
    better="higher",
)
def conversions(rows: ir.Table) -> ir.NumericScalar:
    """报告期内由个体工商户转为企业（个转企）的户数，以登记库记有个转企原编号的新设企业计。"""
    return rows.count(where=(rows.kind.isnull() | rows.kind.notin(OTHER_KINDS)) & rows.converted_from.notnull())


@ratio(per=1_000, label="每千人口市场主体", label_en="entities per 1 000 residents", unit="户/千人", decimals=2, better="higher")
def entity_density() -> Pair:
    """期末实有市场主体户数与人口数之比；人口取期末及以前最近一次公布的数。"""
    return entity_stock / population
