"""信用监管。Source: the results of rating enterprises by credit risk."""

from __future__ import annotations

from city_briefs.model.ibis_on_demand import ibis, ir
from city_briefs.model.metric import Pair, derived, ratio, stock
from city_briefs.model.tables import CREDIT_RATINGS

OWNER = "信用监督管理处"


@derived("企业信用风险分类结果", CREDIT_RATINGS)
def ratings_in_force(ratings: ir.Table) -> ir.Table:
    """Return each rating with the day on which the next one of the entity replaced it; empty for the last."""
    by_entity = ibis.window(group_by="entity_id", order_by="rated_on")
    return ratings.mutate(replaced_on=ratings.rated_on.lead().over(by_entity))


@stock(
    ratings_in_force,
    since="rated_on",
    until="replaced_on",
    by=("class",),
    label="已评定信用风险类别主体",
    label_en="entities rated by credit risk",
    unit="户",
)
def rated_entities(rows: ir.Table) -> ir.NumericScalar:
    """期末已有信用风险分类结果的市场主体户数，同一主体以最近一次评定为准，只计一次；已注销的仍计入。"""
    return rows.count()


@stock(
    ratings_in_force,
    since="rated_on",
    until="replaced_on",
    label="高风险主体",
    label_en="entities of high credit risk",
    unit="户",
    better="lower",
)
def high_risk_entities(rows: ir.Table) -> ir.NumericScalar:
    """期末信用风险分类为D类（高风险）的市场主体户数，同一主体以最近一次评定为准；已注销的仍计入。"""
    return rows.count(where=rows["class"] == "D")


@ratio(label="高风险主体占比", label_en="share of entities of high credit risk", unit="%", decimals=2, better="lower")
def high_risk_share() -> Pair:
    """期末D类主体占已评定信用风险类别主体的比重；各地区合并计算，不对比率取平均。"""
    return high_risk_entities / rated_entities
