"""Preliminary figures (初步数): values that pending outcomes will still change, and by how much such values were revised before.

A figure that lacks a region has no value at all, and so no status.
"""

from decimal import Decimal

from city_briefs.analysis.figures import number_format, revisions
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics.pending import mean_absolute_revision
from city_briefs.model.metric import Metric

PRELIMINARY, FINAL = "初步数", "正式数"


def status(scope: Scope, figure: Figure) -> str:
    """Return what stands beside a value: 初步数 with the mean absolute revision of the last periods when it is known, or 正式数.

    Empty for a figure without value, and of a metric whose outcomes are never pending. `scope` is that of the figure.
    """
    if figure.value is None or figure.pending is None:
        return ""
    if not is_preliminary(figure.pending):
        return FINAL
    periods = revisions.revisions(scope, figure.metric)
    mean = mean_absolute_revision([revision.size for revision in periods])
    if mean is None:
        return PRELIMINARY
    metric = figure.metric
    unit = "个百分点" if metric.unit == "%" else metric.unit
    return f"{PRELIMINARY}，近{len(periods)}期平均修订{number_format.amount(mean, unit, metric.decimals)}"


def is_preliminary(pending: Decimal | None) -> bool:
    """Return whether so large a share of pending outcomes, 0 to 1, makes a figure preliminary."""
    return pending is not None and pending >= revisions.PENDING


def is_within_revision(scope: Scope, metric: Metric, change: Decimal, pending: Decimal | None) -> bool:
    """Return whether a change is smaller than the mean absolute revision of a preliminary figure, and so gets no verb.

    `change` is in the unit of the metric, of a percentage in 个百分点; `pending` is the share of pending outcomes, 0 to 1.
    """
    mean = revisions.mean_revision(scope, metric) if is_preliminary(pending) else None
    return mean is not None and abs(change) < mean
