"""Certainty: the interval of a value, and whether two amounts of a metric are told apart from chance."""

from dataclasses import replace
from decimal import Decimal

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.figures.comparability import NO_HALVES, Kind, kind, why_untested
from city_briefs.analysis.figures.figure import Question
from city_briefs.analysis.statistics import control_chart, dispersion
from city_briefs.analysis.statistics.comparisons import Comparison, two_counts, two_proportions, two_rates
from city_briefs.analysis.statistics.intervals import Interval, byar, newcombe, wilson
from city_briefs.common.blocks import Verdict
from city_briefs.common.periods import Period
from city_briefs.model.metric import Metric

NEGATIVE = "数值为负，不作检验"
PERCENT = 100  # the denominator of a percentage that was returned without its halves


def value_interval(ask: Question, amount: Amount) -> Interval | None:
    """Return the limits of a value with 95 %, in its unit; None for a metric without a test, and without halves."""
    metric = ask.metric
    tested = _kind(ask, amount)
    if tested == "median":
        return None if amount.low is None or amount.high is None else Interval(float(amount.low), float(amount.high))
    if tested == "count":
        return byar(float(amount.numerator))
    if tested is None or not amount.denominator:
        return None
    part, whole = float(amount.numerator), float(amount.denominator)
    return (wilson(part, whole) if tested == "proportion" else byar(part, whole)).scaled(metric.per)


def change_interval(ask: Question, now: Amount, base: Amount) -> Interval | None:
    """Return the limits of the change of a percentage with 95 %, in percentage points; None for any other metric."""
    if _kind(ask, now, base) != "proportion" or not (now.denominator and base.denominator):
        return None
    part, whole, base_part, base_whole = map(float, (now.numerator, now.denominator, base.numerator, base.denominator))
    return newcombe(part, whole, base_part, base_whole).scaled(PERCENT)


def verdict(ask: Question, now: Amount, base: Amount, over: Period) -> Verdict:
    """Return whether the amount of this period is told apart from that of the base period `over`, and in which direction."""
    if _kind(ask, now, base) == "median":
        return _of_medians(now, base)
    outcome = comparison(ask, now, base, over)
    if outcome is None:
        return "untested"
    return direction(outcome)


def direction(outcome: Comparison) -> Verdict:
    """Return the verdict of a test."""
    return "same" if not outcome.is_told_apart else "up" if outcome.z > 0 else "down"


def comparison(ask: Question, now: Amount, base: Amount, over: Period) -> Comparison | None:
    """Return the test of an amount against that of the base period `over`; None when there is none."""
    tested = _kind(ask, now, base)
    if tested == "count":
        return two_counts(float(now.numerator), float(base.numerator), time_dispersion(ask, over) or 1.0)
    return None if tested in (None, "median") else _of_halves(tested, now, base, time_dispersion(ask, over) or 1.0)


def beside_the_rest(ask: Question) -> Comparison | None:
    """Return the test of a region's rate against that of the rest of its province; None for what is no rate, and without one.

    The amounts of both are known.
    """
    own, whole = ask.scope.amount(ask.metric, ask.part), ask.scope.at(ask.scope.whole).amount(ask.metric, ask.part)
    if not (own.denominator and whole.denominator):
        return None
    rest = replace(whole, numerator=whole.numerator - own.numerator, denominator=whole.denominator - own.denominator)
    if rest.numerator < 0 or not rest.denominator or rest.denominator < 0:
        return None  # the province returned its own, which is not the sum of its regions
    tested = _kind(ask, own, rest)
    dispersion = time_dispersion(ask, ask.period.year_before) or 1.0
    return None if tested in (None, "median", "count") else _of_halves(tested, own, rest, dispersion)


def beside_another(ask: Question, own: Amount, other: Question, theirs: Amount) -> Verdict:
    """Return whether a region's rate or median is told apart from that of another region, and in which direction.

    It is the same whichever of the two is named first: the larger of their dispersions enters the test. Counts are never compared.
    """
    tested = _kind(ask, own, theirs)
    if tested == "median":
        return _of_medians(own, theirs)
    if tested in (None, "count"):
        return "untested"
    dispersion = max(time_dispersion(question, ask.period.year_before) or 1.0 for question in (ask, other))
    outcome = _of_halves(tested, own, theirs, dispersion)
    return "untested" if outcome is None else direction(outcome)


def growth_beside_the_rest(ask: Question) -> Comparison | None:
    """Return the test of a count's growth against that of the rest of its province; None for any other metric, and without one.

    Of outcomes that come later there is none either.

    Both years of a region are the two parts of their sum, so that it is a test of two proportions. The amounts of both are known.
    """
    if _kind(ask) != "count" or ask.metric.decided or ask.metric.flag:
        return None  # of outcomes that come later the two years are not of the same maturity
    (now, before), (whole_now, whole_before) = [
        [float(scope.over(period).amount(ask.metric).numerator) for period in (ask.period, ask.period.year_before)]
        for scope in (ask.scope, ask.scope.at(ask.scope.whole))
    ]
    rest, rest_before = whole_now - now, whole_before - before
    if min(rest, rest_before) < 0:
        return None  # the province returned its own, which is not the sum of its regions
    return two_proportions(now, now + before, rest, rest + rest_before, time_dispersion(ask, ask.period.year_before) or 1.0)


def is_without_dispersion(ask: Question) -> bool:
    """Return whether the dispersion of a metric's months would enter a test of its change, and it is not known.

    The test is then that of chance alone. Of stocks, parts of a dimension and what is not additive it is never estimated.
    """
    return _has_dispersion(ask) and time_dispersion(ask, ask.period.year_before) is None


def _has_dispersion(ask: Question) -> bool:
    """Return whether months tell how much a metric varies: a flow, a ratio of flows, a flow over a stock, and a ratio that is returned."""
    metric = ask.metric
    if ask.part[0]:
        return False
    if not ask.results.is_pair(metric):
        return metric.form in ("flow", "ratio")
    return metric.pair.first.form == "flow" and metric.pair.second.form in ("flow", "stock", "latest")


def time_dispersion(ask: Question, base: Period) -> float | None:
    """Return how many times more a flow varies from month to month than chance (φ), by the 24 months up to the end of a base period.

    None when fewer months are known, for a ratio that is returned, and for stocks, parts of a dimension and what is not additive: φ is 1
    then, and is not estimated.
    """
    metric, results = ask.metric, ask.results
    if not _has_dispersion(ask):
        return None
    if not results.is_pair(metric):
        return (
            flow_dispersion(ask, metric, base, base.year) if metric.form == "flow" else None
        )  # the halves of returns are not at hand
    first, second = metric.pair.first, metric.pair.second
    if second.form != "flow":
        return flow_dispersion(ask, first, base, base.year)  # what it is counted over hardly changes from month to month
    parts, wholes = (results.monthly(half, ask.region, base, control_chart.BASELINE) for half in (first, second))
    if parts is None or wholes is None:
        return None
    kept = [place for place, whole in enumerate(wholes) if whole]
    if len(kept) < 2:
        return None
    sigma = dispersion.proportions_sigma if metric.unit == "%" else dispersion.rates_sigma
    return dispersion.over_time(sigma([parts[place] for place in kept], [wholes[place] for place in kept]))


def flow_dispersion(ask: Question, metric: Metric, base: Period, last_year: int) -> float | None:
    """Return φ of a flow by the 24 months up to the end of a base period, divided by the seasonal factors up to `last_year`.

    None when fewer than three full years are known.
    """
    of = flow_dispersion, metric, ask.region, base, last_year
    return ask.results.once(of, lambda: _flow_dispersion(ask, metric, base, last_year))


def _flow_dispersion(ask: Question, metric: Metric, base: Period, last_year: int) -> float | None:
    """Return what `flow_dispersion` returns."""
    months = ask.results.monthly(metric, ask.region, base, control_chart.BASELINE)
    factors = seasonal_factors(metric, ask, last_year)
    if months is None or factors is None:
        return None
    points, places = control_chart.series(base.through % 12 + 1, months)
    return dispersion.over_time(dispersion.counts_sigma(points, [factors[place] for place in places]))


def seasonal_factors(metric: Metric, ask: Question, last_year: int) -> list[float] | None:
    """Return the seasonal factors of a flow by the three full years up to `last_year`; None when a month is not known, or has none.

    The base year counts as full when it is: of a period in the middle of a year all months of the year before are known.
    """
    three = ask.results.monthly(metric, ask.region, Period(last_year), control_chart.YEARS * 12)
    if three is None:
        return None
    factors = control_chart.seasonal_factors([three[start : start + 12] for start in range(0, len(three), 12)])
    return factors if all(factors) else None


def _kind(ask: Question, *amounts: Amount) -> Kind | None:
    """Return what the metric is for a test of these amounts; None when there is none, or a percentage was returned without halves.

    A part that is larger than its whole is a count over an exposure.
    """
    if why_untested(ask.results, ask.metric, ask.period) or is_negative(*amounts):
        return None
    tested = kind(ask.results, ask.metric)
    if tested == "proportion":
        if is_without_halves(ask, *amounts):
            return None
        if any(amount.denominator is not None and amount.numerator > amount.denominator for amount in amounts):
            return "rate"
    return tested


def is_without_halves(ask: Question, *amounts: Amount) -> bool:
    """Return whether a percentage was returned as such: every report is over 100, or a half is no whole number."""
    if ask.results.is_pair(ask.metric):
        return False
    months = 1 if ask.metric.at_month_end else len(ask.period.months)
    reports = months * len(ask.results.reporters.members(ask.metric, ask.region, ask.period))
    halves = [(amount.numerator, amount.denominator or Decimal(0)) for amount in amounts]
    counts_nothing = any(part % 1 or whole % 1 for part, whole in halves)
    return counts_nothing or (
        bool(halves) and all(whole in (PERCENT, PERCENT * months, PERCENT * reports) for _, whole in halves)
    )


def is_negative(*amounts: Amount) -> bool:
    """Return whether one is below zero, as a return may be that corrects an earlier one: it is no count, and no test holds of it."""
    return any(amount.numerator < 0 for amount in amounts)


def why_not(ask: Question, *amounts: Amount) -> str:
    """Return why amounts of the metric are not tested; empty when they are."""
    reason = why_untested(ask.results, ask.metric, ask.period) or (NEGATIVE if is_negative(*amounts) else "")
    without = kind(ask.results, ask.metric) == "proportion" and is_without_halves(ask, *amounts)
    return reason or (NO_HALVES if without else "")


def _of_halves(tested: Kind, now: Amount, base: Amount, dispersion: float) -> Comparison | None:
    """Return the test of two rates by their halves; None when a denominator is zero, or of a proportion small."""
    if not (now.denominator and base.denominator):
        return None
    part, whole, base_part, base_whole = map(float, (now.numerator, now.denominator, base.numerator, base.denominator))
    test = two_proportions if tested == "proportion" else two_rates
    return test(part, whole, base_part, base_whole, dispersion)


def _of_medians(now: Amount, base: Amount) -> Verdict:
    """Return the verdict on two medians: they differ when their intervals do not overlap."""
    if now.low is None or now.high is None or base.low is None or base.high is None or not (now.records and base.records):
        return "untested"
    if now.low <= base.high and base.low <= now.high:
        return "same"
    return "up" if now.numerator > base.numerator else "down"
