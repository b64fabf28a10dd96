"""Distribution: the cities as dots on a scale of each metric's own, this city marked, the better side at the right."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from city_briefs.analysis.charts.chart import Chart, bare, drawn_twice, is_narrow, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import SMALL, cut, width, wrapped
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.characters import adjoined
from city_briefs.common.regions import Region
from city_briefs.common.theme import ACCENT, INK, LINE, MUTED, PALE
from city_briefs.model.metric import Metric

ROW = 0.52  # inches for one metric: the city's label, the dots, the ends
KEY = 0.25  # inches for the key, under the rows
LEFT, MARGIN = (
    1.75,
    0.12,
)  # inches at which a scale begins, and from its end to the edge; the names of the metrics stand before it
NAME = 1.45  # inches, the widest line of a name
LOWER = "（低者居右）"
ABOVE, BELOW = 0.1, 0.09  # inches from the dots to the words over and under them


@drawn_twice
def distribution(values: Mapping[Metric, Sequence[Figure]], marked: Region, parts: str) -> Chart:
    """Draw the values of the cities, called `parts` in words, as a row of dots for each metric, and mark the city `marked`.

    `values` has at least one metric, each with figures that have values. The province is no city, so none is marked for it.
    """
    height = ROW * len(values) + KEY
    with style():
        figure = Canvas(figsize=(width_in_hand(), height))
        axes = figure.add_axes((0, 0, 1, 1))  # its units are inches
        middles = [ROW * (place + 0.5) for place in range(len(values))]
        spread = [_places(figures) for figures in values.values()]
        axes.hlines(middles, LEFT, _right(), color=PALE, lw=1)
        sns.stripplot(
            x=[x for row in spread for x in row], y=[y for y, row in zip(middles, spread, strict=True) for _ in row],
            orient="h", jitter=False, native_scale=True, color=LINE, edgecolor="white", linewidth=0.5, size=5.5, ax=axes, clip_on=False,
        )  # fmt: skip
        for y, (metric, figures) in zip(middles, values.items(), strict=True):
            _row(axes, y, metric, figures, marked)
        _key(axes, height - KEY / 2, marked, parts)
        axes.set(xlim=(0, width_in_hand()), ylim=(height, 0), xticks=[], yticks=[], xlabel="", ylabel="")
        bare(axes)
        drawn = svg(figure)
    first = next(iter(values.values()))[0]
    many = f"等{len(values)}项指标" if len(values) > 1 else ""
    return Chart(drawn, _alt(values, marked, parts), f"{first.period.text}各{parts}{first.metric.label}{many}分布")


def _right() -> float:
    """Return where a scale ends, in inches from the left."""
    return width_in_hand() - MARGIN


def _row(axes: Axes, y: float, metric: Metric, figures: Sequence[Figure], marked: Region) -> None:
    """Draw the words and marks of one metric around its dots, `y` inches from the top."""
    name = wrapped(metric.label, NAME) + (f"\n{LOWER}" if metric.better == "lower" else "")
    axes.annotate(name, (0.05, y), ha="left", va="center", color=INK, linespacing=1.15)
    middle = _place(_median(figures), figures)
    axes.plot([middle, middle], [y - 0.08, y + 0.08], color=INK, lw=1.8, solid_capstyle="butt", zorder=4)
    worst, best = (end.text for end in _ends(figures))
    if worst == best:
        axes.annotate(f"均为{best}", ((LEFT + _right()) / 2, y + BELOW), ha="center", va="top", color=MUTED, size=SMALL)
    else:
        axes.annotate(worst, (LEFT, y + BELOW), ha="left", va="top", color=MUTED, size=SMALL)
        axes.annotate(best, (_right(), y + BELOW), ha="right", va="top", color=MUTED, size=SMALL)
    for of_marked in (figure for figure in figures if figure.region == marked):
        x, label = _place(of_marked.number, figures), f"{cut(marked.short)} {of_marked.text}"
        half = width(label) / 2
        axes.plot([x], [y], color=ACCENT, marker="o", ms=8, mec="white", mew=0.8, zorder=5, clip_on=False)
        axes.annotate(label, (min(max(x, LEFT + half), _right() - half), y - ABOVE), ha="center", va="bottom", color=ACCENT)


def _key(axes: Axes, y: float, marked: Region, parts: str) -> None:
    """Draw the key of the marks in a row under the scales, `y` inches from the top."""
    marks = [(LINE, "o", 5.0, f"一个{parts}"), (INK, "|", 9.0, f"{parts}中位数")]
    marks += [(ACCENT, "o", 7.0, cut(marked.short, size=SMALL))] if marked.level == "city" else []
    x = 0.05 if is_narrow() else LEFT
    for colour, marker, size, label in marks:
        axes.plot([x + 0.06], [y], color=colour, marker=marker, ms=size, mew=1.8 if marker == "|" else 0, ls="")
        axes.annotate(label, (x + 0.16, y), ha="left", va="center", color=MUTED, size=SMALL)
        x += 0.16 + width(label, SMALL) + 0.2


def _places(figures: Sequence[Figure]) -> list[float]:
    """Return where the dots of one metric stand, in inches from the left."""
    return [_place(figure.number, figures) for figure in figures]


def _place(value: Decimal, figures: Sequence[Figure]) -> float:
    """Return where a value stands, in inches from the left: between the worst figure at the left end and the best at the right.

    When all are equal, it is the middle.
    """
    worst, best = (end.number for end in _ends(figures))
    part = float((value - worst) / (best - worst)) if worst != best else 0.5
    return LEFT + part * (_right() - LEFT)


def _ends(figures: Sequence[Figure]) -> tuple[Figure, Figure]:
    """Return the worst and the best figure."""
    ordered = sorted(figures, key=lambda figure: figure.number, reverse=figures[0].metric.better == "lower")
    return ordered[0], ordered[-1]


def _median(figures: Sequence[Figure]) -> Decimal:
    return median(figure.number for figure in figures)


def _alt(values: Mapping[Metric, Sequence[Figure]], marked: Region, parts: str) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    rows = []
    for metric, figures in values.items():
        low, high = min(figures, key=lambda figure: figure.number), max(figures, key=lambda figure: figure.number)
        of_marked = "".join(f"{adjoined(marked.short, figure.text)}，" for figure in figures if figure.region == marked)
        middle = number_format.amount(_median(figures), metric.unit, metric.decimals)
        rows.append(f"{metric.label}，{of_marked}{parts}中位数{middle}，最低{low.text}，最高{high.text}")
    return f"分布图：{'；'.join(rows)}。"
