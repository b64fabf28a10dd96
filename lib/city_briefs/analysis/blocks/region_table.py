"""Tables: regions side by side."""

from collections.abc import Sequence
from itertools import groupby
from statistics import mode

from city_briefs.analysis.blocks.publish import RIGHT, caveats, changes_by_chance, missing, numbers, publish, sources
from city_briefs.analysis.charts.labels import place
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import compared, look
from city_briefs.common.blocks import ROUNDING, TableBlock
from city_briefs.model.metric import Metric

DASH_NOTE = "“—”表示上年同期为零或基数过小，不作百分比比较"
TINY = number_format.TINY
TINY_NOTE = f"“{TINY}”表示不足最小单位"
HEADS = {"yoy": "同比增减", "change_pp": "同比增减", "share": "占{}", "rank": "位次"}
INTERVAL = "95%区间"


def places(scope: Scope, metric: Metric) -> None:
    """Show the table of all regions side by side: value, growth, share and place; the province first, then by division code.

    A rate has its interval beside it.

    A place stands with those that are possible; without any there is no column, and the reason is under the table. When no region has a
    value, a sentence stands in place of the table.
    """
    regions = scope.results.regions
    change = compared(metric)
    views = ["value", change, *(["share"] if metric.form in ("flow", "stock") else [])]
    shown = {region: [look(scope.at(region), metric, view) for view in views] for region in regions.all}
    ranks = [look(scope.at(city), metric, "rank") for city in scope.peers]
    if any(rank.value is not None for rank in ranks):
        views.append("rank")
        shown = {region: [*figures, look(scope.at(region), metric, "rank")] for region, figures in shown.items()}
    if all(figures[0].value is None for figures in shown.values()):
        return missing(shown[scope.region][0], scope.results)
    listed = [region for region, figures in shown.items() if region.level != "other" or figures[0].value]
    rows = [[region.name, *map(cell, shown[region])] for region in listed]
    growths = [row[1 + views.index(change)] for row in rows]
    blank = dict.fromkeys(shown[region][1].text for region, cell in zip(listed, growths, strict=True) if not cell)
    remarks = [DASH_NOTE] if number_format.NOTHING in growths else []
    remarks += [f"同比增减空白的，{reason}" for reason in blank]
    remarks += changes_by_chance([shown[region][1] for region in listed])
    remarks += why_no_places(ranks)
    remarks += [TINY_NOTE] if any(TINY in row for row in rows) else []
    remarks += [ROUNDING] if metric.form != "ratio" else []
    header = ["地区", metric.label, *(HEADS[view].format(regions.province.whole) for view in views[1:])]
    if metric.form == "ratio" and any(shown[region][0].interval for region in listed):
        header.insert(2, INTERVAL)
        for row, region in zip(rows, listed, strict=True):
            row.insert(2, _interval(shown[region][0]))
    figures = [figure for region in listed for figure in shown[region]]
    block: TableBlock = {
        "kind": "table",
        "caption": f"{scope.period.text}各地区{metric.label}",
        "unit": "、".join(dict.fromkeys((metric.unit, shown[scope.region][1].unit))),
        "header": header,
        "align": ["left", *RIGHT * (len(header) - 1)],
        "rows": rows,
        "marked": [place for place, region in enumerate(listed) if region == scope.region],
        "totals": [place for place, region in enumerate(listed) if region.level == "province"],
        "sources": sources([metric], scope.results),
        "notes": [*caveats(figures, scope.results), *remarks],
        **numbers(figures, scope.results),
    }
    return publish(block)


def _interval(figure: Figure) -> str:
    """Return the limits of a rate in plain digits; empty for none."""
    interval = figure.interval
    return number_format.limits(interval.low, interval.high, "", figure.metric.decimals) if interval else ""


def why_no_places(ranks: Sequence[Figure]) -> list[str]:
    """Return notes on the places of one or more metrics that are not given: a metric without any, and single blank cells of others."""
    without: dict[str, list[str]] = {}
    blank: dict[str, dict[str, None]] = {}
    for label, group in groupby(ranks, key=lambda rank: rank.metric.label):
        of_metric = list(group)
        reasons = [rank.text for rank in of_metric if rank.value is None and rank.text != number_format.NOTHING]
        if reasons and len(reasons) == len(of_metric):
            without.setdefault(mode(reasons), []).append(label)
        else:
            for reason in reasons:
                blank.setdefault(reason, {})[label] = None
    notes = [f"{'、'.join(labels)}：{reason}" for reason, labels in without.items()]
    return notes + [f"{'、'.join(labels)}位次空白的，{reason}" for reason, labels in blank.items()]


def cell(figure: Figure) -> str:
    """Return a figure as a cell of a table, whose head has the unit: plain digits.

    It is blank for no data, — for what is not compared, … for a value that rounds to zero.
    """
    if figure.value is None:
        return figure.text if figure.text == number_format.NOTHING else ""
    if figure.view == "rank":
        return place(figure)
    printed = figure.printed
    return TINY if figure.value and not printed else number_format.number(printed, figure.decimals)
