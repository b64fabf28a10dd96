"""知识产权。Source: the registers of patents, trademarks, pledges and technology transfers."""

from __future__ import annotations

from city_briefs.metrics.business_environment import entity_stock
from city_briefs.metrics.population import population
from city_briefs.model.ibis_on_demand import ir
from city_briefs.model.metric import Pair, flow, ratio, stock
from city_briefs.model.tables import IP_PLEDGES, PATENTS, TECH_TRANSFERS, TRADEMARKS

OWNER, TRADEMARK = "知识产权运用促进处", "商标监督管理处"
INVENTION = "invention"


@flow(PATENTS, on="granted_on", label="发明专利授权", label_en="invention patents granted", unit="件", better="higher")
def inv_grants(rows: ir.Table) -> ir.NumericScalar:
    """报告期内获得授权的发明专利件数，按授权日计；其后失效的不扣减。"""
    return rows.count(where=rows.kind == INVENTION)


@flow(PATENTS, on="granted_on", by=("kind",), label="专利授权", label_en="patents granted", unit="件", better="higher")
def patents_granted(rows: ir.Table) -> ir.NumericScalar:
    """报告期内获得授权的发明、实用新型和外观设计专利件数，按授权日计；其后失效的不扣减。"""
    return rows.count()


@stock(
    PATENTS,
    since="granted_on",
    until="lapsed_on",
    label="有效发明专利拥有量",
    label_en="invention patents in force",
    unit="件",
    better="higher",
)
def inv_patents_valid(rows: ir.Table) -> ir.NumericScalar:
    """期末已授权、尚未失效的发明专利件数；失效当日起不计，未授权的申请不计。"""
    return rows.count(where=rows.kind == INVENTION)


@ratio(
    per=10_000,
    label="每万人口发明专利拥有量",
    label_en="invention patents in force per 10,000 residents",
    unit="件/万人",
    decimals=2,
    better="higher",
)
def inv_patents_per_10k() -> Pair:
    """期末有效发明专利拥有量与期末及以前最近一次人口数之比；各地区合并计算，不对比率取平均。"""
    return inv_patents_valid / population


@stock(
    PATENTS,
    since="granted_on",
    until="lapsed_on",
    label="高价值发明专利",
    label_en="high-value invention patents in force",
    unit="件",
    better="higher",
)
def high_value_patents(rows: ir.Table) -> ir.NumericScalar:
    """期末有效发明专利中认定为高价值的件数；未填写是否高价值的不计。"""
    return rows.count(where=rows.high_value & (rows.kind == INVENTION))


@ratio(
    per=10_000,
    label="每万人口高价值发明专利拥有量",
    label_en="high-value invention patents per 10,000 residents",
    unit="件/万人",
    decimals=2,
    better="higher",
)
def high_value_patents_per_10k() -> Pair:
    """期末高价值发明专利件数与期末及以前最近一次人口数之比；各地区合并计算，不对比率取平均。"""
    return high_value_patents / population


@stock(
    TRADEMARKS,
    since="registered_on",
    until="lapsed_on",
    label="商标有效注册量",
    label_en="trademarks in force",
    unit="件",
    better="higher",
    owner=TRADEMARK,
)
def trademarks_valid(rows: ir.Table) -> ir.NumericScalar:
    """期末已核准注册、尚未失效的商标件数；失效当日起不计。"""
    return rows.count()


@ratio(
    per=10_000,
    label="每万户市场主体商标拥有量",
    label_en="trademarks in force per 10,000 entities",
    unit="件/万户",
    decimals=2,
    better="higher",
    owner=TRADEMARK,
)
def trademarks_per_10k_entities() -> Pair:
    """期末商标有效注册量与期末实有市场主体户数之比；各地区合并计算，不对比率取平均。"""
    return trademarks_valid / entity_stock


@stock(
    TRADEMARKS,
    since="registered_on",
    until="lapsed_on",
    label="地理标志商标",
    label_en="geographical indications in force",
    unit="件",
    better="higher",
    owner=TRADEMARK,
)
def geographical_indications(rows: ir.Table) -> ir.NumericScalar:
    """期末有效注册商标中地理标志商标的件数；未填写是否地理标志的不计。"""
    return rows.count(where=rows.geographical_indication)


@flow(IP_PLEDGES, on="pledged_on", label="专利权质押融资笔数", label_en="patent-pledge loans", unit="笔", better="higher")
def pledge_deals(rows: ir.Table) -> ir.NumericScalar:
    """报告期内新登记的专利权质押融资笔数，按登记日期计。"""
    return rows.count()


@flow(IP_PLEDGES, on="pledged_on", label="质押专利", label_en="patents pledged", unit="件", better="higher")
def pledged_patents(rows: ir.Table) -> ir.NumericScalar:
    """报告期内新登记的质押所涉专利件数，按登记日期计；同一专利再次质押的重复计。"""
    return rows.patents.sum()


@flow(
    IP_PLEDGES, on="pledged_on", label="专利权质押融资金额", label_en="amount lent on patents pledged", unit="元", better="higher"
)
def pledge_amount(rows: ir.Table) -> ir.NumericScalar:
    """报告期内新登记的专利权质押的融资金额，按登记日期计。"""
    return rows.amount_yuan.sum()


@ratio(label="每笔质押融资金额", label_en="amount per patent-pledge loan", unit="元/笔", decimals=2)
def pledge_per_deal() -> Pair:
    """报告期内专利权质押融资金额与笔数之比；各地区合并计算，不对比率取平均。"""
    return pledge_amount / pledge_deals


@flow(
    TECH_TRANSFERS, on="concluded_on", label="科技成果落地", label_en="technology transfers concluded", unit="项", better="higher"
)
def tech_transfers(rows: ir.Table) -> ir.NumericScalar:
    """报告期内经平台促成、签约落地的科技成果项数，按签约日期计。"""
    return rows.count()


@flow(
    TECH_TRANSFERS,
    on="concluded_on",
    label="科技成果转化金额",
    label_en="value of technology transfers",
    unit="元",
    better="higher",
)
def tech_transfer_amount(rows: ir.Table) -> ir.NumericScalar:
    """报告期内签约落地的科技成果的合同金额，按签约日期计。"""
    return rows.amount_yuan.sum()
