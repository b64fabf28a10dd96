"""The grids of a snapshot: taken from the cache, or computed when first needed, all those of a scan at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

from city_briefs.analysis.compute.dimensions import FLAG, KNOWN, WHOLE
from city_briefs.analysis.snapshot import Snapshot
from city_briefs.common import read_log, source_hash
from city_briefs.common.periods import LENGTHS, YTD, Span
from city_briefs.model.metric import PUBLISHED, TO_DATE, Derived, Metric, Rows
from city_briefs.model.table import Table
from city_briefs.model.tables import COVERAGE, GAPS, REGIONS, RETURNS

if TYPE_CHECKING:
    from city_briefs.analysis.compute.cube import Grid
    from city_briefs.analysis.compute.cube_store import Cache

Provenance = Literal["records", "returns"]


class Computed:
    """The grids of some metrics of a snapshot, by metric id and part (WHOLE unless broken down)."""

    def __init__(self, snapshot: Snapshot, metrics: Mapping[str, Metric], cache: "Cache | None") -> None:
        self.snapshot, self.metrics, self.cache = snapshot, metrics, cache
        self._counted: dict[tuple[Rows, str, Span], dict[str, dict[str, Grid]]] = {}
        self._provenances: dict[Metric, Provenance | None] = {}

    def provenance(self, metric: Metric) -> Provenance | None:
        """Return where a metric comes from: records when the snapshot has them, else returns; None when it has neither."""
        if metric not in self._provenances:
            self._provenances[metric] = self._provenance(metric)
        return self._provenances[metric]

    def _provenance(self, metric: Metric) -> Provenance | None:
        """Return what `provenance` returns, which finds each out once."""
        if self.is_pair(metric):
            parts = {self.provenance(part) for part in (metric.pair.first, metric.pair.second)}
            return None if None in parts else "returns" if "returns" in parts else "records"
        if metric.tables and metric.rows is not RETURNS and all(map(self.snapshot.has, metric.tables)) and self._is_sent(metric):
            return "records"
        return "returns" if metric.id in self.times else None

    def noted_provenance(self, metric: Metric) -> Provenance | None:
        """Return where a metric comes from, and note in the read log that somebody asked."""
        read_log.note(("metric", metric.id), lambda: self.definition(metric))
        return self.provenance(metric)

    def definition(self, metric: Metric) -> list[Any]:
        """Return what a chapter may say of a metric besides its numbers, as JSON holds it; compared to see whether it has changed."""
        provenance = self.provenance(metric)
        return [metric.hash, metric.label_en, metric.owner, metric.by, metric.flag, self.is_pair(metric), provenance]

    def _is_sent(self, metric: Metric) -> bool:
        """Return whether the snapshot has every column that a metric rests on, from one source at least."""
        names = {table.name for table in metric.tables}
        lacking = {column for column, cells in self.snapshot.unsent.items() if cells is None and column[0] in names}
        if not lacking:
            return True
        from city_briefs.model.columns_read import columns_read  # with Ibis, which is not needed where every column was sent

        return not lacking & columns_read(metric)

    def is_pair(self, metric: Metric) -> bool:
        """Return whether a metric is computed from two others in this snapshot; a ratio that was returned as such is not."""
        if not metric.is_pair or metric.id not in self.times:
            return metric.is_pair
        return all(self.provenance(part) == "records" for part in (metric.pair.first, metric.pair.second))

    def grid(self, metric: Metric, by: str = WHOLE, part: str = WHOLE, span: Span = YTD) -> "Grid | None":
        """Return the grid of a metric, or of one member of a dimension; None for a pair, and when the snapshot has nothing of it.

        What is not additive is counted over the months of `span`.
        """
        provenance = self.provenance(metric)
        if self.is_pair(metric) or metric.form in PUBLISHED or provenance is None:
            return None
        if provenance == "returns":
            return self.returned[metric.id][WHOLE] if by == WHOLE else None
        assert metric.rows
        return self.counted(metric.rows, by, span).get(metric.id, {}).get(part)

    @cached_property
    def times(self) -> "Mapping[str, Grid]":
        """How many times each indicator of `returns` stands there, as a grid by indicator; empty when nothing was returned."""
        if not self.snapshot.has(RETURNS):
            return {}

        def computed(_: Sequence[str]) -> "dict[str, dict[str, Grid]]":
            from city_briefs.analysis.compute import read_returns  # what is kept is found without it, and so without pandas

            return {"times": read_returns.times(self.snapshot)}

        return self._kept(RETURNS.name, self._of_times, computed)["times"]

    def counted(self, rows: Rows, by: str, span: Span = YTD) -> "dict[str, dict[str, Grid]]":
        """Return the grids of all metrics of a table, by metric id and part; of those with the dimension `by`, when it is not WHOLE.

        Those of a span other than January to a month are only of what is not additive. The first that is asked for counts them all.
        """
        if (rows, by, span) not in self._counted:
            self._count(rows, by, (YTD,) if span == YTD else tuple(LENGTHS))
        return self._counted[rows, by, span]

    def _count(self, rows: Rows, by: str, spans: Sequence[Span]) -> None:
        """Count the metrics of a table over some spans in one scan, or take them from the cache."""
        keys = {
            f"{span} {name}": key for span in spans for name, key in self._of_table(rows, by, span).items()
        }  # fmt: skip

        def scanned(missing: Sequence[str]) -> "dict[str, dict[str, Grid]]":
            from city_briefs.analysis.compute.count_records import Scan  # as above

            wanted = [name.split() for name in missing]
            metrics = [self.metrics[name] for name in dict.fromkeys(name for _, name in wanted)]
            grids = Scan(self.snapshot, rows, metrics, by, dict.fromkeys(cast(Span, span) for span, _ in wanted)).grids()
            return {f"{span} {name}": grids[cast(Span, span)][name] for span, name in wanted}

        kept = self._kept(f"{rows.name}-{by}".replace("/", "-"), keys, scanned)
        for span in spans:
            of_span = {name: kept[f"{span} {name}"] for name in self._of_table(rows, by, span)}
            self._counted[rows, by, span] = of_span

    @cached_property
    def returned(self) -> "dict[str, dict[str, Grid]]":
        """The grids of the metrics that regions returned and the snapshot has no records of."""
        singles = (metric for metric in self.metrics.values() if not self.is_pair(metric))
        metrics = {metric.id: metric for metric in singles if self.provenance(metric) == "returns"}
        keys = {name: self._key(f"{metric.hash} returned", RETURNS) for name, metric in metrics.items()}

        def computed(names: Sequence[str]) -> "dict[str, dict[str, Grid]]":
            from city_briefs.analysis.compute import read_returns

            grids = read_returns.grids(self.snapshot, {metrics[name]: metrics[name].returned_span for name in names})
            return {name: {WHOLE: grid} for name, grid in grids.items()}

        return self._kept(RETURNS.name, keys, computed)

    def recall(self) -> set[str]:
        """Load the tables that the cache holds in full, compute nothing, and return the ids of the metrics loaded."""
        if self.cache is None or self._look_up(self.cache, self._of_times)[1]:
            return set()
        for rows, by in self._scanned:
            grids, missing = self._look_up(self.cache, self._of_table(rows, by))
            if not missing:
                self._counted[rows, by, YTD] = grids
        return {name for (_, by, _), grids in self._counted.items() if by == WHOLE for name in grids}

    def compute(self, spans: Iterable[Span] = ()) -> None:
        """Compute all grids that the cache lacks, for January to each month and for these spans besides, and keep them there."""
        for rows, by in self._scanned:
            if all(map(self.snapshot.has, rows.sources if isinstance(rows, Derived) else (rows,))):
                self._count(rows, by, tuple(dict.fromkeys((YTD, *spans))))
        self.returned  # noqa: B018  # computed as it is looked at

    @property
    def _scanned(self) -> set[tuple[Rows, str]]:
        """The scans: each table without breakdown (WHOLE), each dimension of its metrics, how long an outcome is known, and its flag."""
        counted = (metric for metric in self.metrics.values() if metric.rows and metric.form not in PUBLISHED)
        return {
            (metric.rows, by)
            for metric in counted
            if metric.rows and metric.rows is not RETURNS
            for by in (
                WHOLE,
                *metric.by,
                *([KNOWN + metric.decided] if metric.decided else []),
                *([FLAG + metric.undated] if metric.undated else []),
            )
        }

    def _has_dimension(self, metric: Metric, by: str) -> bool:
        """Return whether a metric is counted with a dimension; that of outcomes has also what a share of outcomes is taken of."""
        if not by.startswith(KNOWN):
            return not by or by in metric.by or by == FLAG + metric.undated
        pairs = [other.pair for other in self.metrics.values() if other.is_pair]
        outcomes = [metric, *(pair.first for pair in pairs if pair.second is metric)]
        return any(KNOWN + outcome.decided == by for outcome in outcomes)

    @property
    def _of_times(self) -> dict[str, str]:
        """The cache key of `times`; empty when nothing was returned."""
        return {"times": self._key("times", RETURNS)} if self.snapshot.has(RETURNS) else {}

    def _of_table(self, rows: Rows, by: str, span: Span = YTD) -> dict[str, str]:
        """Return the cache keys of the metrics of a table by metric id; of those with the dimension `by`, when it is not WHOLE.

        Of a span other than January to a month there are only those of what is not additive.
        """
        is_counted = span == YTD or not by.startswith(FLAG)  # of what a flag says all rows are counted, which is additive
        metrics = (
            metric
            for metric in self.metrics.values()
            if metric.rows is rows and (span == YTD or (is_counted and metric.form in TO_DATE))
        )
        return {
            metric.id: self._key(" ".join([metric.hash, by, *([] if span == YTD else [span])]), *metric.tables)
            for metric in metrics
            if not metric.is_pair and self._has_dimension(metric, by)
        }

    def _kept(
        self, group: str, keys: Mapping[str, str], compute: "Callable[[Sequence[str]], dict[str, dict[str, Grid]]]"
    ) -> "dict[str, dict[str, Grid]]":
        """Return the grids of a group by name: those under `keys` in the cache, the rest from one call of `compute`, and then kept."""
        if self.cache is None:
            return compute(list(keys))
        grids, missing = self._look_up(self.cache, keys)
        if missing:
            with self.cache.reserved(group):
                grids, missing = self._look_up(self.cache, keys)  # another process may have been first
                computed = compute(missing) if missing else {}
                for name in missing:
                    self.cache.keep(keys[name], computed.get(name, {}))
                self.cache.prune()
                grids |= computed
        return grids

    @staticmethod
    def _look_up(cache: "Cache", keys: Mapping[str, str]) -> "tuple[dict[str, dict[str, Grid]], list[str]]":
        """Return the grids that the cache has, by name, and the names that it lacks."""
        entries = {name: cache.find(key) for name, key in keys.items()}
        grids = {name: entry for name, entry in entries.items() if entry is not None}
        return grids, [name for name in entries if name not in grids]

    def _key(self, what: str, *tables: Table) -> str:
        """Return the cache key of `what`: a hash of it, of the contents of its tables, of the code that computes, and of the lock file."""
        described = self.snapshot.descriptions
        contents = [
            described[table.name].hash for table in (REGIONS, COVERAGE, *GAPS.values(), *tables) if table.name in described
        ]
        return read_log.digest([what, contents, source_hash.digest(__name__), source_hash.lock()])
