"""Views of a metric: what is computed from the results, each with the reasons to refuse it.

A refusal is an answer: the figure has no value, and `refused` is the sentence that a brief prints in its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lib import text
from lib.errors import UsageError, suggestion
from lib.metric import Metric
from lib.periods import Period, months_text
from lib.regions import Region
from lib.results import Amount, Results

SMALL_BASE = 30  # records or units in the base period; below it a percentage misleads
PER_DAY_DECIMALS = 1
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Figure:
    """One number that a brief may state.

    `value` is unrounded and in `unit`; it is None exactly when `refused` is a sentence. `text` is the number as prose says it, or
    what prose says instead of it.
    """

    metric: Metric
    view: str
    region: Region
    period: Period
    unit: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    text: str
    refused: str | None = None

    @property
    def prose(self) -> str:
        """The number as a sentence says it, or what the sentence says instead: never a bare dash."""
        return self.refused if self.refused and self.text == text.NOTHING else self.text

    def record(self, snapshot: str) -> dict[str, Any]:
        """The figure as a JSON object, the contract of `briefs value --json`; `snapshot` is the id of what it was computed from."""
        return {
            "metric": self.metric.id,
            "view": self.view,
            "region": self.region.code,
            "year": self.period.year,
            "through": self.period.through,
            "value": _number(self.value),
            "unit": self.unit,
            "numerator": _number(self.numerator),
            "denominator": _number(self.denominator),
            "text": self.text,
            "refused": self.refused,
            "snapshot": snapshot,
        }


@dataclass(frozen=True)
class Answer:
    """What a view computed: the value, its two halves, and how it is said."""

    value: Decimal
    text: str
    numerator: Decimal
    denominator: Decimal | None = None


class Refusal(Exception):
    """A view that may not be given: the reason, and what prose says instead of the number when that is shorter."""

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(reason)
        self.said = said or reason


def look(results: Results, metric: Metric, view: str, region: Region, period: Period) -> Figure:
    """One figure. A view that does not exist is a UsageError; one that may not be given comes back refused."""
    if view not in VIEWS:
        raise UsageError(f"There is no view '{view}'.{suggestion(view, VIEWS)} The views are {', '.join(VIEWS)}.")
    compute, unit = VIEWS[view]
    try:
        answer = compute(results, metric, region, period)
    except Refusal as refusal:
        return Figure(metric, view, region, period, unit(metric), None, None, None, refusal.said, str(refusal))
    return Figure(
        metric, view, region, period, unit(metric), answer.value, answer.numerator, answer.denominator, answer.text
    )  # fmt: skip


def value(results: Results, metric: Metric, region: Region, period: Period) -> Answer:
    """The metric itself: flows summed from January, stocks at the cut-off, ratios pooled. Refused unless wholly covered."""
    known = _covered(results, metric, region, period, "本期")
    if metric.form != "ratio":
        return Answer(known.numerator, text.amount(known.numerator, metric.unit, metric.decimals), known.numerator)
    if not known.denominator:
        raise Refusal(f"{metric.label}的分母为零，不作计算", text.NOTHING)
    quotient = known.numerator / known.denominator * (HUNDRED if metric.unit == "%" else 1)
    return Answer(quotient, text.amount(quotient, metric.unit, metric.decimals), known.numerator, known.denominator)


def yoy(results: Results, metric: Metric, region: Region, period: Period) -> Answer:
    """同比, growth over the same months a year before. Refused for a percentage, and over a base that is missing, zero or small."""
    if metric.unit == "%":
        raise Refusal("百分率不计算增长率，另以个百分点比较")
    now = value(results, metric, region, period)
    _covered(results, metric, region, period.year_before, "上年同期", "，不作比较")
    base = value(results, metric, region, period.year_before)
    if not base.value:
        raise Refusal("上年同期为零，不作比较", text.NOTHING)
    if (base.denominator or base.value) < SMALL_BASE:
        raise Refusal(f"上年同期为{base.text}，基数过小，不作百分比比较", text.NOTHING)
    change = (now.value / base.value - 1) * HUNDRED
    return Answer(change, text.growth(change), now.value, base.value)


def rank(results: Results, metric: Metric, region: Region, period: Period) -> Answer:
    """Place among the cities, the best first; ties share a place. Refused for a neutral metric, or while any city's value is unknown."""
    if metric.better == "neutral":
        raise Refusal("该指标不分优劣，不排位次")
    if region.level != "city":
        raise Refusal(f"{region.name}不参加排位")
    own = value(results, metric, region, period)
    found = {city: look(results, metric, "value", city, period).value for city in results.regions.cities}
    if unknown := [city.name for city, other in found.items() if other is None]:
        raise Refusal(f"部分地区数据不全，不排位次（{'、'.join(unknown)}）", "部分地区数据不全，不排位次")
    better = [other for other in found.values() if other is not None and _ahead(metric, other, own.value)]
    place = Decimal(len(better) + 1)
    tied = sum(other == own.value for other in found.values()) > 1
    return Answer(place, f"{'并列' if tied else ''}第{place}位", place, Decimal(len(found)))


def share(results: Results, metric: Metric, region: Region, period: Period) -> Answer:
    """Share of the province, in %. Refused for a ratio, which has no whole."""
    if metric.form == "ratio":
        raise Refusal("比率不计算占比")
    own = value(results, metric, region, period)
    whole = value(results, metric, results.regions.province, period)
    if not whole.value:
        raise Refusal(f"{results.regions.province.name}合计为零，不计算占比", text.NOTHING)
    part = own.value / whole.value * HUNDRED
    return Answer(part, text.amount(part, "%", text.PERCENT_DECIMALS), own.value, whole.value)


def per_day(results: Results, metric: Metric, region: Region, period: Period) -> Answer:
    """日均: a flow divided by the calendar days elapsed since 1 January. Refused for stocks and ratios."""
    if metric.form != "flow":
        raise Refusal("只有期间累计数计算日均")
    own = value(results, metric, region, period)
    daily = own.value / period.days
    return Answer(daily, text.amount(daily, metric.unit, PER_DAY_DECIMALS), own.value, Decimal(period.days))


VIEWS: dict[str, tuple[Callable[[Results, Metric, Region, Period], Answer], Callable[[Metric], str]]] = {
    "value": (value, lambda metric: metric.unit),
    "yoy": (yoy, lambda metric: "%"),
    "rank": (rank, lambda metric: "位"),
    "share": (share, lambda metric: "%"),
    "per_day": (per_day, lambda metric: f"{metric.unit}/日"),
}


def _number(value: Decimal | None) -> int | float | None:
    """A value as JSON holds it: whole numbers as integers, others unrounded."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _ahead(metric: Metric, one: Decimal, other: Decimal) -> bool:
    return one > other if metric.better == "higher" else one < other


def _covered(results: Results, metric: Metric, region: Region, period: Period, when: str, so: str = "") -> Amount:
    """The amount over a period; refused, naming who did not report which months, when the period is not wholly covered."""
    if results.provenance(metric) is None:
        raise Refusal(f"{when}未报送{so}（没有{metric.label}的数据）", f"{when}未报送{so}")
    known = results.amount(metric, region, period)
    if not known.missing:
        return known
    gaps = set(map(tuple, known.missing.values()))
    if len(gaps) == 1 and (region in known.missing or known.missing.keys() >= set(results.regions.cities)):
        particulars = months_text(*gaps)
    else:
        particulars = "、".join(f"{member.name}{months_text(months)}" for member, months in known.missing.items())
    raise Refusal(f"{when}数据不全{so}（{particulars}未报送）", f"{when}数据不全{so}")
