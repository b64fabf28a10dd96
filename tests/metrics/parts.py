"""A metric counted over part of its rows."""

from decimal import Decimal

from lib.metric import Metric
from lib.periods import Period
from lib.results import Results
from lib.snapshot import Snapshot


def part(of: Snapshot, metric: Metric, region: str, year: int, by: str, word: str) -> Decimal:
    """The amount of the rows whose column `by` is `word`."""
    return Results(of, [metric]).amount(metric, of.regions.find(region), Period(year), (by, word)).numerator
