"""All cities on many metrics: tables side by side, tile map, heat table of places, and the cities that lead. Nobody is called last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from city_briefs.analysis import charts
from city_briefs.analysis.assessments import claims
from city_briefs.analysis.blocks.chart_blocks import chart_block, in_place, incomparable, ordinal, ranking
from city_briefs.analysis.blocks.publish import (
    RIGHT,
    caveats,
    changes_by_chance,
    missing,
    numbers,
    publish,
    publish_prose,
    sources,
)
from city_briefs.analysis.blocks.region_table import TINY, TINY_NOTE, cell, why_no_places
from city_briefs.analysis.charts.region_rows import MOST, evenly
from city_briefs.analysis.figures import certainty, number_format
from city_briefs.analysis.figures.changes import NOT_APART
from city_briefs.analysis.figures.comparability import NOT_ESTIMATED
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import compared, look
from city_briefs.analysis.statistics import SMALL
from city_briefs.analysis.statistics.comparisons import Comparison
from city_briefs.common.blocks import ClaimRecord, TableBlock
from city_briefs.common.regions import Region
from city_briefs.model.metric import Metric

PAGE = 9.3  # the width of the page, in the widths of the columns of a table
MOST_METRICS = 7  # of a heat table, that headings and places can be read
FEWEST_CITIES = 5  # with a value; fewer make no distribution
NAME_WIDTH, AMOUNT_WIDTH, RATE_WIDTH, PLACE_WIDTH, BESIDE_WIDTH = 1.0, 1.0, 0.8, 1.35, 0.75  # of the columns of a table
RATE_CHARACTERS, CHARACTER_WIDTH = (
    6,
    0.14,
)  # of the numbers of a rate that fit its width, such as 100.00; of one in a wider column
BESIDE = "与其他地区比"
ALIKE = "接近"
BESIDE_NOTE = f"“高于”“低于”指与{{whole}}其余地区的差异超出随机波动，“{ALIKE}”指{NOT_APART}，分母不足{SMALL}的不比"
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
    notes = ["各地区按方位以等大方格示意，不表示行政区域界线", "颜色由浅到深表示数值由小到大，不表示好坏", *_reasons(figures)]
    notes += changes_by_chance(figures)
    chart = charts.tiles(figures, at, province if metric.form == "ratio" or shown != "value" else None)
    return chart_block(chart, [*figures, province], notes, scope.results)


def heat(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show heat tables of the place of every city on each rate, with those that are possible, at most 7 metrics and MOST cities each.

    A metric without places is named under the first table, with the reason. When no metric is left, a sentence says so.
    """
    cities = scope.peers
    ranks = {metric: [look(scope.at(city), metric, "rank") for city in cities] for metric in metrics}
    shown = [metric for metric in metrics if any(rank.value is not None for rank in ranks[metric])]
    reasons = why_no_places([rank for of_metric in ranks.values() for rank in of_metric])
    if not shown:
        return in_place("；".join(reasons), scope, metrics)
    parts = [(chosen, rows) for chosen in evenly(shown, MOST_METRICS) for rows in evenly(range(len(cities)), MOST)]
    for number, (chosen, rows) in enumerate(parts):
        kept = {metric: [ranks[metric][row] for row in rows] for metric in chosen}
        figures = [rank for of_metric in kept.values() for rank in of_metric]
        notes = ["数字为位次，括号内为可能的位次，数值相同的位次并列；反向指标以低者居前", *(reasons if not number else [])]
        chart = charts.heat(kept, [cities[row] for row in rows], len(cities))
        chart_block(replace(chart, caption=chart.caption + ordinal(number, len(parts))), figures, notes, scope.results)
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
        return in_place(f"{'；'.join(notes)}，不作分布图", scope, metrics)
    unknown = any(len(valued) < len(cities) for valued in shown.values())
    notes = ["各指标自成标尺，右侧为优", *([f"没有数据的{scope.results.regions.parts}未列入"] if unknown else []), *notes]
    return chart_block(charts.distribution(shown, scope.region, scope.results.regions.parts), figures, notes, scope.results)


def compare(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show tables of several metrics side by side: value of every region, place of every city, and whether a rate is above the others'.

    There are as many tables as the width of the page needs. A metric without any value is named under the first; when none has one, a
    sentence stands in place of the tables.
    """
    regions = scope.results.regions.all
    values = {metric: {region: look(scope.at(region), metric, "value") for region in regions} for metric in metrics}
    held = [metric for metric in metrics if any(figure.value is not None for figure in values[metric].values())]
    left = [metric.label for metric in metrics if metric not in held]
    if not held:
        return in_place(f"{'、'.join(left)}本期没有数据，不作比较", scope, metrics)
    ranks = {metric: [look(scope.at(city), metric, "rank") for city in scope.peers] for metric in held}
    columns = {metric: _columns(scope, metric, values[metric], ranks[metric]) for metric in held}
    unestimated = {metric.id for metric in held if _is_unestimated(scope, metric, columns[metric])}
    for number, chosen in enumerate(_fitting(columns)):
        listed = [
            region for region in regions if region.level != "other" or any(values[metric][region].value for metric in chosen)
        ]
        shown = [column for metric in chosen for column in columns[metric] if not column.is_alike]
        stated = [figure for metric in chosen for figure in (*(values[metric][region] for region in listed), *ranks[metric])]
        rows = [[_name(region), *(column.cells.get(region, "") for column in shown)] for region in listed]
        remarks = [f"本期没有数据、未列入的指标：{'、'.join(left)}"] if left and not number else []
        remarks += _reasons([figure for figure in stated if figure.view == "value" and figure.region.level != "province"])
        remarks += why_no_places([figure for figure in stated if figure.view == "rank" and figure.metric.better != "neutral"])
        is_told = any(column.head == BESIDE for metric in chosen for column in columns[metric])
        remarks += [BESIDE_NOTE.format(whole=scope.whole.whole)] if is_told else []
        alike = [metric.label for metric in chosen if any(column.is_alike for column in columns[metric])]
        remarks += [f"{'、'.join(alike)}：各{scope.results.regions.parts}与其余地区均{ALIKE}"] if alike else []
        remarks += [ZERO_NOTE] if any(number_format.NOTHING in row for row in rows) else []
        remarks += [TINY_NOTE] if any(TINY in row for row in rows) else []
        block: TableBlock = {
            "kind": "table", "caption": f"{scope.period.text}各地区{_titled(chosen)}比较", "unit": "",
            "dense": True, "header": ["地区", *(column.head for column in shown)], "align": ["left", *RIGHT * len(shown)],
            "widths": [NAME_WIDTH, *(column.width for column in shown)], "rows": rows, "marked": [],
            "totals": [place for place, region in enumerate(listed) if region.level == "province"],
            "notes": [*caveats(stated, scope.results), *remarks], "sources": sources(chosen, scope.results),
            **numbers(stated, scope.results, chosen),
        }  # fmt: skip
        for made in block["metrics"]:
            if made["id"] in unestimated:
                made["comparisons"] = [NOT_ESTIMATED]
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
    if figure.metric.form != "ratio":
        return "受规模影响"
    if figure.value is None:
        return figure.prose
    return f"有数据的{parts}不足{FEWEST_CITIES}个" if count < FEWEST_CITIES else ""


@dataclass(frozen=True)
class Column:
    """A column of a table of all regions: its head, its width, and its cells by region; a region without a cell is blank."""

    head: str
    width: float
    cells: dict[Region, str]

    @property
    def is_alike(self) -> bool:
        """Whether it has the same to say of every city, that it is like the others, which a note says once."""
        return self.head == BESIDE and set(self.cells.values()) == {ALIKE}


def _columns(scope: Scope, metric: Metric, values: Mapping[Region, Figure], ranks: Sequence[Figure]) -> list[Column]:
    """Return the columns of a metric: its values, the places where there are any, and how each city's rate is beside the others'."""
    cells = {region: cell(figure) for region, figure in values.items()}
    longest = max(map(len, cells.values()))
    is_short = metric.form == "ratio" and longest <= RATE_CHARACTERS
    width = RATE_WIDTH if is_short else max(AMOUNT_WIDTH, longest * CHARACTER_WIDTH)
    columns = [Column(f"{metric.label}（{metric.unit}）", width, cells)]
    if any(rank.value is not None for rank in ranks):
        columns.append(Column("位次", PLACE_WIDTH, {rank.region: cell(rank) for rank in ranks}))
    known = [city for city in scope.peers if values[city].value is not None and values[scope.whole].value is not None]
    tests = {city: certainty.beside_the_rest(Question(scope.at(city), metric)) for city in known}
    beside = {city: _beside(outcome) for city, outcome in tests.items() if outcome is not None}
    return [*columns, Column(BESIDE, BESIDE_WIDTH, beside)] if beside else columns


def _is_unestimated(scope: Scope, metric: Metric, columns: Sequence[Column]) -> bool:
    """Return whether a city was held beside the others without an estimate of how much its months vary."""
    beside = [city for column in columns if column.head == BESIDE for city in column.cells]
    return any(certainty.is_without_dispersion(Question(scope.at(city), metric)) for city in beside)


def _beside(outcome: Comparison) -> str:
    return ALIKE if not outcome.is_told_apart else "高于" if outcome.z > 0 else "低于"


def _name(region: Region) -> str:
    return region.name if region.level == "province" else region.short


def _fitting(columns: Mapping[Metric, Sequence[Column]]) -> Iterator[list[Metric]]:
    """Yield the metrics in their order, in groups whose columns fit the page."""
    group: list[Metric] = []
    used = NAME_WIDTH
    for metric, of_metric in columns.items():
        wide = sum(column.width for column in of_metric if not column.is_alike)
        if group and used + wide > PAGE:
            yield group
            group, used = [], NAME_WIDTH
        group.append(metric)
        used += wide
    yield group


def _titled(metrics: Sequence[Metric]) -> str:
    """Return the labels of a table's metrics for its title: all of two, the first and 等 of more."""
    return "、".join(metric.label for metric in metrics) if len(metrics) <= 2 else f"{metrics[0].label}等指标"


def _reasons(figures: Sequence[Figure]) -> list[str]:
    """Return why some cells are blank: each reason once, with its metrics and without the names of cities."""
    blank: dict[str, dict[str, None]] = {}
    for figure in figures:
        if figure.value is None and figure.text != number_format.NOTHING:
            blank.setdefault(figure.text, {})[figure.metric.label] = None
    return [f"{'、'.join(labels)}空白的，{reason}" for reason, labels in blank.items()]
