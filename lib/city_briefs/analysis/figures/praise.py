"""Praise of a change: it must be told apart from chance, and not come after an unusual year; 明显 needs more than that."""

from city_briefs.analysis.figures import certainty, number_format
from city_briefs.analysis.figures.changes import compared_amounts, yoy
from city_briefs.analysis.figures.figure import Answer, Figure, Question, Refusal

NO_PRAISE = "不作评价"
MARKED_GROWTH = 10  # % of growth or fall, from which on 明显 and 大幅 may be said
MARKED_POINTS = 1  # 个百分点 of a percentage, likewise
HUNDRED = number_format.HUNDRED


def why_no_praise(ask: Question, grown: Answer | Figure) -> str:
    """Return why a growth over the same months a year before is not praised; empty when it may be.

    It is an increase beyond chance, the growth of the year before is known, and the base was not unusual.
    """
    if grown.verdict == "untested":
        reason = certainty.why_not(ask) or "同比不作检验"
        return f"{reason}，{NO_PRAISE}"
    if grown.verdict != "up":
        plain = grown.verdict == "same" and grown.text != number_format.LEVEL  # a clause of its own: 由300件变为330件
        return grown.text if plain else f"同比{grown.text}"
    if grown.unusual_base:
        return f"同比{grown.text}，基数异常，{NO_PRAISE}"
    before = ask.period.year_before
    try:
        yoy(ask.over(before))
    except Refusal:
        return f"没有{before.text}的同比，不能排除基数异常，{NO_PRAISE}"
    return ""


def is_marked(ask: Question) -> bool:
    """Return whether a metric got better than a year before by so much that 明显 may be said; False where it is not compared."""
    over = ask.period.year_before
    try:
        now, base = compared_amounts(ask, over, "上年同期")
    except Refusal:
        return False
    outcome = certainty.comparison(ask, now, base, over)
    if outcome is None or not outcome.is_marked or (outcome.z > 0) != (ask.metric.better == "higher"):
        return False
    if ask.metric.unit == "%":
        assert now.denominator and base.denominator
        change = (now.numerator / now.denominator - base.numerator / base.denominator) * HUNDRED
        return abs(change) >= MARKED_POINTS
    value, before = (amount.numerator / (amount.denominator or 1) for amount in (now, base))
    return bool(before) and abs(value / before - 1) * HUNDRED >= MARKED_GROWTH
