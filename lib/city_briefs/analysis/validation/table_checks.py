"""Table checks: rules on the numbers of some tables. All are warnings, so no row is rejected."""

from collections.abc import Iterator

import ibis

from city_briefs.analysis.validation.duckdb_tables import ROW, DuckDBTables
from city_briefs.analysis.validation.finding import RuleFindings, finding
from city_briefs.common.regions import Regions
from city_briefs.model.table import Table
from city_briefs.model.tables import ACCIDENTS, COLD_CHAIN, COVERAGE, POPULATION, REJECTED, RETURNS, TABLES, TARGETS

# Tables whose rows are counted by region and month.
COUNTED = [
    table for table in TABLES.values() if "region" in table.schema.names and table not in (COVERAGE, POPULATION, RETURNS, TARGETS)
]


def table_findings(contents: DuckDBTables, regions: Regions) -> Iterator[RuleFindings]:
    """Yield the findings of the rules whose tables are given."""
    if COVERAGE in contents:
        for table in filter(contents.__contains__, COUNTED):
            yield _check_reporting_regions(contents, table)
    if COLD_CHAIN in contents:
        yield _check_cold_chain_balance(contents)
    if ACCIDENTS in contents and COVERAGE in contents:
        yield _check_reported_domains(contents)
    if RETURNS in contents:
        for province in regions.provinces:
            for half in ("numerator", "denominator"):
                yield _check_sum_of_regions(contents, regions.within(province), half)


def _check_reporting_regions(contents: DuckDBTables, table: Table) -> RuleFindings:
    """Return the findings on regions that have rows in a table and never reported it; no figure counts these rows.

    A region with rejected rows of the table is told by these.
    """
    coverage, rows = contents.rows(COVERAGE), contents.rows(table)
    reporting = coverage.filter(coverage.table == table.name).select("region").distinct()
    if REJECTED in contents:
        rejected = contents.rows(REJECTED)
        reporting = reporting.union(rejected.filter(rejected.table == table.name).select("region"))
    unreported = rows.group_by("region").aggregate(count=rows.count(), row=rows[ROW].min()).anti_join(reporting, "region")
    return RuleFindings(
        [
            finding(
                "warning", "reported region", table, row[ROW], "region", row["region"],
                f"region is '{row['region']}', which has {row['count']} rows here and reports this table for no month, so they are in "
                "no figure. Add what it reports to the coverage, or count them under a region that does.",
            )
            for row in contents.first(unreported, "region")
        ],
        contents.value(unreported.count()),
    )  # fmt: skip


def _check_cold_chain_balance(contents: DuckDBTables) -> RuleFindings:
    """Return the findings on months by whose end more tonnes have left a hub than were ever in it."""
    movements = contents.rows(COLD_CHAIN).mutate(month=lambda rows: rows.moved_on.strftime("%Y-%m"))
    is_out = movements.direction == "out"
    by_month = movements.group_by("region", "hub", "month").aggregate(
        came=movements.tonnes.sum(where=~is_out).fill_null(0), left=movements.tonnes.sum(where=is_out).fill_null(0)
    )
    to_date = ibis.cumulative_window(group_by=[by_month.region, by_month.hub], order_by=by_month.month)
    balance = by_month.mutate(came=by_month.came.sum().over(to_date), left=by_month.left.sum().over(to_date))
    negative = balance.filter(balance.left > balance.came)
    return RuleFindings(
        [
            finding(
                "warning", "cold-chain balance", COLD_CHAIN, None, "tonnes", row["left"],
                f"by the end of {row['month']}, {row['left']} tonnes had left the hub {row['hub']} ({row['region']}) and only "
                f"{row['came']} had been in it. Add the stock it opened with, or correct its movements.",
            )
            for row in contents.first(negative, "region", "hub", "month")
        ],
        contents.value(negative.count()),
    )  # fmt: skip


def _check_reported_domains(contents: DuckDBTables) -> RuleFindings:
    """Return the findings on months that a region reported without a row for one of the domains; a zero is a row too."""
    coverage, accidents = contents.rows(COVERAGE), contents.rows(ACCIDENTS)
    reported = coverage.filter(coverage.table == ACCIDENTS.name).select("region", "month").distinct()
    domains = next(column.words for column in ACCIDENTS.columns if column.name == "domain")
    expected = reported.mutate(domain=ibis.array(list(domains)).unnest())
    missing = expected.anti_join(accidents, ["region", "month", "domain"])
    incomplete = missing.group_by("region", "month").aggregate(domains=missing.domain.collect())
    findings = []
    for row in contents.first(incomplete, "region", "month"):
        absent = ", ".join(domain for domain in domains if domain in row["domains"])
        sentence = (
            f"{row['region']} reported {row['month']} without {absent}. Add a row for each, with the count 0 if there was none."
        )
        findings.append(finding("warning", "zero is reported", ACCIDENTS, None, "domain", absent, sentence))
    return RuleFindings(findings, contents.value(incomplete.count()))


def _check_sum_of_regions(contents: DuckDBTables, regions: Regions, half: str) -> RuleFindings:
    """Return the findings on figures of a province that are not the sum of those of its regions.

    A figure that stands twice is not compared; that is a finding of its own.
    """
    rows = contents.rows(RETURNS)
    province = regions.province.code
    parts = [region.code for region in (*regions.cities, *regions.others)]
    figures = rows.group_by("month", "indicator", "span").aggregate(
        of_province=rows[half].sum(where=rows.region == province),
        of_regions=rows[half].sum(where=rows.region.isin(parts)),
        row=rows[ROW].min(where=rows.region == province),
        once=rows.count() == rows.region.nunique(),
    )
    differing = figures.filter(figures.once & (figures.of_province != figures.of_regions))
    return RuleFindings(
        [
            finding(
                "warning", "sum of the regions", RETURNS, row[ROW], half, _decimal_text(row["of_province"]),
                f"{row['indicator']} of {province} for {row['month']} has the {half} {_decimal_text(row['of_province'])}, and "
                f"the regions that returned it add up to {_decimal_text(row['of_regions'])}. "
                "Correct the one that is wrong; the regions are what counts.",
            )
            for row in contents.first(differing, "month", "indicator", "span")
        ],
        contents.value(differing.count()),
    )  # fmt: skip


def _decimal_text(value: object) -> str:
    """Return a decimal without the trailing zeros of its type."""
    return f"{value:f}".rstrip("0").rstrip(".")
