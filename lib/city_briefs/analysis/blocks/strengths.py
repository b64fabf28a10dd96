"""Strong and weak spots side by side, each a sentence with its footnote."""

from collections.abc import Iterable

from city_briefs.analysis.assessments.strengths import REMARKABLE, SPOTS, Spot, spots
from city_briefs.analysis.blocks.publish import numbers, publish, publish_prose
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.blocks import PointsBlock, PointsColumn
from city_briefs.model.metric import Metric

TITLES = ("主要进展", "需关注事项")
NOTHING_REMARKABLE = "各项比率与{whole}各{parts}中位数接近，没有明显突出的指标"
RULE = (
    f"按与各{{parts}}中位数的距离（以绝对中位差为单位，并按样本量折减）选取，不足{REMARKABLE}个单位的不列，每类至多{SPOTS}项；"
    "基数过小或部分{parts}没有可比数据的指标不参加比较"
)


def strengths(scope: Scope, metrics: Iterable[Metric]) -> None:
    """Show two columns of sentences: where the city stands out among all cities, and where it lags.

    A column without any says so. A sentence stands in place of both for a region that is not ranked, such as the province, and when
    the snapshot has no data of the metrics.
    """
    chosen = list(metrics)
    if scope.region not in scope.peers:
        sentence = f"{scope.region.name}不参加{scope.results.regions.parts}间的比较，不列主要进展和需关注事项。"
        return publish_prose([sentence], [], scope.results)
    both = spots(scope, chosen)
    if not any(scope.results.provenance(metric) for metric in chosen):
        sentence = "本期没有可供比较的比率数据，不列主要进展和需关注事项。"
        return publish_prose([sentence], [], scope.results)
    names = {"whole": scope.whole.whole, "parts": scope.results.regions.parts}
    columns: list[PointsColumn] = [
        {"title": title, "items": [_sentence(spot, scope.results) for spot in side] or [NOTHING_REMARKABLE.format(**names)]}
        for title, side in zip(TITLES, both, strict=True)
    ]
    stated = [figure for side in both for spot in side for figure in (spot.value, spot.place)]
    grounds = [_grounds(spot) for side in both for spot in side]
    block: PointsBlock = {
        "kind": "points",
        "columns": columns,
        "notes": [*grounds, RULE.format(**names)],
        "sources": [],
        **numbers(stated, scope.results),
    }
    return publish(block)


def _sentence(spot: Spot, results: Results) -> str:
    """Return value, place, and the distance from the median in the unit of the metric, as a sentence."""
    metric, value = spot.value.metric, spot.value.value
    assert value is not None
    gap = number_format.difference_as_printed(value, spot.median, metric.decimals, metric.unit)
    unit = "个百分点" if metric.unit == "%" else metric.unit
    middle = f"{results.regions.parts}中位数"
    more = (
        f"{'高于' if gap > 0 else '低于'}{middle}{number_format.number(abs(gap), metric.decimals)}{unit}"
        if gap
        else f"与{middle}持平"
    )
    return f"{metric.label}{spot.value.text}，居{results.regions.province.whole}{spot.place.text}，{more}"


def _grounds(spot: Spot) -> str:
    """Return the two numbers that a rate was taken of."""
    figure = spot.value
    assert figure.numerator is not None and figure.denominator is not None
    return f"{figure.metric.label}：{number_format.digits(figure.numerator)}/{number_format.digits(figure.denominator)}"
