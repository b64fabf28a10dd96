"""What charts are drawn from in tests: figures of any value, without a snapshot behind them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.metrics.business_environment import new_entities
from city_briefs.model.metric import Metric

UNITS = {"yoy": "%", "change_pp": "个百分点", "rank": "位"}
SAID = {"yoy": lambda value, _: number_format.growth(value), "rank": lambda value, _: f"第{value}位"}


def figure(value: Any, region: Region, *, metric: Metric = new_entities, view: str = "value", year: int = 2021) -> Figure:
    """A figure of a region; None is one that was refused."""
    unit = UNITS.get(view, metric.unit)
    if value is None:
        return Figure(metric, view, region, Period(year), unit, None, None, None, "本期数据不全", "本期数据不全")
    given = Decimal(str(value))
    said = SAID.get(view, lambda value, _: number_format.amount(value, unit, metric.decimals))(given, metric)
    return Figure(metric, view, region, Period(year), unit, given, None, None, said)


def figures(values: Sequence[Any], regions: Sequence[Region], **of: Any) -> list[Figure]:
    """A figure of each region."""
    return [figure(value, region, **of) for value, region in zip(values, regions, strict=True)]


def years(values: Sequence[Any], region: Region, **of: Any) -> list[Figure]:
    """Figures of one region over consecutive years that end in 2021."""
    return [figure(value, region, year=2022 - len(values) + place, **of) for place, value in enumerate(values)]
