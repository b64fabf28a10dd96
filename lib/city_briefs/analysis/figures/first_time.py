"""首次突破两位数: a growth of ten percent and more, after years whose growth is known for each and was less in every one."""

from decimal import Decimal

from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.changes import yoy
from city_briefs.analysis.figures.figure import Answer, Question, Refusal
from city_briefs.analysis.figures.praise import why_no_praise
from city_briefs.common.periods import Period

DOUBLE_DIGIT = Decimal(10)  # % of growth, from which on it has two digits
EARLIER_RATES = 3  # growth rates, one for each year before, that 首次 needs


def first_time(ask: Question) -> Answer:
    """Compute 首次突破两位数: a growth of 10 % or more, praised by the same rules as any growth. The text names the first year compared.

    Refused unless the growth of every year since then is known and less, of which three are needed; a year without it is named.
    """
    now = yoy(ask)
    if now.value < DOUBLE_DIGIT:
        words = now.text if now.verdict == "same" else number_format.growth_beside(now.value, DOUBLE_DIGIT)
        raise Refusal(f"同比{words}，未达到两位数")
    if reason := why_no_praise(ask, now):
        raise Refusal(reason)
    rates = _earlier(ask)
    if len(rates) < EARLIER_RATES:
        raise Refusal(f"此前只有{len(rates)}年的同比，不足{EARLIER_RATES}年，不能说首次")
    if missing := [f"{year}年" for year in range(min(rates), ask.period.year) if year not in rates]:
        raise Refusal(f"没有{'、'.join(missing)}的同比，不能说首次")
    if reached := [year for year, rate in rates.items() if rate >= DOUBLE_DIGIT]:
        raise Refusal(f"{max(reached)}年同比已达到两位数，不是首次")
    since = f"{min(rates)}年以来{'' if ask.period == Period(ask.period.year) else '同期'}"
    text = f"{number_format.growth(now.value)}，{since}首次突破两位数"
    return Answer(now.value, text, now.numerator, now.denominator, now.note, verdict=now.verdict, pending=now.pending)


def _earlier(ask: Question) -> dict[int, Decimal]:
    """Return the growth of the same months in each earlier year of the snapshot of which it is known, in %."""
    rates: dict[int, Decimal] = {}
    for year in sorted(year for year in ask.results.snapshot.years if year < ask.period.year):
        try:
            rates[year] = yoy(ask.over(ask.period.of_year(year))).value
        except Refusal:
            continue
    return rates
