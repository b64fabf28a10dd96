"""The parts of a metric in two years as a slope chart."""

from city_briefs.analysis import charts
from city_briefs.analysis.assessments import chart_messages
from city_briefs.analysis.assessments.part_changes import part_changes
from city_briefs.analysis.blocks.chart_blocks import chart_block, unsaid
from city_briefs.analysis.blocks.publish import publish_prose
from city_briefs.analysis.figures import disclosure_control
from city_briefs.analysis.figures.figure import Refusal
from city_briefs.analysis.figures.parts import name_of
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.characters import adjoined
from city_briefs.model.metric import Metric


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
    return chart_block(charts.slope(changes.shown, scope.period.year, whose, title), figures, notes, scope.results)
