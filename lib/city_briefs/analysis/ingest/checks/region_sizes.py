"""Numbers of one region that are thousands of times those of the others: a unit such as 万 that was forgotten, or put twice."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.rules import quoted
from city_briefs.analysis.ingest.staging import POSITION, SHEET, StagingArea
from city_briefs.analysis.validation.finding import LIMIT, Finding, RuleFindings
from city_briefs.common.regions import Regions
from city_briefs.model.table import Table
from city_briefs.model.tables import POPULATION, RETURNS, TARGETS

MANY = (500.0, float("inf"))  # times: no city has so many times the people of another
MYRIAD = (5_000.0, 20_000.0)  # times: what a figure in 万 that was sent in units is, or the other way round


@dataclass(frozen=True)
class RegionSizes:
    """A column of numbers that differ by the size of a region: what is compared, and how many times the median is too many.

    `of_one` are the columns that all compared rows have in common. At least so many `others` say what is usual.
    """

    column: str
    of_one: tuple[str, ...]
    times: tuple[float, float]
    others: int


SIZES: dict[Table, RegionSizes] = {
    POPULATION: RegionSizes("persons", ("year",), MANY, 1),
    TARGETS: RegionSizes("value", ("metric", "view", "year"), MYRIAD, 2),
    RETURNS: RegionSizes("numerator", ("indicator",), MYRIAD, 2),
}


def region_size_findings(staging: StagingArea, table: Table, regions: Regions) -> Iterator[RuleFindings]:
    """Yield the findings on regions whose numbers are thousands of times those of the others of their level, or as many less."""
    if sizes := SIZES.get(table):
        warnings = list(_warnings(staging, table, sizes, regions))
        yield RuleFindings(warnings[:LIMIT], len(warnings))


def _warnings(staging: StagingArea, table: Table, sizes: RegionSizes, regions: Regions) -> Iterator[Finding]:
    """Yield a finding for each such region; on the first of its rows where it has several."""
    rows = staging.rows(table)
    by_region = rows.filter(rows[sizes.column] != 0).group_by([*sizes.of_one, "region"])
    usual = by_region.aggregate(
        size=rows[sizes.column].abs().median().cast("float64"),
        **{name: rows[name].argmin(rows[POSITION]) for name in (SHEET, ROW)},
        value=quoted(rows[sizes.column].argmin(rows[POSITION])),
    )
    groups: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in staging.fetch(usual.order_by([*sizes.of_one, "region"])):
        if (region := regions.by_code.get(row["region"])) and region.level in ("city", "county"):
            groups[(region.level, *(row[name] for name in sizes.of_one))][row["region"]] = row
    for group in groups.values():
        for code, row in group.items():
            others = [other["size"] for other_code, other in group.items() if other_code != code]
            if len(others) >= sizes.others:
                middle = median(others)
                times = max(row["size"], middle) / min(row["size"], middle)
                if sizes.times[0] <= times <= sizes.times[1]:
                    subject = f"{row['indicator']} of {code}" if "indicator" in row else code
                    says = (
                        f"{subject}: {sizes.column} is '{row['value']}', some {times:,.0f} times "
                        f"{'more' if row['size'] > middle else 'less'} than in the other regions (about {middle:.12g}). "
                        "See whether it is in 万: write it in the unit of the table."
                    )
                    yield staging.sheet_of(row).finding("warning", "size of a region", row[ROW], sizes.column, row["value"], says)
