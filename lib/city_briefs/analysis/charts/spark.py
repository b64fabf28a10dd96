"""Spark: the last years of a number as a small line without axes, for a card."""

from collections.abc import Sequence

import seaborn as sns
from matplotlib.figure import Figure as Canvas

from city_briefs.analysis.charts.chart import Chart, bare, style, svg
from city_briefs.analysis.charts.labels import SMALL, UNKNOWN
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.theme import ACCENT, LINE, MUTED

SIZE = (1.36, 0.36)  # inches, of the space within a card
FEWEST = 3  # years with a value; two make no line worth reading


def spark(figures: Sequence[Figure]) -> Chart | None:
    """Draw the values of consecutive periods, the last one marked; a missing one is a gap in the line.

    It returns None when fewer than three values are known, or the last is not.
    """
    heights = [float(figure.value) if figure.value is not None else float("nan") for figure in figures]
    valued = [place for place, figure in enumerate(figures) if figure.value is not None]
    if len(valued) < FEWEST or figures[-1].value is None:
        return None
    lines = [sum(figure.value is None for figure in figures[:place]) for place in valued]  # a line ends where a year is missing
    with style():
        figure = Canvas(figsize=SIZE)
        axes = figure.add_axes((0.06, 0.44, 0.88, 0.46))
        sns.lineplot(
            x=valued, y=[heights[place] for place in valued], units=lines, estimator=None, color=LINE, lw=1.2, marker="o", ms=2,
            mec="none", ax=axes, clip_on=False,
        )  # fmt: skip
        axes.plot(valued[-1:], heights[-1:], color=ACCENT, marker="o", ms=4.5, clip_on=False)
        for place, side in ((0, "left"), (len(figures) - 1, "right")):
            edge = {"left": 0.0, "right": 1.0}[side]
            figure.text(edge, 0.0, str(figures[place].period.year), size=SMALL, color=MUTED, ha=side, va="bottom")
        axes.set(xlim=(0, len(figures) - 1), xticks=[], yticks=[], xlabel="", ylabel="")
        bare(axes)
        drawn = svg(figure)
    words = "；".join(f"{figure.period.text}{figure.text if figure.value is not None else UNKNOWN}" for figure in figures)
    return Chart(drawn, f"{figures[-1].metric.label}走势：{words}。", "")
