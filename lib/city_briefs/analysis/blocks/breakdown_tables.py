"""Tables of one metric by its parts, and of some metrics beside those of other areas."""

from collections.abc import Sequence
from decimal import Decimal

from city_briefs.analysis.blocks.chart_blocks import unsaid
from city_briefs.analysis.blocks.publish import RIGHT, caveats, changes_by_chance, numbers, publish, publish_prose, sources
from city_briefs.analysis.blocks.region_table import HEADS, TINY, TINY_NOTE, cell
from city_briefs.analysis.figures import disclosure_control, number_format
from city_briefs.analysis.figures.figure import Base, Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import compared, look
from city_briefs.common.blocks import ROUNDING, TableBlock
from city_briefs.common.characters import adjoined
from city_briefs.model.labels import COLUMNS, UNSAID, chinese
from city_briefs.model.metric import Metric
from city_briefs.model.tables import BENCHMARKS

MOST_PARTS = 20  # rows of a table; a column with more values is no breakdown


def breakdown(scope: Scope, metric: Metric, by: str, audience: disclosure_control.Audience = "public") -> None:
    """Show the table of a metric by the words of a column: value, comparison with the year before, and share in % of what adds up.

    The rows stand from the largest value to the smallest, what is merged for privacy last. A metric without a value shows no text;
    one that the regions only returned shows no block.
    """
    total = look(scope, metric, "value")
    if total.value is None or scope.results.provenance(metric) != "records":
        return unsaid(total, scope.results) if total.value is None else None
    change = compared(metric)
    merged, before = (
        disclosure_control.merged(scope.over(period), [metric], by, audience)
        for period in (scope.period, scope.period.year_before)
    )
    parts: list[tuple[Figure, Figure | None]] = []
    for part in sorted(set(scope.results.parts(metric, by)) - merged):
        value, growth = (look(scope, metric, view, part=(by, part)) for view in ("value", change))
        if value.value is not None and (value.value or value.denominator):
            parts.append((value, growth if part not in before else None))
    if not parts:
        return unsaid(total, scope.results)
    parts.sort(key=lambda row: (row[0].part[1] == UNSAID, -(row[0].value or 0)))
    shown, rest = parts[:MOST_PARTS], parts[MOST_PARTS:]
    if other := disclosure_control.other(scope, metric, by, merged):
        shown.append((other, None))
    portioned = metric.form in ("flow", "stock") and bool(total.value)
    rows = [_row(by, value, growth, total.value if portioned else None) for value, growth in shown]
    remarks = [f"另有{len(rest)}类数量较少，未列出"] if rest else []
    remarks += [disclosure_control.notice(COLUMNS[by])] if any(growth is None for _, growth in shown) else []
    growths = [growth for _, growth in shown if growth]
    remarks += changes_by_chance(growths, lambda growth: chinese(by, growth.part[1]))
    remarks += [TINY_NOTE] if any(TINY in row for row in rows) else []
    remarks += [ROUNDING] if portioned else []
    figures = [figure for row in shown for figure in row if figure]
    units = (metric.unit, look(scope, metric, change).unit, *(["%"] if portioned else []))
    block: TableBlock = {
        "kind": "table", "caption": f"{adjoined(scope.region.name, metric.label)}按{COLUMNS[by]}分（{scope.period.text}）",
        "unit": "、".join(dict.fromkeys(units)),
        "header": [COLUMNS[by], metric.label, HEADS[change], *(["占比"] if portioned else [])],
        "align": ["left", *RIGHT * (3 if portioned else 2)], "rows": rows, "marked": [], "totals": [],
        "notes": [*caveats(figures, scope.results), *remarks], "sources": sources([metric], scope.results),
        **numbers([total, *figures], scope.results, [metric]),
    }  # fmt: skip
    return publish(block)


def _row(by: str, value: Figure, growth: Figure | None, total: Decimal | None) -> list[str]:
    """Return a part as a row. Its growth is a dash where the part was merged; its share is left out when `total` is None or zero."""
    assert value.value is not None
    share = (
        [number_format.scaled(value.value / total * number_format.HUNDRED, "%", number_format.PERCENT_DECIMALS)[0]]
        if total
        else []
    )
    return [chinese(by, value.part[1]), cell(value), cell(growth) if growth else number_format.NOTHING, *share]


def against(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show the table of metrics of the region beside those of the province and what is cited of other areas for the same period.

    A metric of which nothing is cited has no row; without any row a sentence stands in place of the table.
    """
    rows_cited = scope.snapshot.listed(BENCHMARKS)
    areas = list(dict.fromkeys(row["area"] for row in rows_cited if row["metric"] in {metric.id for metric in metrics}))
    province = scope.whole
    stated: list[Figure] = []
    rows: list[list[str]] = []
    notes: list[str] = []
    for metric in metrics:
        bases: list[Base] = ["value"] if metric.unit == "%" else ["value", "yoy"]
        for base in bases:
            of_regions = [look(scope.at(region), metric, base) for region in dict.fromkeys((scope.region, province))]
            cited = [look(scope.at(province), metric, "benchmark", area=area, base=base) for area in areas]
            if all(figure.value is None for figure in cited):
                continue
            stated += [*of_regions, *cited]
            unit, digits = _in_one_unit([*of_regions, *cited])
            rows.append([metric.label + ("同比" if base == "yoy" else ""), unit, *digits])
            notes += [figure.note for figure in cited if figure.note]
    if not rows:
        sentence = "没有引用其他地区同期的数据，本期不作横向对标。"
        return publish_prose([sentence], [], scope.results, metrics)
    heads = [region.whole if region == province else region.short for region in dict.fromkeys((scope.region, province))]
    block: TableBlock = {
        "kind": "table", "caption": f"{scope.period.text}主要指标对标", "unit": "", "close": True,
        "header": ["指标", "单位", *heads, *areas],
        "align": ["left", "left", *RIGHT * (len(rows[0]) - 2)], "rows": rows, "marked": [], "totals": [],
        "notes": ["空白表示没有数据或没有可引用的出处", *changes_by_chance(stated, _of_region)],
        "sources": list(dict.fromkeys([*sources(list(metrics), scope.results), *notes])),
        **numbers(stated, scope.results),
    }  # fmt: skip
    return publish(block)


def _of_region(growth: Figure) -> str:
    """Return what a growth in a table of many metrics is of: 兰州市新设立市场主体."""
    return adjoined(growth.region.name, growth.metric.label)


def _in_one_unit(figures: Sequence[Figure]) -> tuple[str, list[str]]:
    """Return the unit in which the smallest of the figures can still be read, and the digits of each; blank for one without a value."""
    values = [figure.value for figure in figures if figure.value is not None]
    unit, decimals = figures[0].unit, figures[0].metric.decimals if figures[0].view == "value" else number_format.PERCENT_DECIMALS
    scale = Decimal(1)
    if unit not in number_format.UNSCALED and min(map(abs, values)) >= number_format.TEN_THOUSAND:
        scale, name, decimals = number_format.SCALES[0]
        unit = name + unit
    return unit, [
        "" if figure.value is None else number_format.number(figure.printed if scale == 1 else figure.value / scale, decimals)
        for figure in figures
    ]
