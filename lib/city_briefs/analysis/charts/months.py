"""Months: small charts of several metrics, this year as a dark line over last year's pale one, each titled with its message.

The band is what is usual: of a number the usual range of each month, of a rate its interval of 95 %. A month that is a signal is a
triangle. A month of which most outcomes are pending is not drawn.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter

from city_briefs.analysis.assessments.chart_messages import of_course
from city_briefs.analysis.assessments.monthly_course import Course, CoursePoint
from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import SIZE, Chart, bare, drawn_twice, is_narrow, sheet, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import SMALL, cut, few_ticks, width
from city_briefs.analysis.charts.monthly_course import digits_of, drawn_number, months_of, size_of
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.statistics.control_chart import RUN
from city_briefs.common.characters import adjoined
from city_briefs.common.theme import INK, LINE, MUTED, OTHERS, OWN, PALE

PANELS = 6  # of one drawing
COLUMNS = 2
PANEL = 1.5  # inches, the height of a small chart, and of one alone
ALONE = 1.6
TITLE, SUBTITLE = 0.2, 0.17  # inches for both lines over a small chart
SCALE, ENDS, LABELS = 0.42, 0.68, 0.2  # inches for the numbers at the left, the words at the right, the months below
NEAR = 0.06  # inches between two labels of months
APART = 0.3  # inches between the words at the ends of both lines
ROOM = 0.1  # of the height of the numbers, above and below them


@drawn_twice
def months(courses: Sequence[Course], title: str) -> Chart:
    """Draw up to PANELS courses, at least one, each with at least two points that have a value."""
    columns = 1 if len(courses) == 1 or is_narrow() else COLUMNS
    rows = -(-len(courses) // columns)
    each = ALONE if len(courses) == 1 else PANEL
    key = marks.Key(_key(courses), f"{cut(courses[0].scope.region.short)}，{months_of(courses[0])}{_joined(courses)}")
    with style():
        figure, axes = sheet(key.height + each * rows)
        key.draw(axes)
        for place, course in enumerate(courses):
            across, down = place % columns, place // columns
            _panel(
                figure,
                axes,
                course,
                across * width_in_hand() / columns,
                key.height + down * each,
                (width_in_hand() / columns, each),
                alone=len(courses) == 1,
            )
        drawn = svg(figure)
    return Chart(drawn, f"逐月走势图：{'；'.join(map(_alt, courses))}。", title)


def _key(courses: Sequence[Course]) -> list[tuple[marks.Draw, str]]:
    """Return the entries of the key: the marks that are drawn."""
    points = [point for course in courses for point in course.points]
    entries: list[tuple[marks.Draw, str]] = []
    shapes = {_shape(point) for point in points}
    for shape, words in (("^", "高于正常范围"), ("v", "低于正常范围"), ("s", f"连续{RUN}期在平常水平一侧")):
        if shape in shapes:
            entries.append((partial(_signal, shape=shape), words))
    return entries


def _signal(axes: Axes, x: float, y: float, shape: str) -> None:
    axes.plot([x], [y], ls="", marker=shape, ms=6 if shape in "^v" else 5, color=OWN, zorder=5, clip_on=False)


def _value(point: CoursePoint) -> Decimal | None:
    """Return the value of a point; None where most outcomes are pending, since it will still move far."""
    return None if point.is_pending else point.value


def _shape(point: CoursePoint) -> str:
    """Return the shape of a signal: a triangle outside of the usual range, a square at the end of a run; empty for no signal."""
    if point.is_pending or not point.signal.kind:
        return ""
    return "s" if point.signal.kind == "run" else "^" if point.side > 0 else "v"


def _panel(figure: Canvas, page: Axes, course: Course, x: float, y: float, size: tuple[float, float], *, alone: bool) -> None:
    """Draw one course into the space of a size whose upper left corner is given, in inches. One alone has its title under it."""
    wide, high = size
    top = y + SUBTITLE + (0 if alone else TITLE)
    if not alone:
        page.annotate(of_course(course), (x + 0.05, y + TITLE / 2), ha="left", va="center", color=INK, size=SIZE)
    marks.small(page, x + 0.05, top - SUBTITLE / 2, _subtitle(course, wide - 0.1))
    whole = float(figure.get_size_inches()[1])
    left, right, bottom = x + SCALE, x + wide - ENDS, y + high - LABELS
    axes = figure.add_axes(
        (left / width_in_hand(), 1 - bottom / whole, (right - left) / width_in_hand(), (bottom - top - 0.06) / whole)
    )
    points = course.points
    sizes = [size_of(course, point) for point in points]
    values = [drawn_number(_value(point), each) for point, each in zip(points, sizes, strict=True)]
    before = [drawn_number(point.before, each) for point, each in zip(points, sizes, strict=True)]
    band = [None if point.is_pending else _band(course, point, each) for point, each in zip(points, sizes, strict=True)]
    boxes = [(place - 0.5, place + 0.5, *limits) for place, limits in enumerate(band) if limits]
    corners = [((left, low), (right, low), (right, high), (left, high)) for left, right, low, high in boxes]
    axes.add_collection(PolyCollection(corners, color=PALE, alpha=0.6, lw=0), autolim=False)
    axes.plot(range(len(points)), before, color=OTHERS, lw=1.0, ls=(0, (4, 1.5)))
    axes.plot(range(len(points)), values, color=OWN, lw=1.7, zorder=4)
    _marks(axes, points, values)
    _scales(axes, course, [*values, *before, *(limit for limits in band if limits for limit in limits)], right - left)
    _ends(page, axes, course, (values, before), (right + 0.06, top, bottom))


def _joined(courses: Sequence[Course]) -> str:
    """Return that January and February are drawn as one point where they are; else nothing."""
    return "，1—2月为月均" if any(size_of(course, point) > 1 for course in courses for point in course.points) else ""


def _subtitle(course: Course, most: float) -> str:
    """Return what a small chart shows in at most so many inches: the metric, its unit, what the band is where there is room."""
    band = "，带为95%区间" if course.metric.form == "ratio" else "，带为正常波动范围"
    has_band = any(_band(course, point, 1) for point in course.points)
    words = f"{course.metric.label}，{_unit(course)}"
    return cut(
        next((said for said in (f"{words}{band if has_band else ''}", words) if width(said, SMALL) <= most), words), most, SMALL
    )


def _unit(course: Course) -> str:
    """Return the unit in which the numbers of a course are drawn: 万件 of large ones."""
    values = [abs(value) for point in course.points for value in (point.value, point.before) if value is not None]
    return number_format.scaled(max(values), course.metric.unit, course.metric.decimals)[1]


def _band(course: Course, point: CoursePoint, size: int) -> tuple[float, float] | None:
    """Return the limits of the band at a point, as they are drawn: of a rate its interval, of a number what is usual; None for none."""
    limits = point.interval if course.metric.form == "ratio" else point.signal.usual
    return (limits.low / size, limits.high / size) if limits else None


def _marks(axes: Axes, points: Sequence[CoursePoint], values: Sequence[float]) -> None:
    """Mark the signals, and the last month as a dot."""
    last = max(place for place, value in enumerate(values) if value == value)
    for place, (point, value) in enumerate(zip(points, values, strict=True)):
        if shape := _shape(point):
            _signal(axes, place, value, shape)
        elif place == last:
            axes.plot([place], [value], ls="", marker="o", ms=4.5, color=OWN, zorder=5, clip_on=False)


def _scales(axes: Axes, course: Course, drawn: Sequence[float], across: float) -> None:
    """Set both scales: few numbers at the left, from zero only where the values come near it, and four months below."""
    numbers = [number for number in drawn if number == number]
    low, high = min(numbers), max(numbers)
    room = ROOM * ((high - low) or abs(high) or 1)
    axes.set_ylim(0 if 0 <= low < high / 2 else low - room, high + room)
    axes.set_xlim(-0.5, len(course.points) - 0.5)
    axes.set_yticks(few_ticks(*axes.get_ylim(), 2))
    scale = float(number_format.factor(_unit(course)) / number_format.factor(course.metric.unit))
    axes.yaxis.set_major_formatter(FuncFormatter(digits_of(scale)))
    axes.tick_params(axis="y", labelcolor=MUTED, labelsize=SMALL, pad=2)
    axes.tick_params(axis="x", labelsize=SMALL, pad=2)
    shown = _labelled(course, across)
    axes.set_xticks(shown, [course.points[place].label for place in shown])
    axes.get_xticklabels()[0].set_horizontalalignment("left")  # clear of the number at the left
    axes.grid(axis="y", color=PALE, lw=0.4, zorder=0)
    axes.set_axisbelow(True)
    axes.spines["bottom"].set_color(LINE)
    bare(axes, "bottom")


def _labelled(course: Course, across: float) -> list[int]:
    """Return which points have a label under a scale of so many inches: the first, the last, and up to two between them."""
    last = len(course.points) - 1
    each = across / len(course.points)
    shown = [0]
    for place in (last // 3, 2 * last // 3, last):
        before = width(course.points[shown[-1]].label, SMALL) * (1 if shown[-1] == 0 else 0.5)  # the first begins at its point
        room = (place - shown[-1]) * each - before - width(course.points[place].label, SMALL) / 2
        if place > shown[-1] and room > NEAR:
            shown.append(place)
    return shown


def _ends(
    page: Axes, axes: Axes, course: Course, lines: tuple[Sequence[float], Sequence[float]], at: tuple[float, float, float]
) -> None:
    """Write year and value of the last month of this year at the right of each line, apart from each other.

    `at` has x, top and bottom, in inches.
    """
    x, top, bottom = at
    low, high = axes.get_ylim()
    words: list[tuple[float, str, str]] = []
    last = max(place for place, number in enumerate(lines[0]) if number == number)
    point = course.points[last]
    for numbers, value, year, colour in (
        (lines[0], point.value, course.scope.period.year, OWN), (lines[1], point.before, course.scope.period.year - 1, MUTED),
    ):  # fmt: skip
        if value is not None:
            text = number_format.amount(value / size_of(course, point), course.metric.unit, course.metric.decimals)
            y = bottom - (numbers[last] - low) / (high - low) * (bottom - top)
            words.append((y, f"{year}年\n{text}", colour))
    for y, (_, text, colour) in zip(spread([y for y, *_ in words], APART, top + 0.1, bottom - 0.1), words, strict=True):
        marks.small(page, x, y, text, color=colour)


def spread(places: Sequence[float], apart: float, first: float, last: float) -> list[float]:
    """Return places, as near as may be to those given, that are so far apart from each other and between the first and the last."""
    order = sorted(range(len(places)), key=lambda each: places[each])
    moved = [0.0] * len(places)
    at = first
    for each in order:
        at = moved[each] = max(places[each], at)
        at += apart
    at = last
    for each in reversed(order):
        at = moved[each] = min(moved[each], at)
        at -= apart
    return moved


def _alt(course: Course) -> str:
    """Return the values of a course in words."""
    year, metric = course.scope.period.year, course.metric
    told = "、".join(
        f"{point.label}{number_format.amount(point.value, metric.unit, metric.decimals)}"
        + (
            f"（{year - 1}年{number_format.amount(point.before, metric.unit, metric.decimals)}）"
            if point.before is not None
            else ""
        )
        for point in course.points
        if point.value is not None and not point.is_pending
    )
    return f"{adjoined(course.scope.region.name, year)}年{metric.label}，{told}，{of_course(course)}"
