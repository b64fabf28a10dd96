"""The monthly course of a metric as blocks: a sentence on what is unusual, a chart, and a table of the months."""

from decimal import Decimal

from city_briefs.analysis import charts
from city_briefs.analysis.assessments.month_points import QUARTER
from city_briefs.analysis.assessments.monthly_course import Course, CoursePoint, months_label
from city_briefs.analysis.assessments.monthly_values import course as course_of
from city_briefs.analysis.blocks.publish import RIGHT, caveats, missing, numbers, publish, publish_prose, sources
from city_briefs.analysis.blocks.region_table import cell
from city_briefs.analysis.charts.monthly_course import NOW, USUAL, months_of
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.changes import AS_KNOWN as AS_KNOWN_NOTE
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import AS_KNOWN, look
from city_briefs.analysis.statistics import SMALL
from city_briefs.analysis.statistics.control_chart import BASELINE, RUN, Limits
from city_briefs.common.blocks import ChartBlock, TableBlock
from city_briefs.common.characters import adjoined
from city_briefs.model.metric import Metric

FEWEST = 2  # points with a value that make a line
JUDGED = {("outside", 1): "高于范围", ("outside", -1): "低于范围", ("run", 1): "连续偏高", ("run", -1): "连续偏低"}
YEAR_AGO = "上年同月"  # begins those for a year before
NOT_JUDGED = "，不作异动判断"  # ends the reasons of month signals
WITHIN = "范围之内"
ONE_POINT = "1月、2月受春节影响合为一期"
DRAWN = "图中为两个月的平均数"
BY_QUARTER = f"各月数量较少，每{QUARTER}个月合为一期判断"
RANGE = f"正常波动范围由各期以前{BASELINE}个月算出"
IN_A_ROW = f"连续{RUN}期以上高于（低于）平常水平的，为连续偏高（偏低）"
FEW_CASES = f"有的月份分母不足{SMALL}，百分率受个别几件影响大，不作图示"
LATER = "越近的月份已知结果的时间越短，只与上年同月比较，不与前后月份比较"


def monthly(scope: Scope, metric: Metric) -> None:
    """Show the monthly course of a metric: a sentence, a chart and a table; a sentence alone for a metric without months."""
    course, figure = course_of(scope, metric), look(scope, metric, "value")
    if course.refused:
        return publish_prose([f"{metric.label}{course.refused}。"], [], scope.results, [metric])
    if all(month.value.value is None for month in course.months):
        return missing(figure, scope.results)
    publish_prose(
        [f"{months_of(course)}，{adjoined(scope.region.whole, metric.label)}：{course.text}。"], [], scope.results, [metric]
    )
    known_before = [
        month.before for month in course.months if not month.before.refused
    ]  # why others are not known is in the notes
    stated = numbers([*(month.value for month in course.months), *known_before], scope.results)
    notes = [*caveats([figure], scope.results), *_notes(course)]
    is_small = any(point.is_small for point in course.points)
    if not is_small and sum(point.value is not None for point in course.points) >= FEWEST:
        drawn = charts.monthly_course(course)
        chart: ChartBlock = {
            "kind": "chart", "caption": drawn.caption, "alt": drawn.alt, "svg": drawn.svg, "narrow": drawn.narrow,
            "notes": [f"{note}，{DRAWN}" if note == ONE_POINT else note for note in notes],
            "sources": sources([metric], scope.results), **stated,
        }  # fmt: skip
        publish(chart)
    header, rows, totals = table(course)
    block: TableBlock = {
        "kind": "table", "caption": f"{adjoined(scope.region.name, metric.label)}逐月情况（{months_of(course)}）",
        "unit": metric.unit, "whole": True,
        "header": header, "align": ["left", *RIGHT * (len(header) - 1)], "rows": rows, "marked": [], "totals": totals,
        "notes": [*notes, *([FEW_CASES] if is_small else []), *_reasons(course)], "sources": sources([metric], scope.results), **stated,
    }  # fmt: skip
    return publish(block)


def table(course: Course) -> tuple[list[str], list[list[str]], list[int]]:
    """Return the head and the rows of a course, and which rows, from 0, are months that are judged together.

    The columns are the month, this year and the year before; and, where any month is judged, the usual value, its range and the verdict.
    """
    year, decimals = course.scope.period.year, course.metric.decimals
    ends = {point.months[-1]: point for point in course.points}
    rows: list[list[str]] = []
    totals: list[int] = []
    for month in course.months:
        rows.append([months_label([month.month]), _cell(month.value), _cell(month.before)])
        point = ends.get(month.month)
        if point and len(point.months) > 1:
            totals.append(len(rows))
            rows.append([f"{point.label}合计", *(_digits(value, decimals) for value in (point.value, point.before))])
        rows[-1] += _verdict(point, decimals) if point else ["", "", ""]
    header = ["月份", f"{year}年", f"{year - 1}年同月", USUAL, "正常波动范围", "判断"]
    width = len(header) if course.is_judged else 3
    return header[:width], [[*row, "", "", ""][:width] for row in rows], totals


def _cell(figure: Figure) -> str:
    """Return a month's value as a cell; words where it was not reported or not verified, blank where two are not compared."""
    words = next((figure.text.removeprefix(when) for when in (NOW, YEAR_AGO) if figure.text.startswith(when)), "")
    return words or cell(figure)


def _digits(value: Decimal | None, decimals: int) -> str:
    return "" if value is None else number_format.number(value, decimals)


def _verdict(point: CoursePoint, decimals: int) -> list[str]:
    """Return the usual value of a point, its range and the verdict as cells; blank ones where it is not judged."""
    usual = point.signal.usual
    if usual is None:
        return ["", "", ""]
    return [
        _digits(Decimal(str(usual.mean)), decimals),
        _range(usual, decimals),
        JUDGED.get((point.signal.kind, point.side), WITHIN),
    ]


def _range(usual: Limits, decimals: int) -> str:
    """Return the usual range, rounded inwards, so that what is outside does not print like a limit."""
    low, high = Decimal(str(usual.low)), Decimal(str(usual.high))
    return f"{number_format.number(low, decimals, 'ceiling')}—{number_format.number(high, decimals, 'floor')}"


def _notes(course: Course) -> list[str]:
    """Return the notes on how the months were judged and compared."""
    joined = [len(point.months) for point in course.points if len(point.months) > 1]
    notes = [RANGE + ("，剔除季节因素" if course.metric.form == "flow" else "")] if course.is_judged else []
    notes += [IN_A_ROW] if any(point.signal.kind == "run" for point in course.points) else []
    notes += [ONE_POINT if course.metric.form == "flow" else BY_QUARTER] if joined else []
    notes += [AS_KNOWN_NOTE, LATER] if any(month.before.view == AS_KNOWN for month in course.months) else []
    return notes


def gaps(course: Course) -> list[str]:
    """Return why months have no value: each reason once, with its months."""
    months: dict[str, list[str]] = {}
    for month in course.months:
        if month.value.refused:
            months.setdefault(month.value.text, []).append(month.month)
    return [f"{months_label(of_reason)}{reason.removeprefix(NOW)}" for reason, of_reason in months.items()]


def _reasons(course: Course) -> list[str]:
    """Return why months have no value, no value a year before, or no verdict: each reason once, with its months."""
    of_values = [(month.month, month.value.refused or month.before.refused or "") for month in course.months]
    unjudged = [point for point in course.points if point.value is not None and point.signal.refused not in (course.text, None)]
    of_points = [(point.months[-1], f"不作判断：{(point.signal.refused or '').removesuffix(NOT_JUDGED)}") for point in unjudged]
    months: dict[str, list[str]] = {}
    for month, reason in [*((month, f"：{reason}" if reason else "") for month, reason in of_values), *of_points]:
        if reason:
            months.setdefault(reason, []).append(month)
    return [f"{months_label(of_reason)}{reason}" for reason, of_reason in months.items()]
