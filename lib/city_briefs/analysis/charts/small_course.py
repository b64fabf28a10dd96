"""Small course: the months of this year as a strong line over those of the year before, on half the width of a page, labelled directly."""

from collections.abc import Sequence
from decimal import Decimal

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from city_briefs.analysis.charts.chart import Chart, bare, style, svg
from city_briefs.analysis.charts.labels import INCH, SMALL, width
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.theme import INK, LINE, MUTED

HALF = 72 / 25.4  # inches, half of the text width less the gap between two drawings
HEIGHT = 1.2  # as high as six bars
BELOW, ABOVE = 0.17, 0.08  # inches, under the lines for the months, and over them
EDGE = 0.06  # inches
LEAST = 0.135  # inches from one label to the next
LAST_YEAR = "上年同期"


def small_course(
    now: Sequence[Figure], before: Sequence[Figure], *, level: tuple[Decimal, str] | None = None, projection: Figure | None = None
) -> Chart:
    """Draw the months of this year and of the year before, each figure at its last month; the last of `now` has a value.

    `level` is a value that is drawn across with its words, such as a target. `projection` is an open circle after the last month.
    """
    last = now[-1]
    at = {figure.period.through: figure for figure in before if figure.value is not None}
    labels = [(float(last.number), last.text, INK)]
    if same := at.get(last.period.through):
        labels.append((float(same.number), f"{LAST_YEAR}{same.text}", MUTED))
    if projection:
        labels.append((float(projection.number), f"预计{_amount(projection, projection.number)}", INK))
    if level:
        labels.append((float(level[0]), level[1], INK))
    right = max(width(words, SMALL) for _, words, _ in labels) + 2 * EDGE + (0.12 if projection else 0.05)
    numbers = [float(figure.number) for figure in (*now, *at.values()) if figure.value is not None]
    numbers += [number for number, _, _ in labels]
    low, high = min(numbers), max(numbers)
    room = 0.06 * (high - low or abs(high) or 1)
    with style():
        figure = Canvas(figsize=(HALF, HEIGHT))
        axes = figure.add_axes((EDGE / HALF, BELOW / HEIGHT, 1 - (EDGE + right) / HALF, 1 - (BELOW + ABOVE) / HEIGHT))
        axes.set(xlim=(0.7, 12.3), ylim=(low - room, high + room), yticks=[])
        _line(axes, before, LINE, 1.1)
        _line(axes, now, INK, 1.7)
        axes.plot([last.period.through], [float(last.number)], marker="o", ms=4, color=INK, zorder=5, clip_on=False)
        if projection:
            x = [last.period.through, last.period.through + 0.9]
            axes.plot(x, [float(last.number), float(projection.number)], color=INK, lw=0.8, ls=":", clip_on=False)
            axes.plot(x[1:], [float(projection.number)], marker="o", ms=4.5, mfc="white", mec=INK, mew=1, zorder=5, clip_on=False)
        if level:
            axes.axhline(float(level[0]), color=INK, lw=0.8, ls=(0, (4, 2)), zorder=1)
        _labels(axes, labels, last.period.through, high - low + 2 * room)
        axes.set_xticks([1, 3, 6, 9, 12], ["1月", "3月", "6月", "9月", "12月"], size=SMALL, color=MUTED)
        axes.tick_params(axis="x", pad=1.5)
        axes.spines["bottom"].set_color(LINE)
        bare(axes, "bottom")
        drawn = svg(figure)
    return Chart(drawn, _alt(now, before, level, projection), "")


def _line(axes: Axes, figures: Sequence[Figure], colour: str, wide: float) -> None:
    """Draw a line through the months, with a gap where one has no value."""
    values = [float(figure.value) if figure.value is not None else float("nan") for figure in figures]
    axes.plot([figure.period.through for figure in figures], values, color=colour, lw=wide, solid_capstyle="round")


def _labels(axes: Axes, labels: Sequence[tuple[float, str, str]], last: int, span: float) -> None:
    """Write the labels at the right of the last month, as near to their values as they may stand without touching."""
    least = LEAST / (HEIGHT - BELOW - ABOVE) * span
    ordered = sorted(labels)
    places = [value for value, _, _ in ordered]
    for place in range(1, len(places)):
        places[place] = max(places[place], places[place - 1] + least)
    over = max(0.0, places[-1] - axes.get_ylim()[1])  # those at the top are moved down into the drawing
    for place in reversed(range(len(places))):
        most = places[place] - over if place == len(places) - 1 else places[place + 1] - least
        places[place] = min(places[place], most)
    for y, (_, words, colour) in zip(places, ordered, strict=True):
        axes.annotate(
            words, (1, y), xycoords=("axes fraction", "data"), xytext=(EDGE * INCH + (6 if last == 12 else 2), 0),
            textcoords="offset points", ha="left", va="center", color=colour, size=SMALL, annotation_clip=False,
        )  # fmt: skip


def _amount(figure: Figure, value: Decimal) -> str:
    return number_format.amount(value, figure.metric.unit, figure.metric.decimals)


def _alt(now: Sequence[Figure], before: Sequence[Figure], level: tuple[Decimal, str] | None, projection: Figure | None) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    year = now[-1].period.year
    parts = [f"{year}年" + "，".join(f"{figure.period.through}月{figure.text}" for figure in now)]
    known = [figure for figure in before if figure.value is not None]
    parts += [f"{year - 1}年" + "，".join(f"{figure.period.through}月{figure.text}" for figure in known)] if known else []
    parts += [level[1]] if level else []
    parts += [projection.text] if projection else []
    return f"折线图：{now[-1].metric.label}，{'；'.join(parts)}。"
