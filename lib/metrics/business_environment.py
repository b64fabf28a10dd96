"""营商环境。Source: the register of market entities, or what the cities return of it."""

import ibis.expr.types as ir

from lib.metric import Pair, flow, ratio, stock
from lib.tables import ENTITIES

OTHER_KINDS = ("self_employed", "cooperative")  # everything else registered is an enterprise, a kind left empty included


@flow(
    ENTITIES,
    on="registered_on",
    label="新设立市场主体",
    label_en="newly registered entities",
    unit="户",
    decimals=0,
    better="higher",
    owner="登记注册处",
)
def new_entities(rows: ir.Table) -> ir.NumericScalar:
    """报告期内登记成立的市场主体户数，包括企业、个体工商户和农民专业合作社。

    按成立日期计入当月；其后注销、吊销的不扣减。
    """
    return rows.count()


@flow(
    ENTITIES,
    on="registered_on",
    label="新设企业",
    label_en="newly registered enterprises",
    unit="户",
    decimals=0,
    better="higher",
    owner="登记注册处",
)
def new_enterprises(rows: ir.Table) -> ir.NumericScalar:
    """报告期内登记成立的企业户数，不包括个体工商户和农民专业合作社及其分支机构。

    未填写主体类型的按企业计。
    """
    return rows.count(where=rows.kind.isnull() | rows.kind.notin(OTHER_KINDS))


@ratio(
    label="新设主体中企业占比",
    label_en="share of enterprises among new entities",
    unit="%",
    decimals=1,
    better="higher",
    owner="登记注册处",
)
def enterprise_share_of_new() -> Pair:
    """新设企业占新设立市场主体的比重；各地区合并计算，不对比率取平均。"""
    return new_enterprises / new_entities


@stock(
    ENTITIES,
    since="registered_on",
    until="cancelled_on",
    label="实有市场主体",
    label_en="entities in force",
    unit="户",
    decimals=0,
    better="higher",
    owner="登记注册处",
)
def entity_stock(rows: ir.Table) -> ir.NumericScalar:
    """期末登记在册的市场主体户数，即已登记成立、尚未注销的市场主体。

    吊销未注销的仍计入。
    """
    return rows.count()
