"""Thresholds of lights and judgements: a rate is past one only when its one-sided limit of 95 % is past it too.

So a region whose true rate lies at the threshold is found past it in about 5 of 100 cases. A count is a fact, judged as it is.
"""

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.figures import certainty
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics import Z90
from city_briefs.analysis.statistics.intervals import Interval, byar, wilson

WITHIN_CHANCE = "达到警戒值，但未超出随机波动，继续观察"  # said of a value that is past a threshold when its limit is not


def limits(figure: Figure) -> Interval:
    """Return the two one-sided limits of a value, in its unit: it is above the lower with 95 %, and below the upper with 95 %.

    Both are the value itself of what is no ratio. The figure is of the view `value` and not refused.
    """
    metric = figure.metric
    if metric.form != "ratio":
        return Interval(float(figure.number), float(figure.number))
    assert figure.numerator is not None and figure.denominator is not None
    part, whole = float(figure.numerator), float(figure.denominator)
    is_part = metric.unit == "%" and 0 <= part <= whole
    return (wilson if is_part else byar)(part, whole, Z90).scaled(metric.per)


def why_untested(scope: Scope, figure: Figure, amount: Amount) -> str:
    """Return why an amount has no limits and no test, and so is not judged: 只报送百分率，没有分子分母，不作判定; empty when it has."""
    return certainty.why_not(Question(scope, figure.metric, part=figure.part), amount).replace("不作检验", "不作判定")
