"""Change points: the point of a control chart at which a change began that lasts to its end.

A chart says that a month is unusual; it does not say since when. The mean that it draws holds the changed months too, so the longer a
change lasts, the more it hides. Here each possible beginning is therefore held against the months before it alone.

- A stretch of points up to the last has changed when all of them lie on one side of the mean of the baseline before it, and one of them
  is a signal of the chart on that side. So nothing is said that the chart does not show, nor of a change that went back. They lie on
  that side of its median too, since an outlier in the baseline moves its mean away from the months after it.
- It is a change when a stretch has RUN points or more, or the last FEWEST points are outside of their limits. So a lone outlier is none:
  of points that nothing changed one in some hundred is outside, two in succession next to never.
- It began with the first point of the stretch that parts the points best: whose mean and that of the baseline before are the most
  standard errors apart. The longest stretch would begin too early, since every other point before a change lies on its side by chance.
- When that is the first point that has a baseline before it, the change may be older, or a drift without a beginning: none is named.

Source: NHS England, Making Data Count (limits are drawn anew from a lasting shift on).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median

from city_briefs.analysis.statistics.control_chart import RUN, Limits, signal

FEWEST = 2  # points outside of their limits in succession that are more than an outlier


@dataclass(frozen=True)
class ChangePoint:
    """The first point of a change that lasts to the last one, counted from 0, and whether it went up.

    `is_outside` says that all points since then are outside of their limits, not only on one side of the mean of the baseline before.
    """

    place: int
    is_above: bool
    is_outside: bool


def change_point(values: Sequence[float], usual: Callable[[int], Limits], baseline: int, judged: int) -> ChangePoint | None:
    """Return where a change began that lasts to the last of successive points; None when the chart shows none.

    `usual` gives the limits of a point, by its place, from the `baseline` points before it, in the unit of the values. The last `judged`
    points, at least one, are those of the chart; each has `baseline` points before it.
    """
    end = len(values)
    limits = {place: usual(place) for place in range(baseline, end)}
    is_above = values[-1] > limits[end - 1].mean
    chart = range(end - judged, end)
    outside = [_is_beyond(values[place], limits[place], is_above) for place in chart]
    signals = [
        place
        for place in chart
        if signal(values[place - baseline : place], limits[place], values[place])
        and (values[place] > limits[place].mean) == is_above
    ]

    def has_changed(place: int) -> bool:
        levels = limits[place].mean, median(values[place - baseline : place])
        return all(value > max(levels) if is_above else value < min(levels) for value in values[place:])

    changed = [place for place in range(baseline, end - FEWEST + 1) if signals and place <= signals[-1] and has_changed(place)]
    if not changed or (end - changed[0] < RUN and outside[-FEWEST:] != [True] * FEWEST):
        return None

    def apart(place: int) -> float:
        return abs(fmean(values[place:]) - limits[place].mean) / sqrt(1 / (end - place) + 1 / baseline)

    began = max(changed, key=apart)
    if began == baseline:
        return None
    return ChangePoint(began, is_above, began >= chart.start and all(outside[began - end :]))


def _is_beyond(value: float, limits: Limits, is_above: bool) -> bool:
    """Return whether a value is outside of the limits on this side."""
    return value > limits.high if is_above else value < limits.low
