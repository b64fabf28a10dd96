"""Views of parts: what each part of a metric adds to its growth, or to a term of the change of a rate.

Each is computed of all parts together, so that what is printed adds up; and so there is none of a metric as a whole.
"""

from collections.abc import Callable

from city_briefs.analysis.figures import contributions, rate_changes
from city_briefs.analysis.figures.figure import Figure, Refusal
from city_briefs.analysis.figures.parts import dimensions
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import POINTS
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.model.metric import Metric

PART_VIEWS: dict[str, Callable[[Scope, Metric, str], list[Figure]]] = {
    contributions.CONTRIBUTION: contributions.figures,
    rate_changes.STRUCTURE: lambda scope, metric, by: rate_changes.figures(scope, metric, by, rate_changes.STRUCTURE),
    rate_changes.LEVEL: lambda scope, metric, by: rate_changes.figures(scope, metric, by, rate_changes.LEVEL),
}


def look_at_parts(scope: Scope, metric: Metric, view: str, by: str, area: str = "") -> list[Figure]:
    """Return a figure of each part of a metric by the dimension `by`; the only one, of no part, when they may not be given.

    Raises:
        UsageError: no dimension is named, or the metric has no such; or an area is named.
    """
    if area:
        raise UsageError(chosen(f"The view {view} takes no area '{area}'.", f"视图{view}不带对标地区“{area}”。"))
    if not by:
        raise UsageError(
            chosen(
                f"The view {view} is of parts. Name a column with --by: {', '.join(dimensions(metric))}.",
                f"视图{view}按分项计算。请用--by指定一栏：{'、'.join(dimensions(metric))}。",
            )
        )
    try:
        return PART_VIEWS[view](scope, metric, by)
    except Refusal as refusal:
        unit = POINTS if view == contributions.CONTRIBUTION or metric.unit == "%" else metric.unit
        return [
            Figure(
                metric, view, scope.region, scope.period, unit, None, None, None, refusal.text, str(refusal), instead=refusal.prose,
                part=(by, ""), verdict=refusal.verdict,
            )
        ]  # fmt: skip
