"""Strong and weak spots side by side, each a sentence with its grounds in a note; and the table of all signals of a region."""

from collections.abc import Iterable

from city_briefs.analysis.assessments.signals import KINDS, without_signals
from city_briefs.analysis.assessments.signals import signals as signalled
from city_briefs.analysis.assessments.strengths import SPOTS, WITHIN, is_compared, spots
from city_briefs.analysis.blocks.publish import numbers, publish, publish_prose
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics import SMALL
from city_briefs.analysis.statistics.outliers import FALSE_RATE
from city_briefs.common.blocks import PointsBlock, PointsColumn, TableBlock
from city_briefs.model.metric import Metric

TITLES = ("突出方面", "薄弱方面")
NONE = "无"
NOT_COMPARED = "本期没有可供比较的比率数据，不列突出方面和薄弱方面"
NOT_A_PART = "{name}不参加{parts}间的比较，不列突出方面和薄弱方面"
RULE = (
    "与其他{parts}合计的比率相比，超出各{parts}正常离散范围的列入；"
    f"各项比率、各{{parts}}一并检验，误报比例不超过{FALSE_RATE * 100:g}%；基数不足{SMALL}的不参加比较"
)
MOST = f"每类至多{SPOTS}项"
ORDER = "依次列亮灯的警示、滞后的目标、同比变差和弱于其他地区的指标，其后为向好的指标；同比和地区间比较只列超出随机波动的"


def strengths(scope: Scope, metrics: Iterable[Metric] = ()) -> None:
    """Show two columns of sentences: the rates in which the city stands out among all cities, and those in which it lags.

    `metrics` chooses among the rates; empty takes all. A sentence stands in place of both columns when the city stands out in none, for a
    region that is not compared, such as the province, and when nothing can be compared.
    """
    chosen = list(metrics) or None
    strong, weak = spots(scope, chosen)
    if not strong and not weak:
        return publish_prose([f"{_without_spots(scope, chosen)}。"], [], scope.results)
    columns: list[PointsColumn] = [
        {"title": title, "items": [spot.text for spot in side] or [NONE]}
        for title, side in zip(TITLES, (strong, weak), strict=True)
    ]
    listed = [spot.value for spot in (*strong, *weak)]
    block: PointsBlock = {
        "kind": "points",
        "columns": columns,
        "notes": [*map(_grounds, listed), f"{RULE.format(parts=scope.results.regions.parts)}；{MOST}"],
        "sources": [],
        **numbers(listed, scope.results),
    }
    return publish(block)


def signals(scope: Scope) -> None:
    """Show the table of the signals of a region in their order; a sentence when there is none."""
    listed = signalled(scope)
    if not listed:
        return publish_prose([without_signals(scope)], [], scope.results)
    when = scope.period.text if scope.period.previous else scope.period.end_text
    block: TableBlock = {
        "kind": "table", "caption": f"{scope.region.name}需关注和向好的事项（{when}）", "unit": "",
        "header": ["类别", "情况", "责任处室"], "align": ["left"] * 3, "widths": [1.1, 4.6, 1.7], "ruled": True,
        "rows": [
            [KINDS[signal.kind], "；".join(filter(None, [signal.text, signal.takes])), signal.owner or signal.metric.owner]
            for signal in listed
        ],
        "marked": [], "totals": [], "notes": [ORDER], "sources": [],
        **numbers([figure for signal in listed for figure in signal.figures], scope.results),
    }  # fmt: skip
    return publish(block)


def _without_spots(scope: Scope, metrics: Iterable[Metric] | None = None) -> str:
    """Return the words for a region that stands out in none of the rates."""
    parts = scope.results.regions.parts
    if scope.region not in scope.peers:
        return NOT_A_PART.format(name=scope.region.name, parts=parts)
    return WITHIN.format(parts=parts) if is_compared(scope, metrics) else NOT_COMPARED


def _grounds(figure: Figure) -> str:
    """Return the two numbers that a rate was taken of, and the rate with its limits."""
    metric, interval = figure.metric, figure.interval
    assert figure.numerator is not None and figure.denominator is not None
    halves = f"{number_format.digits(figure.numerator)}/{number_format.digits(figure.denominator)}"
    limits = f"（{number_format.limits(interval.low, interval.high, metric.unit, metric.decimals)}）" if interval else ""
    return f"{metric.label}：{halves}，{figure.text}{limits}"
