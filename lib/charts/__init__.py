"""Charts that a brief may hold, one module per kind. Each draws what it is given and says it again in words, as alt text."""

from lib.charts.chart import Chart
from lib.charts.distribution import distribution
from lib.charts.heat import heat
from lib.charts.ranking import ranking
from lib.charts.spark import spark
from lib.charts.targets import target_bars
from lib.charts.tiles import placed, positions, tiles
from lib.charts.trend import trend

__all__ = ["Chart", "distribution", "heat", "placed", "positions", "ranking", "spark", "target_bars", "tiles", "trend"]
