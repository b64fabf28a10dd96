"""An order of packs of one snapshot: the command, the calendar, a check, a rebuild and an approval all make packs through it."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from city_briefs.analysis.snapshot import Snapshot
from city_briefs.app import incremental
from city_briefs.common import paths
from city_briefs.common.errors import NONE_MADE, PackError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region, Regions
from city_briefs.production.build.outcome import PackOutcome
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.edition import Approval, Edition
from city_briefs.production.packs.formats import FORMATS
from city_briefs.production.packs.packs_toml import Pack
from city_briefs.production.packs.plan import PackRequest, plan, with_manuals

if TYPE_CHECKING:
    from city_briefs.production.build.begun import Begun


@dataclass(frozen=True)
class Order:
    """Packs of one snapshot in one folder."""

    snapshot: Snapshot
    requests: Sequence[PackRequest]
    into: Path

    def with_manuals(self) -> "Order":
        """Return the order with the manuals of metrics to which its pages lead, so that no link is dead."""
        manual = packs_toml.packs().get(packs_toml.MANUAL)
        return replace(self, requests=with_manuals(self.requests, manual, self.snapshot.regions))

    def build(
        self, *, jobs: int | None = None, fresh: bool = False, cluster: str | None = None, begun: "Begun | None" = None
    ) -> list[PackOutcome]:
        """Make the packs, and return what became of each; `begun` as of `session.outcomes`.

        Raises:
            UsageError: the data are synthetic, and these are the outputs of an office at work.
        """
        from city_briefs.production.build import session  # whoever only asks what stands need not wait for it

        if self.into == paths.outputs().absolute():
            self._check_profile()
        changed, jobs = incremental.changed(self.snapshot), jobs or os.cpu_count() or 1
        return session.outcomes(
            self.requests,
            self.into,
            jobs,
            changed,
            fresh=fresh,
            cluster=cluster,
            before=self._check_what_chapters_read,
            begun=begun,
        )

    def _check_what_chapters_read(self) -> None:
        incremental.check_metrics()
        incremental.check_actions(self.snapshot.regions)
        incremental.compute(self.snapshot, {request.period.span for request in self.requests})

    def issue(self, approval: Approval) -> Iterator[tuple[PackRequest, Edition]]:
        """Issue the drafts of the packs that stand, and return each with its edition.

        Raises:
            UsageError: the data are synthetic, and this is an office at work.
        """
        from city_briefs.production.review import approve

        self._check_profile()
        editions = approve.issue(self.requests, self.into, incremental.changed(self.snapshot), approval)
        return zip(self.requests, editions, strict=True)

    def _check_profile(self) -> None:
        if paths.settings().profile == "production" and self.snapshot.synthetic:
            there = paths.shown(self.snapshot.path)
            raise UsageError(
                chosen(
                    f"{there} is synthetic, and {paths.SETTINGS} says that a bureau works here (profile). Name its snapshot by data of "
                    f"{paths.SETTINGS} or --data; to try something, name another folder with --out.",
                    f"{there}是模拟数据，而{paths.SETTINGS}的profile是production（正式使用）。请在{paths.SETTINGS}的data或用--data指定本单位的快照；"
                    "只是试用，请用--out另指文件夹。",
                )
            )

    def why(self) -> Iterator[tuple[PackRequest, str]]:
        """What a build would make again, a line at a time, each with the pack that it is about."""
        changed = incremental.changed(self.snapshot)
        return ((request, line) for request in self.requests for line in incremental.why(request, changed))


def order(
    snapshot: Snapshot, packs: Sequence[Pack], regions: Iterable[Region], periods: Iterable[Period], into: Path,
    *, formats: Sequence[str] = FORMATS, among: Regions | None = None,
) -> Order:  # fmt: skip
    """The packs of some regions, or of all of the snapshot (or of those `among` which they are to be chosen), and periods.

    Raises:
        UsageError: None of the packs is made for any of the regions.

    """
    source = incremental.source(snapshot)
    requests = plan(packs, among or snapshot.regions, regions, periods, source=source, out=into, formats=tuple(formats))
    if not requests and among is None:
        ids = [pack.id for pack in packs]
        raise UsageError(
            chosen(
                f"Nothing to make: {', '.join(ids)} is not made for cities. Leave out --city.",
                f"没有要编制的：{'、'.join(ids)}不按市州编制，请去掉--city。",
            )
        )
    return Order(snapshot, requests, into)


def check(done: Sequence[PackOutcome]) -> None:
    """See that every pack was made; else it is a PackError that says why each was not."""
    errors = [outcome.error for outcome in done if outcome.error]
    if errors:
        written = len(done) - len(errors)
        count = chosen(f"{written} of {len(done)} packs written.", f"共{len(done)}份，编成{written}份。")
        error = PackError("\n".join([*errors, count]))
        error.exit_code = NONE_MADE if len(errors) == len(done) else PackError.exit_code
        raise error
