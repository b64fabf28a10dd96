"""人口。Source: the census and the year-end figures of the statistics bureau."""

from __future__ import annotations

from city_briefs.model.ibis_on_demand import ir
from city_briefs.model.metric import latest
from city_briefs.model.tables import POPULATION


@latest(POPULATION, label="常住人口", label_en="resident population", unit="人", owner="综合规划处")
def population(rows: ir.Table) -> ir.Column:
    """期末及以前最近一次公布的常住人口数，普查数或年末数；口径系列不同的年份之间不比较增长。"""
    return rows.persons
