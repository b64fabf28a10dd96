"""Bullets: where all targets of a region stand. The target is one line through all rows, and right of it is reached.

What has a way to go is a bar from its beginning, with the mark of what is due. A rate or a growth has only a gap, and is a dot on the scale
that all of these share, with the projection as a ring where outcomes are still pending.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from city_briefs.analysis.assessments.targets import Light, Standing
from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import Chart, drawn_twice, is_narrow, sheet, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import LEADING, SMALL, width, wrapped
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.theme import INK, MUTED, OTHERS, OWN, PALE

ROW = 0.2  # inches for one target whose words stand in one line
HEAD = 0.2  # inches for the heading of each of both groups
BAR = 0.1  # inches, the height of a bar
NAME = 1.5  # inches, of a line of a name
LEFT, TARGET, RIGHT = 1.65, 3.05, 3.5  # inches at which the ways begin, the targets stand, and the drawing ends
OWN_AT = 3.6  # inches at which the words begin
INDENT = 0.15  # inches before the words on a narrow screen, where they stand under the name
LIGHT = 0.42  # inches of the light, at the right end
OVER = 100 * (RIGHT - LEFT) / (TARGET - LEFT)  # % of the way at the right end
SHAPES: dict[Light | None, tuple[str, str]] = {
    "达标": ("o", OWN),
    "正常": ("o", "white"),
    "滞后": ("s", OWN),
    None: ("D", "white"),
}
NO_LIGHT = "不评"  # beside a target that is not judged
Projections = dict[str, Figure]  # of a rate whose outcomes are pending, by the id of its metric


@dataclass(frozen=True)
class Words:
    """What stands beside a target, each in as many lines as it needs: its name, the own figure, and the target; a refusal has no target."""

    name: str
    own: str
    aim: str
    aim_at: float

    @property
    def height(self) -> float:
        """The inches of its row."""
        beside = ROW + LEADING * max(words.count("\n") for words in (self.own, self.aim))
        return self.of_name + beside if is_narrow() else max(self.of_name, beside)

    @property
    def of_name(self) -> float:
        """The inches of its name, and of what is drawn beside that."""
        return ROW + LEADING * self.name.count("\n")


@drawn_twice
def bullets(standings: Sequence[Standing], projections: Projections, title: str) -> Chart:
    """Draw where targets stand, at least one: those with a way first, then those with a gap. A refused figure is words."""
    ways = [(standing, _words(standing)) for standing in standings if standing.pace is not None]
    gaps = [(standing, _words(standing)) for standing in standings if standing.pace is None]
    key = marks.Key(_key(standings, projections))
    rows = sum(words.height for _, words in (*ways, *gaps))
    with style():
        figure, axes = sheet(key.height + rows + HEAD * (bool(ways) + bool(gaps)) + 0.04)
        y = key.height
        reach = _reach([standing for standing, _ in gaps], projections)
        for group, heading in (
            (ways, "累计和期末数：横条为已完成的进度"),
            (gaps, f"百分率和增幅：标尺左端为差{reach:.3g}个百分点"),
        ):
            if not group:
                continue
            marks.small(axes, 0.05, y + HEAD / 2, heading)
            y += HEAD
            axes.plot([TARGET, TARGET], [y, y + sum(words.height for _, words in group)], color=INK, lw=1.2, zorder=3)
            for standing, words in group:
                middle = y + (words.of_name if is_narrow() else words.height) / 2
                if group is ways:
                    _way(axes, middle, standing)
                else:
                    _gap(axes, middle, standing, reach, projections.get(standing.metric.id))
                _write(axes, middle, standing, words)
                y += words.height
        key.draw(axes)
        drawn = svg(figure)
    return Chart(drawn, _alt(standings, projections), title)


def _key(standings: Sequence[Standing], projections: Projections) -> list[tuple[marks.Draw, str]]:
    """Return the entries of the key: lights by their shapes, the mark of what is due, and the projection."""
    lights = {standing.light for standing in standings if standing.own.value is not None}
    entries: list[tuple[marks.Draw, str]] = [
        (partial(_dot, light=light), light or NO_LIGHT) for light in SHAPES if light in lights
    ]
    if any(standing.pace and standing.pace.share < 100 for standing in standings):
        entries.append((lambda axes, x, y: _due(axes, x, y - 0.05), "应达进度"))
    if projections:
        entries.append((_ring, "预计办结后"))
    return [*entries, (lambda axes, x, y: axes.plot([x, x], [y - 0.07, y + 0.07], color=INK, lw=1.2), "目标，右为达到")]


def _dot(axes: Axes, x: float, y: float, light: Light | None) -> None:
    shape, face = SHAPES[light]
    axes.plot([x], [y], ls="", marker=shape, ms=5.5, color=face, mec=OWN, mew=1.2, zorder=6)


def _due(axes: Axes, x: float, y: float) -> None:
    axes.plot([x], [y + 0.075], ls="", marker="^", ms=4.5, color=OWN, zorder=5)


def _ring(axes: Axes, x: float, y: float) -> None:
    axes.plot([x], [y], ls="", marker="o", ms=7.5, mfc="none", mec=OTHERS, mew=1.3, zorder=4)


def _way(axes: Axes, y: float, standing: Standing) -> None:
    """Draw a bar as long as the part of the way that is done, and the mark of what is due."""
    assert standing.pace is not None
    axes.plot([LEFT, TARGET], [y, y], color=PALE, lw=0.6, zorder=0)
    if standing.done is not None:
        x = LEFT + (TARGET - LEFT) * min(max(float(standing.done), 0.0), OVER) / 100
        axes.add_patch(Rectangle((LEFT, y - BAR / 2), x - LEFT, BAR, facecolor=PALE, edgecolor="none", zorder=1))
        _dot(axes, x, y, standing.light)
    if standing.pace.share < 100:  # then it is another place than the target's
        _due(axes, LEFT + (TARGET - LEFT) * float(standing.pace.share) / 100, y)


def _gap(axes: Axes, y: float, standing: Standing, reach: float, projection: Figure | None) -> None:
    """Draw a dot at the gap to the target, on a scale whose left end is `reach` short of it."""
    axes.plot([LEFT, RIGHT], [y, y], color=PALE, lw=0.6, zorder=0)
    if standing.own.value is None:
        return
    if projection is not None:
        _ring(axes, _place(standing, float(projection.number), reach), y)
    limits = standing.own.interval if standing.base == "value" else None
    if limits:
        ends = sorted(_place(standing, limit, reach) for limit in (limits.low, limits.high))
        axes.plot(ends, [y, y], color=OWN, lw=1.3, solid_capstyle="butt", zorder=5)
    _dot(axes, _place(standing, float(standing.own.value), reach), y, standing.light)


def _better(standing: Standing, value: float) -> float:
    """Return by how much a value is on the better side of its target; less than 0 where it is not reached."""
    gap = value - float(standing.aim.number)
    return -gap if standing.at_most else gap


def _place(standing: Standing, value: float, reach: float) -> float:
    """Return where a value stands among the gaps, in inches; beyond the ends it is at the end."""
    return min(max(TARGET + _better(standing, value) / reach * (TARGET - LEFT), LEFT), RIGHT)


def _reach(gaps: Sequence[Standing], projections: Projections) -> float:
    """Return how far short of their targets the scale of the gaps begins: as far as the worst, at least one."""
    values = [
        _better(standing, float(figure.number))
        for standing in gaps
        for figure in (standing.own, projections.get(standing.metric.id))
        if figure is not None and figure.value is not None and standing.aim.value is not None
    ]
    return max([1.0, *(-1.05 * value for value in values)])


def _words(standing: Standing) -> Words:
    """Return the words beside a target, in lines that keep to their columns."""
    name = wrapped(standing.name, NAME)
    at, end = _between()
    if standing.own.value is None:
        return Words(name, wrapped(standing.own_text, (TARGET if is_narrow() else width_in_hand()) - at - 0.03, SMALL), "", at)
    x = at + max(0.66, width(standing.own_text)) + 0.08
    return Words(name, standing.own_text, wrapped(f"目标{standing.aim_text}", end - x - 0.05, SMALL), x)


def _between() -> tuple[float, float]:
    """Return the inches between which value and target stand; on a narrow screen that is under the name, clear of the line."""
    return (INDENT, TARGET) if is_narrow() else (OWN_AT, width_in_hand() - LIGHT)


def _write(axes: Axes, y: float, standing: Standing, words: Words) -> None:
    """Write the name at the left, and value, target and light at the right; under the name on a narrow screen."""
    at, right = _between()[0], width_in_hand() - 0.03
    axes.annotate(words.name, (0.05, y), ha="left", va="center", color=INK, linespacing=1.1)
    y += words.height / 2 if is_narrow() else 0.0  # from the middle of the name to that of the words under it
    if standing.own.value is None:
        return marks.small(axes, at, y, words.own)
    axes.annotate(words.own, (at, y), ha="left", va="center", color=OWN)
    marks.small(axes, words.aim_at, y, words.aim)
    axes.annotate(
        standing.light or NO_LIGHT, (right, y), ha="right", va="center", color=INK if standing.light == "滞后" else MUTED
    )
    return None


def _alt(standings: Sequence[Standing], projections: Projections) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    rows = []
    for standing in standings:
        words = f"{standing.name}{standing.own_text}，目标{standing.aim_text}"
        words += f"，{projections[standing.metric.id].text}" if standing.metric.id in projections else ""
        rows.append(words + (f"，{standing.light}" if standing.light else ""))
    return f"子弹图：{'；'.join(rows)}。"
