"""Coverage of the demo province: which unit reported which table for which month."""

import pyarrow as pa

from city_briefs.demo.planted import UNREPORTED
from city_briefs.demo.province import Province
from city_briefs.model.tables import COVERAGE, POPULATION, RETURNS, STANDARDS, TABLES, TARGETS

OF_PROVINCE = (RETURNS, STANDARDS)  # tables in which the province has rows of its own
NOT_REPORTED = (POPULATION, TARGETS, COVERAGE)  # have a column region, and come from elsewhere


def coverage(province: Province) -> pa.Table:
    """Return the table `coverage`: all months of all tables of records, without planted gaps and months before a unit reports."""
    months = {
        unit.code: [month for month in province.months if int(month[:4]) >= province.since(unit)] for unit in province.units
    }
    province_months = {province.regions.province.code: province.months}
    left_out = {(UNREPORTED[0], UNREPORTED[1], month) for month in UNREPORTED[2]}
    covered = [
        (table.name, code, month)
        for table in TABLES.values()
        if "region" in table.schema.names and table not in NOT_REPORTED
        for code, reported in (months | (province_months if table in OF_PROVINCE else {})).items()
        for month in reported
    ]
    columns = zip(*(row for row in covered if row not in left_out), strict=True)
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=COVERAGE.schema)
