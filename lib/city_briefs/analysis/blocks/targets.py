"""Targets: where each stands, what is left to do, how many cities are on course, and what is set for the next year."""

from collections.abc import Iterable
from decimal import Decimal

from city_briefs.analysis import charts
from city_briefs.analysis.assessments import actions, chart_messages
from city_briefs.analysis.assessments.pace import BY_DAYS, adds_up, bases
from city_briefs.analysis.assessments.targets import (
    LIGHTS,
    ON_COURSE,
    RULE,
    Standing,
    of_cities,
    progress_decimals,
    standings,
    uncatalogued,
)
from city_briefs.analysis.assessments.what_it_takes import of_target
from city_briefs.analysis.blocks.chart_blocks import chart_block, ordinal
from city_briefs.analysis.blocks.measures import Measure, measures
from city_briefs.analysis.blocks.publish import LEFT, RIGHT, numbers, publish, publish_prose, sources
from city_briefs.analysis.charts.region_rows import evenly
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import POINTS, look
from city_briefs.common.blocks import TableBlock
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region

MOST_BULLETS = 30  # targets of one bullet chart
WHOLE = 20  # targets that stand in one table on one page
NO_TARGETS = "没有引用{}{}年度的目标任务文件，本期不列目标任务"


def target_lights(scope: Scope) -> None:
    """Show the sentence on how many days of the year have passed, in %, and how many targets are met, on course and behind.

    Without targets, a sentence says so.
    """
    listed = standings(scope)
    if not listed:
        return _publish_no_targets(scope.results, scope.region, scope.period.year)
    counts = [(light, sum(standing.light == light for standing in listed)) for light in LIGHTS]
    counted = "、".join(f"{light}{number}项" for light, number in counts if number)
    unknown = sum(standing.light is None for standing in listed)
    counted += f"{'，另有' if counted else ''}{unknown}项不作评价" if unknown else ""
    elapsed = number_format.amount(_elapsed(scope.period), "%", progress_decimals(listed))
    paragraph = f"{scope.period.end_text}，{scope.period.year}年时间进度（{BY_DAYS}）为{elapsed}。"
    paragraph += f"{adjoined(scope.region.whole, scope.period.year)}年度目标任务{len(listed)}项，其中{counted}。"
    if missing := [standing for standing in listed if standing.own.value is None]:
        paragraph += "".join(f"{standing.name}{standing.own.prose}。" for standing in missing)
    return publish_prose([paragraph], _figures(listed), scope.results)


def targets(scope: Scope) -> None:
    """Show the table of the region's own targets: as set, where it stands, share done and due, and the light; a second one of those behind.

    Without targets, a sentence says so.
    """
    listed = standings(scope)
    if not listed:
        return _publish_no_targets(scope.results, scope.region, scope.period.year)
    decimals = progress_decimals(listed)
    ahead = any(standing.monthly is not None for standing in listed)  # something is still to be done in the months left
    rows = [
        [standing.name, standing.aim_text, _own(standing), _reached(standing), _done(standing, decimals),
         _due(standing, decimals), *([_monthly(standing)] if ahead else []), standing.light or ""]
        for standing in listed
    ]  # fmt: skip
    notes = [*bases((standing.name, standing.pace) for standing in listed if standing.pace), *RULE]
    notes += [
        f"{standing.name}完成时限为{standing.due.month}月{standing.due.day}日"
        for standing in listed
        if _early(standing, scope.period)
    ]
    notes += [
        f"{standing.name}不作评价，{standing.own.prose if standing.own.value is None else standing.refused}"
        for standing in listed
        if standing.light is None and standing.refused
    ]
    if unknown := uncatalogued(scope.results, scope.region, scope.period.year):
        notes.append(f"另有{unknown}项目标的指标未收入指标目录，未列出")
    block: TableBlock = {
        "kind": "table", "caption": f"{adjoined(scope.region.name, scope.period.year)}年目标任务进度（{scope.period.end_text}）",
        "unit": "",
        "dense": True, "whole": len(rows) <= WHOLE, "in_workbook": True,
        "header": ["目标任务", "目标", "实际", "完成情况", "完成进度", "应达进度", *(["今后月均尚需"] if ahead else []), "评价"],
        "align": ["left", *RIGHT * (6 if ahead else 5), "left"],
        "widths": [2.2, 1.3, 1, 1.2, 0.8, 0.8, *([1.1] if ahead else []), 0.5],
        "rows": rows, "marked": [], "totals": [], "notes": notes, "sources": _sources(listed, scope.results),
        **numbers(_figures(listed), scope.results),
    }  # fmt: skip
    publish(block)
    behind = [
        Measure(standing.name, standing.metric, of_target(scope, standing), standing.metric.owner,
                actions.of(scope, standing.metric.id), tuple(_figures([standing])))
        for standing in listed if standing.light == "滞后"
    ]  # fmt: skip
    caption = f"{adjoined(scope.region.name, scope.period.year)}年滞后目标所需数量和交办情况（{scope.period.end_text}）"
    return measures(scope, behind, caption, "目标任务", "怎样达标")


def target_bars(scope: Scope) -> None:
    """Show the chart of the region's targets, with the mark of what is due; no block without targets, since a sentence before says so."""
    listed = standings(scope)
    if not listed:
        return None
    notes = ["各项以目标为100；箭头表示超出图幅，以所注数值为准"]
    notes += ["目标为“以下”的，横条超过目标线表示尚未达到目标"] if any(standing.at_most for standing in listed) else []
    return chart_block(charts.target_bars(listed), _figures(listed), notes, scope.results)


def bullets(scope: Scope) -> None:
    """Show the bullet chart of the region's targets, with what is due and what is projected; no block without targets, as `target_bars`."""
    listed = standings(scope)
    projections = {
        standing.metric.id: figure
        for standing in listed
        if standing.base == "value" and (figure := look(scope.to_date, standing.metric, "projection")).value is not None
    }
    groups = evenly(listed, MOST_BULLETS)
    for number, group in enumerate(groups):
        chart = charts.bullets(group, projections, chart_messages.of_targets(group) + ordinal(number, len(groups)))
        figures = [*_figures(group), *(projections[one.metric.id] for one in group if one.metric.id in projections)]
        notes = list(bases((standing.name, standing.pace) for standing in group if standing.pace))
        notes += ["目标为“以下”的累计数，用得越多横条越长"] if any(one.at_most and one.pace for one in group) else []
        chart_block(chart, figures, notes, scope.results)


def targets_by_city(scope: Scope) -> None:
    """Show the table of how many cities are on course on each target; a sentence when no targets of cities are cited.

    Those that are behind are named to the province alone.
    """
    by_target = of_cities(scope.results, scope.period)
    if not by_target:
        sentence = f"没有引用各市州{scope.period.year}年度的目标任务文件，不列市州完成情况。"
        return publish_prose([sentence], [], scope.results)
    is_named = scope.region == scope.whole
    rows = []
    for group in by_target.values():
        counts = [sum(standing.light == light for standing in group) for light in ON_COURSE]
        behind = [standing.own.region.short for standing in group if standing.light == "滞后"]
        rows.append(
            [group[0].name, *map(str, (len(group), *counts, sum(counts))), *(["、".join(behind) or "无"] if is_named else [])]
        )
    unknown = [
        f"{group[0].name}{number}个"
        for group in by_target.values()
        if (number := sum(standing.light is None for standing in group))
    ]
    block: TableBlock = {
        "kind": "table", "caption": f"各市州{scope.period.year}年目标任务进展（{scope.period.end_text}）", "unit": "个",
        "header": ["目标任务", "承担任务的市州", *ON_COURSE, "达标和正常合计", *(["滞后的市州"] if is_named else [])],
        "align": ["left", *RIGHT * 4, *LEFT * is_named], "dense": True,
        "widths": [2, 1.2, 0.8, 0.8, 1.2, *([3] if is_named else [])], "rows": rows, "marked": [], "totals": [],
        "notes": ["评价规则与全省相同", *([f"数据不全、不作评价的市州：{'、'.join(unknown)}"] if unknown else [])],
        "sources": _sources([standing for group in by_target.values() for standing in group], scope.results),
        **numbers([], scope.results, list(dict.fromkeys(group[0].metric for group in by_target.values()))),
    }  # fmt: skip
    return publish(block)


def targets_ahead(scope: Scope) -> None:
    """Show the table of next year's targets beside those of this year and where they stand.

    Without targets for the next year, a sentence says so.
    """
    ahead = standings(scope.over(scope.period.of_year(scope.period.year + 1)))
    if not ahead:
        return _publish_no_targets(scope.results, scope.region, scope.period.year + 1)
    present = {(standing.metric.id, standing.base): standing for standing in standings(scope)}
    rows, figures = [], []
    for standing in ahead:
        before = present.get((standing.metric.id, standing.base))
        figure = look(scope, standing.metric, standing.base)
        rows.append([standing.name, standing.aim_text, before.aim_text if before else "", _cell(figure), _step(standing, figure)])
        figures += [standing.aim, figure]
    notes = [f"实际为{scope.period.end_text}的数据"]
    notes += ["增幅和百分率以个百分点比较"] if any(row[-1].endswith(POINTS) for row in rows) else []
    notes += ["全年数尚未形成的，不作比较"] if scope.period.through < 12 else []
    block: TableBlock = {
        "kind": "table", "caption": f"{adjoined(scope.region.name, scope.period.year + 1)}年目标任务",
        "unit": "", "dense": True, "whole": len(rows) <= WHOLE,
        "header": ["目标任务", f"{scope.period.year + 1}年目标", f"{scope.period.year}年目标", f"{scope.period.year}年实际", "目标比实际"],
        "align": ["left", "right", "right", "right", "right"], "widths": [2, 1.2, 1.2, 1.2, 1.4], "rows": rows,
        "marked": [], "totals": [], "notes": notes, "sources": _sources(ahead, scope.results),
        **numbers(figures, scope.results),
    }  # fmt: skip
    return publish(block)


def _elapsed(period: Period) -> Decimal:
    """Return the share of the calendar year that has passed, in %."""
    return number_format.HUNDRED * period.to_date.days / Period(period.year).days


def _early(standing: Standing, period: Period) -> bool:
    """Return whether a target is due before the last day of the year."""
    return (standing.due.year, standing.due.month, standing.due.day) != (period.year, 12, 31)


def _cell(figure: Figure) -> str:
    """Return a figure as a cell with its unit; blank for no data."""
    return figure.text if figure.value is not None else ""


def _own(standing: Standing) -> str:
    """Return where a target stands as a cell with its unit; blank for no data."""
    return standing.own_text if standing.own.value is not None else ""


def _reached(standing: Standing) -> str:
    """Return the share of the target that is reached, in %, or the gap to it, without the words that the light repeats.

    It is blank when there is no data.
    """
    if standing.against.value is None:
        return ""
    if standing.at_most or standing.against.unit == POINTS:
        return standing.gap_text
    return standing.against.text.split("，")[0].removeprefix("为目标的")


def _done(standing: Standing, decimals: int) -> str:
    """Return the share of the way that is covered, in %, or 已完成 for a level that is reached; blank where there is no way."""
    if standing.done is None or standing.own.value is None:
        return ""
    if standing.light == "达标" and not adds_up(standing.metric):
        return "已完成"
    return number_format.amount(max(standing.done, Decimal(0)), "%", decimals)


def _due(standing: Standing, decimals: int) -> str:
    """Return the share of the way that is due, in %; blank where there is no way."""
    return "" if standing.pace is None else number_format.amount(standing.pace.share, "%", decimals)


def _monthly(standing: Standing) -> str:
    """Return what each month left must bring, rounded up; — when nothing is left to do, blank without a light."""
    if standing.monthly is None:
        return number_format.NOTHING if standing.light else ""
    amount = "".join(number_format.scaled(standing.monthly, standing.metric.unit, standing.metric.decimals, "ceiling"))
    return f"降低{amount}" if standing.at_most else amount


def _step(standing: Standing, figure: Figure) -> str:
    """Return how far next year's target is from where this year ends; blank when the year is not over or there is no data."""
    comparable = figure.period.through == 12 or standing.metric.at_month_end
    if figure.value is None or standing.aim.value is None or not comparable:
        return ""
    if standing.aim.unit == "%":
        aim = standing.aim.value.normalize()
        return _apart(aim - figure.printed, POINTS, max(figure.decimals, number_format.places(aim)))
    if not figure.value:
        return number_format.NOTHING
    growth = (standing.aim.value / figure.value - 1) * number_format.HUNDRED
    return _apart(growth, "%", number_format.PERCENT_DECIMALS)


def _apart(gap: Decimal, unit: str, decimals: int) -> str:
    """Return how far one number is from another: 高1.2个百分点, 低3.4%; 持平 when that rounds to zero."""
    if not number_format.rounded(abs(gap), decimals):
        return "持平"
    return f"{'高' if gap > 0 else '低'}{number_format.amount(abs(gap), unit, decimals)}"


def _figures(listed: Iterable[Standing]) -> list[Figure]:
    """Return the figures of targets: each aim, where it stands, and the comparison."""
    return [figure for standing in listed for figure in (standing.aim, standing.own, standing.against)]


def _sources(listed: Iterable[Standing], results: Results) -> list[str]:
    """Return where the figures and the targets come from, each once."""
    shown = list(listed)
    metrics = list(dict.fromkeys(standing.metric for standing in shown))
    return list(dict.fromkeys([*sources(metrics, results), *(standing.aim.note for standing in shown if standing.aim.note)]))


def _publish_no_targets(results: Results, region: Region, year: int) -> None:
    """Show the sentence that no targets of the year are cited."""
    publish_prose([NO_TARGETS.format(region.name, year) + "。"], [], results)
