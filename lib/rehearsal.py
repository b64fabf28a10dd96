"""What every chapter does first, done once before any of them: faces looked up, templates compiled, definitions and sources hashed."""

from decimal import Decimal

from lib import computed, look, modules
from lib.charts.chart import canvas, style, svg
from lib.charts.spark import spark
from lib.figure import Figure
from lib.metrics import CATALOGUE
from lib.periods import LAST_YEAR, Period
from lib.regions import Region

YEARS = 5


def rehearse() -> None:
    """Leave nothing behind but what is cached: no figure, no setting, no number."""
    modules.digest(computed.__name__)
    modules.lock()
    hashed = {metric.hash: metric for metric in CATALOGUE.values()}
    look.css()
    look.html({"kind": "prose", "paragraphs": [], "metrics": [], "figures": []})
    region = Region("0", "样张", "样张", "province")
    periods = [Period(LAST_YEAR - before) for before in range(YEARS)]
    metric = next(iter(hashed.values()))
    spark([Figure(metric, "value", region, period, metric.unit, Decimal(1), None, None, "样张") for period in periods])
    with style():
        page = canvas(1)
        page.add_subplot().set_title("样张")
        svg(page)
