"""Tile map: a tile of equal size for every city, about where it lies; outlines need an approval number, so no boundary is drawn."""

import csv
from collections.abc import Mapping, Sequence

from city_briefs.analysis.charts.chart import Chart, bare, canvas, drawn_twice, is_narrow, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import cut, width, wrapped
from city_briefs.analysis.charts.steps import SHADES, WRITTEN, box, key, steps
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common import files, paths
from city_briefs.common.characters import adjoined
from city_briefs.common.regions import Region
from city_briefs.common.theme import MUTED

POSITIONS = "tiles.csv"
TILE, NARROW_TILE = 0.45, 0.6  # inches, the height of a tile; on a narrow screen
MOST_ROWS, MOST_COLUMNS = 15, 10  # of tiles that can be read on a page
WIDE = 7  # tiles in a row of the page; fewer are no wider than that
GAP = 0.06  # of a tile, between two
SPARE = 0.2  # inches that a name of two lines may leave free at their ends
KEY_ROW, NARROW_KEY_ROWS = 0.66, 1.2  # of a tile's height, for the key under the map; on a narrow screen, where it has rows
NARROW_KEY = 2  # entries of the key in a row of a narrow screen

Positions = Mapping[str, tuple[int, int]]


def positions() -> dict[str, tuple[int, int]]:
    """Return row and column of every region that has a tile, by its code, from `data/reference/tiles.csv`; both begin at 1."""
    with files.opened_text(paths.reference() / POSITIONS, "utf-8-sig") as file:
        return {row["code"]: (int(row["row"]), int(row["column"])) for row in csv.DictReader(file)}


def placed(cities: Sequence[Region], at: Positions) -> bool:
    """Return whether every city has a tile of its own, and the tiles fit the page; False without cities."""
    places = [at[city.code] for city in cities if city.code in at]
    if not places or len(set(places)) < len(cities):
        return False
    return max(row for row, _ in places) <= MOST_ROWS and max(column for _, column in places) <= MOST_COLUMNS


@drawn_twice
def tiles(figures: Sequence[Figure], at: Positions, province: Figure | None = None) -> Chart:
    """Draw figures of one view, one for each city, in shades by their size; a refused one has an empty tile with a broken edge.

    `at` has the tile of every city. `province` is named in the alternative text; None when it cannot be compared.
    """
    valued = [figure for figure in figures if figure.value is not None]
    shades = steps([figure.printed for figure in valued])  # equal print has one shade
    shade = dict(zip([figure.region for figure in valued], shades, strict=True))
    rows, columns = (max(at[figure.region.code][axis] for figure in figures) for axis in (0, 1))
    across = max(columns, WIDE)
    tile, key_rows = (NARROW_TILE, NARROW_KEY_ROWS) if is_narrow() else (TILE, KEY_ROW)
    inner = (1 - 2 * GAP) * width_in_hand() / across
    if is_narrow() and any(width(line) > inner for each in figures for line in _in_lines(each, inner).split("\n")):
        return Chart("", "", "")  # a number would run into the next tile: the drawing for the page serves, in a box that scrolls
    with style():
        figure = canvas(tile * (rows + key_rows))
        axes = figure.subplots()
        for city_figure in figures:
            row, column = at[city_figure.region.code]
            x, y = column - 1 + (across - columns) / 2, row - 1
            step = shade.get(city_figure.region)
            colour = MUTED if step is None else WRITTEN[step]
            box(axes, (x + GAP / 2, y + GAP / 2), (1 - GAP, 1 - GAP), step)
            label = f"{wrapped(cut(city_figure.region.short, 2 * inner - SPARE), inner)}\n{_in_lines(city_figure, inner)}"
            axes.annotate(label, (x + 0.5, y + 0.5), ha="center", va="center", color=colour, linespacing=1.1)
        shaded = {step: [value for value in valued if shade[value.region] == step] for step in sorted(set(shade.values()))}
        words = [(step, _range(values)) for step, values in shaded.items()]
        empty: list[tuple[int | None, str]] = [(None, "无可比数据")] if len(valued) < len(figures) else []
        each = across / max(len(SHADES), len(words) + len(empty))
        if is_narrow():
            key(axes, [*words, *empty], GAP / 2, rows + 0.2, across / NARROW_KEY, (0.3, 0.22), NARROW_KEY)
        else:
            key(axes, [*words, *empty], GAP / 2, rows + 0.28, each, (0.22, 0.3))
        axes.set(xlim=(0, across), ylim=(rows + key_rows, 0), xticks=[], yticks=[], xlabel="", ylabel="")
        bare(axes)
        drawn = svg(figure)
    first = figures[0]
    what = named(first)
    unit = "" if len(first.unit) == 1 else f"（单位：{first.unit}）"
    return Chart(drawn, _alt(what, figures, valued, province), f"{_when(first)}各地区{what}{unit}")


def named(figure: Figure) -> str:
    """Return the label of a figure's metric, with 同比增减 when it is a growth or a difference."""
    return figure.metric.label + ("同比增减" if figure.view in ("yoy", "change_pp") else "")


def _when(figure: Figure) -> str:
    return figure.period.end_text if figure.metric.at_month_end else figure.period.text


def _label(figure: Figure) -> str:
    """Return a figure for its tile: a change with its sign, another figure as its text has it."""
    if figure.value is None:
        return number_format.NOTHING
    if figure.view in ("yoy", "change_pp"):
        return number_format.signed(figure.printed, figure.unit, figure.decimals)
    return figure.text if len(figure.unit) == 1 else figure.text.removesuffix(figure.unit)


def _in_lines(figure: Figure, most: float) -> str:
    """Return a figure for its tile; on a narrow screen its unit stands in a line of its own where both are too wide."""
    label = _label(figure)
    unit = label.lstrip("0123456789.,+−-")
    return f"{label.removesuffix(unit)}\n{unit}" if is_narrow() and unit != label and width(label) > most else label


def _range(figures: Sequence[Figure]) -> str:
    """Return the smallest and the largest figure of a step as words of its key; one when they are printed alike."""
    ordered = sorted(figures, key=lambda figure: figure.value or 0)
    low, high = _label(ordered[0]), _label(ordered[-1])
    return low if low == high else f"{low}～{high}"


def _alt(what: str, figures: Sequence[Figure], valued: Sequence[Figure], province: Figure | None) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    ordered = sorted(valued, key=lambda figure: figure.value or 0, reverse=True)
    listed = "、".join(adjoined(figure.region.short, figure.text) for figure in ordered)
    unknown = "、".join(figure.region.short for figure in figures if figure.value is None)
    of_province = (
        f"{adjoined(province.region.whole, province.text)}。" if province is not None and province.value is not None else ""
    )
    return f"方格图：{what}，由高到低为{listed}。{of_province}{unknown + '无可比数据。' if unknown else ''}"
