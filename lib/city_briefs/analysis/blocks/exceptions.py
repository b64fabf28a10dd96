"""Exceptions: what has to be done, lights that are on and targets that are behind, the gravest first.

Each of the first has its months with the threshold and the year before, where its cases lie, or which parts make it; all have what it
takes, who sees to it until when, and what became of what was asked. What page one draws is not drawn again: another view stands here.
Every other one is a line of a table under them, so that none is left out.
"""

from collections.abc import Sequence
from itertools import islice
from typing import TypeAlias

from city_briefs.analysis.assessments import actions, targets, yellow_lights
from city_briefs.analysis.assessments.signals import signals as signals_of
from city_briefs.analysis.blocks.overview import cells, heads, line
from city_briefs.analysis.blocks.page_one import when_panel, why_panel
from city_briefs.analysis.blocks.publish import RIGHT, numbers, publish, publish_prose, sources
from city_briefs.analysis.blocks.yellow_lights import remarks_on_lights
from city_briefs.analysis.charts.signed_bars import Bar, signed_bars
from city_briefs.analysis.charts.small_course import HALF
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.page_one.matters import Matter, matters
from city_briefs.analysis.page_one.when import When, when
from city_briefs.analysis.page_one.where import Where, where
from city_briefs.analysis.page_one.why import Why, ways, why
from city_briefs.common.blocks import ExceptionBlock, LeadLine, Panel, TableBlock
from city_briefs.common.periods import day_text

ON_A_PAGE = 3  # with drawings, when there are no more
BESIDE_OTHERS = 2  # when others stand in a table under them
PANELS = 2  # of an exception
UNKNOWN_OUTCOME = "尚未登记办理结果"
JUDGED: dict[str, str] = {"worse": "变差", "below": "弱于其他地区", "better": "向好", "above": "优于其他地区"}
ROWS = {0: 25, 1: 20, 2: 10}  # of the table of other changes, by how many exceptions there are
NONE = "{}，{}没有亮灯的警示事项和滞后的目标任务。"
UNJUDGED = "{}，{}没有引用的目标任务，各项警示规则均因数据原因未能判定。"
View: TypeAlias = When | Where | Why  # that can be drawn
HYPOTHETICAL = "要做到什么按本期记录计算，其他数不变；时限和交办结果据交办登记，没有登记的不列"


def exceptions(scope: Scope) -> None:
    """Show a block for each of the gravest exceptions, a table of the others, and what is watched or was not judged; a line for none."""
    lights, standings = yellow_lights.lights(scope), targets.standings(scope)
    listed = [matter for matter in matters(scope, (), lights, standings) if matter.light or matter.standing]
    if not listed:
        is_judged = standings or not all(light.refused for light in lights)
        sentence = (NONE if is_judged else UNJUDGED).format(scope.period.end_text, scope.region.whole)
        figures = [*(light.last.figure for light in lights), *(standing.own for standing in standings)]
        publish_prose(
            [sentence, *(remarks_on_lights(scope, lights) if is_judged else [])], figures if is_judged else [], scope.results
        )
        return _changes(scope, listed)
    shown = listed if len(listed) <= ON_A_PAGE else listed[:BESIDE_OTHERS]
    drawn: list[View | None] = [when(scope, listed, ()), why(scope, [matter.metric for matter in listed])]  # on page one
    for number, matter in enumerate(shown):
        views = _views(scope, matter, drawn)
        drawn += views
        _publish(scope, matter, views, last=number == len(shown) - 1 == len(listed) - 1)
    if rest := listed[len(shown) :]:
        publish(_table(scope, rest))
    _changes(scope, listed)
    if remarks := remarks_on_lights(scope, lights):
        publish_prose(remarks, [light.last.figure for light in lights], scope.results)
    return None


def _changes(scope: Scope, listed: Sequence[Matter]) -> None:
    """Show the table of what else got worse or better beyond chance or stands out, where few exceptions leave room; no block for none."""
    told = {matter.metric for matter in listed}
    signals = [signal for signal in signals_of(scope) if signal.kind in JUDGED and signal.metric not in told]
    by_metric = {signal.metric: signal for signal in reversed(signals)}
    most = ROWS.get(len(listed), 0)
    shown = list(dict.fromkeys(signal.metric for signal in signals))[:most]
    if not shown:
        return
    lines = [line(scope, metric) for metric in shown]
    left = len(by_metric) - len(shown)
    block: TableBlock = {
        "kind": "table", "caption": f"{scope.region.name}其他明显变化和突出的指标（{scope.period.text}）", "unit": "",
        "dense": True, "close": True, "whole": True, "header": [*heads(scope.whole.whole), "判断"],
        "align": ["left", *RIGHT * 5, "left"], "widths": [2.5, 1.5, 1.5, 1.3, 0.8, 1.2, 1.2],
        "rows": [[*cells(each), JUDGED[by_metric[each.metric].kind]] for each in lines], "marked": [], "totals": [],
        "notes": [f"另有{left}项见后文"] if left else [], "sources": sources(shown, scope.results),
        **numbers([figure for each in lines for figure in each.figures], scope.results, shown),
    }  # fmt: skip
    publish(block)


def _publish(scope: Scope, matter: Matter, views: Sequence[View], *, last: bool) -> None:
    """Show the block of an exception."""
    figures = [*matter.figures, *(figure for view in views for figure in view.figures)]
    block: ExceptionBlock = {
        "kind": "exception", "what": matter.what, "mark": matter.mark, "mark_word": matter.word, "lines": _lines(scope, matter),
        "panels": [_panel(view) for view in views], "notes": [HYPOTHETICAL] if last else [],
        "sources": sources([matter.metric], scope.results),
        **numbers(list(dict.fromkeys(figures)), scope.results, [matter.metric]),
    }  # fmt: skip
    publish(block)


def _views(scope: Scope, matter: Matter, drawn: Sequence[View | None]) -> list[View]:
    """Return what is drawn of an exception and not drawn already: its months, where its cases lie, what its change is made of."""
    views = (when(scope, [matter], ()), where(scope, matter.metric))
    shown: list[View] = [view for view in views if view and view not in drawn]
    if len(shown) < PANELS:
        shown += islice((way for way in ways(scope, matter.metric, coarse_first=True) if way not in drawn), 1)
    return shown


def _panel(view: View) -> Panel:
    if isinstance(view, When):
        return when_panel(view)
    if isinstance(view, Why):
        return why_panel(view)
    bars = [Bar(each.name, each.number, label=each.text) for each in view.cases]
    chart = signed_bars(bars, ("", ""), "", view.subtitle, across=HALF)
    return {"title": view.title, "subtitle": view.subtitle, "drawing": {"svg": chart.svg, "alt": chart.alt}}


def _lines(scope: Scope, matter: Matter) -> list[LeadLine]:
    """Return the lines of an exception; what is not known has none."""
    words = (
        ("依据", matter.evidence), ("要做到", matter.needed), ("谁、何时", matter.who), ("交办结果", _asked(scope, matter)),
    )  # fmt: skip
    return [{"word": word, "text": f"{text}。"} for word, text in words if text]


def _asked(scope: Scope, matter: Matter) -> str:
    """Return what was asked last because of an exception, and what became of it; empty when nothing is on record."""
    about = [*([matter.light.rule.id] if matter.light else []), matter.metric.id]
    newest = next(iter(actions.of(scope, *about)), None)
    if newest is None:
        return ""
    return f"{day_text(newest.asked_on)}{newest.asked}：{newest.progress(scope.period.end) or UNKNOWN_OUTCOME}"


def _table(scope: Scope, rest: Sequence[Matter]) -> TableBlock:
    """Return the table of the exceptions without drawings."""
    metrics = list(dict.fromkeys(matter.metric for matter in rest))
    rows = [
        [f"{matter.what}（{matter.word}）", matter.evidence, matter.needed, matter.who, _asked(scope, matter)] for matter in rest
    ]
    heads = ["其余事项", "依据", "要做到什么", "谁、何时", "交办结果"]
    width = len(heads) if any(row[-1] for row in rows) else len(heads) - 1
    return {
        "kind": "table", "caption": f"{scope.region.name}其余需办事项（{scope.period.end_text}）", "unit": "", "dense": True, "ruled": True,
        "in_workbook": True, "header": heads[:width], "align": ["left"] * width, "widths": [1.6, 2.6, 2, 1.6, 1.6][:width],
        "rows": [row[:width] for row in rows], "marked": [], "totals": [], "notes": [HYPOTHETICAL],
        "sources": sources(metrics, scope.results),
        **numbers([figure for matter in rest for figure in matter.figures], scope.results, metrics),
    }  # fmt: skip
