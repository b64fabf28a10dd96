"""Warming up: what every chapter needs is done once before any of them. Faces are looked up, templates compiled, results mapped.

The chapters of a build are processes that are forked after it, so that none of them does this again.
"""

import os
from contextlib import suppress
from decimal import Decimal

from city_briefs.analysis import charts
from city_briefs.analysis.compute import cubes
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common import block_schema, paths, source_hash, theme
from city_briefs.common.errors import DefinitionError
from city_briefs.common.periods import LAST_YEAR, Period
from city_briefs.common.regions import Region
from city_briefs.metrics import CATALOGUE
from city_briefs.model import expression_rules
from city_briefs.notebook.parameters import read

YEARS = 5


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
    """Map the stored results of a snapshot that a build has checked."""
    if os.environ.get(paths.CHECKED_VARIABLE):
        read(paths.data()).recall()
