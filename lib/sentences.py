"""Sentences of a brief, composed from figures: every number in them is computed, and what is missing is said."""

from collections.abc import Sequence
from decimal import Decimal

from lib import text
from lib.metric import Metric
from lib.periods import Period
from lib.regions import Region
from lib.results import Results
from lib.views import Figure, look


def statement(results: Results, metrics: Sequence[Metric], region: Region, period: Period) -> tuple[str, list[Figure]]:
    """One sentence on one or more metrics of a region, and the figures it states."""
    figures: list[Figure] = []
    clauses = []
    for metric in metrics:
        said, stated = _clause(results, metric, region, period)
        clauses.append(said)
        figures += stated
    when = f"截至{period.year}年{period.through}月末" if metrics[0].form == "stock" else period.text
    return f"{when}，{region.whole}{'；'.join(clauses)}。", figures


def _clause(results: Results, metric: Metric, region: Region, period: Period) -> tuple[str, list[Figure]]:
    """What is said of one metric: its value, growth, distance from the province's growth, place and share."""
    amount = look(results, metric, "value", region, period)
    if amount.value is None:
        return f"{metric.label}{amount.refused}", [amount]
    said, stated = [metric.label + amount.text], [amount]
    province = results.regions.province
    growth = look(results, metric, "yoy", region, period)
    if metric.unit != "%":
        stated.append(growth)
        said.append(f"同比{growth.text}" if growth.value is not None else growth.prose)
    if region != province:
        whole = look(results, metric, "yoy", province, period)
        if growth.value is not None and whole.value is not None and metric.better != "neutral":
            stated.append(whole)
            said.append(f"增速{_beside(growth.value - whole.value, province)}")
        place = look(results, metric, "rank", region, period)
        if place.value is not None:
            said.append(f"居{province.whole}{place.text}")
        part = look(results, metric, "share", region, period)
        if part.value is not None:
            said.append(f"占{province.whole}的{part.text}")
        stated += [place, part]
    return "，".join(said), stated


def _beside(points: Decimal, province: Region) -> str:
    gap = text.gap(points)
    return f"与{province.whole}持平" if gap == "持平" else f"比{province.whole}{gap}"
