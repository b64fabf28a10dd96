"""Own charts: what an analyst computed, as lines, bars or dots in the house style. Series differ by marks that grey print keeps apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from matplotlib.axes import Axes

from city_briefs.analysis import cell_values
from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import Chart, drawn_twice, is_narrow, sheet, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import SMALL, cut, few_ticks, width
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.frames import Kind
from city_briefs.common.theme import INK, LINE, MUTED, PALE

KINDS = {"line": "折线图", "bar": "条形图", "dot": "点图"}
MOST_SERIES = 3
MOST_TICK_DECIMALS = 4
ROW, BAR = 0.19, 0.13  # inches of a row with one bar, and of each bar where there are several
LEFT, NAME, NARROW_NAME = 0.05, 1.6, 1.1  # inches before the names, and of the longest one
BESIDE = 0.08  # inches between a name, what is drawn, and a number
PLOT, TICKS = 1.9, 0.24  # inches of the lines, and under them
MOST_MARKED = 24  # points of a line, up to which each has its mark
ABSENT = "无数据"
INKS = (INK, LINE, "white")  # of the series
SHAPES = ("o", "s", "D")
STROKES = ("-", (0, (5, 2)), (0, (1, 1.6)))
HATCHES = ("", "", "////")


@dataclass(frozen=True)
class Series:
    """A row of numbers with its name, one for each label; None where there is none."""

    name: str
    values: tuple[Decimal | None, ...]


@drawn_twice
def own_chart(kind: Kind, labels: Sequence[str], series: Sequence[Series], unit: str, caption: str) -> Chart:
    """Draw one to MOST_SERIES series over labels, at least one value in all. Bars begin at zero; lines and dots have their own scale."""
    values = [value for each in series for value in each.values if value is not None]
    decimals = [cell_values.decimals([value for value in each.values if value is not None]) for each in series]
    named = [(partial(_mark, kind, place), each.name) for place, each in enumerate(series)] if len(series) > 1 else []
    before = f"单位：{unit}" if unit else ""
    key = marks.Key(named, before)
    top = key.height if named or before else 0.06
    low, high = float(min(values)), float(max(values))
    if kind == "bar":
        low, high = min(low, 0.0), max(high, 0.0)
    with style():
        height = PLOT + TICKS if kind == "line" else _row(kind, series) * len(labels)
        figure, axes = sheet(top + height + 0.06)
        key.draw(axes)
        if kind == "line":
            _lines(axes, labels, series, (low, high), top, decimals)
        else:
            _rows(axes, kind, labels, series, (low, high), top, decimals)
        drawn = svg(figure)
    return Chart(drawn, f"{KINDS[kind]}：{caption}。{_alt(labels, series, unit, decimals)}", caption)


def printed(value: Decimal | None, decimals: int) -> str:
    """Return a number as a chart or table of an analyst prints it; words for none."""
    return ABSENT if value is None else cell_values.printed(value, decimals)


def alike(labels: Sequence[str]) -> str:
    """Return the words that would stand for two labels, which differ only where they are cut; empty when no two would."""
    names = [cut(label, NARROW_NAME) for label in labels]
    return next((name for name in names if names.count(name) > 1), "")


def _row(kind: Kind, series: Sequence[Series]) -> float:
    """Return the inches of the row of a label."""
    return ROW if len(series) == 1 or kind == "dot" else BAR * len(series) + 0.07


def _mark(kind: Kind, place: int, axes: Axes, x: float, y: float) -> None:
    """Draw the mark of a series in the key."""
    if kind == "bar":
        _bar(axes, x - 0.08, x + 0.08, y, place)
        return
    if kind == "line":
        axes.plot([x - 0.1, x + 0.1], [y, y], color=_ink(place), lw=1.4, ls=STROKES[place])
    _dot(axes, x, y, place)


def _ink(place: int) -> str:
    return INK if place == len(INKS) - 1 else INKS[place]


def _bar(axes: Axes, left: float, right: float, y: float, place: int) -> None:
    style_of = {"facecolor": INKS[place], "edgecolor": _ink(place), "hatch": HATCHES[place], "linewidth": 0.5}
    axes.barh(y, right - left, BAR - 0.03, left, **style_of)  # type: ignore[arg-type]


def _dot(axes: Axes, x: float, y: float, place: int) -> None:
    axes.plot(
        [x], [y], ls="", marker=SHAPES[place], ms=5 - place * 0.4, color=INKS[place], mec=_ink(place), mew=0.9, zorder=4 - place
    )


def _rows(
    axes: Axes,
    kind: Kind,
    labels: Sequence[str],
    series: Sequence[Series],
    ends: tuple[float, float],
    top: float,
    decimals: Sequence[int],
) -> None:
    """Draw a row for each label: its name, its bars or dots, and the numbers, beside the bars or in a column at the right."""
    most = NARROW_NAME if is_narrow() else NAME
    names = [cut(label, most) for label in labels]
    words = [[printed(value, shown) for value in each.values] for each, shown in zip(series, decimals, strict=True)]
    right_words = max(width(word) for each in words for word in each) if kind == "bar" or len(series) == 1 else 0.0
    left = LEFT + max(map(width, names)) + BESIDE
    left += right_words + BESIDE if kind == "bar" and ends[0] < 0 else 0.08  # numbers of bars to the left stand there
    scale = marks.Scale(*ends, left, width_in_hand() - right_words - 2 * BESIDE)
    row = _row(kind, series)
    if kind == "bar":
        axes.plot([scale.at(0)] * 2, [top, top + row * len(labels)], color=INK, lw=0.7, zorder=3)
    for at, name in enumerate(names):
        middle = top + row * (at + 0.5)
        axes.annotate(name, (LEFT, middle), ha="left", va="center", color=INK)
        if kind == "dot":
            axes.plot([scale.left, scale.right], [middle, middle], color=PALE, lw=0.6, ls=":", zorder=0)
        for place, each in enumerate(series):
            value, word = each.values[at], words[place][at]
            y = middle + BAR * (place - (len(series) - 1) / 2) if kind == "bar" else middle
            x = scale.at(0 if value is None else float(value)) if kind == "bar" or value is not None else scale.left
            if value is not None and kind == "bar":
                _bar(axes, min(x, scale.at(0)), max(x, scale.at(0)), y, place)
            elif value is not None:
                _dot(axes, x, y, place)
            if kind == "bar":
                out = -1 if value is not None and value < 0 else 1
                axes.annotate(
                    word, (x + out * BESIDE / 2, y), ha="right" if out < 0 else "left", va="center", color=MUTED, size=SMALL
                )
            elif len(series) == 1:
                axes.annotate(word, (width_in_hand() - LEFT, middle), ha="right", va="center", color=MUTED)


def _lines(
    axes: Axes, labels: Sequence[str], series: Sequence[Series], ends: tuple[float, float], top: float, decimals: Sequence[int]
) -> None:
    """Draw the series as lines with a few round numbers at the left, and the last number of each at its end."""
    low, high = ends
    low, high = (low - 1, high + 1) if low == high else (low - (high - low) * 0.06, high + (high - low) * 0.06)
    ticks = few_ticks(low, high, 4)
    shown = [number_format.number(Decimal(str(tick)), _tick_decimals(ticks)) for tick in ticks]
    last = [next((value for value in reversed(each.values) if value is not None), None) for each in series]
    words = [printed(value, each) for value, each in zip(last, decimals, strict=True)]
    left = LEFT + max(map(width, shown)) + BESIDE
    right = width_in_hand() - max(map(width, words)) - 2 * BESIDE
    down = marks.Scale(low, high, top, top + PLOT, is_turned=True)
    xs = [left + (right - left) * ((at + 0.5) / len(labels)) for at in range(len(labels))]
    for tick, word in zip(ticks, shown, strict=True):
        axes.plot([left, right], [down.at(tick)] * 2, color=PALE, lw=0.5, zorder=0)
        axes.annotate(word, (left - BESIDE / 2, down.at(tick)), ha="right", va="center", color=MUTED, size=SMALL)
    axes.plot([left, right], [top + PLOT] * 2, color=LINE, lw=0.6)
    names = [cut(label, NARROW_NAME, SMALL) for label in labels]
    for at in _labelled(names, right - left):
        half = width(names[at], SMALL) / 2
        axes.annotate(
            names[at],
            (min(max(xs[at], half), width_in_hand() - half), top + PLOT + 0.04),
            ha="center",
            va="top",
            color=MUTED,
            size=SMALL,
        )
    places = []
    for place, each in enumerate(series):
        runs = list(_runs(xs, each, down))
        points = [point for run in runs for point in run]
        alone = [run[0] for run in runs if len(run) == 1]
        for run in runs:
            axes.plot(*zip(*run, strict=True), color=_ink(place), lw=1.4, ls=STROKES[place], zorder=3 - place)
        for x, y in points if len(points) <= MOST_MARKED else [*alone, points[-1]]:
            _dot(axes, x, y, place)
        if points:
            places.append((points[-1], words[place]))
    for (x, y), word in _apart(places):
        axes.annotate(word, (x + BESIDE, y), ha="left", va="center", color=INK)


def _runs(xs: Sequence[float], series: Series, down: marks.Scale) -> Iterator[list[tuple[float, float]]]:
    """Yield the points of a line, a run for each stretch without a gap."""
    run: list[tuple[float, float]] = []
    for x, value in zip(xs, series.values, strict=True):
        if value is not None:
            run.append((x, down.at(float(value))))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _apart(places: Sequence[tuple[tuple[float, float], str]]) -> Iterator[tuple[tuple[float, float], str]]:
    """Yield places from the top with their words, each far enough under the one before."""
    least = 0.0
    for (x, y), word in sorted(places, key=lambda place: place[0][1]):
        y = max(y, least)
        least = y + 0.15
        yield (x, y), word


def _labelled(labels: Sequence[str], wide: float) -> list[int]:
    """Return the places of the labels that fit side by side: every one, or every second, third, …, counted from the last."""
    longest = max(width(label, SMALL) for label in labels) + BESIDE
    step = next(step for step in range(1, len(labels) + 1) if longest <= wide * step / len(labels) or step == len(labels))
    return list(range(len(labels) - 1, -1, -step))


def _tick_decimals(ticks: Sequence[float]) -> int:
    return min(MOST_TICK_DECIMALS, max(number_format.places(Decimal(f"{tick:.8g}")) for tick in ticks))


def _alt(labels: Sequence[str], series: Sequence[Series], unit: str, decimals: Sequence[int]) -> str:
    """Return all numbers in words, each series in a sentence."""
    return "".join(
        (f"{each.name}：" if len(series) > 1 else "")
        + "、".join(
            f"{label} {printed(value, shown)}{unit if value is not None else ''}"
            for label, value in zip(labels, each.values, strict=True)
        )
        + "。"
        for each, shown in zip(series, decimals, strict=True)
    )
