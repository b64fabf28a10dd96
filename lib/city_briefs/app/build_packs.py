"""An order: packs of some regions and periods, made of one snapshot; what the command gives, and what the calendar gives."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from city_briefs.analysis.snapshot import Snapshot
from city_briefs.app import incremental
from city_briefs.common.errors import NONE_MADE, PackError, UsageError
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.production.build import session
from city_briefs.production.build.outcome import Outcome
from city_briefs.production.packs.packs_toml import Pack
from city_briefs.production.packs.plan import plan


def outcomes(
    snapshot: Snapshot, packs: Sequence[Pack], regions: Iterable[Region], periods: Iterable[Period], into: Path,
    *, formats: Sequence[str], jobs: int | None = None, fresh: bool = False, cluster: str | None = None,
) -> list[Outcome]:  # fmt: skip
    """What became of each of these packs of some regions, or of all, and periods: one plan, and one build of it."""
    source = incremental.source(snapshot)
    tasks = plan(packs, snapshot.regions, regions, periods, source=source, out=into, formats=tuple(formats))
    if not tasks:
        raise UsageError(f"Nothing to make: {', '.join(pack.id for pack in packs)} is not made for cities. Leave out --city.")
    incremental.compute(snapshot)
    changed = incremental.changed(snapshot)
    return session.outcomes(tasks, into, jobs or os.cpu_count() or 1, changed, fresh=fresh, cluster=cluster)


def check(done: Sequence[Outcome]) -> None:
    """See that every pack was made; else it is a PackError that says why each was not."""
    said = [outcome.error for outcome in done if outcome.error]
    if said:
        error = PackError("\n".join([*said, f"{len(done) - len(said)} of {len(done)} packs written."]))
        error.exit_code = NONE_MADE if len(said) == len(done) else PackError.exit_code
        raise error
