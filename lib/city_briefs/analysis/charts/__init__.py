"""Charts that a brief may hold, one module per kind. Each draws what it is given and repeats it in words, as alternative text."""

from city_briefs.analysis.charts.chart import Chart
from city_briefs.analysis.charts.distribution import distribution
from city_briefs.analysis.charts.heat import heat
from city_briefs.analysis.charts.monthly_course import monthly_course
from city_briefs.analysis.charts.ranking import ranking
from city_briefs.analysis.charts.signed_bars import signed_bars
from city_briefs.analysis.charts.small_course import small_course
from city_briefs.analysis.charts.spark import spark
from city_briefs.analysis.charts.targets import target_bars
from city_briefs.analysis.charts.tiles import placed, positions, tiles
from city_briefs.analysis.charts.trend import trend

__all__ = [
    "Chart",
    "distribution",
    "heat",
    "monthly_course",
    "placed",
    "positions",
    "ranking",
    "signed_bars",
    "small_course",
    "spark",
    "target_bars",
    "tiles",
    "trend",
]
