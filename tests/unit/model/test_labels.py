"""A document prints no word of a table as it stands there."""

import pytest

from city_briefs.metrics import CATALOGUE
from city_briefs.model.labels import COLUMNS, UNSAID, chinese
from city_briefs.model.tables import TABLES

BROKEN_DOWN = sorted({(table.name, by) for metric in CATALOGUE.values() for table in metric.tables for by in metric.by})


@pytest.mark.parametrize(("table", "by"), BROKEN_DOWN)
def test_every_word_that_something_is_broken_down_by_is_chinese(table, by):
    columns = {column.name: column for column in TABLES[table].columns}
    for word in columns[by].words if by in columns else ():
        assert not chinese(by, word).isascii()
    assert by in COLUMNS


def test_a_word_of_no_closed_list_is_itself():
    assert (chinese("category", "乳制品"), chinese("industry", "F"), chinese("class", "A")) == ("乳制品", "批发和零售业", "A类")
    assert chinese("class", UNSAID) == UNSAID
