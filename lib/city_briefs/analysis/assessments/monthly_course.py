"""Monthly course: a metric month by month up to the end of a period, with the year before, the usual range, and since when it has changed.

`monthly_values` makes one. Here is what it holds, in words and as JSON.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from city_briefs.analysis.assessments.month_points import QUARTER
from city_briefs.analysis.assessments.month_signals import JOINED, MonthSignal, usual_range
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.changes import PENDING_TOO_MUCH
from city_briefs.analysis.figures.figure import Figure, plain
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics import SMALL
from city_briefs.analysis.statistics.control_chart import RUN, Limits
from city_briefs.analysis.statistics.intervals import Interval
from city_briefs.common.periods import months_text
from city_briefs.model.metric import Metric

MARKS = {"outside": "，超出范围", "run": f"，连续{RUN}期以上在平常水平一侧"}
WITHIN = "各月均在近两年正常波动范围之内"


@dataclass(frozen=True)
class CourseMonth:
    """A month of a course: its value, that of the same month a year before as it was known at the same distance, and its signal."""

    value: Figure
    before: Figure
    signal: MonthSignal

    @property
    def month(self) -> str:
        """The month as YYYY-MM."""
        return self.value.period.months[-1]

    @property
    def is_pending(self) -> bool:
        """Whether so many of its outcomes are not known yet that it is compared with nothing."""
        return self.value.pending is not None and self.value.pending >= PENDING_TOO_MUCH


@dataclass(frozen=True)
class CoursePoint:
    """A point of a course's chart: a month, or months that are judged together; numbers are of all of them, in the metric's unit.

    `value` and `before` are None when one of the months has none. `cases` is the denominator of a ratio and
    `interval` has its limits with 95 %; both are None for other metrics.
    """

    months: tuple[str, ...]
    value: Decimal | None
    before: Decimal | None
    signal: MonthSignal
    cases: Decimal | None = None
    is_pending: bool = False
    interval: Interval | None = None

    @property
    def is_small(self) -> bool:
        """Whether it is a percentage of so few cases that chance moves it widely."""
        return self.signal.metric.unit == "%" and self.cases is not None and self.cases < SMALL

    @property
    def label(self) -> str:
        """Its months in words: 3月, 1—2月."""
        return months_label(self.months)

    @property
    def side(self) -> int:
        """On which side of the mean it is a signal: 1 above, −1 below; 0 when it is none."""
        usual, size = self.signal.usual, self.signal.value
        return 0 if not self.signal.kind or usual is None or size is None else 1 if float(size) > usual.mean else -1


@dataclass(frozen=True)
class Change:
    """A change that lasts to the end of a course: the months of its first point, how many points it has, and the words for it."""

    since: tuple[str, ...]
    points: int
    is_above: bool
    text: str


@dataclass(frozen=True)
class Course:
    """The months of a metric of a region up to the end of a period, in order.

    `refused` says why no month has a number of its own; each is refused then. `change` is None when the chart shows none.
    """

    scope: Scope
    metric: Metric
    months: tuple[CourseMonth, ...] = ()
    points: tuple[CoursePoint, ...] = ()
    change: Change | None = None
    refused: str | None = None

    @property
    def is_judged(self) -> bool:
        """Whether any of its months has a usual range."""
        return any(point.signal.usual for point in self.points)

    @property
    def text(self) -> str:
        """Since when the metric has changed, which months are unusual, or that none is; else why it is not judged."""
        if not self.is_judged:
            valued = [month for month in self.months if month.value.value is not None]
            return self.refused or (valued or self.months)[-1].signal.refused or ""
        parts = [self.change.text] if self.change else []
        rest = [point for point in self.points if point.signal.usual and (not self.change or point.months < self.change.since)]
        parts += _outside(rest)
        parts += _runs(rest)
        unjudged = months_label([month for point in self.points if not point.signal.usual for month in point.months])
        if not parts:
            return f"{unjudged}不作判断，其余{WITHIN}" if unjudged else WITHIN
        return "；".join([*parts, *([f"{unjudged}不作判断"] if unjudged else [])])

    def records(self) -> list[dict[str, Any]]:
        """Return the months as JSON objects, the contract of `briefs value --by month --json` without the snapshot."""
        return [
            {
                "month": month.month,
                **month.value.record(),
                "before": {"value": plain(month.before.value), "text": month.before.text, "refused": month.before.refused},
                "judged": _judged(month.signal),
                "changed_since": self.change.since[0] if self.change and month.month >= self.change.since[0] else None,
            }
            for month in self.months
        ]


def lines(course: Course) -> Iterator[str]:
    """Yield a line for each month in words: value, year before, and how it was judged; none when no month has a number of its own."""
    for month in () if course.refused else course.months:
        signal = month.signal
        parts = [
            f"{months_label([month.month])}：{month.value.refused or month.value.text}",
            month.before.refused or f"上年同月{month.before.text}",
        ]
        if signal.usual:
            size = number_format.amount(signal.value or Decimal(0), course.metric.unit, course.metric.decimals)
            joined = f"{months_label(signal.months)}{size}，" if len(signal.months) > 1 else ""
            parts.append(f"{joined}正常波动范围{usual_range(course.metric, signal.usual)}{MARKS.get(signal.kind, '')}")
        yield "；".join(parts)


def months_label(months: Sequence[str]) -> str:
    """Return months without the year of the last: 3月, 1—2月; those of the year before with theirs; empty for none."""
    if not months:
        return ""
    year = f"{months[-1][:4]}年"
    return months_text(months).replace(f"、{year}", "、").removeprefix(year)


def _outside(points: Sequence[CoursePoint]) -> Iterator[str]:
    """Yield the words for the points above the usual range, then for those below it."""
    for side, word in ((1, "高于"), (-1, "低于")):
        outside = [point for point in points if point.signal.kind == "outside" and point.side == side]
        months = months_label([point.months[0] for point in outside if len(point.months) == 1])
        labels = [point.label for point in outside if len(point.months) > 1] + ([months] if months else [])
        if labels:
            yield f"{'、'.join(labels)}{word}近两年正常波动范围"


def _runs(points: Sequence[CoursePoint]) -> Iterator[str]:
    """Yield the words for the last point on each side of the mean that ends a run of eight."""
    for point in {point.side: point for point in points if point.signal.kind == "run"}.values():
        unit = f"期（每期{QUARTER}个月）" if len(point.months) == QUARTER else "个月"
        joined = JOINED if point.signal.metric.form == "flow" else ""
        yield f"截至{point.label}连续{RUN}{unit}以上{joined}{'高于' if point.side > 0 else '低于'}近两年平均水平"


def _judged(signal: MonthSignal) -> dict[str, Any]:
    """Return a signal as a JSON object: the months that are judged together, their value, usual value and limits, and the kind."""
    return {
        "months": list(signal.months),
        "value": plain(signal.value),
        "usual": _digits(signal.usual, "mean"),
        "low": _digits(signal.usual, "low"),
        "high": _digits(signal.usual, "high"),
        "signal": signal.kind,
        "refused": signal.refused,
    }


def _digits(limits: Limits | None, name: str) -> float | None:
    """Return a limit with the digits that are the same on every machine; None for none."""
    return None if limits is None else float(f"{getattr(limits, name):.9g}")
