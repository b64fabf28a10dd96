"""What `explain` shows is what the packs say: the same number, and a query and records that make it."""

from decimal import Decimal

import duckdb
import ibis.expr.operations as ops
import pytest

from lib import notebook, privacy, reads
from lib.errors import UsageError
from lib.explanation import explanation
from lib.explanation.evidence import evidence
from lib.explanation.sections import FIRST
from lib.metric import needed
from lib.metrics import CATALOGUE
from lib.periods import Period
from lib.results import Results
from lib.scan import read
from lib.tables import ACCIDENTS, COMPLAINTS, RETURNS
from lib.views import look
from tests.conftest import covered, rows

ASKED = [("兰州市", Period(2021)), ("甘肃省", Period(2021, 7)), ("甘肃省", Period(2022, 12)), ("金昌市", Period(2019, 3))]
METRICS = list(CATALOGUE.values())
LEAVES = [metric for metric in METRICS if not metric.is_pair]


@pytest.fixture(scope="module")
def results(demo_province):
    return Results(demo_province, METRICS)


@pytest.fixture(scope="module")
def plain(demo_province):
    """DuckDB by itself, over the files of the snapshot."""
    with duckdb.connect() as connection:
        for file in demo_province.path.glob("*.parquet"):
            connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
        yield connection


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
def test_the_number_explained_is_the_number_that_a_pack_states(results, metric):
    for word, period in ASKED[:2]:
        region = results.regions.find(word)
        shown = explanation(results, metric, region, period)
        stated = look(results, metric, "parameter" if metric.form == "cited" else "value", region, period)
        assert shown.value == stated.value
        assert (stated.refused or stated.text) in shown.title
        assert shown.title in repr(shown) and shown.title in shown._repr_html_()


def is_count(results, metric):
    """Whether the metric counts records, and so as many are behind it."""
    if metric.form not in ("flow", "stock") or results.provenance(metric) != "records":
        return False
    return isinstance(metric.function(read(results.snapshot, metric.rows)).op(), ops.CountStar)


@pytest.mark.parametrize("metric", LEAVES, ids=lambda metric: metric.id)
def test_the_query_gives_the_number_to_any_duckdb_and_the_records_are_as_many(results, plain, metric):
    given = 0
    for word, period in ASKED:
        region = results.regions.find(word)
        found = evidence(results, metric, region, period)
        stated = look(results, metric, "parameter" if metric.form == "cited" else "value", region, period)
        if found is None or stated.value is None:
            continue
        given += 1
        numbers = plain.execute(found.sql).fetchone()
        halves = [stated.numerator, stated.denominator][: len(numbers)]
        assert [Decimal(str(number or 0)) for number in numbers] == halves
        if is_count(results, metric):
            assert found.count == stated.value
        elif metric.form in ("flow", "stock", "maximum", "median"):
            assert results.amount(metric, region, period).records in (None, found.count)
    assert given
