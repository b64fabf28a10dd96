"""All cities on many metrics: tables side by side, tile map, heat table of places, and the cities that lead. Nobody is called last."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import mode

from city_briefs.analysis import charts
from city_briefs.analysis.assessments import claims
from city_briefs.analysis.blocks.chart_blocks import chart_block, incomparable, ranking
from city_briefs.analysis.blocks.publish import RIGHT, caveats, missing, numbers, publish, publish_prose, sources
from city_briefs.analysis.blocks.region_table import TINY, TINY_NOTE, cell
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import compared, look
from city_briefs.common.blocks import ClaimRecord, TableBlock
from city_briefs.model.metric import Metric

MOST_COLUMNS = 8  # of a table beside the names of the regions, that it fits the width of the page
MOST_METRICS = 10  # of a heat table, that the headings can be read
FEWEST_CITIES = 5  # with a value; fewer make no distribution
NUMERALS = "一二三四五六七八九"  # of the parts of a heat table
PLACE_WIDTH = 0.6  # of a column of places, beside one of values
NAME_WIDTH = 1.15
ZERO_NOTE = f"“{number_format.NOTHING}”表示分母为零或没有可计算的记录"


def tiles(scope: Scope, metric: Metric, view: str = "value") -> None:
    """Show the tile map of the cities by a rate or a growth; their ranking, where a city has no tile.

    `view` is "value", or "yoy" for growth in %, of a percentage its change in 个百分点. A sentence stands in place of the map when the
    metric is neutral or no city has a value.
    """
    shown = compared(metric) if view == "yoy" else view
    if metric.better == "neutral":
        return missing(look(scope, metric, "rank"), scope.results)
    cities = scope.peers
    figures = [look(scope.at(city), metric, shown) for city in cities]
    province = look(scope.at(scope.whole), metric, shown)
    if all(figure.value is None for figure in figures):
        return publish_prose([incomparable(scope, metric, shown)], figures, scope.results)
    at = charts.positions()
    if not charts.placed(cities, at):
        return ranking(scope, metric, shown)
    return chart_block(
        charts.tiles(figures, at, province if metric.form == "ratio" or shown != "value" else None), [*figures, province],
        ["各地区按方位以等大方格示意，不表示行政区域界线", "颜色由浅到深表示数值由小到大", *_reasons(figures)], scope.results,
    )  # fmt: skip


def heat(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show heat tables of the place of every city on each metric, at most 10 metrics each.

    A neutral metric, and one that no city has a value of, is named under the first table. When no metric is left, a sentence says so.
    """
    cities = scope.peers
    ranked = [metric for metric in metrics if metric.better != "neutral"]
    places = {metric: [look(scope.at(city), metric, "rank") for city in cities] for metric in ranked}
    reported = {
        metric: ranks for metric, ranks in places.items()
        if any(look(scope.at(city), metric, "value").value is not None for city in cities)
    }  # fmt: skip
    left = [metric.label for metric in ranked if metric not in reported]
    apart = [metric.label for metric in metrics if metric.better == "neutral"]
    if not ranked:
        return _publish_reason(f"{'、'.join(apart)}不分优劣，不排位次", scope, metrics)
    if not reported:
        return _publish_reason(f"没有可排位次的指标：{'、'.join(left)}本期未报送或数据不全", scope, metrics)
    parts = list(_evenly(list(reported), MOST_METRICS))
    for number, chosen in enumerate(parts):
        part = {metric: reported[metric] for metric in chosen}
        figures = [figure for ranks in part.values() for figure in ranks]
        notes = ["数字为位次，数值相同的位次并列；反向指标以低者居前", *_reasons(figures)]
        notes += [f"本期没有数据、未列入的指标：{'、'.join(left)}"] if left and not number else []
        notes += [f"不分优劣、不列入位次的指标：{'、'.join(apart)}"] if apart and not number else []
        chart = charts.heat(part, cities)
        ordinal = f"（{NUMERALS[number]}）" if len(parts) > 1 else ""
        chart_block(replace(chart, caption=chart.caption + ordinal), figures, notes, scope.results)
    return None


def distribution(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show the chart of the cities on a scale of each metric's own, the region marked.

    The notes name each metric that is left out, with the reason; when every metric is, a sentence stands in place of the chart.
    """
    cities = scope.peers
    shown: dict[Metric, list[Figure]] = {}
    left: dict[str, list[str]] = {}
    for metric in metrics:
        valued = [figure for city in cities if (figure := look(scope.at(city), metric, "value")).value is not None]
        if reason := _unfit(look(scope, metric, "value"), len(valued), scope.results.regions.parts):
            left.setdefault(reason, []).append(metric.label)
        else:
            shown[metric] = valued
    figures = [figure for metric in metrics for figure in shown.get(metric, [look(scope, metric, "value")])]
    notes = [f"{'、'.join(labels)}{reason}，未列入" for reason, labels in left.items()]
    if not shown:
        return _publish_reason(f"{'；'.join(notes)}，不作分布图", scope, metrics)
    unknown = any(len(valued) < len(cities) for valued in shown.values())
    notes = ["各指标自成标尺，右侧为优", *([f"没有数据的{scope.results.regions.parts}未列入"] if unknown else []), *notes]
    return chart_block(charts.distribution(shown, scope.region, scope.results.regions.parts), figures, notes, scope.results)


def compare(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show tables of several metrics side by side: value and place of every city; a neutral metric has no place.

    There are as many tables as the width of the page needs. A metric without any value is named under the first; when none has one, a
    sentence stands in place of the tables.
    """
    regions = scope.results.regions.all
    values = {metric: {region: look(scope.at(region), metric, "value") for region in regions} for metric in metrics}
    held = [metric for metric in metrics if any(figure.value is not None for figure in values[metric].values())]
    left = [metric.label for metric in metrics if metric not in held]
    if not held:
        return _publish_reason(f"{'、'.join(left)}本期没有数据，不作比较", scope, metrics)
    for number, chosen in enumerate(_fitting(held)):
        listed = [
            region for region in regions
            if region.level != "other" or any(values[metric][region].value for metric in chosen)
        ]  # fmt: skip
        columns = [
            column
            for metric in chosen
            for column in _columns(scope.results, metric, [values[metric][region] for region in listed])
        ]
        figures = [figure for cells, *_ in columns for figure in cells if isinstance(figure, Figure)]
        rows = [[region.name if region.level == "province" else region.short] for region in listed]
        for cells, *_ in columns:
            for row, figure in zip(rows, cells, strict=True):
                row.append(cell(figure) if figure else "")
        remarks = [f"本期没有数据、未列入的指标：{'、'.join(left)}"] if left and not number else []
        remarks += _reasons([figure for figure in figures if figure.region.level != "province"])
        remarks += [ZERO_NOTE] if any(number_format.NOTHING in row for row in rows) else []
        remarks += [TINY_NOTE] if any(TINY in row for row in rows) else []
        block: TableBlock = {
            "kind": "table", "caption": f"{scope.period.text}各地区{_titled(chosen)}比较", "unit": "",
            "header": ["地区", *(head for _, head, _ in columns)], "align": ["left", *RIGHT * len(columns)],
            "widths": [NAME_WIDTH, *(width for *_, width in columns)], "rows": rows, "marked": [],
            "totals": [place for place, region in enumerate(listed) if region.level == "province"],
            "notes": [*caveats(figures, scope.results), *remarks], "sources": sources(chosen, scope.results),
            **numbers(figures, scope.results, chosen),
        }  # fmt: skip
        publish(block)
    return None


def leaders(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show the table 各指标居前的市州: the leading cities on each rate, in the order of their codes.

    Value, base and possible places of each stand under the table. A metric on which nobody may be said to lead, such as any number, is in
    the appendix, with the reason; when every metric is, a sentence stands in place of the table.
    """
    rows, notes, figures = [], [], []
    earned: list[ClaimRecord] = []
    province, parts = scope.whole, scope.results.regions.parts
    for metric in metrics:
        made = claims.leading(scope.at(province), metric)
        earned.append({"name": made.name, "metric": metric.id, "said": made.text, "refused": made.refused})
        if made.refused:
            continue
        of_province = look(scope.at(province), metric, "value")
        rows.append([metric.label, of_province.text if of_province.value is not None else "", made.subject])
        notes.append(f"{metric.label}：{made.note.replace('；', '、')}")
        figures += [of_province, *made.figures]
    if not rows:
        sentence = f"{'、'.join(metric.label for metric in metrics)}均不具备列出居前{parts}的条件。"
        return publish({"kind": "prose", "paragraphs": [sentence], "claims": earned, **numbers([], scope.results, metrics)})
    among = f"前{number_format.digits(claims.LEADING_SHARE * 100)}%（至少一个）且可能的位次都在前一半的{parts}"
    remarks = [f"列入{among}，按行政区划代码排列，不分先后"]
    remarks += ["未列的指标，原因见附录"] if len(rows) < len(metrics) else []
    block: TableBlock = {
        "kind": "table", "caption": f"{scope.period.text}各项比率居前的{parts}", "unit": "",
        "header": ["指标", province.whole, f"居前的{parts}"], "align": ["left", "right", "left"], "widths": [1.5, 0.8, 1.8],
        "rows": rows, "marked": [], "totals": [], "claims": earned,
        "notes": [*remarks, *notes], "sources": sources(list(metrics), scope.results),
        **numbers(figures, scope.results, metrics),
    }  # fmt: skip
    return publish(block)


def _unfit(figure: Figure, count: int, parts: str) -> str:
    """Return why a metric has no place in a distribution; empty when it has. `count` is how many cities have a value."""
    if figure.metric.better == "neutral":
        return "不分优劣"
    if figure.value is None:
        return figure.prose
    return f"有数据的{parts}不足{FEWEST_CITIES}个" if count < FEWEST_CITIES else ""


def _columns(results: Results, metric: Metric, values: list[Figure]) -> Iterator[tuple[list[Figure | None], str, float]]:
    """Yield the columns of a metric, each as cells, head and width: its values and, unless it is neutral, the places of the cities.

    A cell is None for a region that is no city and so has no place.
    """
    yield list(values), f"{metric.label}（{metric.unit}）", 1.0
    places = [
        look(Scope.of(results, figure.region, figure.period), metric, "rank") if figure.region.level == "city" else None
        for figure in values
    ]
    if metric.better != "neutral":
        yield list(places), "位次", PLACE_WIDTH


def _fitting(metrics: Sequence[Metric]) -> Iterator[list[Metric]]:
    """Yield the metrics in their order, in groups whose columns fit the page."""
    group: list[Metric] = []
    used = 0
    for metric in metrics:
        wide = 1 if metric.better == "neutral" else 2
        if group and used + wide > MOST_COLUMNS:
            yield group
            group, used = [], 0
        group.append(metric)
        used += wide
    yield group


def _evenly(metrics: list[Metric], most: int) -> Iterator[list[Metric]]:
    """Yield the metrics in their order, in as few groups of at most `most` as hold them, of about equal size."""
    number = -(-len(metrics) // most)
    for group in range(number):
        yield metrics[group * len(metrics) // number : (group + 1) * len(metrics) // number]


def _titled(metrics: Sequence[Metric]) -> str:
    """Return the labels of a table's metrics for its title: all of two, the first and 等 of more."""
    return "、".join(metric.label for metric in metrics) if len(metrics) <= 2 else f"{metrics[0].label}等指标"


def _reasons(figures: Sequence[Figure]) -> list[str]:
    """Return why some cells are blank: each reason once, with its metrics and without the names of cities.

    A place that is refused to one city is refused to all; the most frequent reason among them is given.
    """
    refusals: dict[tuple[Metric, bool], list[str]] = {}
    for figure in figures:
        if figure.value is None and figure.text != number_format.NOTHING:
            refusals.setdefault((figure.metric, figure.view == "rank"), []).append(figure.text)
    blank: dict[str, dict[str, None]] = {}
    for (metric, place), reasons in refusals.items():
        for reason in [mode(reasons)] if place else reasons:
            blank.setdefault(reason, {})[f"{metric.label}位次" if place else metric.label] = None
    return [f"{'、'.join(labels)}空白的，{reason}" for reason, labels in blank.items()]


def _publish_reason(sentence: str, scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show the sentence that stands where nothing can be compared."""
    figures = [look(scope, metric, "value") for metric in metrics]
    publish_prose([f"{scope.period.text}，{sentence}。"], figures, scope.results)
