"""The sections of an explanation on comparisons: the change and whether chance explains it, by which test, the place, and maturity.

Then why it moved: what each dimension says of a growth, or of the change of a rate.
"""

from collections.abc import Iterator
from decimal import Decimal

from city_briefs.analysis.explain.sections import Section
from city_briefs.analysis.figures import certainty, contributions, number_format, outcomes, rate_changes
from city_briefs.analysis.figures.changes import NOT_APART, WITHIN_REVISION, compared_amounts, is_dated_later
from city_briefs.analysis.figures.comparability import NOT_ESTIMATED, TESTS, how_mature, kind
from city_briefs.analysis.figures.figure import Figure, Question, Refusal
from city_briefs.analysis.figures.parts import BY_REGION, dimensions, name_of
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.values import PENDING_DECIMALS
from city_briefs.analysis.figures.views import POINTS, compared, look
from city_briefs.common.periods import Period, day_text
from city_briefs.model.labels import VIEW_NAMES
from city_briefs.model.metric import Metric

VERDICTS = {"up": "高于上年同期，超出随机波动", "down": "低于上年同期，超出随机波动"}


def section(scope: Scope, metric: Metric) -> list[Section]:
    """Return the section on how a metric compares; none for a number that a document fixes."""
    if metric.form == "cited":
        return []
    change, place = (look(scope, metric, view) for view in (compared(metric), "rank"))
    facts = [*_of_change(scope, metric, change), (VIEW_NAMES["rank"], _given(place)), *_maturity(scope, metric)]
    return [Section("比较和成熟度", tuple(facts))]


def of_parts(scope: Scope, metric: Metric) -> list[Section]:
    """Return the section with a sentence for each dimension, or why there is none; no section for what has no parts in this region.

    Small numbers of requests are merged, as for every reader.
    """
    is_rate = metric.form == "ratio"
    if not is_rate and not contributions.is_additive(metric):
        return []
    has_regions = scope.snapshot.regions.made_of(scope.region) is not None
    given = rate_changes.dimensions_of(metric) if is_rate else dimensions(metric)
    facts = tuple((f"按{name_of(by)}（{by}）", _of_part(scope, metric, by)) for by in given if by != BY_REGION or has_regions)
    return [Section("变动的结构和水平" if is_rate else "增长的拉动", facts)] if facts else []


def _of_part(scope: Scope, metric: Metric, by: str) -> str:
    """Return the sentence on one dimension, or why there is none."""
    try:
        if metric.form == "ratio":
            return rate_changes.sentence(rate_changes.split(scope, metric, by))
        return contributions.sentence(contributions.contributions(scope, metric, by), scope)
    except Refusal as refusal:
        return f"不给出：{refusal}"


def _of_change(scope: Scope, metric: Metric, change: Figure) -> Iterator[tuple[str, str]]:
    """Yield the change, its interval, and the verdict with its test; of a change that is refused, the reason."""
    yield VIEW_NAMES[change.view], _given(change)
    if change.interval:
        low, high = (_digits(limit, metric.decimals) for limit in (change.interval.low, change.interval.high))
        yield "增减区间", f"{low}至{high}{POINTS}"
    ask, before = Question(scope, metric), scope.period.year_before
    try:
        now, base = compared_amounts(ask, before, "上年同期")
    except Refusal:
        return
    if reason := certainty.why_not(ask, now, base):
        yield "判定", reason
        return
    outcome, tested = certainty.comparison(ask, now, base, before), kind(scope.results, metric)
    within = WITHIN_REVISION if WITHIN_REVISION in change.text else NOT_APART
    yield "判定", VERDICTS.get(change.verdict, within if change.verdict == "same" else "数量过少，不作检验")
    if tested == "median":
        yield "检验", f"{TESTS[tested]}，不重叠的为超出随机波动"
    elif tested and outcome:
        size = f"z={_digits(outcome.z)}" if outcome.p is None else f"精确检验，p={_digits(outcome.p, 3)}"
        yield "检验", f"{TESTS[tested]}，{size}"
        dispersion = certainty.time_dispersion(ask, before)
        yield "离散系数", NOT_ESTIMATED if dispersion is None else _digits(dispersion)


def _maturity(scope: Scope, metric: Metric) -> Iterator[tuple[str, str]]:
    """Yield how mature the outcome is, up to which day it is known, the share that is pending, and the base as it was known."""
    yield "成熟度", how_mature(metric)
    outcome = metric.pair.first if scope.results.is_pair(metric) else metric
    months = sorted(filter(None, {scope.results.last_month(outcome, member) for member in scope.reporting(metric)}))
    if months:
        first, last = (day_text(Period(int(month[:4]), int(month[5:])).end) for month in (months[0], months[-1]))
        yield "数据截至", first if first == last else f"{first}至{last}，各地区不一"
    pending = outcomes.pending(scope, metric)
    if pending is not None:
        yield "尚未办结", number_format.amount(pending * number_format.HUNDRED, "%", PENDING_DECIMALS)
    ask = Question(scope, metric)
    if not is_dated_later(ask):
        return
    known = outcomes.as_known(scope.year_before, metric, 1)
    if not known.missing and not known.twice:
        halves = [half for half in (known.numerator, known.denominator) if half is not None]
        yield "上年同一天已知的上年同期", "/".join(map(number_format.digits, halves))


def _given(figure: Figure) -> str:
    """Return a figure as it is printed, or why it is not given."""
    return f"不给出：{figure.refused}" if figure.refused else figure.text


def _digits(number: float, decimals: int = 2) -> str:
    return number_format.number(Decimal(str(number)), decimals)
