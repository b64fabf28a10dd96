"""Warming up: what every chapter needs is done once before any of them. Faces are looked up, templates compiled, results mapped.

The chapters of a build are processes that are forked after it, so that none of them does this again.
"""

import os
from contextlib import suppress
from decimal import Decimal

from city_briefs.analysis import charts
from city_briefs.analysis.blocks.chart_blocks import last_years
from city_briefs.analysis.blocks.publish import bundle, numbers
from city_briefs.analysis.compute import cubes
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import views
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.sentences import statement
from city_briefs.common import block_schema, paths, source_hash, theme
from city_briefs.common.errors import DefinitionError
from city_briefs.common.periods import LAST_YEAR, Period
from city_briefs.common.regions import Region
from city_briefs.metrics import CATALOGUE
from city_briefs.model import expression_rules
from city_briefs.model.metric import Metric
from city_briefs.notebook.parameters import read

YEARS = 5
SHOWN = 3


def rehearse() -> None:
    """Fill the caches that every chapter uses, by making samples that are not shown.

    It leaves no figure, setting or connection; each kernel reads the data for itself, and notes what it reads.
    """
    source_hash.digest(cubes.__name__)
    source_hash.lock()
    hashed = {metric.hash: metric for metric in CATALOGUE.values()}
    with suppress(DefinitionError):  # which every chapter meets again, and tells
        for metric in CATALOGUE.values():
            expression_rules.check(metric)
    theme.css()
    theme.html(block_schema.write({"kind": "prose", "paragraphs": [], "figures": [], "views": {}, "metrics": [], "snapshot": {}}))
    region = Region("0", "样张", "样张", "province")
    periods = [Period(LAST_YEAR - before) for before in range(YEARS)]
    metric = next(iter(hashed.values()))
    figures = [Figure(metric, "value", region, period, metric.unit, Decimal(1), None, None, "样张") for period in periods]
    charts.spark(figures)
    charts.trend(figures, figures)


def recall() -> None:
    """Map the stored results of a snapshot that a build has checked, and write and draw some of them for one city."""
    if os.environ.get(paths.CHECKED_VARIABLE):
        _read(read(paths.data()))


def _read(results: Results) -> None:
    at_hand = [metric for metric in results.recall() if metric.form == "flow" and metric.better != "neutral"]
    if year := results.snapshot.latest_complete_year:
        for metric in at_hand[:SHOWN]:
            city = results.regions.cities[0]
            _show(Scope.of(results.within(city), city, Period(year)), metric)


def _show(scope: Scope, metric: Metric) -> None:
    """Make a sentence, a trend and a ranking of a metric; only the sentence when it has no value."""
    sentence, figures = statement(scope, [metric])
    bundle({"kind": "prose", "paragraphs": [sentence], **numbers(figures, scope.results)})
    amounts, growths = (
        [views.look(scope.over(period), metric, view) for period in last_years(scope.period)] for view in ("value", "yoy")
    )
    if amounts[-1].value is not None:
        _draw(charts.trend(amounts, growths), [*amounts, *growths], scope.results)
        figures = [views.look(scope.at(region), metric, "value") for region in scope.peers]
        _draw(charts.ranking(figures, scope.region), figures, scope.results)


def _draw(chart: charts.Chart, figures: list[Figure], results: Results) -> None:
    """Make the block of a chart, without showing it."""
    bundle({
        "kind": "chart", "caption": chart.caption, "alt": chart.alt, "svg": chart.svg, "notes": [], "sources": [],
        **numbers(figures, results),
    })  # fmt: skip
