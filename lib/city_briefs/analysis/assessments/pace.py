"""Pace: the share of the way to a target that is due by the end of a period, by the season of three years or by calendar days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from city_briefs.analysis.figures import number_format, refusal_rules
from city_briefs.analysis.figures.changes import is_dated_later
from city_briefs.analysis.figures.figure import Question, Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics.control_chart import YEARS
from city_briefs.common.periods import FIRST_YEAR, Period
from city_briefs.model.metric import Metric

ADDING_UP = ("flow", "difference", "distinct")  # forms that grow from January on
BY_SEASON, BY_DAYS = "按近三年进度", "按日历天数"
LEVEL, NO_MONTH_END, LATER = "不是累计数", "完成时限不在月末", "结果晚于受理"
FEW_YEARS, FEW_RECORDS, UNEVEN = "历史不足三年", "近三年有的年份基数过小", "近三年有的年份进度不在0—100%之间"
HUNDRED = number_format.HUNDRED


@dataclass(frozen=True)
class Pace:
    """The share of the way that is due, in %. `why_days` says why it is by calendar days; it is empty when it is by the season."""

    share: Decimal
    why_days: str = ""

    @property
    def basis(self) -> str:
        """What it is computed by, in words."""
        return f"{BY_DAYS}（{self.why_days}）" if self.why_days else BY_SEASON


def adds_up(metric: Metric) -> bool:
    """Return whether a metric is additive from January on, so that its share done can be compared with that of other years."""
    return metric.form in ADDING_UP and not metric.at_month_end and metric.unit != "%"


def pace(scope: Scope, metric: Metric, due: date) -> Pace:
    """Return the share of the way to a target that is due by the end of the period, when all of it is due on the day `due`.

    By the season it is the mean over the three years before of January to the month, divided by January to the month of `due`.
    """
    try:
        return Pace(_by_season(scope, metric, due))
    except Refusal as refusal:
        begun = date(scope.period.year, 1, 1)
        return Pace(min(HUNDRED, HUNDRED * scope.period.days / max(1, (due - begun).days + 1)), str(refusal))


def bases(paces: Iterable[tuple[str, Pace]]) -> list[str]:
    """Return what the paces of targets are computed by, from their names: one line for the season, one for calendar days."""
    seasonal: list[str] = []
    by_days: dict[str, list[str]] = {}
    for name, each in paces:
        (by_days.setdefault(each.why_days, []) if each.why_days else seasonal).append(name)
    reasons = "；".join(f"{'、'.join(names)}（{why}）" for why, names in by_days.items())
    return [
        *([f"应达进度{BY_SEASON}计算：{'、'.join(seasonal)}"] if seasonal else []),
        *([f"应达进度{BY_DAYS}计算：{reasons}"] if reasons else []),
    ]


def _by_season(scope: Scope, metric: Metric, due: date) -> Decimal:
    """Return the share in %, by the season.

    Raises:
        Refusal: it is a level, its outcomes come later, `due` is no month's end of the year, or a year is not known, rests on few
            records, or did not go from nothing to all of it.
    """
    if not adds_up(metric):
        raise Refusal(LEVEL)
    if is_dated_later(Question(scope, metric)):
        raise Refusal(LATER)
    if due.year != scope.period.year or (due + timedelta(days=1)).day != 1:
        raise Refusal(NO_MONTH_END)
    shares = [_share(Question(scope, metric), back, due.month) for back in range(1, YEARS + 1)]
    return HUNDRED * sum(shares, Decimal(0)) / YEARS


def _share(ask: Question, back: int, due_month: int) -> Decimal:
    """Return which share of January to the month due there was by the month of the period, 0 to 1, so many years before.

    Raises:
        Refusal: it is not known, or no share can be taken.
    """
    year = ask.period.year - back
    if year < FIRST_YEAR:
        raise Refusal(FEW_YEARS)
    try:
        through = min(ask.period.through, due_month)
        part, whole = (refusal_rules.known_amount(ask.over(Period(year, last)), "") for last in (through, due_month))
    except Refusal:
        raise Refusal(FEW_YEARS) from None
    size = refusal_rules.base_size(ask.metric, whole)
    if not whole.numerator or (size is not None and size < refusal_rules.SMALL_BASE):
        raise Refusal(FEW_RECORDS)
    share = part.numerator / whole.numerator
    if not 0 <= share <= 1:
        raise Refusal(UNEVEN)
    return share
