"""Charts as blocks: what each is drawn from, and the sentence that stands in its place when that is not known."""

from city_briefs.analysis import charts
from city_briefs.analysis.blocks.prose import missing
from city_briefs.analysis.blocks.publish import caveats, numbers, publish, publish_prose, sources
from city_briefs.analysis.charts.labels import UNKNOWN
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import compared, look
from city_briefs.common.blocks import ChartBlock
from city_briefs.common.periods import FIRST_YEAR, Period
from city_briefs.model.metric import Metric

TREND_YEARS = 5


def trend(scope: Scope, metric: Metric) -> None:
    """The chart of the metric over the last years to the same month, with growth; nothing when the sentence before it says why not."""
    periods = last_years(scope.period)
    amounts = [look(scope.over(period), metric, "value") for period in periods]
    growths = [look(scope.over(period), metric, compared(metric)) for period in periods]
    if amounts[-1].value is None:
        return unsaid(amounts[-1], scope.results)
    unknown = [period.text for period, amount in zip(periods, amounts, strict=True) if amount.value is None]
    if len(unknown) == len(periods) - 1:
        sentence = f"{'、'.join(unknown)}{UNKNOWN}，不作{metric.label}走势图。"
        return publish_prose([sentence], [*amounts, *growths], scope.results)
    chart = charts.trend(amounts, growths)
    notes = [f"{'、'.join(unknown)}{UNKNOWN}，不作与之相关的同比"] if unknown else []
    return chart_block(chart, [*amounts, *growths], notes, scope.results)


def ranking(scope: Scope, metric: Metric, view: str = "value") -> None:
    """The chart of all cities in order, this one marked, or of growth when `view` is yoy; nothing when the sentence before says why not."""
    place = look(scope, metric, "rank")
    if metric.better == "neutral":
        return missing(place, scope.results)
    figures = [look(scope.at(city), metric, view) for city in scope.peers]
    if all(figure.value is None for figure in figures):
        of_region = look(scope, metric, view)
        return (
            unsaid(of_region, scope.results) if of_region.refused else missing(figures[0], scope.results)
        )  # the province may be compared where no city can
    comparable = view != "value" or metric.form == "ratio"
    province = look(scope.at(scope.whole), metric, view) if comparable else None
    chart = charts.ranking(figures, scope.region, province)
    return chart_block(chart, [*figures, *([province] if province else [])], [], scope.results)


def last_years(period: Period) -> list[Period]:
    """The same months of the last years, this one the last."""
    return [Period(year, period.through) for year in range(max(FIRST_YEAR + 1, period.year - TREND_YEARS + 1), period.year + 1)]


def unsaid(figure: Figure, results: Results) -> None:
    """Nothing in the text, since the sentence before has said it; the appendix gives the reason."""
    publish({"kind": "prose", "paragraphs": [], "notes": [], "sources": [], **numbers([figure], results)})


def chart_block(chart: charts.Chart, figures: list[Figure], notes: list[str], results: Results) -> None:
    """Show a chart with its notes and the sources of its figures."""
    metrics = list({figure.metric.id: figure.metric for figure in figures}.values())
    block: ChartBlock = {
        "kind": "chart", "caption": chart.caption, "alt": chart.alt, "svg": chart.svg,
        "notes": [*caveats(figures, results), *notes], "sources": sources(metrics, results),
        **numbers(figures, results),
    }  # fmt: skip
    publish(block)
