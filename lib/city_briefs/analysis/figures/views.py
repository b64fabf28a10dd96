"""Views of a metric: value, growth, rank, share and the like, computed from results, each with its reasons to refuse.

A view is a function from a Question to an Answer, and raises a Refusal when it may not be given. `look` makes a Figure of either: a
refused one has no value, and `refused` is the sentence that a brief prints in its place.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from city_briefs.analysis.figures import number_format, refusal_rules
from city_briefs.analysis.figures.figure import Answer, Base, Figure, Question, Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.errors import UsageError, suggestion
from city_briefs.common.periods import FIRST_YEAR, Period
from city_briefs.model.metric import AMOUNT_UNITS, MEASURED_UNITS, TO_DATE, Metric
from city_briefs.model.tables import BENCHMARKS, TARGETS

PER_DAY_DECIMALS = 1
PER_HEAD = 10_000  # people that a per-head view is counted by
PER_HEAD_DECIMALS = 2
CAGR_YEARS = 5  # of 年均增长, the length of a five-year plan
TIMES_DECIMALS = 1  # of “是…的×倍”
DOUBLE_DIGIT = 10  # % of growth, from which on it is of two digits
EARLIER_RATES = 3  # growth rates held before 首次 can be said
MILESTONE_STEPS = {"milestone_step": 100_000, "milestone_step_large": 500_000}  # rows of `parameters` of these names go before
MILESTONE_LARGE = 1_000_000  # from here on the larger step
HUNDRED = number_format.HUNDRED
DURATIONS = tuple(unit for unit in MEASURED_UNITS if unit not in AMOUNT_UNITS)
CITING = ("benchmark", "vs_benchmark", "share")  # views that can be of another area
POINTS = "个百分点"
FRACTION = "分数"


def check(view: str, area: str = "") -> str:
    """Return the name of a view after a check that it exists and takes the area.

    Raises:
        UsageError: there is no such view, or it takes no such area.
    """
    if view not in VIEWS:
        raise UsageError(f"There is no view '{view}'.{suggestion(view, VIEWS, 'views')}")
    if (area and view not in CITING) or area.count("/") != (view == "share" and bool(area)):
        raise UsageError(
            f"The view {view} takes no area '{area}'. benchmark and vs_benchmark take one, share two such as 广东/全国."
        )
    return view


def look(
    scope: Scope, metric: Metric, view: str, *,
    area: str = "", base: Base | Literal[""] = "", part: tuple[str, str] = ("", ""),
) -> Figure:  # fmt: skip
    """Return one figure; one that may not be given has no value, and `refused` says why.

    Raises:
        UsageError: there is no such view, or it takes no such area.
    """
    compute, unit = VIEWS[check(view, area)]
    region, period = scope.region, scope.period
    try:
        answer = compute(Question(scope, metric, area, base, part))
    except Refusal as refusal:
        return Figure(
            metric, view, region, period, unit(metric), None, None, None, refusal.text, str(refusal), instead=refusal.prose,
            area=area, base=base, part=part,
        )  # fmt: skip
    return Figure(
        metric, view, region, period, answer.unit or unit(metric), answer.value, answer.numerator, answer.denominator,
        answer.text, note=answer.note, area=area, base=base, part=part,
    )  # fmt: skip


def value(ask: Question) -> Answer:
    """Compute the metric itself: flows summed from January, stocks at the cut-off, ratios pooled. Refused unless fully reported."""
    return refusal_rules.value(ask, refusal_rules.known_amount(ask, "本期"))


def yoy(ask: Question) -> Answer:
    """Compute 同比, growth in % over the same months a year before. Refused for a percentage, and over a missing, zero or small base."""
    return _growth(ask, ask.period.year_before, "上年同期")


def since_year_end(ask: Question) -> Answer:
    """Compute 较上年底, growth of a stock in % over the last day of the year before. Refused for other forms, and as 同比 is."""
    if not ask.metric.at_month_end:
        raise Refusal("只有期末时点数与上年底比较")
    return _growth(ask, Period(ask.period.year - 1), "上年底")


def cagr(ask: Question) -> Answer:
    """Compute 年均增长, the compound yearly growth in % over five years. Refused as 同比 is, over the base of five years before."""
    base = Period(max(FIRST_YEAR, ask.period.year - CAGR_YEARS), ask.period.through)
    grown = _growth(ask, base, f"{base.text}")
    assert grown.numerator is not None and grown.denominator is not None
    yearly = ((grown.numerator / grown.denominator) ** (Decimal(1) / CAGR_YEARS) - 1) * HUNDRED
    return Answer(yearly, f"年均{number_format.growth(yearly)}", grown.numerator, grown.denominator)


def change_pp(ask: Question) -> Answer:
    """Compute the difference of a percentage from the same months a year before, in 个百分点. Refused for others, and over a small base."""
    if ask.metric.unit != "%":
        raise Refusal("只有百分率以个百分点比较")
    now, before = value(ask), _base(ask, ask.period.year_before, "上年同期")
    change = now.value - before.value
    return Answer(change, number_format.points(change, ask.metric.decimals), now.value, before.value)


def rank(ask: Question) -> Answer:
    """Compute the rank among the cities, 1 for the best, ties alike. Refused for a neutral metric, or when any city is not known."""
    if ask.metric.better == "neutral":
        raise Refusal("该指标不分优劣，不排位次")
    if ask.region.level != "city":
        raise Refusal(f"{ask.region.name}不参加排位")
    answer = value(ask)
    cities = ask.results.regions.cities
    figures = [look(Scope.of(ask.results, city, ask.period), ask.metric, "value", part=ask.part) for city in cities]
    if unknown := [figure for figure in figures if figure.value is None]:
        amounts = [ask.results.amount(ask.metric, figure.region, ask.period, ask.part) for figure in unknown]
        what = "数据不全" if any(amount.missing or amount.twice for amount in amounts) else "没有可比数据"
        what = f"数据{refusal_rules.NOT_VERIFIED}" if all(map(refusal_rules.is_of_rejected, unknown)) else what
        text = f"部分地区{what}，不排位次"
        raise Refusal(f"{text}（{'、'.join(figure.region.name for figure in unknown)}）", text)
    place, text = placed(ask.metric, answer.value, [other.value for other in figures if other.value is not None])
    return Answer(place, text, place, Decimal(len(figures)))


def share(ask: Question) -> Answer:
    """Compute the share of the province in %; of two cited areas, such as 广东/全国, a fraction. Refused for what is not additive."""
    if "/" in ask.area:
        part, total = (refusal_rules.cited(BENCHMARKS, replace(ask, area=area, base="value")) for area in ask.area.split("/"))
        if not total.value:
            raise Refusal(f"{ask.area.split('/')[1]}为零，不计算占比", number_format.NOTHING)
        quotient = part.value / total.value
        return Answer(
            quotient, number_format.fraction(quotient), part.value, total.value, _notes(part.note, total.note), FRACTION
        )
    if ask.metric.form == "ratio":
        raise Refusal("比率不计算占比")
    if ask.metric.form in ("difference", *TO_DATE) or ask.metric.unit in DURATIONS:
        raise Refusal("各地区不能相加或可能为负的指标不计算占比")
    part, total = value(ask), value(ask.at(ask.scope.whole))
    if not total.value:
        raise Refusal(f"{ask.results.regions.province.name}合计为零，不计算占比", number_format.NOTHING)
    percent = part.value / total.value * HUNDRED
    return Answer(percent, number_format.amount(percent, "%", number_format.PERCENT_DECIMALS), part.value, total.value)


def per_10k(ask: Question) -> Answer:
    """Compute the number per 10,000 persons of the population last counted. Refused for what is no quantity, and without a population."""
    if ask.metric.form == "ratio":
        raise Refusal("比率不再按人口平均")
    if ask.metric.form in ("latest", "cited", "maximum", "median") or ask.metric.unit in DURATIONS:
        raise Refusal("不是数量，不按人口平均")
    people = refusal_rules.people(ask)
    answer = value(ask)
    quotient = answer.value / people.numerator * PER_HEAD
    text = number_format.amount(quotient, f"{ask.metric.unit}/万人", PER_HEAD_DECIMALS)
    return Answer(quotient, text, answer.value, people.numerator, f"按{people.as_of[:4]}年人口计算")


def per_day(ask: Question) -> Answer:
    """Compute 日均, a flow divided by the calendar days since 1 January. Refused for other forms."""
    if ask.metric.form != "flow":
        raise Refusal("只有期间累计数计算日均")
    answer = value(ask)
    daily = answer.value / ask.period.days
    return Answer(daily, number_format.amount(daily, ask.metric.unit, PER_DAY_DECIMALS), answer.value, Decimal(ask.period.days))


def milestone(ask: Question) -> Answer:
    """Compute the round number that a stock passed since the same day a year before. Refused when it passed none."""
    if ask.metric.form != "stock":
        raise Refusal("只有期末时点数有整数关口")
    now, before = value(ask), value_before(ask)
    name = "milestone_step" if now.value < MILESTONE_LARGE else "milestone_step_large"
    fixed = ask.results.parameter(name, ask.period)
    step = fixed.value if fixed else Decimal(MILESTONE_STEPS[name])
    if step <= 0:
        raise Refusal(f"规定值{name}为{number_format.digits(step)}，整数关口的间隔应大于零")
    passed = now.value // step * step
    if not passed or before.value >= passed:
        raise Refusal(f"{ask.metric.label}{now.text}，上年同期{before.text}，本期未越过整数关口", "本期未越过整数关口")
    return Answer(passed, f"突破{number_format.round_number(passed, ask.metric.unit)}", now.value, before.value)


def first_time(ask: Question) -> Answer:
    """Compute 首次突破两位数: a growth of 10 % or more. Refused unless it was less in every earlier year, of which three are needed."""
    now = yoy(ask)
    if now.value < DOUBLE_DIGIT:
        raise Refusal(f"同比{now.text}，未达到两位数")
    years = [year for year in ask.results.snapshot.years if year < ask.period.year]
    earlier = {
        year: look(Scope.of(ask.results, ask.region, Period(year, ask.period.through)), ask.metric, "yoy", part=ask.part).value
        for year in years
    }
    rates = {year: rate for year, rate in earlier.items() if rate is not None}
    if len(rates) < EARLIER_RATES:
        raise Refusal(f"此前只有{len(rates)}年的同比，不足{EARLIER_RATES}年，不能说首次")
    if before := [year for year, rate in rates.items() if rate >= DOUBLE_DIGIT]:
        raise Refusal(f"{before[-1]}年同比已达到两位数，不是首次")
    return Answer(now.value, f"{number_format.growth(now.value)}，首次突破两位数", now.numerator, now.denominator)


def target(ask: Question) -> Answer:
    """Return the target of the year as it was set, on the value or on its growth in %. Refused when there is none."""
    return refusal_rules.cited(TARGETS, ask)


def vs_target(ask: Question) -> Answer:
    """Compute how much of a target is reached, in %; for a target in % the difference from it, in 个百分点.

    The text says whether it is met, as a least or as a greatest number. Refused without target, and for a target of zero.
    """
    aim = refusal_rules.cited(TARGETS, ask)
    reached = yoy(ask) if aim.unit == "%" != ask.metric.unit else value(ask)
    at_most = aim.comparison == "at_most"
    met = reached.value <= aim.value if at_most else reached.value >= aim.value
    end = ("，未超过" if at_most else "，已达到") if met else ("，已超过" if at_most else "")
    if aim.unit == "%":
        gap = reached.value - aim.value
        decimals = number_format.PERCENT_DECIMALS if ask.metric.unit != "%" else ask.metric.decimals
        return Answer(gap, f"比目标{_more(gap, decimals)}{end}", reached.value, aim.value, aim.note, POINTS)
    if not aim.value:
        raise Refusal("目标值为零，不计算完成比例", number_format.NOTHING)
    done = reached.value / aim.value * HUNDRED
    return Answer(
        done,
        f"为目标的{number_format.amount(done, '%', number_format.PERCENT_DECIMALS)}{end}",
        reached.value,
        aim.value,
        aim.note,
    )


def benchmark(ask: Question) -> Answer:
    """Return the figure of another `area`, as a publication has it. Refused when none is cited."""
    return refusal_rules.cited(BENCHMARKS, ask)


def vs_benchmark(ask: Question) -> Answer:
    """Compute the value of another `area` as a multiple of the region's: 是…的×倍. Refused when the region's is zero."""
    theirs = refusal_rules.cited(BENCHMARKS, replace(ask, base="value"))
    answer = value(ask)
    if not answer.value:
        raise Refusal(f"{ask.metric.label}为零，不计算倍数", number_format.NOTHING)
    times = theirs.value / answer.value
    return Answer(times, number_format.amount(times, "倍", TIMES_DECIMALS), theirs.value, answer.value, theirs.note)


def parameter(ask: Question) -> Answer:
    """Return a number fixed by a document, as in force at the end of the period. Refused when no document is cited."""
    if ask.metric.form != "cited":
        raise Refusal("不是规定值，没有可引用的文件")
    fixed = ask.results.parameter(ask.metric.id, ask.period)
    if fixed is None:
        raise Refusal(f"没有引用规定{ask.metric.label}的文件")
    return Answer(
        fixed.value, number_format.amount(fixed.value, ask.metric.unit, ask.metric.decimals), fixed.value, note=fixed.source
    )


def _unit_of(metric: Metric) -> str:
    return metric.unit


VIEWS: dict[str, tuple[Callable[[Question], Answer], Callable[[Metric], str]]] = {
    "value": (value, _unit_of),
    "yoy": (yoy, lambda metric: "%"),
    "change_pp": (change_pp, lambda metric: POINTS),
    "since_year_end": (since_year_end, lambda metric: "%"),
    "rank": (rank, lambda metric: "位"),
    "share": (share, lambda metric: "%"),
    "per_10k": (per_10k, lambda metric: f"{metric.unit}/万人"),
    "per_day": (per_day, lambda metric: f"{metric.unit}/日"),
    "cagr": (cagr, lambda metric: "%"),
    "milestone": (milestone, _unit_of),
    "vs_target": (vs_target, lambda metric: "%"),
    "vs_benchmark": (vs_benchmark, lambda metric: "倍"),
    "first_time": (first_time, lambda metric: "%"),
    "target": (target, _unit_of),
    "benchmark": (benchmark, _unit_of),
    "parameter": (parameter, _unit_of),
}


def compared(metric: Metric) -> str:
    """Return the view that compares a metric with the year before: growth, or for a percentage the difference in 个百分点."""
    return "change_pp" if metric.unit == "%" else "yoy"


def ahead(metric: Metric, value: Decimal, other: Decimal) -> bool:
    """Return whether a value of a metric is better than another; of a neutral metric whether it is less."""
    return value > other if metric.better == "higher" else value < other


def placed(metric: Metric, value: Decimal, values: Sequence[Decimal]) -> tuple[Decimal, str]:
    """Return the rank of a value among those of all cities, 1 for the best, and its text; ties share a rank."""
    place = Decimal(1 + sum(ahead(metric, other, value) for other in values))
    return place, f"{'并列' if values.count(value) > 1 else ''}第{place}位"


def value_before(ask: Question) -> Answer:
    """Compute the value of the same months a year before. Refused unless they are fully reported."""
    before = ask.over(ask.period.year_before)
    return refusal_rules.value(before, refusal_rules.known_amount(before, "上年同期", "，不作比较"))


def _growth(ask: Question, over: Period, name: str) -> Answer:
    """Compute the growth in % over another period, which reasons call `name`. Refused for a percentage or a negative value."""
    if ask.metric.unit == "%":
        raise Refusal("百分率不计算增长率，另以个百分点比较")
    now, before = value(ask), _base(ask, over, name)
    if now.value < 0:
        raise Refusal("本期为负，不作比较", number_format.NOTHING)
    change = (now.value / before.value - 1) * HUNDRED
    return Answer(change, number_format.growth(change), now.value, before.value, _newcomers(ask, over))


def _newcomers(ask: Question, over: Period) -> str:
    """Return a note on the regions that report in this period and did not in the base; empty when there are none."""
    before = ask.results.reporting(ask.metric, ask.region, over)
    new = [member.name for member in ask.results.reporting(ask.metric, ask.region, ask.period) if member not in before]
    return f"本期包括基期未报送的{'、'.join(new)}" if new else ""


def _base(ask: Question, over: Period, name: str) -> Answer:
    """Compute the value of the base period. Refused when it is not reported, of another population series, zero, negative or small."""
    metric = ask.metric
    before = ask.over(over)
    amount = refusal_rules.known_amount(before, name, "，不作比较")
    if amount.series != refusal_rules.known_amount(ask, "本期").series:
        raise Refusal(f"{name}的人口为另一口径（{amount.series}），不作比较", f"{name}人口口径不同，不作比较")
    base = refusal_rules.value(before, amount)
    if metric.unit != "%" and base.value <= 0:
        raise Refusal(f"{name}为{'零' if not base.value else '负'}，不作比较", number_format.NOTHING)
    size = refusal_rules.base_size(metric, amount)
    if size is not None and size < refusal_rules.SMALL_BASE:
        raise Refusal(f"{name}为{base.text}，基数过小，不作百分比比较", number_format.NOTHING, f"{name}{base.text}")
    return base


def _more(gap: Decimal, decimals: int) -> str:
    size = number_format.rounded(abs(gap), decimals)
    return f"{'高' if gap > 0 else '低'}{size:f}{POINTS}" if size else "持平"


def _notes(*notes: str) -> str:
    return "；".join(dict.fromkeys(filter(None, notes)))
