"""Trend: several years as columns, of a rate as dots with their intervals, and their growth as a line above, so that labels never meet."""

from collections.abc import Sequence

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import Chart, bare, canvas, drawn_twice, is_narrow, sheet, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import UNKNOWN, width
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.characters import adjoined
from city_briefs.common.theme import ACCENT, INK, LINE, MUTED, OTHERS, OWN, PALE

HEADROOM = 1.2  # above the highest column, for its label
ROW, HEAD, BAR = 0.26, 0.2, 0.13  # inches for a year on a narrow screen, for the words over all, and the height of a bar
BEGIN, GROWTH = 0.62, 0.62  # inches at which the bars begin there, and of the column of growth
BESIDE = 0.07  # inches between a bar and its number


@drawn_twice
def trend(amounts: Sequence[Figure], growths: Sequence[Figure]) -> Chart:
    """Draw the values of consecutive periods, the last one marked, and their growth.

    `amounts` and `growths` are of the same periods, the last amount has a value. A refused figure leaves a gap with words.
    """
    last = amounts[-1]
    unit = growths[-1].unit
    periods = [figure.period.text for figure in amounts]
    heights = [float(figure.value) if figure.value is not None else 0.0 for figure in amounts]
    grown = [(place, float(figure.value)) for place, figure in enumerate(growths) if figure.value is not None]
    caption = f"{adjoined(last.region.name, last.metric.label)}{'与同比' if grown else ''}（{periods[0]}至{periods[-1]}）"
    if is_narrow():
        return Chart(_in_rows(amounts, growths), _alt(amounts, growths), caption)
    with style():
        figure = canvas(2.5)
        above, below = figure.subplots(2, 1, height_ratios=[1, 2.2], sharex=True) if grown else (None, figure.subplots())
        if above is not None:
            changes = [change for _, change in grown]
            reach = max(map(abs, changes)) or 1.0
            above.axhline(0, color=PALE, lw=0.6)
            for run in _runs(grown):
                above.plot(*zip(*run, strict=True), color=ACCENT, lw=1.2, marker="o", ms=3)
            for place, change in grown:
                low = _in_a_dip(place, dict(grown))
                above.annotate(
                    number_format.signed(growths[place].printed, unit, growths[place].decimals), (place, change),
                    xytext=(0, -5 if low else 5), textcoords="offset points",
                    ha="center", va="top" if low else "bottom", color=ACCENT,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
                )  # fmt: skip
            above.set_ylim(min(0, *changes) - 0.8 * reach, max(0, *changes) + 0.8 * reach)
            above.set_ylabel("同比" if unit == "%" else f"同比\n（{unit}）", rotation=0, ha="right", va="center")
            above.set_yticks([])
            above.tick_params(bottom=False, labelbottom=False)
            bare(above)
        if last.metric.form == "ratio":
            _rates(below, amounts)
        else:
            _columns(below, amounts, heights, periods)
        below.set(xlabel="", ylabel="", yticks=[])
        below.spines["bottom"].set_color(LINE)
        bare(below, "bottom")
        drawn = svg(figure)
    return Chart(drawn, _alt(amounts, growths), caption)


def _in_rows(amounts: Sequence[Figure], growths: Sequence[Figure]) -> str:
    """Return the drawing for a narrow screen: a row for each year, its growth at the right."""
    is_rate = amounts[-1].metric.form == "ratio"
    unit = growths[-1].unit
    numbers = max(width(amount.text) for amount in amounts if amount.value is not None)
    end = width_in_hand() - GROWTH - numbers - 2 * BESIDE
    low, high = (
        _reach(amounts) if is_rate else (0.0, max(float(amount.number) for amount in amounts if amount.value is not None) or 1.0)
    )
    scale = marks.Scale(low, high, BEGIN, end)
    with style():
        figure, axes = sheet(HEAD + ROW * len(amounts) + 0.04)
        if any(growth.value is not None for growth in growths):
            heading = "同比" if unit == "%" else f"同比，{unit}"
            marks.small(axes, width_in_hand() - 0.03, HEAD / 2, heading, ha="right")
        if is_rate and any(amount.interval for amount in amounts):
            marks.small(axes, BEGIN, HEAD / 2, "横线为95%区间")
        for place, (amount, growth) in enumerate(zip(amounts, growths, strict=True)):
            y, colour = HEAD + ROW * (place + 0.5), OWN if place == len(amounts) - 1 else OTHERS
            axes.annotate(amount.period.text, (0.05, y), ha="left", va="center", color=INK)
            if amount.value is None:
                marks.small(axes, BEGIN, y, UNKNOWN)
                continue
            x = scale.at(float(amount.number))
            if is_rate:
                ends = (amount.interval.low, amount.interval.high) if amount.interval else (float(amount.number),) * 2
                axes.plot([scale.at(limit) for limit in ends], [y, y], color=colour, lw=2.0 if colour == OWN else 1.2)
                axes.plot([x], [y], ls="", marker="o", ms=6 if colour == OWN else 4.5, color=colour)
            else:
                axes.add_patch(Rectangle((BEGIN, y - BAR / 2), x - BEGIN, BAR, facecolor=OWN if colour == OWN else PALE))
            axes.annotate(amount.text, (end + BESIDE if is_rate else x + BESIDE, y), ha="left", va="center", color=INK)
            if growth.value is not None:
                words = number_format.signed(growth.printed, unit, growth.decimals)
                axes.annotate(words, (width_in_hand() - 0.03, y), ha="right", va="center", color=ACCENT)
        return svg(figure)


def _reach(amounts: Sequence[Figure]) -> tuple[float, float]:
    """Return the ends of the scale of rates, with their intervals."""
    limits = [
        limit
        for amount in amounts
        if amount.value is not None
        for limit in ((amount.interval.low, amount.interval.high) if amount.interval else (float(amount.number),))
    ]
    pad = 0.04 * (max(limits) - min(limits))
    return min(limits) - pad, max(limits) + pad


def _columns(axes: Axes, amounts: Sequence[Figure], heights: Sequence[float], periods: Sequence[str]) -> None:
    """Draw amounts as columns from zero, the last one dark, each with its number over it."""
    colours = [PALE] * (len(periods) - 1) + [OWN]
    sns.barplot(x=periods, y=heights, hue=periods, palette=colours, width=0.52, legend=False, ax=axes)
    for place, (amount, height) in enumerate(zip(amounts, heights, strict=True)):
        _number(axes, amount, place, height)
    axes.set_ylim(0, (max(heights) or 1.0) * HEADROOM)


def _rates(axes: Axes, amounts: Sequence[Figure]) -> None:
    """Draw rates as dots with their intervals on a scale of their own, the last one dark; columns from zero would all look alike."""
    known = [(place, float(amount.value)) for place, amount in enumerate(amounts) if amount.value is not None]
    spans = {
        place: (amount.interval.low, amount.interval.high) if amount.interval else (float(amount.number),) * 2
        for place, amount in enumerate(amounts)
        if amount.value is not None
    }
    low, high = min(span[0] for span in spans.values()), max(span[1] for span in spans.values())
    reach = (high - low) or abs(high) or 1.0
    for run in _runs(known):
        axes.plot(*zip(*run, strict=True), color=OTHERS, lw=1.2, zorder=2)
    for place, value in known:
        is_last = place == len(amounts) - 1
        colour = OWN if is_last else OTHERS
        axes.vlines(place, *spans[place], color=colour, lw=2.4 if is_last else 1.4, zorder=3)
        axes.plot([place], [value], ls="", marker="o", ms=7 if is_last else 5, color=colour, zorder=4)
    for place, amount in enumerate(amounts):
        _number(axes, amount, place, spans[place][1] if place in spans else low)
    axes.set_xticks(range(len(amounts)), [amount.period.text for amount in amounts])
    axes.set_xlim(-0.6, len(amounts) - 0.4)
    axes.set_ylim(low - 0.15 * reach, high + 0.3 * reach)


def _number(axes: Axes, amount: Figure, place: int, height: float) -> None:
    """Write the number of a year over its mark; words where there is none."""
    has_value = amount.value is not None
    axes.annotate(
        amount.text if has_value else UNKNOWN, (place, height), xytext=(0, 3), textcoords="offset points",
        ha="center", va="bottom", color=INK if has_value else MUTED,
    )  # fmt: skip


def _runs(points: list[tuple[int, float]]) -> list[list[tuple[int, float]]]:
    """Return the points in runs of consecutive years, since a line never bridges a missing one."""
    runs: list[list[tuple[int, float]]] = []
    for point in points:
        if runs and runs[-1][-1][0] == point[0] - 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _in_a_dip(place: int, changes: dict[int, float]) -> bool:
    """Return whether the line falls to this point and rises from it, so that its label belongs underneath."""
    beside = [changes[other] for other in (place - 1, place + 1) if other in changes]
    return bool(beside) and changes[place] < sum(beside) / len(beside)


def _alt(amounts: Sequence[Figure], growths: Sequence[Figure]) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    words = [
        f"{amount.period.text}{amount.text}" + (f"，同比{growth.text}" if growth.value is not None else "")
        for amount, growth in zip(amounts, growths, strict=True)
    ]
    return f"柱线图：{adjoined(amounts[-1].region.name, amounts[-1].metric.label)}，{'；'.join(words)}。"
