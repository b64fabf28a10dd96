"""Numbers that are shown smaller than they are held (15000 as 1.5): read only where the unit of their column says so."""

from decimal import Decimal

from city_briefs.analysis.ingest.match_headers import HeaderMatch
from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.units import is_number
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen


def check(raw_table: RawTable, header: HeaderMatch) -> None:
    """Check that the unit of each column of scaled numbers makes them what their cells hold.

    Raises:
        DataError: it makes them another number, so that there are two readings.
    """
    for column in raw_table.source.table.columns:
        matched = header.columns.get(column.name)
        scaled = raw_table.scaled.get(matched.raw_name) if matched else None
        if matched and scaled and is_number(column) and matched.unit.factor != Decimal(10) ** scaled.shift:
            times = 10**scaled.shift
            raise DataError(
                chosen(
                    f"{raw_table.name}, cell {scaled.cell}: the number format {scaled.code} shows a number {times:,} times smaller "
                    f"than the cell holds, and the heading '{matched.header}' has no unit that says so. Write the unit of what is "
                    "shown in the heading, such as 万元, or format the cells as plain numbers.",
                    f"{raw_table.name}，单元格{scaled.cell}：数字格式“{scaled.code}”把数值缩小{times:,}倍显示，而表头“{matched.header}”没有相应的计量单位，"
                    "无法判断以哪个数为准。请在表头注明显示数值的单位（如万元），或改为常规数字格式，再重新报送。",
                )
            )
