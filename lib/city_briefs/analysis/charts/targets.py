"""Target bars: how far each figure is on the way to its target, which is 100 for all of them, with the mark of what is due."""

from collections.abc import Sequence

import seaborn as sns

from city_briefs.analysis.assessments.targets import Standing
from city_briefs.analysis.charts.chart import Chart, bare, canvas, drawn_twice, style, svg
from city_briefs.common.characters import adjoined
from city_briefs.common.theme import ACCENT, INK, LINE, MUTED, PALE

ROW = 0.2  # inches for one target
LEAST, MOST = 112.0, 150.0  # % of the target at which the bars end; what is longer is cut and its number says how long
WORDS = 0.62  # of the bars' width, for the words at their right


@drawn_twice
def target_bars(standings: Sequence[Standing]) -> Chart:
    """Draw bars of where the targets of a region stand, at least one. A refused figure has no bar, and words say so."""
    lengths = [_percent(standing, standing.own.value) for standing in standings]
    end = max(LEAST, min(MOST, max([0.0, *(length for length in lengths if length is not None)]) + 4))
    shown = [min(max(length or 0.0, 0.0), end) for length in lengths]
    names = [standing.name for standing in standings]
    with style():
        figure = canvas(ROW * len(standings) + 0.5)
        axes = figure.subplots()
        sns.barplot(x=shown, y=list(range(len(shown))), orient="h", color=PALE, width=0.5, ax=axes, saturation=1)
        for place, (standing, length) in enumerate(zip(standings, lengths, strict=True)):
            axes.plot([100, 100], [place - 0.36, place + 0.36], color=INK, lw=2.2, solid_capstyle="butt")
            due = _percent(standing, standing.expected)
            if due is not None and 0 <= due <= end:
                axes.plot([due], [place + 0.36], marker="^", ms=4.5, color=ACCENT, ls="", clip_on=False)
            if length is not None and length > end:
                axes.plot([end], [place], marker=">", ms=4.5, color=INK, ls="", clip_on=False)
            axes.annotate(
                _words(standing), (end, place), xytext=(9, 0), textcoords="offset points", ha="left", va="center", annotation_clip=False,
                color=INK if standing.own.value is not None else MUTED,
            )  # fmt: skip
        below = len(standings) - 0.05
        axes.plot([1, 1], [below - 0.22, below + 0.22], color=INK, lw=2.2, solid_capstyle="butt")
        axes.annotate("目标", (1, below), xytext=(5, 0), textcoords="offset points", ha="left", va="center", color=MUTED)
        if any(standing.expected is not None for standing in standings):
            axes.plot([28], [below], marker="^", ms=4.5, color=ACCENT, ls="")
            label = "按应达进度应有的水平"
            axes.annotate(label, (28, below), xytext=(7, 0), textcoords="offset points", ha="left", va="center", color=MUTED)
        axes.set_xlim(0, end * (1 + WORDS))
        axes.set_ylim(len(standings) + 0.35, -0.6)
        axes.set_yticks(range(len(names)), names)
        axes.set(xlabel="", ylabel="", xticks=[])
        axes.spines["left"].set_color(LINE)
        bare(axes, "left")
        drawn = svg(figure)
    first = standings[0].own
    return Chart(drawn, _alt(standings), f"{adjoined(first.region.name, first.period.year)}年目标任务进度（以目标为100）")


def _percent(standing: Standing, value: object) -> float | None:
    """Return a value in % of the target; None for no value, or over a target of zero."""
    if value is None or not standing.aim.value:
        return None
    return float(str(value)) / float(standing.aim.value) * 100


def _words(standing: Standing) -> str:
    """Return the words beside a bar: the value and the light, or why there is no value."""
    return f"{standing.own_text}　{standing.light}" if standing.light else standing.own_text


def _alt(standings: Sequence[Standing]) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    words = "；".join(f"{standing.name}{_words(standing).replace('　', '，')}，目标{standing.aim_text}" for standing in standings)
    return f"目标进度图：{words}。"
