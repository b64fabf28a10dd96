"""Warming up: what every chapter needs is done once before any of them. Faces are looked up, templates compiled, results mapped.

The chapters of a build are processes that are forked after it, so that none of them does this again.
"""

import os
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module

from city_briefs.analysis import charts
from city_briefs.analysis.compute import cubes
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common import block_schema, paths, source_hash, theme
from city_briefs.common.periods import LAST_YEAR, Period
from city_briefs.common.regions import Region
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import PUBLISHED, Metric
from city_briefs.model.tables import RETURNS
from city_briefs.notebook.parameters import read

YEARS = 5
COUNTING = (  # what counts records, few of which are counted once results are stored
    "city_briefs.analysis.compute.count_records",
    "city_briefs.analysis.compute.read_returns",
    "ibis.backends.duckdb.converter",
    "ibis.formats.pandas",
)


def rehearse() -> None:
    """Fill the caches that every chapter uses, by making samples that are not shown.

    It leaves no figure, setting or connection; each kernel reads the data for itself, and notes what it reads.
    """
    source_hash.digest(cubes.__name__)
    source_hash.lock()
    hashed = {metric.hash: metric for metric in CATALOGUE.values()}
    theme.css()
    theme.html(block_schema.write({"kind": "prose", "paragraphs": [], "figures": [], "views": {}, "metrics": [], "snapshot": {}}))
    region = Region("0", "样张", "样张", "province")
    periods = [Period(LAST_YEAR - before) for before in range(YEARS)]
    metric = next(iter(hashed.values()))
    figures = [Figure(metric, "value", region, period, metric.unit, Decimal(1), None, None, "样张") for period in periods]
    charts.spark(figures)


def recall() -> None:
    """Map the stored results of a snapshot that a build has checked, and see which metrics it has.

    Where some are not stored, import what counts them.
    """
    if not os.environ.get(paths.CHECKED_VARIABLE):
        return
    results = read(paths.data())
    if stored := results.recall():
        for metric in results.metrics.values():
            results.definition(metric)
    if not set(_counted(results)) <= set(stored):
        for name in COUNTING:
            import_module(name)


def _counted(results: Results) -> Iterator[Metric]:
    """Yield the metrics whose rows the snapshot has."""
    for metric in results.metrics.values():
        is_scanned = metric.tables and metric.rows is not RETURNS and metric.form not in PUBLISHED
        if is_scanned and all(map(results.snapshot.has, metric.tables)):
            yield metric
