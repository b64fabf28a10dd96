"""The declared tables are those of the contract."""

import csv

import pytest

from city_briefs.model.tables import TABLES
from tests.conftest import shared


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_is_declared_as_the_contract_has_it(name):
    with shared("tables.csv").open(encoding="utf-8") as file:
        contract = [row for row in csv.DictReader(file) if row["table"] == name]
    assert [
        (column.name, column.type, "yes" if column.required else "no", column.meaning_zh, column.meaning_en)
        for column in TABLES[name].columns
    ] == [(row["column"], row["type"], row["required"], row["meaning_zh"], row["meaning_en"]) for row in contract]
