"""保供稳价。Source: the monitoring of prices, with the ceiling on the mark-up that a document sets."""

from __future__ import annotations

from city_briefs.model.ibis_on_demand import ibis, ir
from city_briefs.model.metric import Pair, derived, flow, ratio
from city_briefs.model.tables import PARAMETERS, PRICES

OWNER = "价格监督检查和反不正当竞争处"
CEILING = "markup_ceiling"
HUNDRED = 100  # the ceiling is in %


@derived("价格监测数据（进销差率上限实施期间）", PRICES, PARAMETERS)
def under_ceiling(prices: ir.Table, parameters: ir.Table) -> ir.Table:
    """Return each observation with the ceiling in force on its day (`ceiling`, %), from when it takes effect to the day before the next."""
    ceilings = parameters.filter(parameters.name == CEILING)
    # A decimal, so that a mark-up of exactly the ceiling is never over it.
    ceilings = ceilings.select(
        "effective_from",
        ceiling=ceilings.value.cast("decimal(18,4)"),
        replaced_on=ceilings.effective_from.lead().over(ibis.window(order_by=ceilings.effective_from)),
    )
    in_force = (prices.observed_on >= ceilings.effective_from) & (
        ceilings.replaced_on.isnull() | (prices.observed_on < ceilings.replaced_on)
    )
    return prices.join(ceilings, in_force)


@flow(PRICES, on="observed_on", by=("commodity",), label="价格监测记录", label_en="price observations", unit="条")
def price_observations(rows: ir.Table) -> ir.NumericScalar:
    """报告期内对重要民生商品进价、售价的监测记录条数。"""
    return rows.count()


@flow(
    under_ceiling,
    on="observed_on",
    by=("commodity",),
    label="进销差率上限内监测记录",
    label_en="observations under the ceiling rule",
    unit="条",
)
def prices_under_rule(rows: ir.Table) -> ir.NumericScalar:
    """报告期内进销差率上限生效之日起的监测记录条数；上限出台之前的不计。"""
    return rows.count()


@flow(
    under_ceiling,
    on="observed_on",
    by=("commodity",),
    label="进销差率超上限记录",
    label_en="observations over the mark-up ceiling",
    unit="条",
    better="lower",
)
def prices_over_ceiling(rows: ir.Table) -> ir.NumericScalar:
    """报告期内进销差率超过监测当日所执行上限的记录条数，恰等于上限的不计；上限出台之前的不计。

    进销差率＝（售价－进价）÷进价，分母为进价。
    """
    return rows.count(where=(rows.sale_yuan - rows.purchase_yuan) * HUNDRED > rows.purchase_yuan * rows.ceiling)


@ratio(
    label="进销差率超上限比重", label_en="share of observations over the mark-up ceiling", unit="%", decimals=1, better="lower"
)
def over_ceiling_share() -> Pair:
    """进销差率上限实施期间的监测记录中，超过上限的比重；各地区合并计算，不对比率取平均。"""
    return prices_over_ceiling / prices_under_rule


@flow(
    PRICES,
    on="observed_on",
    by=("commodity",),
    label="监测商品进价合计",
    label_en="total of the purchase prices observed",
    unit="元",
    decimals=2,
)
def purchase_total(rows: ir.Table) -> ir.NumericScalar:
    """报告期内各条监测记录的进价之和，每条按一公斤计。"""
    return rows.purchase_yuan.sum()


@flow(
    PRICES,
    on="observed_on",
    by=("commodity",),
    label="监测商品进销差额合计",
    label_en="total of the margins observed",
    unit="元",
    decimals=2,
)
def margin_total(rows: ir.Table) -> ir.NumericScalar:
    """报告期内各条监测记录的售价与进价之差的和，每条按一公斤计；售价低于进价的为负。"""
    return (rows.sale_yuan - rows.purchase_yuan).sum()


@ratio(label="平均进销差率", label_en="average mark-up", unit="%", decimals=1)
def average_markup() -> Pair:
    """报告期内监测商品进销差额合计与进价合计之比，分母为进价；不对各条记录的差率取平均。"""
    return margin_total / purchase_total
