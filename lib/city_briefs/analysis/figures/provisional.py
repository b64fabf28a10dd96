"""Preliminary figures (初步数): values that pending outcomes will still change, and by how much such values were revised before.

A figure that lacks a region has no value at all, and so no status. What was reported of all that was due is its completeness.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Completeness:
    """How many months of regions were reported of a period, and how many were due."""

    reported: int
    due: int

    @property
    def text(self) -> str:
        """The share in words: 报送率98.8%. It says 100% only when nothing is missing."""
        percent = Decimal(self.reported) / self.due * number_format.HUNDRED
        return f"报送率{number_format.amount(percent, '%', number_format.PERCENT_DECIMALS)}"


def completeness(scope: Scope, metric: Metric) -> Completeness:
    """Return how complete a metric was reported: due is each month of the period, of each region that must report.

    Of a stock that is returned only the last month is due, and one counted from records is not due before its region first reported.
    A month that was returned twice is reported.
    """
    period = scope.period
    is_of_last_day = scope.results.provenance(metric) == "returns" and metric.returned_span == "as_of"
    months = period.months[-1:] if is_of_last_day else period.months
    due = len(scope.reporting(metric)) * len(months)
    missing = sum(month in months for gaps in scope.amount(metric).missing.values() for month in gaps)
    return Completeness(due - missing, due)
