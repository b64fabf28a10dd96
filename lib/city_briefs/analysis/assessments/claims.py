"""Claims that must be earned: a guard each, which returns the claim with its grounds, or refused with the reason on record.

Every guard takes a scope and a metric. A claim that names cities names the leading ones only; nobody is criticised.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from city_briefs.analysis.assessments import thresholds
from city_briefs.analysis.assessments.accident_reports import first_gap
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.changes import NOT_APART
from city_briefs.analysis.figures.figure import Base, Figure, Question, Refusal
from city_briefs.analysis.figures.praise import why_no_praise
from city_briefs.analysis.figures.ranking import BY_SIZE, places_of
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import ahead, look
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.metrics.safety import accident_reports
from city_briefs.model.metric import Metric
from city_briefs.model.tables import BENCHMARKS

LEADING_SHARE = Decimal("0.3")  # of the regions that are ranked are “走在前列”
TWICE = 2  # 翻番
NATION = "全国"


@dataclass(frozen=True)
class Claim:
    """A claim: `text` is its words when it is earned, with its grounds in `note`; else both are empty, and `refused` is the reason.

    `figures` are those that it rests on. `subject` names the cities that it praises, empty when it is the region itself.
    """

    name: str
    metric: Metric
    region: Region
    period: Period
    figures: tuple[Figure, ...] = ()
    text: str = ""
    note: str = ""
    refused: str | None = None
    subject: str = ""


Guard = Callable[[Scope, Metric], Claim]


def first_double_digit(scope: Scope, metric: Metric) -> Claim:
    """Return the claim 首次突破两位数: growth is 10 % and more, and was below in every year since the first of which it is known.

    - `scope`: The region and period, which `claim` takes from the parameters of the chapter.
    - `metric`: A metric with a growth in %, of which more is better. A year without its growth refuses the claim, as fewer than three do.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `claim(first_double_digit, new_entities)`
    """
    grown = look(scope, metric, "first_time")
    words = f"{metric.label}增幅{grown.text.partition('，')[2]}"  # 2018年以来首次突破两位数
    return _claim("首次突破两位数", grown, words, _grounds(grown), _no_merit(metric))


def milestone(scope: Scope, metric: Metric) -> Claim:
    """Return the claim 突破N万大关: a stock passed a round number since the same day a year before.

    - `scope`: The region and period, which `claim` takes from the parameters of the chapter.
    - `metric`: A stock of which more is better.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `claim(milestone, entity_stock)`
    """
    passed = look(scope, metric, "milestone")
    return _claim("突破整数大关", passed, f"{metric.label}{passed.text}大关", _grounds(passed), _no_merit(metric))


def full_coverage(scope: Scope, metric: Metric) -> Claim:
    """Return the claim 全覆盖 or 100%: the two halves of a percentage are equal.

    - `scope`: The region and period, which `claim` takes from the parameters of the chapter.
    - `metric`: A percentage of which more is better. One that only rounds to 100 refuses the claim.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `claim(full_coverage, school_canteen_coverage)`
    """
    covered = look(scope, metric, "value")
    reason = _no_merit(metric) or (None if metric.unit == "%" else "不是百分率")
    if not reason and covered.value is not None and covered.numerator != covered.denominator:
        only = "，只是四舍五入为100%" if number_format.rounded(covered.value, metric.decimals) == 100 else ""
        reason = f"{_halves(covered, '与')}不相等{only}"
    return _claim("全覆盖", covered, f"{metric.label}达到100%", _halves(covered, "/"), reason)


def no_major_accident(scope: Scope, metric: Metric) -> Claim:
    """Return the claim 没有发生重大“三品一特”事故: every region reported every month in each domain, and no accident was major or worse.

    - `scope`: The region and period, which `claim` takes from the parameters of the chapter.
    - `metric`: The metric of the major accidents. Smaller accidents do not refuse the claim.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `claim(no_major_accident, major_accidents)`
    """
    number = look(scope, metric, "value")
    reason = None
    if number.value is not None:
        reason = f"{number.text}重大以上事故" if number.value else first_gap(scope)
    members = len(scope.reporting(accident_reports))
    text = "没有发生重大“三品一特”事故"
    return _claim(text, number, text, f"{f'{members}个地区' if members > 1 else ''}各月均有四个领域的零报告或事故报告", reason)


def leading(scope: Scope, metric: Metric) -> Claim:
    """Return the claim 走在全省前列: a city is in the top 30 % by a rate, and every place that is possible is in the upper half.

    For the province it names the leading cities, in the order of their codes; for a city it says whether it is among them.

    - `scope`: The region and period, which `claim` takes from the parameters of the chapter.
    - `metric`: A rate that is not neutral. A city without a value, a tie across the cut, or rates that chance explains refuse the claim.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `claim(leading, food_pass_rate)`
    """
    name = f"走在{scope.whole.whole}前列"
    lower = "较低，" if metric.better == "lower" else ""
    best, reason = _front(scope, metric)
    figures = [look(scope.at(city), metric, view) for city in best for view in ("value", "rank")]
    text = f"{metric.label}{lower}{name}"
    among = zip(figures[::2], figures[1::2], strict=True)
    note = "；".join(f"{adjoined(value.region.name, value.text)}（{_grounds(value)}），{rank.text}" for value, rank in among)
    note += f"；{figures[1].note}" if figures and figures[1].note else ""
    made = _claim(name, figures[0] if figures else look(scope, metric, "value"), text, note, reason, figures)
    subject = "、".join(city.name for city in best) if scope.region.level == "province" else ""
    return replace(made, region=scope.region, subject=subject)


def above_nation(scope: Scope, metric: Metric, *, area: str = NATION) -> Claim:
    """Return the claim 高于全国平均: growth in %, or the value of a percentage, is above what is cited of the nation.

    - `scope`: The region and period, which `claim` takes from the parameters of the chapter.
    - `metric`: A metric of which more is better. A fall, a difference that chance explains, or no cited number refuses the claim.
    - `area`: The area that is compared with; `claim` leaves it at 全国.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `claim(above_nation, inv_grants)`
    """
    view: Base = "value" if metric.unit == "%" else "yoy"
    figure = look(scope, metric, view)
    theirs = look(scope, metric, "benchmark", area=area, base=view)
    reason, text, note = _no_merit(metric) or theirs.refused, "", ""
    if not reason and figure.value is not None and theirs.value is not None:
        decimals = number_format.told_apart(figure.value, theirs.value, figure.decimals)
        gap = number_format.difference_as_printed(figure.value, theirs.value, decimals, "%" if view == "value" else "个百分点")
        ours, cited = (
            number_format.amount(number, "%", decimals) if view == "value" else number_format.growth(number, decimals)
            for number in (figure.value, theirs.value)
        )
        text = f"{metric.label}{'' if view == 'value' else '增速'}高于{area}平均水平{number_format.number(gap, decimals)}个百分点"
        note = f"{area}{cited}（{theirs.note}）"
        reason = why_no_praise(Question(scope, metric), figure) or None if view == "yoy" else None
        if not reason and figure.value <= theirs.value:
            reason = f"{ours}，{area}{cited}，不高于{area}"
        elif view == "value":
            reason = _not_beyond(scope, figure, theirs, f"{area}平均")
    return _claim(f"高于{area}平均", figure, text, note, reason, [figure, theirs])


def first_of_peers(scope: Scope, metric: Metric) -> Claim:
    """Return the claim 位列第一: the region is ahead of every area of which a number of the same period is cited, beyond chance.

    - `scope`: The region and period, which `claim` takes from the parameters of the chapter.
    - `metric`: A rate that is not neutral. Without a cited number of any other area the claim is refused.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `claim(first_of_peers, settlement_rate)`
    """
    figure = look(scope, metric, "value")
    rows = scope.snapshot.listed(BENCHMARKS)
    areas = sorted({row["area"] for row in rows if row["metric"] == metric.id and row["area"] != NATION})
    peers = {area: look(scope, metric, "benchmark", area=area, base="value") for area in areas}
    held = {area: peer for area, peer in peers.items() if peer.value is not None}
    reason = None
    if metric.better == "neutral":
        reason = "该指标不分优劣"
    elif metric.form != "ratio":
        reason = BY_SIZE
    elif not held:
        reason = "没有引用通报或同类地区的数据"
    elif figure.value is not None:
        before = [area for area, peer in held.items() if not ahead(metric, figure.value, peer.number)]
        near = filter(None, (_not_beyond(scope, figure, peer, area) for area, peer in held.items()))
        reason = f"{'、'.join(before)}不{'低' if metric.better == 'higher' else '高'}于本地区" if before else next(near, None)
    text = f"{metric.label}在引用的{len(held) + 1}个地区中位列第一"
    note = "；".join(f"{area}{peer.text}（{peer.note}）" for area, peer in held.items())
    return _claim("位列第一", figure, text, note, reason, [figure, *held.values()])


def doubled(scope: Scope, metric: Metric) -> Claim:
    """Return the claim 翻番: the value is at least twice that of the same months a year before.

    - `scope`: The region and period, which `claim` takes from the parameters of the chapter.
    - `metric`: A metric with a growth in %, of which more is better. A growth that chance explains, or over an unusual base, refuses it.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `claim(doubled, new_entities)`
    """
    grown = look(scope, metric, "yoy")
    reason = _no_merit(metric)
    if not reason and grown.value is not None:
        assert grown.numerator is not None and grown.denominator is not None
        short = grown.numerator < TWICE * grown.denominator
        growth = number_format.growth_beside(grown.value, (TWICE - 1) * number_format.HUNDRED)
        reason = f"同比{growth}，不到上年同期的{TWICE}倍" if short else why_no_praise(Question(scope, metric), grown) or None
    return _claim("翻番", grown, f"{metric.label}实现翻番", _grounds(grown), reason)


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        first_double_digit, milestone, full_coverage, no_major_accident, leading, above_nation, first_of_peers, doubled,
    )
}  # fmt: skip


def _claim(
    name: str, figure: Figure, text: str, note: str, reason: str | None = None, figures: list[Figure] | None = None
) -> Claim:
    """Return the claim, earned unless its figure is refused or there is another reason."""
    stated = tuple(figures or [figure])
    refused = reason or figure.refused
    if refused:
        return Claim(name, figure.metric, figure.region, figure.period, stated, refused=refused)
    return Claim(name, figure.metric, figure.region, figure.period, stated, text, note)


def _front(scope: Scope, metric: Metric) -> tuple[list[Region], str | None]:
    """Return the leading cities in the order of their codes and None, or none and why nobody is leading; of a city at most itself."""
    if metric.better == "neutral":
        return [], _no_merit(metric)
    try:
        places = places_of(scope, metric)
    except Refusal as refusal:
        return [], str(refusal)
    number = max(1, int(len(places) * LEADING_SHARE))
    best = [city for city, place in places.items() if place.place <= number]
    if len(best) > number:
        last = max(places[city].place for city in best)
        return [], f"{'、'.join(city.name for city in best if places[city].place == last)}并列在第{number}名上下"
    if scope.region.level != "province":
        if scope.region not in best:
            return [], f"不在前{number}名之内"
        best = [scope.region]
    if front := [city for city in best if places[city].is_in_front]:
        return front, None
    possible = "、".join(f"{city.name}可能在第{places[city].first}—{places[city].last}位" for city in best)
    return [], f"{possible}，不能确定在前{places[best[0]].of // 2}位之内"


def _not_beyond(scope: Scope, figure: Figure, theirs: Figure, name: str) -> str | None:
    """Return why a rate that is better than a cited one does not lie beyond it; None when its one-sided limit does."""
    if reason := thresholds.why_untested(scope, figure, scope.amount(figure.metric)):
        return reason
    limits, higher = thresholds.limits(figure), figure.metric.better == "higher"
    beyond = limits.low > theirs.number if higher else limits.high < theirs.number
    return None if beyond else f"{'高' if higher else '低'}于{name}但{NOT_APART}"


def _no_merit(metric: Metric) -> str | None:
    """Return why a higher value of a metric is no merit; None when it is."""
    return {"neutral": "该指标不分优劣", "lower": "该指标以低为好", "higher": None}[metric.better]


def _grounds(figure: Figure) -> str:
    """Return the two numbers that a figure was computed from, in words; empty when it has no halves."""
    if figure.numerator is None or figure.denominator is None:
        return ""
    metric = figure.metric
    if figure.view in ("yoy", "first_time", "milestone"):
        growth = f"，同比{number_format.growth(figure.value)}" if figure.view == "first_time" and figure.value is not None else ""
        return f"本期{_amount(metric, figure.numerator)}，上年同期{_amount(metric, figure.denominator)}{growth}"
    return _halves(figure, "/")


def _halves(figure: Figure, between: str) -> str:
    if figure.numerator is None or figure.denominator is None:
        return ""
    return f"{number_format.digits(figure.numerator)}{between}{number_format.digits(figure.denominator)}"


def _amount(metric: Metric, value: Decimal | None) -> str:
    return "" if value is None else number_format.amount(value, metric.unit, metric.decimals)
