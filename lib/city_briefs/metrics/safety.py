"""“三品一特”安全。Source: the monthly reports of accidents and the lists of hazards."""

from __future__ import annotations

from city_briefs.model.ibis_on_demand import ibis, ir
from city_briefs.model.metric import Pair, derived, flow, median, ratio, stock
from city_briefs.model.tables import ACCIDENTS, HAZARDS

OWNER = "应急管理处"
MAJOR_GRADES = ("major", "extraordinary")


@derived("逾期未销号隐患", HAZARDS)
def overdue_hazards(hazards: ir.Table) -> ir.Table:
    """Return the hazards that were still open on the day after they were due, with that day as `overdue_from`."""
    late = hazards.mutate(overdue_from=hazards.due_on + ibis.interval(days=1))
    return late.filter(late.closed_on.isnull() | (late.overdue_from < late.closed_on))


@flow(
    ACCIDENTS,
    on="month",
    by=("domain", "grade"),
    label="“三品一特”事故",
    label_en="accidents in the four domains",
    unit="起",
    better="lower",
)
def accidents_total(rows: ir.Table) -> ir.NumericScalar:
    """报告期内各地区月报的食品、药品、特种设备和工业产品安全事故起数，包括一般、较大、重大和特别重大事故。"""
    return rows["count"].sum()


@flow(
    ACCIDENTS,
    on="month",
    by=("domain",),
    label="重大及以上“三品一特”事故",
    label_en="major and extraordinary accidents",
    unit="起",
    better="lower",
)
def major_accidents(rows: ir.Table) -> ir.NumericScalar:
    """报告期内重大和特别重大“三品一特”安全事故起数；一般和较大事故不计。"""
    return rows["count"].sum(where=rows.grade.isin(MAJOR_GRADES))


@flow(
    ACCIDENTS,
    on="month",
    by=("domain",),
    label="“三品一特”事故死亡人数",
    label_en="deaths in accidents",
    unit="人",
    better="lower",
)
def accident_deaths(rows: ir.Table) -> ir.NumericScalar:
    """报告期内“三品一特”安全事故的死亡人数；未填写的按无死亡计。"""
    return rows.deaths.sum()


@flow(
    ACCIDENTS,
    on="month",
    label="特种设备事故",
    label_en="special-equipment accidents",
    unit="起",
    better="lower",
    owner="特种设备安全监察处",
)
def se_accidents(rows: ir.Table) -> ir.NumericScalar:
    """报告期内特种设备安全事故起数，包括各个等级。"""
    return rows["count"].sum(where=rows.domain == "special_equipment")


@flow(
    ACCIDENTS,
    on="month",
    by=("domain",),
    label="事故月报条数",
    label_en="rows of accident reports, zero reports included",
    unit="条",
)
def accident_reports(rows: ir.Table) -> ir.NumericScalar:
    """报告期内各地区按月、领域和等级报送的事故月报条数，零报告计入；用以判断报送是否齐全。"""
    return rows.count()


@flow(HAZARDS, on="found_on", by=("domain", "level"), label="排查发现隐患", label_en="hazards found", unit="项")
def hazards_found(rows: ir.Table) -> ir.NumericScalar:
    """报告期内排查发现的“三品一特”安全隐患项数，按发现日期计入当月。"""
    return rows.count()


@stock(
    HAZARDS,
    since="found_on",
    until="closed_on",
    by=("domain", "level"),
    label="未销号隐患",
    label_en="hazards open",
    unit="项",
    better="lower",
)
def hazards_open(rows: ir.Table) -> ir.NumericScalar:
    """期末已发现、尚未整改销号的安全隐患项数。"""
    return rows.count()


@stock(
    overdue_hazards,
    since="overdue_from",
    until="closed_on",
    by=("domain", "level"),
    label="逾期未销号隐患",
    label_en="hazards overdue",
    unit="项",
    better="lower",
)
def hazards_overdue(rows: ir.Table) -> ir.NumericScalar:
    """期末已过整改期限、尚未销号的安全隐患项数，到期当日不算逾期。"""
    return rows.count()


@ratio(label="隐患逾期未销号率", label_en="share of open hazards overdue", unit="%", decimals=1, better="lower")
def hazard_overdue_share() -> Pair:
    """期末逾期未销号隐患占未销号隐患的比重；各地区合并计算，不对比率取平均。"""
    return hazards_overdue / hazards_open


@flow(HAZARDS, on="closed_on", by=("domain",), label="整改销号隐患", label_en="hazards closed", unit="项", better="higher")
def hazards_closed(rows: ir.Table) -> ir.NumericScalar:
    """报告期内整改销号的安全隐患项数，按销号日期计入当月。"""
    return rows.count()


@flow(
    HAZARDS, on="closed_on", by=("domain",), label="按期销号隐患", label_en="hazards closed on time", unit="项", better="higher"
)
def hazards_closed_on_time(rows: ir.Table) -> ir.NumericScalar:
    """报告期内销号、且销号日期不晚于整改期限的安全隐患项数。"""
    return rows.count(where=rows.closed_on <= rows.due_on)


@ratio(label="隐患按期销号率", label_en="share of hazards closed on time", unit="%", decimals=1, better="higher")
def on_time_closing_rate() -> Pair:
    """报告期内按期销号隐患占整改销号隐患的比重；各地区合并计算，不对比率取平均。"""
    return hazards_closed_on_time / hazards_closed


@median(
    HAZARDS,
    on="closed_on",
    by=("domain",),
    label="隐患整改天数中位数",
    label_en="median days to close a hazard",
    unit="天",
    decimals=1,
    better="lower",
)
def median_days_to_close_hazards(rows: ir.Table) -> ir.Column:
    """年初以来销号的安全隐患从发现到销号所用天数的中位数，当日发现当日销号的为零天。"""
    return rows.closed_on.delta(rows.found_on, unit="day")
