"""Ages of hazards: a bar for each class of age of the open ones, the overdue part dark and hatched."""

from collections.abc import Sequence
from decimal import Decimal

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from city_briefs.analysis.assessments.open_hazards import AgeClass
from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import Chart, drawn_twice, sheet, style, svg, width_in_hand
from city_briefs.analysis.figures import number_format
from city_briefs.common.theme import INK, OWN, PALE

ROW = 0.24  # inches for one class
BAR = 0.14  # inches, the height of a bar
LEFT, MARGIN = 0.95, 1.3  # inches at which bars begin, and from the end of the longest to the edge
STROKE = 0.045  # inches from one stroke to the next


@drawn_twice
def hazard_ages(classes: Sequence[AgeClass], whose: str, title: str) -> Chart:
    """Draw a bar for each class, of which at least one is not empty; `whose` says of which hazards."""
    most = max(each.number for each in classes)
    key = marks.Key([(lambda axes, x, y: _overdue(axes, x - 0.08, x + 0.08, y), "其中已逾期")], whose)
    with style():
        figure, axes = sheet(key.height + ROW * len(classes) + 0.04)
        for place, each in enumerate(classes):
            y = key.height + ROW * (place + 0.5)
            late, end = (LEFT + (_right() - LEFT) * number / most for number in (each.overdue, each.number))
            _overdue(axes, LEFT, late, y)
            axes.add_patch(Rectangle((late, y - BAR / 2), end - late, BAR, facecolor=PALE, edgecolor="none"))
            axes.annotate(each.name, (LEFT - 0.1, y), ha="right", va="center", color=INK)
            words = _items(each.number) + (f"，逾期{_items(each.overdue)}" if each.overdue else "")
            axes.annotate(words, (end + 0.08, y), ha="left", va="center", color=INK)
        key.draw(axes)
        drawn = svg(figure)
    listed = "；".join(f"{each.name}{each.number}项，其中逾期{each.overdue}项" for each in classes)
    return Chart(drawn, f"条形图：{whose}，{listed}。", title)


def _right() -> float:
    """Return where the longest bar ends, in inches from the left."""
    return width_in_hand() - MARGIN


def _items(number: int) -> str:
    return number_format.amount(Decimal(number), "项", 0)


def _overdue(axes: Axes, left: float, right: float, y: float) -> None:
    """Draw the overdue part of a bar: a box with strokes through it, which are lines, since a document takes no patterns."""
    foot, head = y + BAR / 2, y - BAR / 2
    axes.add_patch(Rectangle((left, head), right - left, BAR, facecolor="white", edgecolor=OWN, linewidth=0.8, zorder=3))
    strokes = []
    for number in range(int((right - left + BAR) / STROKE) + 1):
        x = left - BAR + number * STROKE  # at the foot; at the head it is further by BAR
        low, high = max(x, left), min(x + BAR, right)
        if low < high:
            strokes.append([(low, foot - (low - x)), (high, foot - (high - x))])
    axes.add_collection(LineCollection(strokes, colors=OWN, linewidths=0.7, zorder=4), autolim=False)
