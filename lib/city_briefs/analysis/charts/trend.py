"""Trend: columns for the amounts of several years, and their growth as a line above, so that labels never meet."""

from collections.abc import Sequence

import seaborn as sns

from city_briefs.analysis.charts.chart import Chart, bare, canvas, style, svg
from city_briefs.analysis.charts.labels import UNKNOWN
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.characters import adjoined
from city_briefs.common.theme import ACCENT, INK, LINE, MUTED, PALE

HEADROOM = 1.2  # above the highest column, for its label


def trend(amounts: Sequence[Figure], growths: Sequence[Figure]) -> Chart:
    """Draw the values of consecutive periods, the last one marked, and their growth.

    `amounts` and `growths` are of the same periods, the last amount has a value. A refused figure leaves a gap with words.
    """
    last = amounts[-1]
    unit = growths[-1].unit
    periods = [figure.period.text for figure in amounts]
    heights = [float(figure.value) if figure.value is not None else 0.0 for figure in amounts]
    grown = [(place, float(figure.value)) for place, figure in enumerate(growths) if figure.value is not None]
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
        sns.barplot(
            x=periods, y=heights, hue=periods, palette=[PALE] * (len(periods) - 1) + [INK], width=0.52, legend=False, ax=below
        )
        for place, (amount, height) in enumerate(zip(amounts, heights, strict=True)):
            has_value = amount.value is not None
            below.annotate(
                amount.text if has_value else UNKNOWN, (place, height), xytext=(0, 3), textcoords="offset points",
                ha="center", va="bottom", color=INK if has_value else MUTED,
            )  # fmt: skip
        below.set_ylim(0, (max(heights) or 1.0) * HEADROOM)
        below.set(xlabel="", ylabel="", yticks=[])
        below.spines["bottom"].set_color(LINE)
        bare(below, "bottom")
        drawn = svg(figure)
    caption = f"{adjoined(last.region.name, last.metric.label)}{'与同比' if grown else ''}（{periods[0]}至{periods[-1]}）"
    return Chart(drawn, _alt(amounts, growths), caption)


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
