"""What is cited: columns of the contract, metrics that there are, a source for each number."""

import csv

import pyarrow.csv
import pytest

from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import BENCHMARKS, POPULATION
from tests.conftest import shared
from tests.helpers import REFERENCE


def listed(name):
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("table", [POPULATION, BENCHMARKS], ids=lambda table: table.name)
def test_a_reference_table_is_as_the_contract_has_it(table):
    file = REFERENCE / f"{table.name}.csv"
    rows = pyarrow.csv.read_csv(file, convert_options=pyarrow.csv.ConvertOptions(column_types=table.schema))
    assert rows.schema.names == table.schema.names
    for column in table.columns:
        assert not column.required or not rows[column.name].null_count


def test_every_benchmark_is_of_a_metric_and_names_its_source():
    for row in listed("benchmarks.csv"):
        assert row["metric"] in CATALOGUE
        assert row["source"]


OTHERWISE = {
    "166": {"region": "", "scope": "province"}
}  # the highest fine is neutral: no city leads in it, and the province has its own


def test_the_figures_of_the_speech_are_those_of_the_contract():
    with shared("figures.csv").open(encoding="utf-8") as file:
        contract = list(csv.DictReader(file))
    ours = listed("figures.csv")
    assert [{name: row[name] for name in contract_columns(ours)} | OTHERWISE.get(row["figure"], {}) for row in contract] == [
        {name: row[name] for name in contract_columns(ours)} for row in ours
    ]
    assert [row["years_ahead"] for row in ours] == [str(int(row["section"].startswith("三"))) for row in contract]


def contract_columns(rows):
    return [name for name in rows[0] if name != "years_ahead"]


def test_a_metric_of_the_speech_has_the_direction_of_the_contract():
    with shared("figures.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if not row["area"]:  # a number of another area has no direction here
                assert CATALOGUE[row["metric"]].better == row["better"]
