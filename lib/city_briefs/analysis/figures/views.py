"""Views of a metric: value, growth, rank, share and the like, computed from results, each with its reasons to refuse.

A view is a function from a Question to an Answer, and raises a Refusal when it may not be given. `look` makes a Figure of either: a
refused one has no value, and `refused` is the sentence that a brief prints in its place.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from city_briefs.analysis.compute import parameters
from city_briefs.analysis.figures import number_format, refusal_rules
from city_briefs.analysis.figures.changes import cagr, change_pp, is_dated_later, notes, since_year_end, value_as_known, yoy
from city_briefs.analysis.figures.figure import Answer, Base, Figure, Question, Refusal
from city_briefs.analysis.figures.first_time import first_time
from city_briefs.analysis.figures.previous import previous
from city_briefs.analysis.figures.projection import projection
from city_briefs.analysis.figures.ranking import rank
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.values import value, value_before
from city_briefs.common.errors import UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.periods import Period
from city_briefs.model.metric import AMOUNT_UNITS, MEASURED_UNITS, TO_DATE, Metric
from city_briefs.model.tables import BENCHMARKS, TARGETS

PER_DAY_DECIMALS = 1
PER_HEAD = 10_000  # people that a per-head view is counted by
PER_HEAD_DECIMALS = 2
TIMES_DECIMALS = 1  # of “是…的×倍”
MILESTONE_STEPS = {"milestone_step": 100_000, "milestone_step_large": 500_000}  # rows of `parameters` of these names go before
MILESTONE_LARGE = 1_000_000  # from here on the larger step
HUNDRED = number_format.HUNDRED
DURATIONS = tuple(unit for unit in MEASURED_UNITS if unit not in AMOUNT_UNITS)
CITING = ("benchmark", "vs_benchmark", "share")  # views that can be of another area
POINTS = "个百分点"
FRACTION = "分数"
AS_KNOWN = "as_known"  # the view of a value as it was known years ago, of which none is asked by name


def check(view: str, area: str = "") -> str:
    """Return the name of a view after a check that it exists and takes the area.

    Raises:
        UsageError: there is no such view, or it takes no such area.
    """
    if view not in VIEWS:
        raise UsageError(
            chosen(
                f"There is no view '{view}'.{suggestion(view, VIEWS, 'views')}",
                f"没有“{view}”这个视图。{suggestion_zh(view, VIEWS, '视图')}",
            )
        )
    if (area and view not in CITING) or area.count("/") != (view == "share" and bool(area)):
        raise UsageError(
            chosen(
                f"The view {view} takes no area '{area}'. benchmark and vs_benchmark take one, share two such as 广东/全国.",
                f"视图{view}不带对标地区“{area}”。benchmark和vs_benchmark带一个，share带两个，如广东/全国。",
            )
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
    check(view, area)
    asked = (look, scope.region, scope.period, metric, view, area, base, part)  # a brief asks for most of its figures three times
    return scope.results.once(asked, lambda: _figure(view, Question(scope, metric, area, base, part)))


def _figure(view: str, ask: Question) -> Figure:
    """Return the figure that `look` returns."""
    compute, unit = VIEWS[view]
    metric, region, period = ask.metric, ask.region, ask.period
    try:
        answer = compute(ask)
    except Refusal as refusal:
        return Figure(
            metric, view, region, period, unit(metric), None, None, None, refusal.text, str(refusal), instead=refusal.prose,
            area=ask.area, base=ask.base, part=ask.part, verdict=refusal.verdict,
        )  # fmt: skip
    return Figure(
        metric, view, region, period, answer.unit or unit(metric), answer.value, answer.numerator, answer.denominator,
        answer.text, note=answer.note, area=ask.area, base=ask.base, part=ask.part, interval=answer.interval,
        verdict=answer.verdict, pending=answer.pending, unusual_base=answer.unusual_base,
    )  # fmt: skip


def share(ask: Question) -> Answer:
    """Compute the share of the province in %; of two cited areas, such as 广东/全国, a fraction. Refused for what is not additive."""
    if "/" in ask.area:
        part, total = (refusal_rules.cited(BENCHMARKS, replace(ask, area=area, base="value")) for area in ask.area.split("/"))
        if not total.value:
            raise Refusal(f"{ask.area.split('/')[1]}为零，不计算占比", number_format.NOTHING)
        quotient = part.value / total.value
        return Answer(quotient, number_format.fraction(quotient), part.value, total.value, notes(part.note, total.note), FRACTION)
    if ask.metric.form == "ratio":
        raise Refusal("比率不计算占比")
    if ask.metric.form in ("difference", *TO_DATE) or ask.metric.unit in DURATIONS:
        raise Refusal("各地区不能相加或可能为负的指标不计算占比")
    part, total = value(ask), value(ask.at(ask.scope.whole))
    if not total.value:
        raise Refusal(f"{ask.results.regions.province.name}合计为零，不计算占比", number_format.NOTHING)
    percent = part.value / total.value * HUNDRED
    return Answer(percent, number_format.amount(percent, "%", number_format.PERCENT_DECIMALS), part.value, total.value)


def look_as_known(scope: Scope, metric: Metric, period: Period) -> Figure:
    """Return the value of an earlier period as it was known at the same distance from its end as this one is known today.

    The view of such a figure is AS_KNOWN. Where no outcome comes later, and for the period itself, it is the value as it stands.
    """
    years = scope.period.year - period.year
    plain = look(scope.over(period), metric, "value")
    if not years or plain.value is None or not is_dated_later(Question(scope, metric)):
        return plain
    known = value_as_known(Question(scope.over(period), metric), years)
    return replace(
        plain, view=AS_KNOWN, value=known.value, numerator=known.numerator, text=known.text, interval=known.interval, pending=None
    )


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
    """Compute 日均, a flow divided by the calendar days of the period. Refused for other forms."""
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
    fixed = parameters.parameter(ask.results.snapshot, name, ask.period)
    step = fixed.value if fixed else Decimal(MILESTONE_STEPS[name])
    if step <= 0:
        raise Refusal(f"规定值{name}为{number_format.digits(step)}，整数关口的间隔应大于零")
    passed = now.value // step * step
    if not passed or before.value >= passed:
        short = number_format.amount_beside(now.value, passed + step, ask.metric.unit, ask.metric.decimals)
        raise Refusal(f"{ask.metric.label}{short}，上年同期{before.text}，本期未越过整数关口", "本期未越过整数关口")
    return Answer(passed, f"突破{number_format.round_number(passed, ask.metric.unit)}", now.value, before.value)


def target(ask: Question) -> Answer:
    """Return the target of the year as it was set, on the value or on its growth in %. Refused when there is none."""
    return refusal_rules.cited(TARGETS, ask)


def vs_target(ask: Question) -> Answer:
    """Compute how much of a target is reached, in %; for a target in % the difference from it, in 个百分点.

    The text says whether it is met, as a least or as a greatest number. Refused without target, and for a target of zero.
    """
    if not ask.period.is_to_date and not ask.metric.at_month_end:
        raise Refusal(f"年度目标按年初以来的累计数评价，不与{ask.period.text}的数比较")
    aim = refusal_rules.cited(TARGETS, ask)
    reached = yoy(ask) if aim.unit == "%" != ask.metric.unit else value(ask)
    at_most = aim.comparison == "at_most"
    met = reached.value <= aim.value if at_most else reached.value >= aim.value
    end = ("，未超过" if at_most else "，已达到") if met else ("，已超过" if at_most else "")
    if aim.unit == "%":
        gap = reached.value - aim.value
        decimals = number_format.PERCENT_DECIMALS if ask.metric.unit != "%" else ask.metric.decimals
        unit = "%" if ask.metric.unit == "%" else ""
        text = f"比目标{number_format.gap_to(reached.value, aim.value, decimals, unit)}{end}"
        return Answer(gap, text, reached.value, aim.value, aim.note, POINTS)
    if not aim.value:
        raise Refusal("目标值为零，不计算完成比例", number_format.NOTHING)
    done = reached.value / aim.value * HUNDRED
    percent = number_format.amount_beside(done, HUNDRED, "%", number_format.PERCENT_DECIMALS)
    return Answer(done, f"为目标的{percent}{end}", reached.value, aim.value, aim.note)


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
    fixed = parameters.parameter(ask.results.snapshot, ask.metric.id, ask.period)
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
    "previous": (previous, lambda metric: "%"),
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
    "projection": (projection, _unit_of),
}


def compared(metric: Metric) -> str:
    """Return the view that compares a metric with the year before: growth, or for a percentage the difference in 个百分点."""
    return "change_pp" if metric.unit == "%" else "yoy"


def ahead(metric: Metric, value: Decimal, other: Decimal) -> bool:
    """Return whether a value of a metric is better than another; of a neutral metric whether it is less."""
    return value > other if metric.better == "higher" else value < other
