"""Charts of rates among the regions: dots on scales of their own, the spine chart, and the funnel."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from city_briefs.analysis import charts
from city_briefs.analysis.assessments import chart_messages, funnels
from city_briefs.analysis.assessments.rate_positions import SMALL_BASE, RatePosition, positions
from city_briefs.analysis.blocks.chart_blocks import chart_block, in_place, ordinal
from city_briefs.analysis.charts.region_rows import evenly
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure, Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics import SMALL
from city_briefs.common.regions import Region
from city_briefs.model.metric import Metric

MOST_RATES, MOST_SPINE = 12, 24  # of a dot chart, of a spine chart
BETTER_RIGHT = "各项自成标尺，右侧为优"
IN_ORDER = "不分优劣的指标右侧为高"


def rates(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show the dot chart of rates among those of the other regions; a sentence where none is known."""
    shown, notes = _drawn(scope, metrics)
    if not shown:
        return in_place(f"{'；'.join(notes)}，不作图示", scope, metrics)
    return _in_charts(scope, shown, notes, MOST_RATES, charts.rates)


def spine(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show the spine chart of rates that have a median; the others are named in a note, and a sentence stands where none has one."""
    drawn, notes = _drawn(scope, metrics)
    shown = [position for position in drawn if position.median is not None]
    notes += [f"{position.metric.label}{position.reason}，未列入" for position in drawn if position.median is None]
    if not shown:
        return in_place(f"{'；'.join(notes)}，不作脊柱图", scope, metrics)
    return _in_charts(scope, shown, notes, MOST_SPINE, charts.spine)


def _in_charts(
    scope: Scope, shown: Sequence[RatePosition], notes: list[str], most: int,
    draw: Callable[[Sequence[RatePosition], Region, str, str], charts.Chart],
) -> None:  # fmt: skip
    """Show positions in as many charts as they need, each of about as many; the notes on what is left out stand under the first."""
    groups = evenly(shown, most)
    for number, group in enumerate(groups):
        title = chart_messages.of_rates(group) + ordinal(number, len(groups))
        chart = draw(group, scope.region, scope.results.regions.parts, title)
        chart_block(chart, _figures(group), [*_how(group), *(notes if not number else [])], scope.results)


def funnel(scope: Scope, metric: Metric) -> None:
    """Show the funnel chart of a rate; a sentence says why there is none."""
    try:
        made = funnels.funnel(scope, metric)
    except Refusal as refusal:
        return in_place(str(refusal), scope, [metric])
    rests_on = metric.pair.second.label if metric.is_pair else "分母"
    chart = charts.funnel(made, scope.region, chart_messages.of_funnel(made, scope.region), rests_on)
    notes = []
    if made.dispersion > 1:
        spread = number_format.number(Decimal(str(made.dispersion)), 2)
        notes.append(f"控制限已按各地通常的离散程度放宽（φ={spread}）")
    notes.append("只标出99.8%控制限之外的地区" if made.outside else "没有地区超出99.8%控制限")
    notes += [f"分母不足{SMALL}、未列入的：{'、'.join(made.left_out)}"] if made.left_out else []
    return chart_block(chart, [point.figure for point in made.points], notes, scope.results)


def _drawn(scope: Scope, metrics: Sequence[Metric]) -> tuple[list[RatePosition], list[str]]:
    """Return the positions that can be drawn, and a note on those left out, each reason once with its metrics."""
    shown: list[RatePosition] = []
    left: dict[str, list[str]] = {}
    for position in positions(scope, metrics):
        if position.own.value is None or position.metric.form != "ratio" or position.reason == SMALL_BASE:
            left.setdefault(position.reason, []).append(position.metric.label)
        else:
            shown.append(position)
    return shown, [f"{of_metrics(labels, reason)}，未列入" for reason, labels in left.items()]


def of_metrics(labels: Sequence[str], reason: str) -> str:
    """Return a reason with the metrics that it is of; one that names its metric already stands alone."""
    return reason if any(reason.startswith(label) for label in labels) else f"{'、'.join(labels)}{reason}"


def _how(shown: Sequence[RatePosition]) -> list[str]:
    """Return the notes on how the chart is read, and which rates are not compared."""
    reasons: dict[str, list[str]] = {}
    for position in shown:
        if position.reason:
            reasons.setdefault(position.reason, []).append(position.metric.label)
    notes = [BETTER_RIGHT + (f"，{IN_ORDER}" if any(position.metric.better == "neutral" for position in shown) else "")]
    notes += ["横线为95%区间，不含中位数的才说好于或差于"] if any(position.own.interval for position in shown) else []
    return notes + [f"{'、'.join(labels)}{reason}" for reason, labels in reasons.items()]


def _figures(shown: Sequence[RatePosition]) -> list[Figure]:
    """Return the figures that a chart states: of each rate its own, those of the others, and the target."""
    figures: list[Figure] = []
    for position in shown:
        figures += [position.own, *position.others, *([position.standing.aim] if position.standing else [])]
    return figures
