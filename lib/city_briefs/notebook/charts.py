"""Calls that draw: rates among the regions, months, parts of two years, targets, and how old open hazards are."""

from typing import Annotated

from city_briefs.analysis import blocks
from city_briefs.analysis.figures.disclosure_control import Audience
from city_briefs.model.metric import Metric, breakdowns
from city_briefs.notebook.arguments import Column
from city_briefs.notebook.parameters import scope


def rates(*metrics: Metric) -> None:
    """Show a dot chart of rates: each on a scale of its own, with its interval of 95 %, the median of the others, and the target.

    - `*metrics`: Rates, a row each; another metric is named under the chart.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `rates(food_pass_rate, overdue_share)`
    """
    blocks.rates(scope(), metrics)


def spine(*metrics: Metric) -> None:
    """Show a spine chart of many rates: worst, 25 %, median, 75 % and best of the other regions, and this one as a dot with its interval.

    - `*metrics`: Rates, a row each, about twenty to a chart; another metric is named under it.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `spine(food_pass_rate, overdue_share)`
    """
    blocks.spine(scope(), metrics)


def funnel(metric: Metric) -> None:
    """Show a funnel chart of all regions on a rate: how far each may lie from the others by chance and the usual spread.

    - `metric`: A rate; of another a sentence says why there is none.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `funnel(food_pass_rate)`
    """
    blocks.funnel(scope(), metric)


def months(*metrics: Metric) -> None:
    """Show the months of several metrics as small charts side by side, each titled with what is unusual in it.

    - `*metrics`: Metrics, a small chart each, six to a drawing.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `months(complaints_received, food_pass_rate)`
    """
    blocks.months(scope(), metrics)


def slope(metric: Metric, by: Annotated[str, Column(breakdowns)], *, audience: Audience = "public") -> None:
    """Show a slope chart of a metric by the words of a column in both years; only what is told apart from chance is strong.

    - `metric`: A metric that is counted from records.
    - `by`: A column that the metric may be broken down by, in quotes.
    - `audience`: "public" merges small numbers of requests; "internal" shows them, in a chapter of an internal pack.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such column or audience.
    - Example: `slope(cases_total, "field")`
    """
    blocks.slope(scope(), metric, by, audience)


def bullets() -> None:
    """Show a bullet chart of the targets of the region: where each stands, what is due, and the projection where outcomes are pending.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `bullets()`
    """
    blocks.bullets(scope())


def hazard_ages() -> None:
    """Show the open hazards by how long they have been open, the overdue part hatched.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `hazard_ages()`
    """
    blocks.hazard_ages(scope())


__all__ = ["bullets", "funnel", "hazard_ages", "months", "rates", "slope", "spine"]
