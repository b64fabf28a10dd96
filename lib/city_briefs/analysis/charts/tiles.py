"""Tile map: a tile of equal size for every city, about where it lies; outlines need an approval number, so no boundary is drawn."""

import csv
from collections.abc import Mapping, Sequence

from city_briefs.analysis.charts.chart import WIDTH, Chart, bare, canvas, style, svg
from city_briefs.analysis.charts.labels import cut, wrapped
from city_briefs.analysis.charts.steps import SHADES, WRITTEN, box, key, steps
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common import files, paths
from city_briefs.common.characters import adjoined
from city_briefs.common.regions import Region
from city_briefs.common.theme import MUTED

POSITIONS = "tiles.csv"
TILE = 0.45  # inches, the height of a tile
WIDE = 7  # tiles in a row of the page; fewer are no wider than that
GAP = 0.06  # of a tile, between two
SPARE = 0.2  # inches that a name of two lines may leave free at their ends
KEY_ROW = 0.66  # of a tile's height, for the key under the map

Positions = Mapping[str, tuple[int, int]]


def positions() -> dict[str, tuple[int, int]]:
    """Return row and column of every region that has a tile, by its code, from `data/reference/tiles.csv`; both begin at 1."""
    with files.opened_text(paths.reference() / POSITIONS, "utf-8-sig") as file:
        return {row["code"]: (int(row["row"]), int(row["column"])) for row in csv.DictReader(file)}


def placed(cities: Sequence[Region], at: Positions) -> bool:
    """Return whether every city has a tile of its own; False without cities."""
    places = [at.get(city.code) for city in cities]
    return bool(places) and None not in places and len(set(places)) == len(places)


def tiles(figures: Sequence[Figure], at: Positions, province: Figure | None = None) -> Chart:
    """Draw figures of one view, one for each city, in shades by their size; a refused one has an empty tile with a broken edge.

    `at` has the tile of every city. `province` is named in the alternative text; None when it cannot be compared.
    """
    valued = [figure for figure in figures if figure.value is not None]
    shades = steps([figure.printed for figure in valued])  # equal print has one shade
    shade = dict(zip([figure.region for figure in valued], shades, strict=True))
    rows, columns = (max(at[figure.region.code][axis] for figure in figures) for axis in (0, 1))
    width = max(columns, WIDE)
    inner = (1 - 2 * GAP) * WIDTH / width
    with style():
        figure = canvas(TILE * (rows + KEY_ROW))
        axes = figure.subplots()
        for city_figure in figures:
            row, column = at[city_figure.region.code]
            x, y = column - 1 + (width - columns) / 2, row - 1
            step = shade.get(city_figure.region)
            colour = MUTED if step is None else WRITTEN[step]
            box(axes, (x + GAP / 2, y + GAP / 2), (1 - GAP, 1 - GAP), step)
            label = f"{wrapped(cut(city_figure.region.short, 2 * inner - SPARE), inner)}\n{_label(city_figure)}"
            axes.annotate(label, (x + 0.5, y + 0.5), ha="center", va="center", color=colour, linespacing=1.1)
        shaded = {step: [value for value in valued if shade[value.region] == step] for step in sorted(set(shade.values()))}
        words = [(step, _range(values)) for step, values in shaded.items()]
        empty: list[tuple[int | None, str]] = [(None, "无可比数据")] if len(valued) < len(figures) else []
        each = width / max(len(SHADES), len(words) + len(empty))
        key(axes, [*words, *empty], GAP / 2, rows + 0.28, each, (0.22, 0.3))
        axes.set(xlim=(0, width), ylim=(rows + KEY_ROW, 0), xticks=[], yticks=[], xlabel="", ylabel="")
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
