"""Monthly course: the months of this year as a line over those of the year before, with the usual range as a band.

Signals have shapes of their own, and months that were judged together are one point, so that the chart reads in grey.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from city_briefs.analysis.assessments.monthly_course import Course, CoursePoint
from city_briefs.analysis.charts.chart import Chart, bare, canvas, drawn_twice, style, svg
from city_briefs.analysis.charts.labels import SMALL, wrapped
from city_briefs.analysis.figures import number_format
from city_briefs.common.characters import adjoined
from city_briefs.common.theme import ACCENT, INK, LINE, MUTED, PALE

HEIGHT = 2.5  # inches
OUTSIDE, RUN = 6.5, 5.5  # points, of the marks of signals
TICKS = 4
ROOM = 0.14  # of the height of the numbers, above and below them
NOT_FROM_ZERO = 0.5  # the axis begins with zero unless the least number is more than this part of the greatest
ONE_ROW = 5  # entries of the key that fit into a row
USUAL = "平常水平"
GAP = 0.47  # inches, the width of the words in a gap
NOW = "本期"  # begins the words for a month without a value
UNJOINED = "月均"  # under the label of months that are one point


@drawn_twice
def monthly_course(course: Course) -> Chart:
    """Draw the points of a course, at least two of them with a value. A month without a value is a gap with the reason in words."""
    points, year = course.points, course.scope.period.year
    sizes = [size_of(course, point) for point in points]
    values = [drawn_number(point.value, size) for point, size in zip(points, sizes, strict=True)]
    before = [drawn_number(point.before, size) for point, size in zip(points, sizes, strict=True)]
    with style():
        figure = canvas(HEIGHT)
        axes = figure.subplots()
        _usual(axes, points, sizes)
        axes.plot(range(len(points)), before, color=LINE, lw=1.1, ls=(0, (4, 2)), marker="o", ms=2.2, label=f"{year - 1}年")
        axes.plot(range(len(points)), values, color=ACCENT, lw=1.6, marker="o", ms=3, zorder=3, label=f"{year}年")
        _marks(axes, points, values)
        _scale(axes, course, [number for number in [*values, *before, *_limits(points, sizes)] if number == number])
        _gaps(axes, course)
        _began(axes, course)
        axes.set_xlim(-0.6, len(points) - 0.4)
        axes.set_xticks(range(len(points)), [_label(course, point) for point in points])
        axes.spines["bottom"].set_color(LINE)
        bare(axes, "bottom")
        handles, labels = axes.get_legend_handles_labels()
        order = sorted(range(len(labels)), key=lambda place: (labels[place] != f"{year}年", labels[place] != f"{year - 1}年"))
        columns = len(labels) if len(labels) <= ONE_ROW else -(-len(labels) // 2)
        figure.legend(
            [handles[place] for place in order], [labels[place] for place in order], loc="outside upper right", ncols=columns,
            frameon=False, fontsize=SMALL, labelcolor=MUTED, handlelength=2.2, columnspacing=1.2, borderpad=0,
        )  # fmt: skip
        drawn = svg(figure)
    scope = course.scope
    return Chart(drawn, _alt(course), f"{adjoined(scope.region.name, course.metric.label)}逐月走势（{months_of(course)}）")


def months_of(course: Course) -> str:
    """Return the months of a course in words: 2021年1—6月."""
    return course.scope.period.to_date.text if course.scope.period.through < 12 else f"{course.scope.period.year}年1—12月"


def size_of(course: Course, point: CoursePoint) -> int:
    """Return by how many months the numbers of a point are divided: a flow of two is drawn as their mean."""
    return len(point.months) if course.metric.form == "flow" else 1


def drawn_number(value: Decimal | None, size: int) -> float:
    """Return a value as it is drawn; not a number for one that is not known."""
    return float("nan") if value is None else float(value) / size


def _limits(points: Sequence[CoursePoint], sizes: Sequence[int]) -> list[float]:
    """Return the limits of the points that have any, as they are drawn."""
    return [
        limit / size
        for point, size in zip(points, sizes, strict=True)
        if (usual := point.signal.usual)
        for limit in (usual.low, usual.high)
    ]


def _usual(axes: Axes, points: Sequence[CoursePoint], sizes: Sequence[int]) -> None:
    """Draw the usual range of each point as a band, with the usual value as a thin line in it."""
    judged = [
        (place, usual, size)
        for place, (point, size) in enumerate(zip(points, sizes, strict=True))
        if (usual := point.signal.usual) is not None
    ]
    for first, (place, usual, size) in enumerate(judged):
        axes.fill_between(
            [place - 0.5, place + 0.5], usual.low / size, usual.high / size, color=PALE, alpha=0.55, lw=0,
            label=None if first else "正常波动范围",
        )  # fmt: skip
        axes.plot(
            [place - 0.5, place + 0.5], [usual.mean / size] * 2, color=MUTED, lw=0.7, ls=":", label=None if first else USUAL
        )


def _marks(axes: Axes, points: Sequence[CoursePoint], values: Sequence[float]) -> None:
    """Mark the signals: triangles outside of the range, squares for eight on one side; and rings for months still pending."""
    above = [place for place, point in enumerate(points) if point.signal.kind == "outside" and point.side > 0]
    below = [place for place, point in enumerate(points) if point.signal.kind == "outside" and point.side < 0]
    runs = [place for place, point in enumerate(points) if point.signal.kind == "run"]
    pending = [place for place, point in enumerate(points) if point.is_pending]
    for places, marker, size, face, words in (
        (above, "^", OUTSIDE, INK, "高于范围"),
        (below, "v", OUTSIDE, INK, "低于范围"),
        (runs, "s", RUN, "white", "连续8期在平常水平一侧"),
        (pending, "o", RUN, "white", "多数尚未办结"),
    ):
        if places:
            axes.plot(
                places, [values[place] for place in places], ls="", marker=marker, ms=size, color=face, mec=INK, mew=1, zorder=4,
                label=words,
            )  # fmt: skip


def _scale(axes: Axes, course: Course, numbers: Sequence[float]) -> None:
    """Set the axis of numbers, with few ticks in plain digits and the unit above them."""
    metric = course.metric
    low, high = min(numbers), max(numbers)
    unit = number_format.scaled(Decimal(str(max(abs(low), abs(high)))), metric.unit, metric.decimals)[1]
    scale = float(number_format.factor(unit) / number_format.factor(metric.unit))
    room = ROOM * ((high - low) or abs(high) or 1)
    starts_high = low > NOT_FROM_ZERO * high
    axes.set_ylim(low - room if starts_high or low < 0 else 0, high + room)
    axes.yaxis.set_major_locator(MaxNLocator(TICKS))
    axes.yaxis.set_major_formatter(FuncFormatter(digits_of(scale)))
    axes.tick_params(axis="y", labelcolor=MUTED)
    axes.grid(axis="y", color=PALE, lw=0.4, zorder=0)
    axes.set_axisbelow(True)
    axes.set_title(f"单位：{unit}", loc="left", size=SMALL, color=MUTED, pad=5)


def digits_of(scale: float) -> Callable[[float, int], str]:
    """Return how a tick is written: plain digits of the number by a scale."""
    return lambda number, _: number_format.digits(Decimal(f"{number / scale:.6g}"))


def _gaps(axes: Axes, course: Course) -> None:
    """Say in each gap why there is no value: not reported, or not verified."""
    refused = {month.month: month.value.text.removeprefix(NOW) for month in course.months if month.value.value is None}
    for place, point in enumerate(course.points):
        if reason := next((refused[month] for month in point.months if month in refused), ""):
            words = wrapped(reason, GAP, SMALL)
            axes.annotate(
                words,
                (place, 0.03),
                xycoords=("data", "axes fraction"),
                ha="center",
                va="bottom",
                color=MUTED,
                size=SMALL,
                linespacing=1.1,
            )


def _began(axes: Axes, course: Course) -> None:
    """Mark the point with which a change began, when it lies in the course."""
    change = course.change
    for place, point in enumerate(course.points):
        if change and point.months == change.since:
            axes.axvline(place - 0.5, color=INK, lw=0.8, ls=(0, (2, 2)))
            axes.annotate(
                f"{point.label}起", (place - 0.5, 1), xycoords=("data", "axes fraction"), xytext=(3, -2), textcoords="offset points",
                ha="left", va="top", color=INK, size=SMALL,
            )  # fmt: skip


def _label(course: Course, point: CoursePoint) -> str:
    """Return the label of a point; of months of a flow that are one point it says that their mean is drawn."""
    return f"{point.label}\n{UNJOINED}" if size_of(course, point) > 1 else point.label


def _alt(course: Course) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    year = course.scope.period.year
    months = "；".join(
        f"{month.value.period.through}月{month.value.text}"
        + (f"（{year - 1}年{month.before.text}）" if month.before.value is not None else "")
        for month in course.months
    )
    return f"折线图：{adjoined(course.scope.region.name, year)}年{course.metric.label}，{months}。{course.text}。"
