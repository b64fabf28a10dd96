"""Heat table: cities by metrics, the place of each shaded and printed with those that are possible, the leading ones darkest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from city_briefs.analysis.charts.chart import Chart, bare, canvas, drawn_twice, is_narrow, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import SMALL, cut, place, width, wrapped
from city_briefs.analysis.charts.steps import SHADES, WRITTEN, box, key
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.characters import adjoined
from city_briefs.common.regions import Region
from city_briefs.common.theme import INK, MUTED
from city_briefs.model.metric import Metric

ROW = 0.165  # inches for one city; two tables of fourteen cities share a page
BESIDE = 0.1  # inches between the name of a city and its places
LINE_HEIGHT = 0.15  # inches, of a line of a heading
KEY_HEIGHT = 0.34  # inches, with the space above it
GAP = 0.04  # of a cell, between two
WIDEST = 1.2  # inches of a column, when there are few
CELL = 0.06  # inches that a column has beside its words
BELOW = 0.15  # inches between two tables
KEY_EACH = 1.15  # inches from one entry of the key to the next


@drawn_twice
def heat(places: Mapping[Metric, Sequence[Figure]], cities: Sequence[Region], among: int = 0) -> Chart:
    """Draw the places of the cities, in this order, on each metric; they are places `among` so many, 0 for as many as there are.

    `places` has a figure for each city in the same order; a refused one is an empty cell. Ties have the same number.
    """
    names = max(width(cut(city.short)) for city in cities) + 2 * BESIDE
    among = among or len(cities)
    tables = _tables(places, width_in_hand() - names)
    tops = [0.0]
    for table in tables:
        tops.append(tops[-1] + table.top + ROW * len(cities) + BELOW)
    height = tops.pop() - BELOW
    with style():
        figure = canvas(height + KEY_HEIGHT)
        axes = figure.subplots()
        for start, table in zip(tops, tables, strict=True):
            _table(axes, table, cities, (names, start), among)
        left, each = (0.05, width_in_hand() / len(SHADES)) if is_narrow() else (names, KEY_EACH)
        key(axes, _key(among), left, height + 0.13, each, (0.2, 0.16))
        axes.set(xlim=(0, width_in_hand()), ylim=(height + KEY_HEIGHT, 0), xticks=[], yticks=[], xlabel="", ylabel="")
        bare(axes)
        drawn = svg(figure)
    first = next(iter(places.values()))[0]
    many = f"等{len(places)}项指标" if len(places) > 1 else ""
    return Chart(drawn, _alt(places), f"{first.period.text}各地区{first.metric.label}{many}位次")


@dataclass(frozen=True)
class _Table:
    """Columns that stand side by side: their heads, the places, the inches of each column, and of the heads."""

    heads: Sequence[str]
    places: Sequence[Sequence[Figure]]
    column: float
    top: float


def _tables(places: Mapping[Metric, Sequence[Figure]], most: float) -> list[_Table]:
    """Return the columns in as many tables as they need, below each other: one on a page, on a narrow screen as its words are wide."""
    columns = list(places.items())
    widest = max((width(place(rank), SMALL) for _, ranks in columns for rank in ranks if rank.value is not None), default=0.0)
    many = max(1, int(most / (widest + CELL))) if is_narrow() else len(columns)
    many = -(-len(columns) // -(-len(columns) // many))  # about as many in each
    column = min(WIDEST, most / many)
    tables = []
    for first in range(0, len(columns), many):
        group = columns[first : first + many]
        heads = [wrapped(metric.label, column - CELL, SMALL) for metric, _ in group]
        lines = max(head.count("\n") + 1 for head in heads)
        tables.append(_Table(heads, [ranks for _, ranks in group], column, lines * LINE_HEIGHT + 0.08))
    return tables


def _table(axes: Axes, table: _Table, cities: Sequence[Region], corner: tuple[float, float], among: int) -> None:
    """Draw a table; its first column begins at the corner, in inches, and the names stand before it."""
    names, start = corner
    top = start + table.top
    for across, (head, ranks) in enumerate(zip(table.heads, table.places, strict=True)):
        x, column = names + across * table.column, table.column
        axes.annotate(head, (x + column / 2, top - 0.06), ha="center", va="bottom", color=MUTED, size=SMALL, linespacing=1.2)
        for down, rank in enumerate(ranks):
            y = top + down * ROW
            if rank.value is None:
                continue
            step = _step(int(rank.value), among)
            box(axes, (x + GAP / 2, y + GAP / 2), (column - GAP, ROW - GAP), step)
            middle = (x + column / 2, y + ROW / 2)
            axes.annotate(place(rank), middle, ha="center", va="center", color=WRITTEN[step], size=SMALL)
    for down, city in enumerate(cities):
        axes.annotate(cut(city.short), (names - BESIDE, top + (down + 0.5) * ROW), ha="right", va="center", color=INK)


def _step(rank: int, number: int) -> int:
    """Return the shade of a place among `number` cities: the first ones have the darkest."""
    return len(SHADES) - 1 - (rank - 1) * len(SHADES) // number


def _key(number: int) -> list[tuple[int | None, str]]:
    """Return each shade with the places that have it, in words."""
    groups: dict[int, list[int]] = {}
    for rank in range(1, number + 1):
        groups.setdefault(_step(rank, number), []).append(rank)
    return [(step, f"第{held[0]}位" if len(held) == 1 else f"第{held[0]}—{held[-1]}位") for step, held in groups.items()]


def _alt(places: Mapping[Metric, Sequence[Figure]]) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    parts = []
    for metric, ranks in places.items():
        ranked = sorted((rank for rank in ranks if rank.value is not None), key=lambda rank: rank.value or 0)
        listed = "、".join(adjoined(rank.region.short, rank.text) for rank in ranked) or "不排位次"
        parts.append(f"{metric.label}，{listed}")
    return f"位次热力表：{'；'.join(parts)}。"
