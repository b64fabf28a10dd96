"""The inputs of views: fully reported amounts, populations and cited numbers; each is refused when it is not there."""

from datetime import date
from decimal import Decimal
from typing import Any

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.compute.rejected import months_rejected
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Answer, Figure, Question, Refusal
from city_briefs.analysis.statistics import SMALL
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import months_text
from city_briefs.common.regions import Region
from city_briefs.model.metric import MEASURED_UNITS, TO_DATE, Metric
from city_briefs.model.table import Table
from city_briefs.model.tables import TARGETS

NOT_VERIFIED = "未通过核验"
Gaps = dict[Region, list[str]]  # months (YYYY-MM) by region
SMALL_BASE = SMALL  # records or units in the base; with fewer a percentage misleads


def base_size(metric: Metric, amount: Amount) -> Decimal | None:
    """Return how many records or units a value rests on: of a ratio its denominator; None when the number is not known."""
    if amount.denominator is not None:
        return amount.denominator
    if amount.records is not None:
        return amount.records
    return None if metric.unit in MEASURED_UNITS or metric.form in TO_DATE[1:] else amount.numerator


def value(ask: Question, amount: Amount) -> Answer:
    """Return the answer of an amount, in the metric's unit.

    Raises:
        Refusal: the denominator is zero, or it is a median or a maximum of no records.
    """
    metric = ask.metric
    if metric.form == "ratio":
        if not amount.denominator:
            raise Refusal(f"{metric.label}的分母为零，不作计算", number_format.NOTHING)
        quotient = amount.numerator / amount.denominator * metric.per
        note = f"按{amount.as_of[:4]}年人口计算" if amount.as_of else ""
        return Answer(
            quotient, number_format.amount(quotient, metric.unit, metric.decimals), amount.numerator, amount.denominator, note
        )
    if metric.form in TO_DATE[1:] and amount.records == 0:
        raise Refusal(f"本期没有计算{metric.label}的记录", number_format.NOTHING)
    return Answer(amount.numerator, number_format.amount(amount.numerator, metric.unit, metric.decimals), amount.numerator)


def known_amount(ask: Question, when: str, so: str = "") -> Amount:
    """Return the amount over a period that is fully reported.

    `when` names the period in the reason, such as 本期; `so` is the consequence that it adds, such as ，不作比较.

    Raises:
        Refusal: a month was not reported, has rejected rows, or was returned twice (the reason names regions and months); or the
            metric has no number for this region: it is cited, has no data, is returned by the province alone, or by one of its cities
            alone (the reason names it), or has no population to divide by.
    """
    results, metric, region = ask.results, ask.metric, ask.region
    if metric.form == "cited":
        raise Refusal("规定值不统计，只引用")
    if region.level != "province" and results.reporters.only_province(metric, ask.period):
        raise Refusal(f"只有{results.regions.province.whole}数，不分地区")
    _refuse_of_one_city(ask, when, so)
    if results.provenance(metric) is None:
        members = [region] if region.level != "province" else [*results.regions.all]
        if rejected := months_rejected(results, metric, {member: list(ask.period.months) for member in members}):
            raise _refusal_of_rejected(results, region, rejected, when, so)
        raise Refusal(f"{when}未报送{so}（没有{metric.label}的数据）", f"{when}未报送{so}")
    if metric.form == "latest" or (results.is_pair(metric) and metric.pair.second.form == "latest"):
        people(ask)
    if results.is_only_to_date(metric, ask.period):
        raise Refusal(f"{metric.label}只报送年初至月末的累计数，没有{ask.period.text}的数")
    amount = results.amount(metric, region, ask.period, ask.part)
    if rejected := months_rejected(results, metric, amount.missing) if amount.missing else {}:
        raise _refusal_of_rejected(results, region, rejected, when, so, _without(amount.missing, rejected))
    for gaps, what, why in ((amount.missing, "数据不全", "未报送"), (amount.twice, "数据有疑问", "重复报送")):
        if gaps:
            raise Refusal(f"{when}{what}{so}（{_particulars(results, region, gaps)}{why}）", f"{when}{what}{so}")
    return amount


def _refuse_of_one_city(ask: Question, when: str, so: str) -> None:
    """Refuse the number of a region that is returned, of all its cities or counties, by one alone: it is that one's, and no other's.

    Of a ratio or a difference both halves are looked at. `when` and `so` are those of `known_amount`.
    """
    inside = ask.results.snapshot.regions.made_of(ask.region)
    if inside is None:
        return
    results, metric = ask.results.among(inside), ask.metric
    halves = (metric.pair.first, metric.pair.second) if results.is_pair(metric) else (metric,)
    for half in halves:
        if part := results.reporters.only_part(half, ask.period):
            text = f"{when if so else ''}{ask.region.whole}数未报送{so}"
            raise Refusal(f"{text}（仅{part.name}报送）", text)


def _refusal_of_rejected(
    results: Results, region: Region, rejected: Gaps, when: str, so: str, unsent: Gaps | None = None
) -> Refusal:
    """Return the refusal of an amount of which rows were rejected; `unsent` are the months besides that were not reported."""
    text = f"{when}数据{'不全，部分' if unsent else ''}{NOT_VERIFIED}{so}"
    particulars = f"{_particulars(results, region, rejected)}{NOT_VERIFIED if unsent else ''}"
    others = f"；{_particulars(results, region, unsent)}未报送" if unsent else ""
    return Refusal(f"{text}（{particulars}{others}）", text)


def is_of_rejected(figure: Figure) -> bool:
    """Return whether a figure has no value because rows of it were rejected."""
    return NOT_VERIFIED in (figure.refused or "")


def _without(gaps: Gaps, other: Gaps) -> Gaps:
    """Return the gaps without those that are also in others."""
    left = {region: [month for month in months if month not in other.get(region, ())] for region, months in gaps.items()}
    return {region: months for region, months in left.items() if months}


def _particulars(results: Results, region: Region, gaps: dict[Region, list[str]]) -> str:
    """Return the gaps in words: regions with their months; the months alone when they are those of this region, or of all cities."""
    gaps = _gathered(results, gaps)
    months = set(map(tuple, gaps.values()))
    if len(months) == 1 and (region in gaps or gaps.keys() >= set(results.regions.cities)):
        return months_text(*months)
    return "、".join(adjoined(member.name, months_text(missing)) for member, missing in gaps.items())


def _gathered(results: Results, gaps: dict[Region, list[str]]) -> dict[Region, list[str]]:
    """Return the gaps with a city in place of its counties where all of them have the same gap."""
    left, gathered = dict(gaps), dict[Region, list[str]]()
    for city in results.regions.cities:
        inside = results.snapshot.regions.made_of(city)
        of_city = {part: left.pop(part) for part in (inside.cities if inside else (city,)) if part in left}
        same = inside and len(of_city) == len(inside.cities) and len(set(map(tuple, of_city.values()))) == 1
        gathered |= {city: next(iter(of_city.values()))} if same else of_city
    return gathered | left


def people(ask: Question) -> Amount:
    """Return the population to divide by, in persons.

    Raises:
        Refusal: none was counted at or before the end of the period.
    """
    people = ask.results.people(ask.region, ask.period)
    if people.missing or not people.numerator:
        raise Refusal(f"没有{adjoined(ask.region.name, ask.period.year)}年及以前的人口数", "没有人口数，不作计算")
    return people


def cited(table: Table, ask: Question) -> Answer:
    """Return a target of the region, or a benchmark of the area, for the year; on the value or on the growth, as `base` asks.

    Raises:
        Refusal: none is cited, or a part is asked, of which none ever is.
    """
    snapshot, metric = ask.results.snapshot, ask.metric
    if ask.part[0]:
        raise Refusal("目标和对标数据不分项")
    wanted: dict[str, Any] = {"metric": metric.id, "year": ask.period.year}
    wanted |= {} if table is TARGETS else {"area": ask.area}
    rows = {
        row["view"]: row
        for row in snapshot.listed(table, ask.region.code if table is TARGETS else "")
        if wanted.items() <= row.items() and _of_period(row.get("as_of"), table, ask)
    }
    row = rows.get(ask.base) if ask.base else rows.get("value") or rows.get("yoy")
    if row is None:
        what = f"{ask.period.year}年目标" if table is TARGETS else f"{ask.area or '对标地区'}同期数据的出处"
        raise Refusal(f"没有引用{metric.label}{what}")
    cited = Decimal(str(row["value"]))
    growth = row["view"] == "yoy"
    decimals = number_format.PERCENT_DECIMALS if growth else metric.decimals
    if table is TARGETS and (growth or metric.unit == "%"):  # as it was set
        decimals = max(decimals, number_format.places(cited))
    text = number_format.growth(cited, decimals) if growth else number_format.amount(cited, metric.unit, decimals)
    comparison = row.get("comparison", "")
    return Answer(cited, text, cited, note=row["source"], unit="%" if growth else metric.unit, comparison=comparison)


def _of_period(as_of: date | None, table: Table, ask: Question) -> bool:
    """Return whether a cited number is of the period: a target always; a benchmark by its day, without a day when it is a full year.

    A benchmark counts from January, and so is of no period that begins later, unless it is of the last day.
    """
    if table is TARGETS:
        return True
    is_from_january = ask.period.is_to_date or ask.metric.at_month_end
    return is_from_january and (as_of == ask.period.end if as_of else ask.period.through == 12)
