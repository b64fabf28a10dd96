"""One part of a metric."""

from decimal import Decimal

from lib.metric import Metric
from lib.periods import Period
from lib.results import Results
from lib.snapshot import Snapshot


def part(of: Snapshot, metric: Metric, region: str, year: int, by: str, word: str, *, through: int = 12) -> Decimal:
    """The metric over the rows whose column `by` holds `word`."""
    found = Results(of, [metric]).amount(metric, of.regions.find(region), Period(year, through), (by, word))
    assert not found.missing
    return found.numerator
