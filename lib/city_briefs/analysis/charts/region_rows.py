"""Rows of regions: which of them a chart shows, so that it is never higher than a page. One rule for every chart of all regions.

Up to MOST stand in one chart. Of more, the own region stands with its neighbours, BESIDE on either side, and a note counts the rest.
Where no region is the own one, as in a pack of the province, they are parted into several charts.
"""

from collections.abc import Sequence
from typing import TypeVar

from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.regions import Region

Row = TypeVar("Row")
MOST = 32  # rows of a chart
BESIDE = 10  # rows above the own region, and below it


def in_order(figures: Sequence[Figure]) -> list[Figure]:
    """Return figures of all regions from the best to the worst, those that are refused last."""
    known = [figure for figure in figures if figure.value is not None]
    known.sort(key=lambda figure: figure.number, reverse=figures[0].metric.better != "lower")
    return [*known, *(figure for figure in figures if figure.value is None)]


def fitting(ordered: Sequence[Figure], own: Region) -> list[list[Figure]]:
    """Return the rows of each chart: all in one, the neighbours of the own region in one, or all in several of about equal size."""
    if len(ordered) <= MOST:
        return [list(ordered)]
    place = next((place for place, figure in enumerate(ordered) if figure.region == own), None)
    if place is None:
        return evenly(ordered, MOST)
    first = max(0, min(place - BESIDE, len(ordered) - 2 * BESIDE - 1))
    return [list(ordered[first : first + 2 * BESIDE + 1])]


def evenly(rows: Sequence[Row], most: int) -> list[list[Row]]:
    """Return rows in their order, in as few groups of at most `most` as hold them, of about equal size."""
    number = -(-len(rows) // most)
    return [list(rows[group * len(rows) // number : (group + 1) * len(rows) // number]) for group in range(number)]


def left_out(ordered: Sequence[Figure], shown: Sequence[Sequence[Figure]], parts: str) -> list[str]:
    """Return the note on what is left out; empty when nothing is. `parts` is what regions are called."""
    kept = sum(map(len, shown))
    return (
        [f"共{len(ordered)}个{parts}，图中只列数值相近的{kept}个，其余{len(ordered) - kept}个未列入"]
        if kept < len(ordered)
        else []
    )
