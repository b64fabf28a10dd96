"""Spot checks of food, drugs and industrial products: what their metrics share. A re-test is a row of its own."""

from __future__ import annotations

from functools import partial

from city_briefs.model.ibis_on_demand import ir
from city_briefs.model.metric import flow
from city_briefs.model.tables import SPOT_CHECKS

batches = partial(flow, SPOT_CHECKS, on="sampled_on", by=("category",), unit="批次")  # a count of batches


def first_tests(rows: ir.Table, domain: str) -> ir.BooleanValue:
    """Return which rows are first tests in a domain."""
    return (rows.domain == domain) & rows.retest_of.isnull()


def retests(rows: ir.Table, domain: str) -> ir.BooleanValue:
    """Return which rows are samples of a domain that were tested again."""
    return (rows.domain == domain) & rows.retest_of.notnull()
