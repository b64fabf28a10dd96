"""特种设备安全。Source: the register of equipment, its inspections, and the records of elevator rescues."""

from __future__ import annotations

from city_briefs.model.ibis_on_demand import ibis, ir
from city_briefs.model.metric import Pair, derived, flow, median, ratio, stock
from city_briefs.model.tables import ELEVATOR_RESCUES, EQUIPMENT, EQUIPMENT_INSPECTIONS

OWNER = "特种设备安全监察处"
LATE_MINUTES = 30  # TSG T5002—2017: the maintenance firm is there within half an hour in the districts of a city


@derived("特种设备超期未检情况", EQUIPMENT, EQUIPMENT_INSPECTIONS)
def overdue_spells(equipment: ir.Table, inspections: ir.Table) -> ir.Table:
    """Return the overdue spells of devices in use: a row for each time that a device passed the latest day it was due.

    `overdue_until` is the day of the next inspection or of retirement, empty while neither has come. A device that was never
    inspected has no due date and so no row.
    """
    in_order = {"group_by": "equipment_id", "order_by": ["inspected_on", "due_on"]}
    inspected = inspections.select(
        "equipment_id",
        due_so_far=inspections.due_on.max().over(ibis.cumulative_window(**in_order)),
        next_on=inspections.inspected_on.lead().over(ibis.window(**in_order)),
    )
    devices = equipment.join(inspected, "equipment_id")
    spells = devices.mutate(
        overdue_from=ibis.greatest(devices.due_so_far + ibis.interval(days=1), devices.in_use_on),
        overdue_until=ibis.least(devices.next_on, devices.retired_on),
    )
    return spells.filter(spells.overdue_until.isnull() | (spells.overdue_from < spells.overdue_until))


@stock(
    EQUIPMENT,
    since="in_use_on",
    until="retired_on",
    by=("kind",),
    label="在用特种设备",
    label_en="special equipment in use",
    unit="台",
)
def equipment_in_use(rows: ir.Table) -> ir.NumericScalar:
    """期末已投用、未停用的特种设备台（套）数。"""
    return rows.count()


@stock(EQUIPMENT, since="in_use_on", until="retired_on", label="在用电梯", label_en="elevators in use", unit="台")
def elevators(rows: ir.Table) -> ir.NumericScalar:
    """期末已投用、未停用的电梯台数。"""
    return rows.count(where=rows.kind == "elevator")


@stock(
    overdue_spells,
    since="overdue_from",
    until="overdue_until",
    by=("kind",),
    label="超期未检特种设备",
    label_en="equipment overdue for inspection",
    unit="台",
    better="lower",
)
def equipment_overdue(rows: ir.Table) -> ir.NumericScalar:
    """期末在用而已过下次检验日期、尚未检验的特种设备台（套）数，到期当日不算超期。

    有多次检验的，以其中最晚的下次检验日期为准；没有检验记录的设备不计。
    """
    return rows.count()


@ratio(label="特种设备超期未检率", label_en="share of equipment overdue for inspection", unit="%", decimals=2, better="lower")
def overdue_share() -> Pair:
    """期末超期未检特种设备占在用特种设备的比重；各地区合并计算，不对比率取平均。"""
    return equipment_overdue / equipment_in_use


@flow(
    ELEVATOR_RESCUES,
    on="occurred_on",
    by=("cause",),
    label="处置电梯困人",
    label_en="elevator entrapments handled",
    unit="件",
    better="lower",
)
def elevator_entrapments(rows: ir.Table) -> ir.NumericScalar:
    """报告期内电梯应急救援平台处置的电梯困人件数，按发生日期计入当月。"""
    return rows.count()


@flow(ELEVATOR_RESCUES, on="occurred_on", label="解救被困人员", label_en="persons rescued from elevators", unit="人")
def elevator_rescued(rows: ir.Table) -> ir.NumericScalar:
    """报告期内处置电梯困人解救的人数。"""
    return rows.persons.sum()


@ratio(label="平均每件困人解救人数", label_en="persons rescued per entrapment", unit="人/件", decimals=1)
def persons_per_rescue() -> Pair:
    """报告期内解救被困人数与电梯困人件数之比。"""
    return elevator_rescued / elevator_entrapments


@ratio(
    per=10_000, label="每万台电梯困人", label_en="entrapments per 10 000 elevators", unit="件/万台", decimals=2, better="lower"
)
def entrapments_per_10k_lifts() -> Pair:
    """报告期内电梯困人件数与期末在用电梯台数之比。"""
    return elevator_entrapments / elevators


@flow(ELEVATOR_RESCUES, on="occurred_on", label="记有到场用时的救援", label_en="rescues with the arrival timed", unit="件")
def rescues_timed(rows: ir.Table) -> ir.NumericScalar:
    """报告期内填写了到场用时的电梯应急救援件数。"""
    return rows.count(where=rows.arrival_minutes.notnull())


@flow(
    ELEVATOR_RESCUES,
    on="occurred_on",
    label="到场超过30分钟的救援",
    label_en="rescues reached after more than 30 minutes",
    unit="件",
    better="lower",
)
def late_arrivals(rows: ir.Table) -> ir.NumericScalar:
    """报告期内到场用时超过30分钟的电梯应急救援件数，恰为30分钟的不计；未填写到场用时的不计。"""
    return rows.count(where=rows.arrival_minutes > LATE_MINUTES)


@ratio(label="救援到场超时率", label_en="share of rescues reached late", unit="%", decimals=1, better="lower")
def late_arrival_share() -> Pair:
    """到场用时超过30分钟的救援占记有到场用时的救援的比重；各地区合并计算，不对比率取平均。"""
    return late_arrivals / rescues_timed


@median(
    ELEVATOR_RESCUES,
    on="occurred_on",
    label="救援到场用时中位数",
    label_en="median minutes to arrive",
    unit="分钟",
    decimals=1,
    better="lower",
)
def median_arrival_minutes(rows: ir.Table) -> ir.Column:
    """年初以来电梯应急救援到场用时的中位数；未填写到场用时的不计。"""
    return rows.arrival_minutes
