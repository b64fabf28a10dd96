"""What a cell of a chapter shows: blocks of prose, cards, tables and charts, with the figures they state and where these come from.

A block is shown as HTML to the analyst and travels as JSON (type look.MIME) to the exporters. Every block carries `figures` (one
per number stated or refused), `metrics` (their definitions) and `snapshot`.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from IPython.display import publish_display_data

from lib import charts, look, text
from lib.figure import Figure
from lib.guards import Claim
from lib.metric import Metric
from lib.periods import FIRST_YEAR, Period
from lib.regions import Region
from lib.results import Results
from lib.sentences import statement
from lib.views import look as figure_of

TREND_YEARS = 5
DASH_NOTE = "“—”表示上年同期为零或基数过小，不作百分比比较"
TINY = "…"
TINY_NOTE = f"“{TINY}”表示不足最小单位"
ROUNDING_NOTE = "因四舍五入，合计与分项可能不等"


def card(metric: Metric, results: Results) -> dict[str, Any]:
    """What the appendix prints of a metric: its definition, and where this snapshot has it from."""
    snapshot = results.snapshot
    return {
        "id": metric.id,
        "label": metric.label,
        "unit": metric.unit,
        "definition": metric.definition,
        "owner": metric.owner,
        "hash": metric.hash,
        "provenance": results.provenance(metric),
        "sources": [snapshot.source(table) for table in results.sources(metric)],
        "caveats": [caveat.text for caveat in snapshot.caveats if caveat.concerns(metric.id)],
    }


def publish(block: dict[str, Any], figures: Iterable[Figure], results: Results, metrics: Sequence[Metric] = ()) -> None:
    """Show a block: JSON for the exporters, HTML for the analyst, its words for everything else."""
    snapshot = results.snapshot
    stated = list(figures)
    block["figures"] = [figure.record(snapshot.id) for figure in stated]
    named = dict.fromkeys([*metrics, *(figure.metric for figure in stated)])
    block["metrics"] = [card(metric, results) for metric in named]
    block["snapshot"] = {"id": snapshot.id, "synthetic": snapshot.synthetic, "notice": snapshot.notice}
    html = f"<style>{look.css()}</style>\n{look.html(block)}"
    publish_display_data({look.MIME: block, "text/html": html, "text/plain": _words(block)})


def prose(results: Results, metrics: Sequence[Metric], region: Region, period: Period) -> None:
    """A paragraph of one sentence on the metrics."""
    said, figures = statement(results, metrics, region, period)
    publish({"kind": "prose", "paragraphs": [said]}, figures, results)


def claim(results: Results, made: Claim) -> None:
    """A claim that was earned, with its grounds under it; one that was not shows nothing here, and the appendix says why."""
    when = made.period.end_text if made.metric.at_month_end else made.period.text
    said = [f"{when}，{made.subject or made.region.whole}{made.said}。"] if made.said else []
    block = {
        "kind": "prose", "paragraphs": said, "notes": [made.note] if said and made.note else [], "sources": [],
        "claims": [{"name": made.name, "metric": made.metric.id, "said": made.said, "refused": made.refused}],
    }  # fmt: skip
    publish(block, [figure for figure in made.figures if figure.value is not None], results, [made.metric])


def cards(results: Results, shown: Sequence[Figure]) -> None:
    """Headline numbers: the value, its growth or what it is taken of, and the place in the province."""
    stated: list[Figure] = []
    made = []
    for figure in shown:
        growth = figure_of(results, figure.metric, "yoy", figure.region, figure.period)
        place = figure_of(results, figure.metric, "rank", figure.region, figure.period)
        digits, unit = _digits(figure)
        made.append({"value": digits, "unit": unit, **_beneath(results, figure, growth, place)})
        stated += [figure, growth, place] if figure.view == "value" else [figure]
    publish({"kind": "cards", "cards": made}, stated, results)


def trend(results: Results, metric: Metric, region: Region, period: Period) -> None:
    """The chart of the metric over the last years to the same month, with growth."""
    years = range(max(FIRST_YEAR + 1, period.year - TREND_YEARS + 1), period.year + 1)
    periods = [Period(year, period.through) for year in years]
    amounts = [figure_of(results, metric, "value", region, one) for one in periods]
    growths = [figure_of(results, metric, "yoy", region, one) for one in periods]
    if amounts[-1].value is None:
        return _missing(amounts[-1], results)
    unknown = [one.text for one, amount in zip(periods, amounts, strict=True) if amount.value is None]
    if len(unknown) == len(periods) - 1:
        said = f"{'、'.join(unknown)}无完整数据，不作{metric.label}走势图。"
        return publish({"kind": "prose", "paragraphs": [said]}, [*amounts, *growths], results)
    chart = charts.trend(amounts, growths)
    notes = [f"{'、'.join(unknown)}无完整数据，不作与之相关的同比"] if unknown else []
    return _chart(chart, [*amounts, *growths], notes, results)


def ranking(results: Results, metric: Metric, region: Region, period: Period, view: str = "value") -> None:
    """The chart of all cities in order, this one marked; of growth, when `view` is yoy."""
    place = figure_of(results, metric, "rank", region, period)
    if metric.better == "neutral":
        return _missing(place, results)
    figures = [figure_of(results, metric, view, city, period) for city in results.regions.cities]
    if all(figure.value is None for figure in figures):
        return _missing(figure_of(results, metric, view, region, period), results)
    comparable = view != "value" or metric.form == "ratio"
    province = figure_of(results, metric, view, results.regions.province, period) if comparable else None
    chart = charts.ranking(figures, region, province)
    return _chart(chart, [*figures, *([province] if province else [])], [], results)


def places(results: Results, metric: Metric, region: Region, period: Period) -> None:
    """The table of all regions side by side: value, growth, share and place; the province first, then by division code."""
    regions = results.regions
    views = ("value", "yoy", "share", "rank")
    shown = {
        one: [figure_of(results, metric, view, one, period) for view in views] for one in regions.all if one.level != "county"
    }
    if all(figures[0].value is None for figures in shown.values()):
        return _missing(shown[region][0], results)
    listed = [one for one, figures in shown.items() if one.level != "other" or figures[0].value]
    rows = [[one.name, *map(_cell, shown[one])] for one in listed]
    growths = [row[1 + views.index("yoy")] for row in rows]
    blank = dict.fromkeys(shown[one][1].text for one, cell in zip(listed, growths, strict=True) if not cell)
    remarks = [DASH_NOTE] if text.NOTHING in growths else []
    remarks += [f"同比增减空白的，{reason}" for reason in blank]
    remarks += [TINY_NOTE] if any(TINY in row for row in rows) else []
    remarks += [ROUNDING_NOTE] if metric.form != "ratio" else []
    block = {
        "kind": "table",
        "caption": f"{period.text}各地区{metric.label}",
        "unit": "、".join(dict.fromkeys((metric.unit, "%"))),
        "header": ["地区", metric.label, "同比增减", f"占{regions.province.whole}", "位次"],
        "align": ["left", "right", "right", "right", "right"],
        "rows": rows,
        "marked": [place for place, one in enumerate(listed) if one == region],
        "totals": [place for place, one in enumerate(listed) if one.level == "province"],
        "sources": _sources([metric], results),
    }
    figures = [figure for one in listed for figure in shown[one]]
    block["notes"] = [*_caveats(figures, results), *remarks]
    return publish(block, figures, results)


def _chart(chart: charts.Chart, figures: list[Figure], notes: list[str], results: Results) -> None:
    metrics = list({figure.metric.id: figure.metric for figure in figures}.values())
    block = {
        "kind": "chart", "caption": chart.caption, "alt": chart.alt, "svg": chart.svg,
        "notes": [*_caveats(figures, results), *notes], "sources": _sources(metrics, results),
    }  # fmt: skip
    publish(block, figures, results)


def _missing(figure: Figure, results: Results) -> None:
    """The sentence that stands where a chart cannot."""
    publish({"kind": "prose", "paragraphs": [f"{figure.metric.label}{figure.refused}。"]}, [figure], results)


def _digits(figure: Figure) -> tuple[str, str]:
    """The value and the unit of a card, apart."""
    if figure.value is None:
        return text.NOTHING, ""
    digits = re.match(r"[−0-9.]+", figure.text)
    assert digits
    return digits[0], figure.text[digits.end() :]


def _beneath(results: Results, figure: Figure, growth: Figure, place: Figure) -> dict[str, str]:
    """The label of a card and the line under its number."""
    metric, province = figure.metric, results.regions.province
    plain = {"tone": "", "arrow": "", "place": ""}
    if figure.view == "per_day":
        return {**plain, "label": f"日均{metric.label}", "change": f"按{figure.period.days}天计算"}
    if figure.view == "share":
        whole = figure_of(results, metric, "value", province, figure.period)
        return {**plain, "label": f"占{province.whole}比重", "change": f"{province.whole}{metric.label}{whole.text}"}
    rising = growth.value is not None and growth.value > 0
    level = growth.value is None or growth.text == text.growth(Decimal(0))
    good = "good" if rising == (metric.better == "higher") else "bad"
    return {
        "label": metric.label,
        "change": ("同比" if growth.value is not None else "") + growth.prose,
        "tone": "" if level or metric.better == "neutral" else good,
        "arrow": "" if level else "▲" if rising else "▼",
        "place": f"{'' if metric.form == 'ratio' else '总量'}居{province.whole}{place.text}" if place.value is not None else "",
    }


def _cell(figure: Figure) -> str:
    """A figure in a table, whose head has the unit: plain digits; blank for no data, a dash for what is not compared."""
    if figure.value is None:
        return figure.text if figure.text == text.NOTHING else ""
    if figure.view == "rank":
        return text.number(figure.value, 0)
    decimals = figure.metric.decimals if figure.view == "value" else text.PERCENT_DECIMALS
    rounding = text.short_of_whole(figure.value, decimals) if figure.unit == "%" and figure.view != "yoy" else "nearest"
    return text.number(figure.value, decimals, rounding) if not figure.value or text.rounded(figure.value, decimals) else TINY


def _sources(metrics: list[Metric], results: Results) -> list[str]:
    """Sources as a source line has them: without the particulars in brackets, which the appendix prints."""
    full = [results.snapshot.source(table) for metric in metrics for table in results.sources(metric)]
    return list(dict.fromkeys(source.split("（")[0] for source in full))


def _caveats(figures: Sequence[Figure], results: Results) -> list[str]:
    """The caveats that stand under a chart or table of these figures: those that name their metric or view."""
    given = [figure for figure in figures if figure.value is not None]
    particular = [caveat for caveat in results.snapshot.caveats if caveat.metrics or caveat.views]
    return [
        caveat.text.rstrip("。")
        for caveat in particular
        if any(caveat.concerns(figure.metric.id, figure.view) for figure in given)
    ]


def _words(block: dict[str, Any]) -> str:
    """A block without any mark-up."""
    if block["kind"] == "prose":
        return "\n".join(block["paragraphs"])
    if block["kind"] == "cards":
        return "\n".join(
            f"{one['label']} {one['value']}{one['unit']} {one['change']} {one['place']}".rstrip() for one in block["cards"]
        )
    return f"{block['caption']}\n{block.get('alt', '')}".rstrip()
