"""What must be true of the numbers of some tables, as the domain has it; none of it keeps a row out."""

from collections.abc import Iterator

import ibis

from city_briefs.analysis.validation.duckdb_tables import ROW, DuckDBTables
from city_briefs.analysis.validation.finding import RuleFindings, finding
from city_briefs.common.regions import Regions
from city_briefs.model.tables import ACCIDENTS, COLD_CHAIN, COVERAGE, EDITIONS, POPULATION, RETURNS, TABLES, TARGETS, Table

# Tables whose rows are counted by region and month.
COUNTED = [
    table
    for table in TABLES.values()
    if "region" in table.schema.names and table not in (COVERAGE, EDITIONS, POPULATION, RETURNS, TARGETS)
]


def table_findings(contents: DuckDBTables, regions: Regions) -> Iterator[RuleFindings]:
    """All of them that concern the tables given."""
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
    """Regions that have rows in a table and never reported it: their rows are in no figure."""
    coverage, rows = contents.rows(COVERAGE), contents.rows(table)
    reporting = coverage.filter(coverage.table == table.name).select("region").distinct()
    wrong = rows.group_by("region").aggregate(count=rows.count(), row=rows[ROW].min()).anti_join(reporting, "region")
    return RuleFindings(
        [
            finding(
                "warning", "reported region", table, row[ROW], "region", row["region"],
                f"region is '{row['region']}', which has {row['count']} rows here and reports this table for no month, so they are in "
                "no figure. Add what it reports to the coverage, or count them under a region that does.",
            )
            for row in contents.first(wrong, "region")
        ],
        contents.value(wrong.count()),
    )  # fmt: skip


def _check_cold_chain_balance(contents: DuckDBTables) -> RuleFindings:
    """Months by the end of which more has left a hub than was ever in it."""
    moved = contents.rows(COLD_CHAIN).mutate(month=lambda rows: rows.moved_on.strftime("%Y-%m"))
    left = moved.direction == "out"
    monthly = moved.group_by("region", "hub", "month").aggregate(
        came=moved.tonnes.sum(where=~left).fill_null(0), left=moved.tonnes.sum(where=left).fill_null(0)
    )
    until = ibis.cumulative_window(group_by=[monthly.region, monthly.hub], order_by=monthly.month)
    by_now = monthly.mutate(came=monthly.came.sum().over(until), left=monthly.left.sum().over(until))
    wrong = by_now.filter(by_now.left > by_now.came)
    return RuleFindings(
        [
            finding(
                "warning", "cold-chain balance", COLD_CHAIN, None, "tonnes", row["left"],
                f"by the end of {row['month']}, {row['left']} tonnes had left the hub {row['hub']} ({row['region']}) and only "
                f"{row['came']} had been in it. Add the stock it opened with, or correct its movements.",
            )
            for row in contents.first(wrong, "region", "hub", "month")
        ],
        contents.value(wrong.count()),
    )  # fmt: skip


def _check_reported_domains(contents: DuckDBTables) -> RuleFindings:
    """Months that a region reported, with no row for one of the domains: a zero is a row too."""
    coverage, accidents = contents.rows(COVERAGE), contents.rows(ACCIDENTS)
    reported = coverage.filter(coverage.table == ACCIDENTS.name).select("region", "month").distinct()
    domains = next(column.words for column in ACCIDENTS.columns if column.name == "domain")
    expected = reported.mutate(domain=ibis.array(list(domains)).unnest())
    lacking = expected.anti_join(accidents, ["region", "month", "domain"])
    wrong = lacking.group_by("region", "month").aggregate(domains=lacking.domain.collect())
    found = []
    for row in contents.first(wrong, "region", "month"):
        absent = ", ".join(domain for domain in domains if domain in row["domains"])
        says = (
            f"{row['region']} reported {row['month']} without {absent}. Add a row for each, with the count 0 if there was none."
        )
        found.append(finding("warning", "zero is reported", ACCIDENTS, None, "domain", absent, says))
    return RuleFindings(found, contents.value(wrong.count()))


def _check_sum_of_regions(contents: DuckDBTables, regions: Regions, half: str) -> RuleFindings:
    """Figures that a province returned and its regions did too, where the one is not the sum of the others.

    Where a figure stands twice neither side is known, which is a finding of its own.
    """
    rows = contents.rows(RETURNS)
    province = regions.province.code
    parts = [region.code for region in (*regions.cities, *regions.others)]
    figures = rows.group_by("month", "indicator", "span").aggregate(
        whole=rows[half].sum(where=rows.region == province),
        parts=rows[half].sum(where=rows.region.isin(parts)),
        row=rows[ROW].min(where=rows.region == province),
        once=rows.count() == rows.region.nunique(),
    )
    wrong = figures.filter(figures.once & (figures.whole != figures.parts))
    return RuleFindings(
        [
            finding(
                "warning", "sum of the regions", RETURNS, row[ROW], half, _decimal_text(row["whole"]),
                f"{row['indicator']} of {province} for {row['month']} has the {half} {_decimal_text(row['whole'])}, and the regions that "
                f"returned it add up to {_decimal_text(row['parts'])}. Correct the one that is wrong; the regions are what counts.",
            )
            for row in contents.first(wrong, "month", "indicator", "span")
        ],
        contents.value(wrong.count()),
    )  # fmt: skip


def _decimal_text(value: object) -> str:
    """A decimal without the zeros that only its type gives it."""
    return f"{value:f}".rstrip("0").rstrip(".")
