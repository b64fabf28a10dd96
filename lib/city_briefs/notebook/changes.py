"""Calls that show how a metric has changed: its months, and what each part adds to its growth or to the change of a rate."""

from typing import Annotated

from city_briefs.analysis import blocks
from city_briefs.analysis.figures.disclosure_control import Audience
from city_briefs.analysis.figures.parts import dimensions
from city_briefs.analysis.figures.rate_changes import dimensions_of
from city_briefs.model.metric import Metric
from city_briefs.notebook.arguments import Column
from city_briefs.notebook.parameters import scope


def monthly(metric: Metric) -> None:
    """Show the months of the year up to the end of the period: a sentence, a chart and a table, with last year's and the usual range.

    The sentence says since when the metric has changed, where the months show it.

    - `metric`: Any metric; only a flow, and a percentage of two, are judged.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `monthly(complaints_received)`
    """
    blocks.monthly(scope(), metric)


def contribution(metric: Metric, by: Annotated[str, Column(dimensions)], *, audience: Audience = "public") -> None:
    """Show what each part adds to the growth of a metric, beside the province: a sentence, a table in 个百分点, and bars.

    The parts add up to the growth as printed. Where it may not be given, a sentence says why.

    - `metric`: A flow or stock, or the difference of two.
    - `by`: A column that the metric may be broken down by, in quotes, or "region": the cities of a province, the counties of a city.
    - `audience`: "public" merges small numbers of requests; "internal" shows them, in a chapter of an internal pack.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such column or audience.
    - Example: `contribution(new_entities, "industry")`
    """
    blocks.contribution(scope(), metric, by, audience)


def decompose(rate: Metric, by: Annotated[str, Column(dimensions_of)], *, audience: Audience = "public") -> None:
    """Show how the change of a rate is made of structure and level: a sentence, a table in 个百分点, and bars.

    Structure is that the parts have other shares than the year before, level that their own rates are others. It is shown when the
    change is told apart from chance, over parts with 30 cases in both years; else a sentence says why not.

    - `rate`: A ratio of two numbers that add up.
    - `by`: A column that both halves of the rate may be broken down by, in quotes, or "region".
    - `audience`: "public" merges small numbers of requests; "internal" shows them, in a chapter of an internal pack.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such column or audience.
    - Example: `decompose(food_pass_rate, "category")`
    """
    blocks.decompose(scope(), rate, by, audience)


def why(metric: Metric, by: Annotated[str, Column(dimensions)], *, audience: Audience = "public") -> None:
    """Show why and when a metric changed: a sentence, and bars of what each part adds to the change, without a table.

    Nothing is shown of a metric without a value, and no bars of a change that chance explains.

    - `metric`: A flow or stock, the difference of two, or a ratio of two numbers that add up.
    - `by`: A column that the metric may be broken down by, in quotes, or "region": the cities of a province, the counties of a city.
    - `audience`: "public" merges small numbers of requests; "internal" shows them, in a chapter of an internal pack.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such column or audience.
    - Example: `why(new_entities, "industry")`
    """
    blocks.why(scope(), metric, by, audience)


def reason(metric: Metric, by: Annotated[str, Column(dimensions)], *, audience: Audience = "public") -> None:
    """Show the sentence of `why` alone: why and when a metric changed.

    - `metric`: A flow or stock, the difference of two, or a ratio of two numbers that add up.
    - `by`: A column that the metric may be broken down by, in quotes, or "region": the cities of a province, the counties of a city.
    - `audience`: "public" merges small numbers of requests; "internal" shows them, in a chapter of an internal pack.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such column or audience.
    - Example: `reason(entities_cancelled, "industry")`
    """
    blocks.why(scope(), metric, by, audience, drawn=False)


__all__ = ["contribution", "decompose", "monthly", "reason", "why"]
