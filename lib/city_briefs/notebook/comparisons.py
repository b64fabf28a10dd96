"""Calls that set regions beside each other: their values, their places, and where one stands out."""

from typing import Annotated

from city_briefs.analysis import blocks
from city_briefs.model.metric import Metric
from city_briefs.notebook.arguments import NONE_FOR_ALL, View
from city_briefs.notebook.parameters import scope

__all__ = ["against", "compare", "distribution", "heat", "leaders", "places", "ranking", "strengths", "tiles"]


def ranking(metric: Metric, view: View = "value") -> None:
    """Show a chart of all cities in the order of a metric, with this one marked.

    - `metric`: Any metric.
    - `view`: "value", in the unit of the metric, or "yoy" for growth in %.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such view.
    - Example: `ranking(new_entities, view="yoy")`
    """
    blocks.ranking(scope(), metric, view)


def places(metric: Metric) -> None:
    """Show a table of all regions: value, growth in %, share of the province in %, and place with those that are possible.

    - `metric`: Any metric; only a rate has places.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `places(new_entities)`
    """
    blocks.places(scope(), metric)


def against(*metrics: Metric) -> None:
    """Show a table of metrics beside those of the province and what is cited of other areas.

    - `*metrics`: Metrics, in the order of the table.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `against(entity_density, inv_patents_per_10k)`
    """
    blocks.against(scope(), metrics)


def strengths(*metrics: Annotated[Metric, NONE_FOR_ALL]) -> None:
    """Show the strong and weak spots of the city: the rates in which it stands out from the other cities beyond chance.

    - `*metrics`: Rates to choose among; none for all. All rates of the catalogue are tested together, whatever is chosen.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `strengths()`
    """
    blocks.strengths(scope(), metrics)


def tiles(metric: Metric, view: View = "value") -> None:
    """Show a tile map of the cities by a rate.

    - `metric`: A rate; an amount with `view="yoy"`.
    - `view`: "value", or "yoy" for the growth of an amount in % or the change of a percentage in 个百分点.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such view.
    - Example: `tiles(entity_density)`
    """
    blocks.tiles(scope(), metric, view)


def heat(*metrics: Metric) -> None:
    """Show a heat table: the place of every city on each rate, with those that are possible.

    - `*metrics`: Rates that are not neutral, a column each. One without places is named under the table, with the reason.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `heat(entity_density, product_pass_rate)`
    """
    blocks.heat(scope(), metrics)


def distribution(*metrics: Metric) -> None:
    """Show a chart of all cities on a scale of each metric's own, with this one marked.

    - `*metrics`: Metrics, a row each, in their own units.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `distribution(entity_density, product_pass_rate)`
    """
    blocks.distribution(scope(), metrics)


def compare(*metrics: Metric) -> None:
    """Show tables of metrics side by side for all cities: value, place, and whether a rate is above or below that of the others.

    - `*metrics`: Metrics in their own units; a rate has up to three columns, a number one.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `compare(new_entities, entity_stock)`
    """
    blocks.compare(scope(), metrics)


def leaders(*metrics: Metric) -> None:
    """Show a table of the cities that lead on each metric, where that may be said.

    - `*metrics`: Rates that are not neutral, a row each.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `leaders(food_pass_rate, product_pass_rate)`
    """
    blocks.leaders(scope(), metrics)
