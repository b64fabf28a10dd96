"""The columns that a metric rests on: those whose values it reads, wherever it reads them, and no other."""

import pytest

from city_briefs.metrics import CATALOGUE
from city_briefs.model.columns_read import columns_read


@pytest.mark.parametrize(
    ("metric", "columns"),
    [
        ("complaints_received", ""),  # only asks that it was not passed on
        ("complaints_withdrawn", "complaints.withdrawn"),
        ("losses_recovered", "complaints.closed_on complaints.recovered_yuan"),  # of the day of closing
        ("food_batches", ""),
        ("food_retests", "spot_checks.retest_of"),  # asks that it is there
        ("new_enterprises", "entities.kind"),  # asks that it is empty, and what it is
        ("entity_stock", "entities.cancelled_on"),  # the day until which a stock holds
        ("hazards_overdue", "hazards.closed_on"),  # derived rows, chosen by it
        ("equipment_overdue", "equipment.retired_on"),  # derived rows of two tables, computed from it
        ("units_with_repeated_problems", "inspections.problem_found inspections.subject_id"),
        ("prices_over_ceiling", ""),
        ("high_risk_entities", ""),
        ("settlement_rate", ""),  # a pair: its halves read them
        ("population", ""),
        ("direct_units", ""),
    ],
)
def test_a_metric_rests_on_the_optional_columns_whose_values_it_reads(metric, columns):
    assert sorted(".".join(column) for column in columns_read(CATALOGUE[metric])) == columns.split()
