"""Cards: headline numbers with what is under them."""

import re
from collections.abc import Sequence

from city_briefs.analysis import charts
from city_briefs.analysis.assessments.targets import standings
from city_briefs.analysis.blocks.chart_blocks import last_years
from city_briefs.analysis.blocks.publish import numbers, publish, publish_prose
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.changes import NOT_APART, WITHIN_REVISION
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.refusal_rules import NOT_VERIFIED, is_of_rejected
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.values import pending_text
from city_briefs.analysis.figures.views import compared, look, look_as_known
from city_briefs.common.blocks import HeadlineCard
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import Period
from city_briefs.model.metric import Metric


def cards(results: Results, shown: Sequence[Figure]) -> None:
    """Show headline numbers: the value, its growth or what it is taken of, the place, the light of its target, a spark of its years.

    A figure without a value has no card and is named in the notes; when none has one, a sentence stands in place of the cards.
    """
    stated = list(shown)
    made: list[HeadlineCard] = []
    lights = _lights(results, shown)
    for figure in (figure for figure in shown if figure.value is not None):
        growth = look(Scope.of(results, figure.region, figure.period), figure.metric, compared(figure.metric))
        place = look(Scope.of(results, figure.region, figure.period), figure.metric, "rank")
        card = _card(results, figure, growth, place)
        if figure.view == "value" and figure.metric in lights:
            card["light"] = f"目标{lights[figure.metric]}"
        years = [] if figure.view == "projection" else [_of_year(results, figure, each) for each in last_years(figure.period)]
        if spark := charts.spark(years):
            card["spark"] = {"svg": spark.svg, "alt": spark.alt}
            stated += years
        made.append(card)
        stated += [growth, *([place] if figure.region.level == "city" else [])] if figure.view == "value" else []
    notes = _unknown(shown)
    if not made:
        return publish_prose([f"{note}。" for note in notes], stated, results)
    return publish({"kind": "cards", "cards": made, "notes": notes, "sources": [], **numbers(stated, results)})


def _of_year(results: Results, figure: Figure, period: Period) -> Figure:
    """Return the figure of another year; a value as it was known at the same distance from the end of that year."""
    scope = Scope.of(results, figure.region, figure.period)
    if figure.view == "value":
        return look_as_known(scope, figure.metric, period)
    return look(scope.over(period), figure.metric, figure.view)


def _unknown(shown: Sequence[Figure]) -> list[str]:
    """Return a note for each reason why figures have no value, with the metrics; empty when all have one."""
    by_reason: dict[str, list[str]] = {}
    for figure in (figure for figure in shown if figure.value is None):
        reason = f"本期数据{NOT_VERIFIED}" if is_of_rejected(figure) else "本期没有数据或数据不全"
        if figure.view == "projection":
            reason = figure.prose
        by_reason.setdefault(reason, []).append(figure.metric.label)
    return [f"{reason}：{'、'.join(dict.fromkeys(labels))}" for reason, labels in by_reason.items()]


def _lights(results: Results, shown: Sequence[Figure]) -> dict[Metric, str]:
    """Return the light of each metric that the region has a target on; the different lights of several targets are joined.

    A figure of a period that does not begin in January has none: a target is on the year so far.
    """
    by_metric: dict[Metric, list[str]] = {}
    for region, period in dict.fromkeys((figure.region, figure.period) for figure in shown if figure.period.is_to_date):
        for standing in standings(Scope.of(results, region, period)):
            if standing.light:
                by_metric.setdefault(standing.metric, []).append(standing.light)
    return {metric: "、".join(dict.fromkeys(lights)) for metric, lights in by_metric.items()}


def _digits(figure: Figure) -> tuple[str, str]:
    """Return the value and the unit of a card, apart."""
    if figure.value is None:
        return number_format.NOTHING, ""
    if figure.view == "projection":
        return number_format.number(figure.printed, figure.decimals), figure.unit
    digits = re.match(r"[−0-9.]+", figure.text)
    assert digits
    return digits[0], figure.text[digits.end() :]


def _card(results: Results, figure: Figure, growth: Figure, place: Figure) -> HeadlineCard:
    """Return a card with its number, its label and the line under it."""
    metric, province = figure.metric, results.regions.province
    digits, unit = _digits(figure)
    plain: HeadlineCard = {"value": digits, "unit": unit, "tone": "", "arrow": "", "place": "", "label": "", "change": ""}
    if figure.view == "per_day":
        return {**plain, "label": f"日均{metric.label}", "change": f"按{figure.period.days}天计算"}
    if figure.view == "projection" and figure.interval:
        limits = number_format.limits(figure.interval.low, figure.interval.high, figure.unit, figure.decimals)
        return {**plain, "label": f"预计全部办结后{metric.label}", "change": f"可能在{limits}"}
    if figure.view == "share":
        total = look(Scope.of(results, province, figure.period), metric, "value")
        return {**plain, "label": f"占{province.whole}比重", "change": f"{adjoined(province.whole, metric.label)}{total.text}"}
    return {
        "value": digits,
        "unit": unit,
        "label": metric.label,
        "change": "；".join(filter(None, (_change(growth), pending_text(figure.pending)))),
        "tone": growth.tone,
        "arrow": growth.arrow,
        "place": f"居{adjoined(province.whole, place.text)}" if place.value is not None else "",
    }


def _change(growth: Figure) -> str:
    """Return the line on a change: in words when it is told apart from chance; else its number, and that it is not."""
    if growth.value is None:
        return growth.prose
    if growth.verdict != "same" or growth.text == number_format.LEVEL:
        return f"同比{growth.text}"
    points = growth.metric.unit == "%"
    size = number_format.signed(growth.value, growth.unit, growth.metric.decimals if points else number_format.PERCENT_DECIMALS)
    why = WITHIN_REVISION if growth.text.endswith(WITHIN_REVISION) else NOT_APART
    return f"同比{size}{growth.unit if points else ''}，{why}"
