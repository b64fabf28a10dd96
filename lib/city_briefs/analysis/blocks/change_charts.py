"""Charts of change: the months of several metrics as small charts side by side, and the parts of a metric in two years."""

from collections.abc import Sequence

from city_briefs.analysis import charts
from city_briefs.analysis.assessments import chart_messages
from city_briefs.analysis.assessments.monthly_course import Course, months_label
from city_briefs.analysis.assessments.monthly_values import course as course_of
from city_briefs.analysis.assessments.part_changes import part_changes
from city_briefs.analysis.blocks.chart_blocks import chart_block, in_place, ordinal, unsaid
from city_briefs.analysis.blocks.monthly_course import FEW_CASES, FEWEST, LATER, RANGE, gaps
from city_briefs.analysis.blocks.publish import publish_prose
from city_briefs.analysis.charts.months import PANELS
from city_briefs.analysis.charts.region_rows import evenly
from city_briefs.analysis.figures import disclosure_control
from city_briefs.analysis.figures.changes import AS_KNOWN as AS_KNOWN_NOTE
from city_briefs.analysis.figures.figure import Figure, Refusal
from city_briefs.analysis.figures.parts import name_of
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import AS_KNOWN, look
from city_briefs.common.characters import adjoined
from city_briefs.model.metric import Metric


def months(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show the months of metrics as small charts; a metric without a line is named in a note, and a sentence stands where none has one."""
    shown: list[Course] = []
    left: dict[str, list[str]] = {}
    for metric in metrics:
        course = course_of(scope, metric)
        if reason := _why_no_line(scope, course):
            left.setdefault(reason, []).append(metric.label)
        else:
            shown.append(course)
    notes = [f"{'、'.join(labels)}{reason}，未列入" for reason, labels in left.items()]
    if not shown:
        return in_place(f"{'；'.join(notes)}，不作走势图", scope, metrics)
    groups = evenly(shown, PANELS)
    for number, group in enumerate(groups):
        chart = charts.months(group, chart_messages.of_courses(group) + ordinal(number, len(groups)))
        chart_block(chart, _figures(group), [*_notes(group), *(notes if not number else [])], scope.results)
    return None


def slope(scope: Scope, metric: Metric, by: str, audience: disclosure_control.Audience = "public") -> None:
    """Show the slope chart of a metric by a column; a sentence where the two years may not be compared by it.

    A metric without a value shows no text, since the sentence before has said so.
    """
    value = look(scope, metric, "value")
    if value.value is None:
        return unsaid(value, scope.results)
    try:
        changes = part_changes(scope, metric, by, audience)
    except Refusal as refusal:
        return publish_prose([f"{metric.label}按{name_of(by)}分，{refusal}。"], [value], scope.results, [metric])
    figures = [value]
    for change in changes.shown:
        if change.change is not None:
            of_part = (by, change.part.word)
            figures += [look(over, metric, "value", part=of_part) for over in (scope, scope.year_before)] + [change.change]
    notes = [f"另有{changes.more}类数量较少，未列出"] if changes.more else []
    notes += [f"另有{changes.small}类有一年基数过小，未列出"] if changes.small else []
    notes += [disclosure_control.notice(name_of(by), in_both_years=True)] if changes.is_pooled else []
    whose = f"{adjoined(scope.region.short, metric.label)}按{name_of(by)}分"
    title = chart_messages.of_parts(changes.shown, name_of(by))
    return chart_block(
        charts.slope(changes.shown, (scope.year_before.period.text, scope.period.text), whose, title),
        figures,
        notes,
        scope.results,
    )


def _why_no_line(scope: Scope, course: Course) -> str:
    """Return why a metric has no line; empty when it has one."""
    if course.refused:
        return course.refused
    if all(month.value.value is None for month in course.months):
        return look(scope, course.metric, "value").prose
    if any(point.is_small for point in course.points):
        return FEW_CASES
    drawn = [point for point in course.points if point.value is not None and not point.is_pending]
    return "" if len(drawn) >= FEWEST else "能画的不足两个月"


def _figures(courses: Sequence[Course]) -> list[Figure]:
    """Return the figures of the months: this year's, and those of the year before that are known."""
    return [
        figure
        for course in courses
        for month in course.months
        for figure in (month.value, month.before)
        if figure is month.value or not figure.refused
    ]


def _notes(courses: Sequence[Course]) -> list[str]:
    """Return how the months were judged and compared, and which are gaps, each once."""
    notes = [RANGE] if any(course.is_judged for course in courses) else []
    if any(month.before.view == AS_KNOWN for course in courses for month in course.months):
        notes += [AS_KNOWN_NOTE, LATER]
    for course in courses:
        notes += [f"{course.metric.label}{gap}" for gap in gaps(course)]
        pending = months_label([month for point in course.points if point.is_pending for month in point.months])
        notes += [f"{course.metric.label}{pending}多数尚未办结，未画"] if pending else []
    return notes
