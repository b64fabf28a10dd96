"""Values that a cell of an analysis chapter shows by itself: as a reader expects them, or none, and then a pack refuses them."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from city_briefs.notebook import own_values

ROWS = pd.DataFrame({"地区": ["兰州", "金昌"], "户数": [3, None], "比重": [1 / 3, -0.5]})


def cells(html):
    return [[cell.get_text() for cell in row(["th", "td"])] for row in BeautifulSoup(html, "html.parser")("tr")]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("新设3户", "新设3户"),
        ("<b>", "&lt;b&gt;"),
        (12, "12"),
        (np.int64(12), "12"),
        (np.float64(-1 / 12), "−0.08"),
        (0.00012, "0.0001"),
        (Decimal("1.10"), "1.1"),
        (True, "是"),
        (np.False_, "否"),
        (date(2021, 3, 1), "2021-03-01"),
    ],
)
def test_a_value_is_shown_as_words(value, words):
    assert own_values.of_value(value) == f"<p>{words}</p>"


@pytest.mark.parametrize("value", ["", float("nan"), np.inf])
def test_what_is_no_value_is_not_shown_as_one(value):
    assert own_values.of_value(value) is None


@pytest.mark.parametrize(
    ("frame", "shown"),
    [
        (ROWS, [["地区", "户数", "比重"], ["兰州", "3", "0.33"], ["金昌", "", "−0.50"]]),
        (ROWS[ROWS["户数"].isna()], [["地区", "户数", "比重"], ["金昌", "", "−0.5"]]),
        (ROWS.set_index("地区")[["户数"]], [["地区", "户数"], ["兰州", "3"], ["金昌", ""]]),
        (ROWS.set_index("地区", drop=False)[["地区"]], [["地区", "地区"], ["兰州", "兰州"], ["金昌", "金昌"]]),
        (ROWS[["户数"]].agg(["sum"]), [["", "户数"], ["sum", "3"]]),
        (ROWS.pivot_table(index="地区", values=["比重"], aggfunc=["sum"]), [["地区", "sum 比重"], ["兰州", "0.33"], ["金昌", "−0.50"]]),
    ],
)  # fmt: skip
def test_a_table_has_its_index_where_that_says_something(frame, shown):
    assert cells(own_values.of_frame(frame)) == shown


@pytest.mark.parametrize(
    "frame",
    [
        ROWS.iloc[:0],
        pd.DataFrame({"户数": [[1]]}),
        pd.DataFrame({"户数": [np.inf]}),
    ],
)
def test_what_is_empty_or_cannot_be_read_is_not_shown_as_a_table(frame):
    assert own_values.of_frame(frame) is None


@pytest.mark.parametrize("frame", [pd.DataFrame({"户数": range(41)}), pd.DataFrame([range(9)])])
def test_what_fits_no_page_is_as_pandas_shows_it(frame):
    assert own_values.of_frame(frame) == frame._repr_html_()
