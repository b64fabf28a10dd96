"""Rows of a province beside its regions: compared with their sum and set aside, so that nothing counts twice."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest import dates
from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.rules import enforce
from city_briefs.analysis.ingest.staging import POSITION, SHEET, StagingArea
from city_briefs.analysis.validation.finding import LIMIT, RuleFindings
from city_briefs.analysis.validation.row_checks import RowRule
from city_briefs.common.regions import Region, Regions
from city_briefs.model.table import Table
from city_briefs.model.tables import ACCIDENTS, RETURNS

# Tables with one row per region: what tells rows of a region apart, and the numbers that add up over regions. Population and targets
# are not among them: a province has its own.
KEYS = {ACCIDENTS: ("month", "domain", "grade"), RETURNS: ("month", "indicator", "span")}
NUMBERS = {ACCIDENTS: ("count", "deaths"), RETURNS: ("numerator", "denominator")}


def set_aside_totals(staging: StagingArea, regions: Regions) -> list[RuleFindings]:
    """Set aside each row of a province, or of a city with counties, of which its regions have rows too; return the findings.

    A total that is not the sum of its regions is a warning. A row of a province alone is data. An accident that the province has
    in a month of which its regions report others in the same sheet may be either, and is rejected.
    """
    parents = [region for region in (*regions.cities, *regions.provinces) if regions.made_of(region)]
    return [
        findings
        for table in (ACCIDENTS, RETURNS)
        if table in staging
        for parent in parents
        for findings in _set_aside(staging, table, parent, regions)
    ]


def _set_aside(staging: StagingArea, table: Table, parent: Region, regions: Regions) -> Iterator[RuleFindings]:
    """Set aside the rows of one region that are the totals of its parts, and yield the findings."""
    rows, parts = staging.rows(table), regions.below(parent)[1:]
    totals = rows.filter(rows.region == parent.code)
    if not staging.fetch(totals.aggregate(count=totals.count()))[0]["count"]:
        return
    of_parts = rows.filter(rows.region.isin(parts))
    sums = of_parts.group_by(KEYS[table]).aggregate(**{f"{name}_sum": of_parts[name].sum() for name in NUMBERS[table]})
    compared = staging.fetch(totals.inner_join(sums, KEYS[table]).order_by(POSITION))
    yield from _differing(staging, table, parent, compared)
    positions, counting = [row[POSITION] for row in compared], []
    if table is ACCIDENTS:
        beside = _sheets_and_months(staging, of_parts, _names(regions, parts))
        alone = staging.fetch(totals.anti_join(sums, KEYS[table]))
        in_doubt = [row for row in alone if (row[SHEET], row["month"]) in beside]
        positions += [row[POSITION] for row in in_doubt if not (row["count"] or row["deaths"])]
        counting = [row for row in in_doubt if row["count"] or row["deaths"]]
    staging.set_aside(table, positions, "province")
    if counting:  # by their places in the files, since positions have moved
        yield from enforce(staging, table, staging.rows(table), [_no_parts_rule({(row[SHEET], row[ROW]) for row in counting})])


def _differing(staging: StagingArea, table: Table, parent: Region, compared: list[dict[str, Any]]) -> Iterator[RuleFindings]:
    """Yield the warnings on totals that are not the sum of their regions, one for each of their numbers."""
    for name in NUMBERS[table]:
        differing = [row for row in compared if row[name] is not None and row[name] != (row[f"{name}_sum"] or 0)]
        findings = [
            staging.sheet_of(row).finding(
                "warning", "sum of the regions", row[ROW], name, _plain(row[name]),
                f"{name} of {parent.code} for {', '.join(str(row[key]) for key in KEYS[table])} is {_plain(row[name])}, and its "
                f"regions add up to {_plain(row[f'{name}_sum'] or 0)}. Correct the one that is wrong; the regions are what counts.",
            )
            for row in differing[:LIMIT]
        ]  # fmt: skip
        if findings:
            yield RuleFindings(findings, len(differing))


def _sheets_and_months(staging: StagingArea, of_parts: ir.Table, names: pa.Array) -> set[tuple[int, str]]:
    """Return the number of each sheet and the months of which it has rows of the parts, rejected ones included."""
    accepted = {(row[SHEET], row["month"]) for row in staging.fetch(of_parts.select(SHEET, "month").distinct())}
    rejected = {
        (row[SHEET], dates.month(row["month"] or "") or "")
        for batch in staging.rejected_rows(ACCIDENTS)
        for row in batch.filter(pc.is_in(batch["region"], value_set=names)).select([SHEET, "month"]).to_pylist()
    }
    return accepted | rejected


def _names(regions: Regions, codes: list[str]) -> pa.Array:
    """Return the codes, names and short names of regions."""
    return pa.array(
        [name for code in codes for name in (code, regions.by_code[code].name, regions.by_code[code].short)], pa.string()
    )


def _no_parts_rule(places: set[tuple[int, int]]) -> RowRule:
    """Return the rule that a total has rows that it is the total of; those at these places, by sheet and row, have none."""
    texts = [f"{sheet} {row}" for sheet, row in places]
    return RowRule(
        "province without regions",
        "error",
        "region",
        lambda rows: (rows[SHEET].cast("string") + " " + rows[ROW].cast("string")).isin(texts),
        "region is '{region}', the total of its regions, and none of them has a row for {month}, {domain}, {grade}. "
        "Add the rows of the regions; what is the province's own goes into a file of its own.",
    )


def _plain(number: object) -> str:
    """Return a number without the trailing zeros of its type."""
    return f"{number.normalize():f}" if isinstance(number, Decimal) else str(number)
