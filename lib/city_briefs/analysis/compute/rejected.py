"""Rejected rows behind a metric: the months that are missing because of them, and the rows that are open where others counted."""

from collections.abc import Mapping, Sequence
from typing import Any

from city_briefs.analysis.compute.results import Results
from city_briefs.common import read_log
from city_briefs.common.regions import Region
from city_briefs.model.metric import Metric, needed
from city_briefs.model.table import Table
from city_briefs.model.tables import RETURNS


def months_rejected(results: Results, metric: Metric, gaps: Mapping[Region, Sequence[str]]) -> dict[Region, list[str]]:
    """Return those of some missing months, by region, of which rows were rejected that the metric would rest on.

    A row whose month cannot be read is of every missing month of its region.
    """
    rejected = set(places_rejected(results, metric))
    found = {
        region: [month for month in months if {(region.code, month), (region.code, None)} & rejected]
        for region, months in (gaps.items() if rejected else ())
    }
    return {region: months for region, months in found.items() if months}


def open_rows(results: Results, metric: Metric) -> dict[tuple[Table, Region, str], int]:
    """Return how many rows were rejected where other rows count, by table, region and month; the month is empty when unknown.

    They are those of all regions of the results, and of the tables that the metric is computed from.
    """
    counts: dict[tuple[Table, Region, str], int] = {}
    for table in filter(results.snapshot.rejected, results.sources(metric)):
        covered = results.snapshot.coverage.get(table.name, set())
        reporting = {code for code, _ in covered}
        for row in results.snapshot.rejected(table):
            code, month = row["region"], row["month"]
            if code in results.regions.by_code and ((code, month) in covered or (month is None and code in reporting)):
                key = (table, results.regions.by_code[code], month or "")
                counts[key] = counts.get(key, 0) + row["rows"]
    return counts


def places_rejected(results: Results, metric: Metric) -> list[tuple[str, str | None]]:
    """Return the region codes and months of the rows that were rejected of what a metric would rest on; None is an unknown month."""

    def found() -> list[tuple[str, str | None]]:
        return sorted({(row["region"], row["month"]) for row in _rejected(results, metric)}, key=str)

    return read_log.answered((read_log.REJECTED, metric.id), found)


def _rejected(results: Results, metric: Metric) -> list[dict[str, Any]]:
    """Return the rejected rows that a metric would rest on.

    Where the snapshot has nothing of the metric, they are those of tables that it lacks, and returns of the metric; a return of no
    metric that can be read counts against every metric that is taken from returns.
    """
    snapshot, given = results.snapshot, results.sources(metric)
    parts = needed([metric])
    tables = given or [table for part in parts for table in part.tables if not snapshot.has(table)]
    names = {part.id for part in parts} | ({None} if RETURNS in given else set())
    counted = [row for table in dict.fromkeys(tables) if table is not RETURNS for row in snapshot.rejected(table)]
    returned = snapshot.rejected(RETURNS) if RETURNS in given or not given else []
    return [*counted, *(row for row in returned if row["indicator"] in names)]
