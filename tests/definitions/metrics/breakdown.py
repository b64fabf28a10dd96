"""One part of a metric."""

from decimal import Decimal

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.snapshot import Snapshot
from city_briefs.common.periods import Period
from city_briefs.model.metric import Metric


def part(of: Snapshot, metric: Metric, region: str, year: int, by: str, word: str, *, through: int = 12) -> Decimal:
    """The metric over the rows whose column `by` holds `word`."""
    found = Results(of, [metric]).amount(metric, of.regions.find(region), Period(year, through), (by, word))
    assert not found.missing
    return found.numerator
