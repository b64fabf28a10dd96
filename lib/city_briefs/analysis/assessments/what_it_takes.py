"""What it takes: how many cases put a light out or meet a target, by the records, such as 再销号8项逾期隐患，比重可降至20%以下.

Empty where nothing holds: the ratio is not declared in `remedies`, it was returned without its halves, or it is not judged.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from city_briefs.analysis.assessments.light_rules import Rule
from city_briefs.analysis.assessments.pace import adds_up
from city_briefs.analysis.assessments.remedies import REMEDIES, Remedy
from city_briefs.analysis.assessments.targets import Standing
from city_briefs.analysis.assessments.yellow_lights import Light
from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.figures import number_format, outcomes
from city_briefs.analysis.figures.changes import compared_amounts
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import POINTS
from city_briefs.analysis.statistics import shortfall
from city_briefs.model.metric import MEASURED_UNITS, Metric

NEVER_OFF = "年内不灭灯"
Limit = tuple[Fraction, bool, bool]  # the threshold as a share of the ratio's halves, whether at most, and whether strictly


def of_light(scope: Scope, light: Light) -> str:
    """Return what it takes until a light that is on goes off, past `off` of its rule; empty when it is off."""
    scope, rule, figure = scope.to_date, light.rule, light.last.figure
    if not light.on or figure.value is None or rule.returns(figure.value):
        return ""
    metric, at_most = rule.metric, rule.side == "above"
    if rule.view == "value" and at_most and rule.off <= 0:
        return NEVER_OFF
    end, ended = _end(rule), scope.period.end >= date(scope.period.year, 12, 31)
    if rule.view == "change_pp":
        _, base = compared_amounts(Question(scope, metric), scope.period.year_before, "上年同期")
        if not base.denominator:
            return ""
        threshold = Fraction(base.numerator) / Fraction(base.denominator) + Fraction(rule.off) / metric.per
        return _of_ratio(scope, figure, (threshold, at_most, True), end, ended=ended)
    if rule.view == "yoy":
        return _of_growth(figure, Fraction(rule.off), at_most=at_most, strictly=True)
    if metric.form == "ratio":
        return _of_ratio(scope, figure, (Fraction(rule.off) / metric.per, at_most, True), end, ended=ended)
    return _of_count(figure.number, Fraction(rule.off), metric, at_most=at_most, strictly=True)


def of_target(scope: Scope, standing: Standing) -> str:
    """Return what it takes until a target that is not met is met; empty when it is met, or has no light."""
    scope, own, aim, metric = scope.to_date, standing.own, standing.aim, standing.metric
    if standing.light in (None, "达标") or own.value is None or aim.value is None:
        return ""
    if own.value <= aim.value if standing.at_most else own.value >= aim.value:  # used up too soon: what is left of it
        return f"距上限还有{_worded(Fraction(aim.value - own.value), metric, 'floor')}"
    threshold = Fraction(aim.value)
    if standing.base == "yoy":
        return _of_growth(own, threshold, at_most=standing.at_most, strictly=False)
    if metric.form == "ratio":
        end = f"{_short(metric)}{_turn(aim.value, metric, at_most=standing.at_most)}"
        return _of_ratio(scope, own, (threshold / metric.per, standing.at_most, False), end, ended=standing.is_over)
    return _of_count(own.number, threshold, metric, at_most=standing.at_most, strictly=False)


def _of_ratio(scope: Scope, figure: Figure, limit: Limit, end: str, *, ended: bool) -> str:
    """Return what it takes of a ratio whose halves are counted, by its remedy; `ended` when no results are to come."""
    metric = figure.metric
    remedy = REMEDIES.get(metric.id)
    if remedy is None or not scope.results.is_pair(metric) or limit[1] != (metric.better != "higher"):
        return ""
    amount = scope.amount(metric)
    if not amount.denominator or amount.numerator % 1 or (remedy.effect != "numerator" and amount.denominator % 1):
        return ""
    unit = metric.pair.first.unit
    if remedy.effect == "later":
        return _of_later(metric, amount, remedy, limit, end, ended=ended)
    number = _closed_or_added(metric, amount, remedy, limit)
    if number is None:
        return ""
    if remedy.effect == "pending":
        still_open = outcomes.still_open(scope, metric) or Decimal(0)
        if number > still_open:
            left = f"尚未办结的{_count(still_open, unit)}全部{remedy.verb}仍不够" if still_open else "已全部办结"
            return f"按现有{_count(amount.denominator, unit)}计差{_count(number, unit)}，{left}"
    return f"再{remedy.verb}{_count(number, unit)}{remedy.objects}，{end}"


def _closed_or_added(metric: Metric, amount: Amount, remedy: Remedy, limit: Limit) -> int | None:
    """Return how many cases to close, or to add to the numerator; None when none helps."""
    threshold, at_most, strictly = limit
    assert amount.denominator is not None
    part, whole = int(amount.numerator), Fraction(amount.denominator)
    if at_most:
        return shortfall.to_close(part, whole, threshold, from_both=remedy.effect == "both", strictly=strictly)
    added = shortfall.to_add(part, whole, threshold, strictly=strictly)
    return None if metric.unit == "%" and part + added > whole else added


def _of_later(metric: Metric, amount: Amount, remedy: Remedy, limit: Limit, end: str, *, ended: bool) -> str:
    """Return how far results that are given are from the threshold at an equal number, and how many good ones to come bring it there."""
    threshold, at_most, strictly = limit
    assert amount.denominator is not None
    part, whole = int(amount.numerator), int(amount.denominator)
    unit = metric.pair.first.unit
    if at_most:
        gap = shortfall.to_close(part, whole, threshold, from_both=False, strictly=strictly)
        more = shortfall.more_without(part, whole, threshold, strictly=strictly)
    else:
        gap = shortfall.to_add(part, whole, threshold, strictly=strictly)
        more = shortfall.more_with(part, whole, threshold, strictly=strictly)
    if gap is None:
        return ""
    now = f"按现有{_count(whole, unit)}计{'多' if at_most else '差'}{_count(gap, unit)}"
    if ended:
        return now
    if more is None:
        return f"{now}；已有结果不再改变，年内不能达到"
    return f"{now}；此后再有{_count(more, unit)}且{remedy.verb}，{end}"


def _of_growth(figure: Figure, percent: Fraction, *, at_most: bool, strictly: bool) -> str:
    """Return how far a count is from the one that reaches the growth over its base; empty for what is no count."""
    if figure.numerator is None or figure.denominator is None or figure.metric.form == "ratio":
        return ""
    reached = Fraction(figure.denominator) * (1 + percent / 100)
    gap = _of_count(figure.numerator, reached, figure.metric, at_most=at_most, strictly=strictly)
    return f"按上年同期数计，{gap}" if gap else ""


def _of_count(now: Decimal, threshold: Fraction, metric: Metric, *, at_most: bool, strictly: bool) -> str:
    """Return the plain difference of a number from its threshold: 还差9户, 已超出3起, of a level 须降低0.5个月; empty when past it."""
    gap = Fraction(now) - threshold if at_most else threshold - Fraction(now)
    if _is_count(metric):
        gap = Fraction(shortfall.fewest(gap, strictly=strictly))
    if gap <= 0:
        return ""
    return f"{('已超出' if adds_up(metric) else '须降低') if at_most else '还差'}{_worded(gap, metric, 'ceiling')}"


def _end(rule: Rule) -> str:
    """Return where a figure comes back past `off`, in words: 比重可降至15%以下, 降幅可收窄至1个百分点以内."""
    size = number_format.digits(abs(rule.off))
    if rule.view == "change_pp":
        return f"{'增幅' if rule.side == 'above' else '降幅'}可收窄至{size}{POINTS}以内"
    return f"{_short(rule.metric)}{_turn(rule.off, rule.metric, at_most=rule.side == 'above')}"


def _turn(threshold: Decimal, metric: Metric, *, at_most: bool) -> str:
    """Return that a threshold can be reached, in words."""
    name = number_format.round_number(threshold, metric.unit)
    return f"可降至{name}以下" if at_most else f"可达{name}以上"


def _short(metric: Metric) -> str:
    """Return what a percentage is called in short; empty for another ratio."""
    if metric.unit != "%":
        return ""
    return next((word for word in ("比重", "合格率", "覆盖率", "比例") if metric.label.endswith(word)), "比率")


def _is_count(metric: Metric) -> bool:
    """Return whether a metric counts cases, which are whole."""
    return metric.form in ("flow", "stock", "distinct", "difference") and metric.unit not in MEASURED_UNITS


def _count(number: int | Decimal, unit: str) -> str:
    """Return a number of cases in words, every one of them."""
    return f"{int(number)}{unit}"


def _worded(size: Fraction, metric: Metric, rounding: number_format.Rounding) -> str:
    """Return an amount in words, rounded so that it is enough."""
    exact = Decimal(size.numerator) / Decimal(size.denominator)
    if _is_count(metric):
        return _count(exact, metric.unit)
    return "".join(number_format.scaled(exact, metric.unit, metric.decimals, rounding))
