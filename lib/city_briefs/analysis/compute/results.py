"""Results: every metric by region and month, computed for all of them in a few scans, and summed over periods.

The tidy table has the columns metric, region (code), month (YYYY-MM), window (`month`, or `to_date`: January to that month),
numerator, denominator (null unless a ratio) and records (how many are behind a sum, a maximum or a median; else null). A covered
month without records is a row of zero; a month that is not covered has no row. The province has rows only of metrics that are not
additive, and of what it counts or returns itself.
"""

from collections.abc import Callable, Hashable, Iterable
from copy import copy
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from city_briefs.analysis.compute import definitions
from city_briefs.analysis.compute.aggregate import Amount, total
from city_briefs.analysis.compute.cubes import Computed, Provenance
from city_briefs.analysis.compute.dimensions import FLAG, WHOLE
from city_briefs.analysis.compute.population import Population
from city_briefs.analysis.compute.reporters import Reporters
from city_briefs.analysis.snapshot import Snapshot
from city_briefs.common import read_log
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD, Period, Span
from city_briefs.common.regions import Region, Regions
from city_briefs.model.metric import TO_DATE, Metric, breakdowns, needed, share_a_table
from city_briefs.model.table import Table
from city_briefs.model.tables import RETURNS

if TYPE_CHECKING:
    import pandas as pd  # at run time only where a table is asked for

    from city_briefs.analysis.compute.cube_store import Cache

COLUMNS = ["metric", "region", "month", "window", "numerator", "denominator", "records"]
Value = TypeVar("Value")


class Results:
    """The results of one snapshot for some metrics; a table is scanned when one of its metrics is first needed.

    With a `cache`, grids are taken from it, and those that it lacks are kept in it.
    """

    def __init__(self, snapshot: Snapshot, metrics: Iterable[Metric], cache: "Cache | None" = None) -> None:
        """Take a snapshot and metrics.

        Raises:
            DefinitionError: a metric cannot be computed as it is defined.
        """
        self.snapshot, self.regions = snapshot, snapshot.regions
        self.metrics = {metric.id: metric for metric in needed(metrics)}
        definitions.check([*self.metrics.values()], cache.folder if cache else None)
        self._computed = Computed(snapshot, self.metrics, cache)
        self._found: dict[tuple[str, ...], dict[Any, read_log.Kept]] = {}  # what `once` has found, by the codes of the regions

    def within(self, region: Region) -> "Results":
        """Return these results with only the regions that `region` is compared with; shares and ranks are among those."""
        return self.among(self.snapshot.regions.within(region))

    def among(self, regions: Regions) -> "Results":
        """Return these results with only these of their regions."""
        if regions is self.regions:
            return self
        if regions.province.code not in self._within:
            self._within[regions.province.code] = within = copy(self)
            within.regions = regions
            vars(within).pop("_kept", None)
        return self._within[regions.province.code]

    def noted_anew(self) -> "Results":
        """Return these results for another chapter, whose reads are noted anew.

        What was read, counted and found is shared: each asking for it is noted as it is looked up.
        """
        anew = copy(self)
        anew.regions = self.snapshot.regions
        for name in ("_within", "_kept"):
            vars(anew).pop(name, None)
        return anew

    def once(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what `make` finds in these results, for this chapter and those to come (`read_log.once`); `key` says what it is of."""
        return read_log.once(self._kept, key, make)

    @cached_property
    def _kept(self) -> dict[Any, read_log.Kept]:
        """What was found once of these regions."""
        return self._found.setdefault(tuple(self.regions.by_code), {})

    @cached_property
    def _within(self) -> dict[str, "Results"]:
        """The results that `among` has made, by the code of their province; shared by all of them."""
        return {}

    @property
    def table(self) -> "pd.DataFrame":
        """The tidy table; its columns are COLUMNS, amounts are Decimals."""
        import pandas as pd

        parts = [rows for metric in self.metrics.values() if len(rows := self.rows(metric))]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)

    def rows(self, metric: Metric) -> "pd.DataFrame":
        """Return the rows of one metric in the tidy table; empty for one that is computed from two others, which have the rows."""
        import pandas as pd

        from city_briefs.analysis.compute.cube import tidy

        grid = self._computed.grid(metric)
        return pd.DataFrame(columns=COLUMNS) if grid is None else tidy(metric, grid, self.snapshot.regions)[COLUMNS]

    def provenance(self, metric: Metric) -> Provenance | None:
        """Return where the metric comes from: records when the snapshot has them, else returns; None when it has neither."""
        return self._computed.noted_provenance(metric)

    @property
    def reporters(self) -> Reporters:
        """Who reports among these regions."""
        return Reporters(self._computed, self.snapshot.regions, self.regions)

    def recall(self) -> list[Metric]:
        """Load what the cache holds, compute nothing, and return the metrics counted from records that were loaded."""
        at_hand = self._computed.recall()
        return [metric for metric in self.metrics.values() if metric.id in at_hand]

    def compute(self, spans: Iterable[Span] = ()) -> None:
        """Compute all grids that the cache lacks, so that processes which share it run no query; for these spans besides."""
        self._computed.compute(spans)

    def definition(self, metric: Metric) -> list[Any]:
        """Return what a chapter may say of a metric besides its numbers, as JSON holds it; compared to see whether it has changed."""
        return self._computed.definition(metric)

    def sources(self, metric: Metric) -> list[Table]:
        """Return the lineage of a metric: the tables that it was computed from; empty when the snapshot has none of them."""
        if self.is_pair(metric):
            pair = (metric.pair.first, metric.pair.second)
            return list(dict.fromkeys(table for part in pair for table in self.sources(part)))
        provenance = self.provenance(metric)
        return [RETURNS] if provenance == "returns" else list(metric.tables) if provenance else []

    def is_pair(self, metric: Metric) -> bool:
        """Return whether the metric is computed from two others here; a ratio that was returned as such is not."""
        return self._computed.is_pair(metric)

    def amount(self, metric: Metric, region: Region, period: Period, part: tuple[str, str] = (WHOLE, WHOLE)) -> Amount:
        """Return the metric of one region over a period, with its gaps when it is not fully reported.

        Flows and the halves of ratios are summed over the months; a stock is semi-additive and taken in the last. What is not additive
        and was only returned is known from January on alone: of a period that begins later all months are missing. The province is
        the sum of the regions that report: all cities, and each `other` from the year on in which it first did. What is not additive
        is counted over all their records. A stock counted from records needs every month since its region first reported. `part` is
        a dimension and a member of it, to count only its rows.
        """
        asked = metric, region, period, part
        return read_log.once(self._kept, asked, partial(self._noted_amount, *asked))

    def _noted_amount(self, metric: Metric, region: Region, period: Period, part: tuple[str, str]) -> Amount:
        """Return what `amount` returns, with a note in the read log."""
        question = (read_log.AMOUNT, region.code, metric.id, *part, period.slug)
        return read_log.answered(question, partial(self._amount, metric, region, period, part))

    def _amount(self, metric: Metric, region: Region, period: Period, part: tuple[str, str]) -> Amount:
        """Return what `amount` returns, which asks for each amount once."""
        if self.is_pair(metric):
            return self._of_pair(metric, region, period, part)
        if metric.form == "latest":
            return self.population.of(region, period)
        span = self._counted_span(metric, period, part)
        grid = self._computed.grid(metric, *part, span)
        members = self.reporters.members(metric, region, period)
        if grid is None:
            all_parts = self._computed.grid(metric)
            grid = all_parts and all_parts.of_nothing()
        if grid is None or self.is_only_to_date(metric, period):
            return Amount(missing={member: list(period.months) for member in members})
        last = period.months[-1:]
        if part[0].startswith(FLAG):  # of rows, whatever is counted of them
            return total(grid, dict.fromkeys(members, period.months), members, period.months)
        if self.provenance(metric) == "records" and metric.form in TO_DATE:
            return total(grid, dict.fromkeys(members, period.months), [region], last)
        if self.provenance(metric) == "records" and metric.form == "stock":
            return total(grid, {member: grid.since_first_known(member, last[0]) for member in members}, members, last)
        months = last if metric.returned_span == "as_of" else period.months
        return total(grid, dict.fromkeys(members, months), members, months)

    def people(self, region: Region, period: Period) -> Amount:
        """Return the persons last counted in a region at or before the end of a period, as `Population.of` does."""
        return read_log.answered((read_log.PEOPLE, region.code, period.slug), lambda: self.population.of(region, period))

    def parts(self, metric: Metric, by: str) -> list[str]:
        """Return the members of the dimension `by` in which the metric counts anything, sorted; of a pair those of its halves.

        Raises:
            UsageError: the metric has no such dimension, or it was only returned.
        """
        columns = breakdowns(metric)
        if by not in columns:
            hint = f"It can by {', '.join(columns)}." if columns else "It cannot be at all."
            hint_zh = f"可以按{'、'.join(columns)}分。" if columns else "该指标不能分项。"
            raise UsageError(
                chosen(f"{metric.id} cannot be broken down by '{by}'. {hint}", f"{metric.id}不能按“{by}”分。{hint_zh}")
            )
        if self.provenance(metric) != "records":
            raise UsageError(
                chosen(
                    f"{metric.id} is not counted from records in this snapshot, and so not broken down.",
                    f"本快照没有{metric.id}的逐条记录，不能分项。",
                )
            )
        if metric.is_pair:
            halves = [half for half in (metric.pair.first, metric.pair.second) if by in half.by]
            return sorted({part for half in halves for part in self.parts(half, by)})
        read_log.note(("parts", metric.id, by, self.regions.province.code), lambda: self.counted(metric, by))
        return self.counted(metric, by)

    def counted(self, metric: Metric, by: str) -> list[str]:
        """Return the members of the dimension `by` in which the metric counts anything in these regions, sorted."""
        assert metric.rows
        grids = self._computed.counted(metric.rows, by).get(metric.id, {})
        codes = self.snapshot.regions.below(self.regions.province)
        return sorted(part for part, grid in grids.items() if grid.numerator[[grid.row[code] for code in codes]].any())

    def last_month(self, metric: Metric, region: Region) -> str:
        """Return the last month (YYYY-MM) of which a metric is known of a region; empty for none."""
        read_log.note(("last_month", metric.id, region.code), lambda: self._last_month(metric, region))
        return self._last_month(metric, region)

    def _last_month(self, metric: Metric, region: Region) -> str:
        """Return what `last_month` returns, without a note in the read log."""
        grid = self._computed.grid(metric)
        return grid.last_known(region.code) if grid else ""

    def monthly(self, metric: Metric, region: Region, last: Period, months: int) -> list[float] | None:
        """Return an additive metric in each of so many months up to the end of a period, in their order; None when one is not known."""
        question = (read_log.MONTHLY, region.code, metric.id, last.slug, str(months))
        find = partial(self._monthly, metric, region, last, months)
        return self.once((Results.monthly, metric, region, last, months), lambda: read_log.answered(question, find))

    def _monthly(self, metric: Metric, region: Region, last: Period, months: int) -> list[float] | None:
        """Return what `monthly` returns, without a note in the read log."""
        grid = self._computed.grid(metric)
        if grid is None or not grid.reaches(last.months[-1], months):
            return None
        members = self.reporters.members(metric, region, last)
        return grid.sums([member.code for member in members], last.months[-1], months)

    def is_only_to_date(self, metric: Metric, period: Period) -> bool:
        """Return whether the metric was returned from January to each month alone, so that it has no number for this period."""
        if period.is_to_date:
            return False
        if self.is_pair(metric):
            return any(self.is_only_to_date(half, period) for half in (metric.pair.first, metric.pair.second))
        return metric.form in TO_DATE and self.provenance(metric) == "returns"

    def _counted_span(self, metric: Metric, period: Period, part: tuple[str, str]) -> Span:
        """Return the span over which the cells of a metric are counted: that of the period for what is not additive, else YTD."""
        is_additive = metric.form not in TO_DATE or part[0].startswith(FLAG)
        return YTD if is_additive or period.is_to_date or self.provenance(metric) != "records" else period.span

    def _of_pair(self, metric: Metric, region: Region, period: Period, part: tuple[str, str]) -> Amount:
        """Return a ratio as numerator and denominator, or a difference as one number, with the gaps of both metrics."""
        pair = metric.pair
        first, second = (
            self.amount(half, region, period, part if half is pair.first or share_a_table(pair.first, half) else (WHOLE, WHOLE))
            for half in (pair.first, pair.second)
        )
        missing, twice = second.missing | first.missing, second.twice | first.twice
        if metric.form == "difference":
            return Amount(first.numerator - second.numerator, missing=missing, twice=twice)
        return Amount(first.numerator, second.numerator, None, missing, twice, second.series, second.as_of)

    @cached_property
    def population(self) -> Population:
        """The population of each region."""
        return Population(self.snapshot)
