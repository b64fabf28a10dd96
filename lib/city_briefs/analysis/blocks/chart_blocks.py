"""Charts as blocks, and the sentence that stands in place of a chart whose figures are not known."""

from collections.abc import Sequence
from dataclasses import replace

from city_briefs.analysis import charts
from city_briefs.analysis.assessments import chart_messages
from city_briefs.analysis.blocks.publish import caveats, changes_by_chance, missing, numbers, publish, publish_prose, sources
from city_briefs.analysis.charts.labels import UNKNOWN
from city_briefs.analysis.charts.region_rows import fitting, in_order, left_out
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import AS_KNOWN, compared, look, look_as_known
from city_briefs.common.blocks import ChartBlock
from city_briefs.common.periods import FIRST_YEAR, Period
from city_briefs.model.metric import Metric

NUMERALS = "一二三四五六七八九"  # of the charts that are one
TREND_YEARS = 5
AS_KNOWN_NOTE = "各年均按年末后同一时间已知的结果计算，以便比较；以前年度的最终数可能更高"


def trend(scope: Scope, metric: Metric) -> None:
    """Show the chart of a metric over the last years to the same month, with its growth.

    Without a value for this year it shows no text, since the sentence before gives the reason; with no year to compare, a sentence.
    """
    periods = last_years(scope.period)
    amounts = [look_as_known(scope, metric, period) for period in periods]
    growths = [look(scope.over(period), metric, compared(metric)) for period in periods]
    if amounts[-1].value is None:
        return unsaid(amounts[-1], scope.results)
    unknown = [period.text for period, amount in zip(periods, amounts, strict=True) if amount.value is None]
    if len(unknown) == len(periods) - 1:
        sentence = f"{'、'.join(unknown)}{UNKNOWN}，不作{metric.label}走势图。"
        return publish_prose([sentence], [*amounts, *growths], scope.results)
    chart = charts.trend(amounts, growths)
    notes = [f"{'、'.join(unknown)}{UNKNOWN}，不作与之相关的同比"] if unknown else []
    notes += [AS_KNOWN_NOTE] if any(amount.view == AS_KNOWN for amount in amounts) else []
    return chart_block(chart, [*amounts, *growths], notes, scope.results)


def ranking(scope: Scope, metric: Metric, view: str = "value") -> None:
    """Show the chart of all cities in order, this one marked; of their growth when `view` is "yoy".

    A neutral metric has a sentence in place of the chart. When no city has a value, a sentence or no text stands there.
    """
    place = look(scope, metric, "rank")
    if metric.better == "neutral":
        return missing(place, scope.results)
    figures = [look(scope.at(city), metric, view) for city in scope.peers]
    if all(figure.value is None for figure in figures):
        of_region = look(scope, metric, view)
        if of_region.refused:
            return unsaid(of_region, scope.results)
        return publish_prose([incomparable(scope, metric, view)], figures, scope.results)
    comparable = view != "value" or metric.form == "ratio"
    province = look(scope.at(scope.whole), metric, view) if comparable else None
    ordered = in_order(figures)
    groups = fitting(ordered, scope.region)
    title = chart_messages.of_ranking(scope, metric, view)
    for number, group in enumerate(groups):
        chart = charts.ranking(group, scope.region, province, title)
        notes = [*changes_by_chance(figures), *left_out(ordered, groups, scope.results.regions.parts)] if not number else []
        chart = replace(chart, caption=chart.caption + ordinal(number, len(groups)))
        chart_block(chart, [*group, *([province] if province else [])], notes, scope.results)
    return None


def incomparable(scope: Scope, metric: Metric, view: str) -> str:
    """Return the sentence that stands in place of a chart of all cities when none has a value; the reason of each is its own."""
    what = metric.label + ("同比增减" if view != "value" else "")
    return f"{scope.period.text}，各地区{what}均没有可比数据，不作图示。"


def in_place(sentence: str, scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show the sentence that stands where nothing can be compared or drawn, after the period."""
    figures = [look(scope, metric, "value") for metric in metrics]
    publish_prose([f"{scope.period.text}，{sentence}。"], figures, scope.results)


def ordinal(number: int, of: int) -> str:
    """Return the end of the caption of one of several charts that are one: （二）; empty of one alone."""
    return "" if of == 1 else f"（{NUMERALS[number] if of <= len(NUMERALS) else number + 1}）"


def last_years(period: Period) -> list[Period]:
    """Return the same months of the last five years, this one the last; fewer where the years that can be compared begin later."""
    return [period.of_year(year) for year in range(max(FIRST_YEAR + 1, period.year - TREND_YEARS + 1), period.year + 1)]


def unsaid(figure: Figure, results: Results) -> None:
    """Show a block without text: the sentence before has given the reason, and the appendix repeats it."""
    publish({"kind": "prose", "paragraphs": [], "notes": [], "sources": [], **numbers([figure], results)})


def chart_block(chart: charts.Chart, figures: list[Figure], notes: list[str], results: Results) -> None:
    """Show a chart with its notes and the sources of its figures."""
    metrics = list({figure.metric.id: figure.metric for figure in figures}.values())
    block: ChartBlock = {
        "kind": "chart", "caption": chart.caption, "alt": chart.alt, "svg": chart.svg,
        "notes": [*caveats(figures, results), *notes], "sources": sources(metrics, results),
        **numbers(figures, results),
    }  # fmt: skip
    if chart.narrow:
        block["narrow"] = chart.narrow
    publish(block)
