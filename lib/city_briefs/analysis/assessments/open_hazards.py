"""The list of open hazards of a region on the last day of a period: 风险, 措施 and 责任 of each."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from city_briefs.analysis.figures.scope import Scope
from city_briefs.metrics.safety import hazards_open
from city_briefs.model.tables import HAZARDS

if TYPE_CHECKING:
    import pyarrow as pa

AGES = ((30, "30天以内"), (90, "31—90天"), (180, "91—180天"), (365, "181—365天"), (None, "一年以上"))  # days since found
OLD = 90  # days; what was found longer ago is old
LISTED = 20  # rows of the table; more would be a register and not a brief


@dataclass(frozen=True)
class Hazard:
    """One open hazard. `measure` and `owner` are empty when they were not filled in; `overdue` is in days, 0 when it is not."""

    id: str
    domain: str
    level: str
    found: date
    measure: str
    owner: str
    due: date
    overdue: int


@dataclass(frozen=True)
class AgeClass:
    """Open hazards that were found so long ago: how many, how many of them are overdue, and whether that is more than OLD days."""

    name: str
    number: int
    overdue: int
    is_old: bool


def by_age(scope: Scope) -> list[AgeClass]:
    """Return the hazards open on the last day by the time since they were found, the newest first; empty without the table."""
    if not scope.snapshot.has(HAZARDS):
        return []
    day = scope.period.end
    counted = {name: [0, 0] for _, name in AGES}
    for row in _open_rows(scope).select(["found_on", "due_on"]).to_pylist():
        age = (day - row["found_on"]).days
        of_class = counted[next(name for most, name in AGES if most is None or age <= most)]
        of_class[0] += 1
        of_class[1] += row["due_on"] < day
    return [AgeClass(name, counted[name][0], counted[name][1], most is None or most > OLD) for most, name in AGES]


def pressing(scope: Scope) -> list[Hazard]:
    """Return the hazards open on the last day that are major or overdue: major ones first, then the longest overdue, then by id.

    Empty also when the snapshot has no such table. Whether all months were reported is not checked here; the metrics say it.
    """
    if not scope.snapshot.has(HAZARDS):
        return []
    import pyarrow.compute as pc  # with Arrow, which the rules of chapters do without

    day = scope.period.end
    rows = _open_rows(scope)
    urgent = pc.or_kleene(pc.equal(rows["level"], "major"), pc.less(rows["due_on"], day))
    hazards = [_hazard(row, day) for row in rows.filter(urgent).to_pylist()]
    return sorted(hazards, key=lambda hazard: (hazard.level != "major", -hazard.overdue, hazard.due, hazard.id))


def _open_rows(scope: Scope) -> "pa.Table":
    """Return the rows of the hazards that were found by the last day of the period and not closed by then."""
    import pyarrow.compute as pc  # as above

    day = scope.period.end
    rows = scope.snapshot.rows(HAZARDS, [member.code for member in scope.reporting(hazards_open)])
    not_closed = pc.or_kleene(pc.is_null(rows["closed_on"]), pc.greater(rows["closed_on"], day))
    return rows.filter(pc.and_(pc.less_equal(rows["found_on"], day), not_closed))


def _hazard(row: dict[str, Any], day: date) -> Hazard:
    return Hazard(
        row["hazard_id"], row["domain"], row["level"], row["found_on"], row["measure"] or "", row["owner"] or "", row["due_on"],
        max(0, (day - row["due_on"]).days),
    )  # fmt: skip
