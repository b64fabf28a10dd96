"""Calls of the brief of one region: many metrics in a table, and all of them."""

from city_briefs.analysis import blocks
from city_briefs.model.metric import Metric
from city_briefs.notebook.parameters import scope


def overview(*metrics: Metric) -> None:
    """Show a table of metrics: value, the year before as then known, change with its verdict, share of the province or places.

    - `*metrics`: Metrics, a line each, in their own units. Those without a value are left out; a sentence says when none has one.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `overview(new_entities, entity_stock, entity_density)`
    """
    blocks.overview(scope(), metrics)


def exceptions() -> None:
    """Show what has to be done: lights that are on and targets that are behind, the gravest with drawings, the others in a table.

    Each has its evidence, what it takes, who sees to it until when, and what became of it where `data/actions.csv` says so.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `exceptions()`
    """
    blocks.exceptions(scope())


def all_metrics() -> None:
    """Show the table of all metrics that have a value, with the number of each in the manual; what has none is said under it.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `all_metrics()`
    """
    blocks.all_metrics(scope())


__all__ = ["all_metrics", "exceptions", "overview"]
