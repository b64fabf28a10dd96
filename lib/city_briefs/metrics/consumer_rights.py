"""消费者权益保护。Source: the requests of the 12315 platform."""

from __future__ import annotations

from city_briefs.model.ibis_on_demand import ibis, ir
from city_briefs.model.metric import Pair, flow, median, ratio
from city_briefs.model.tables import COMPLAINTS

OWNER = "消保处"


@flow(
    COMPLAINTS,
    on="received_on",
    by=("kind", "category"),
    label="12315平台接收群众诉求",
    label_en="12315 requests received",
    unit="件",
)
def complaints_received(rows: ir.Table) -> ir.NumericScalar:
    """报告期内12315平台登记的投诉、举报和咨询件数，按登记日期计。

    转办的只在首次登记地计一次；撤回的计入。
    """
    return rows.count(where=rows.transferred_from.isnull())


@flow(COMPLAINTS, on="received_on", by=("category",), label="消费投诉", label_en="consumer complaints received", unit="件")
def consumer_complaints(rows: ir.Table) -> ir.NumericScalar:
    """报告期内登记的群众诉求中投诉的件数；转办的只在首次登记地计一次，撤回的计入。"""
    return rows.count(where=rows.transferred_from.isnull() & (rows.kind == "complaint"))


@flow(COMPLAINTS, on="received_on", by=("category",), label="举报", label_en="reports received", unit="件")
def reports_received(rows: ir.Table) -> ir.NumericScalar:
    """报告期内登记的群众诉求中举报的件数；转办的只在首次登记地计一次，撤回的计入。"""
    return rows.count(where=rows.transferred_from.isnull() & (rows.kind == "report"))


@flow(COMPLAINTS, on="received_on", by=("category",), label="咨询", label_en="enquiries received", unit="件")
def enquiries_received(rows: ir.Table) -> ir.NumericScalar:
    """报告期内登记的群众诉求中咨询的件数；转办的只在首次登记地计一次，撤回的计入。"""
    return rows.count(where=rows.transferred_from.isnull() & (rows.kind == "enquiry"))


@flow(
    COMPLAINTS,
    on="received_on",
    by=("kind", "category"),
    undated="withdrawn",
    label="撤回的群众诉求",
    label_en="requests withdrawn",
    unit="件",
)
def complaints_withdrawn(rows: ir.Table) -> ir.NumericScalar:
    """报告期内登记、其后由当事人撤回的诉求件数，是接收群众诉求中的一部分，按登记日期计。"""
    return rows.count(where=rows.transferred_from.isnull() & rows.withdrawn)


@flow(
    COMPLAINTS,
    on="received_on",
    by=("category",),
    undated="accepted",
    label="受理消费投诉",
    label_en="complaints accepted",
    unit="件",
)
def complaints_accepted(rows: ir.Table) -> ir.NumericScalar:
    """报告期内登记的投诉中已受理的件数，计入受理地，转办而来的同样计入；未填写是否受理的不计。"""
    return rows.count(where=rows.accepted & (rows.kind == "complaint"))


@flow(
    COMPLAINTS,
    on="received_on",
    by=("category",),
    decided="closed_on",
    label="和解消费投诉",
    label_en="complaints settled",
    unit="件",
)
def complaints_settled(rows: ir.Table) -> ir.NumericScalar:
    """报告期内登记并受理的投诉中已达成和解的件数，计入受理地，转办而来的同样计入；尚未办结的不计。"""
    return rows.count(where=rows.accepted & rows.settled & (rows.kind == "complaint"))


@ratio(label="消费投诉和解率", label_en="settlement rate of complaints", unit="%", decimals=1, better="higher")
def settlement_rate() -> Pair:
    """已受理投诉中达成和解的比重，尚未办结的计入分母；各地区合并计算，不对比率取平均。"""
    return complaints_settled / complaints_accepted


@flow(COMPLAINTS, on="closed_on", by=("category",), label="办结消费投诉", label_en="complaints closed", unit="件")
def complaints_closed(rows: ir.Table) -> ir.NumericScalar:
    """报告期内办结的投诉件数，按办结日期计，不论何时登记；计入办理地，转办而来的同样计入。"""
    return rows.count(where=rows.kind == "complaint")


@median(
    COMPLAINTS,
    on="closed_on",
    by=("category",),
    label="消费投诉办结用时中位数",
    label_en="median days to close a complaint",
    unit="天",
    decimals=1,
    better="lower",
)
def median_days_to_close(rows: ir.Table) -> ir.Column:
    """本年1月至期末办结的投诉，自登记之日至办结之日天数的中位数；当日办结的为零天。"""
    return ibis.ifelse(rows.kind == "complaint", rows.closed_on.delta(rows.received_on, unit="day"), None)


@flow(
    COMPLAINTS,
    on="closed_on",
    by=("category",),
    label="为消费者挽回经济损失",
    label_en="consumer losses recovered",
    unit="元",
    better="higher",
)
def losses_recovered(rows: ir.Table) -> ir.NumericScalar:
    """报告期内办结的诉求为消费者挽回的经济损失，按办结日期计；未填写金额的不计。"""
    return rows.recovered_yuan.sum()


@ratio(label="每件投诉挽回损失", label_en="loss recovered per complaint closed", unit="元/件", decimals=2, better="higher")
def recovered_per_complaint() -> Pair:
    """报告期内为消费者挽回的经济损失与办结投诉件数之比；未挽回损失的投诉计入分母。"""
    return losses_recovered / complaints_closed
