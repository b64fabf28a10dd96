"""Charts that a brief may hold, one module per kind. Each draws what it is given and repeats it in words, as alternative text."""

from city_briefs.analysis.charts.bullets import bullets
from city_briefs.analysis.charts.chart import Chart
from city_briefs.analysis.charts.distribution import distribution
from city_briefs.analysis.charts.funnel import funnel
from city_briefs.analysis.charts.hazard_ages import hazard_ages
from city_briefs.analysis.charts.heat import heat
from city_briefs.analysis.charts.monthly_course import monthly_course
from city_briefs.analysis.charts.months import months
from city_briefs.analysis.charts.own_chart import own_chart
from city_briefs.analysis.charts.ranking import ranking
from city_briefs.analysis.charts.rates import rates
from city_briefs.analysis.charts.signed_bars import signed_bars
from city_briefs.analysis.charts.slope import slope
from city_briefs.analysis.charts.small_course import small_course
from city_briefs.analysis.charts.spark import spark
from city_briefs.analysis.charts.spine import spine
from city_briefs.analysis.charts.targets import target_bars
from city_briefs.analysis.charts.tiles import placed, positions, tiles
from city_briefs.analysis.charts.trend import trend

__all__ = [
    "Chart",
    "bullets",
    "distribution",
    "funnel",
    "hazard_ages",
    "heat",
    "monthly_course",
    "months",
    "own_chart",
    "placed",
    "positions",
    "ranking",
    "rates",
    "signed_bars",
    "slope",
    "small_course",
    "spark",
    "spine",
    "target_bars",
    "tiles",
    "trend",
]
