"""Parameters: numbers that a document fixes, such as the cap of a reward, with the day from which each is in force."""

from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.snapshot import Snapshot
from city_briefs.common.periods import Period
from city_briefs.model.tables import PARAMETERS


@dataclass(frozen=True)
class Parameter:
    """A number that a document fixes, in `unit`; `source` is the title of the document."""

    value: Decimal
    unit: str
    source: str


def parameter(snapshot: Snapshot, name: str, period: Period) -> Parameter | None:
    """Return a parameter as it was in force at the end of a period; None when there is none."""
    rows = [row for row in snapshot.listed(PARAMETERS) if row["name"] == name and row["effective_from"] <= period.end]
    last = max(rows, key=lambda row: row["effective_from"], default=None)
    return None if last is None else Parameter(Decimal(str(last["value"])), last["unit"], last["source"])
