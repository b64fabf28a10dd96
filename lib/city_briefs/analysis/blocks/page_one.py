"""Page one as a block: the sentences, the table of metrics with its small drawings, the two panels, and what has to be attended to."""

import os
from collections.abc import Sequence
from pathlib import Path

from city_briefs.analysis.assessments import targets, yellow_lights
from city_briefs.analysis.assessments.targets import Standing
from city_briefs.analysis.assessments.yellow_lights import Light
from city_briefs.analysis.blocks import remarks
from city_briefs.analysis.blocks.publish import numbers, publish, sources
from city_briefs.analysis.charts import page_one as drawn
from city_briefs.analysis.charts.chart import Chart
from city_briefs.analysis.charts.signed_bars import Bar, signed_bars
from city_briefs.analysis.charts.small_course import HALF, small_course
from city_briefs.analysis.figures.refusal_rules import NOT_VERIFIED, is_of_rejected
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.page_one import chosen
from city_briefs.analysis.page_one import conclusion as concluding
from city_briefs.analysis.page_one.matters import SHOWN, Matter, matters, rest
from city_briefs.analysis.page_one.rows import Row, rows
from city_briefs.analysis.page_one.when import When, when
from city_briefs.analysis.page_one.why import Why, why
from city_briefs.common import paths
from city_briefs.common.blocks import ClaimRecord, Concern, Drawing, PageOneBlock, PageOneRow, Panel
from city_briefs.model.metric import Metric

CHAPTER = "summary"
NO_DATA = "本期没有数据或数据不全"
NAMED = 3  # metrics without data that a note names
CONCERNS = ["请领导关注", "依据", "要做到什么（按记录推算）", "谁、何时"]


def page_one(scope: Scope) -> None:
    """Show page one of a region: the metrics that packs.toml names, and what has to be attended to.

    The remark on the chapter that runs, outside of a build on CHAPTER, may have a conclusion that stands in the place of the chosen one.

    Raises:
        UsageError: packs.toml names no metrics for it, or what is none.
        DataError: the conclusion of the remark breaks a rule.
    """
    metrics = chosen.metrics()
    lights, standings = yellow_lights.lights(scope), targets.standings(scope)
    listed = rows(scope, metrics, lights, standings)
    concerns = matters(scope, metrics, lights, standings)
    summary = concluding.summary(scope, listed, concerns, lights, standings)
    written = remarks.conclusion(scope, Path(os.environ.get(paths.REMARK_VARIABLE) or CHAPTER).stem)
    conclusion, cited = written or (summary.conclusion, ())
    figures = [figure for row in listed for figure in row.figures if figure.view != "rank" or scope.region != scope.whole]
    figures += [figure for matter in concerns for figure in matter.figures]
    figures += [*summary.figures, *cited]
    metrics_in_order = list(dict.fromkeys([*(matter.metric for matter in concerns), *_moved(listed)]))
    reason, course = why(scope, metrics_in_order), when(scope, concerns, [row.metric for row in listed])
    panels = [*([why_panel(reason)] if reason else []), *([when_panel(course)] if course else [])]
    figures += [*(reason.figures if reason else ()), *(course.figures if course else ())]
    notes = [*_notes(scope, metrics, listed), *_unjudged(lights, standings)]
    block: PageOneBlock = {
        "kind": "page-one", "conclusion": conclusion,
        "leads": [{"word": word, "text": text} for word, text in summary.leads],
        "columns": _columns(scope, listed), "rows": _rows(scope, listed), "key": _key(scope, listed), "panels": panels,
        "concern_columns": CONCERNS, "concerns": [_concern(matter) for matter in concerns[:SHOWN]], "more": rest(concerns),
        "notes": notes, "sources": sources([row.metric for row in listed], scope.results),
        "claims": [_claim(panel.metric, panel.title) for panel in (reason, course) if panel],
        **numbers(list(dict.fromkeys(figures)), scope.results, metrics),
    }  # fmt: skip
    if any(not light.refused for light in lights):
        block["lights"] = sum(matter.light is not None for matter in concerns)
    if any(standing.light is not None for standing in standings):
        block["behind"] = sum(matter.standing is not None for matter in concerns)
    publish(block)


def _moved(listed: Sequence[Row]) -> list[Metric]:
    """Return the metrics of page one, those first whose change is told apart from chance."""
    return [row.metric for row in sorted(listed, key=lambda row: row.change.verdict not in ("up", "down"))]


def why_panel(reason: Why) -> Panel:
    """Return the panel of a change taken apart."""
    bars = [Bar(term.name, term.size, term.of_whole) for term in reason.terms]
    chart = signed_bars(bars, reason.words, reason.whole, reason.subtitle, across=HALF)
    return {"title": reason.title, "subtitle": reason.subtitle, "drawing": _drawing(chart)}


def when_panel(course: When) -> Panel:
    """Return the panel of the months of a metric."""
    level = (course.line.value, course.line.words) if course.line else None
    chart = small_course(course.now, course.before, level=level, projection=course.projection)
    return {"title": course.title, "subtitle": course.subtitle, "drawing": _drawing(chart)}


def _claim(metric: Metric, title: str) -> ClaimRecord:
    """Return the message of a panel as a claim that was earned."""
    return {"name": "图题", "metric": metric.id, "said": title, "refused": None}


def _columns(scope: Scope, listed: Sequence[Row]) -> list[str]:
    """Return the heads of the table; that of the places is empty where there are none, as of a province."""
    regions = f"{len(scope.peers)}个{scope.results.regions.parts}，右为优"
    places = "位次" if any(row.place_text for row in listed) else ""
    return ["", "指标", "本期", "同比", "近24个月", regions, places, "目标或警示"]


def _rows(scope: Scope, listed: Sequence[Row]) -> list[PageOneRow]:
    made: list[PageOneRow] = []
    before = ""
    for row in listed:
        digits, unit = row.digits
        subject = chosen.field(row.metric)
        line: PageOneRow = {
            "subject": "" if subject == before else subject, "label": row.metric.label, "unit": unit, "value": digits,
            "change": row.change_text, "regions_words": row.instead, "place": row.place_text, "move": row.move,
            "mark": row.marked.mark, "mark_word": row.marked.word, "mark_text": row.marked.text,
        }  # fmt: skip
        is_bad = row.marked.mark in ("light", "missed")
        if months := drawn.months(row.months, is_bad=is_bad):
            line["months"] = _drawing(months)
        if row.regions:
            line["regions"] = _drawing(drawn.regions(row.regions, row.own, scope.results.regions.parts, is_bad=is_bad))
        before = subject
        made.append(line)
    return made


def _drawing(chart: Chart) -> Drawing:
    return {"svg": chart.svg, "alt": chart.alt}


def _key(scope: Scope, listed: Sequence[Row]) -> str:
    """Return how the table is to be read, of what stands in it."""
    parts = scope.results.regions.parts
    judged = "" if scope.period.is_to_date else "；黄灯和目标按年初以来判定"
    return (
        f"走势浅色为上年，深色为本年；竖短线为各{parts}，粗线为其中位数，方块为亮灯或未达标的本地区，圆点为其余；"
        f"数量指标按增速比较，不排位次；位次括号内为可能的位次；“≈”为变化未超出随机波动{judged}"
    )


def _concern(matter: Matter) -> Concern:
    return {
        "what": matter.what, "mark": matter.mark, "mark_word": matter.word, "evidence": matter.evidence, "needed": matter.needed,
        "who": matter.who,
    }  # fmt: skip


def _notes(scope: Scope, metrics: Sequence[Metric], listed: Sequence[Row]) -> list[str]:
    """Return which of the metrics have no line, by the reason, and which are not compared with a year before."""
    shown = [row.metric for row in listed]
    by_reason: dict[str, list[str]] = {}
    for metric in (metric for metric in metrics if metric not in shown):
        rejected = is_of_rejected(look(scope, metric, "value"))
        by_reason.setdefault(f"本期数据{NOT_VERIFIED}" if rejected else NO_DATA, []).append(metric.label)
    uncompared: dict[str, list[str]] = {}
    for row in (row for row in listed if row.change.value is None):
        uncompared.setdefault(row.change.refused or row.change.prose, []).append(row.metric.label)
    return [
        *(_unlisted(reason, labels) for reason, labels in by_reason.items()),
        *(f"{'、'.join(labels)}：{reason}" for reason, labels in uncompared.items()),
    ]


def _unjudged(lights: Sequence[Light], standings: Sequence[Standing]) -> list[str]:
    """Return how many lights and targets could not be judged."""
    counts = (("黄灯规则", "未能判定", sum(bool(light.refused) for light in lights)),
              ("目标", "暂不评价", sum(standing.light is None for standing in standings)))  # fmt: skip
    return [f"另有{number}项{what}{how}" for what, how, number in counts if number]


def _unlisted(reason: str, labels: Sequence[str]) -> str:
    """Return the note on metrics without a line: their names where they are few, else only how many."""
    return f"{reason}的{len(labels)}项指标未列" + (f"：{'、'.join(labels)}" if len(labels) <= NAMED else "")
