"""冷链总仓。Source: the movements through the central hubs."""

from __future__ import annotations

from city_briefs.model.ibis_on_demand import ibis, ir
from city_briefs.model.metric import distinct, flow, stock
from city_briefs.model.tables import COLD_CHAIN

OWNER = "食品经营安全监督管理处"


@distinct(COLD_CHAIN, on="moved_on", label="冷链总仓", label_en="central cold-chain hubs", unit="个")
def coldchain_hubs(rows: ir.Table) -> ir.Column:
    """本年1月至期末有期初或出入库记录的冷链总仓个数，同一总仓只计一次，不同地区同名的分别计。"""
    return rows.region.concat(rows.hub)


@distinct(COLD_CHAIN, on="moved_on", by=("hub",), label="冷链食品来源国家", label_en="source countries", unit="个")
def coldchain_countries(rows: ir.Table) -> ir.Column:
    """本年1月至期末入仓冷链食品的来源国家数，同一国家只计一次；期初和出仓记录以及未填写来源国的不计。"""
    return ibis.ifelse(rows.direction == "in", rows.origin, None)


@flow(COLD_CHAIN, on="moved_on", by=("hub", "origin"), label="冷链食品入仓", label_en="cold-chain food in", unit="吨")
def coldchain_in(rows: ir.Table) -> ir.NumericScalar:
    """报告期内进入冷链总仓的食品吨数，不含期初库存。"""
    return rows.tonnes.sum(where=rows.direction == "in")


@flow(COLD_CHAIN, on="moved_on", by=("hub",), label="冷链食品出仓", label_en="cold-chain food out", unit="吨")
def coldchain_out(rows: ir.Table) -> ir.NumericScalar:
    """报告期内运出冷链总仓的食品吨数。"""
    return rows.tonnes.sum(where=rows.direction == "out")


@stock(COLD_CHAIN, since="moved_on", by=("hub",), label="冷链食品在仓", label_en="cold-chain food in store", unit="吨")
def coldchain_stock(rows: ir.Table) -> ir.NumericScalar:
    """期末冷链总仓的库存吨数，即期初库存加历次入仓、减历次出仓。"""
    return ibis.ifelse(rows.direction == "out", -rows.tonnes, rows.tonnes).sum()
