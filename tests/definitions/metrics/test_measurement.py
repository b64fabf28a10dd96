"""计量、认证与检验检测: what is returned is the value."""

import pytest

from city_briefs.metrics import measurement
from tests.definitions.metrics.returned import assert_value_is_the_return, returned


@pytest.mark.parametrize("metric", returned(measurement))
def test_a_return_is_the_value_and_the_province_adds_up_or_stands_for_itself(world, metric):
    assert_value_is_the_return(world, metric)
