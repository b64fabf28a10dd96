"""What charts are drawn from in tests: figures of any value, without a snapshot behind them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from lib import text
from lib.figure import Figure
from lib.metric import Metric
from lib.metrics.business_environment import new_entities
from lib.periods import Period
from lib.regions import Region

UNITS = {"yoy": "%", "change_pp": "个百分点", "rank": "位"}
SAID = {"yoy": lambda value, _: text.growth(value), "rank": lambda value, _: f"第{value}位"}


def figure(value: Any, region: Region, *, metric: Metric = new_entities, view: str = "value", year: int = 2021) -> Figure:
    """A figure of a region; None is one that was refused."""
    unit = UNITS.get(view, metric.unit)
    if value is None:
        return Figure(metric, view, region, Period(year), unit, None, None, None, "本期数据不全", "本期数据不全")
    given = Decimal(str(value))
    said = SAID.get(view, lambda value, _: text.amount(value, unit, metric.decimals))(given, metric)
    return Figure(metric, view, region, Period(year), unit, given, None, None, said)


def figures(values: Sequence[Any], regions: Sequence[Region], **of: Any) -> list[Figure]:
    """A figure of each region."""
    return [figure(value, region, **of) for value, region in zip(values, regions, strict=True)]


def years(values: Sequence[Any], region: Region, **of: Any) -> list[Figure]:
    """Figures of one region over consecutive years that end in 2021."""
    return [figure(value, region, year=2022 - len(values) + place, **of) for place, value in enumerate(values)]
