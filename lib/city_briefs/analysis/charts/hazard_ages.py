"""Ages of hazards: a bar for each class of age of the open ones, the overdue part dark and hatched."""

from collections.abc import Sequence
from decimal import Decimal

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from city_briefs.analysis.assessments.open_hazards import AgeClass
from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import WIDTH, Chart, sheet, style, svg
from city_briefs.analysis.figures import number_format
from city_briefs.common.theme import INK, OWN, PALE

ROW = 0.24  # inches for one class
BAR = 0.14  # inches, the height of a bar
LEFT, RIGHT = 0.95, WIDTH - 1.3  # inches at which bars begin, and the longest ends
STEP = 0.04  # inches between two strokes of the overdue part


def hazard_ages(classes: Sequence[AgeClass], whose: str, title: str) -> Chart:
    """Draw a bar for each class, of which at least one is not empty; `whose` says of which hazards."""
    most = max(each.number for each in classes)
    key = marks.Key([(lambda axes, x, y: _overdue(axes, x - 0.08, x + 0.08, y), "其中已逾期")], whose)
    with style():
        figure, axes = sheet(key.height + ROW * len(classes) + 0.04)
        for place, each in enumerate(classes):
            y = key.height + ROW * (place + 0.5)
            late, end = (LEFT + (RIGHT - LEFT) * number / most for number in (each.overdue, each.number))
            _overdue(axes, LEFT, late, y)
            axes.add_patch(Rectangle((late, y - BAR / 2), end - late, BAR, facecolor=PALE, edgecolor="none"))
            axes.annotate(each.name, (LEFT - 0.1, y), ha="right", va="center", color=INK)
            words = _items(each.number) + (f"，逾期{_items(each.overdue)}" if each.overdue else "")
            axes.annotate(words, (end + 0.08, y), ha="left", va="center", color=INK)
        key.draw(axes)
        drawn = svg(figure)
    listed = "；".join(f"{each.name}{each.number}项，其中逾期{each.overdue}项" for each in classes)
    return Chart(drawn, f"条形图：{whose}，{listed}。", title)


def _items(number: int) -> str:
    return number_format.amount(Decimal(number), "项", 0)


def _overdue(axes: Axes, left: float, right: float, y: float) -> None:
    """Draw the overdue part of a bar: strokes of their own, since a drawing has no patterns."""
    axes.add_patch(Rectangle((left, y - BAR / 2), right - left, BAR, facecolor="white", edgecolor=OWN, linewidth=0.8, zorder=3))
    x = left + STEP / 2
    while x < right:
        top = min(x + BAR, right)
        axes.plot([x, top], [y + BAR / 2, y + BAR / 2 - (top - x)], color=OWN, lw=0.6, zorder=4)
        x += STEP
